"""What else a case might be: what its report considers, then what the catalogue says it is taken for."""

from __future__ import annotations

from collections.abc import Sequence

from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, FindingCatalogue
from models.report import Span

MOST = 6


def differential_of(
    diagnosis: str | None,
    main: Sequence[str],
    named: Sequence[tuple[str, Assertion, Span]],
    findings: FindingCatalogue,
    diagnoses: DiagnosisCatalogue,
) -> tuple[str, ...]:
    """Names, likeliest first, at most ``MOST``; the diagnosis itself and its kinds are not among them.

    ``named`` are the diagnoses the report names: those it doubts or denies come first, then mimics of the diagnosis,
    then, where there is none, mimics of the first main finding.
    """
    considered = [key for key, said, _ in named if said is Assertion.UNCERTAIN]
    excluded = [key for key, said, _ in named if said is Assertion.ABSENT]
    mimics = diagnoses[diagnosis].mimics if diagnosis is not None and diagnosis in diagnoses else ()
    keys = [key for key in (*considered, *mimics, *excluded) if not _same(key, diagnosis, diagnoses)]
    names = [diagnoses.name(key) for key in keys]
    if diagnosis is None and main and main[0] in findings:
        names += [findings.name(key) for key in findings[main[0]].mimics]
    return tuple(dict.fromkeys(names))[:MOST]


def _same(key: str, diagnosis: str | None, diagnoses: DiagnosisCatalogue) -> bool:
    return diagnosis is not None and (diagnoses.is_a(key, diagnosis) or diagnoses.is_a(diagnosis, key))
