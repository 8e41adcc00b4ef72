"""Every real DICOM image goes through a real Orthanc, as a hospital's and as ours, and comes back with its values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest

from archive.archives import open_archive
from archive.deidentify import deidentify
from archive.dicomweb_access import Access, Credentials
from archive.folder import FolderArchive
from archive.pacs import StudyName, open_pacs
from tests.archive.orthanc import MISSING, PASSWORD, USER, Orthanc, running

DICOM = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "dicom"
SECRET = b"secret"
BASIC = Credentials(USER, PASSWORD)

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DICOM.is_dir(), reason="the real DICOM images do not stand beside the project"),
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
]


@pytest.fixture
def orthanc(tmp_path: Path) -> Iterator[Orthanc]:
    with running(tmp_path) as server:
        yield server


def readable(path: Path) -> bool:
    return not path.stem.endswith("_JPLY")  # JPEG Extended with 12 bits


def test_every_real_study_is_fetched_and_archived_as_the_folder_archive_has_it(orthanc, tmp_path):
    paths = [path for path in sorted(DICOM.rglob("*.dcm")) if readable(path)]
    originals = {}
    for path in paths:
        orthanc.put(path.read_bytes())
        header = pydicom.dcmread(path, stop_before_pixels=True)
        originals.setdefault(str(header.StudyInstanceUID), set()).add(str(header.SOPInstanceUID))
    pacs = open_pacs(orthanc.dicomweb, BASIC)
    local = FolderArchive(tmp_path / "folder", SECRET)
    remote = open_archive(f"dicomweb:{orthanc.dicomweb}", SECRET, Access(credentials=BASIC, cache=tmp_path / "one"))
    other = open_archive(f"dicomweb:{orthanc.dicomweb}", SECRET, Access(credentials=BASIC, cache=tmp_path / "two"))
    fetched = 0
    for study_uid, instances in originals.items():
        assert pacs.find(StudyName(study_uid=study_uid)) == study_uid
        seen = set()
        for image in pacs.fetch(study_uid):
            seen.add(str(image.SOPInstanceUID))
            clean = deidentify(image, SECRET)
            stored = remote.add(clean)
            assert stored == local.add(clean)
            for archive in (remote, other):
                assert archive.geometry(stored.image_id) == local.geometry(stored.image_id)
                assert archive.frame(stored.image_id, 1) == local.frame(stored.image_id, 1)
        assert seen == instances
        fetched += len(seen)
    assert fetched > 150
