"""Phantom files: valid DICOM, marked for machines and for eyes, with nothing of the answer in any attribute."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from models.finding import shipped_findings
from synth.mark import MARGIN_PIXELS, mark_bitmap
from synth.phantoms import Phantom, make_phantom
from synth.recipes import KINDS, PHANTOMS

FIRST_OF_KIND = [next(entry for entry in PHANTOMS if entry.kind == kind and entry.finding) for kind in KINDS]


@pytest.fixture(scope="module", params=FIRST_OF_KIND, ids=lambda entry: entry.kind)
def phantom(request: pytest.FixtureRequest) -> Phantom:
    return make_phantom(request.param, 21, 3)


def test_the_validator_finds_no_error(phantom: Phantom, tmp_path: Path) -> None:
    """dciodvfy does not know (0008,001C), which is younger than it; every other error counts."""
    validator = shutil.which("dciodvfy")
    if validator is None:
        pytest.skip("dciodvfy is not installed (apt package dicom3tools)")
    for number in (0, len(phantom.datasets) - 1):
        path = tmp_path / f"{number}.dcm"
        phantom.datasets[number].save_as(path, enforce_file_format=True)
        ran = subprocess.run([validator, str(path)], capture_output=True, text=True, check=False)
        lines = (ran.stdout + ran.stderr).splitlines()
        assert [line for line in lines if line.startswith("Error") and "(0x0008,0x001c)" not in line] == []


def test_machines_can_tell_a_phantom(phantom: Phantom, tmp_path: Path) -> None:
    phantom.datasets[0].save_as(tmp_path / "image.dcm", enforce_file_format=True)
    ds = dcmread(tmp_path / "image.dcm")
    assert ds[0x0008001C].value == "YES"
    assert list(ds.ImageType[:2]) == ["DERIVED", "SECONDARY"]
    assert str(ds.PatientName).startswith("PHANTOM^") and ds.PatientID.startswith("PHA-")
    assert ds.SeriesDescription.startswith("PHANTOM ")
    assert ds.BurnedInAnnotation == "NO"
    assert all(uid.startswith("2.25.") and len(uid) <= 64 for uid in (ds.SOPInstanceUID, ds.StudyInstanceUID))


def test_eyes_can_tell_a_phantom(phantom: Phantom) -> None:
    for ds in phantom.datasets:
        stored = ds.pixel_array
        bitmap = mark_bitmap()
        low = ds.Rows - MARGIN_PIXELS
        corner = stored[low - bitmap.shape[0] : low, MARGIN_PIXELS : MARGIN_PIXELS + bitmap.shape[1]]
        assert len(np.unique(corner[bitmap])) == 1
        assert float(corner[bitmap].mean()) > float(corner[~bitmap].mean()) + 200


def test_no_attribute_holds_the_answer(phantom: Phantom) -> None:
    words = " ".join(str(element.value).lower() for ds in phantom.datasets for element in ds if element.VR != "OW")
    finding = str(phantom.recipe.finding)
    assert phantom.recipe.key not in words and finding not in words
    assert not any(phrase.lower() in words for phrase in shipped_findings()[finding].phrases)


def test_slices_stack_from_the_head_down(phantom: Phantom) -> None:
    if phantom.recipe.modality != "CT":
        assert len(phantom.datasets) == 1
        return
    heights = [float(ds.ImagePositionPatient[2]) for ds in phantom.datasets]
    steps = np.diff(heights)
    assert len(heights) >= 16 and np.allclose(steps, -float(phantom.datasets[0].SpacingBetweenSlices), atol=0.01)
    assert [ds.InstanceNumber for ds in phantom.datasets] == list(range(1, len(heights) + 1))
    hu = np.stack([ds.pixel_array * ds.RescaleSlope + ds.RescaleIntercept for ds in phantom.datasets])
    assert hu[:, 0, 0].mean() < -950 and hu.max() > 500


def test_lesions_lie_within_the_image(phantom: Phantom) -> None:
    for place in phantom.lesions:
        ds = phantom.datasets[place.slice_index]
        assert 0 <= place.x < ds.Columns and 0 <= place.y < ds.Rows and place.radius >= 3
