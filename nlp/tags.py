"""Words a case is filed under, all derived from what is known of it."""

from __future__ import annotations

from models.finding import Assertion, Change, FindingCatalogue, Observation, Truth
from models.teaching_case import CaseKey, Proof

_URGENT_HARM = 5
_SUBTLE = ("mild", "small", "borderline")
_SMALL_MM = 10.0


def tags_of(key: CaseKey, findings: FindingCatalogue) -> tuple[str, ...]:
    """Tags of a whole case, for educators and, after commit, readers: they give the answer away.

    ``normal``; or the organs of its main findings and, where they hold, ``urgent``, ``subtle``, ``several_findings``,
    ``mimic`` (a main finding is easily taken for another), ``comparison`` (the report compares), ``proved``.
    """
    proved = ("proved",) if key.proof is not Proof.REPORT_ONLY else ()
    if key.truth is Truth.NORMAL:
        return ("normal", *proved)
    main = [findings[name] for name in key.findings if name in findings]
    told = [o for o in key.observations if o.finding in key.findings and o.assertion is not Assertion.ABSENT]
    holds = {
        "urgent": any(finding.harm >= _URGENT_HARM for finding in main),
        "subtle": bool(told) and all(_is_subtle(seen) for seen in told),
        "several_findings": len(main) > 1,
        "mimic": any(finding.mimics for finding in main),
        "comparison": any(seen.change in (Change.NEW, Change.INCREASED, Change.DECREASED) for seen in told),
    }
    organs = [finding.family for finding in main]
    return (*dict.fromkeys(organs), *(tag for tag, held in holds.items() if held), *proved)


def _is_subtle(seen: Observation) -> bool:
    return any(word in _SUBTLE for word in seen.severity) or (seen.size_mm is not None and seen.size_mm <= _SMALL_MM)
