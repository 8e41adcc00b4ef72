"""The rules of ``normal_statements.toml``: words by what they do in a sentence that calls a part of the body normal."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from models.finding import Side
from nlp.rulebook import read_rules, shipped_rules, spelt_out
from nlp.spelling import spellings
from nlp.tokens import words_of

PART, CALL, ASPECT, WHOLE, OVER, UNKNOWN, END = "P", "C", "A", "Z", "", "x", "."
_LETTERS = {
    "bars": "n",
    "undo": "u",
    "earlier": "y",
    "turns": "t",
    "verbs": "v",
    "shows": "h",
    "past": "w",
    "steady": "s",
    "joins": "j",
    "either": "e",
    "of": "f",
    "prepositions": "i",
    "with": "b",
    "openers": "l",
    "over": OVER,
}
"""Each list of ``words`` and the letter that stands for one of them."""

_ENDS = (".", ";", "(", ")")
_WHOLE = ("normal", "kept")


class Said(NamedTuple):
    """What a word or phrase is: its letter, and which part, call, aspect or list it belongs to."""

    letter: str
    name: str


Branches = Mapping[str, "Node"]
Node = tuple[Said | None, Branches]
"""Where the words of a phrase have led: what it is if it ends here, and the words that may follow."""


@dataclass(frozen=True, slots=True)
class NormalRules:
    """``tree`` holds every phrase. ``denies``: by part, and by what is said of it, keys of findings. No sentence calls
    anything normal without one of ``called`` and one of ``named``; ``sides`` are the words that tell a side."""

    tree: Branches
    denies: Mapping[str, Mapping[str, Sequence[str]]]
    called: frozenset[str]
    named: frozenset[str]
    sides: Mapping[str, Side]

    def denied(self, part: str, calls: Container[str], aspects: Sequence[str]) -> Iterator[str]:
        """The findings denied by calling the part so, or by calling those aspects of it normal."""
        told = self.denies.get(part, {})
        for call in told:
            if call in calls and not (aspects and call in _WHOLE):
                yield from told[call]
        for aspect in aspects:
            yield from told.get(aspect, ())


_NO_PARTS = ("", "others")
_NONE = Said(PART, "")
"""A part of which nothing is denied."""


@cache
def shipped_normals() -> NormalRules:
    """The rules this package ships."""
    rules = read_rules("rules/normal_statements")
    phrases: dict[tuple[str, ...], Said] = {}
    for words, said in _phrases(rules):
        phrases.setdefault(words, said)  # what is named first counts
    parts = rules["parts"].items()
    for words in map(tuple, map(words_of, _places())):
        if not _is_list(words, phrases):
            phrases.setdefault(words, _NONE)
    return NormalRules(
        tree=_tree(phrases),
        denies={name: {said: keys for said, keys in part.items() if said != "words"} for name, part in parts},
        called=_telling(phrases, CALL, -1),
        named=_telling(phrases, PART, -2),
        sides={word: Side(side) for side, words in rules["sides"].items() for word in words},
    )


def _places() -> Iterator[str]:
    return (form for listed in shipped_rules().places.values() for word in listed for form in spellings(word))


def _is_list(words: tuple[str, ...], phrases: Mapping[tuple[str, ...], Said]) -> bool:
    """Whether the words of a place are a known part and more, "heart size", "heart and mediastinum"."""
    after = (words[place:] for place in range(1, len(words)) if words[:place] in phrases)
    return "and" in words or any(phrases.get(rest, _NONE).letter == ASPECT for rest in after)


def _telling(phrases: Mapping[tuple[str, ...], Said], letter: str, of_whole: int) -> frozenset[str]:
    """The word by which a sentence is known that may hold a call, or a part; and such a word of whole statements."""
    said_of_any = (words for words, said in phrases.items() if said.letter == letter and said.name not in _NO_PARTS)
    wholes = (words[of_whole] for words, said in phrases.items() if said.letter == WHOLE)
    return frozenset((*[max(words, key=len) for words in said_of_any], *wholes))


def _phrases(rules: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Said]]:
    for name, part in rules["parts"].items():
        yield from ((tuple(words_of(form)), Said(PART, name)) for word in part["words"] for form in spellings(word))
    for letter, table in ((CALL, rules["calls"]), (ASPECT, rules["aspects"])):
        yield from ((tuple(words_of(word)), Said(letter, name)) for name, words in table.items() for word in words)
    for name, words in rules["whole"].items():
        yield from ((tuple(words_of(form)), Said(WHOLE, name)) for word in words for form in spelt_out(word))
    for name, words in rules["words"].items():
        yield from ((tuple(words_of(word)), Said(_LETTERS[name], name)) for word in words)
    yield from (((sign,), Said(END, "end")) for sign in _ENDS)


def _tree(phrases: Mapping[tuple[str, ...], Said]) -> dict[str, Node]:
    firsts: dict[str, dict[tuple[str, ...], Said]] = {}
    for words, said in phrases.items():
        if words:
            firsts.setdefault(words[0], {})[words[1:]] = said
    return {word: (rest.get(()), _tree(rest)) for word, rest in firsts.items()}
