"""FHIR DiagnosticReports as servers really write them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BadInput
from pipelines.report_files import json_elements
from pipelines.report_files.narrative import plain_text
from pipelines.report_files.row import ReportRow
from tests.pipelines.report_writers import SECRET, Heard, heard, report, resource

DIV = (
    '<div xmlns="http://www.w3.org/1999/xhtml"><p>Lungs &amp; heart</p><p>clear.<br/>'
    "No<!-- 1 > 0 --> effusion</p></div>"
)


def found_in(folder: Path, *resources: dict[str, Any], name: str = "r.json") -> Heard:
    path = folder / name
    whole = {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}
    path.write_text(json.dumps(whole))
    return heard(path)


def one(folder: Path, **elements: Any) -> ReportRow:
    found = found_in(folder, resource(report("R1"), **elements))
    assert not found.refused
    [row] = found.rows
    return row


def problem(folder: Path, **elements: Any) -> str:
    found = found_in(folder, resource(report("R1"), **elements))
    assert not found.rows
    [error] = found.refused
    return error.problem


def form(kind: str, text: bytes = b"Clear.") -> list[dict[str, str]]:
    return [{"contentType": kind, "data": base64.b64encode(text).decode()}]


def test_a_single_report_in_any_layout(tmp_path: Path) -> None:
    for indent in (None, 0, 2):
        path = tmp_path / "one.json"
        path.write_text(json.dumps(resource(report("R1")), indent=indent))
        assert [row.uid for row in heard(path).rows] == ["R1/F"]


def test_lists_and_bundles_in_lines(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps([resource(report("R1")), resource(report("R2"))]))
    assert [row.uid for row in heard(path).rows] == ["R1/F", "R2/F"]
    bundle = json.dumps({"resourceType": "Bundle", "entry": [{"resource": resource(report("R3"))}, {"x": 1}]})
    path.write_text(bundle.replace('{"x": 1}', '{"resource": {"resourceType": "Patient"}}') + "\n{}\n" + bundle)
    found = heard(path)
    assert [row.uid for row in found.rows] == ["R3/F"] and len(found.refused) == 2 and len(found.notices) == 1


def test_the_text_is_the_form_else_the_conclusion_else_the_narrative(tmp_path: Path) -> None:
    narrative = {"status": "generated", "div": DIV}
    everything: dict[str, Any] = {"conclusion": "Normal.", "text": narrative}
    assert one(tmp_path, **everything, presentedForm=form("text/plain")).text == "Clear."
    row = one(tmp_path, **everything, presentedForm=form("application/pdf"))
    assert (row.text, row.impression) == ("", "Normal.")
    row = one(tmp_path, presentedForm=form("text/html"), text=narrative)
    assert row.text == "Lungs & heart\n\nclear.\nNo effusion"


@pytest.mark.parametrize(
    ("kind", "raw"),
    [("text/plain", "Größe".encode()), ("TEXT/PLAIN; charset=ISO-8859-1", "Größe".encode("cp1252"))],
)
def test_forms_in_other_character_sets(tmp_path: Path, kind: str, raw: bytes) -> None:
    assert one(tmp_path, presentedForm=form(kind, raw)).text == "Größe"


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"presentedForm": form("application/pdf")}, "document"),
        ({"presentedForm": form("text/html")}, "document"),
        ({"presentedForm": None}, "empty"),
        ({"presentedForm": form("text/plain", b"\xff\x81")}, "neither"),
        ({"presentedForm": [{"contentType": "text/plain", "data": "aGVs*bG8="}]}, "base64"),
        ({"status": "entered-in-error"}, "status"),
        ({"status": "cancelled"}, "status"),
        ({"status": None}, "DiagnosticReport"),
        ({"issued": f"{SECRET}"}, "(issued)"),
        ({"subject": [SECRET]}, "(subject)"),
        ({"identifier": [{SECRET: SECRET}]}, "(identifier)"),
        ({"id": None}, "no id"),
        ({"effectiveDateTime": "2027-01-01"}, "future"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, elements: dict[str, Any], said: str) -> None:
    assert said in problem(tmp_path, **elements)


def test_statuses(tmp_path: Path) -> None:
    words = ["registered", "partial", "preliminary", "final", "amended", "corrected", "appended"]
    assert [one(tmp_path, status=word).status.value for word in words] == ["P", "P", "P", "F", "C", "C", "C"]


def test_people_are_known_by_what_lasts(tmp_path: Path) -> None:
    person = {"reference": "Practitioner/7", "display": "Dr A"}
    assert one(tmp_path, resultsInterpreter=[person]).author == "Practitioner/7"
    assert one(tmp_path, resultsInterpreter=[{"reference": "#p", "display": "Dr A"}]).author == "Dr A"
    assert one(tmp_path, performer=[{"reference": "Organization/1"}, person]).author == "Practitioner/7"
    assert one(tmp_path, subject={"reference": "Patient/3"}).patient == "Patient/3"


def test_the_exam_and_where_its_images_are(tmp_path: Path) -> None:
    row = one(
        tmp_path,
        code={"coding": [{"code": "30746-2", "display": "Chest CT"}]},
        category=[{"coding": [{"code": "CT"}]}],
        basedOn=[{"identifier": {"type": {"coding": [{"code": "ACSN"}]}, "value": "A9"}}],
        imagingStudy=[{"reference": "ImagingStudy/1"}, {"reference": "urn:oid:1.2.3"}],
    )
    assert (row.exam, row.modality, row.accession, row.study_uid) == ("Chest CT", "CT", "A9", "1.2.3")


def test_laboratories_and_other_resources_are_left_out_and_told(tmp_path: Path) -> None:
    lab = resource(report("R1"), category=[{"coding": [{"code": "LAB"}]}])
    found = found_in(tmp_path, lab, {"resourceType": "Patient", "id": "1"}, resource(report("R2")))
    assert [row.uid for row in found.rows] == ["R2/F"] and len(found.notices) == 2 and not found.refused


def test_xml_is_told(tmp_path: Path) -> None:
    path = tmp_path / "r.xml"
    path.write_text('<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>')
    with pytest.raises(BadInput, match="FHIR as XML"):
        heard(path)


BROKEN = ('{"resource": }', '{"resource": [}]}', "{}", '{"resource": {"a": 1}}}', '{"a": "\\ud800"}', '{"a" 1}')


def test_a_broken_entry_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    good = [json.dumps({"resource": resource(report(f"R{n}"))}) for n in (1, 2)]
    for broken in BROKEN:
        path.write_text(f'{{"resourceType": "Bundle", "entry": [{good[0]}, {broken}, {good[1]}]}}')
        found = heard(path)
        assert [row.uid for row in found.rows] == ["R1/F", "R2/F"] and len(found.refused) == 1, broken
        assert "entry 2" in found.said


def test_a_bracket_too_many_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    good = [json.dumps(resource(report(f"R{n}"))) for n in (1, 2)]
    path.write_text(f"[{good[0]}}}, {good[1]}]")
    assert [row.uid for row in heard(path).rows] == ["R1/F", "R2/F"]


def test_an_entry_that_is_never_closed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    good = json.dumps({"resource": resource(report("R1"))})
    path.write_text(f'{{"resourceType": "Bundle", "entry": [{good}, {{"resource": {{"a": [{good}]')
    found = heard(path)
    assert [row.uid for row in found.rows] == ["R1/F"] and "the file ends within it" in found.said


VALUES = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=5), st.sampled_from(["{", "]", '"', "\\", '\\"', "entry"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from(["a", "entry", "resource", '"', "{"]), VALUES, max_size=4)


@given(parts=st.lists(OBJECTS, max_size=4), lead=OBJECTS, size=st.integers(1, 40), indent=st.sampled_from([None, 1]))
def test_a_file_comes_apart_into_what_it_was_made_of(
    tmp_path_factory: pytest.TempPathFactory, parts: list[Any], lead: dict[str, Any], size: int, indent: int | None
) -> None:
    path = tmp_path_factory.mktemp("f") / "r.json"
    whole = {name: value for name, value in lead.items() if name != "entry"} | {"entry": parts, "z": 1}
    path.write_text(json.dumps(whole, indent=indent))
    with pytest.MonkeyPatch.context() as patch, path.open("rb") as stream:
        patch.setattr(json_elements, "pieces", lambda opened: iter(lambda: opened.read(size), b""))
        found = list(json_elements.elements(stream))
    assert [json.loads(each.raw or b"") for each in found] == parts and not any(each.cut for each in found)


@pytest.mark.parametrize("mess", ["<", "<!--", "<p ", "&", "<style>", "<p", "\n \t", "x\n "])
def test_a_narrative_of_any_kind_takes_little_time(mess: str) -> None:
    # A pattern that looks ahead from each "<" would take days.
    assert len(plain_text(mess * 400_000)) <= len(mess) * 400_000


@pytest.mark.parametrize("last", [False, True])
def test_people_of_other_entries_are_known_by_name(tmp_path: Path, last: bool) -> None:
    """What a reference stands for may come before it or after, by kind and id or by the entry's full URL."""
    people: list[dict[str, object]] = [
        {"resource": {"resourceType": "Patient", "id": "p7", "name": [{"family": "Quarrington", "given": ["Zeph"]}]}},
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Practitioner", "id": "x", "name": [{"text": "Halle"}]}},
        {"resource": {"resourceType": "Patient", "id": "p8", "name": [{"family": "Nobody"}]}},
    ]
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "code": {"text": "CT"},
        "conclusion": "Normal.",
        "subject": {"reference": "https://fhir.example/r4/Patient/p7"},
        "resultsInterpreter": [{"reference": "urn:uuid:1"}],
    }
    entries = [{"resource": report}, *people] if last else [*people, {"resource": report}]
    path = tmp_path / "b.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    [row] = heard(path).rows
    assert set(row.names) == {"Quarrington", "Zeph", "Halle"}


def test_everybody_a_report_names_is_known_by_name(tmp_path: Path) -> None:
    row = one(
        tmp_path,
        subject={"reference": "Patient/7", "display": "Avery, Bo"},
        resultsInterpreter=[{"reference": "Practitioner/1", "display": "Prin Cip"}],
        performer=[{"display": "Per Former"}, {"reference": "Organization/2", "display": "Radiology"}],
        contained=[
            {
                "resourceType": "Patient",
                "id": "p",
                "name": [{"family": "Cont", "given": ["Ai", "Ned"]}, {"text": "Nick"}],
            },
            {"resourceType": "Organization", "id": "o", "name": "Chest"},
        ],
    )
    assert {"Avery, Bo", "Prin Cip", "Per Former", "Cont", "Ai", "Ned", "Nick"} == set(row.names) and not row.own_id
    assert one(tmp_path, contained="odd", performer=[]).names is not None
