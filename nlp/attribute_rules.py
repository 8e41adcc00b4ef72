"""The rules of ``attributes.toml`` and ``sites.toml`` as one phrasebook and the words that part or join phrases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.finding import Side
from nlp.phrasebook import Phrasebook
from nlp.rulebook import read_rules, spelt_out

SIDE, SEVERITY = "side", "severity"
_PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class AttributeRules:
    """``phrases`` finds the words that say something; ``joins`` are, by use, the words that part or join them."""

    phrases: Phrasebook
    amounts: frozenset[str]
    no_degree: Mapping[str, Sequence[str]]
    joins: Mapping[str, frozenset[str]]


@cache
def shipped_attributes() -> AttributeRules:
    """The rules this package ships."""
    rules = read_rules("rules/attributes")
    sides = {_side(name): words for name, words in _phrases(rules["side"]).items()}
    kinds: dict[str, Mapping[Any, Sequence[str]]] = {SIDE: sides, SEVERITY: _phrases(rules["severity"])}
    return AttributeRules(
        phrases=Phrasebook(kinds),
        amounts=frozenset(rules["amounts"]["findings"]),
        no_degree=rules["no_degree"],
        joins={name: frozenset(table["words"]) for name, table in rules.items() if "words" in table},
    )


def _phrases(table: Mapping[str, list[str]]) -> dict[Any, list[str]]:
    """By meaning, every phrase spelt out; what is listed as plain means nothing."""
    return {
        None if name == _PLAIN else name: [form for word in words for form in spelt_out(word)]
        for name, words in table.items()
    }


def _side(name: str | None) -> Side | str | None:
    return Side(name) if name in set(Side) else name
