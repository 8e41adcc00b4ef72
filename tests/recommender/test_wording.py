"""Names in running text: lower case, but for acronyms and people."""

from __future__ import annotations

import pytest

from models.diagnosis import shipped_diagnoses
from models.finding import shipped_findings
from recommender.wording import in_sentence, starting


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Lung nodule or mass", "lung nodule or mass"),
        ("Emphysema or COPD", "emphysema or COPD"),
        ("Ground-glass opacity", "ground-glass opacity"),
        ("rib fracture", "rib fracture"),
        ("CNS lymphoma", "CNS lymphoma"),
        ("CTs without contrast", "CTs without contrast"),
        ("T2 hyperintensity", "T2 hyperintensity"),
        ("X-ray artefact", "X-ray artefact"),
        ("McCune syndrome", "McCune syndrome"),
        ("Wilms tumor", "Wilms tumor"),
        ("Hill-Sachs lesion", "Hill-Sachs lesion"),
        ("Ormond's disease", "Ormond's disease"),
        ("", ""),
    ],
)
def test_names_inside_a_sentence(name: str, inside: str) -> None:
    assert in_sentence(name) == inside
    assert in_sentence(inside) == inside


def test_of_the_shipped_names_only_acronyms_and_people_keep_their_capital() -> None:
    names = [entry.name for catalogue in (shipped_findings(), shipped_diagnoses()) for entry in catalogue.values()]
    kept = {name.split()[0] for name in names if in_sentence(name)[:1].isupper()}
    assert kept == {
        "Bankart",
        "Budd-Chiari",
        "CNS",
        "Chiari",
        "Crohn",
        "Ewing",
        "Guillain-Barre",
        "Hirschsprung",
        "Klippel-Feil",
        "Lisfranc",
        "MELAS",
        "Marfan",
        "Meckel",
        "Morel-Lavallee",
        "Morton",
        "Paget",
        "Pancoast",
        "Perthes",
        "Rathke",
        "SLAP",
        "Salter-Harris",
        "Scheuermann",
        "Sturge-Weber",
        "Swyer-James",
        "Warthin",
        "Wilms",
        "Wilson",
    }


def test_a_sentence_starts_with_a_capital() -> None:
    assert (starting("rib fracture"), starting("COPD"), starting("")) == ("Rib fracture", "COPD", "")
