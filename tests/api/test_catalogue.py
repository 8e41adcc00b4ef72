"""Search: what is typed finds what is meant, in a moment."""

from __future__ import annotations

import pytest

from api.catalogue import ranked
from models.diagnosis import shipped_diagnoses
from models.finding import shipped_findings

FINDINGS = {key: (entry.name, *entry.phrases) for key, entry in shipped_findings().items()}
DIAGNOSES = {key: (entry.name, *entry.phrases) for key, entry in shipped_diagnoses().items()}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nodul", "nodule_mass"),
        ("pneumoth", "pneumothorax"),
        ("penumothorax", "pneumothorax"),
        ("efusion", "pleural_effusion"),
        ("PTX", "pneumothorax"),
        ("subdural", "subdural_hematoma"),
        ("scaphoid", "scaphoid_fracture"),
        ("enlarged heart", "cardiomegaly"),
    ],
)
def test_a_finding_is_among_the_first_four(typed: str, meant: str) -> None:
    assert meant in ranked(typed, FINDINGS)[:4]


def test_every_name_finds_itself_first() -> None:
    for terms in (FINDINGS, DIAGNOSES):
        assert [key for key, (name, *_) in terms.items() if ranked(name, terms)[0] != key] == []


def test_nonsense_finds_nothing() -> None:
    assert ranked("qqqqzzzz", FINDINGS) == []
