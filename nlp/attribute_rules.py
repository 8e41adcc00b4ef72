"""The rules of ``attributes.toml`` and ``sites.toml`` as one phrasebook and the words that part or join phrases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.finding import Side, shipped_sites
from nlp.phrasebook import Phrasebook
from nlp.rulebook import read_rules, spelt_out
from nlp.spelling import spellings

SIDE, SITE, SEVERITY, CHANGE, COUNT = "side", "site", "severity", "change", "count"
SIZE_BEFORE, SIZE_AFTER, SIZE_BOUNDS = "size_before", "size_after", "size_bounds"
_PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class AttributeRules:
    """``phrases`` finds the words that say something; ``joins`` are, by use, the words that part or join them.

    ``amounts``, ``by_density`` and ``unpaired`` are keys of findings, ``no_degree`` the degrees that are no degree of a
    finding; ``organ_sites`` tells the site of an organ of organs.toml; ``plurals`` and ``singulars`` are endings.
    """

    phrases: Phrasebook
    amounts: frozenset[str]
    by_density: frozenset[str]
    unpaired: frozenset[str]
    broad_sites: frozenset[str]
    organ_sites: Mapping[str, str]
    no_degree: Mapping[str, Sequence[str]]
    plurals: tuple[str, ...]
    singulars: tuple[str, ...]
    joins: Mapping[str, frozenset[str]]


@cache
def shipped_attributes() -> AttributeRules:
    """The rules this package ships."""
    rules, sites = read_rules("rules/attributes"), read_rules("rules/sites")
    kinds: dict[str, Mapping[Any, Sequence[str]]] = {
        SITE: _sites(sites),
        SIDE: _phrases(rules[SIDE], _side),
        SEVERITY: _phrases(rules[SEVERITY]),
        CHANGE: _phrases(rules[CHANGE]),
        COUNT: _phrases(rules[COUNT], int),
        SIZE_BEFORE: _phrases(rules[SIZE_BEFORE]),
        SIZE_AFTER: _phrases(rules[SIZE_AFTER]),
        SIZE_BOUNDS: _phrases(rules[SIZE_BOUNDS], float),
    }
    return AttributeRules(
        phrases=Phrasebook(kinds),
        amounts=frozenset(rules["amounts"]["findings"]),
        by_density=frozenset(rules["by_density"]["findings"]),
        unpaired=frozenset(rules["unpaired"]["findings"]),
        broad_sites=frozenset(sites["broad"]),
        organ_sites=sites["organs"],
        no_degree=rules["no_degree"],
        plurals=tuple(rules["plurals"]["endings"]),
        singulars=tuple(rules["plurals"]["but_not"]),
        joins={name: frozenset(table["words"]) for name, table in rules.items() if "words" in table},
    )


def _phrases(table: Mapping[str, list[str]], meaning: Callable[[str], Any] = str) -> dict[Any, list[str]]:
    """By meaning, every phrase spelt out; what is listed as plain means nothing."""
    return {
        None if name == _PLAIN else meaning(name): [form for word in words for form in spelt_out(word)]
        for name, words in table.items()
    }


def _side(name: str) -> Side | str:
    return Side(name) if name in set(Side) else name


def _sites(table: Mapping[str, Any]) -> dict[Any, list[str]]:
    """By site of sites.toml, without its side, every wording and its plural."""
    places = shipped_sites()
    wordings: list[tuple[str | None, str]] = [(place, place) for place in places if not _sided(place, places)]
    wordings += [(place, form) for place, words in table["words"].items() for word in words for form in spelt_out(word)]
    wordings += [(None, form) for word in table["plain"]["words"] for form in spelt_out(word)]
    meanings = {spelling: place for place, form in wordings for spelling in spellings(form)}  # the last said counts
    phrases: dict[Any, list[str]] = {}
    for spelling, place in meanings.items():
        phrases.setdefault(place, []).append(spelling)
    return phrases


def _sided(place: str, places: Mapping[str, str]) -> bool:
    """Whether a place is another one with a side, there for its code alone."""
    side, _, rest = place.partition(" ")
    return side in set(Side) and rest in places
