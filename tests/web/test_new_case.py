"""An educator's new case: typed, uploaded, made by the worker, opened and approved, all in a browser."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Dialog, Route, expect
from pydicom.dataset import Dataset

from api.upload_folder import folders_of
from tests.building import ct_slice
from tests.web.conftest import Service, Visit, Visitor, home_of

pytestmark = pytest.mark.web

WORK_MS = 120_000


def dicom(dataset: Dataset) -> bytes:
    target = io.BytesIO()
    dataset.save_as(target, enforce_file_format=True)
    return target.getvalue()


def slices(uid: str, *numbers: int) -> list[bytes]:
    return [dicom(ct_slice(number, uid)) for number in numbers]


@pytest.fixture
def files(tmp_path: Path) -> Callable[[str], dict[str, Path]]:
    """``files(uid)``: three slices, a zip of two more with a DICOMDIR, and a picture, on the disk."""

    def made(uid: str) -> dict[str, Path]:
        content = {f"DOE_JANE_{n}.dcm": image for n, image in enumerate(slices(uid, 1, 2, 3), 1)}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for number, image in enumerate(slices(uid, 4, 5)):
                archive.writestr(f"S1/IM{number}", image)
            archive.writestr("DICOMDIR", b"-")
        picture = io.BytesIO()
        Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64), np.uint8)).save(picture, "PNG")
        content |= {"study.zip": packed.getvalue(), "film.png": picture.getvalue(), "cut.dcm": slices(uid, 9)[0][:-300]}
        for name, each in content.items():
            (tmp_path / name).write_bytes(each)
        return {name: tmp_path / name for name in content}

    return made


def type_case(visit: Visit) -> None:
    page = visit.page
    page.get_by_test_id("new-title").fill("Nodule behind the clavicle")
    page.get_by_test_id("new-exam").fill("CT chest")
    page.get_by_test_id("new-history").fill("Cough for six weeks, seen by Dr. Wintergreen.")
    page.get_by_test_id("new-findings").fill("There is a spiculated nodule in the left upper lobe.")


def choose(visit: Visit, *places: Path) -> None:
    visit.page.get_by_test_id("files").set_input_files(list(places))


def test_files_become_a_draft_and_the_draft_is_approved(
    visit: Visitor, service: Service, files: Callable[[str], dict[str, Path]]
) -> None:
    edu = visit("edu")
    made = files("1.2.826.0.1.3680043.8.498.901")
    edu.open("/drafts")
    edu.click("to-new-case")
    edu.see("new-case")
    expect(edu.page.get_by_test_id("make-case")).to_be_disabled()
    choose(edu, *(made[name] for name in made if name != "cut.dcm"))
    expect(edu.page.get_by_test_id("sent-of")).to_contain_text("5 of 5 files sent")
    edu.click("make-case")
    expect(edu.page.get_by_test_id("new-title")).to_be_focused()
    type_case(edu)
    edu.click("make-case")
    edu.see("making")
    edu.see("made", WORK_MS)
    expect(edu.page.get_by_test_id("open-draft")).to_be_focused()
    edu.page.keyboard.press("Enter")
    edu.see("viewer-canvas")
    assert "spiculated nodule" in edu.text("report-text") and "scrubbed" in edu.text("cleaning")
    assert "Wintergreen" not in edu.page.get_by_test_id("field-history").input_value()
    assert edu.page.evaluate("document.querySelector('[data-testid=slice-indicator]')?.textContent ?? ''")
    edu.click("approve")
    expect(edu.page.get_by_test_id("case-status")).to_contain_text(re.compile("approved", re.I), timeout=20_000)
    assert folders_of(home_of(service)) == [], "the uploaded files are still there"
    assert not [p for p in edu.problems if "Failed to load resource" not in p]


def test_bad_files_are_named_and_can_be_left_out(visit: Visitor, files: Callable[[str], dict[str, Path]]) -> None:
    edu = visit("edu")
    made = files("1.2.826.0.1.3680043.8.498.902")
    edu.open("/new-case")
    edu.see("new-case")
    type_case(edu)
    choose(edu, made["DOE_JANE_1.dcm"], made["cut.dcm"])
    expect(edu.page.get_by_test_id("make-case")).to_be_enabled()
    edu.click("make-case")
    edu.see("failed", WORK_MS)
    assert re.search(r"cut\.dcm: is cut short", edu.text("failed"))
    assert edu.page.get_by_test_id("new-title").input_value() == "Nodule behind the clavicle"
    edu.click("leave-out")
    edu.see("made", WORK_MS)
    edu.click("another-case")
    assert edu.page.get_by_test_id("new-title").input_value() == ""
    assert edu.page.get_by_test_id("file-row").count() == 0


def test_sending_goes_on_after_the_connection_was_lost(visit: Visitor, files: Callable[[str], dict[str, Path]]) -> None:
    edu = visit("edu")
    made = files("1.2.826.0.1.3680043.8.498.903")
    edu.open("/new-case")
    edu.see("new-case")

    def cut(route: Route) -> None:
        route.abort("connectionreset")

    edu.page.route("**/api/uploads/*/files/*", cut)
    choose(edu, made["DOE_JANE_1.dcm"], made["DOE_JANE_2.dcm"], made["DOE_JANE_3.dcm"])
    edu.see("upload-lost")
    edu.page.unroute("**/api/uploads/*/files/*", cut)
    expect(edu.page.get_by_test_id("sent-of")).to_contain_text("3 of 3 files sent", timeout=60_000)
    expect(edu.page.get_by_test_id("upload-lost")).to_have_count(0)


def test_typed_words_survive_another_page_and_leaving_warns(
    visit: Visitor, service: Service, files: Callable[[str], dict[str, Path]]
) -> None:
    edu = visit("edu")
    made = files("1.2.826.0.1.3680043.8.498.904")
    edu.open("/new-case")
    edu.see("new-case")
    type_case(edu)
    edu.page.get_by_test_id("new-diagnosis").click()
    edu.page.keyboard.type("Lung cancer")
    choose(edu, made["DOE_JANE_1.dcm"])
    expect(edu.page.get_by_test_id("sent-of")).to_contain_text("1 of 1 files sent")
    edu.click("nav-drafts")
    edu.see("to-new-case")
    edu.click("nav-new_case")
    assert edu.page.get_by_test_id("new-diagnosis").input_value() == "Lung cancer"
    assert edu.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") == "{}"
    warned: list[str] = []

    def stay(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.dismiss()

    edu.page.once("dialog", stay)
    edu.page.evaluate("() => { setTimeout(() => location.reload(), 0) }")
    edu.page.wait_for_timeout(800)
    assert warned == ["beforeunload"]
    assert edu.page.get_by_test_id("new-diagnosis").input_value() == "Lung cancer"
    before = set(folders_of(home_of(service)))
    with edu.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        edu.click("cancel-upload")
    expect(edu.page.get_by_test_id("file-row")).to_have_count(0)
    assert len(before - set(folders_of(home_of(service)))) == 1


def test_a_keyboard_is_enough(visit: Visitor) -> None:
    edu = visit("edu")
    edu.open("/new-case")
    edu.see("new-case")
    edu.page.get_by_test_id("new-title").focus()
    met = []
    for _ in range(14):
        met.append(edu.page.evaluate("document.activeElement.textContent || document.activeElement.dataset.testid"))
        edu.page.keyboard.press("Tab")
    assert met[:3] == ["new-title", "new-exam", "new-history"]
    with edu.page.expect_file_chooser():
        edu.page.get_by_role("button", name="Choose files").press("Enter")


def test_a_learner_has_no_such_page(visit: Visitor) -> None:
    ada = visit("ada")
    ada.open("/new-case")
    ada.page.wait_for_load_state("networkidle")
    assert ada.page.get_by_test_id("new-case").count() == 0
    assert not [url for url, _ in ada.network.seen if "new_case" in url], "not even its code"
