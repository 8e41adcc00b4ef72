"""Reports read by worker processes, on this machine or a cluster's: scrubbed, sectioned, mined.

A worker is sent texts and sends back what came of them. It knows no database, no workspace and no secret.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import compress

from api.drafting import CleanImages, Desk, Draftable, ScrubbedTexts, draft_of
from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, Detail, FindingCatalogue, Observation, Region, Side, Truth
from models.report import ReportStatus, Section, SectionedText, SectionName, join_sections, overlapping
from models.teaching_case import CaseOrigin, CaseStatus, Proof, TeachingCase
from nlp.describe import modality_code, modality_said
from nlp.known_names import without_known
from nlp.miner import Miner
from nlp.normality import is_normal, says_anything
from nlp.readable import Unreadable, why_unreadable
from nlp.report_parts import addenda, before_answer, history_of, report_parts
from nlp.revisions import details
from nlp.scrub import scrub

NO_IMAGES = CleanImages((), None)

UNCLEAR = "Not recognised"
"""The title of a case whose report neither shows anything that is known nor calls the study normal."""

NOTHING_RECOGNISED = "nothing_recognised"
"""The flag of such a case."""

HISTORY_GIVES_ANSWER = "history_gives_answer"
"""The flag of a case whose history tells its answer, or told it before that was cut off."""

_FIRST = (Assertion.PRESENT, Assertion.UNCERTAIN, Assertion.ABSENT, Assertion.PRIOR, Assertion.HYPOTHETICAL)
"""Of what a part of a report says of one finding, the earlier here counts."""

_TOLD = (Assertion.PRESENT, Assertion.UNCERTAIN, Assertion.ABSENT)


@dataclass(frozen=True, slots=True)
class UnreadReport:
    """A report on its way to a worker; ``known`` are the names and numbers its source states beside it.

    ``given`` says what is known of its case but the texts, ``status`` what kind of report it is.
    """

    given: Draftable
    status: ReportStatus
    text: str
    parts: tuple[tuple[SectionName, str], ...]
    exam: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Reports for one worker; ``catalogues`` is what ``packed`` made of those they are read with."""

    catalogues: bytes
    reports: tuple[UnreadReport, ...]


@dataclass(frozen=True, slots=True)
class MinedReport:
    """What a report says. ``findings`` holds its last word on each, ``details`` what else it says of those it shows,
    ``main`` those a right answer names.

    ``truth`` is normal only where the report calls the study so; abnormal without findings where nobody knows. ``case``
    is the draft or pool case made of it; a preliminary report makes none, nor does a ``silent`` one, which is
    ``unreadable`` or has no words of what was found. An ``unrecognised`` one shows nothing that is known, and does not
    say that all is well.
    """

    findings: Mapping[str, Assertion]
    details: Mapping[str, Detail]
    main: tuple[str, ...]
    truth: Truth
    region: Region
    modality: str
    case: TeachingCase | None
    silent: bool = False
    unrecognised: bool = False
    unreadable: Unreadable | None = None


def packed(findings: FindingCatalogue, diagnoses: DiagnosisCatalogue) -> bytes:
    """The catalogues as every batch carries them."""
    return pickle.dumps((findings, diagnoses), protocol=pickle.HIGHEST_PROTOCOL)


def mine_batch(batch: Batch) -> tuple[MinedReport, ...]:
    """What each report of the batch says, in its order."""
    if not batch.reports:  # nothing but known ones: no reason to build a miner
        return ()
    desk = _desk(batch.catalogues)
    return tuple(mine_report(desk, report) for report in batch.reports)


@lru_cache(maxsize=2)
def _desk(catalogues: bytes) -> Desk:
    findings, diagnoses = pickle.loads(catalogues)  # made by this program's own other process
    return Desk(findings, diagnoses, Miner(findings, diagnoses))


def mine_report(desk: Desk, report: UnreadReport) -> MinedReport:
    """Scrub a report, read it, and say what comes of it."""
    texts, cut = _texts(report)
    unreadable = why_unreadable(report.text or texts.report.text)
    if unreadable:
        texts = replace(texts, report=SectionedText(texts.report.text, ()))
    exam = _clean(report.exam, report.known)
    sure, doubted = _diagnoses(desk, texts.report)
    texts = replace(texts, diagnosis=sure)
    given = replace(report.given, place=exam, modality=_modality(report.given.modality, exam, texts.report))
    case = draft_of(desk, given, texts, NO_IMAGES)
    if cut:
        case = replace(case, flags=tuple(dict.fromkeys((HISTORY_GIVES_ANSWER, *case.flags))))
    if doubted and case.key.truth is Truth.NORMAL:
        flags = (*case.flags, "truth_uncertain")
        case = replace(case, key=replace(case.key, truth=Truth.ABNORMAL), flags=flags)
    silent = not says_anything(texts.report)
    normal = case.key.truth is Truth.NORMAL and is_normal(texts.report, case.key.observations)
    unrecognised = case.key.truth is Truth.NORMAL and not normal
    case = _titled(desk, case, normal)
    return MinedReport(
        findings=last_words(case.key.observations, texts.report),
        details=details(case.key.observations),
        main=case.key.findings,
        truth=Truth.NORMAL if normal else Truth.ABNORMAL,
        region=case.region,
        modality=case.modality,
        case=None if silent or report.status is ReportStatus.PRELIMINARY else case,
        silent=silent,
        unrecognised=unrecognised and not silent,
        unreadable=unreadable,
    )


def draftable(source: str, source_id: str, case_id: str, patient: str, modality: str) -> Draftable:
    """What a report's case is drafted from beside its texts."""
    return Draftable(
        source=source,
        source_id=source_id,
        title="",
        history="",
        findings="",
        impression="",
        diagnosis="",
        differential=(),
        discussion="",
        modality=modality,
        place="",
        proof=Proof.REPORT_ONLY,
        origin=CaseOrigin.CLINICAL,
        patient=patient,
        case_id=case_id,
    )


def last_words(observations: Sequence[Observation], report: SectionedText) -> dict[str, Assertion]:
    """A report's last word on each finding it mentions, by key.

    What an addendum shows or denies counts, for it is the newest. Else present anywhere is present, as for its case.
    Else the impression speaks for the whole, where it speaks of the finding at all; within one part the surest word
    counts.
    """
    words = _said(observations)
    closing = _said(_within(report.named(SectionName.IMPRESSION), observations))
    added = _said(_retold(observations, report))
    return {
        key: _surest(added[key]) if key in added else _last(said, closing.get(key, said))
        for key, said in sorted(words.items())
    }


def _retold(observations: Sequence[Observation], report: SectionedText) -> Iterable[Observation]:
    """What the addenda show or deny; to deny one side takes nothing from what is shown on another."""
    sides: dict[str, set[Side | None]] = {}
    for seen in observations:
        if seen.assertion is Assertion.PRESENT:
            sides.setdefault(seen.finding, set()).add(seen.side)
    for seen in _within(addenda(report), observations):
        one_side = seen.assertion is Assertion.ABSENT and seen.side is not None
        if seen.assertion in _TOLD and not (one_side and sides.get(seen.finding, set()) - {seen.side}):
            yield seen


def _within(sections: Iterable[Section], observations: Sequence[Observation]) -> Iterable[Observation]:
    spans = [section.span for section in sections]
    return compress(observations, overlapping(spans, [seen.span for seen in observations]))


def _said(observations: Iterable[Observation]) -> dict[str, set[Assertion]]:
    words: dict[str, set[Assertion]] = {}
    for seen in observations:
        words.setdefault(seen.finding, set()).add(seen.assertion)
    return words


def _last(said: set[Assertion], closing: set[Assertion]) -> Assertion:
    return Assertion.PRESENT if Assertion.PRESENT in said else _surest(closing)


def _surest(said: set[Assertion]) -> Assertion:
    return next(word for word in _FIRST if word in said)


def _texts(report: UnreadReport) -> tuple[ScrubbedTexts, bool]:
    """The scrubbed texts of a report, and whether its history was cut: it holds nothing of what was found (wall 1)."""
    if report.text:
        sectioned = report_parts(_clean(report.text, report.known))
        given = sectioned.body(SectionName.HISTORY)
        history = history_of(sectioned)
    else:
        parts = [(name, _clean(body, report.known)) for name, body in report.parts]
        sectioned = join_sections(tuple(part for part in parts if part[0] is not SectionName.HISTORY))
        given = "\n".join(body for name, body in parts if name is SectionName.HISTORY).strip()
        history = before_answer(given)
    return ScrubbedTexts("", history, sectioned, "", (), ""), history != given


def _clean(text: str, known: tuple[str, ...]) -> str:
    return without_known(scrub(text).text, known) if text else ""


def _diagnoses(desk: Desk, report: SectionedText) -> tuple[str, bool]:
    """The name of the first diagnosis that the report is sure of, "" where there is none; whether it doubts any."""
    found = [(key, assertion) for key, assertion, _ in desk.miner.diagnoses(report)]
    sure = next((desk.diagnoses.name(key) for key, assertion in found if assertion is Assertion.PRESENT), "")
    return sure, any(assertion is Assertion.UNCERTAIN for _, assertion in found)


def _modality(stated: str, exam: str, report: SectionedText) -> str:
    if stated:
        return stated
    named = modality_code(exam) if exam else "OT"
    if named != "OT":
        return named
    told = modality_code(f"{report.body(SectionName.OTHER)}\n{report.body(SectionName.TECHNIQUE)}")
    return told if told != "OT" else modality_said(report.body(SectionName.FINDINGS))


def _titled(desk: Desk, case: TeachingCase, normal: bool) -> TeachingCase:
    """The case under a title of what it shows; a normal one waits in the pool, an unclear one for an educator."""
    shown = [desk.findings.name(key) for key in case.key.findings]
    unclear = case.key.truth is Truth.NORMAL and not normal
    word = UNCLEAR if unclear else case.key.truth.value.capitalize()
    titled = replace(case.key, title=", ".join(shown) or case.key.diagnosis_text or word)
    flags = (*case.flags, NOTHING_RECOGNISED) if unclear else case.flags
    return replace(case, key=titled, flags=flags, status=CaseStatus.POOL if normal else CaseStatus.DRAFT)
