"""Stubs: cases known from reads alone, without report or images, practised on the command line only."""

from __future__ import annotations

from api.workspace import DEPARTMENT, Workspace
from models.finding import Truth
from models.teaching_case import CaseKey, CaseOrigin, CaseStatus, CaseStem, Cleaning, Proof, TeachingCase
from pipelines.case_names import STUBS, stub_id
from pipelines.finding_words import FindingWords
from pipelines.reads_file import ReadRow


def stub(workspace: Workspace, words: FindingWords, source: str, row: ReadRow) -> TeachingCase:
    """The case that a row of reads speaks of, as far as the row tells. ``source`` is that of the reads."""
    name = stub_id(workspace, source, row.case)
    case_id = workspace.opaque("case", DEPARTMENT, STUBS, name)
    skills = words.skills(row)
    abnormal = row.truth is Truth.ABNORMAL
    key = CaseKey(
        case_id=case_id,
        title=row.diagnosis or "Normal",
        report="",
        sections=(),
        truth=row.truth,
        findings=(skills.finding,) if abnormal and skills.finding else (),
        observations=(),
        diagnosis=None,
        diagnosis_text=row.diagnosis,
        differential=(),
        discussion="",
        origin=CaseOrigin.IMPORTED,
        proof=Proof.REPORT_ONLY,
        difficulty=0.0,
        points=(),
        imitates=None if abnormal else skills.finding,
    )
    return TeachingCase(
        department_id=DEPARTMENT,
        source=STUBS,
        source_id=name,
        status=CaseStatus.STUB,
        stem=CaseStem(case_id, "", ()),
        key=key,
        region=skills.region,
        modality=row.modality,
        patient=workspace.opaque("patient", STUBS, name),
        cleaning=Cleaning(None, None),
    )
