"""Names that a line alone tells: a signature, a header, a row of a table, a typist's initials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.report import Span
from nlp.name_parts import Trust
from nlp.name_words import NAME, Says, Words
from nlp.names import name_at, span_of
from nlp.rulebook import read_rules

_AFTER_NAME = re.compile(
    r"[ \t]{1,3}(?:was|is|has|had|presents|presented|here|comes|came)\b|\.?[ \t]{0,30}(?:\n|$|,[ \t]{0,4}\S{0,12}\d|["
    r"|;\t]|[ \t]{2,30}\S{0,12}\d|,?[ \t]{1,4}\(?\d{1,3}[ \t]{0,2}[-/]?[ \t]{0,2}(?:y|[MFmf]\b)|[ \t]{0,4}[,;"
    r"(/-]?[ \t]{0,4}(?:[MF]\b|\d{1,3}[MF]\b|(?i:male|female|mrn|dob|d\.o\.b|age|medical record|date of birth)\b))"
)
_ONE = r"(?:[A-Za-z]{2,3}|[A-Za-z]\.[ ]?[A-Za-z]\.?(?:[A-Za-z]\.)?)"
_PAIR = re.compile(rf"(?<![\w/.])(?P<a>{_ONE})[/:](?P<b>{_ONE})(?![\w/])")
_TYPIST_LINE = re.compile(
    r"(?i:\b(?:[dt] ?:|dictated|transcribed|transcriptionist|transcriber|typist|typed|initials|job))"
)
_LAST_INITIALS = re.compile(rf"(?<![\w/.]){_ONE}(?:[/:]{_ONE})?(?=[ \t]{{0,9}}(?:$|\n))")
_LABELLED = re.compile(
    rf"(?i:\b(?:transcribed|transcriptionist|transcriber|typist|typed|initials|dictated|tech|signed)\b)[ \t]{{0,4}}"
    rf"(?i:by)?[ \t]{{0,4}}[:=]?[ \t]{{0,4}}(?P<it>{_ONE})(?![\w/]|\.\w|[ \t]?\d)"
)
_NOT_INITIALS = frozenset(read_rules("rules/identifiers")["no_initials"].split())
_SIGN_OFF = re.compile(
    r"(?i:regards|sincerely|thank you|thanks|yours|faithfully|signed|respectfully|signature|cordially|best wishes"
    r"|cheers)[^\n]{0,60}\n\s{0,30}$"
)


def signed_names(words: Words) -> Iterator[Span]:
    """Names that fill a line, or begin one before an age, a number or a column."""
    for at in range(len(words)):
        known = words.says[at] & (Says.PLAIN | Says.END) and not words.says[at] & (NAME | Says.PARTICLE)
        if known or not (words.starts_line(at) or _after_heading(words, at)):
            continue
        count = name_at(words, at, Trust.LIKELY if words.says[at] else Trust.SURE)
        if not count or not _AFTER_NAME.match(words.text, _end(words, at, count)):
            continue
        if _enough(words, at, count) or _SIGN_OFF.search(words.text, max(0, words.starts[at] - 100), words.starts[at]):
            yield span_of(words, at, count)


def _end(words: Words, at: int, count: int) -> int:
    end = words.ends[at + count - 1]
    return end + 1 if words.text[end : end + 1] == "." and len(words.lows[at + count - 1]) == 1 else end


def _after_heading(words: Words, at: int) -> bool:
    return at > 0 and words.text[max(0, words.starts[at] - 2) : words.starts[at]] == ": " and words.starts_line(at - 1)


def _enough(words: Words, at: int, count: int) -> bool:
    """Two words and more, one of them listed as a name, or two that are no words at all."""
    places = [place for place in range(at, at + count) if len(words.lows[place]) > 1]
    says = [words.says[place] for place in places]
    following = at + count
    if len(places) < 2 or (following < len(words) and words.says[following] & Says.NOUN and words.near(following)):
        return False
    listed = [bool(one & NAME and not one & (Says.PLAIN | Says.EPONYM)) for one in says]
    unknown = [not one for one in says]
    if not all(words.capital(place) or words.says[place] & Says.PARTICLE for place in places):
        return sum(listed) > 1 or (listed[0] and any(unknown)) or (any(listed) and all(one & NAME for one in says))
    named = all(one & NAME for one in says) and bool(says[0] & Says.GIVEN or says[-1] & Says.GIVEN) and words.titled(at)
    return any(listed) or sum(unknown) > 1 or named


def typists(text: str) -> Iterator[Span]:
    """Initials of who dictated and who typed."""
    for match in _PAIR.finditer(text) if "/" in text or ":" in text else ():
        if _is_pair(text, match):
            yield Span(match.start(), match.end())
    for match in _LABELLED.finditer(text):
        if "initials" in match.group().lower() or (
            _letters(match["it"]) not in _NOT_INITIALS and (match["it"].isupper() or "." in match["it"])
        ):
            yield Span(match.start("it"), match.end("it"))
    for cue in _TYPIST_LINE.finditer(text):
        stop = text.find("\n", cue.end(), cue.end() + 120)
        last = _LAST_INITIALS.search(text, cue.end(), stop if stop >= 0 else min(len(text), cue.end() + 120))
        if (
            last
            and not {_letters(part) for part in re.split("[/:]", last.group())} <= _TIMES
            and _figures_before(text, cue.end(), last.start())
        ):
            yield Span(last.start(), last.end())


_TIMES: frozenset[str] = frozenset(
    (
        "am",
        "pm",
        "est",
        "gmt",
        "utc",
        "cst",
        "pst",
        "edt",
        "cdt",
        "pdt",
        "mst",
        "bst",
        "hrs",
        "by",
        "md",
        "rn",
        "do",
        "np",
    )
)


def _letters(initials: str) -> str:
    return re.sub(r"\W", "", initials).lower()


def _figures_before(text: str, start: int, end: int) -> bool:
    """Whether a date or time stands between a typist's line's first word and the initials, and hardly anything else."""
    between = text[start:end]
    return (
        not between.strip(" :=\t")
        or (any(map(str.isdigit, between)) or "]" in between)
        and len(re.findall(r"[^\W\d_]{4,}", between)) < 5
    )


def _is_pair(text: str, match: re.Match[str]) -> bool:
    """ "JS/ab": capitals and small letters, or a pair alone on its line."""
    if "." in match.group() and "/" in match.group():
        return _letters(match["a"]) not in _TIMES
    if {_letters(match["a"]), _letters(match["b"])} & _NOT_INITIALS:
        return False
    if match["a"].isupper() and match["b"].islower() and "/" in match.group():
        return True
    start = text.rfind("\n", max(0, match.start() - 60), match.start()) + 1
    stop = text.find("\n", match.end(), match.end() + 40)
    before, after = (
        text[max(start, match.start() - 60) : match.start()],
        text[match.end() : stop if stop >= 0 else match.end() + 40],
    )
    return "/" in match.group() and not before.strip() and not after.strip(" .") and (start > 0 or match.start() == 0)
