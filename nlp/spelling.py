"""How one phrase may be written: plurals, hyphens, American and British letters, names with and without 's."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from nlp.rulebook import read_rules

_VOWELS = "aeiou"
_OF = (" of ", " in ", " to ", " within ")
# "Crohn disease" and "Crohn's disease": a name before another word, no abbreviation.
_NAME = re.compile(r"(?<![\w-])([A-Z][a-zé]{2,}[a-rt-zé])(?:'s|s(?='))?(?= [a-z])")
_GENITIVES = ("", "'s", "s")


class _Ways(NamedTuple):
    """The table of ``spellings.toml``: letters, words and endings of one side, each with those of the other."""

    letters: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]
    endings: tuple[tuple[str, str], ...]


@cache
def _ways() -> _Ways:
    table = read_rules("rules/spellings")
    return _Ways(*(tuple(table[part].items()) for part in _Ways._fields))


def spellings(phrase: str) -> tuple[str, ...]:
    """A phrase and the other ways to write it: "lung nodule" is also "lung nodules", "edema" is "oedema"."""
    forms = [form for named in _named(phrase) for form in _numbers(named)]
    forms = [form for one in forms for form in (one, *_sides(one))]
    forms += [form.replace("-", " ") for form in forms if "-" in form]
    return tuple(dict.fromkeys(forms))


def _named(phrase: str) -> list[str]:
    """With the name it begins with or holds as "Baker", "Baker's" and "Bakers"."""
    if not _NAME.search(phrase):
        return [phrase]
    return [phrase, *(_NAME.sub(rf"\g<1>{genitive}", phrase) for genitive in _GENITIVES)]


def _numbers(phrase: str) -> list[str]:
    """With its plural, and that of what stands before "of": "tears of the meniscus"."""
    forms = [phrase, *_plural(phrase)]
    joint = next((joint for joint in _OF if joint in phrase), "")
    if joint:
        head, rest = phrase.split(joint, 1)
        forms += [many + joint + rest for many in _plural(head)]
    return forms


def _plural(phrase: str) -> list[str]:
    forms = [phrase.removesuffix(one) + many for one, many in _ways().endings if phrase.endswith(one)]
    last = phrase.rsplit(" ", 1)[-1].rsplit("-", 1)[-1].lower()
    if last.isalpha() and len(last) > 3 and not last.endswith(("s", "ed", "ing")):
        forms.append(phrase[:-1] + "ies" if last.endswith("y") and last[-2] not in _VOWELS else phrase + "s")
    return forms


def _sides(phrase: str) -> tuple[str, str]:
    """The phrase as Americans and as Britons write it."""
    small = phrase.lower()
    american = british = phrase
    for one, other in _ways().letters:
        if one in small or other in small:
            american = re.sub(other, one, american, flags=re.IGNORECASE)
            british = re.sub(one, other, re.sub(other, one, british, flags=re.IGNORECASE), flags=re.IGNORECASE)
    for one, other in _ways().words:
        if one in small or other in small:
            american = re.sub(rf"\b{other}\b", one, american, flags=re.IGNORECASE)
            british = re.sub(rf"\b{one}\b", other, british, flags=re.IGNORECASE)
    return american, british
