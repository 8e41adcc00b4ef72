"""Every real DICOM image goes in and comes out as pydicom decodes it, before and after de-identification."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest

from archive.codecs import decode
from archive.deidentify import deidentify
from archive.dicom_files import read_dicom
from archive.folder import FolderArchive
from archive.rendering import stored_values
from archive.secondary_capture import secondary_capture
from models.errors import BadInput

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
DICOM, MEDPIX = SHARED / "data" / "dicom", SHARED / "data" / "medpix" / "images"
SECRET = b"secret"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DICOM.is_dir(), reason="the real DICOM images do not stand beside the project"),
]


def decodable(path: Path) -> bool:
    return not path.stem.endswith("_JPLY")  # JPEG Extended with 12 bits


def test_every_file_goes_in_with_its_values(tmp_path):
    archive = FolderArchive(tmp_path, SECRET)
    paths = [path for path in sorted(DICOM.rglob("*.dcm")) if decodable(path)]
    stored = {path: archive.add_file(path) for path in paths}
    assert len(stored) > 160
    assert len({image.image_id for image in stored.values()}) == len(
        {image.sop_instance_uid for image in stored.values()}
    )
    for path, image in stored.items():
        original = pydicom.dcmread(path)
        [expected] = decode(original, original.file_meta.TransferSyntaxUID)
        values = stored_values(archive.frame(image.image_id, 1), archive.geometry(image.image_id))
        assert values.dtype == expected.dtype and np.array_equal(values, expected), path.name
        assert np.array_equal(archive.dataset(image.image_id).pixel_array, expected), path.name
    assert {path: archive.add_file(path) for path in paths} == stored


@pytest.mark.parametrize("name", ["CR_extremity_JPLY", "MG_JPLY"])
def test_jpeg_extended_is_refused_in_one_line(name):
    with pytest.raises(BadInput, match="JPEG Extended with 12 bits"):
        read_dicom(DICOM / f"{name}.dcm")


@pytest.mark.parametrize("name", ["CT1", "MR1", "CR_extremity"])
def test_all_lossless_forms_of_one_image_have_the_same_values(tmp_path, name):
    frames = set()
    for path in sorted(DICOM.glob(f"{name}_*.dcm")):
        if decodable(path):
            archive = FolderArchive(tmp_path / path.stem, SECRET)
            frames.add(archive.frame(archive.add_file(path).image_id, 1))
    assert len(frames) == 1


def test_no_identity_of_a_real_file_is_left(tmp_path):
    archive = FolderArchive(tmp_path, SECRET)
    identities = (
        "PatientName",
        "PatientID",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "SOPInstanceUID",
        "AccessionNumber",
    )
    for path in sorted(DICOM.glob("*.dcm")) + sorted((DICOM / "CT_head").glob("*.dcm")):
        if not decodable(path):
            continue
        original = read_dicom(path)
        stored = archive.add(deidentify(original, SECRET))
        assert archive.frame(stored.image_id, 1) == FolderArchive(tmp_path / "raw", SECRET).frame(
            FolderArchive(tmp_path / "raw", SECRET).add(original).image_id, 1
        )
        content = (tmp_path / "images" / stored.image_id[:2] / f"{stored.image_id}.dcm").read_bytes()
        header = content[: -archive.geometry(stored.image_id).frame_bytes]
        for keyword in identities:
            value = str(original.get(keyword, "")).encode()
            assert len(value) < 4 or value == b"REMOVED" or value not in header, (path.name, keyword)


def test_every_teaching_picture_becomes_an_image(tmp_path):
    archive = FolderArchive(tmp_path, SECRET)
    pictures = sorted(MEDPIX.iterdir())
    for number, path in enumerate(pictures, start=1):
        dataset = secondary_capture(
            path, modality="OT", patient_id="P", source_id=path.name.split("_")[0], secret=SECRET, number=number
        )
        assert (
            archive.frame(archive.add(deidentify(dataset, SECRET)).image_id, 1)
            == dataset.PixelData[: dataset.Rows * dataset.Columns * dataset.SamplesPerPixel]
        )
    assert len(list(tmp_path.glob("images/*/*.dcm"))) == len(pictures) == 289
