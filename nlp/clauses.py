"""Where the clauses of a sentence begin: what a word denies or doubts in one of them says nothing of the next."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from nlp.bounds import Bounds
from nlp.lexicon import Hit, Scan
from nlp.signs import (
    AND,
    CLOSE,
    COLON,
    COMMA,
    DESCRIBING,
    OPEN,
    OPENS,
    OR,
    RELATIVE,
    STOP,
    THING,
    VERB,
    WITH,
    Sign,
    adjective_endings,
    denied_too,
    kinds,
    label_joints,
    sides,
    signs_of,
)

_start = attrgetter("start")
_AHEAD = 16
"""Signs looked at beyond a comma or "and": enough for a list, and a bound for hostile text."""
_JOINT = 8
"""Characters between two words of a label."""
_LABEL_AFTER = ("", ".", ";", "\n", ")")


class Clauses:
    """Reads one sentence from left to right. ``hits`` are its findings in reading order, ``openers`` the places where
    words of doubt or of the past begin, ``places`` where words for parts of the body do."""

    def __init__(self, text: str, signs: Sequence[Sign], hits: Sequence[Hit], openers: set[int], places: set[int]):
        self._text, self._signs, self._hits, self._openers = text, signs, hits, openers
        self._places = places
        self._starts = [hit.start for hit in hits]
        self._onward: list[tuple[int, int]] = []
        self._firm: list[tuple[int, int]] = []
        self._back: list[int] = []
        self._clause = 0  # where the clause being read begins
        self._verb: int | None = None  # where its verb ends
        self._complete = False  # whether a finding stands before its verb

    def bounds(self) -> Bounds:
        opened = goes_on = 0
        for index, sign in enumerate(self._signs):
            if sign.kind == COMMA and index >= goes_on and self._verb is None:
                goes_on = self._aside(index) or goes_on
            if index < goes_on:
                continue
            if sign.kind == STOP and not self._lists_on(index):
                self._part(sign.start)
                self._firm.append((sign.start, 0))
            elif sign.kind == COMMA:
                self._comma(index, sign)
            elif sign.kind == AND:
                self._and(index, sign)
            elif sign.kind == VERB:
                self._verb_at(sign)
            elif sign.kind == RELATIVE:
                self._onward.append((sign.start, 0))
            elif sign.kind == WITH:
                if self._opens(index, sign) and self._follows(index, sign):
                    self._onward.append((sign.start, 0))
            elif sign.kind == COLON:
                self._label(sign)
            elif sign.kind == OPEN:
                opened = sign.start
            elif sign.kind == CLOSE:
                self._onward.append((sign.start, opened))
        self._run_on()
        return Bounds(sorted(self._onward), self._firm, sorted(self._back))

    def _part(self, place: int) -> None:
        self._onward.append((place, 0))
        self._back.append(place)
        self._clause, self._verb, self._complete = place, None, False

    def _aside(self, index: int) -> int:
        """The place behind the comma that closes an aside, which names no finding, and leads on to a verb; else 0.

        "The effusion, present in May, has cleared" is one clause.
        """
        comma = self._signs[index]
        for place in range(index + 1, min(index + _AHEAD, len(self._signs) - 1)):
            sign, following = self._signs[place : place + 2]
            if sign.kind in (STOP, COLON, AND, OR):
                return 0
            if sign.kind == COMMA:
                leads_on = following.kind == VERB and not self._text[sign.end : following.start].strip()
                return place + 1 if leads_on and self._ends_at(comma.start, sign.end) else 0
        return 0

    def _ends_at(self, first: int, last: int) -> bool:
        """Whether a finding's clause ends at ``first`` and none begins from there to ``last``."""
        return self._findings(self._clause, first) and not self._findings(first, last) and self._verb is None

    def _lists_on(self, index: int) -> bool:
        """Whether semicolons stand for commas: "no infiltrate; effusion; or pneumothorax"."""
        sign = self._signs[index]
        if self._text[sign.start] != ";":
            return False
        for following in self._signs[index + 1 : index + _AHEAD]:
            if following.kind == OR:
                return not self._text[sign.end : following.start].strip()
            if self._text[following.start] != ";":
                return False
            sign = following
        return False

    def _findings(self, first: int, last: int) -> bool:
        """Whether a finding begins at ``first`` or later and before ``last``."""
        return bisect_left(self._starts, last) > bisect_left(self._starts, first)

    def _opens(self, index: int, sign: Sign) -> bool:
        """Whether the word right after the sign begins something new."""
        if index + 1 == len(self._signs):
            return False
        following = self._signs[index + 1]
        return following.kind == OPENS and not self._text[sign.end : following.start].strip()

    def _word(self, sign: Sign) -> str:
        return self._text[sign.start : sign.end].lower()

    def _follows(self, index: int, sign: Sign) -> bool:
        """Whether a finding or a verb ends right before the sign."""
        place = bisect_left(self._starts, sign.start) - 1
        ends = [self._hits[place].end] if place >= 0 else []
        if index and self._signs[index - 1].kind == VERB:
            ends.append(self._signs[index - 1].end)
        return any(end <= sign.start and not self._text[end : sign.start].strip() for end in ends)

    def _describes(self, index: int, sign: Sign) -> bool:
        """Whether the comma parts two describing words: "acute, displaced fracture"."""
        before = self._signs[index - 1] if index else None
        return before is not None and before.kind == DESCRIBING and before.end == sign.start

    def _comma(self, index: int, sign: Sign) -> None:
        verb, joined, comma, listed = self._ahead(index)
        if self._describes(index, sign):
            return
        if self._next_word(sign.end) in self._openers:
            self._part(sign.start)
            return
        if listed and joined == OR:
            return
        own_verb = verb and not comma and not (listed and self._findings(sign.end, listed))
        if self._opens(index, sign) or self._complete or own_verb:
            self._part(sign.start)
        elif not listed:
            self._back.append(sign.start)

    def _and(self, index: int, sign: Sign) -> None:
        verb, _, comma, _ = self._ahead(index)
        if self._opens(index, sign) or self._next_word(sign.end) in self._openers:
            self._part(sign.start)
        elif verb and not comma:
            own = self._verb is not None or not self._findings(sign.end, verb)
            if own or self._tells_a_state(index, verb):
                self._part(sign.start)

    def _tells_a_state(self, index: int, verb: int) -> bool:
        """Whether a describing word follows the verb: "and cardiomegaly is unchanged" denies nothing."""
        place = next(at for at in range(index + 1, len(self._signs)) if self._signs[at].start == verb)
        return self._opens(place, self._signs[place])

    def _ahead(self, index: int) -> tuple[int, str, int, int]:
        """Of what follows: where its verb stands, what joins its list, the next comma before the verb, the joint."""
        joined, comma, listed = "", 0, 0
        for sign in self._signs[index + 1 : index + _AHEAD]:
            if sign.kind == VERB:
                return sign.start, joined, comma, listed
            if sign.kind in (STOP, WITH, RELATIVE):
                break
            if sign.kind == COMMA:
                comma = comma or sign.start
            elif sign.kind == COLON:
                joined, listed = joined or ":", listed or sign.start
            elif sign.kind in (AND, OR) and (not joined or sign.kind == OR):
                joined, listed = sign.kind, sign.start
        return 0, joined, comma, listed

    def _next_word(self, place: int) -> int:
        return place + 1 if self._text[place : place + 1] == " " else place

    def _verb_at(self, sign: Sign) -> None:
        """A finding, a verb and another finding: what is said behind the second is not said of the first."""
        self._verb = sign.end
        if self._findings(self._clause, sign.start):
            self._complete = True
            following = bisect_left(self._starts, sign.end)
            if following < len(self._starts):
                self._back.append(self._starts[following])

    def _label(self, sign: Sign) -> None:
        """ "Pneumothorax: none effusion: small" is two, "nodule(s)/mass: none" one."""
        place = bisect_left(self._starts, sign.start) - 1
        if place >= 0 and self._joins(self._hits[place].end, sign.start):
            first = place
            while first and self._joins(self._hits[first - 1].end, self._hits[first].start):
                first -= 1
            start = self._hits[first].start
            if self._text[max(0, start - _JOINT) : start].rstrip()[-1:] not in _LABEL_AFTER:
                start = self._hits[place].start
            self._onward.append((start, 0))
            self._back.append(start)

    def _joins(self, first: int, last: int) -> bool:
        """Whether nothing but endings in brackets and what joins a list stands there."""
        return last - first <= _JOINT and label_joints().fullmatch(self._text, first, last) is not None

    def _run_on(self) -> None:
        """Dictation without marks: a finding, and right after it an article, a degree or another thing with a verb."""
        signs, place = self._signs, 0
        things = [Hit(sign.start, sign.end, None) for sign in signs if sign.kind == THING]
        for hit in sorted([*self._hits, *things], key=_start) if things else self._hits:
            while place < len(signs) and signs[place].start < hit.end:
                place += 1
            if place == len(signs):
                return
            following, sign = self._next_word(hit.end), signs[place]
            if following == hit.end or sign.kind not in (OPENS, VERB):
                continue
            if sign.kind == OPENS:
                new = sign.start == following and self._word(sign) not in denied_too()
            else:
                new = self._begins_a_thing(hit, following, sign.start)
            if new and self._ahead(place)[1] != OR:
                self._onward.append((following, 0))
                self._back.append(following)

    def _begins_a_thing(self, hit: Hit, place: int, verb: int) -> bool:
        """Whether what begins at ``place`` behind a finding, and has a verb of its own, is another thing."""
        if place in self._places or self._findings(place, place + 1):
            return not self._text[hit.start : hit.end].lower().endswith(adjective_endings())
        return self._text[place : place + 12].lower().startswith(sides()) and self._findings(place, verb)


def bounds_of(text: str, sentence: Scan) -> Bounds:
    """The bounds of the sentence ``text``."""
    hits = sentence.findings
    if sentence.heads:  # "small" is a head too, of "small volumes", and no finding where it only describes
        describing = kinds()
        heads = [hit for hit in sentence.heads if text[hit.start : hit.end].lower() not in describing]
        hits = sorted([*hits, *heads], key=_start)
    openers = {hit.start for hit in sentence.cues if hit.value.opens}
    places = {hit.start for hit in sentence.places}
    return Clauses(text, signs_of(text), hits, openers, places).bounds()
