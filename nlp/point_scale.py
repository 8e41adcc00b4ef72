"""The scale of ``rules/points.toml``: what makes a finding worth teaching, each factor with number and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from models.finding import Finding
from models.teaching_case import Reason
from nlp.rulebook import read_rules

_NEXT_REACH = 240


@dataclass(frozen=True, slots=True)
class Factor:
    """A summand of the scale: how many points, and how a person reads it."""

    points: float
    says: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The tables of ``points.toml``.

    ``plain`` are the factors as reasons of amount one; ``near`` maps a word by the finding to its factor; ``pursued``
    are words of the next sentence; ``explains`` is ``explained_by`` the other way round.
    """

    by_harm: Mapping[int, float]
    by_finding: Mapping[str, float]
    factors: Mapping[str, Factor]
    plain: Mapping[str, Reason]
    reach: int
    near: Mapping[str, str]
    pursued: frozenset[str]
    explained_by: Mapping[str, tuple[str, ...]]
    explains: Mapping[str, tuple[str, ...]]

    def base(self, finding: Finding) -> float:
        """What the finding is worth by itself."""
        worth = self.by_finding.get(finding.key)
        return self.by_harm[finding.harm] if worth is None else worth

    def says(self, reason: Reason) -> str:
        """The reason in words."""
        known = self.factors.get(reason.factor)
        return known.says.format(value=reason.amount) if known else reason.factor

    def reason(self, factor: str, amount: float) -> Reason:
        """So much of a factor."""
        return Reason(factor, round(self.factors[factor].points * amount, 3), amount)

    def named_near(self, text: str, low: int, high: int) -> set[str]:
        """The factors that words of ``text`` between the two places name."""
        near = self.near
        return {near[word] for word in _words(text[low:high]) if word in near}

    def goes_on(self, text: str, start: int, end: int) -> bool:
        """Whether the sentence at ``start`` to ``end`` still speaks of what the one before it said."""
        return not self.pursued.isdisjoint(_words(text[start : min(end, start + _NEXT_REACH)]))


def _words(text: str) -> list[str]:
    """The words in small letters. Three marks stand beside words in nearly all prose; a pattern would take longer."""
    return text.lower().replace(".", " ").replace(",", " ").replace("/", " ").split()


@cache
def shipped_scale() -> Scale:
    """The scale this package ships."""
    rules = read_rules("rules/points")
    near = dict(rules["near"])
    reach = near.pop("reach")
    explained = {sign: tuple(meanings) for sign, meanings in rules["explained_by"].items()}
    meanings = dict.fromkeys(meaning for several in explained.values() for meaning in several)
    factors = {name: Factor(float(entry["points"]), entry["says"]) for name, entry in rules["factors"].items()}
    return Scale(
        by_harm={int(harm): float(worth) for harm, worth in rules["by_harm"].items()},
        by_finding={key: float(worth) for key, worth in rules["by_finding"].items()},
        factors=factors,
        plain={name: Reason(name, factor.points) for name, factor in factors.items()},
        reach=reach,
        near={word: factor for factor, words in near.items() for word in words},
        pursued=frozenset(rules["next"]["pursued"]),
        explained_by=explained,
        explains={one: tuple(sign for sign, by in explained.items() if one in by) for one in meanings},
    )
