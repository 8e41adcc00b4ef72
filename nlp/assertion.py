"""What a sentence says of a mention: present, absent, uncertain, prior or hypothetical."""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter

from models.finding import Assertion
from nlp.bounds import Bounds
from nlp.clauses import bounds_of
from nlp.lexicon import FEW, Hit, Scan, near, starting
from nlp.rulebook import Cue
from nlp.signs import OPENS, VERB, kinds, tells

_CLOSED = (Assertion.ABSENT, Assertion.HYPOTHETICAL)
_BEFORE_A_CUE = " \t\r\n,:=-–—?|"
_LABELS = ":=-–—?|"
_SAID_OF = (":", "=")
_LABEL_REACH = 4
_BEHIND = 100
"""Characters behind a mention in which words that govern it are looked for in a very long sentence."""
_SUBJECT = 24
"""Characters of the subject of a sentence that says what none of its kind shows."""
_MOST = 8
"""Cues before a mention, and behind it, that are looked at in a sentence of many."""
_begin = attrgetter("start")
_ENDS_A_CLAUSE = (",", ";", ".", ")", ":", "?", "!", "/")


def assertion_of(sentence: Scan, start: int, end: int, text: str) -> tuple[Assertion, Hit | None]:
    """The assertion of the words at ``start`` to ``end`` of the sentence ``text``, and the cue that makes it.

    The cue is None where nothing speaks against it: plainly present.
    """
    around = sentence.cues
    if not around:
        return Assertion.PRESENT, None
    mention = _Reached(sentence, start, end, text)
    if len(around) > FEW:  # in a text of such length what a clause before says, even of a long list, is left alone
        around = _nearest(near(around, max(start - sentence.reach, mention.clause()), end + _BEHIND), start)
    return _strongest([cue for cue in around if mention.by(cue)], start)


def _nearest(cues: list[Hit], start: int) -> list[Hit]:
    """The cues nearest to ``start``: nobody means a word that so many others stand before."""
    first = bisect_left(cues, start, key=_begin)
    return cues[max(0, first - _MOST) : first + _MOST]


def _strongest(reaching: list[Hit], start: int) -> tuple[Assertion, Hit | None]:
    """Of the cues that reach a mention, the one that counts.

    What is denied or only asked for is neither doubted nor past, and of the two the nearer holds; but what was there
    before and is not seen now is past. Else the word that stands outside governs the one inside: "possible old
    fracture" is in doubt, "history of possible pneumonia" past; a word behind the finding has the last say.
    """
    there = [hit for hit in reaching if hit.value.assertion is Assertion.PRESENT]
    if there:
        joins = any(hit.value.forward for hit in there)
        reaching = [hit for hit in reaching if hit not in there and not hit.value.yields]
        reaching = [hit for hit in reaching if not (joins and hit.value.joins)]
    if not reaching:
        return Assertion.PRESENT, None
    nearest = sorted(reaching, key=lambda hit: (hit.value.joins, abs(hit.start - start)))
    past = [hit for hit in nearest if hit.value.assertion is Assertion.PRIOR]
    closed = next((hit for hit in nearest if hit.value.assertion in _CLOSED), None)
    if closed is not None and not (past and not closed.value.forward and closed.value.assertion is Assertion.ABSENT):
        return closed.value.assertion, closed
    doubt = next((hit for hit in nearest if hit.value.assertion is Assertion.UNCERTAIN), None)
    if past and (doubt is None or not past[0].value.forward or past[-1].start < doubt.start):
        return Assertion.PRIOR, past[0]
    return (Assertion.UNCERTAIN, doubt) if doubt else (Assertion.PRIOR, past[0])


class _Reached:
    """A mention of the sentence ``text``, and which cues reach it."""

    __slots__ = ("_begin", "_end", "_own_end", "_sentence", "_start", "_text")

    def __init__(self, sentence: Scan, start: int, end: int, text: str) -> None:
        self._sentence, self._start, self._end, self._text = sentence, start, end, text
        self._own_end: int | None = None
        self._begin: int | None = None

    def _parted_onward(self, first: int, last: int, firmly: bool) -> bool:
        """Whether a clause begins between a word and the mention: where the two touch, only with a label."""
        if last - first <= 1 and self._text[self._end : self._end + 2].lstrip()[:1] != ":":
            return False
        if not firmly and first <= self.clause() <= last:
            return True
        return self._bounds().part_onward(first, last, firmly)

    def clause(self) -> int:
        """Where the mention's clause begins for every word before it; -1 where the sentence begins."""
        if self._begin is None:
            self._begin = self._bounds().begin(self._start)
        return self._begin

    def _parted_back(self, first: int, last: int) -> bool:
        return last - first > 1 and self._bounds().part_back(first, last)

    def _bounds(self) -> Bounds:
        """Those of the sentence, found when first asked for: most short sentences have no need of them."""
        if self._sentence.bounds is None:
            self._sentence.bounds = bounds_of(self._text, self._sentence)
        bounds: Bounds = self._sentence.bounds
        return bounds

    def by(self, hit: Hit) -> bool:
        cue: Cue = hit.value
        if cue.joins:
            return self._joined(hit)
        if cue.forward:
            return (hit.end <= self._start and self._onward(hit)) or (hit.start > self._start and self._labelled(hit))
        return hit.end > self._start and self._back(hit)

    def _onward(self, hit: Hit) -> bool:
        cue: Cue = hit.value
        first, last = hit.end, self._start
        if last - first > cue.reach or self._parted_onward(first, last, cue.wide):
            return False
        return (
            not self._stopped(cue.assertion, first, last)
            and not (cue.nearest and self._another(first, last))
            and not (cue.beyond_verb and self._named_before_a_verb(first, last, hit.end + cue.reach))
        )

    def _named_before_a_verb(self, first: int, last: int, end: int) -> bool:
        """Whether what begins at ``last`` is what is explained, for a verb or colon between it and ``end`` leads on."""
        return not tells(self._text, first, last) and tells(self._text, last, end)

    def _labelled(self, hit: Hit) -> bool:
        """Whether the cue begins what a label is said to be: "fractures: no acute fracture", "pneumonia: possible"."""
        if not 0 < hit.start - self._end <= _LABEL_REACH or self._text[self._end : hit.start].strip() not in _SAID_OF:
            return False
        own = {each.value for each in self._sentence.findings if each.start == self._start}
        other = next((each.value for each in self._sentence.findings if each.start >= hit.end), None)
        return other is None or other in own

    def _back(self, hit: Hit) -> bool:
        cue: Cue = hit.value
        first = self._end if hit.start >= self._end else self._end_of_head()
        if not 0 <= hit.start - first <= cue.reach:
            return False
        before = self._text[first : hit.start].rstrip(_BEFORE_A_CUE)
        last = first + len(before)
        if cue.label and not any(sign in self._text[last : hit.start] for sign in _LABELS):
            return False
        return (
            not (cue.last and not self._closes(hit.end))
            and not self._parted_back(first, last)
            and (cue.assertion is Assertion.PRIOR or not self._stopped(cue.assertion, first, last))
        )

    def _joined(self, hit: Hit) -> bool:
        """Whether the cue stands between this and another finding, with nothing but describing words between."""
        reach = hit.value.reach
        if self._text[hit.end : hit.end + 1].isdigit():  # "3/2019" joins nothing
            return False
        if hit.end <= self._start:
            near_enough = self._start - hit.end <= reach and not self._another(hit.end, self._start)
            near_enough = near_enough and not self._parted_onward(hit.end, self._start, firmly=False)
            return near_enough and self._another(hit.start - reach, hit.start)
        near_enough = 0 <= hit.start - self._end <= reach and not self._another(self._end, hit.start)
        near_enough = near_enough and not self._parted_back(self._end, hit.start)
        return near_enough and self._another(hit.end, hit.end + reach)

    def _another(self, first: int, last: int) -> bool:
        """Whether another finding begins at ``first`` or later and before ``last``."""
        for hits in (self._sentence.findings, self._sentence.heads):
            around = hits if len(hits) <= FEW else starting(hits, first, last)
            if any(first <= hit.start < last and hit.start != self._start and self._named(hit) for hit in around):
                return True
        return False

    def _named(self, hit: Hit) -> bool:
        """Whether a hit names a thing: "small" alone only describes one."""
        return self._text[hit.start : hit.end].lower() not in kinds()

    def _stopped(self, assertion: Assertion, first: int, last: int) -> bool:
        ends = self._sentence.ends
        if not ends or last - first <= 1:
            return False
        around = ends if len(ends) <= FEW else starting(ends, first, last)
        if assertion is Assertion.HYPOTHETICAL:  # "whether there is" is one
            first += 2
        stops = [stop for stop in around if stop.value is assertion and first <= stop.start and stop.end <= last]
        return any(not (assertion in _CLOSED and self._is_subject(first, stop)) for stop in stops)

    def _is_subject(self, first: int, stop: Hit) -> bool:
        """Whether a denial that ends at ``first`` denies the subject of the verb ``stop``: "no view shows it"."""
        of = kinds()
        if stop.start - first > _SUBJECT or of.get(self._text[stop.start : stop.end].lower()) != VERB:
            return False
        subject = self._text[first : stop.start].lower().split()
        plain = all(of.get(word, OPENS) == OPENS for word in subject)
        return bool(subject) and plain and not self._another(first, stop.start)

    def _closes(self, end: int) -> bool:
        """Whether the clause ends at ``end``."""
        rest = self._text[end : end + 2].lstrip()
        if rest.startswith(_ENDS_A_CLAUSE) or (not rest and end + 2 >= len(self._text)):
            return True
        return self._bounds().part_onward(end, end + 1, firmly=False)

    def _end_of_head(self) -> int:
        """Where the head ends in a mention that goes on to its place: "fracture not seen in a rib"."""
        if self._own_end is None:
            own = [hit.end for hit in (*self._sentence.findings, *self._sentence.heads) if hit.start == self._start]
            self._own_end = min(own, default=self._end)
        return self._own_end
