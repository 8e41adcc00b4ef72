"""The rules of ``nlp/rules`` as values. A radiologist edits the TOML; nothing here knows a word of English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from models.errors import BadInput
from models.finding import Assertion, Region

_CHOICE = re.compile(r"\(([^()]*)\)")
_CLASS = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Head:
    """A word that is a finding only together with a place. An empty finding means: this place makes it none."""

    name: str
    words: tuple[str, ...]
    reach: int = 60
    places: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    any: str = ""


_OPENING = (Assertion.ABSENT, Assertion.UNCERTAIN, Assertion.PRIOR)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that govern what follows (``forward``) or precedes them, within ``reach`` characters of their sentence.

    ``joins``: both, where a finding stands on either side. ``last``: only where their clause ends with them. ``label``:
    only right behind a colon or dash. ``nearest``: the first finding alone. ``yields``: not where a word of assertion
    ``present`` reaches the finding too. ``wide``: over the whole of a list, however its parts begin.
    ``beyond_verb``: only what stands behind a verb, as in "considerations for the opacity are …".
    """

    name: str
    assertion: Assertion
    forward: bool
    reach: int
    words: tuple[str, ...]
    joins: bool = False
    last: bool = False
    label: bool = False
    nearest: bool = False
    yields: bool = False
    wide: bool = False
    beyond_verb: bool = False

    @property
    def opens(self) -> bool:
        """Whether they begin something new, so that what other words say before them ends."""
        return self.forward and not self.joins and self.assertion in _OPENING


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules. ``places`` maps a place to its words, ``regions`` a place to its region of the body."""

    headings: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, Region]
    heads: tuple[Head, ...]
    cues: tuple[Cue, ...]
    plain: tuple[str, ...]
    ends: Mapping[Assertion, tuple[str, ...]]
    sides: Mapping[str, tuple[str, ...]]
    severities: Mapping[str, tuple[str, ...]]
    labels_only: tuple[str, ...]
    carries_on: tuple[str, ...]


def read_rules(name: str) -> dict[str, Any]:
    """One file of ``nlp/rules`` or ``nlp/profiles`` (``name`` is its path below ``nlp``, without ``.toml``)."""
    where = f"nlp/{name}.toml"
    try:
        return tomllib.loads(files("nlp").joinpath(f"{name}.toml").read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(where, f"not valid TOML ({error})", "mend the line it names") from error


def spelt_out(phrase: str) -> Iterator[str]:
    """Every phrase that one with choices stands for.

    >>> list(spelt_out("(no|without) change"))
    ['no change', 'without change']
    """
    choice = _CHOICE.search(phrase)
    if choice is None:
        yield " ".join(phrase.split())
        return
    for one in choice[1].split("|"):
        yield from spelt_out(phrase[: choice.start()] + one + phrase[choice.end() :])


@cache
def _classes() -> dict[str, str]:
    return {name: f"({words})" for name, words in read_rules("rules/cue_words").items()}


def _spelt(phrase: str) -> Iterator[str]:
    """Every phrase that one stands for which may name words of ``cue_words.toml``: "not {seen}"."""
    return spelt_out(_CLASS.sub(lambda name: _classes()[name[1]], phrase))


def _words(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in table.items()}


def _spelt_out(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(form for word in words for form in spelt_out(word)) for name, words in table.items()}


def _heads() -> tuple[Head, ...]:
    return tuple(
        Head(name=name, **{**entry, "words": tuple(entry["words"])})
        for name, entry in read_rules("rules/heads").items()
    )


_FLAGS = ("joins", "last", "label", "nearest", "yields", "wide", "beyond_verb")


def _cues(table: Mapping[str, Any]) -> tuple[Cue, ...]:
    return tuple(
        Cue(
            name,
            Assertion(entry["assertion"]),
            entry["direction"] == "forward",
            entry["reach"],
            tuple(form for word in entry["words"] for form in _spelt(word)),
            **{flag: True for flag in _FLAGS if entry.get(flag)},
        )
        for name, entry in table.items()
        if isinstance(entry, dict)
    )


@cache
def shipped_rules() -> Rulebook:
    """The rules this package ships."""
    organs, assertion, attributes = (read_rules(f"rules/{name}") for name in ("organs", "assertion", "attributes"))
    return Rulebook(
        headings=_words(read_rules("rules/sections")["headings"]),
        places={place: words for region in organs.values() for place, words in _spelt_out(region).items()},
        regions={place: Region(region) for region, places in organs.items() for place in places},
        heads=_heads(),
        cues=_cues(assertion),
        plain=tuple(form for word in assertion["plain"] for form in _spelt(word)),
        ends={Assertion(name): tuple(words) for name, words in read_rules("rules/ends").items()},
        sides=_spelt_out(attributes["side"]),
        severities=_spelt_out(attributes["severity"]),
        labels_only=tuple(assertion["labels_only"]),
        carries_on=tuple(form for words in attributes["carries_on"] for form in spelt_out(words)),
    )
