"""Institutions, streets and towns in a text, read word by word."""

from __future__ import annotations

from collections.abc import Iterator

from models.report import Span
from nlp.houses import named_after, named_before
from nlp.name_words import Says, Words
from nlp.place_rules import place_rules
from nlp.streets import streets
from nlp.towns import after_cue, before_state, listed_town


def named_places(words: Words) -> Iterator[tuple[str, Span]]:
    """(kind, place) of each; places may overlap."""
    rules = place_rules()
    for at, low in enumerate(words.lows):
        for end in rules.ends.get(low, ()):
            if tuple(words.lows[at : at + len(end)]) == end:
                yield from named_before(words, at, len(end))
                break
        if low in rules.starts:
            yield from named_after(words, at)
        yield from streets(words, at)
        if low in rules.towns:
            yield from listed_town(words, at)
        if (low in rules.codes and words.word(at).isupper()) or (words.says[at] & Says.LAND and low in rules.states):
            yield from before_state(words, at)
        for cue in rules.cues.get(low, ()):
            if tuple(words.lows[at : at + len(cue)]) == cue:
                yield from after_cue(words, at + len(cue), sure=cue in rules.sure_cues)
                break
