"""The words by which places are known: parts of institutions' names, streets, towns, what stands before them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from nlp.rulebook import read_rules


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """The words that tell a place, in small letters; phrases by their first word."""

    ends: Mapping[str, tuple[tuple[str, ...], ...]]
    sure_ends: frozenset[tuple[str, ...]]
    starts: frozenset[str]
    english: frozenset[str]
    kinds: frozenset[str]
    adjectives: frozenset[str]
    not_institutions: frozenset[str]
    towns: Mapping[str, tuple[tuple[str, ...], ...]]
    sure_streets: frozenset[str]
    streets: frozenset[str]
    prefixes: frozenset[str]
    near_cues: frozenset[str]
    cues: Mapping[str, tuple[tuple[str, ...], ...]]
    sure_cues: frozenset[tuple[str, ...]]
    codes: frozenset[str]
    doubtful_codes: frozenset[str]
    states: frozenset[str]


@cache
def place_rules() -> PlaceRules:
    rules, towns = read_rules("rules/identifiers"), read_rules("rules/towns")
    return PlaceRules(
        ends=_by_first(rules["institution_ends"]),
        sure_ends=frozenset(_split(end) for end in rules["sure_institution_ends"]),
        starts=frozenset(rules["institution_starts"]),
        english=frozenset(rules["english_institution_starts"]),
        kinds=frozenset(word for end in rules["institution_ends"] for word in _split(end)),
        adjectives=frozenset(rules["institution_adjectives"]),
        not_institutions=frozenset(word.lower() for word in rules["not_institutions"]),
        towns=_by_first(towns["towns"].split(";")),
        sure_streets=frozenset(rules["sure_street_words"]),
        streets=frozenset([*rules["street_words"].split(), *rules["sure_street_words"]]),
        prefixes=frozenset(rules["town_prefixes"]),
        near_cues=frozenset(rules["near_town"]),
        cues=_by_first([*rules["residence"], *rules["perhaps_place"]]),
        sure_cues=frozenset(_split(cue) for cue in rules["residence"]),
        codes=frozenset(towns["state_codes"].lower().split()),
        doubtful_codes=frozenset(towns["doubtful_codes"].split()),
        states=frozenset(word for state in towns["states"].split(";") for word in state.split()[:1]),
    )


def _split(words: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", words.lower()))


def _by_first(phrases: list[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    groups: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        split = _split(phrase)
        if split:
            groups.setdefault(split[0], []).append(split)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in groups.items()}
