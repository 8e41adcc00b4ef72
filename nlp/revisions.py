"""What a final report changed of the preliminary one before it, and how much that matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from models.finding import Assertion, Detail, FindingCatalogue, Observation, Side
from nlp.rulebook import read_rules

_SHOWN = (Assertion.PRESENT, Assertion.UNCERTAIN)
_STEPS = {"borderline": 0, "mild": 1, "small": 1, "moderate": 2, "severe": 3, "large": 3}
_EVERY_HARM = 5
_USUAL_HARM = 2
_UNSURE = 0.5


class RevisionKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Told:
    """All that one report says of one finding."""

    assertion: Assertion
    detail: Detail = Detail()

    @property
    def shown(self) -> bool:
        return self.assertion in _SHOWN


@dataclass(frozen=True, slots=True)
class Revision:
    """One finding's change. ``what`` names the rules of revisions.toml that apply; ``matter`` is 0 to 1."""

    kind: RevisionKind
    finding: str
    before: Told | None
    after: Told | None
    what: tuple[str, ...]
    matter: float

    @property
    def significant(self) -> bool:
        return self.matter >= _rules()["significant"]


def details(observations: Sequence[Observation]) -> dict[str, Detail]:
    """What a report says of each finding it shows, beside that it is there; of some it says no more."""
    shown: dict[str, list[Observation]] = {}
    for seen in observations:
        if seen.assertion in _SHOWN:
            shown.setdefault(seen.finding, []).append(seen)
    found = {key: _detail(mentions) for key, mentions in shown.items()}
    return {key: detail for key, detail in found.items() if detail != Detail()}


def told(words: Mapping[str, Assertion], more: Mapping[str, Detail]) -> dict[str, Told]:
    """A report's last word on each finding, with what else it says of it."""
    return {key: Told(word, more.get(key, Detail())) for key, word in words.items()}


def revisions(
    before: Mapping[str, Told], after: Mapping[str, Told], findings: FindingCatalogue
) -> tuple[Revision, ...]:
    """What the later report added, removed or changed, what matters most first.

    A kind of a finding in its place, "pneumothorax" for "tension pneumothorax", is a change and no addition. A
    finding that neither report shows is no revision.
    """
    found: list[Revision] = []
    answered: set[str] = set()
    for key, now in after.items():
        if not now.shown:
            continue
        then = before.get(key)
        if then is None or not then.shown:
            kin = _kin(key, before, findings)
            answered |= {kin} if kin else set()
            found.append(_related(key, kin, before, now, findings) if kin else _one_sided(key, then, now, findings))
        elif what := _differences(then, now):
            found.append(_revision(RevisionKind.CHANGED, key, then, now, what, findings))
    for key, then in before.items():
        now_told = after.get(key)
        gone = then.shown and not (now_told and now_told.shown) and key not in answered
        if gone and not _kin(key, after, findings):
            found.append(_one_sided(key, then, now_told, findings))
    return tuple(sorted(found, key=lambda revision: (-revision.matter, revision.finding)))


def _detail(mentions: Sequence[Observation]) -> Detail:
    words = [word for seen in mentions for word in seen.severity if word in _STEPS]
    return Detail(
        sides=_sides(seen.side for seen in mentions if seen.side),
        severity=max(words, key=_STEPS.__getitem__, default=None),
        size_mm=max((seen.size_mm for seen in mentions if seen.size_mm is not None), default=None),
    )


def _sides(sides: Iterable[Side]) -> frozenset[Side]:
    told_sides = frozenset(sides)
    both = frozenset((Side.LEFT, Side.RIGHT))
    return both if Side.BILATERAL in told_sides else told_sides


def _kin(key: str, among: Mapping[str, Told], findings: FindingCatalogue) -> str | None:
    """A shown finding that is a kind of ``key``, or what it is a kind of."""
    kin = (o for o, told_of in among.items() if told_of.shown and (findings.is_a(o, key) or findings.is_a(key, o)))
    return next((other for other in kin if other != key), None)


def _related(key: str, kin: str, before: Mapping[str, Told], now: Told, findings: FindingCatalogue) -> Revision:
    exact = "more_exact" if findings.is_a(key, kin) else "less_exact"
    what = (exact, *_differences(before[kin], now))
    return _revision(RevisionKind.CHANGED, key, before[kin], now, what, findings)


def _one_sided(key: str, then: Told | None, now: Told | None, findings: FindingCatalogue) -> Revision:
    """A finding that one report alone shows; the other may deny it or call it old."""
    if now is not None and now.shown:
        return _revision(RevisionKind.ADDED, key, then, now, ("added",), findings)
    what = "removed" if now is not None else "left_out"
    return _revision(RevisionKind.REMOVED, key, then, now, (what,), findings)


def _differences(then: Told, now: Told) -> tuple[str, ...]:
    what: list[str] = []
    old, new = then.detail, now.detail
    if then.assertion is not now.assertion:
        what.append("sure_now" if now.assertion is Assertion.PRESENT else "doubted_now")
    if old.sides and new.sides and not old.sides & new.sides:
        what.append("other_side")
    elif old.sides != new.sides:
        what.append("side_told")
    if _steps(old, new):
        what.append("severity_step")
    if old.size_mm and new.size_mm:
        larger, smaller = max(old.size_mm, new.size_mm), min(old.size_mm, new.size_mm)
        what += ["size"] if larger >= _rules()["size_ratio"] * smaller else []
    return tuple(what)


def _steps(old: Detail, new: Detail) -> int:
    """Steps between two degrees; 0 where one of them is not told."""
    return abs(_STEPS[new.severity] - _STEPS[old.severity]) if old.severity and new.severity else 0


def _revision(
    kind: RevisionKind,
    key: str,
    then: Told | None,
    now: Told | None,
    what: tuple[str, ...],
    findings: FindingCatalogue,
) -> Revision:
    harm = findings[key].harm if key in findings else _USUAL_HARM
    shown = [each for each in (then, now) if each is not None and each.shown]
    unsure = kind is not RevisionKind.CHANGED and all(each.assertion is Assertion.UNCERTAIN for each in shown)
    steps = _steps(then.detail, now.detail) if then and now else 1
    worth = max(_rules()[name] * (steps if name == "severity_step" else 1) for name in what)
    matter = min(1.0, harm / _EVERY_HARM * worth) * (_UNSURE if unsure else 1.0)
    return Revision(kind, key, then, now, what, round(matter, 3))


@cache
def _rules() -> Mapping[str, float]:
    return read_rules("rules/revisions")
