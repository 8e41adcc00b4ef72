from __future__ import annotations

import pytest

from models.report import Span
from models.teaching_case import Proof
from nlp.proof import proof_of, stated_proof
from nlp.sections import find_sections


def proof(text: str, of: str) -> Proof:
    start = text.index(of)
    return proof_of(find_sections(text), [Span(start, start + len(of))])[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mass in the right lower lobe, biopsy-proven adenocarcinoma.", Proof.PATHOLOGY),
        ("Mass, confirmed at surgery.", Proof.PATHOLOGY),
        ("The mass resolved after antibiotics.", Proof.FOLLOW_UP),
        ("Mass in the right lower lobe.", Proof.REPORT_ONLY),
        ("Mass in the right lower lobe. Biopsy-proven sarcoidosis in the past.", Proof.REPORT_ONLY),
        ("Mass, not yet confirmed at surgery.", Proof.REPORT_ONLY),
        ("Mass; recommend follow-up until pathology confirmed.", Proof.REPORT_ONLY),
        ("Mass, could be biopsy-proven.", Proof.REPORT_ONLY),
    ],
)
def test_only_words_about_the_finding_itself_prove_it(text: str, expected: Proof) -> None:
    assert proof(text, text[: text.lower().index("mass") + 4]) is expected


def test_the_strongest_proof_counts_and_shows_its_words() -> None:
    text = "FINDINGS: Mass, stable for two years.\nIMPRESSION: Mass, biopsy-proven hamartoma."
    spans = [Span(10, 14), Span(text.rindex("Mass"), text.rindex("Mass") + 4)]
    told, span = proof_of(find_sections(text), spans)
    assert told is Proof.PATHOLOGY
    assert span is not None and span.of(text) == "biopsy-proven"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Surgical pathology", Proof.PATHOLOGY),
        ("Biopsy", Proof.PATHOLOGY),
        ("Follow-up CT", Proof.FOLLOW_UP),
        ("Consensus of three readers", Proof.CONSENSUS),
        ("Imaging", Proof.REPORT_ONLY),
        ("", Proof.REPORT_ONLY),
    ],
)
def test_a_sources_own_word_for_its_proof(words: str, expected: Proof) -> None:
    assert stated_proof(words) is expected
