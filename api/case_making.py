"""The job that makes a draft of an upload: unpack, read, de-identify, archive, mine, store.

All or nothing: a file that cannot be taken refuses the case, told in one line by its number, unless whoever sent it
asked to leave such files out. Doing it twice has the effect of doing it once, for images and case have ids that the
upload determines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from api.drafting import CleanImages, Draftable, draft
from api.image_intake import archive_datasets, stored_modality, taken_back
from api.job_context import Finish, JobContext
from api.new_case_form import NewCase
from api.stated_patients import StatedPatients
from api.upload_folder import MOST_FILES, UploadedFile, UploadFolder
from api.uploaded_images import PICTURES, SOURCE, Intake, image_of
from api.workspace import Workspace
from api.zip_entries import check_unpacked, open_zip
from archive.deidentify import PROFILE_VERSION
from models.errors import BadInput, Conflict, NotFound, WetreadError
from models.finding import Truth
from models.teaching_case import CaseOrigin, ImageRef, TeachingCase
from nlp.describe import modality_code
from nlp.miner import Miner
from store import audit, cases, draft_order, jobs
from store.audit import AuditEntry
from store.database import Transaction

LONGEST_READING = timedelta(minutes=30)
"""There is one worker: what one upload holds it for, all others wait."""

MOST_LINES = 50
"""Bad files that are told one by one."""


@dataclass(slots=True)
class _Taken:
    """What was found in an upload so far."""

    refs: list[ImageRef] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    patients: StatedPatients = field(default_factory=StatedPatients)
    passed: int = 0


class BadFiles(WetreadError):
    """Files of an upload that cannot be taken, a line for each."""

    def __init__(self, lines: Sequence[str]) -> None:
        more = [f"and {len(lines) - MOST_LINES:,} more files"] if len(lines) > MOST_LINES else []
        super().__init__("\n".join([*lines[:MOST_LINES], *more]))


@contextmanager
def make_case(context: JobContext) -> Iterator[Finish]:
    """Make the case of an upload. Raises BadInput, a line for each thing wrong, where it cannot be made."""
    workspace, job = context.workspace, context.job
    form, upload_id = NewCase.model_validate(job.payload["form"]), str(job.payload["upload_id"])
    folder = UploadFolder.of(workspace.settings.home, upload_id)
    taken = _Taken()
    with taken_back(workspace, taken.refs):
        try:
            _take_in(context, folder, form, taken)
        finally:
            form = _without_names(context, form, taken)
        _check(taken, form)
        case = _draft(workspace, form, upload_id, taken)
        kept = {"upload_id": upload_id, "case_id": case.case_id, "account_id": job.payload["account_id"]}

        def finish(tx: Transaction) -> None:
            _check_archived(workspace, taken.refs)
            stored = replace(case, department_id=job.department_id)
            if not cases.add(tx, stored, workspace.now()):
                raise Conflict("the case of this upload is stored already; open it from the drafts")
            draft_order.set_priorities(tx, job.department_id)
            jobs.put_payload(tx, job.job_id, {**kept, "passed": taken.passed, "left_out": len(taken.bad)})
            entry = AuditEntry(job.department_id, workspace.now(), kept["account_id"], "make draft", case.case_id)
            audit.record(tx, entry)

        yield finish
    folder.remove()


def _take_in(context: JobContext, folder: UploadFolder, form: NewCase, taken: _Taken) -> None:
    """Archive every image of the upload, noting what cannot be taken."""
    files = folder.files()
    contents = [_contents(file) for file in files]
    total = sum(count for count, _ in contents)
    check_unpacked(sum(size for _, size in contents), sum(file.size for file in files), "upload")
    end = context.workspace.now() + LONGEST_READING
    if total > MOST_FILES:
        raise BadInput("upload", f"unpacks to more files than a case takes ({MOST_FILES:,})", "leave some out")
    intake = Intake(context.workspace, folder.path.name, modality_code(form.exam))
    for place, file in enumerate(_unpacked(files, taken), 1):
        if context.workspace.now() > end:
            minutes = LONGEST_READING // timedelta(minutes=1)
            raise BadInput("upload", f"takes more than {minutes} minutes to read", "make a case of fewer files")
        try:
            _take_image(intake, file, place, taken)
        except BadInput as error:
            taken.bad.append(str(error))
        context.heart.progress(min(place, total), total)


def _contents(file: UploadedFile) -> tuple[int, int]:
    """How many files there are to take in, and their bytes; a zip that does not open is one, and is told of later."""
    if file.kind != ".zip":
        return (0 if file.passed_over else 1), file.size
    try:
        with open_zip(file) as opened:
            return len(opened.entries), sum(entry.info.file_size for entry in opened.entries)
    except BadInput:
        return 1, 0


def _unpacked(files: Iterable[UploadedFile], taken: _Taken) -> Iterator[UploadedFile]:
    """Every file that may hold an image, those out of a zip one after the other."""
    for file in files:
        if file.passed_over:
            taken.passed += 1
        elif file.kind == ".zip":
            yield from _from_zip(file, taken)
        else:
            yield file


def _from_zip(file: UploadedFile, taken: _Taken) -> Iterator[UploadedFile]:
    try:
        with open_zip(file) as opened:
            taken.passed += opened.passed
            for entry in opened.entries:
                try:
                    with opened.unpacked(entry) as unpacked:
                        yield unpacked
                except BadInput as error:
                    taken.bad.append(str(error))
    except BadInput as error:
        taken.bad.append(str(error))


def _take_image(intake: Intake, file: UploadedFile, place: int, taken: _Taken) -> None:
    dataset = image_of(intake, file, place)
    if dataset is None:
        taken.passed += 1
        return
    if file.kind not in PICTURES:
        taken.patients.add(dataset)
    archived = archive_datasets(intake.workspace, [(file.label, dataset)])
    taken.refs += archived.clean.refs
    taken.flags += archived.clean.flags


def _check(taken: _Taken, form: NewCase) -> None:
    """Raises BadInput where what was taken makes no case."""
    if taken.bad and not form.leave_out_bad:
        raise BadFiles(taken.bad)
    if not taken.refs:
        raise BadInput("upload", "holds no image", "send DICOM, PNG or JPEG files, or a zip of them")
    people = taken.patients.number()
    if people > 1:
        problem = f"holds images of {people} patients, and a case is one patient"
        raise BadInput("upload", problem, "make a case of each patient's images")


def _without_names(context: JobContext, form: NewCase, taken: _Taken) -> NewCase:
    """The form without the names and numbers that its own images state; the job's row forgets them too."""
    clean = form.without(sorted(taken.patients.known))
    if clean != form:
        payload = {**context.job.payload, "form": clean.model_dump(mode="json")}
        with context.workspace.database.transaction() as tx:
            jobs.put_payload(tx, context.job.job_id, payload)
    return clean


def _check_archived(workspace: Workspace, refs: Iterable[ImageRef]) -> None:
    """Another job that failed meanwhile may have taken an image back that both had."""
    try:
        for ref in refs:
            workspace.archive.geometry(ref.image_id)
    except NotFound as error:
        raise Conflict("an image was taken back by another upload of it that failed; make the case again") from error


def _draft(workspace: Workspace, form: NewCase, upload_id: str, taken: _Taken) -> TeachingCase:
    refs = tuple(dict.fromkeys(taken.refs))
    flags = [*taken.flags, *(["image_missing"] if taken.bad else [])]
    modality = stored_modality(workspace, refs)
    given = Draftable(
        source=SOURCE,
        source_id=upload_id,
        title=form.title,
        history=form.history,
        findings=form.findings,
        impression=form.impression,
        diagnosis=form.diagnosis,
        differential=tuple(form.differential),
        discussion=form.discussion,
        modality=modality_code(form.exam) if modality == "OT" else modality,
        place=form.exam,
        proof=form.proof,
        origin=CaseOrigin.CLINICAL,
        patient=workspace.opaque("patient", taken.patients.called() or f"{SOURCE}/{upload_id}"),
    )
    miner = Miner(workspace.findings, workspace.diagnoses)
    case = draft(workspace, miner, given, CleanImages(refs, PROFILE_VERSION, tuple(dict.fromkeys(flags))))
    return _named(case, tuple(form.findings_named))


def _named(case: TeachingCase, findings: tuple[str, ...]) -> TeachingCase:
    """The case with the findings its educator named, where they named any: they know better than the report's words."""
    if not findings:
        return case
    flags = tuple(flag for flag in case.flags if flag != "nothing_recognised")
    return replace(case, key=replace(case.key, truth=Truth.ABNORMAL, findings=findings), flags=flags)
