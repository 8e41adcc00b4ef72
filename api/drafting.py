"""From a report's fields and its images to a draft teaching case: scrubbed, mined, flagged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, FindingCatalogue, Observation, Region, Truth
from models.reading import DEPARTMENT
from models.report import SectionedText, SectionName, Span, join_sections
from models.series import SeriesInfo
from models.teaching_case import (
    CaseKey,
    CaseOrigin,
    CaseStatus,
    CaseStem,
    Cleaning,
    ImageRef,
    Lesion,
    Proof,
    TeachingCase,
)
from nlp.describe import region_of
from nlp.differential import differential_of
from nlp.difficulty import first_difficulty
from nlp.drafts import draft_flags, main_findings, truth_of
from nlp.image_links import StudyImages, linked
from nlp.miner import Miner
from nlp.points import teaching_points, teaching_value
from nlp.proof import proof_of
from nlp.report_parts import before_answer
from nlp.scrub import SCRUB_VERSION, scrub

if TYPE_CHECKING:  # a worker that mines reports has no use for database and archive, and starts without them
    from api.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Draftable:
    """What a case is drafted from, as its source tells it: still with whatever identifiers the source left in.

    ``source_id`` is the id people see, so it holds none. ``case_id`` is that of a stub to be filled, "" for a new case.
    """

    source: str
    source_id: str
    title: str
    history: str
    findings: str
    impression: str
    diagnosis: str
    differential: tuple[str, ...]
    discussion: str
    modality: str
    place: str
    proof: Proof
    origin: CaseOrigin
    patient: str
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class ScrubbedTexts:
    """A case's texts without identifiers. Where its source gave no impression, the report has the diagnosis for one."""

    title: str
    history: str
    report: SectionedText
    diagnosis: str
    differential: tuple[str, ...]
    discussion: str


@dataclass(frozen=True, slots=True)
class CleanImages:
    """Images in the archive, and the profile that de-identified them; ``flags`` name what a person should look at.

    ``series`` is what the images said of theirs: it tells which of them a report speaks of, and is never stored.
    """

    refs: tuple[ImageRef, ...]
    profile: str | None
    flags: tuple[str, ...] = ()
    lesions: tuple[Lesion, ...] = ()
    series: tuple[SeriesInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What reports are read with. It needs no workspace, so that other processes may read; one thread may use it."""

    findings: FindingCatalogue
    diagnoses: DiagnosisCatalogue
    miner: Miner


def draft(workspace: Workspace, miner: Miner, given: Draftable, images: CleanImages) -> TeachingCase:
    """A draft of a case. Every text is scrubbed before it is read any further (wall 2)."""
    case_id = given.case_id or workspace.opaque("case", DEPARTMENT, given.source, given.source_id)
    desk = Desk(workspace.findings, workspace.diagnoses, miner)
    return draft_of(desk, replace(given, case_id=case_id), scrubbed(given), images)


def draft_of(desk: Desk, given: Draftable, texts: ScrubbedTexts, images: CleanImages) -> TeachingCase:
    """A draft of a case whose texts are scrubbed already; ``given`` says the rest and has its case_id."""
    report = texts.report
    observations = desk.miner.observations(report)
    points = teaching_points(report, observations, desk.findings)
    points = linked(points, report.text, observations, StudyImages(images.series))
    diagnosis = _diagnosis(desk.miner, texts.diagnosis)
    findings = _findings(desk, observations, main_findings(observations, points), diagnosis)
    truth = Truth.ABNORMAL if findings or diagnosis else truth_of(observations)
    named = desk.miner.diagnoses(report)
    key = CaseKey(
        case_id=given.case_id,
        title=texts.title,
        report=report.text,
        sections=report.sections,
        truth=truth,
        findings=findings,
        observations=observations,
        diagnosis=diagnosis,
        diagnosis_text=texts.diagnosis,
        differential=texts.differential or differential_of(diagnosis, findings, named, desk.findings, desk.diagnoses),
        discussion=texts.discussion,
        origin=given.origin,
        proof=_proof(given, report, findings, diagnosis, observations, named),
        difficulty=first_difficulty(report, truth, findings, observations, desk.findings),
        points=points,
        lesions=images.lesions,
    )
    # A diagnosis of "Normal" is in no catalogue, and needs no educator's eye for that.
    recognised = bool(findings or diagnosis) or texts.diagnosis.lower().startswith("normal")
    flags = [
        *draft_flags(texts.history, report, observations, desk.findings, desk.miner, len(images.refs), diagnosis),
        # A history that goes on with findings is an educator's to cut: lab results are told in the same words.
        *(["history_gives_answer"] if before_answer(texts.history) != texts.history else []),
        *([] if recognised or not texts.diagnosis else ["nothing_recognised"]),
        *images.flags,
    ]
    return TeachingCase(
        department_id=DEPARTMENT,
        source=given.source,
        source_id=given.source_id,
        status=CaseStatus.DRAFT,
        stem=CaseStem(given.case_id, texts.history, images.refs),
        key=key,
        region=_region(desk, given, report, findings, diagnosis),
        modality=given.modality,
        patient=given.patient,
        cleaning=Cleaning(SCRUB_VERSION, images.profile),
        flags=tuple(dict.fromkeys(flags)),
        worth=teaching_value(points),
    )


def scrubbed(given: Draftable) -> ScrubbedTexts:
    """The texts of a case, each scrubbed."""
    diagnosis = scrub(given.diagnosis).text
    report = join_sections(
        (
            (SectionName.FINDINGS, scrub(given.findings).text),
            (SectionName.IMPRESSION, scrub(given.impression).text or diagnosis),
        )
    )
    return ScrubbedTexts(
        title=scrub(given.title).text or diagnosis,
        history=scrub(given.history).text,
        report=report,
        diagnosis=diagnosis,
        differential=tuple(scrub(line).text for line in given.differential),
        discussion=scrub(given.discussion).text,
    )


def _proof(
    given: Draftable,
    report: SectionedText,
    main: tuple[str, ...],
    diagnosis: str | None,
    observations: tuple[Observation, ...],
    named: tuple[tuple[str, Assertion, Span], ...],
) -> Proof:
    """What the source states, else what the report says of the diagnosis or of a main finding."""
    if given.proof is not Proof.REPORT_ONLY:
        return given.proof
    spans = [span for key, said, span in named if key == diagnosis and said is Assertion.PRESENT]
    spans += [seen.span for seen in observations if seen.finding in main and seen.assertion is Assertion.PRESENT]
    return proof_of(report, spans)[0]


def _diagnosis(miner: Miner, text: str) -> str | None:
    for key, assertion, _ in miner.diagnoses(text):
        if assertion in (Assertion.PRESENT, Assertion.UNCERTAIN):
            return key
    return None


def _findings(
    desk: Desk, observations: tuple[Observation, ...], main: tuple[str, ...], diagnosis: str | None
) -> tuple[str, ...]:
    """The keys a right answer names: what the report calls present, else what its diagnosis usually shows."""
    if main or diagnosis is None:
        return main
    mentioned = {observation.finding for observation in observations if observation.assertion is not Assertion.ABSENT}
    usual = desk.diagnoses[diagnosis].findings
    return tuple(key for key in usual if key in mentioned)


def _region(
    desk: Desk, given: Draftable, report: SectionedText, findings: tuple[str, ...], diagnosis: str | None
) -> Region:
    known = [desk.findings[key] for key in findings if key in desk.findings]
    region = region_of(f"{given.place}\n{given.title}\n{report.text}", known)
    return desk.diagnoses[diagnosis].region if region is Region.OTHER and diagnosis else region
