"""Invented identifiers in the place of true ones: the same for the same person wherever a department names them.

Marks ("[name]") say plainly that something was taken out, and stay the rule for drafts. Surrogates keep a text readable
as a report, and hide a name that scrub missed among invented ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import blake2b

from nlp.name_words import Says, meanings, plain_letters
from nlp.rulebook import read_rules
from nlp.scrub import scrub
from nlp.shifted_dates import shifted

_KEY_BYTES = 64  # BLAKE2b's longest key (RFC 7693, section 2.1)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LETTERS = "abcdefghijklmnoprstvwyz"
"""First letters of names; those of which the lists have few are left out."""

_OLDEST = "90"
"""Every age over 89 becomes this one, as Safe Harbor groups them."""


def with_surrogates(text: str, secret: bytes, shift_days: int) -> str:
    """``text`` with each identifier that scrub finds replaced by an invented one.

    Names agree by their words ("Dr. Hill", "HILL, ADA" and "A. Hill" stay one person), numbers keep their form, dates
    move by ``shift_days`` (``models.date_shift``, the patient's) and keep theirs. What cannot be moved (a birth date, a
    date in words) becomes scrub's mark. ``secret`` is the department's. Raises ValueError where it is empty.

    Not idempotent, unlike scrub: an invented name is as good a name as a true one.
    """
    if not secret:
        raise ValueError("an empty secret would let anyone recompute the surrogates")
    pieces, position = list[str](), 0
    for kind, span in scrub(text).removed:
        pieces += (text[position : span.start], _surrogate(kind, span.of(text), _Hash(secret), shift_days))
        position = span.end
    return "".join([*pieces, text[position:]])


class _Hash:
    """Draws that depend on the secret and on the words alone."""

    def __init__(self, secret: bytes) -> None:
        self._key = secret if len(secret) <= _KEY_BYTES else blake2b(secret).digest()

    def number(self, *words: str) -> int:
        digest = blake2b(key=self._key, digest_size=8)
        for word in words:
            encoded = word.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(8, "little") + encoded)
        return int.from_bytes(digest.digest(), "little")

    def one_of(self, choices: Sequence[str], *words: str) -> str:
        return choices[self.number(*words) % len(choices)]

    def letter(self, letter: str) -> str:
        """The first letter of the surrogates of all names with this one: so initials agree with names."""
        order = sorted(_LETTERS, key=lambda one: self.number("letter", one))
        return order[ord(plain_letters(letter)[:1] or "a") % len(order)]


def _surrogate(kind: str, words: str, chance: _Hash, shift_days: int) -> str:
    if kind == "date":
        return shifted(words, shift_days) or "[date]"
    make = _MAKERS.get(kind)
    return make(words, chance) if make else f"[{kind}]"


def _name(words: str, chance: _Hash) -> str:
    return _WORD.sub(lambda word: _one_name(word.group(), chance), words)


def _one_name(word: str, chance: _Hash) -> str:
    plain = plain_letters(word)
    says = meanings().get(plain, Says.NOTHING)
    if says & Says.PARTICLE and not says & (Says.GIVEN | Says.SURNAME):
        return word
    first = chance.letter(plain)
    if len(plain) == 1:
        return _cased(word, first)
    if len(plain) < 4 and word.isupper() and not says:  # a typist's initials
        return "".join(_cased(letter, chance.letter(letter)) for letter in word)
    group = "given" if says & Says.GIVEN and not says & Says.SURNAME else "surname"
    return _cased(word, chance.one_of(_names()[group][first], "name", plain))


def _cased(like: str, word: str) -> str:
    if like.islower():
        return word
    return word.upper() if like.isupper() and (len(like) > 1 or len(word) == 1) else word.capitalize()


@cache
def _names() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Listed names by group and first letter; none that is a word of reports or an eponym."""
    people = read_rules("rules/people")
    names: dict[str, dict[str, list[str]]] = {}
    for group in ("given", "surname"):
        letters = names.setdefault(group, {letter: [] for letter in _LETTERS})
        for name in sorted({name for listed in people[group].values() for name in listed.split()}):
            odd = meanings()[name] & (Says.PLAIN | Says.END | Says.EPONYM) if name in meanings() else True
            if len(name) > 3 and not odd and name[0] in letters:
                letters[name[0]].append(name)
    return names


def _form(words: str, chance: _Hash) -> str:
    """Another digit for each digit, another letter for each letter."""
    made = []
    for place, sign in enumerate(words):
        draw = chance.number("form", words, str(place))
        if sign.isdigit():
            made.append(str(draw % 10))
        else:
            made.append(_cased(sign, chr(ord("a") + draw % 26)) if sign.isalpha() else sign)
    return "".join(made)


def _ssn(words: str, chance: _Hash) -> str:
    """Never issued: none begins with 9."""
    return re.sub(r"\d", "9", _form(words, chance), count=1)


def _phone(words: str, chance: _Hash) -> str:
    """Its last seven digits are 555 01xx, which are kept for fiction."""
    made = list(_form(words, chance))
    digits = [place for place, sign in enumerate(made) if sign.isdigit()][-7:]
    for place, digit in zip(digits, "55501", strict=False) if len(digits) == 7 else ():
        made[place] = digit
    return "".join(made)


def _address(words: str, chance: _Hash) -> str:
    town = f"{_a_surname(words, chance)}ville"
    if not words[:1].isdigit():
        return town
    return f"{1 + chance.number('house', words) % 200} {_a_surname(words[::-1], chance)} Street, {town}"


def _a_surname(words: str, chance: _Hash) -> str:
    plain = plain_letters(words)
    return chance.one_of(_names()["surname"][chance.letter(plain[:1])], "place", plain).capitalize()


_MAKERS: Mapping[str, Callable[[str, _Hash], str]] = {
    "name": _name,
    "id": _form,
    "zip": _form,
    "ssn": _ssn,
    "phone": _phone,
    "age": lambda words, chance: _OLDEST,
    "email": lambda words, chance: f"mail{chance.number('email', words.lower()) % 100_000}@example.org",
    "url": lambda words, chance: f"https://example.org/{chance.number('url', words) % 100_000}",
    "ip": lambda words, chance: f"192.0.2.{1 + chance.number('ip', words) % 254}",
    "address": _address,
    "institution": lambda words, chance: f"{_a_surname(words, chance)} Hospital",
}
