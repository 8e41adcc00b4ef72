"""The job that makes a draft of an upload: unpack, read, de-identify, archive, mine, store.

All or nothing: a file that cannot be taken refuses the case, told in one line by its number, unless whoever sent it
asked to leave such files out. Doing it twice has the effect of doing it once, for images and case have ids that the
upload determines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from pydicom import dcmread
from pydicom.dataset import Dataset

from api.drafting import CleanImages, Draftable, draft
from api.image_intake import archive_datasets, stored_modality, taken_back
from api.job_context import Finish, JobContext
from api.new_case_form import NewCase
from api.upload_folder import MOST_FILES, UploadedFile, UploadFolder
from api.workspace import Workspace
from api.zip_entries import open_zip
from archive.deidentify import PROFILE_VERSION
from archive.dicom_files import read_dicom, text
from archive.secondary_capture import secondary_capture
from models.errors import BadInput, Conflict, NotFound, WetreadError
from models.finding import Truth
from models.teaching_case import CaseOrigin, ImageRef, TeachingCase
from nlp.describe import modality_code
from nlp.miner import Miner
from store import audit, cases, jobs
from store.audit import AuditEntry
from store.database import Transaction

SOURCE = "upload"
MOST_LINES = 50
"""Bad files that are told one by one."""

_PICTURES = (".png", ".jpg")
_NO_IMAGES = (
    "1.2.840.10008.1.3.10",  # a DICOMDIR
    "1.2.840.10008.5.1.4.1.1.11.",  # presentation states
    "1.2.840.10008.5.1.4.1.1.66",  # raw data, registrations, segmentations
    "1.2.840.10008.5.1.4.1.1.88.",  # structured reports, key objects
    "1.2.840.10008.5.1.4.1.1.104.",  # documents
)
"""SOP classes (or how they begin) of what an export puts beside its images."""


@dataclass(slots=True)
class _Taken:
    """What was found in an upload so far. ``patients`` and ``names`` are as the files tell them, never to be stored."""

    refs: list[ImageRef] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    patients: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    passed: int = 0


@dataclass(frozen=True, slots=True)
class _Intake:
    """What every file of one upload is taken in with; ``modality`` is that of its pictures."""

    workspace: Workspace
    upload_id: str
    modality: str


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
        _take_in(context, folder, form, taken)
        _check(taken, form)
        case = _draft(workspace, form, upload_id, taken)
        kept = {"upload_id": upload_id, "case_id": case.case_id, "account_id": job.payload["account_id"]}

        def finish(tx: Transaction) -> None:
            _check_archived(workspace, taken.refs)
            stored = replace(case, department_id=job.department_id)
            if not cases.add(tx, stored, workspace.now()):
                raise Conflict("the case of this upload is stored already; open it from the drafts")
            cases.set_priorities(tx, job.department_id)
            jobs.put_payload(tx, job.job_id, {**kept, "passed": taken.passed, "left_out": len(taken.bad)})
            entry = AuditEntry(job.department_id, workspace.now(), kept["account_id"], "make draft", case.case_id)
            audit.record(tx, entry)

        yield finish
    folder.remove()


def _take_in(context: JobContext, folder: UploadFolder, form: NewCase, taken: _Taken) -> None:
    """Archive every image of the upload, noting what cannot be taken."""
    files = folder.files()
    total = sum(_count(file) for file in files)
    if total > MOST_FILES:
        raise BadInput("upload", f"unpacks to more files than a case takes ({MOST_FILES:,})", "leave some out")
    intake = _Intake(context.workspace, folder.path.name, modality_code(form.exam))
    for place, file in enumerate(_unpacked(files, taken), 1):
        try:
            _take_image(intake, file, place, taken)
        except BadInput as error:
            taken.bad.append(str(error))
        context.heart.progress(min(place, total), total)


def _count(file: UploadedFile) -> int:
    """How many files there are to take in; a zip that cannot be opened counts as one, and is told of later."""
    if file.kind != ".zip":
        return 0 if file.passed_over else 1
    try:
        with open_zip(file) as opened:
            return len(opened.entries)
    except BadInput:
        return 1


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


def _take_image(intake: _Intake, file: UploadedFile, place: int, taken: _Taken) -> None:
    dataset = _dataset(intake, file, place)
    if dataset is None:
        taken.passed += 1
        return
    archived = archive_datasets(intake.workspace, [(file.label, dataset)])
    if file.kind not in _PICTURES:
        patient, name = text(dataset, "PatientID"), text(dataset, "PatientName")
        taken.patients.update([patient] if patient else [])
        taken.names.update([name] if name and not patient else [])
    taken.refs += archived.clean.refs
    taken.flags += archived.clean.flags


def _dataset(intake: _Intake, file: UploadedFile, place: int) -> Dataset | None:
    """The image as DICOM; None for a DICOM object that is none. Raises BadInput, naming the file by its number."""
    try:
        return _picture(intake, file, place) if file.kind in _PICTURES else read_dicom(file.path)
    except BadInput as error:
        if file.kind not in _PICTURES and _is_no_image(file):
            return None
        unknown = error.problem.startswith("is no DICOM file")
        remedy = "leave it out, or save it as DICOM, PNG or JPEG" if unknown else error.remedy
        raise BadInput(file.label, error.problem, remedy) from error


def _picture(intake: _Intake, file: UploadedFile, place: int) -> Dataset:
    return secondary_capture(
        file.path,
        modality=intake.modality,
        patient_id=intake.workspace.opaque("patient", SOURCE, intake.upload_id),
        source_id=f"{SOURCE}/{intake.upload_id}",
        secret=intake.workspace.secret,
        number=place,
    )


def _is_no_image(file: UploadedFile) -> bool:
    try:
        header = dcmread(file.path, force=True, stop_before_pixels=True, specific_tags=["SOPClassUID"])
        kind = str(header.get("SOPClassUID", "") or header.file_meta.get("MediaStorageSOPClassUID", ""))
    except Exception:  # damaged bytes make the parser fail in any way
        return False
    return kind.startswith(_NO_IMAGES)


def _check(taken: _Taken, form: NewCase) -> None:
    """Raises BadInput where what was taken makes no case."""
    if taken.bad and not form.leave_out_bad:
        raise BadFiles(taken.bad)
    if not taken.refs:
        raise BadInput("upload", "holds no image", "send DICOM, PNG or JPEG files, or a zip of them")
    people = max(len(taken.patients), len(taken.names))
    if people > 1:
        problem = f"holds images of {people} patients, and a case is one patient"
        raise BadInput("upload", problem, "make a case of each patient's images")


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
        patient=workspace.opaque("patient", next(iter(taken.patients | taken.names), f"{SOURCE}/{upload_id}")),
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
