"""Letters that a scanner put for digits, read as digits where identifiers are looked for."""

from __future__ import annotations

import re

_MONTHS = "(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]un|[Jj]ul|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec)"
_HINT = re.compile(r"\d[OoIl]|[OoIl]\d|\d [OlI](?!\w)|(?<!\w)[OlI] \d|\+[lI] |(?<!\w)l[O0](?:[lO0.]|\d)")
_RUN = re.compile(
    r"(?<![^\W_])(?=[OoIl/.:-]{0,9}\d)[\dOoIl]{1,40}(?:[/.:-][\dOoIl]{1,40}){0,20}(?![^\W_])"
    r"|(?<=[A-Za-z-])[OoIl]{0,3}\d[\dOoIl]{0,20}(?!\w)"
    rf"|(?<![\w.])[\dlIO]{{1,2}}(?=(?:st|nd|rd|th)(?!\w)|[,/-]|[ -]?{_MONTHS})"
    rf"|(?<={_MONTHS} )[lI][lO\d]?(?!\w)"
    r"|(?<!\w)[lIO\d]{2,3}(?=[FMfm](?!\w))"
    r"|(?<=\+)[lI]|(?<!\w)l[O0][lO0](?![a-z])|(?<!\w)\d[O](?=yo|y/o)|(?<=\()O[l1](?=\))"
    r"|(?<=\d )[OlI](?!\w)|(?<!\w)[OlI](?= \d \d)"
)
_CHUNK = re.compile(r"(?<![\w.:])[\w.:/()+-]{4,60}")
_FIGURES = re.compile(r"(?<![^\W\d_])[\dA-Fa-fOIl]{1,40}(?![^\W\d_])")
_FEWEST = 4
"""Digits in a chunk of figures, from which on every O and l in it is one."""
_AS_DIGITS = str.maketrans("OoIl", "0011")


def read_as_digits(text: str) -> str:
    """``text`` with "l2/O3/2Ol9" read as "12/03/2019"; its length stays, and mostly it is ``text`` itself."""
    if not _HINT.search(text):
        return text
    read = _RUN.sub(lambda run: run.group().translate(_AS_DIGITS), text)
    return _CHUNK.sub(lambda chunk: _chunk(chunk.group()), read)


def _chunk(chunk: str) -> str:
    digits = sum(map(str.isdigit, chunk))
    return _FIGURES.sub(lambda run: run.group().translate(_AS_DIGITS), chunk) if digits >= _FEWEST else chunk
