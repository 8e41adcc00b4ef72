"""Names that only the lists tell, wherever in a text they stand."""

from __future__ import annotations

from collections.abc import Iterator

from nlp.name_parts import Trust
from nlp.name_words import NAME, Says, Words, meanings, plain_letters
from nlp.names import name_at

_LONG = 5
"""Letters: so long a listed name is one however it is written."""


def listed_names(words: Words) -> Iterator[tuple[int, int]]:
    """(first word, count) of the names that the lists tell, wherever they stand."""
    at = 0
    while at < len(words):
        says = words.says[at]
        if says & (Says.PLAIN | Says.END) and not says & NAME:
            at += 1
            continue
        count = _listed_at(words, at) if says & NAME or (not says and words.capital(at)) else 0
        if count:
            yield at, count
        at += max(count, 1)


def _listed_at(words: Words, at: int) -> int:
    count = name_at(words, at, Trust.LISTED if words.says[at] & NAME else Trust.LIKELY)
    if count > 1:
        if _pair(words, at, count):
            return count
        return 0 if of_medicine(words, at, count) else _lone(words, at)
    return _lone(words, at)


def _pair(words: Words, at: int, count: int) -> bool:
    """Whether two and more words together are a person's: one listed name beside a second or beside no known word."""
    places = [place for place in range(at, at + count) if len(words.lows[place]) > 1]
    if len(places) < 2 or not _alike(words, places) or of_medicine(words, at, count):
        return False
    says = [words.says[place] for place in places]
    sure = [bool(one & NAME) and not one & (Says.PLAIN | Says.EPONYM | Says.LAND) for one in says]
    listed = [bool(one & NAME) for one in says]
    turned = "," in words.text[words.starts[at] : words.starts[at + count - 1]]
    given = bool(says[0] & Says.GIVEN) or (turned and bool(says[1] & Says.GIVEN))
    if words.titled(at):
        # Two words that nobody knows, with an initial between or long ones: "Xenobia Quarrington".
        strange = not any(one & (Says.PLAIN | Says.EPONYM | Says.LAND) for one in says)
        apart = len(places) < count or all(len(words.lows[place]) > 3 for place in places)
        unknown = strange and apart and not words.text.startswith(":", words.ends[at + count - 1])
        if turned and sure[0] and not says[1]:
            return True
        return (any(sure) and (given or all(sure))) or (given and all(listed) and not says[0] & Says.LAND) or unknown
    long = [len(words.lows[place]) > 2 for place in places]
    if turned and says[1] & Says.GIVEN and sure[1] and len(words.lows[places[1]]) > 3 and listed[0]:
        return True
    return (sum(sure) > 1 and all(long)) or (
        bool(says[0] & Says.GIVEN) and sure[0] and long[0] and not any(one & Says.PLAIN for one in says)
    )


def _alike(words: Words, places: list[int]) -> bool:
    """Whether all have a capital, or none."""
    capitals = [words.capital(place) for place in places if not words.says[place] & Says.PARTICLE]
    return all(capitals) or not any(capitals)


def _lone(words: Words, at: int) -> int:
    """1 where a listed name stands alone: a long one however written, a short one with a capital in a sentence."""
    says, low = words.says[at], words.lows[at]
    if not says & NAME or says & (Says.PLAIN | Says.EPONYM | Says.END | Says.LAND) or len(low) < 3 or words.glued(at):
        return 0
    if of_medicine(words, at, 1):
        return 0
    if words.titled(at) and words.near(at) and (words.word(at - 1).islower() or words.says[at - 1] & Says.END):
        return 1
    return int(len(low) >= _LONG and plain_letters(low).removesuffix("'s") in meanings())


def of_medicine(words: Words, at: int, count: int) -> bool:
    """Whether the names are an eponym: before "sign" or "disease", or joined to another."""
    following = at + count
    if following < len(words) and words.says[following] & Says.NOUN and words.near(following):
        return True
    last = words.lows[following - 1]
    return (
        last.endswith(("'s", "’s"))
        and following < len(words)
        and words.near(following)
        and bool(words.says[following] & Says.PLAIN)
        and not words.capital(following)
    )
