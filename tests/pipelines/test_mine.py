"""Reports become drafts, a pool and counts: once each, in any order."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.workspace import DEPARTMENT, Workspace
from models.finding import Assertion, Truth
from models.report import ReportStatus
from models.teaching_case import CaseOrigin, CaseStatus, Proof, TeachingCase
from pipelines.file_readers import reader_ids
from store import cases, readers, reports, volumes
from tests.building import Clock, workspace_at
from tests.pipelines.conftest import Command
from tests.pipelines.report_lines import EFFUSION, NODULE, NORMAL, held, mined, report, report_file


@pytest.fixture
def workspace(home: Path) -> Workspace:
    return workspace_at(home, Clock())


def case_named(workspace: Workspace, source_id: str, source: str = "reports") -> TeachingCase:
    with workspace.database.snapshot() as tx:
        case_id = reports.cases_bearing(tx, DEPARTMENT, source, [source_id])[source_id]
        return cases.get(tx, DEPARTMENT, case_id)


def test_an_abnormal_report_is_a_draft_and_a_normal_one_waits_in_the_pool(workspace: Workspace, tmp_path: Path) -> None:
    path = report_file(tmp_path / "r.jsonl", [report("A1"), report("A2", NORMAL), report("A3", NODULE, status="P")])
    assert mined(workspace, path) == 0
    ill, well = case_named(workspace, "A1"), case_named(workspace, "A2")
    assert (ill.status, ill.key.truth, ill.key.findings) == (CaseStatus.DRAFT, Truth.ABNORMAL, ("pleural_effusion",))
    assert (ill.key.origin, ill.key.proof) == (CaseOrigin.CLINICAL, Proof.REPORT_ONLY)
    assert ill.worth > 0 and ill.modality == "DX" and "no_image" in ill.flags
    assert ill.stem.history == "Breathless since Tuesday." and "Breathless" not in ill.key.report
    assert (well.status, well.key.truth, well.worth) == (CaseStatus.POOL, Truth.NORMAL, 0.0)
    with workspace.database.snapshot() as tx:
        assert cases.counts(tx, DEPARTMENT)[CaseStatus.DRAFT] == 1  # a preliminary report makes no case
        assert reports.count(tx, DEPARTMENT) == 3


def test_an_author_is_the_reader_that_other_files_call_so(workspace: Workspace, tmp_path: Path) -> None:
    """However the name is composed and spaced; a slash in it names no source."""
    lines = [report("A1", author="Jose\u0301  Quokka"), report("A2", author="Practitioner/7")]
    mined(workspace, report_file(tmp_path / "r.jsonl", lines))
    with workspace.database.transaction() as tx:
        before = readers.every(tx, DEPARTMENT)
        ids = reader_ids(tx, workspace, "", {"Jos\u00e9 Quokka": "", "Practitioner/7": ""})
        assert sorted(ids.values()) == [reader.reader_id for reader in before]
        assert reader_ids(tx, workspace, "Practitioner", {"7": ""})["7"] not in ids.values()


def test_what_is_read_adds_up_and_again_adds_nothing(wetread: Command, tmp_path: Path, home: Path) -> None:
    lines = [report(f"A{n}", (EFFUSION, NORMAL)[n % 2], author=f"r{n % 4}") for n in range(20)]
    path = report_file(tmp_path / "r.jsonl", [*lines, lines[0], {"uid": "bad"}])
    done = wetread("mine", path, code=1).stdout
    assert "22 reports read, by 4 authors" in done
    assert "10 drafts, 10 normals in the pool, 0 preliminary" in done
    assert "20 reports added, 1 known already, 1 refused" in done
    assert "Pleural effusion 10" in done
    before = held(workspace_at(home, Clock()))
    assert "0 reports added, 21 known already, 1 refused" in wetread("mine", path, code=1).stdout
    assert held(workspace_at(home, Clock())) == before


@pytest.mark.parametrize(
    "body", [{"text": ""}, {"findings": "", "impression": " "}, {"text": "CHEST RADIOGRAPH"}, {"text": "See prior."}]
)
def test_a_report_that_says_nothing_is_counted_and_is_no_normal_case(
    workspace: Workspace, tmp_path: Path, body: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    named = {"accession": "A1", "author": "r1"}
    lines = [
        {"uid": "P1", "status": "P", "read_at": "2026-01-05T01:00:00Z", **named, **body},
        report("F1", status="F", read_at="2026-01-05T08:00:00Z", **named),
    ]
    mined(workspace, report_file(tmp_path / "r.jsonl", lines))
    assert "2 reports added" in capsys.readouterr().out
    rows = held(workspace, "reports", "cases", "readings")
    assert len(rows["reports"]) == 2 and [case["status"] for case in rows["cases"]] == ["draft"]
    assert rows["readings"] == []


def test_a_report_of_the_same_id_with_other_words_is_kept_apart_and_told(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [report("A1"), report("A1", NODULE), report("A1", NORMAL), report("A1", NORMAL, indication="")]
    mined(workspace, report_file(tmp_path / "r.jsonl", lines))
    told = capsys.readouterr().out
    assert "3 × report has the id of another one" in told and "4 reports added" in told
    rows = held(workspace, "reports")["reports"]
    plain = [row for row in rows if row["source_id"] == "A1"]
    assert len(plain) == 1 and plain[0]["content"] == min(row["content"] for row in rows)
    for row in rows:
        assert row["source_id"] in ("A1", f"A1~{row['content'][:8]}")
    made = held(workspace, "cases")["cases"]
    assert {row["source_id"] for row in made} == {row["source_id"] for row in rows}
    for row in made:  # one of them would not be seen as the other's version without a word
        assert ("same_id_other_words" in row["flags"]) == (row["source_id"] != "A1")


ONE_STUDY = [
    report("P1", NORMAL, status="P", accession="S1", author="Ada", read_at="2026-01-05T08:00:00Z"),
    report("F1", EFFUSION, accession="S1", author="Ada", read_at="2026-01-05T10:00:00Z"),
    report("F1", f"{EFFUSION} Mended.", accession="S1", author="Ada", read_at="2026-01-05T10:00:00Z"),
    report("C1", NODULE, status="C", accession="S1", author="Ada", read_at="2026-02-05T10:00:00Z"),
]


@given(order=st.permutations(range(len(ONE_STUDY))), cut=st.integers(0, len(ONE_STUDY)))
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_an_author_reads_a_study_once_and_the_last_word_counts(
    order: list[int], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("once")
    (folder / "home").mkdir()
    workspace = workspace_at(folder / "home", Clock())
    lines = [ONE_STUDY[place] for place in order]
    for number, part in enumerate((lines[:cut], lines[cut:])):
        if part:
            mined(workspace, report_file(folder / f"{number}.jsonl", part))
    counted = held(workspace, "report_counts")["report_counts"]
    assert {(row["month"], row["finding"], row["reports"]) for row in counted} == {
        ("2026-02", "", 1),
        ("2026-02", "nodule_mass", 1),
    }


def test_a_final_that_is_told_twice_counts_once_also_without_a_study(workspace: Workspace, tmp_path: Path) -> None:
    lines = [report("A1", author="Ada"), report("A1", f"{EFFUSION} Mended.", author="Ada"), report("A1", author="Bo")]
    mined(workspace, report_file(tmp_path / "r.jsonl", lines))
    counted = held(workspace, "report_counts")["report_counts"]
    assert [row["reports"] for row in counted if not row["finding"]] == [1]


def test_an_unrecognised_report_is_a_draft_to_be_judged(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [report("A1", "Heart size is normal. Sponge in the left flank."), report("A2", "Not within normal limits.")]
    mined(workspace, report_file(tmp_path / "r.jsonl", lines))
    assert "2 × report shows nothing that is known" in capsys.readouterr().out
    for name in ("A1", "A2"):
        case = case_named(workspace, name)
        assert case.status is CaseStatus.DRAFT and "nothing_recognised" in case.flags
        assert case.key.title == "Not recognised"


def test_an_author_of_too_long_a_name_is_refused(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [report(f"A{n}", author=f"{'x' * 210}{n}") for n in range(2)] + [report("A3", author="x" * 120)]
    assert mined(workspace, report_file(tmp_path / "r.jsonl", lines)) == 1
    told = capsys.readouterr()
    assert "1 reports added, 0 known already, 2 refused" in told.out and "more than 120 characters" in told.err
    assert [row["label"] for row in held(workspace, "identities")["identities"]] == ["x" * 120]


def every_kind() -> list[dict[str, Any]]:
    """Reports of every status, with pairs, ids that are shared, and several authors and months."""
    lines = [
        *(report("A1", words, author="Ada", read_at="2026-01-05T10:00:00Z") for words in (EFFUSION, NODULE, NORMAL)),
        report("A1", EFFUSION, status="C", accession="S1", read_at="2026-01-07T10:00:00Z"),
        report("B1", NORMAL, status="P", accession="S1", author="Bo", read_at="2026-01-04T10:00:00Z"),
        report("B2", EFFUSION, accession="S1", author="Ada", read_at="2026-01-04T12:00:00Z"),
        report("B3", NODULE, accession="S1", author="Cy", read_at="2026-01-04T11:00:00Z"),
        report("B4", NODULE, status="P", accession="S1", author="Bo", read_at="2026-01-04T10:30:00Z"),
        report("B5", NORMAL, status="P", accession="S2", author="Bo"),
        report("B6", NORMAL, accession="S2"),
        report("B7", EFFUSION, status="C", accession="S2", author="Cy"),
    ]
    return lines


@given(order=st.permutations(range(len(every_kind()))), cut=st.integers(0, len(every_kind())))
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_no_order_of_reports_or_files_matters(
    order: list[int], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = every_kind()
    found = []
    for files in ([lines], [[lines[n] for n in order[:cut]], [lines[n] for n in order[cut:]]]):
        folder = tmp_path_factory.mktemp("order")
        (folder / "home").mkdir()
        (folder / "home" / "secret").write_bytes(bytes(range(32)))
        workspace = workspace_at(folder / "home", Clock())
        for number, part in enumerate(files):
            if part:
                mined(workspace, report_file(folder / f"{number}.jsonl", part))
        rows = held(workspace)
        for row in rows["cases"]:
            row.pop("version")  # how often it was flagged or renamed
        found.append(rows)
    assert found[0] == found[1]


def test_reports_are_counted_by_finding_modality_month_and_author(workspace: Workspace, tmp_path: Path) -> None:
    lines = [report(f"A{n}", author="Ada", modality="CR", read_at=f"2026-0{1 + n % 2}-05T10:00:00Z") for n in range(5)]
    mined(workspace, report_file(tmp_path / "r.jsonl", [*lines, report("X", NORMAL, modality="CR")]))
    counted = {
        (row["reader_id"] != "", row["month"], row["finding"]): row["reports"]
        for row in held(workspace, "report_counts")["report_counts"]
    }
    assert counted == {
        (True, "2026-01", ""): 3,
        (True, "2026-02", ""): 2,
        (True, "2026-01", "pleural_effusion"): 3,
        (True, "2026-02", "pleural_effusion"): 2,
        (False, "", ""): 1,
    }
    with workspace.database.snapshot() as tx:
        assert sum(each.reports for each in volumes.department_reports(tx, DEPARTMENT) if not each.finding) == 6


def test_a_report_keeps_its_last_word_on_each_finding(workspace: Workspace, tmp_path: Path) -> None:
    words = "Possible nodule in the right upper lobe. Small left pleural effusion."
    line = report("A1", words, impression="Pleural effusion. No nodule. No pneumothorax.")
    mined(workspace, report_file(tmp_path / "r.jsonl", [line]))
    with workspace.database.snapshot() as tx:
        [kept] = reports.bearing(tx, DEPARTMENT, "reports", ["A1"])
    assert kept.findings["pleural_effusion"] is Assertion.PRESENT
    assert kept.findings["pneumothorax"] is Assertion.ABSENT
    assert kept.findings["nodule_mass"] is Assertion.ABSENT
    assert kept.main_findings == ("pleural_effusion",) and kept.status is ReportStatus.FINAL


STYLES = {
    "capitals": "INDICATION: Cough.\nCOMPARISON: None.\nFINDINGS: {f}\nIMPRESSION: {i}",
    "words": "Indication: cough\nComparison: none\n\nFindings: {f}\n\nImpression: {i}",
    "own lines": "Indication\nCough\n\nFindings\n{f}\n\nImpression\n{i}",
    "no colon": "INDICATION Cough\nFINDINGS {f}\nIMPRESSION {i}",
    "numbered": "HISTORY: Cough.\n\nFINDINGS:\n{f}\n\nIMPRESSION:\n1. {i}\n2. Nothing else.",
    "one paragraph": "Indication: cough Findings: {f} Impression: {i}",
    "unnamed": "Indication: Cough.\n\n{f}\n\nImpression: {i}",
    "bare": "{f} {i}",
}


@pytest.mark.parametrize("style", STYLES)
def test_a_raw_report_of_any_style_says_the_same(workspace: Workspace, tmp_path: Path, style: str) -> None:
    text = STYLES[style].format(f=EFFUSION, i="Left pleural effusion.")
    mined(workspace, report_file(tmp_path / "r.jsonl", [{"uid": "A1", "text": text, "exam": "Chest"}]))
    case = case_named(workspace, "A1")
    assert case.key.findings == ("pleural_effusion",) and case.key.report == text
    assert case.stem.history.strip(".").lower() in ("cough", "")
    assert bool(case.stem.history) == (style != "bare")
    for point in case.key.points:
        assert point.span.of(case.key.report) == point.text


def test_a_department_reads_with_its_own_catalogue(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    own = '[quagga_sign]\nname = "Quagga sign"\nregion = "chest"\nfamily = "lung"\nmodalities = ["CR"]\n'
    (home / "findings.toml").write_text(own + 'phrases = ["quagga sign"]\n')
    workspace = workspace_at(home, Clock())
    mined(workspace, report_file(tmp_path / "r.jsonl", [report("A1", "A quagga sign is seen. Nothing else is found.")]))
    assert case_named(workspace, "A1").key.findings == ("quagga_sign",)


def test_a_report_too_long_to_be_one_is_refused_and_long_ones_go_in(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.mine.LONGEST_REPORT", 2_000)
    monkeypatch.setattr("pipelines.mine.MOST_CHARACTERS", 3_000)
    lines = [report(f"A{n}", f"{EFFUSION} " * (1 + n % 20)) for n in range(40)] + [report("B", NORMAL * 40)]
    assert mined(workspace, report_file(tmp_path / "r.jsonl", lines)) == 1
    told = capsys.readouterr()
    assert "40 reports added, 0 known already, 1 refused" in told.out and "more than 2,000 characters" in told.err


def test_a_source_keeps_equal_ids_apart(workspace: Workspace, tmp_path: Path) -> None:
    path = report_file(tmp_path / "r.jsonl", [report("A1", author="Ada")])
    for source in ("", "north"):
        mined(workspace, path, source=source)
    assert case_named(workspace, "A1").case_id != case_named(workspace, "A1", "north").case_id
    assert {row["label"] for row in held(workspace, "identities")["identities"]} == {"Ada", "north/Ada"}


def test_many_reports_go_through_worker_processes_and_say_the_same(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(3)
    lines = [report(f"A{n}", rng.choice([EFFUSION, NORMAL, NODULE]), author=f"r{n % 7}") for n in range(700)]
    path = report_file(tmp_path / "r.jsonl", lines)
    rows = []
    for jobs in (1, 2):
        folder = home / str(jobs)
        folder.mkdir(parents=True)
        (folder / "secret").write_bytes(bytes(range(32)))
        workspace = workspace_at(folder, Clock())
        mined(workspace, path, jobs=jobs)
        assert "700 reports added" in capsys.readouterr().out
        rows.append(held(workspace))
    assert rows[0] == rows[1]


def test_what_cannot_be_mined_is_one_line(wetread: Command, tmp_path: Path, home: Path) -> None:
    for name, said in (("nowhere.jsonl", "no such file"), ("empty.jsonl", "no reports")):
        if name == "empty.jsonl":
            (tmp_path / name).write_text("\n")
        done = wetread("mine", tmp_path / name, code=None)
        assert done.returncode in (1, 2) and said in done.stderr
        assert len([line for line in done.stderr.splitlines() if line.strip()]) == 1
    imports = held(workspace_at(home, Clock()), "imports")["imports"]
    assert {row["status"] for row in imports} <= {"stopped", "done"} and json.dumps(imports, default=str)
