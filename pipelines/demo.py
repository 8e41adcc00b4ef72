"""``wetread demo``: a department to try Wetread with. Its images are phantoms made here, its people are invented."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from ipaddress import ip_address

import numpy as np

from api.drafting import CleanImages, Draftable, draft
from api.identity import NewAccount, add_account
from api.learning import Learning
from api.rights import Role
from api.settings import Settings
from api.workspace import DEPARTMENT, Workspace
from archive.archives import open_archive
from archive.deidentify import PROFILE_VERSION, deidentify
from models.errors import BadInput, NotFound
from models.finding import Truth
from models.reading import LibraryCase, Reading, ReadingSource
from models.report import SectionName
from models.teaching_case import CaseOrigin, CaseStatus, ImageRef, Lesion, Proof, TeachingCase
from nlp.miner import Miner
from nlp.sections import find_sections
from pipelines.demo_imports import bring_in
from pipelines.import_reads import learn
from pipelines.serve import listen, serve
from pipelines.simulate import simulate_department
from pipelines.telling import along, out
from store import accounts, cases, departments, history, readers, reviews
from synth.phantoms import PhantomOrder, make_phantom
from synth.phantoms import library as phantom_library
from synth.reports import PhantomReport

PASSWORD = "phantoms-only"
PEOPLE = (
    ("resident", "Robin Reader", Role.LEARNER, "R2"),
    ("educator", "Ellis Educator", Role.EDUCATOR, "attending"),
    ("lead", "Lee Lead", Role.QUALITY_LEAD, "attending"),
    ("admin", "Ada Admin", Role.ADMIN, ""),
)
PHANTOMS = 66
LEFT_AS_DRAFTS = 5
SIMULATED_READERS = 40
RESIDENT_READS = 22
SEED = 20_260
DONE = "demo-is-ready"


def demo_settings(settings: Settings, home_given: bool) -> Settings:
    """The demonstration keeps to a folder of its own, unless WETREAD_HOME names one."""
    if home_given:
        return settings
    home = settings.home.with_name("wetread-demo")
    return replace(settings, home=home, database=f"sqlite:///{home / 'wetread.db'}", archive=str(home / "archive"))


def run_demo(settings: Settings, host: str, port: int, prepare_only: bool) -> None:
    """Make the demonstration where it is not there yet, then serve it on this machine."""
    if not _loopback(host):
        raise BadInput("--host", "the demonstration's passwords are known to all", "keep it on 127.0.0.1")
    prepare(settings)
    if not prepare_only:
        serve(settings, host, _free_port(host, port), worker=True, ready=_welcome)


def _free_port(host: str, port: int) -> int:
    """The port asked for, or any other where that is taken: whoever tries the demonstration need not care."""
    try:
        listen(host, port).close()
    except BadInput:
        return 0
    return port


def prepare(settings: Settings) -> None:
    """Everything of the demonstration. A killed preparation goes on where it stopped."""
    mark = settings.home / DONE
    if mark.exists():
        return
    out.print("making the demonstration, once: phantoms, reports, readers")
    workspace = Workspace.open(settings, demo=True)
    with workspace.database.snapshot() as tx:
        if not departments.get(tx, DEPARTMENT).demo:
            raise BadInput(str(settings.home), "holds a workspace of its own", "set WETREAD_HOME to a new folder")
    _add_people(workspace)
    _add_cases(workspace)
    _add_department(workspace)
    bring_in(workspace, PEOPLE[0][0], np.random.default_rng(SEED))
    workspace.database.close()
    mark.touch()


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _welcome(address: str) -> None:
    out.print(f"\n  Wetread's demonstration is at  {address}\n", markup=False)
    for login, name, role, _ in PEOPLE:
        out.print(f"    {role.value.replace('_', ' '):13} login {login:9} password {PASSWORD}   ({name})", markup=False)
    out.print("\n  Every image is a phantom, every person invented. Stop with Ctrl-C.", markup=False)


def _add_people(workspace: Workspace) -> None:
    for login, name, role, level in PEOPLE:
        with workspace.database.transaction() as tx:
            try:
                accounts.by_login(tx, login)
            except NotFound:
                reader = workspace.opaque("reader", DEPARTMENT, login)
                new = NewAccount(workspace.new_id(), reader, DEPARTMENT, login, name, PASSWORD, (role.value,), level)
                add_account(tx, new)


def _add_cases(workspace: Workspace) -> None:
    orders = phantom_library(PHANTOMS, seed=SEED)
    miner = Miner(workspace.findings, workspace.diagnoses)
    with workspace.database.snapshot() as tx:
        known = cases.known(tx, DEPARTMENT, [_name(order) for order in orders])
    waiting = [(n, order) for n, order in enumerate(orders) if _name(order) not in known]
    made = _stored(workspace, [order for _, order in waiting])
    for (n, _), stored in along(zip(waiting, made, strict=True), "making phantoms", len(waiting)):
        _add_case(workspace, miner, stored, approve=n >= LEFT_AS_DRAFTS)


def _name(order: PhantomOrder) -> str:
    return f"{order.recipe.key}-{order.seed}-{order.subtlety}"


@dataclass(frozen=True, slots=True)
class Stored:
    """A phantom whose images are in the archive: what its rows need, without the pixels."""

    order: PhantomOrder
    refs: tuple[ImageRef, ...]
    lesions: tuple[Lesion, ...]
    report: PhantomReport
    truth: Truth


def _stored(workspace: Workspace, orders: Sequence[PhantomOrder]) -> Iterator[Stored]:
    """The phantoms in order, each made, de-identified and archived by whichever core is free."""
    store_one = partial(_store_one, workspace.settings, workspace.secret)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(store_one, orders)


def _store_one(settings: Settings, secret: bytes, order: PhantomOrder) -> Stored:
    phantom = make_phantom(order.recipe, order.seed, order.subtlety)
    archive = open_archive(settings.archive, secret, settings.archive_access)
    refs = tuple(archive.add(deidentify(d, secret), _name(order)).ref for d in phantom.datasets)
    lesions = tuple(
        Lesion(place.finding, refs[place.slice_index].image_id, 1, place.x, place.y, place.radius)
        for place in phantom.lesions
    )
    return Stored(order, refs, lesions, phantom.report, phantom.truth)


def _add_case(workspace: Workspace, miner: Miner, stored: Stored, approve: bool) -> None:
    given = _draftable(workspace, stored)
    images = CleanImages(stored.refs, PROFILE_VERSION, lesions=stored.lesions)
    case = _proved(draft(workspace, miner, given, images), stored)
    with workspace.database.transaction() as tx:
        cases.add(tx, case, workspace.now())
        if approve:
            decision = cases.Decision(CaseStatus.APPROVED, "demo", workspace.now())
            cases.decide(tx, DEPARTMENT, case.case_id, 1, decision)


def _draftable(workspace: Workspace, stored: Stored) -> Draftable:
    order, told = stored.order, stored.report
    report = find_sections(told.text)
    return Draftable(
        source="phantom",
        source_id=_name(order),
        title=told.diagnosis_text,
        history=told.history,
        findings=report.body(SectionName.FINDINGS),
        impression=report.body(SectionName.IMPRESSION),
        diagnosis=told.diagnosis_text,
        differential=told.differential,
        discussion=told.discussion,
        modality=order.recipe.modality,
        place=order.recipe.region.value,
        proof=Proof.CONSTRUCTION,
        origin=CaseOrigin.PHANTOM,
        patient=workspace.opaque("patient", "phantom", str(order.seed)),
    )


def _proved(case: TeachingCase, stored: Stored) -> TeachingCase:
    """A phantom's truth is known from how it was made, not from what its report is read to say."""
    recipe = stored.order.recipe
    key = replace(
        case.key,
        truth=stored.truth,
        findings=(recipe.finding,) if recipe.finding else (),
        diagnosis=recipe.diagnosis,
        imitates=None if recipe.finding else recipe.imitates,
        difficulty=(3 - stored.order.subtlety) * 0.6 if recipe.finding else 0.0,
    )
    return replace(case, key=key, region=recipe.region)


def _add_department(workspace: Workspace) -> None:
    """Forty invented readers with their reads and reviews, and the learner's first weeks."""
    learning = Learning(workspace.findings)
    rng = np.random.default_rng(SEED)
    with workspace.database.snapshot() as tx:
        shown = learning.library(tx, DEPARTMENT).snapshot.cases
        resident = accounts.by_login(tx, "resident").reader_id
    made = simulate_department(shown, workspace.findings, SIMULATED_READERS, workspace.now(), rng, DEPARTMENT)
    with workspace.database.transaction() as tx:
        readers.add(tx, made.readers)
        history.add_many(tx, made.readings)
        reviews.add_many(tx, made.reviews)
        history.add_many(tx, _resident_reads(workspace, resident, shown, rng))
    learn(workspace, learning)


def _resident_reads(
    workspace: Workspace, resident: str, shown: Sequence[LibraryCase], rng: np.random.Generator
) -> list[Reading]:
    """The learner's first weeks: a few cases, some of them missed."""
    chosen = rng.choice(len(shown), RESIDENT_READS, replace=False)
    reads = []
    for n, index in enumerate(chosen):
        case = shown[int(index)]
        ease = 0.85 if case.skills.truth is Truth.NORMAL else 0.6
        reads.append(
            Reading(
                reading_id=workspace.opaque("reading", "demo", str(n)),
                department_id=DEPARTMENT,
                reader_id=resident,
                case_id=case.case_id,
                source=ReadingSource.PRACTICE,
                sequence=n + 1,
                correct=bool(rng.random() < ease),
                skills=case.skills,
                read_at=workspace.now() - timedelta(days=RESIDENT_READS - n),
                seconds=float(round(rng.uniform(20, 120), 1)),
            )
        )
    return reads
