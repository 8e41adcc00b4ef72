from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.report import Span
from nlp.sentences import sentences


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text, Span(0, len(text)))]


def test_numbers_and_abbreviations_do_not_end_a_sentence() -> None:
    text = "A 2.5 cm mass, discussed with Dr. Reader. Scar vs. nodule at 1.2 mm. Clear."
    assert split(text) == ["A 2.5 cm mass, discussed with Dr. Reader.", "Scar vs. nodule at 1.2 mm.", "Clear."]


def test_bullets_numbers_and_lines() -> None:
    text = "1. Nodule.\n2) Effusion\n- Lungs clear\n• No fracture\nHeart normal\n\nold scar"
    assert split(text) == ["Nodule.", "Effusion", "Lungs clear", "No fracture", "Heart normal", "old scar"]


def test_a_wrapped_line_goes_on() -> None:
    assert split("There is a small\nleft effusion.") == ["There is a small\nleft effusion."]


def test_a_missing_blank_after_the_full_stop() -> None:
    assert split("Heart normal.Lungs clear.") == ["Heart normal.", "Lungs clear."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fracture? No\nEffusion? Yes. Clear.", ["Fracture? No", "Effusion? Yes.", "Clear."]),
        ("Pneumothorax: No. Effusion: No.", ["Pneumothorax: No.", "Effusion: No."]),
        ("See series No. 3 and Fig. 2. Clear.", ["See series No. 3 and Fig. 2.", "Clear."]),
        ("A 2 cm. x 3 cm. mass. A node of 5 mm. Clear.", ["A 2 cm. x 3 cm. mass.", "A node of 5 mm.", "Clear."]),
        ("Effusion ? atelectasis. ? nodule.", ["Effusion ? atelectasis.", "? nodule."]),
        ("Perhaps... a node. Clear... Normal.", ["Perhaps... a node.", "Clear...", "Normal."]),
        ("Read with\nDr. Reader at 5 p.m. today.", ["Read with\nDr. Reader at 5 p.m. today."]),
        ("No evidence of\nCOPD. Clear,\nNormal.", ["No evidence of\nCOPD.", "Clear,\nNormal."]),
        ("LUNGS:\nClear\nHEART:\nBONES: normal", ["LUNGS:\nClear", "HEART:", "BONES: normal"]),
        ("The lungs\n\nare clear.\n\nNo node.", ["The lungs\n\nare clear.", "No node."]),
        ("1. Node 2. Scar 3. Grade 2. Clear", ["Node", "Scar", "Grade 2.", "Clear"]),
        ("1) node; 2) scar", ["node;", "scar"]),
        ("#1 Node. #2 Scar", ["Node.", "Scar"]),
        ("bed) node\n(b) scar\niv) mass\nix", ["bed) node", "scar", "mass", "ix"]),
        ("a) node\nb) scar (e.g. old) vs. mass", ["node", "scar (e.g. old) vs. mass"]),
        ("heart large\nno node of\nthe lung\nclear", ["heart large", "no node of\nthe lung", "clear"]),
        ("Node\tRUL\t8 mm\nNode\tLLL\t5 mm", ["Node\tRUL\t8 mm", "Node\tLLL\t5 mm"]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_capitals_wrapped_at_a_width() -> None:
    text = "THERE IS NO SIGN OF ENLARGEMENT OF ANY KIND IN\nANY LYMPH NODE\nSMALL SCAR"
    assert split(text) == [text.rpartition("\n")[0], "SMALL SCAR"]


@given(st.text(alphabet="kB .\n-1;?!•)", max_size=80))  # no "a", which may be the letter of an item, "a) scar"
def test_sentences_cover_every_letter_once_and_in_order(text: str) -> None:
    spans = sentences(text, Span(0, len(text))) if text else ()
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
    covered = "".join(span.of(text) for span in spans)
    assert [c for c in covered if c.isalpha()] == [c for c in text if c.isalpha()]


def test_beyond_any_number_of_sentences_the_rest_is_one() -> None:
    text = "A node. " * 30_000
    spans = sentences(text, Span(0, len(text)))
    assert {span.of(text) for span in spans[:-1]} == {"A node."}
    assert len(spans) == 20_001 and spans[-1].end == len(text) - 1
