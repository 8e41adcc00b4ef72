"""The check finds nothing in the shipped catalogues, and each of its rules finds a catalogue broken in that way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models import catalogue_check
from models.catalogue import Problem, Severity
from models.catalogue_check import check
from models.diagnosis import Diagnosis, DiagnosisCatalogue, shipped_diagnoses
from models.finding import Finding, FindingCatalogue, Region, shipped_findings, shipped_sites

ERROR, WARNING = Severity.ERROR, Severity.WARNING
PLACES = ("lung", "bone")


def finding(key: str, **changed: Any) -> Finding:
    plain = Finding(
        key=key,
        name=key.title(),
        region=Region.CHEST,
        family="organ",
        modalities=("CT",),
        phrases=(f"{key} sign",),
        sites=("lung",),
    )
    return replace(plain, **changed)


def diagnosis(key: str, **changed: Any) -> Diagnosis:
    plain = Diagnosis(key, key.title(), Region.CHEST, (f"{key} disease",), ("shadow",))
    return replace(plain, **changed)


def told(*entries: Finding | Diagnosis, shipped: bool = False) -> list[Problem]:
    """What the check says of these entries beside two sound findings and one sound diagnosis."""
    findings = [finding("shadow"), finding("veil", family="tissue")]
    diagnoses = [diagnosis("gloom")]
    for entry in entries:
        findings += [entry] if isinstance(entry, Finding) else []
        diagnoses += [entry] if isinstance(entry, Diagnosis) else []
    return check(FindingCatalogue(findings), DiagnosisCatalogue(diagnoses), shipped, PLACES)


def test_the_shipped_catalogues_are_consistent() -> None:
    assert check(shipped_findings(), shipped_diagnoses(), True, shipped_sites()) == []


def test_sound_entries_are_left_alone() -> None:
    kind = finding("kind", parent="shadow", region=Region.NEURO, family="organ")
    pair = (finding("one", mimics=("two",)), finding("two", mimics=("one",)))
    figures = finding("figure", harm=5, prior_miss=0.5, source="A paper", codes={"radlex": "RID58"})
    assert told(kind, *pair, figures, diagnosis("dusk", parent="gloom", findings=("kind",))) == []


BROKEN: list[tuple[str, Severity, list[Finding | Diagnosis]]] = [
    ("not snake_case", ERROR, [finding("BadKey")]),
    ("not snake_case", ERROR, [diagnosis("bad__key")]),
    ("not snake_case", ERROR, [finding("a" * 81)]),
    ("name is empty", ERROR, [finding("x", name=" ")]),
    ("has the name of shadow", ERROR, [finding("x", name="SHADOW")]),
    ("has the name of gloom", ERROR, [diagnosis("x", name="gloom")]),
    ("no phrases", WARNING, [finding("x", phrases=())]),
    ("phrase 1 is empty", ERROR, [finding("x", phrases=("",))]),
    ("oddly spaced", ERROR, [finding("x", phrases=("two  blanks",))]),
    ("oddly spaced", ERROR, [diagnosis("x", phrases=("line\nend",))]),
    ("single character", ERROR, [finding("x", phrases=("x",))]),
    ("in every report", ERROR, [finding("x", phrases=("The",))]),
    ("listed twice", WARNING, [finding("x", phrases=("A sign", "a sign"))]),
    ("also one of shadow", ERROR, [finding("x", phrases=("Shadow Sign",))]),
    ("also one of gloom", ERROR, [diagnosis("x", phrases=("gloom disease",))]),
    ("also one of shadow", WARNING, [finding("x", phrases=("shadow sign",), parent="shadow")]),
    ("parent is not in the catalogue", ERROR, [finding("x", parent="nowhere")]),
    ("parent is not in the catalogue", ERROR, [diagnosis("x", parent="shadow")]),
    ("its own ancestor", ERROR, [finding("x", parent="x")]),
    ("its own ancestor", ERROR, [finding("x", parent="y"), finding("y", parent="x")]),
    ("its parent in chest", ERROR, [finding("x", parent="veil", region=Region.NEURO)]),
    ("mimic nowhere is not", ERROR, [finding("x", mimics=("nowhere",))]),
    ("mimic shadow is not", ERROR, [diagnosis("x", mimics=("shadow",))]),
    ("its own mimic", ERROR, [finding("x", mimics=("x",))]),
    ("is a kind of it, or", ERROR, [finding("x", parent="shadow", mimics=("shadow",))]),
    ("is a kind of it, or", ERROR, [finding("x", mimics=("y",)), finding("y", parent="x", mimics=())]),
    ("shadow does not name it", WARNING, [finding("x", mimics=("shadow",))]),
    ("mimic shadow is listed twice", WARNING, [finding("x", mimics=("shadow", "shadow"))]),
    ("site 1 is empty", ERROR, [finding("x", sites=("",))]),
    ("no place that reports", WARNING, [finding("x", sites=("tummy",))]),
    ('site "lung" is listed twice', WARNING, [finding("x", sites=("lung", "Lung"))]),
    ("no family", ERROR, [finding("x", family="")]),
    ("family tells an answer", ERROR, [finding("x", family="the shadow sign organ")]),
    ("family tells an answer", ERROR, [finding("x", family="veil")]),
    ("no modalities", WARNING, [finding("x", modalities=())]),
    ("no DICOM modality: ct", ERROR, [finding("x", modalities=("ct", "MR"))]),
    ("harm is not 1 to 5", ERROR, [finding("x", harm=0)]),
    ("harm is not 1 to 5", ERROR, [finding("x", harm=6)]),
    ("prior_miss is not 0 to 1", ERROR, [finding("x", prior_miss=33.0, source="A paper")]),
    ("prior_miss is not 0 to 1", ERROR, [finding("x", prior_miss=float("nan"), source="A paper")]),
    ("not both there", ERROR, [finding("x", prior_miss=0.3)]),
    ("not both there", ERROR, [finding("x", source="A paper")]),
    ("unknown system", WARNING, [finding("x", codes={"ours": "1"})]),
    ("not a code of radlex", ERROR, [finding("x", codes={"radlex": "58"})]),
    ("not a code of oifm", ERROR, [finding("x", codes={"oifm": "OIFM_1"})]),
    ("not a code of snomed", ERROR, [finding("x", codes={"snomed": "0123456"})]),
    ("no findings", WARNING, [diagnosis("x", findings=())]),
    ("finding gloom is not", ERROR, [diagnosis("x", findings=("gloom",))]),
    ("finding shadow is listed twice", WARNING, [diagnosis("x", findings=("shadow", "shadow"))]),
]


@pytest.mark.parametrize(("words", "severity", "entries"), BROKEN, ids=[words for words, _, _ in BROKEN])
def test_each_rule_finds_what_breaks_it(words: str, severity: Severity, entries: list[Finding | Diagnosis]) -> None:
    said = [problem for problem in told(*entries) if words in problem.problem]
    assert said, [str(problem) for problem in told(*entries)]
    assert {problem.severity for problem in said} == {severity}
    assert {problem.entry for problem in said} <= {entry.key for entry in entries}
    assert all(problem.remedy for problem in said)


def test_a_word_that_means_two_findings_may_stand_in_both() -> None:
    assert told(finding("x", phrases=("hydropneumothorax",)), finding("y", phrases=("hydropneumothorax",))) == []


def test_sites_go_unchecked_without_a_list_of_places() -> None:
    findings = FindingCatalogue([finding("x", sites=("tummy",))])
    assert check(findings, DiagnosisCatalogue([])) == []


@pytest.mark.parametrize("shipped", [True, False])
def test_only_the_shipped_catalogues_must_be_large(shipped: bool) -> None:
    assert [problem.entry for problem in told(shipped=shipped)] == [""] * (2 if shipped else 0)


def test_a_key_that_is_no_word_is_shown_escaped_and_cut() -> None:
    (problem,) = (p for p in told(finding("\x1b[2J" + "a" * 300)) if "snake_case" in p.problem)
    assert problem.where.isprintable() and len(problem.where) < 120


SPOILS: list[tuple[str, Callable[[Finding], Finding]]] = [
    ("harm is not", lambda one: replace(one, harm=9)),
    ("parent is not", lambda one: replace(one, parent="no_such_finding")),
    ("not both there", lambda one: replace(one, prior_miss=0.2, source="")),
    ("mimic no_such", lambda one: replace(one, mimics=("no_such_finding",))),
    ("phrase 1", lambda one: replace(one, phrases=("",))),
]


@pytest.mark.parametrize(("words", "spoil"), SPOILS)
def test_any_shipped_entry_that_is_spoilt_is_told(words: str, spoil: Callable[[Finding], Finding]) -> None:
    for key in list(shipped_findings())[::7]:
        spoilt = FindingCatalogue([*shipped_findings().values(), spoil(shipped_findings()[key])])
        assert any(words in p.problem and p.entry == key for p in check(spoilt, shipped_diagnoses())), key


def test_every_stop_word_and_modality_is_written_as_it_is_compared() -> None:
    assert all(word == word.lower() for word in catalogue_check.STOP_WORDS | catalogue_check.MEANT_TWICE)
    assert all(code == code.upper() for code in catalogue_check.MODALITIES)
