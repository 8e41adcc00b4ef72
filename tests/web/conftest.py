"""A real browser in front of a real service."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, sync_playwright
from pydicom import dcmread
from pydicom.data import get_testdata_file

from api.settings import built_page
from api.workspace import Workspace
from archive.deidentify import deidentify
from models.finding import Region
from models.teaching_case import CaseOrigin, CaseStatus, ImageRef, Lesion, TeachingCase
from store import cases, reviews
from synth.phantoms import make_phantom
from synth.recipes import recipe
from tests.building import PASSWORD, Clock, Story, account, case_of, review_of, workspace_at
from tests.pipelines.conftest import environment

CHROMIUM = which("chromium") or which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Service:
    """A running service, and the cases it holds."""

    address: str
    workspace: Workspace
    cases: dict[str, TeachingCase]


@dataclass
class Network:
    """Everything the browser received, in order: addresses, headers and bodies."""

    seen: list[tuple[str, str]] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("response", self._keep)

    def _keep(self, response: Response) -> None:
        try:
            body = response.body().decode("latin-1")
        except Error:  # a redirect, or a body the browser threw away with its page
            body = ""
        self.seen.append((response.url, f"{response.url}\n{response.headers}\n{body}".lower()))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """``wetread serve`` over real, phantom and synthetic cases, all approved, and two drafts."""
    if built_page() is None:
        pytest.skip("the page is not built: run `make web`")
    home = tmp_path_factory.mktemp("web") / "home"
    workspace = workspace_at(home, Clock(), demo=True)
    made = _real_cases(workspace) + _phantoms(workspace)
    with workspace.database.transaction() as tx:
        for case in made:
            cases.add(tx, case, workspace.now())
    for login, role in (
        ("ada", "learner"),
        ("bob", "learner"),
        ("edu", "educator"),
        ("lead", "quality_lead"),
        ("root", "admin"),
    ):
        account(workspace, login, role)
    with workspace.database.transaction() as tx:
        reviews.add_many(tx, [review_of("reader-ada", "1"), review_of("reader-bob", "3b")])
    command = [sys.executable, "-m", "pipelines.cli", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True)
    assert process.stdout
    address = process.stdout.readline().strip().rsplit(" ", 1)[-1]
    yield Service(address, workspace, {case.case_id: case for case in made})
    process.terminate()
    process.wait(timeout=20)


def _real_cases(workspace: Workspace) -> list[TeachingCase]:
    """A CT and an MR slice of real people, which pydicom ships, with invented reports."""
    made = []
    for number, (name, modality) in enumerate((("CT_small.dcm", "CT"), ("MR_small.dcm", "MR")), 1):
        path = get_testdata_file(name)
        ref = workspace.archive.add(deidentify(dcmread(str(path)), workspace.secret)).ref
        story = Story(
            number=number,
            origin=CaseOrigin.CLINICAL,
            modality=modality,
            diagnosis_text=f"Hartebeest tumour type {number}",
            findings_sentence=f"A lobulated okapi lesion number {number} indents the left contour.",
            impression=f"Okapi lesion number {number}, excision advised.",
        )
        made.append(case_of(story, (ref,)))
    return made


def _phantoms(workspace: Workspace) -> list[TeachingCase]:
    """Phantoms, and the same kind of image called synthetic, over several findings and normals; the last are drafts."""
    keys = (
        "ct_nodule",
        "film_pneumothorax",
        "film_normal",
        "head_subdural",
        "ct_normal",
        "film_effusion",
        "wrist_radius",
    )
    origins = (CaseOrigin.PHANTOM, CaseOrigin.SYNTHETIC)
    made = []
    for number, key in enumerate(keys, 10):
        phantom = make_phantom(recipe(key), seed=number, subtlety=4)
        refs = tuple(workspace.archive.add(deidentify(d, workspace.secret)).ref for d in phantom.datasets)
        finding = phantom.recipe.finding
        story = Story(
            number=number,
            finding=finding,
            diagnosis=None,
            diagnosis_text=f"Aardvark disease grade {number}",
            history=f"Fell from a ladder, visit {number}.",
            findings_sentence=f"A gnu-shaped shadow number {number} lies on the left side.",
            impression=f"Gnu-shaped shadow number {number} needs attention.",
            origin=origins[number % 2],
            status=CaseStatus.DRAFT if number >= 15 else CaseStatus.APPROVED,
            region=phantom.recipe.region if finding else Region.CHEST,
            modality=phantom.recipe.modality,
        )
        made.append(_with_lesions(case_of(story, refs), refs, phantom.lesions))
    return made


def _with_lesions(case: TeachingCase, refs: tuple[ImageRef, ...], places: object) -> TeachingCase:
    from dataclasses import replace

    lesions = tuple(
        Lesion(p.finding, refs[p.slice_index].image_id, 1, p.x, p.y, p.radius)
        for p in places  # type: ignore[attr-defined]
    )
    return replace(case, key=replace(case.key, lesions=lesions))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@dataclass
class Visit:
    """A person in front of the page. ``problems`` are errors the page wrote to its console."""

    page: Page
    network: Network
    address: str
    problems: list[str]

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def see(self, test_id: str, timeout_ms: float = 30_000) -> None:
        self.page.get_by_test_id(test_id).first.wait_for(state="visible", timeout=timeout_ms)

    def click(self, test_id: str) -> None:
        self.page.get_by_test_id(test_id).first.click()

    def text(self, test_id: str) -> str:
        return self.page.get_by_test_id(test_id).first.inner_text()


Visitor = Callable[[str], Visit]


@pytest.fixture
def visit(service: Service, browser: Browser) -> Iterator[Visitor]:
    """``visit("ada")``: a fresh browser profile in which that person signed in by hand."""
    contexts: list[BrowserContext] = []

    def signed_in(login: str) -> Visit:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page = context.new_page()
        network, problems = Network(), list[str]()
        network.listen(page)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        visited = Visit(page, network, service.address, problems)
        visited.open("/")
        page.get_by_test_id("login").fill(login)
        page.get_by_test_id("password").fill(PASSWORD)
        page.get_by_test_id("sign-in").click()
        page.get_by_test_id("sign-out").wait_for()
        return visited

    yield signed_in
    for context in contexts:
        context.close()


def home_of(service: Service) -> Path:
    return service.workspace.settings.home
