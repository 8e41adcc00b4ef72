"""What a later report changed is evidence for the reader of the earlier one, and for nobody else's eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.workspace import DEPARTMENT, Workspace
from models.finding import Assertion, Region, Truth, shipped_findings
from models.reading import ReadingSource, StateKind
from models.report import ReportStatus
from pipelines.csv_values import Clock as FileClock
from pipelines.mine import MiningWish, mine
from pipelines.pairs import UNSURE, Change, changes_of, compare_reports, pairs_of
from store import cases, history, pool, readers, reports, states
from store.reports import CORRECTED_LATER, KeptReport
from tests.building import NOW, Clock, workspace_at
from tests.pipelines.report_lines import EFFUSION, NODULE, NORMAL, held, mined, report, report_file

P, F, C = ReportStatus.PRELIMINARY, ReportStatus.FINAL, ReportStatus.CORRECTED
PRESENT, ABSENT, UNCERTAIN, PRIOR = Assertion.PRESENT, Assertion.ABSENT, Assertion.UNCERTAIN, Assertion.PRIOR
START = datetime(2026, 1, 5, tzinfo=UTC)


def kept(name: str, status: ReportStatus, hours: float | None = None, **findings: Assertion) -> KeptReport:
    shown = [key for key, word in findings.items() if word in (PRESENT, UNCERTAIN)]
    return KeptReport(
        report_id=name,
        department_id=DEPARTMENT,
        source="reports",
        source_id=name,
        status=status,
        content=name,
        study="study",
        reader_id="reader",
        modality="CR",
        region=Region.CHEST,
        read_at=None if hours is None else START + timedelta(hours=hours),
        truth=Truth.ABNORMAL if shown else Truth.NORMAL,
        findings=findings,
        main_findings=tuple(shown),
        case_id=None if status is P else f"case-{name}",
        exam="chest",
    )


@pytest.mark.parametrize(
    ("study", "pairs"),
    [
        ([kept("p", P, 1), kept("f", F, 2), kept("g", F, 3)], {"p": "f"}),
        ([kept("p", P, 1), kept("q", P, 2), kept("f", F, 3)], {"p": "f", "q": "f"}),
        ([kept("p", P, 5), kept("f", F, 3)], {}),  # clocks that went back prove nothing
        ([kept("p", P), kept("f", F, 3)], {"p": "f"}),
        ([kept("p", P, 1), kept("b", F), kept("a", F)], {"p": "a"}),
        ([kept("p", P, 1), kept("f", F, 2), kept("c", C, 3), kept("d", C, 4)], {"p": "f", "f": "c"}),
        ([kept("p", P, 1), kept("c", C, 3)], {"p": "c"}),
        ([kept("f", F, 1), kept("g", F, 2)], {}),
    ],
)
def test_a_report_is_compared_with_the_first_that_followed(study: list[KeptReport], pairs: dict[str, str]) -> None:
    for order in (study, study[::-1]):
        assert {pair.earlier.report_id: pair.later.report_id for pair in pairs_of(order)} == pairs


def told(study: list[KeptReport]) -> dict[str, str | None]:
    found = {
        frozenset((pair.earlier.report_id, pair.later and pair.later.report_id) for pair in pairs_of(order))
        for order in (study, study[::-1])
    }
    assert len(found) == 1
    return dict(found.pop())


CHEST = [kept("p", P, 1), kept("f", F, 8)]


@pytest.mark.parametrize(
    ("study", "pairs"),
    [
        # Two procedures under one number: each final repeats the preliminary report of its id, whatever their order.
        (
            [
                replace(kept("p", P, 1), source_id="chest", exam=None),
                replace(kept("q", P, 1), source_id="abdomen", exam=None),
                replace(kept("g", F, 2), source_id="abdomen", exam=None),
                replace(kept("f", F, 3), source_id="chest", exam=None),
            ],
            {"p": "f", "q": "g"},
        ),
        # Nothing tells which of two finals, or of two preliminary reports, is of which procedure.
        ([replace(each, exam=None) for each in (*CHEST, kept("g", F, 7))], {}),
        ([replace(each, exam=None) for each in (*CHEST, kept("q", P, 2))], {}),
        ([replace(each, exam=None) for each in CHEST], {"p": "f"}),
        ([*CHEST, replace(kept("g", F, 2), exam="abdomen")], {"p": "f"}),
        ([CHEST[0], replace(CHEST[1], exam="abdomen")], {}),
        ([CHEST[0], replace(CHEST[1], exam=None)], {"p": "f"}),
        ([CHEST[0], replace(CHEST[1], modality="CT")], {}),
        ([CHEST[0], replace(CHEST[1], modality="DX")], {"p": "f"}),
        ([CHEST[0], replace(CHEST[1], modality="OT")], {"p": "f"}),
        ([kept("p", P, 1), kept("f", F, 24 * 16)], {}),  # the number was given again
        ([kept("p", P, 1), replace(kept("f", F, 24 * 16), source_id="p")], {"p": "f"}),  # its own id was not
        # A final that answers a preliminary report of its own id answers no other.
        ([kept("p", P, 1), kept("q", P, 1), replace(kept("f", F, 3), source_id="q")], {"q": "f"}),
        # Of two versions of a report one alone is evidence.
        ([kept("p", P, 1), replace(kept("p2", P, 1), source_id="p~p2"), kept("f", F, 3)], {"p": "f"}),
    ],
)
def test_only_reports_of_one_procedure_are_compared(study: list[KeptReport], pairs: dict[str, str]) -> None:
    assert told(study) == pairs


def test_a_comparison_that_is_no_longer_sure_is_taken_back() -> None:
    study = [replace(CHEST[0], exam=None, changed_by="f"), replace(CHEST[1], exam=None)]
    assert told(study) == {}
    assert told([*study, replace(kept("g", F, 7), exam=None)]) == {"p": None}


@pytest.mark.parametrize(("truth", "number"), [(Truth.NORMAL, 1), (Truth.ABNORMAL, 0)])
def test_a_report_of_which_nothing_was_understood_proves_nothing(truth: Truth, number: int) -> None:
    unknown, ill = replace(kept("u", P, 1), truth=truth), kept("f", F, 2, pneumothorax=PRESENT)
    findings = shipped_findings()
    assert len(changes_of(unknown, ill, findings)) == number
    assert len(changes_of(ill, unknown, findings)) == number
    assert len(changes_of(unknown, replace(unknown, report_id="v"), findings)) == number
    denied = replace(unknown, findings={"pneumothorax": ABSENT})
    assert [change.correct for change in changes_of(denied, ill, findings)] == [False]


@pytest.mark.parametrize(
    ("earlier", "later", "changes"),
    [
        ({}, {}, [Change(Truth.NORMAL, None, True, 1.0)]),
        ({"pneumothorax": PRESENT}, {"pneumothorax": PRESENT}, [Change(Truth.ABNORMAL, "pneumothorax", True, 1.0)]),
        (
            {"pneumothorax": UNCERTAIN},
            {"pneumothorax": PRESENT},
            [Change(Truth.ABNORMAL, "pneumothorax", True, UNSURE)],
        ),
        ({"pneumothorax": ABSENT}, {"pneumothorax": PRESENT}, [Change(Truth.ABNORMAL, "pneumothorax", False, 1.0)]),
        ({}, {"pneumothorax": PRESENT}, [Change(Truth.ABNORMAL, "pneumothorax", False, 1.0)]),
        ({}, {"pneumothorax": UNCERTAIN}, []),
        ({"pneumothorax": PRESENT}, {"pneumothorax": ABSENT}, [Change(Truth.NORMAL, "pneumothorax", False, 1.0)]),
        ({"pneumothorax": PRESENT}, {}, [Change(Truth.NORMAL, "pneumothorax", False, UNSURE)]),
        ({"pneumothorax": PRESENT}, {"pneumothorax": UNCERTAIN}, []),
        ({"fracture": PRESENT}, {"fracture": PRIOR}, []),
        (
            {"pneumothorax": PRESENT},
            {"pleural_effusion": PRESENT, "pneumothorax": ABSENT},
            [
                Change(Truth.ABNORMAL, "pleural_effusion", False, 1.0, "pneumothorax"),
                Change(Truth.NORMAL, "pneumothorax", False, 1.0),
            ],
        ),
    ],
)
def test_what_became_of_a_finding(
    earlier: dict[str, Assertion], later: dict[str, Assertion], changes: list[Change]
) -> None:
    assert changes_of(kept("p", P, 1, **earlier), kept("f", F, 2, **later), shipped_findings()) == changes


def test_a_kind_of_a_finding_is_the_finding_and_the_other_way_round_is_half() -> None:
    findings = shipped_findings()
    kind, whole = next((key, entry.parent) for key, entry in findings.items() if entry.parent)
    assert whole
    narrow, wide = {kind: PRESENT}, {whole: PRESENT}
    [told] = changes_of(kept("p", P, 1, **narrow), kept("f", F, 2, **wide), findings)
    assert told == Change(Truth.ABNORMAL, whole, True, 1.0)
    [told] = changes_of(kept("p", P, 1, **wide), kept("f", F, 2, **narrow), findings)
    assert told == Change(Truth.ABNORMAL, kind, True, UNSURE)


@pytest.fixture
def workspace(home: Path) -> Workspace:
    return workspace_at(home, Clock())


STUDY = [
    report("P1", NORMAL, status="P", accession="S1", author="Bo", read_at="2026-01-05T08:00:00Z"),
    report("F1", EFFUSION, accession="S1", author="Ada", read_at="2026-01-05T10:00:00Z"),
    report("P2", NORMAL, status="P", accession="S2", author="Bo", read_at="2026-01-06T08:00:00Z"),
    report("F2", NORMAL, accession="S2", author="Ada", read_at="2026-01-06T10:00:00Z"),
    report("P3", NODULE, status="P", accession="S3", read_at="2026-01-06T08:00:00Z"),
    report("F3", NORMAL, accession="S3", author="Ada", read_at="2026-01-06T10:00:00Z"),
]


def test_a_pair_moves_the_private_state_of_its_first_reader_alone(workspace: Workspace, tmp_path: Path) -> None:
    mined(workspace, report_file(tmp_path / "r.jsonl", STUDY))
    with workspace.database.snapshot() as tx:
        bo, ada = (readers.by_label(tx, DEPARTMENT, name) for name in ("Bo", "Ada"))
        told = {(r.correct, r.skills.truth, r.skills.finding) for r in history.of_reader(tx, bo.reader_id)}
        assert told == {(False, Truth.ABNORMAL, "pleural_effusion"), (True, Truth.NORMAL, None)}
        assert {r.source for r in history.of_reader(tx, bo.reader_id)} == {ReadingSource.PRELIM_FINAL}
        assert states.get(tx, bo.reader_id, StateKind.PRIVATE)["all"].reads == 2
        assert states.get(tx, bo.reader_id, StateKind.PRACTICE) == {}
        assert history.of_reader(tx, ada.reader_id) == []
        assert history.count(tx, DEPARTMENT) == 2  # nobody knows who wrote P3


def test_again_compares_nothing_and_an_earlier_final_takes_the_place(workspace: Workspace, tmp_path: Path) -> None:
    path = report_file(tmp_path / "r.jsonl", STUDY)
    mined(workspace, path)
    before = held(workspace)
    mined(workspace, path)
    assert compare_reports(workspace) == 0 and held(workspace) == before
    late = report("F0", NORMAL, accession="S1", read_at="2026-01-05T09:00:00Z")
    mined(workspace, report_file(tmp_path / "late.jsonl", [late]))
    with workspace.database.snapshot() as tx:
        bo = readers.by_label(tx, DEPARTMENT, "Bo")
        assert all(read.correct for read in history.of_reader(tx, bo.reader_id))
        assert states.get(tx, bo.reader_id, StateKind.PRIVATE)["all"].right == 2


def test_a_corrected_report_flags_the_case_before_it(workspace: Workspace, tmp_path: Path) -> None:
    later = report("C1", NODULE, status="C", accession="S1", read_at="2026-01-09T08:00:00Z")
    mined(workspace, report_file(tmp_path / "r.jsonl", [*STUDY, later]))
    with workspace.database.snapshot() as tx:
        named = reports.cases_bearing(tx, DEPARTMENT, "reports", ["F1", "F2", "C1~C"])
        flags = {name: cases.get(tx, DEPARTMENT, case_id).flags for name, case_id in named.items()}
        assert CORRECTED_LATER in flags["F1"]
        assert CORRECTED_LATER not in flags["F2"] + flags["C1~C"]
        ada = readers.by_label(tx, DEPARTMENT, "Ada")
        told = {(r.correct, r.skills.truth, r.skills.finding) for r in history.of_reader(tx, ada.reader_id)}
        assert (False, Truth.ABNORMAL, "nodule_mass") in told and (False, Truth.NORMAL, "pleural_effusion") in told


def test_a_run_that_died_between_reports_and_pairs_is_completed(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = report_file(tmp_path / "r.jsonl", STUDY)
    for step in ("compare_reports", "replay_asked"):
        with monkeypatch.context() as patch:
            patch.setattr(f"pipelines.mine.{step}", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                mine(workspace, MiningWish(path, FileClock(NOW), fetch=False))
    mined(workspace, path)
    with workspace.database.snapshot() as tx:
        bo = readers.by_label(tx, DEPARTMENT, "Bo")
        assert states.get(tx, bo.reader_id, StateKind.PRIVATE)["all"].reads == 2


def test_two_sources_may_give_one_number_to_two_studies(workspace: Workspace, tmp_path: Path) -> None:
    mined(
        workspace, report_file(tmp_path / "a.jsonl", [STUDY[0], report("N1", NORMAL, accession="S1")]), source="north"
    )
    mined(workspace, report_file(tmp_path / "b.jsonl", [STUDY[1]]), source="south")
    rows = held(workspace, "readings", "cases")
    assert {row["truth"] for row in rows["readings"]} <= {"normal"}
    assert len({row["patient"] for row in rows["cases"]}) == len(rows["cases"]) == 2


def test_a_pair_that_becomes_doubtful_takes_its_reads_back(workspace: Workspace, tmp_path: Path) -> None:
    plain = [{key: value for key, value in line.items() if key != "exam"} for line in STUDY[:2]]
    mined(workspace, report_file(tmp_path / "r.jsonl", plain))
    assert len(held(workspace, "readings")["readings"]) == 1
    other = {**plain[1], "uid": "F9", "findings": NODULE}
    mined(workspace, report_file(tmp_path / "s.jsonl", [other]))
    rows = held(workspace, "readings", "reports", "reader_states")
    assert rows["readings"] == [] and {row["changed_by"] for row in rows["reports"]} == {None}


def test_a_pool_case_that_was_corrected_is_not_drawn(workspace: Workspace, tmp_path: Path) -> None:
    later = report("C2", NODULE, status="C", accession="S2", read_at="2026-01-09T08:00:00Z")
    mined(workspace, report_file(tmp_path / "r.jsonl", [*STUDY, later]))
    with workspace.database.transaction() as tx:
        assert sum(number for _, _, number in pool.choices(tx, DEPARTMENT)) == 1
        [drawn] = pool.draw(tx, DEPARTMENT, 5, seed=1)
        assert cases.get(tx, DEPARTMENT, drawn).source_id == "F3"


def test_what_a_final_report_added_is_worth_more_as_a_teaching_point(workspace: Workspace, tmp_path: Path) -> None:
    both = f"{EFFUSION} A 9 mm nodule sits in the right upper lobe."
    lines = [
        report("P7", EFFUSION, status="P", accession="S7", author="Bo", read_at="2026-01-07T08:00:00Z"),
        report("F7", both, status="F", accession="S7", author="Cy", read_at="2026-01-07T12:00:00Z"),
        report("F8", both, status="F", accession="S8", author="Cy", read_at="2026-01-08T12:00:00Z"),
    ]
    mined(workspace, report_file(tmp_path / "r.jsonl", lines))
    with workspace.database.snapshot() as tx:
        named = reports.cases_bearing(tx, DEPARTMENT, "reports", ["F7", "F8"])
        after, alone = (cases.get(tx, DEPARTMENT, named[name]) for name in ("F7", "F8"))
    factors = {point.finding: {reason.factor for reason in point.reasons} for point in after.key.points}
    assert "changed" in factors["nodule_mass"] and "changed" not in factors["pleural_effusion"]
    assert not any(reason.factor == "changed" for point in alone.key.points for reason in point.reasons)
    [rank] = [place for place, point in enumerate(after.key.points) if point.finding == "nodule_mass"]
    [before] = [place for place, point in enumerate(alone.key.points) if point.finding == "nodule_mass"]
    assert rank <= before
