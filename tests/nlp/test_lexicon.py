from __future__ import annotations

from models.finding import shipped_findings
from nlp.lexicon import Hit, keep_longest
from nlp.rulebook import shipped_rules


def kept(*hits: Hit) -> list[Hit]:
    found: list[Hit] = []
    for hit in hits:
        keep_longest(found, hit)
    return found


def test_the_longest_words_win_and_equals_stay() -> None:
    short, long, twin = Hit(0, 2, "no"), Hit(0, 9, "no change"), Hit(0, 9, "other")
    assert kept(short, Hit(0, 2, "nil"), long, twin, long, Hit(3, 9, "change")) == [long, twin]
    assert kept(Hit(0, 5, "a"), Hit(3, 12, "b"), Hit(10, 14, "c")) == [Hit(3, 12, "b")]


def test_rules_name_only_places_and_findings_that_exist() -> None:
    rules, findings = shipped_rules(), shipped_findings()
    for head in rules.heads:
        assert not {*head.places.values(), *head.regions.values(), head.any} - {*findings, ""}, head.name
        assert not set(head.places) - set(rules.places), head.name
        assert head.words
