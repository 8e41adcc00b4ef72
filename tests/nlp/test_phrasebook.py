from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.attribute_rules import shipped_attributes
from nlp.phrasebook import Phrasebook
from nlp.rulebook import spelt_out
from nlp.tokens import tokens_of, words_of

BOOK = Phrasebook(
    {"degree": {"mild": ["mild"], "severe": ["very"], None: ["very well"]}, "side": {"left": ["left side"]}}
)


def test_the_longest_phrase_of_a_kind_wins_and_a_plain_one_hides_its_words() -> None:
    book = Phrasebook({"degree": {"small": ["very small"], "severe": ["very"]}})
    assert [hit.value for hit in book.read(tokens_of("very small")).of("degree")] == ["small"]
    assert [hit.value for hit in BOOK.read(tokens_of("very large")).of("degree")] == ["severe"]
    assert BOOK.read(tokens_of("very well")).of("degree") == []


def test_hits_lie_on_their_words_however_they_are_typed() -> None:
    text = "MILD, on the Left-Side"
    (degree,), (side,) = BOOK.read(tokens_of(text)).of("degree"), BOOK.read(tokens_of(text)).of("side")
    assert text[degree.start : degree.end] == "MILD" and text[side.start : side.end] == "Left-Side"


def test_a_sign_parts_a_phrase() -> None:
    assert BOOK.read(tokens_of("left, side")).of("side") == []


def test_numbers_and_units_are_words_apart() -> None:
    assert words_of("3.5mm, T12") == ["3.5", "mm", ",", "t12"]


def test_choices_are_spelt_out() -> None:
    assert list(spelt_out("(no|without) (new|) change")) == [
        "no new change",
        "no change",
        "without new change",
        "without change",
    ]


@given(st.text(max_size=80), st.sampled_from(["mild", "left lung base", "12 x 3 mm", "no change in", "rib 4"]))
def test_any_text_can_be_read(text: str, known: str) -> None:
    words = shipped_attributes().phrases.read(tokens_of(f"{text} {known} {text}"))
    assert not words.starts or len(words.starts) == len(words.spelt)
    for hits in words.found.values():
        assert all(before.end <= after.start for before, after in zip(hits, hits[1:], strict=False))
