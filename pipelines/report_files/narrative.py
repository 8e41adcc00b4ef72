"""The text of a FHIR narrative: XHTML without its tags, in time linear in its length whatever it holds."""

from __future__ import annotations

import html
import re

_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|tr|table|thead|tbody|h[1-6]|hr|pre|section)\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
_IN_PRE = re.compile(r"<pre\b", re.IGNORECASE)


def plain_text(div: str) -> str:
    """The words of a narrative; blocks begin lines of their own."""
    bare = _without(_without(_without(div, "<!--", "-->"), "<style", "</style>"), "<script", "</script>")
    if not _IN_PRE.search(bare):
        bare = bare.replace("\n", " ")  # a line end in XHTML is a space
    text = html.unescape(_TAG.sub("", _CELL.sub(" ", _BLOCK.sub("\n", bare))))
    lines = _SPACES.sub(" ", text.replace("\r", "\n")).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(line.strip() for line in lines)).strip()


def _without(text: str, start: str, end: str) -> str:
    """The text without what stands from each ``start`` to the next ``end``, or to its own end."""
    first, *rest = text.split(start)
    return first + "".join(piece.partition(end)[2] for piece in rest)
