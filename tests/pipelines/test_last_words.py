from __future__ import annotations

import pytest

from models.diagnosis import shipped_diagnoses
from models.finding import Assertion, shipped_findings
from nlp.miner import Miner
from nlp.report_parts import addenda, report_parts
from pipelines.mining import last_words

PRESENT, ABSENT, UNCERTAIN = Assertion.PRESENT, Assertion.ABSENT, Assertion.UNCERTAIN
FINDINGS = "FINDINGS: Left pneumothorax.\nIMPRESSION: Left pneumothorax.\n"


@pytest.fixture(scope="module")
def miner() -> Miner:
    return Miner(shipped_findings(), shipped_diagnoses())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (FINDINGS + "ADDENDUM: On review there is no pneumothorax.", ABSENT),
        ("ADDENDUM: On review there is no pneumothorax.\n\nEND OF ADDENDUM\n" + FINDINGS, ABSENT),
        (FINDINGS + "ADDENDUM #2: No left pneumothorax.", ABSENT),
        (FINDINGS + "CORRECTION: Possible pneumothorax.", UNCERTAIN),
        (FINDINGS + "ADDENDUM: No right pneumothorax.", PRESENT),
        (FINDINGS + "ADDENDUM: Called to the ward.", PRESENT),
        ("FINDINGS: No pneumothorax.\nADDENDUM: Small left pneumothorax.", PRESENT),
        ("FINDINGS: Left pneumothorax.\nIMPRESSION: No pneumothorax.", PRESENT),
        ("FINDINGS: Possible pneumothorax.\nIMPRESSION: No pneumothorax.", ABSENT),
    ],
)
def test_an_addendum_has_the_last_word(miner: Miner, text: str, word: Assertion) -> None:
    report = report_parts(text)
    assert last_words(miner.observations(report), report)["pneumothorax"] is word


def test_what_follows_the_end_of_an_addendum_is_none() -> None:
    text = "ADDENDUM: Seen again.\nEND OF ADDENDUM\nIMPRESSION: Clear."
    assert [section.span.of(text) for section in addenda(report_parts(text))] == ["Seen again."]
