"""Addresses, credentials and certificates of DICOMweb servers, and the settings they come from."""

from __future__ import annotations

import ssl
import subprocess

import pytest

from api.settings import Settings
from api.workspace import Workspace
from archive.archives import open_archive
from archive.dicomweb_access import LIMITS, Access, Credentials, Limits, checked_address
from archive.dicomweb_pacs import DicomwebPacs
from archive.pacs import SETTING, StudyName, open_pacs
from models.errors import BadInput, Unavailable
from tests.archive.fake_dicomweb import study_result


@pytest.mark.parametrize(
    "address", ["https://pacs/dicom-web", "http://127.0.0.1:8042/x/", "https://[::1]:8042/dicom-web"]
)
def test_an_address_is_taken_without_its_last_slash(address):
    assert checked_address(address, Access()) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "pacs/dicom-web",
        "ftp://pacs/secret-word",
        "https://",
        "https:///secret-word",
        "https://pacs:port/secret-word",
        "https://pacs:99999/secret-word",
        "https://user:secret-word@pacs/dicom-web",
        "https://secret-word@pacs/dicom-web",
        "https://pacs/dicom-web?token=secret-word",
        "https://pacs/dicom-web#secret-word",
        "https://pacs/secret-word\r\nX: y",
        "https://[::1/secret-word",
        "file:///secret-word",
    ],
)
def test_another_address_is_refused_without_being_quoted(address):
    for open_it in (lambda: open_pacs(address), lambda: open_archive(f"dicomweb:{address}", b"s", Access())):
        with pytest.raises(BadInput) as error:
            open_it()
        assert "secret-word" not in str(error.value) and str(error.value).startswith("WETREAD_")


def test_a_password_in_an_address_is_refused_with_the_place_for_it():
    with pytest.raises(BadInput, match="WETREAD_PACS_USER and WETREAD_PACS_PASSWORD"):
        open_pacs("https://user:word@pacs/dicom-web")


def test_a_server_without_its_kind_is_told_how_to_be_written():
    with pytest.raises(BadInput, match="dicomweb:https://") as error:
        open_archive("https://user:secret-word@pacs/dicom-web", b"s")
    assert "secret-word" not in str(error.value)


@pytest.mark.parametrize(
    "credentials",
    [
        Credentials(user="one"),
        Credentials(password="one"),
        Credentials("one", "secret", "three"),
        Credentials("o:ne", "two"),
        Credentials("one", "secret\nword"),
        Credentials(token="secret word"),
        Credentials(token="secret\r\nword"),
        Credentials(token="sécret"),
    ],
)
def test_credentials_that_cannot_be_sent_are_refused_without_being_quoted(credentials):
    with pytest.raises(BadInput, match="WETREAD_PACS_") as error:
        open_pacs("https://pacs/dicom-web", credentials)
    assert "secret" not in str(error.value)


def test_no_address_is_no_pacs():
    assert open_pacs("", Credentials()) is None


# ---- settings ----


def settings_of(tmp_path, **environment: str) -> Settings:
    return Settings.from_environment({"WETREAD_HOME": str(tmp_path / "home"), **environment})


def test_settings_name_the_pacs_and_its_credentials(tmp_path):
    settings = settings_of(
        tmp_path,
        WETREAD_PACS="https://pacs/dicom-web",
        WETREAD_PACS_USER="librarian",
        WETREAD_PACS_PASSWORD="marzipan",
        WETREAD_ARCHIVE_TOKEN="quagga",
    )
    assert settings.pacs == "https://pacs/dicom-web"
    assert settings.pacs_credentials == Credentials("librarian", "marzipan")
    assert settings.archive_access.credentials == Credentials(token="quagga")
    assert settings.archive_access.cache == settings.home
    for secret in ("librarian", "marzipan", "quagga"):
        assert secret not in repr(settings)


def test_a_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "word").write_text("marzipan \n")
    settings = settings_of(tmp_path, WETREAD_PACS_USER="librarian", WETREAD_PACS_PASSWORD_FILE=str(tmp_path / "word"))
    assert settings.pacs_credentials == Credentials("librarian", "marzipan ")


def test_a_secret_file_that_is_missing_empty_or_beside_a_value_is_bad_input(tmp_path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for file in ("missing", "empty", "binary"):
        with pytest.raises(BadInput, match="WETREAD_ARCHIVE_TOKEN_FILE"):
            settings_of(tmp_path, WETREAD_ARCHIVE_TOKEN_FILE=str(tmp_path / file))
    with pytest.raises(BadInput, match="one of the two") as error:
        settings_of(tmp_path, WETREAD_PACS_TOKEN="marzipan", WETREAD_PACS_TOKEN_FILE=str(tmp_path / "empty"))
    assert "marzipan" not in str(error.value)


def test_a_workspace_opens_both_without_asking_them(tmp_path, fake):
    settings = settings_of(tmp_path, WETREAD_PACS=fake.address, WETREAD_ARCHIVE=f"dicomweb:{fake.address}")
    workspace = Workspace.open(settings)
    assert fake.requests == []
    assert workspace.pacs is not None and workspace.pacs.find(StudyName(study_uid="1.2.3")) is None
    assert workspace.archive.images("0" * 32) == ()
    assert Workspace.open(settings_of(tmp_path / "other")).pacs is None


# ---- certificates ----


@pytest.fixture
def certificate(tmp_path):
    """A certificate of an authority that nobody knows, for 127.0.0.1; and its key."""
    files = tmp_path / "ca.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=quagga"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run(command, check=True, capture_output=True)
    return files


@pytest.fixture
def secure(fake, certificate):
    """The fake server over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    fake.secure(context)
    fake.fault = lambda exchange: exchange.answer_json([study_result("1.2.3")]) or True
    return fake


def test_a_certificate_is_always_checked_and_may_be_our_own(secure, certificate, monkeypatch):
    study = StudyName(study_uid="1.2.3")
    with pytest.raises(Unavailable, match="WETREAD_PACS_CA"):
        open_pacs(secure.address).find(study)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    with pytest.raises(Unavailable, match="certificate"):
        open_pacs(secure.address).find(study)
    assert open_pacs(secure.address, ca=certificate[0]).find(study) == "1.2.3"
    with pytest.raises(Unavailable, match="certificate"):
        open_pacs(secure.address.replace("127.0.0.1", "localhost"), ca=certificate[0]).find(study)


def test_a_head_that_dribbles_over_tls_is_given_up_too(secure, certificate):
    def dribble(exchange):
        exchange.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not secure.over.wait(0.02):
            exchange.wfile.write(b"x")

    secure.fault = dribble
    pacs = DicomwebPacs(secure.address, Access(SETTING, ca=certificate[0]), Limits(read_seconds=0.3, tries=1))
    with pytest.raises(Unavailable):
        pacs.find(StudyName(study_uid="1.2.3"))


def test_a_certificate_file_that_is_none_is_told(secure, tmp_path):
    (tmp_path / "empty.pem").write_text("no certificate")
    with pytest.raises(BadInput, match="WETREAD_PACS_CA"):
        open_pacs(secure.address, ca=tmp_path / "missing.pem")
    with pytest.raises(Unavailable, match="WETREAD_PACS_CA"):
        open_pacs(secure.address, ca=tmp_path / "empty.pem").find(StudyName(study_uid="1.2.3"))


def test_an_answer_in_words_is_held_to_less_than_an_image():
    """The parser of JSON makes ten times its bytes of it."""
    assert LIMITS.text_bytes <= 16 << 20 < LIMITS.instance_bytes
