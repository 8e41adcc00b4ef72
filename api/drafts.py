"""Drafts: an educator reviews a case beside its images, edits it, and approves or rejects it with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.door import VIEW_DRAFT, Caller, OpenWorkspace, allow, note
from api.plain_text import PlainText
from api.revision_views import RevisionView, revision_views
from api.rights import Permission
from api.views import ImageRefView, LesionView, Named, PointView, ReportView
from api.wording import Judge, OpenJudge
from api.workspace import Workspace
from models.errors import BadInput
from models.finding import Region, Truth
from models.report import SectionedText, Span
from models.teaching_case import CaseKey, CaseStatus, CaseStem, Lesion, Proof, TeachingCase, TeachingPoint
from nlp.points import reasons_of
from nlp.scrub import scrub
from nlp.tags import tags_of
from store import cases
from store.database import Transaction

router = APIRouter(prefix="/api/drafts", tags=["drafts"])

LONGEST_REPORT = 1_000_000
LONGEST_WORDING = 4_000
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class DraftLine(BaseModel):
    case_id: str
    title: str
    modality: str
    region: str
    images: int
    flags: list[str]
    clean: bool
    truth: str
    origin: str
    status: str
    priority: float


class DraftList(BaseModel):
    """``ready`` drafts have images, ``waiting`` ones have none yet. ``counts`` are by status."""

    total: int
    counts: dict[str, int]
    ready: int
    waiting: int
    items: list[DraftLine]


class ObservationView(BaseModel):
    finding: str
    name: str
    assertion: str
    start: int
    end: int
    side: str | None


class CleaningView(BaseModel):
    scrub: str | None
    profile: str | None
    clean: bool


class ReasonView(BaseModel):
    """Why a point is ranked where it is: in words, with the points it adds or takes (rules/points.toml)."""

    says: str
    points: float


class DraftPointView(PointView):
    reasons: list[ReasonView]


class Draft(BaseModel):
    """A whole case, as an educator sees it."""

    case_id: str
    title: str
    status: str
    version: int
    origin: str
    source: str
    source_id: str
    history: str
    modality: str
    region: str
    truth: str
    findings: list[Named]
    diagnosis: Named | None
    diagnosis_text: str
    differential: list[str]
    discussion: str
    proof: str
    difficulty: float
    report: ReportView
    points: list[DraftPointView]
    observations: list[ObservationView]
    lesions: list[LesionView]
    images: list[ImageRefView]
    flags: list[str]
    tags: list[str]
    revisions: list[RevisionView]
    may_reword: bool
    cleaning: CleaningView


class PointWish(BaseModel):
    finding: PlainText = Field(max_length=80)
    start: int = Field(ge=0, le=LONGEST_REPORT)
    end: int = Field(ge=1, le=LONGEST_REPORT)
    images: list[PlainText] = Field(default_factory=list, max_length=40)
    wording: PlainText = Field(default="", max_length=LONGEST_WORDING)


class DraftEdit(BaseModel):
    """The editable part of a draft; ``version`` is the one that was read."""

    version: Version
    title: PlainText = Field(max_length=300)
    history: PlainText = Field(max_length=8000)
    region: Region
    truth: Truth
    findings: list[PlainText] = Field(max_length=20)
    diagnosis: PlainText | None = Field(default=None, max_length=80)
    diagnosis_text: PlainText = Field(max_length=2000)
    differential: list[PlainText] = Field(max_length=30)
    proof: Proof
    difficulty: float = Field(ge=-6, le=6)
    points: list[PointWish] = Field(max_length=40)
    lesions: list[LesionView] = Field(max_length=60)


class Approval(BaseModel):
    version: Version


class Rejection(BaseModel):
    version: Version
    reason: PlainText = Field(min_length=3, max_length=2000)


@router.get("")
def queue(
    workspace: OpenWorkspace,
    status: Literal["draft", "approved", "rejected"] = "draft",
    q: Annotated[PlainText, Query(max_length=100)] = "",
    limit: int = Query(default=50, ge=1, le=200),
    offset: int = Query(default=0, ge=0, le=1_000_000),
    images: bool | None = None,
    caller: Caller = allow(Permission.EDIT_DRAFTS),
) -> DraftList:
    """Cases of one status: drafts by priority, others oldest first. ``images`` asks for those with or without."""
    with workspace.database.transaction() as tx:
        total, lines = cases.search(tx, caller.department_id, CaseStatus(status), q, limit, offset, images)
        counts = cases.counts(tx, caller.department_id)
        ready, waiting = cases.drafts_with_images(tx, caller.department_id)
        note(tx, workspace, caller, "list drafts", status)
    shown = [
        DraftLine(
            case_id=line.case_id,
            title=line.title,
            modality=line.modality,
            region=line.region.value,
            images=line.images,
            flags=list(line.flags),
            clean=line.clean,
            truth=line.truth.value,
            origin=line.origin.value,
            status=line.status.value,
            priority=line.priority,
        )
        for line in lines
    ]
    by_status = {key.value: number for key, number in counts.items()}
    return DraftList(total=total, counts=by_status, ready=ready, waiting=waiting, items=shown)


@router.get("/{case_id}")
def get(case_id: str, workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)) -> Draft:
    """One case with its report, spans, lesions and images."""
    with workspace.database.transaction() as tx:
        note(tx, workspace, caller, VIEW_DRAFT, case_id)
        return _draft(tx, workspace, caller, case_id)


@router.put("/{case_id}")
def edit(
    case_id: str,
    wish: DraftEdit,
    workspace: OpenWorkspace,
    judge: OpenJudge,
    caller: Caller = allow(Permission.EDIT_DRAFTS),
) -> Draft:
    """Replace the editable part. What an educator types is scrubbed as a report is."""
    with workspace.database.transaction() as tx:
        before = cases.get(tx, caller.department_id, case_id)
        cases.edit(tx, _edited(workspace, judge, before, wish), wish.version)
        note(tx, workspace, caller, "edit draft", case_id)
        return _draft(tx, workspace, caller, case_id)


@router.post("/{case_id}/approval")
def approve(
    case_id: str, wish: Approval, workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)
) -> Draft:
    """Let readers meet this case. Refused where scrub or Basic Profile did not run (wall 2)."""
    decision = cases.Decision(CaseStatus.APPROVED, caller.account.account_id, workspace.now())
    return _decide(workspace, caller, case_id, wish.version, decision)


@router.post("/{case_id}/rejection")
def reject(
    case_id: str, wish: Rejection, workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)
) -> Draft:
    """Set a draft aside, with the reason."""
    reason = scrub(wish.reason).text
    decision = cases.Decision(CaseStatus.REJECTED, caller.account.account_id, workspace.now(), reason)
    return _decide(workspace, caller, case_id, wish.version, decision)


def _decide(workspace: Workspace, caller: Caller, case_id: str, version: int, decision: cases.Decision) -> Draft:
    with workspace.database.transaction() as tx:
        cases.decide(tx, caller.department_id, case_id, version, decision)
        note(tx, workspace, caller, f"{decision.status.value} draft", case_id)
        return _draft(tx, workspace, caller, case_id)


def _edited(workspace: Workspace, judge: Judge, before: TeachingCase, wish: DraftEdit) -> TeachingCase:
    key = before.key
    edited = CaseKey(
        case_id=before.case_id,
        title=scrub(wish.title).text,
        report=key.report,
        sections=key.sections,
        truth=wish.truth,
        findings=tuple(_known(workspace, name) for name in wish.findings),
        observations=key.observations,
        diagnosis=_known_diagnosis(workspace, wish.diagnosis),
        diagnosis_text=scrub(wish.diagnosis_text).text,
        differential=tuple(scrub(line).text for line in wish.differential),
        discussion=key.discussion,
        origin=key.origin,
        proof=wish.proof,
        difficulty=wish.difficulty,
        points=tuple(_point(workspace, judge, before, point) for point in wish.points),
        lesions=_lesions(workspace, before.stem, wish.lesions),
        imitates=key.imitates,
    )
    if (edited.truth is Truth.ABNORMAL) != bool(edited.findings or edited.diagnosis):
        raise BadInput("truth", "and findings contradict each other", "name what is shown, or call the case normal")
    stem = CaseStem(before.case_id, scrub(wish.history).text, before.stem.images)
    return replace(before, stem=stem, key=edited, region=wish.region)


def _point_view(point: TeachingPoint, name: str) -> DraftPointView:
    reasons = [ReasonView(says=says, points=points) for says, points in reasons_of(point)]
    return DraftPointView(**PointView.of(point, name).model_dump(), reasons=reasons)


def _known(workspace: Workspace, finding: str) -> str:
    if finding not in workspace.findings:
        raise BadInput("findings", "names one the catalogue does not hold", "choose it by the search")
    return finding


def _known_diagnosis(workspace: Workspace, diagnosis: str | None) -> str | None:
    if diagnosis is not None and diagnosis not in workspace.diagnoses:
        raise BadInput("diagnosis", "is none the catalogue holds", "choose it by the search")
    return diagnosis


def _point(workspace: Workspace, judge: Judge, before: TeachingCase, wish: PointWish) -> TeachingPoint:
    report = before.key.report
    if not wish.start < wish.end <= len(report):
        raise BadInput("points", "lie outside the report", "choose the sentence again")
    if not {*wish.images} <= {ref.image_id for ref in before.stem.images}:
        raise BadInput("points", "name an image that is not of this case", "choose it again")
    span, wording = Span(wish.start, wish.end), scrub(wish.wording.strip()).text
    if wording:
        wording = judge.check(SectionedText(report, before.key.sections), span, wording)
    kept = [point for point in before.key.points if (point.finding, point.span) == (wish.finding, span)]
    reasons = kept[0].reasons if kept else ()
    return TeachingPoint(_known(workspace, wish.finding), span.of(report), span, tuple(wish.images), wording, reasons)


def _lesions(workspace: Workspace, stem: CaseStem, wishes: list[LesionView]) -> tuple[Lesion, ...]:
    frames = {ref.image_id: ref.frames for ref in stem.images}
    for wish in wishes:
        if not 1 <= wish.frame <= frames.get(wish.image_id, 0) or wish.radius <= 0:
            raise BadInput("lesions", "lie on no image of this case, or have no size", "draw them again")
    return tuple(Lesion(_known(workspace, w.finding), w.image_id, w.frame, w.x, w.y, w.radius) for w in wishes)


def _draft(tx: Transaction, workspace: Workspace, caller: Caller, case_id: str) -> Draft:
    case = cases.get(tx, caller.department_id, case_id)
    key, findings = case.key, workspace.findings
    named = key.diagnosis
    return Draft(
        case_id=case.case_id,
        title=key.title,
        status=case.status.value,
        version=cases.version(tx, case_id),
        origin=key.origin.value,
        source=case.source,
        source_id=case.source_id,
        history=case.stem.history,
        modality=case.modality,
        region=case.region.value,
        truth=key.truth.value,
        findings=[Named(key=name, name=findings.name(name)) for name in key.findings],
        diagnosis=Named(key=named, name=workspace.diagnoses.name(named)) if named else None,
        diagnosis_text=key.diagnosis_text,
        differential=list(key.differential),
        discussion=key.discussion,
        proof=key.proof.value,
        difficulty=key.difficulty,
        report=ReportView.of(key.report, key.sections),
        points=[_point_view(point, findings.name(point.finding)) for point in key.points],
        observations=[
            ObservationView(
                finding=o.finding,
                name=findings.name(o.finding),
                assertion=o.assertion.value,
                start=o.span.start,
                end=o.span.end,
                side=o.side.value if o.side else None,
            )
            for o in key.observations
        ],
        lesions=[LesionView.of(lesion, findings.name(lesion.finding)) for lesion in key.lesions],
        images=[ImageRefView.of(ref) for ref in case.stem.images],
        flags=list(case.flags),
        tags=list(tags_of(key, findings)),
        revisions=revision_views(tx, workspace, caller.department_id, case_id),
        may_reword=workspace.rewriter is not None,
        cleaning=CleaningView(scrub=case.cleaning.scrub, profile=case.cleaning.profile, clean=case.cleaning.clean),
    )
