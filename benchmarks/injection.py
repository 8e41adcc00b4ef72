"""Invented identifiers put into reports, each with its place and kind; chance comes in as a generator."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from random import Random

_PART = re.compile(r"\{([a-z_.]+)\}")
_SIGN = re.compile(r"[#%$&]")
_SIGNS = {"#": "0123456789", "%": "123456789", "$": "ABCDEFGHJKLMNPQRSTUVWXYZ", "&": "0123456789abcdef"}
_OCR = str.maketrans({"0": "O", "1": "l"})
_WITHOUT_BLANKS = frozenset({"photo", "url"})
_NOT_MISREAD = frozenset({"name", "place", "email", "url", "photo"})


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in a text: [start, end) and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A text and the identifiers in it."""

    uid: str
    text: str
    identifiers: tuple[Identifier, ...]


class Injector:
    """Writes identifiers of every kind of the packaged lists into reports."""

    def __init__(self) -> None:
        data = tomllib.loads(resources.files("benchmarks").joinpath("identifiers.toml").read_text("utf-8"))
        self._words: Mapping[str, Sequence[str]] = data["words"]
        self._forms: Mapping[str, Sequence[str]] = data["forms"]
        self._carriers: Mapping[str, Sequence[str]] = data["carriers"]
        self._blocks: Mapping[str, Sequence[str]] = data["blocks"]
        self.kinds: tuple[str, ...] = tuple(self._carriers)

    def inject(self, reports: Sequence[tuple[str, str]], count: int, chance: Random) -> Iterator[Tagged]:
        """Reports with ``count`` sentences that carry identifiers in turn of their kinds, two a report, and in every
        third report a header and a signature besides."""
        for number in range((count + 1) // 2):
            uid, text = reports[number % len(reports)]
            turns = [turn for turn in (2 * number, 2 * number + 1) if turn < count]
            carriers = [chance.choice(self._carriers[self.kinds[turn % len(self.kinds)]]) for turn in turns]
            tagged = _inserted(uid, text, [self._sentence(carrier, chance) for carrier in carriers], chance)
            if number % 3 == 0:
                tagged = _join(self._sentence(chance.choice(self._blocks["header"]), chance), tagged, "\n\n")
                tagged = _join(tagged, self._sentence(chance.choice(self._blocks["footer"]), chance), "\n\n")
            yield tagged

    def _sentence(self, carrier: str, chance: Random) -> Tagged:
        """The carrier with its identifiers, now and then in capitals, in small letters or misread by a scanner."""
        manner = chance.choices(("plain", "upper", "lower", "ocr"), (72, 10, 10, 8))[0]
        pieces: list[str] = []
        found: list[Identifier] = []
        length = 0
        for place, part in enumerate(_PART.split(carrier)):
            kind = part.split(".")[0]
            piece = self._value(part, chance) if place % 2 else part
            if manner == "ocr":
                piece = piece.translate(_OCR) if place % 2 and kind not in _NOT_MISREAD else piece.replace(": ", ":")
            elif manner != "plain":
                piece = piece.upper() if manner == "upper" else piece.lower()
            if place % 2:
                found.append(Identifier(length, length + len(piece), kind))
            pieces.append(piece)
            length += len(piece)
        return Tagged("", "".join(pieces), tuple(found))

    def _value(self, form: str, chance: Random) -> str:
        value = self._filled(chance.choice(self._forms[form]), chance)
        return value.replace(" ", "_") if form in _WITHOUT_BLANKS else value

    def _filled(self, form: str, chance: Random) -> str:
        pieces = _PART.split(form)
        for place, piece in enumerate(pieces):
            if place % 2:
                word = chance.choice(self._words[piece])
                pieces[place] = self._filled(word, chance) if piece == "photo" else word
            else:
                pieces[place] = _SIGN.sub(lambda sign: chance.choice(_SIGNS[sign.group()]), piece)
        return "".join(pieces)


def _inserted(uid: str, text: str, sentences: Sequence[Tagged], chance: Random) -> Tagged:
    """The sentences before, after or between those of ``text``, each on its own line or not."""
    ends = [0, len(text), *(found.end() for found in re.finditer(r"[.:](?=\s)|$", text))]
    places = sorted(chance.choice(ends) for _ in sentences)
    tagged = Tagged(uid, "", ())
    for place, sentence, last in zip(places, sentences, [0, *places], strict=False):
        gap = chance.choice((" ", "\n"))
        tagged = _join(tagged, Tagged("", text[last:place], ()), "")
        ending = "" if re.search(r"[.,:!?]$", sentence.text) else chance.choice((".", ".", "", "\n"))
        closed = Tagged("", sentence.text + ending + ("\n" if ending != "." else ""), sentence.identifiers)
        tagged = _join(tagged, closed, gap if tagged.text else "")
    return _join(tagged, Tagged("", text[places[-1] :], ()), " ")


def _join(left: Tagged, right: Tagged, gap: str) -> Tagged:
    moved = _moved(right.identifiers, len(left.text) + len(gap))
    return Tagged(left.uid or right.uid, left.text + gap + right.text, left.identifiers + moved)


def _moved(identifiers: Sequence[Identifier], by: int) -> tuple[Identifier, ...]:
    return tuple(Identifier(one.start + by, one.end + by, one.kind) for one in identifiers)
