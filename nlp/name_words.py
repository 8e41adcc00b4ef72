"""What single words say of persons and places: the lists of ``nlp/rules`` as one table, a look-up a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from nlp.known_words import telling_words
from nlp.rulebook import read_rules

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_GAP_LIMIT = 4
_SHORT_PART = 3
_MANY = 200
"""Letters: no longer word is looked up by its parts."""


class Says:
    """Bits: what is known of a word. A word of which nothing is known may be a name.

    Whole numbers and no enumeration: every word of every report is asked several times.
    """

    NOTHING = 0
    GIVEN = 1
    SURNAME = 2
    PLAIN = 4
    EPONYM = 8
    END = 16
    """It ends or is no name: a title, a degree, a small word."""
    TOWN = 32
    LAND = 64
    NOUN = 128
    """After an eponym: "sign", "disease"."""
    PARTICLE = 256
    NEVER = 1024
    """Of those that end a name: also with a capital it is none."""
    TWICE_TOWN = 512
    """A town that is a word or a name as well."""


NAME = Says.GIVEN | Says.SURNAME
_COMMON = Says.PLAIN | Says.END


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: place, small letters and meaning of each, in order."""

    text: str
    starts: list[int]
    ends: list[int]
    lows: list[str]
    says: list[int]

    def __len__(self) -> int:
        return len(self.starts)

    def gap(self, at: int) -> str:
        """What stands between word ``at`` and the one before it; a page of blanks is cut."""
        before = self.ends[at - 1] if at else 0
        return self.text[max(before, self.starts[at] - 40) : self.starts[at]]

    def glued(self, at: int) -> bool:
        """Whether a digit follows at once: "RZ938801" is a number's beginning, no word."""
        return self.text[self.ends[at] : self.ends[at] + 1].isdigit()

    def titled(self, at: int) -> bool:
        """Whether the word has a capital and then small letters."""
        start = self.starts[at]
        return self.text[start].isupper() and not self.text[start : self.ends[at]].isupper()

    def capital(self, at: int) -> bool:
        return self.text[self.starts[at]].isupper()

    def word(self, at: int) -> str:
        return self.text[self.starts[at] : self.ends[at]]

    def near(self, at: int) -> bool:
        """Whether only a few blanks on the same line part word ``at`` from the one before."""
        gap = self.gap(at)
        return bool(at) and 0 < len(gap) <= _GAP_LIMIT and not gap.strip(" \t")

    def starts_line(self, at: int) -> bool:
        start = self.starts[at]
        before = self.text[max(0, start - 9) : start].rstrip(" \t")
        return before.endswith("\n") or (not before and start < 9)


def words_of(text: str) -> Words:
    """The words of ``text``."""
    matches = list(_WORD.finditer(text))
    lows = [match.group().lower() for match in matches]
    table = meanings()
    says = [table[low] if low in table else _composed(low, table) for low in lows]
    return Words(text, [match.start() for match in matches], [match.end() for match in matches], lows, says)


def plain_letters(word: str) -> str:
    """Small letters without accents; "ø" and "ß" as they are typed without."""
    if word.isascii():
        return word.lower()
    word = (
        word.lower()
        .replace("ø", "o")
        .replace("ß", "ss")
        .replace("ł", "l")
        .replace("đ", "d")
        .replace("ı", "i")
        .replace("’", "'")
    )
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))


def _composed(low: str, table: Mapping[str, int]) -> int:
    """Of a word not listed: what it says without accents and 's, or what the parts that a hyphen joins say."""
    if len(low) > _MANY:
        return Says.NOTHING
    plain = plain_letters(low)
    if plain in table:
        return table[plain]
    stem = plain[:-2] if plain.endswith("'s") else plain
    if stem in table:
        return table[stem]
    if "'" in stem and stem.replace("'", "") in table:
        return table[stem.replace("'", "")]
    parts = [part.replace("'", "") for part in stem.split("-")]
    if len(parts) < 2:
        return Says.PLAIN if _is_form(stem, table) else Says.GIVEN if _pinyin().fullmatch(stem) else Says.NOTHING
    if table.get(parts[0], Says.NOTHING) & Says.PARTICLE and len(parts[1]) > _SHORT_PART:
        return Says.SURNAME
    said = [table.get(part, Says.NOTHING) for part in parts]
    named = [bool(one & (NAME | Says.PARTICLE)) for one in said]
    if all(named) and not all(one & _COMMON for one in said):
        kind = Says.GIVEN if said[0] & Says.GIVEN and not said[0] & Says.SURNAME else Says.SURNAME
        return kind | Says.EPONYM if all(one & Says.EPONYM for one in said) else kind
    if any(one & _COMMON and not one & NAME or _is_form(part, table) for one, part in zip(said, parts, strict=True)):
        return Says.PLAIN
    if any(one & Says.EPONYM and not one & NAME for one in said):
        return Says.EPONYM
    return Says.SURNAME if any(one & NAME and not one & _COMMON for one in said) else Says.NOTHING


@cache
def _pinyin() -> re.Pattern[str]:
    """Two syllables of Mandarin written as one, as given names are: "Xiaoming"."""
    syllable = f"(?:{'|'.join(sorted(read_rules('rules/people')['pinyin'].split(), key=len, reverse=True))})"
    return re.compile(rf"(?=[a-z]{{5,12}}$)(?!.{{2,9}}[dtpbln]ing$){syllable}{syllable}")


@cache
def _forms() -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """Usual beginnings of words; usual endings, each with the fewest letters before it."""
    rules = read_rules("rules/identifiers")
    endings = [(ending, 3) for ending in rules["word_endings"]] + [(ending, 4) for ending in rules["long_word_endings"]]
    return tuple(rules["word_beginnings"]), tuple(endings)


def _is_form(word: str, table: Mapping[str, int]) -> bool:
    """Whether a plain word with a usual ending or beginning is meant, such as "nonspecifically"."""
    beginnings, endings = _forms()
    if word.endswith("ies") and _is_plain(table, word[:-3] + "y"):
        return True
    for ending, fewest in endings:
        stem = word.removesuffix(ending)
        if len(stem) >= fewest and stem != word:
            doubled = stem[:-1] if stem[-1] == stem[-2] else ""
            if _is_plain(table, stem, stem + "e", doubled):
                return True
    return any(_is_plain(table, word.removeprefix(one)) for one in beginnings if word.startswith(one))


def _is_plain(table: Mapping[str, int], *words: str) -> bool:
    return any(table.get(word, Says.NOTHING) & _COMMON for word in words if len(word) > 2)


@cache
def meanings() -> Mapping[str, int]:
    """Every listed word, in small letters without accents, and what it says."""
    table: dict[str, int] = {}
    for says, words in _listed():
        for word in words:
            for form in {word, word.replace("'", "")}:
                table[form] = table.get(form, Says.NOTHING) | says
    return table


def _listed() -> Iterator[tuple[int, Iterable[str]]]:
    rules, plain, eponyms = (read_rules(f"rules/{name}") for name in ("identifiers", "plain_words", "eponyms"))
    people = {group: words for group, words in read_rules("rules/people").items() if group in ("given", "surname")}
    yield Says.GIVEN, (part for words in people["given"].values() for word in words.split() for part in word.split("-"))
    yield Says.SURNAME, (word for words in people["surname"].values() for word in words.split())
    yield Says.PLAIN, (word for words in plain.values() for word in words.split())
    yield Says.PLAIN, read_rules("rules/common_surnames")["words"]
    yield Says.PLAIN, rules["not_people"]
    yield Says.EPONYM, eponyms["words"].split()
    yield Says.NOUN | Says.PLAIN, eponyms["nouns"]
    yield Says.END, rules["name_ends"]
    yield Says.END, (word.lower().replace(".", "") for word in (*rules["titles"], *rules["degrees"]))
    yield Says.NEVER | Says.END, (word.lower() for word in rules["not_names"])
    yield Says.PARTICLE, (word.rstrip(".") for word in rules["particles"])
    yield from _places(read_rules("rules/towns"))
    listed = frozenset(word for words in people.values() for names in words.values() for word in names.split())
    yield Says.PLAIN, telling_words() - listed - frozenset(eponyms["words"].split())


def _places(towns: Mapping[str, Any]) -> Iterator[tuple[int, Iterable[str]]]:
    def split(name: str) -> list[str]:
        return [town.strip() for town in towns[name].split(";") if town.strip()]

    yield Says.TOWN, (town for town in split("towns") if " " not in town)
    yield Says.TWICE_TOWN, split("doubtful")
    yield Says.LAND, (word for name in ("states", "countries") for land in split(name) for word in land.split())
