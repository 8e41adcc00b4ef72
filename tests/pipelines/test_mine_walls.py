"""Nothing that names an author, a patient or a study lies in a workspace but where it belongs."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset

from api.workspace import Workspace
from tests.building import Clock, workspace_at
from tests.pipelines.conftest import Command
from tests.pipelines.report_lines import report, report_file

SECRETS = ("Quarrington", "Zephyrine", "MRN7788123", "ACC-99817", "1.2.840.99.4711", "Hallewell", "Oyelaran")
TEXT = (
    "INDICATION: Ms. Quarrington has pain.\nFINDINGS: Left pleural effusion, as told to ZEPHYRINE; see ACC-99817."
    "\nIMPRESSION: Effusion. quarrington needs a tap (MRN7788123). Discussed with Zephyrine by Oyelaran, HALLEWELL."
)


def lines() -> list[dict[str, Any]]:
    named = {
        "author": "Hallewell^Oyelaran^^^Dr",
        "patient": "MRN7788123",
        "accession": "ACC-99817",
        "study_uid": "1.2.840.99.4711",
        "read_at": "2026-01-05T08:00:00Z",
    }
    raw: dict[str, Any] = {"uid": "ACC-99817", "text": TEXT, **named}
    parts = report("Quarrington Zephyrine", "Pleural effusion on the left, seen by Hallewell.", **named)
    return [{**raw, "patient": "Quarrington^Zephyrine"}, {**raw, "status": "P"}, parts]


def places(path: Path) -> set[tuple[str, str]]:
    """(table, column) of every value in the database that holds one of the secrets."""
    found = set()
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"')
            columns = [each[0] for each in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    if any(secret.lower() in str(value).lower() for secret in SECRETS):
                        found.add((table, column))
    return found


def test_names_and_numbers_lie_where_they_belong_and_nowhere_else(wetread: Command, tmp_path: Path, home: Path) -> None:
    done = wetread("mine", report_file(tmp_path / "in" / "r.jsonl", lines()))
    assert "3 reports added" in done.stdout
    assert places(home / "wetread.db") == {
        ("identities", "label"),
        ("study_identities", "accession"),
        ("study_identities", "study_uid"),
    }
    for secret in SECRETS:
        assert secret.lower() not in (done.stdout + done.stderr).lower()


def test_no_other_file_of_the_workspace_quotes_them(wetread: Command, tmp_path: Path, home: Path) -> None:
    wetread("mine", report_file(tmp_path / "in" / "r.jsonl", lines()))
    for path in home.rglob("*"):
        if path.is_file() and not path.name.startswith("wetread.db"):
            content = path.read_bytes().lower()
            assert not any(secret.lower().encode() in content for secret in SECRETS), path


def test_a_refused_report_is_not_quoted(wetread: Command, tmp_path: Path, home: Path) -> None:
    bad = [{**lines()[0], "uid": ""}, {**lines()[0], "status": "Quarrington"}, {**lines()[0], "read_at": "Zephyrine"}]
    done = wetread("mine", report_file(tmp_path / "in" / "r.jsonl", bad), code=1)
    assert len([line for line in done.stderr.splitlines() if line.startswith("refused")]) == 3
    assert not any(secret.lower() in done.stderr.lower() for secret in SECRETS)
    assert places(home / "wetread.db") == set()


class Fetched:
    """A PACS whose study bears all the names."""

    def find(self, study: object) -> str | None:
        return "1.2.840.99.4711"

    def fetch(self, study_uid: str) -> list[Dataset]:
        from tests.building import ct_slice

        made = [ct_slice(number, study_uid) for number in (1, 2)]
        for one in made:
            one.PatientName, one.PatientID, one.AccessionNumber = "Quarrington^Zephyrine", "MRN7788123", "ACC-99817"
        return made


def test_fetched_images_are_clean_and_their_study_is_forgotten(tmp_path: Path, home: Path) -> None:
    from dataclasses import replace

    from tests.pipelines.report_lines import held, mined

    workspace: Workspace = replace(workspace_at(home, Clock()), pacs=Fetched())
    mined(workspace, report_file(tmp_path / "in" / "r.jsonl", lines()[2:]), fetch=True)
    assert len(held(workspace, "case_images")["case_images"]) == 2
    assert held(workspace, "study_identities")["study_identities"] == []
    [case] = held(workspace, "cases")["cases"]
    assert case["profile_version"] and "no_image" not in case["flags"] and "patient_differs" not in case["flags"]
    assert places(home / "wetread.db") == {("identities", "label")}
    for path in (home / "archive").rglob("*.dcm"):
        content = path.read_bytes()
        assert not any(secret.encode() in content for secret in SECRETS)


@pytest.mark.parametrize("style", ["FINDINGS: {}", "FINDINGS {}", "Findings: {}", "\n\n{}", "\nImpression: {}"])
def test_a_history_never_holds_what_was_found(home: Path, tmp_path: Path, style: str) -> None:
    from tests.pipelines.report_lines import held, mined

    workspace = workspace_at(home, Clock())
    for separator in (" ", "\n", ". "):
        answer = "A quagga effusion fills the left base."
        text = f"Indication: cough{separator}{style.format(answer)}"
        mined(workspace, report_file(tmp_path / "r.jsonl", [{"uid": "A1", "text": text}]))
    for case in held(workspace, "cases")["cases"]:
        assert "quagga" not in case["history"], case["history"]
    assert re.search("quagga", json.dumps(held(workspace, "case_keys")["case_keys"]))


def test_names_on_the_images_leave_the_stored_texts(tmp_path: Path, home: Path) -> None:
    from dataclasses import replace

    from tests.pipelines.report_lines import held, mined

    workspace: Workspace = replace(workspace_at(home, Clock()), pacs=Fetched())
    named = {"accession": "ACC-1", "indication": "zephyrine fell"}
    line = report("R1", "A pleural effusion on the zephyrine side.", impression="Effusion.", **named)
    mined(workspace, report_file(tmp_path / "in" / "r.jsonl", [line]), fetch=True)
    assert places(home / "wetread.db") == set()
    [case], [key] = held(workspace, "cases")["cases"], held(workspace, "case_keys")["case_keys"]
    assert case["history"] == "█████████ fell" and "█████████ side" in key["report"]
    for point in key["points"]:
        assert point["text"] in key["report"]


@pytest.mark.parametrize(
    "indication",
    ["Cough.\nIMPRESSION: quagga", "Cough. Findings: quagga.", "Cough. PRELIM: quagga", "Cough. Impresion: quagga"],
)
def test_a_history_given_as_a_field_is_cut_and_flagged(home: Path, tmp_path: Path, indication: str) -> None:
    from tests.pipelines.report_lines import held, mined

    workspace = workspace_at(home, Clock())
    lines = [report("A1", indication=indication), report("A2", indication="Cough.")]
    mined(workspace, report_file(tmp_path / "r.jsonl", lines))
    cases = {case["source_id"]: case for case in held(workspace, "cases")["cases"]}
    assert cases["A1"]["history"] == cases["A2"]["history"] == "Cough."
    assert "history_gives_answer" in cases["A1"]["flags"] and "history_gives_answer" not in cases["A2"]["flags"]


def test_people_whom_a_message_names_leave_the_report(home: Path, tmp_path: Path) -> None:
    from tests.pipelines.report_lines import held, mined

    workspace = workspace_at(home, Clock())
    segments = (
        "MSH|^~\\&|RIS|X|EDU|X|20260101080000||ORU^R01^ORU_R01|7|P|2.5.1",
        "PID|1||7^^^X^MR||Quarrington^Zephyrine",
        "OBR|1|P1|F1|71046^Chest|||20260101|||||||||Oyelaran^Ref|||||||||F|||||||Hallewell&Tom",
        "OBX|1|TX|71046&GDT^Chest||Pleural effusion, zephyrine. Quarrington, oyelaran, HALLEWELL told.||||||F",
    )
    (tmp_path / "r.hl7").write_text("\r".join(segments))
    mined(workspace, tmp_path / "r.hl7")
    assert len(held(workspace, "cases")["cases"]) == 1 and places(home / "wetread.db") == {("identities", "label")}
