"""Against a real Orthanc with its DICOMweb plugin: the archive, the PACS, and both kinds of credentials."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from archive import dicomweb
from archive.archives import open_archive
from archive.deidentify import deidentify
from archive.dicomweb_access import Access, Credentials
from archive.dicomweb_pacs import DicomwebPacs
from archive.pacs import StudyName, open_pacs
from models.errors import BadInput, NotFound, Unavailable
from tests.archive.fake_dicomweb import encoded
from tests.archive.orthanc import PASSWORD, USER
from tests.building import ct_slice

SECRET = b"a workspace's secret, 32 bytes.."
BASIC = Credentials(USER, PASSWORD)
UID, OTHER = "1.2.826.0.1.3680043.8.498.21", "1.2.826.0.1.3680043.8.498.22"
TOKEN = "to.ken-4711"


def original(number: int, uid: str = UID, accession: str = "QUAGGA1", preamble: bool = True):
    image = ct_slice(number, uid, 32)
    image.AccessionNumber = accession
    return encoded(image)[0 if preamble else 132 :]


@pytest.fixture
def pacs(orthanc) -> DicomwebPacs:
    """A hospital's PACS with two studies; the second under an accession number that begins like the first's."""
    for number in (1, 2, 3):
        orthanc.put(original(number))
    orthanc.put(original(1, OTHER, "QUAGGA12"))
    opened = open_pacs(orthanc.dicomweb, BASIC)
    assert isinstance(opened, DicomwebPacs)
    return opened


def test_a_study_is_found_and_fetched_whole(pacs):
    assert pacs.find(StudyName(accession="QUAGGA1")) == UID
    assert pacs.find(StudyName(accession="QUAGGA12")) == OTHER
    assert pacs.find(StudyName(study_uid=OTHER)) == OTHER
    images = {image.SOPInstanceUID: image for image in pacs.fetch(UID)}
    assert sorted(images) == [f"{UID}.1.{number}" for number in (1, 2, 3)]
    for number in (1, 2, 3):
        assert images[f"{UID}.1.{number}"].PixelData == ct_slice(number, UID, 32).PixelData


@pytest.mark.parametrize("accession", ["QUAGGA*", "quagga1", "QUAGGA?", "*", "QUAGGA", "NONE", "QUAGGA1\\QUAGGA12"])
def test_only_the_very_accession_number_finds_a_study(pacs, accession):
    assert pacs.find(StudyName(accession=accession)) is None


def test_a_study_that_is_not_there(pacs):
    assert pacs.find(StudyName(study_uid="1.2.3")) is None
    with pytest.raises(BadInput, match="not in the PACS"):
        list(pacs.fetch("1.2.3"))


def test_two_studies_of_one_accession_number(pacs, orthanc):
    orthanc.put(original(1, f"{UID}.77"))
    with pytest.raises(BadInput, match="2 studies"):
        pacs.find(StudyName(accession="QUAGGA1"))


def test_an_image_stored_without_its_preamble_is_fetched(pacs, orthanc):
    body = b"--x\r\nContent-Type: application/dicom\r\n\r\n" + original(9, preamble=False) + b"\r\n--x--\r\n"
    headers = {"Content-Type": 'multipart/related; type="application/dicom"; boundary=x'}
    requests.post(f"{orthanc.dicomweb}/studies", body, headers=headers, auth=(USER, PASSWORD), timeout=30)
    assert f"{UID}.1.9" in {image.SOPInstanceUID for image in pacs.fetch(UID)}


def test_an_object_without_pixels_is_passed_over(pacs, orthanc):
    report = ct_slice(50, UID, 8)
    for keyword in ("PixelData", "Rows", "Columns"):
        delattr(report, keyword)
    orthanc.put(encoded(report))
    assert len(list(pacs.fetch(UID))) == 3


@pytest.mark.parametrize("credentials", [Credentials(), Credentials(USER, "wrong"), Credentials(token=TOKEN)])
def test_orthanc_refuses_other_credentials(orthanc, credentials):
    refused = open_pacs(orthanc.dicomweb, credentials)
    with pytest.raises(Unavailable, match="WETREAD_PACS_USER") as error:
        refused.find(StudyName(accession="QUAGGA1"))
    assert "wrong" not in str(error.value) and TOKEN not in str(error.value)


# ---- a gateway that asks for a token, as hospitals put before their archives ----


class Gateway(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def pass_on(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.reply(401, b"", {})
            return
        headers = {name: self.headers[name] for name in ("Accept", "Content-Type") if name in self.headers}
        headers["Authorization"] = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        answer = requests.request(
            self.command, self.server.inner + self.path, data=content, headers=headers, timeout=60
        )
        self.reply(answer.status_code, answer.content, {"Content-Type": answer.headers.get("Content-Type", "")})

    def reply(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = pass_on  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def gateway(orthanc) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.daemon_threads, server.inner = True, orthanc.root
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/dicom-web"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_bearer_token_opens_the_gateway(pacs, gateway):
    bearer = open_pacs(gateway, Credentials(token=TOKEN))
    assert bearer.find(StudyName(accession="QUAGGA1")) == UID
    assert len(list(bearer.fetch(UID))) == 3


@pytest.mark.parametrize("credentials", [Credentials(), BASIC, Credentials(token="another")])
def test_the_gateway_refuses_all_else(gateway, credentials):
    with pytest.raises(Unavailable, match="WETREAD_PACS_TOKEN"):
        open_pacs(gateway, credentials).find(StudyName(accession="QUAGGA1"))


def test_an_archive_behind_a_gateway_takes_in_and_gives_back(gateway, tmp_path, make_image):
    archive = open_archive(f"dicomweb:{gateway}", SECRET, Access(credentials=Credentials(token=TOKEN), cache=tmp_path))
    stored = archive.add(make_image())
    assert archive.images(stored.series_id) == (stored,)
    assert archive.dataset(stored.image_id).PixelData == make_image().PixelData


# ---- the archive ----


@pytest.fixture
def host(orthanc, tmp_path):
    def opened(name: str = "one"):
        access = Access(credentials=BASIC, cache=tmp_path / name)
        return open_archive(f"dicomweb:{orthanc.dicomweb}", SECRET, access)

    return opened


def test_a_study_goes_from_the_pacs_into_the_archive_of_every_host(pacs, host):
    stored = [host().add(deidentify(image, SECRET)) for image in pacs.fetch(UID)]
    other = host("two")
    series = other.images(stored[0].series_id)
    assert [image.number for image in series] == [1, 2, 3] and set(series) == set(stored)
    for image in series:
        assert other.frame(image.image_id, 1) == ct_slice(image.number, UID, 32).PixelData
        assert "PatientBirthDate" not in other.dataset(image.image_id)
        assert str(other.dataset(image.image_id).PatientName) == ""


def test_single_frames_of_a_large_image(host, make_image, monkeypatch):
    image = make_image(frames=4)
    stored = host().add(image)
    monkeypatch.setattr(dicomweb, "_LARGEST_WHOLE", 0)
    other = host("two")
    assert b"".join(other.frame(stored.image_id, number) for number in (1, 2, 3, 4)) == image.PixelData


def test_an_image_deleted_by_another_hand_is_gone_until_it_is_added_again(host, orthanc, make_image):
    stored = host().add(make_image())
    orthanc.delete(orthanc.instances()[0])
    again = host()
    with pytest.raises(NotFound, match="add the image again"):
        again.frame(stored.image_id, 1)
    assert again.add(make_image()) == stored
    assert again.frame(stored.image_id, 1) == make_image().PixelData


def test_orthanc_deletes_nothing_over_dicomweb_so_that_hosts_hide_what_they_removed(host, orthanc, make_image):
    gone, kept = (host().add(make_image(seed=seed)) for seed in (0, 1))
    host().remove([gone.image_id])
    assert len(orthanc.instances()) == 2
    assert host().images(kept.series_id) == (kept,)
    assert host("two").images(kept.series_id) == (gone, kept)


def test_wrong_credentials_of_the_archive_name_its_own_settings(orthanc, tmp_path, make_image):
    access = Access(credentials=Credentials(USER, "wrong"), cache=tmp_path)
    archive = open_archive(f"dicomweb:{orthanc.dicomweb}", SECRET, access)
    with pytest.raises(Unavailable, match="WETREAD_ARCHIVE_USER"):
        archive.add(make_image())
    assert orthanc.instances() == []


def test_orthanc_listens_on_no_address_of_this_machine(orthanc):
    try:
        answer = requests.get("http://127.0.0.1:8042/system", auth=(USER, PASSWORD), timeout=5)
    except requests.ConnectionError:
        return
    assert "WetreadTest" not in answer.text  # somebody else's
