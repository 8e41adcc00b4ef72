"""Answers: committed once, graded in the same transaction, and only then opened."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api.door import VIEW_DRAFT, Caller, OpenWorkspace, allow, note
from api.jobs import REPLAY_READER, Queue
from api.learning import Learning
from api.plain_text import PlainText
from api.practice_sets import OpenLearning
from api.rights import Permission
from api.views import ChanceView, ImageRefView, LesionView, MarkView, Named, PointView, ReportView
from api.workspace import Workspace
from models.errors import BadInput, Conflict, NotFound
from models.finding import Truth
from models.reading import Answer, Dispute, Mark, Reader, Reading, ReadingSource, Skills
from models.teaching_case import CaseKey, CaseStem
from recommender.grade import Grade, grade
from recommender.mimics import said_instead
from store import audit, cases, disputes, history, jobs, library, readers, sets, states
from store.database import Transaction
from store.jobs import Job

router = APIRouter(prefix="/api/readings", tags=["readings"])


class AnswerWish(BaseModel):
    normal: bool
    findings: list[PlainText] = Field(default_factory=list, max_length=20)
    diagnosis: PlainText | None = Field(default=None, max_length=80)
    marks: list[MarkView] = Field(default_factory=list, max_length=40)
    confidence: int | None = Field(default=None, ge=0, le=100)

    def answer(self) -> Answer:
        """Raises BadInput where the answer says both or neither of normal and something found."""
        something = bool(self.findings or self.diagnosis or self.marks)
        if self.normal == something:
            raise BadInput(
                "answer", "is both normal and not, or neither", "choose normal, or mark and name what you see"
            )
        marks = tuple(Mark(mark.image_id, mark.frame, mark.x, mark.y) for mark in self.marks)
        return Answer(self.normal, tuple(self.findings), self.diagnosis, marks, self.confidence)


class ReadingWish(BaseModel):
    set_id: PlainText = Field(max_length=64)
    case_id: PlainText = Field(max_length=64)
    answer: AnswerWish
    seconds: float | None = Field(default=None, ge=0, le=86_400)


class Committed(BaseModel):
    reading_id: str


class AnswerView(BaseModel):
    normal: bool
    findings: list[Named]
    diagnosis: Named | None
    marks: list[MarkView]
    confidence: int | None


class ChangeView(BaseModel):
    label: str
    before: ChanceView
    after: ChanceView


class Feedback(BaseModel):
    """Everything about a case, for the reader who committed an answer to it."""

    reading_id: str
    case_id: str
    read_at: datetime | None
    correct: bool
    verdict: str
    answer: AnswerView
    truth: str
    findings: list[Named]
    diagnosis: str
    differential: list[str]
    discussion: str
    origin: str
    proof: str
    lesions: list[LesionView]
    report: ReportView
    points: list[PointView]
    reason: str
    chance: ChanceView
    change: list[ChangeView]
    images: list[ImageRefView]
    next_position: int | None


class DisputeWish(BaseModel):
    text: PlainText = Field(min_length=3, max_length=4000)


class Disputed(BaseModel):
    dispute_id: str


@router.post("", status_code=201)
def commit(
    wish: ReadingWish,
    request: Request,
    workspace: OpenWorkspace,
    learning: OpenLearning,
    caller: Caller = allow(Permission.PRACTISE),
) -> Committed:
    """Commit an answer. The same answer again gives the same reading; another answer is refused."""
    answer = wish.answer.answer()
    with workspace.database.transaction() as tx:
        readers.lock(tx, caller.reader_id)
        sets.get(tx, caller.reader_id, wish.set_id)
        sets.recommendation(tx, wish.set_id, wish.case_id)
        before = sets.answered(tx, wish.set_id, wish.case_id)
        if before:
            return _again(tx, before, answer)
        if sets.newest(tx, caller.reader_id) != wish.set_id:
            raise Conflict("this set was replaced by a newer one; go on with that")
        stem = library.stem(tx, caller.reader_id, wish.case_id)
        reading = _reading(tx, workspace, learning, caller, wish, stem, answer)
        history.add(tx, reading)
        sets.mark_read(tx, wish.set_id, wish.case_id, reading.reading_id)
        taken = learning.take_in(tx, Reader(caller.reader_id, caller.department_id), reading)
        states.note_changes(tx, caller.department_id, reading.reading_id, taken.changes)
        job_id = _replay_later(tx, workspace, caller) if taken.late else None
        note(tx, workspace, caller, "commit answer", reading.reading_id, subject=caller.reader_id)
    if job_id:
        queue: Queue = request.app.state.queue
        queue.enqueue(job_id)
    return Committed(reading_id=reading.reading_id)


@router.get("/{reading_id}/feedback")
def feedback(reading_id: str, workspace: OpenWorkspace, caller: Caller = allow(Permission.PRACTISE)) -> Feedback:
    """The key of a case beside the reader's own answer."""
    with workspace.database.transaction() as tx:
        reading = _own(tx, caller, reading_id)
        key = library.key(tx, reading.case_id, reading)
        note(tx, workspace, caller, "reveal key", reading.case_id, subject=caller.reader_id)
        return _feedback(tx, workspace, reading, key)


@router.post("/{reading_id}/disputes", status_code=201)
def dispute(
    reading_id: str, wish: DisputeWish, workspace: OpenWorkspace, caller: Caller = allow(Permission.PRACTISE)
) -> Disputed:
    """Object to a case's key; an educator settles it."""
    with workspace.database.transaction() as tx:
        reading = _own(tx, caller, reading_id)
        raised = Dispute(workspace.new_id(), reading_id, reading.case_id, wish.text, workspace.now())
        disputes.add(tx, caller.department_id, raised)
        note(tx, workspace, caller, "dispute", reading.case_id, subject=caller.reader_id)
    return Disputed(dispute_id=raised.dispute_id)


def _replay_later(tx: Transaction, workspace: Workspace, caller: Caller) -> str:
    """A job's row, in the transaction that causes it; the queue hears of it after the commit."""
    job = Job(workspace.new_id(), caller.department_id, REPLAY_READER, {"reader_id": caller.reader_id}, workspace.now())
    jobs.add(tx, job)
    return job.job_id


def _again(tx: Transaction, reading_id: str, answer: Answer) -> Committed:
    stored = history.get(tx, reading_id)
    if stored is None or stored.answer != answer:
        raise Conflict("this case was answered already; the first answer stands")
    return Committed(reading_id=reading_id)


def _own(tx: Transaction, caller: Caller, reading_id: str) -> Reading:
    reading = history.get(tx, reading_id)
    if reading is None or reading.reader_id != caller.reader_id:
        raise NotFound("you have no such reading")
    return reading


def _reading(
    tx: Transaction,
    workspace: Workspace,
    learning: Learning,
    caller: Caller,
    wish: ReadingWish,
    stem: CaseStem,
    answer: Answer,
) -> Reading:
    known = {ref.image_id: ref.frames for ref in stem.images}
    for mark in answer.marks:
        if not 1 <= mark.frame <= known.get(mark.image_id, 0):
            raise BadInput("answer.marks", "lie on an image that is not of this case", "mark the images shown")
    key = library.key_to_grade(tx, caller.department_id, wish.case_id)
    graded = _graded(answer, key, stem, workspace)
    case = learning.library(tx, caller.department_id).by_id.get(wish.case_id)
    return Reading(
        reading_id=workspace.new_id(),
        department_id=caller.department_id,
        reader_id=caller.reader_id,
        case_id=wish.case_id,
        source=ReadingSource.PRACTICE,
        sequence=history.next_sequence(tx, caller.reader_id, ReadingSource.PRACTICE),
        correct=graded.correct,
        skills=case.skills if case else _skills(key),
        answer=answer,
        answered=said_instead(answer, key),
        read_at=workspace.now(),
        seconds=wish.seconds,
        set_id=wish.set_id,
        weight=0.0 if _saw_key(tx, caller, wish.case_id) else 1.0,
    )


def _saw_key(tx: Transaction, caller: Caller, case_id: str) -> bool:
    """Whether this person looked at the case as an educator: such a read is stored and tells nothing of their skill."""
    return audit.did(tx, caller.account.account_id, VIEW_DRAFT, case_id)


def _skills(key: CaseKey) -> Skills:
    shown = key.findings[0] if key.findings else None
    return Skills(key.truth, shown if key.truth is Truth.ABNORMAL else key.imitates)


def _graded(answer: Answer, key: CaseKey, stem: CaseStem, workspace: Workspace) -> Grade:
    return grade(answer, key, workspace.findings, stem.images)


def _feedback(tx: Transaction, workspace: Workspace, reading: Reading, key: CaseKey) -> Feedback:
    refs = cases.images(tx, reading.case_id)
    answer = reading.answer or Answer(normal=False)
    findings = workspace.findings
    set_id = reading.set_id or ""
    _, recommended = sets.recommendation(tx, set_id, reading.case_id)
    unread = [position for position, read in sets.readings_of(tx, set_id).items() if read is None]
    graded = _graded(answer, key, CaseStem(reading.case_id, "", refs), workspace)
    return Feedback(
        reading_id=reading.reading_id,
        case_id=reading.case_id,
        read_at=reading.read_at,
        correct=reading.correct,
        verdict=graded.sentence,
        answer=_answer_view(workspace, answer),
        truth=key.truth.value,
        findings=[Named(key=name, name=findings.name(name)) for name in key.findings],
        diagnosis=key.diagnosis_text or (workspace.diagnoses.name(key.diagnosis) if key.diagnosis else ""),
        differential=list(key.differential),
        discussion=key.discussion,
        origin=key.origin.value,
        proof=key.proof.value,
        lesions=[LesionView.of(lesion, findings.name(lesion.finding)) for lesion in key.lesions],
        report=ReportView.of(key.report, key.sections),
        points=[PointView.of(point, findings.name(point.finding)) for point in key.points],
        reason=recommended.reason,
        chance=ChanceView.of(recommended.chance),
        change=[
            ChangeView(label=c.label, before=ChanceView.of(c.before), after=ChanceView.of(c.after))
            for c in states.changes_of(tx, reading.reading_id)
        ],
        images=[ImageRefView.of(ref) for ref in refs],
        next_position=unread[0] if unread else None,
    )


def _answer_view(workspace: Workspace, answer: Answer) -> AnswerView:
    named = answer.diagnosis
    return AnswerView(
        normal=answer.normal,
        findings=[Named(key=key, name=workspace.findings.name(key)) for key in answer.findings],
        diagnosis=Named(key=named, name=workspace.diagnoses.name(named)) if named else None,
        marks=[MarkView(image_id=m.image_id, frame=m.frame, x=m.x, y=m.y) for m in answer.marks],
        confidence=answer.confidence,
    )
