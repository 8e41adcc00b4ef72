"""DICOM images and archives for the tests of the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from archive.archive import Archive
from archive.archives import ARCHIVES, open_archive
from archive.dicomweb_access import Access, Credentials
from tests.archive.fake_dicomweb import FakeDicomweb, listening
from tests.archive.orthanc import MISSING, PASSWORD, USER, Orthanc, running

SECRET = b"a workspace's secret, 32 bytes.."


def make_image(
    rows: int = 6,
    columns: int = 8,
    frames: int = 1,
    bits: int = 16,
    samples: int = 1,
    signed: bool = False,
    seed: int = 0,
    uid: str = "1.2.826.0.1.3680043.8.498.1",
    **attributes: object,
) -> Dataset:
    """An uncompressed image of random pixels; ``uid`` begins all its UIDs."""
    dataset = Dataset()
    dataset.SOPClassUID = CTImageStorage
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"{uid}.1", f"{uid}.2"
    dataset.SOPInstanceUID = f"{uid}.3.{seed}"
    dataset.Modality, dataset.InstanceNumber = "CT", seed + 1
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = rows, columns, samples
    dataset.PhotometricInterpretation = "RGB" if samples == 3 else "MONOCHROME2"
    if samples == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits, bits - 1
    dataset.PixelRepresentation = int(signed)
    if frames > 1:
        dataset.NumberOfFrames = frames
    kind = np.dtype(f"<{'i' if signed else 'u'}{bits // 8}")
    limits = np.iinfo(kind)
    shape = (frames, rows, columns, samples)
    pixels = np.random.default_rng(seed).integers(limits.min, limits.max, shape, kind, endpoint=True).tobytes()
    dataset.add_new("PixelData", "OB" if bits == 8 else "OW", pixels + b"\0" * (len(pixels) % 2))
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


@pytest.fixture(name="make_image")
def _make_image() -> Callable[..., Dataset]:
    return make_image


@pytest.fixture
def secret() -> bytes:
    return SECRET


@pytest.fixture
def fake() -> Iterator[FakeDicomweb]:
    """A DICOMweb server that can be told to fail or lie."""
    with listening() as server:
        yield server


@pytest.fixture
def second_fake() -> Iterator[FakeDicomweb]:
    """Another one beside it."""
    with listening() as server:
        yield server


@pytest.fixture(scope="session")
def running_orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    if MISSING:
        pytest.skip(MISSING)
    with running(tmp_path_factory.mktemp("orthanc")) as server:
        yield server


@pytest.fixture
def orthanc(running_orthanc: Orthanc) -> Orthanc:
    """A real DICOMweb server that holds nothing and asks for USER and PASSWORD."""
    running_orthanc.empty()
    return running_orthanc


@pytest.fixture(params=sorted(ARCHIVES))
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """An empty archive of each kind there is."""
    if request.param == "folder":
        return open_archive(f"folder:{tmp_path / 'archive'}", SECRET)
    server = request.getfixturevalue("orthanc")
    access = Access(credentials=Credentials(USER, PASSWORD), cache=tmp_path)
    return open_archive(f"{request.param}:{server.dicomweb}", SECRET, access)


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Dataset, str], Path]:
    """Write a dataset to a file and give its path."""

    def save(dataset: Dataset, name: str = "image.dcm") -> Path:
        dataset.save_as(tmp_path / name, enforce_file_format=True)
        return tmp_path / name

    return save
