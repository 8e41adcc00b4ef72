"""The leak test: before commit, no byte that reached the browser tells anything of an uncommitted case."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from models.finding import FindingCatalogue
from models.teaching_case import CaseOrigin, TeachingCase
from tests.building import words_of
from tests.web.conftest import Service, Visit, Visitor

pytestmark = pytest.mark.web

RARE_WORDS = ("okapi", "gnu-shaped", "hartebeest", "aardvark", "wombat", "platypus")
"""Words that the invented reports alone use."""


def told_anywhere(case: TeachingCase) -> Iterable[str]:
    """Words of the case that no file of the page and no answer of the API may hold."""
    key = case.key
    for text in (key.report, key.title, key.diagnosis_text, key.discussion, *key.differential):
        yield from words_of(text, 3)
    yield from (case.source_id, case.patient, *RARE_WORDS)


def told_by_the_api(case: TeachingCase, findings: FindingCatalogue) -> Iterable[str]:
    """Words that the page's own code may use for other things, but no answer of the API may send."""
    for finding in case.key.findings:
        yield from (finding, findings.name(finding))
    if case.key.diagnosis:
        yield from (case.key.diagnosis, case.key.diagnosis.replace("_", " "))
    yield from (case.key.origin.value, case.key.proof.value, "truth", "abnormal", "lesion", "difficulty")


def leaks(visit: Visit, case: TeachingCase, findings: FindingCatalogue) -> list[str]:
    found = []
    for secret in told_anywhere(case):
        found += [f"{secret!r} in {url}" for url, told in visit.network.seen if secret.lower() in told]
    for secret in told_by_the_api(case, findings):
        pattern = re.compile(rf"(?<![a-z]){re.escape(secret.lower())}(?![a-z])")
        found += [f"{secret!r} in {url}" for url, told in visit.network.seen if "/api/" in url and pattern.search(told)]
    return found


def read_every_way(visit: Visit) -> None:
    """What a curious reader does with an open case: every slice, every tool, every hint, every other page."""
    visit.see("viewer-canvas")
    visit.see("slice-indicator")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "?", "Escape"):
        visit.page.keyboard.press(key)
    for tool in ("wl", "mark", "length", "zoom", "pan"):
        visit.click(f"tool-{tool}")
    visit.page.wait_for_timeout(500)


def test_nothing_of_an_uncommitted_case_reaches_the_browser(visit: Visitor, service: Service) -> None:
    ada = visit("ada")
    approved = {case_id: case for case_id, case in service.cases.items() if case.status.value == "approved"}
    for path in ("/", "/progress"):
        ada.open(path)
        ada.page.wait_for_load_state("networkidle")
    ada.open("/")
    ada.see("make-set")
    csrf = ada.page.evaluate("fetch('/api/session').then(r => r.json()).then(b => b.csrf)")
    chosen = ada.page.evaluate(
        """csrf => fetch('/api/practice-sets', {method: 'POST', body: JSON.stringify({size: 7}),
           headers: {'Content-Type': 'application/json', 'X-Wetread-CSRF': csrf}}).then(r => r.json())""",
        csrf,
    )
    met = [item["case_id"] for item in chosen["items"]]
    origins = {approved[case_id].key.origin for case_id in met}
    assert origins == {CaseOrigin.CLINICAL, CaseOrigin.PHANTOM, CaseOrigin.SYNTHETIC}, "the set must hold each origin"
    for position in range(1, len(met) + 1):
        ada.open(f"/read/{chosen['set_id']}/{position}")
        read_every_way(ada)
    ada.open("/progress")
    ada.page.wait_for_load_state("networkidle")
    assert len(ada.network.seen) > 40
    for case in service.cases.values():
        assert leaks(ada, case, service.workspace.findings) == []


def test_the_key_arrives_with_the_commit_and_only_that_cases(visit: Visitor, service: Service) -> None:
    bob = visit("bob")
    bob.open("/")
    bob.see("start-set")
    bob.click("start-set")
    read_every_way(bob)
    set_id = bob.page.url.split("/")[-2]
    items = bob.page.evaluate(f"fetch('/api/practice-sets/{set_id}').then(r => r.json())")["items"]
    first, rest = service.cases[items[0]["case_id"]], [service.cases[item["case_id"]] for item in items[1:]]
    assert leaks(bob, first, service.workspace.findings) == []
    bob.click("answer-normal")
    bob.click("commit")
    bob.see("feedback")
    told = [secret for secret in told_anywhere(first) if any(secret.lower() in body for _, body in bob.network.seen)]
    assert told, "the feedback must hold the report"
    shared = {secret for secret in told_anywhere(first)}
    for case in rest:
        own = [secret for secret in told_anywhere(case) if secret not in shared]
        assert not [s for s in own if any(s.lower() in body for _, body in bob.network.seen)]
