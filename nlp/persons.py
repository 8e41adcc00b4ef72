"""Persons in a text: after titles and labels, before degrees and verbs, and again wherever they return."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from models.report import Span
from nlp.degrees import degree_holder, name_before
from nlp.labels import after_label
from nlp.listed_names import listed_names
from nlp.name_parts import Trust
from nlp.name_words import NAME, Says, Words
from nlp.names import DOTTED_DEGREE, name_at, span_of, titled_pair
from nlp.person_rules import person_rules, person_triggers

_TITLE_GAP = re.compile(r"\.?[ \t]{0,4}:?\s{0,30}")
_SHOUTED_NOT_TITLES = frozenset({"mr", "ms", "dr"})
_AUXILIARIES = frozenset(
    {"has", "is", "was", "had", "fell", "presents", "presented", "complains", "denies", "reports", "states"}
)
_TOLD = frozenset({"aware", "notified", "informed", "updated", "declined", "requests", "wishes", "present"})
_SMALL_WORD = 4
_A_PERSON = re.compile(
    r" an? (?:\d{1,3}[ -]?y|pleasant|lovely|delightful|very|healthy|young|elderly|retired|right.handed)"
)
_BESIDE = re.compile(r"[ \t]{0,4}[,(:–-]?[ \t]{0,4}[\"'(]?")


def persons(words: Words) -> Iterator[Span]:
    """The place of every name; places may overlap."""
    found: list[tuple[int, int]] = []
    for at, low in enumerate(words.lows):
        if low in person_triggers():
            found += _at_word(words, at, low)
    found += listed_names(words)
    yield from (span_of(words, at, count) for at, count in found)
    yield from _again(words, found)


def _at_word(words: Words, at: int, low: str) -> Iterator[tuple[int, int]]:
    rules = person_rules()
    if low in rules.titles:
        yield from _after_title(words, at, low)
    for label in rules.labels.get(low, ()):
        if tuple(words.lows[at : at + len(label.words)]) == label.words:
            named = list(after_label(words, at + len(label.words), label))
            yield from named
            if named:
                break
    if low in rules.relatives:
        yield from _beside(words, at)
    if low in rules.patients and at + 1 < len(words) and re.fullmatch(r"\.?[ \t]{1,4}", words.gap(at + 1)):
        yield from _patient(words, at + 1)
    if (
        low in rules.degrees
        and (low != "do" or words.word(at) == "DO")
        or (len(low) < 3 and DOTTED_DEGREE.match(words.text, words.starts[at]))
    ):
        name = degree_holder(words, at)
        if name:
            yield name
    if (
        low == "is"
        and at
        and words.titled(at - 1)
        and not words.says[at - 1]
        and _A_PERSON.match(words.text, words.ends[at])
    ):
        yield at - 1, 1
    if low == "family":
        yield from _before_family(words, at)
    if low in rules.verbs:
        yield from _before_verb(words, at)
    if low in rules.belongings and at and words.lows[at - 1].endswith(("'s", "’s")) and words.near(at):
        yield from _owner(words, at - 1)


def _patient(words: Words, at: int) -> Iterator[tuple[int, int]]:
    """A name right after "patient": capital and small letters, or a listed name among its words."""
    if words.titled(at):
        yield from _read(words, at, Trust.SURE)
    elif not words.says[at] & (Says.PLAIN | Says.END):
        count = name_at(words, at, Trust.LIKELY)
        listed = [
            bool(words.says[place] & NAME) and not words.says[place] & Says.PLAIN for place in range(at, at + count)
        ]
        if any(listed) and (count > 1 or words.capital(at)):
            yield at, count


def _read(words: Words, at: int, trust: Trust) -> Iterator[tuple[int, int]]:
    count = name_at(words, at, trust)
    if count:
        yield at, count


def _after_title(words: Words, at: int, low: str) -> Iterator[tuple[int, int]]:
    following = at + 1
    if following >= len(words):
        return
    gap = _TITLE_GAP.fullmatch(words.gap(following))
    if not gap or not _is_title(words, at, low, "." in gap.group()):
        return
    sure = low in person_rules().sure_titles
    if not sure and (
        ":" in gap.group()
        or not (words.capital(at) or len(low) > _SMALL_WORD)
        or words.says[following] & Says.PLAIN
        and not words.says[following] & Says.GIVEN
    ):
        return
    count = name_at(words, following, Trust.TITLE if sure else Trust.WEAK)
    if sure:
        count = max(count, titled_pair(words, following))
    if not count:
        return
    second = following + count
    joined = low in ("drs", "dr's") or (second < len(words) and words.capital(second))
    if (
        joined
        and second + 1 < len(words)
        and re.fullmatch(r"[ \t]{0,4}(?:&|,)[ \t]{1,4}|[ \t]{1,4}", words.gap(second))
    ):
        beside = second + 1 if words.lows[second] == "and" else second
        more = (
            name_at(words, beside, Trust.TITLE if low in ("drs", "dr's") else Trust.LIKELY)
            if beside != second or "&" in words.gap(second)
            else 0
        )
        count += beside - second + more if more else 0
    yield following, count


def _is_title(words: Words, at: int, low: str, pointed: bool) -> bool:
    """ "MR" is an examination and "MS" a disease unless capitals follow; "mr" needs its point or a listed name."""
    following = at + 1
    says = words.says[following]
    if low == "miss" and words.word(at).islower():
        return bool(says & NAME) and not says & Says.PLAIN
    if low not in _SHOUTED_NOT_TITLES:
        return True
    if words.word(at).isupper():
        shouted = words.word(following).isupper()
        if low != "dr" and not shouted:
            return False
        return bool(says & (NAME | Says.PARTICLE)) or not says & (Says.PLAIN | Says.END)
    if words.word(at).islower() and low != "dr" and not pointed:
        if not says:
            return words.text.endswith(": ", 0, words.starts[at]) or (
                following + 1 < len(words) and words.lows[following + 1] in _AUXILIARIES
            )
        return bool(says & NAME) and (not says & Says.PLAIN or words.lows[following] not in person_rules().not_people)
    return True


def _beside(words: Words, at: int) -> Iterator[tuple[int, int]]:
    """A relative's name: it has a capital, or is listed as a given name."""
    following = at + 1
    if following < len(words) and _BESIDE.fullmatch(words.gap(following)):
        says = words.says[following]
        if (
            words.titled(following)
            or (says & Says.GIVEN and not says & (Says.PLAIN | Says.END))
            or (words.capital(following) and not says)
            or (not says & (Says.PLAIN | Says.END) and ("(" in words.gap(following) or _named(words, following + 1)))
        ):
            yield from _read(words, following, Trust.LIKELY)


def _owner(words: Words, at: int) -> Iterator[tuple[int, int]]:
    """ "Quarrington's request"."""
    if words.titled(at) and not words.says[at] & (Says.PLAIN | Says.END | Says.EPONYM):
        yield at, 1


def _named(words: Words, at: int) -> bool:
    return (
        at < len(words)
        and words.near(at)
        and bool(words.says[at] & NAME)
        and not words.says[at] & (Says.PLAIN | Says.END)
    )


def _before_family(words: Words, at: int) -> Iterator[tuple[int, int]]:
    """ "Quarrington family aware"."""
    if at and words.near(at):
        says = words.says[at - 1]
        told = not says and at + 1 < len(words) and words.lows[at + 1] in _TOLD
        if (
            told
            or (words.titled(at - 1) and not says & (Says.PLAIN | Says.END | Says.EPONYM))
            or (says & NAME and not says & (Says.PLAIN | Says.END))
        ):
            yield at - 1, 1


def _before_verb(words: Words, at: int) -> Iterator[tuple[int, int]]:
    """ "Quarrington was notified": a capital and no known word, or a listed name."""
    before = at
    while before and words.lows[before - 1] in ("was", "is", "has", "been", "also") and words.near(before):
        before -= 1
    if not before or not words.near(before) or not words.titled(before - 1):
        return
    name = name_before(words, before)
    if name and not all(words.says[place] & (Says.PLAIN | Says.EPONYM) for place in range(name[0], before)):
        yield name


def _again(words: Words, found: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Names that were told once stand for their person wherever they return."""
    told: set[str] = set()
    at: set[int] = set()
    for first, count in found:
        at.update(range(first, first + count))
        for place in range(first, first + count):
            says = words.says[place]
            if len(words.lows[place]) > 2 and not says & (
                Says.PLAIN | Says.END | Says.EPONYM | Says.LAND | Says.NOUN | Says.PARTICLE
            ):
                told.add(words.lows[place])
    if not told:
        return
    for place, low in enumerate(words.lows):
        if place not in at and (low in told or low.removesuffix("'s").removesuffix("’s") in told):
            yield span_of(words, place, 1)
