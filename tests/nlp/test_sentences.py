from __future__ import annotations

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


@given(st.text(alphabet="aB .\n-1;?!•)", max_size=80))
def test_sentences_cover_every_letter_once_and_in_order(text: str) -> None:
    spans = sentences(text, Span(0, len(text))) if text else ()
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
    covered = "".join(span.of(text) for span in spans)
    assert [c for c in covered if c.isalpha()] == [c for c in text if c.isalpha()]
