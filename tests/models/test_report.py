from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.report import Span, overlapping

SPANS = st.lists(st.builds(lambda start, length: Span(start, start + length), st.integers(0, 40), st.integers(1, 9)))


@given(SPANS, SPANS)
def test_overlapping_is_sharing_a_character_with_any(parts: list[Span], spans: list[Span]) -> None:
    assert overlapping(parts, spans) == [any(part.overlaps(span) for part in parts) for span in spans]
