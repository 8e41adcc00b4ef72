from __future__ import annotations

import pytest

from models.finding import shipped_findings
from models.report import Span
from nlp.miner import Miner
from nlp.rewriting import Refused, Rewording, reworded
from nlp.sections import find_sections

SENTENCE = "There is a small left apical pneumothorax measuring 8 mm, without a rib fracture."
TEXT = f"FINDINGS: Clear lungs. {SENTENCE} Normal heart."
SPAN = Span(TEXT.index(SENTENCE), TEXT.index(SENTENCE) + len(SENTENCE))


def ask(miner: Miner, answer: str) -> Rewording | Refused:
    return reworded(find_sections(TEXT), SPAN, lambda sentence: answer, miner, shipped_findings())


@pytest.mark.parametrize(
    "answer",
    [
        SENTENCE,
        "Note the small left apical pneumothorax without a rib fracture.",
        "A small pneumothorax is seen at the left apex, without fracture.".replace(
            "at the left apex", "in the left side"
        ),
        "Small left pneumothorax of 8 mm, without rib fracture.",
    ],
)
def test_the_same_in_other_words_is_kept(miner: Miner, answer: str) -> None:
    kept = ask(miner, answer)
    assert isinstance(kept, Rewording), kept
    assert kept.text == answer
    assert kept.claims and all(SPAN.start <= claim.source.start < claim.source.end <= SPAN.end for claim in kept.claims)
    told = {claim.source.of(TEXT) for claim in kept.claims if "pneumothorax" in claim.words.of(answer).lower()}
    assert told and all("pneumothorax" in words for words in told)


@pytest.mark.parametrize(
    "answer",
    [
        "Small right apical pneumothorax, without a rib fracture.",
        "Large left apical pneumothorax, without a rib fracture.",
        "Small left apical pneumothorax measuring 9 mm, without a rib fracture.",
        "Small left apical pneumothorax with a rib fracture.",
        "No left apical pneumothorax, without a rib fracture.",
        "Possible small left apical pneumothorax, without a rib fracture.",
        "Old small left apical pneumothorax, without a rib fracture.",
        "Small left apical pneumothorax and pleural effusion, without a rib fracture.",
        "Small left apical pneumothorax, without a rib fracture. A chest tube is needed.",
        "Small left apical pneumothorax, without a rib fracture, after trauma.",
        "",
        "   ",
        "Small left apical pneumothorax, without a rib fracture. " * 6,
    ],
)
def test_a_claim_the_report_does_not_make_is_refused(miner: Miner, answer: str) -> None:
    refused = ask(miner, answer)
    assert isinstance(refused, Refused)
    assert refused.reason
    assert refused.words == "" or refused.words in answer.lower() or refused.words in ("negation", "doubt", "past")


def test_only_the_sentence_is_given_away(miner: Miner) -> None:
    asked: list[str] = []
    reworded(find_sections(TEXT), SPAN, lambda sentence: asked.append(sentence) or "", miner, shipped_findings())  # type: ignore[func-returns-value]
    assert asked == [SENTENCE]
