"""The words that say a person is named: titles, labels, relatives, degrees, verbs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from nlp.name_parts import Trust
from nlp.rulebook import read_rules


@dataclass(frozen=True, slots=True)
class Label:
    """Words before a name: how sure they are, and whether a colon must follow."""

    words: tuple[str, ...]
    trust: Trust
    colon: bool


@dataclass(frozen=True, slots=True)
class PersonRules:
    """All of them, in small letters; ``labels`` by their first word."""

    titles: frozenset[str]
    sure_titles: frozenset[str]
    labels: Mapping[str, tuple[Label, ...]]
    relatives: frozenset[str]
    patients: frozenset[str]
    degrees: frozenset[str]
    verbs: frozenset[str]
    belongings: frozenset[str]
    not_people: frozenset[str]


@cache
def person_rules() -> PersonRules:
    rules = read_rules("rules/identifiers")
    labels: dict[str, list[Label]] = {}
    for names, trust, colon in (
        ("sure_name_fields", Trust.SURE, True),
        ("name_fields", Trust.LIKELY, True),
        ("signing_labels", Trust.SURE, False),
        ("name_labels", Trust.LIKELY, False),
        ("weak_name_labels", Trust.WEAK, False),
    ):
        for label in rules[names]:
            told = tuple(label.split())
            labels.setdefault(told[0], []).append(Label(told, trust, colon))
    return PersonRules(
        titles=frozenset(rules["titles"]),
        sure_titles=frozenset(rules["sure_titles"]),
        labels={
            first: tuple(sorted(group, key=lambda one: (-len(one.words), not one.colon, -one.trust)))
            for first, group in labels.items()
        },
        relatives=frozenset(rules["relatives"]),
        patients=frozenset(rules["patients"]),
        degrees=frozenset(degree.lower() for degree in rules["degrees"]) - {"do."},
        verbs=frozenset(rules["person_verbs"]),
        belongings=frozenset(rules["belongings"]),
        not_people=frozenset(rules["not_people"]),
    )


@cache
def person_triggers() -> frozenset[str]:
    rules = person_rules()
    return (
        frozenset({"m", "d", "ph", "r", "n", "f", "family", "is"})
        | rules.titles
        | rules.labels.keys()
        | rules.relatives
        | rules.patients
        | rules.degrees
        | rules.verbs
        | rules.belongings
    )
