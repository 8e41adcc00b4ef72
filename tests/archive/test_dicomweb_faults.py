"""Slow, failing and lying servers: each becomes one clear line, tells no secret, and leaves nothing half done."""

from __future__ import annotations

import logging
import re

import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian

from archive import parsing
from archive.dicomweb_access import NO_CREDENTIALS, Access, Credentials, Limits
from archive.dicomweb_pacs import DicomwebPacs
from archive.pacs import SETTING, StudyName
from models.errors import BadInput, Unavailable
from tests.archive.fake_dicomweb import DICOM_JSON, MULTIPART, encoded, instance_result, parts, study_result
from tests.building import ct_slice

UID = "1.2.826.0.1.3680043.8.498.11"
ACCESSION = "QUAGGA4711"
LIMITS = Limits(connect_seconds=5, read_seconds=20, tries=3)


class Clock:
    """A clock that moves when slept by, and by ``step`` whenever it is read."""

    def __init__(self, step: float = 0) -> None:
        self.now, self.step, self.slept = 0.0, step, []

    def __call__(self) -> float:
        self.now += self.step
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pacs_at(fake, clock):
    fake.images = [study_slice(number) for number in (1, 2, 3)]

    def at(limits: Limits = LIMITS, credentials: Credentials = NO_CREDENTIALS, clock: Clock = clock) -> DicomwebPacs:
        return DicomwebPacs(fake.address, Access(SETTING, credentials), limits, clock, clock.sleep)

    return at


def study_slice(number: int, uid: str = UID, accession: str = ACCESSION):
    image = ct_slice(number, uid, 16)
    image.AccessionNumber = accession
    return image


def find(pacs):
    return pacs.find(StudyName(accession=ACCESSION))


def fetched(pacs):
    return [image.SOPInstanceUID for image in pacs.fetch(UID)]


def for_instances(answer):
    """A fault in what is answered for single instances only."""

    def fault(exchange):
        return bool(re.search(r"/instances/[\d.]+$", exchange.route)) and (answer(exchange) or True)

    return fault


def always(answer):
    return lambda exchange: answer(exchange) or True


def check_line(error) -> str:
    """One line that names the setting and quotes nothing of the study or the address."""
    assert type(error.value) is Unavailable  # the kinds below it are between archive's own modules
    line = str(error.value)
    assert line.startswith(SETTING) and "\n" not in line and line.count(";") >= 1
    for secret in (ACCESSION, UID, "127.0.0.1", "Doe", "MRN12345", "marzipan"):
        assert secret not in line
    return line


# ---- statuses ----


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_name_the_settings_to_check(fake, pacs_at, clock, status):
    fake.fault = always(lambda exchange: exchange.answer(status))
    with pytest.raises(Unavailable) as error:
        find(pacs_at())
    assert "WETREAD_PACS_USER" in check_line(error) and clock.slept == [] and len(fake.requests) == 1


@pytest.mark.parametrize("status", [400, 404, 405, 500, 501])
def test_what_waiting_does_not_mend_is_not_tried_again(fake, pacs_at, clock, status):
    fake.fault = always(lambda exchange: exchange.answer(status))
    with pytest.raises(Unavailable, match=str(status)) as error:
        find(pacs_at())
    check_line(error)
    assert clock.slept == [] and len(fake.requests) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_passes_is_tried_again_a_few_times_with_longer_waits(fake, pacs_at, clock, status):
    fake.fault = always(lambda exchange: exchange.answer(status))
    with pytest.raises(Unavailable) as error:
        find(pacs_at())
    check_line(error)
    assert clock.slept == [0.5, 1.0] and len(fake.requests) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_says_when_to_come_again_is_obeyed_up_to_a_point(fake, pacs_at, clock, status):
    waits = iter(("7", "100000"))

    def busy(exchange):
        wait = next(waits, None)
        return wait is not None and (exchange.answer(status, Retry_After=wait) or True)

    fake.fault = busy
    assert find(pacs_at()) == UID
    assert clock.slept == [7, LIMITS.longest_wait_seconds]


def test_one_dropped_connection_is_forgiven(fake, pacs_at):
    drops = iter([True])
    fake.fault = lambda exchange: next(drops, False) and (exchange.hang_up() or True)
    assert find(pacs_at()) == UID


def test_a_server_that_drops_every_connection_is_unavailable(fake, pacs_at, clock):
    fake.fault = always(lambda exchange: exchange.hang_up())
    with pytest.raises(Unavailable) as error:
        find(pacs_at())
    assert "cannot be reached" in check_line(error) and len(clock.slept) == 2


def test_a_server_that_is_not_there_is_unavailable(clock):
    pacs = DicomwebPacs("http://127.0.0.1:1/dicom-web", Access(SETTING), LIMITS, clock, clock.sleep)
    with pytest.raises(Unavailable) as error:
        find(pacs)
    check_line(error)


# ---- slow ----


def test_a_silent_server_is_given_up(fake, pacs_at):
    fake.fault = always(lambda exchange: fake.over.wait())
    with pytest.raises(Unavailable, match="in time") as error:
        find(pacs_at(Limits(read_seconds=0.1, tries=2)))
    check_line(error)


def test_a_head_that_dribbles_is_given_up(fake, pacs_at):
    def dribble(exchange):
        exchange.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not fake.over.wait(0.02):
            exchange.wfile.write(b"x")

    fake.fault = always(dribble)
    with pytest.raises(Unavailable) as error:
        find(pacs_at(Limits(read_seconds=0.3, tries=1)))
    check_line(error)


def test_a_body_that_dribbles_is_given_up_by_the_clock(fake, pacs_at):
    def dribble(exchange):
        exchange.send_response(200)
        exchange.send_header("Content-Type", DICOM_JSON)
        exchange.send_header("Content-Length", "1000000")
        exchange.end_headers()
        while not fake.over.wait(0.001):
            exchange.wfile.write(b" ")

    fake.fault = always(dribble)
    with pytest.raises(Unavailable, match="too long") as error:
        find(pacs_at(LIMITS, clock=Clock(step=20)))
    check_line(error)


def test_a_study_that_never_ends_is_given_up_by_the_clock(fake, pacs_at):
    fake.images = [study_slice(number) for number in range(1, 60)]
    images = pacs_at(Limits(study_seconds=100), clock=Clock(step=1)).fetch(UID)
    with pytest.raises(Unavailable, match="too long") as error:
        list(images)
    check_line(error)


# ---- too much, too little ----


@pytest.mark.parametrize("chunked", [True, False])
def test_an_endless_body_is_cut(fake, pacs_at, chunked):
    def flood(exchange):
        exchange.send_response(200)
        exchange.send_header("Content-Type", DICOM_JSON)
        if chunked:
            exchange.send_header("Transfer-Encoding", "chunked")
        exchange.end_headers()
        exchange.close_connection = True
        while not fake.over.is_set():
            exchange.wfile.write(b"1000\r\n" + b" " * 4096 + b"\r\n")

    fake.fault = always(flood)
    with pytest.raises(Unavailable, match="more than 100000 bytes") as error:
        find(pacs_at(Limits(text_bytes=100_000)))
    check_line(error)


def test_an_endless_instance_is_cut(fake, pacs_at):
    fake.fault = for_instances(lambda exchange: exchange.answer(200, parts(b"\0" * 200_000), MULTIPART))
    with pytest.raises(Unavailable, match="more than 100000 bytes") as error:
        fetched(pacs_at(Limits(instance_bytes=100_000)))
    check_line(error)


def test_an_image_that_inflates_without_end_is_refused(fake, pacs_at, monkeypatch):
    monkeypatch.setattr(parsing, "SMALL", 2**19)
    monkeypatch.setattr(parsing, "_PIECE", 2**16)
    image = fake.images[0]
    image.add_new("PixelData", "OW", bytes(2**20))
    image.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    assert len(encoded(image)) < 2**14
    with pytest.raises(Unavailable, match="inflates to more than"):
        fetched(pacs_at())


def test_a_body_shorter_than_announced_is_tried_again_and_then_given_up(fake, pacs_at, clock):
    def short(exchange):
        exchange.send_response(200)
        exchange.send_header("Content-Type", DICOM_JSON)
        exchange.send_header("Content-Length", "1000")
        exchange.end_headers()
        exchange.wfile.write(b"[]")
        exchange.hang_up()

    fake.fault = always(short)
    with pytest.raises(Unavailable) as error:
        find(pacs_at())
    check_line(error)
    assert len(clock.slept) == 2


def test_a_multipart_body_without_its_end_is_refused_even_when_all_bytes_announced_came(fake, pacs_at):
    content = parts(encoded(study_slice(1)), closed=False)
    fake.fault = for_instances(lambda exchange: exchange.answer(200, content, MULTIPART))
    with pytest.raises(Unavailable, match="breaks off") as error:
        fetched(pacs_at())
    check_line(error)


@pytest.mark.parametrize("kept", [0, 10, 200, 400])
def test_an_image_cut_inside_its_part_is_refused(fake, pacs_at, kept):
    content = parts(encoded(study_slice(1))[:kept])
    fake.fault = for_instances(lambda exchange: exchange.answer(200, content, MULTIPART))
    with pytest.raises(Unavailable) as error:
        fetched(pacs_at())
    check_line(error)


# ---- lies ----


@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=utf-8", "application/xml", ""])
@pytest.mark.parametrize("ask", [find, fetched])
def test_a_login_page_with_status_200_is_no_answer(fake, pacs_at, kind, ask):
    fake.fault = always(lambda exchange: exchange.answer(200, b"<html>Sign in, Doe^Jane</html>", kind))
    with pytest.raises(Unavailable) as error:
        ask(pacs_at())
    check_line(error)


@pytest.mark.parametrize("kind", ["text/html", "image/jpeg", "multipart/related", "application/json", ""])
def test_an_instance_of_another_content_type_is_refused(fake, pacs_at, kind):
    fake.fault = for_instances(lambda exchange: exchange.answer(200, parts(encoded(study_slice(1))), kind))
    with pytest.raises(Unavailable) as error:
        fetched(pacs_at())
    check_line(error)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[",
        "null",
        "7",
        '"QUAGGA4711"',
        '{"error": "QUAGGA4711"}',
        '["QUAGGA4711"]',
        "[[]]",
        '[{"0020000D": 7}]',
        '[{"0020000D": {"Value": 7}}]',
        '[{"0020000D": {"Value": [{}]}}]',
        '[{"0020000D": {"Value": ["../../QUAGGA4711"]}}]',
        '[{"0020000D": {"Value": []}}]',
        "[" * 100_000,
    ],
)
def test_json_that_is_no_dicom_json_is_refused(fake, pacs_at, content):
    fake.fault = always(lambda exchange: exchange.answer(200, content.encode(), DICOM_JSON))
    with pytest.raises(Unavailable) as error:
        find(pacs_at())
    check_line(error)


def test_dicom_json_under_another_name_is_refused(fake, pacs_at):
    fake.fault = always(lambda exchange: exchange.answer(200, b"[]", "text/html"))
    with pytest.raises(Unavailable, match="web page") as error:
        find(pacs_at())
    check_line(error)


def test_no_content_is_an_empty_answer(fake, pacs_at):
    fake.fault = always(lambda exchange: exchange.answer(204))
    assert find(pacs_at()) is None


@pytest.mark.parametrize("change", ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"])
def test_an_instance_of_another_study_series_or_uid_is_refused(fake, pacs_at, change):
    other = study_slice(1)
    setattr(other, change, f"{UID}.99")
    fake.fault = for_instances(lambda exchange: exchange.answer(200, parts(encoded(other)), MULTIPART))
    with pytest.raises(Unavailable, match="another image") as error:
        fetched(pacs_at())
    check_line(error)


def test_two_images_for_one_are_refused(fake, pacs_at):
    content = encoded(study_slice(1))
    fake.fault = for_instances(lambda exchange: exchange.answer(200, parts(content, content), MULTIPART))
    with pytest.raises(Unavailable, match="2 images") as error:
        fetched(pacs_at())
    check_line(error)


def test_an_instance_listed_twice_comes_once(fake, pacs_at):
    def twice(exchange):
        listed = [instance_result(image) for image in fake.images]
        return exchange.route.endswith("/instances") and (exchange.answer_json(listed * 2) or True)

    fake.fault = twice
    assert fetched(pacs_at()) == [image.SOPInstanceUID for image in fake.images]


def test_a_listing_of_another_study_is_refused(fake, pacs_at):
    listed = [instance_result(study_slice(1, f"{UID}.99"))]
    fake.fault = lambda exchange: exchange.route.endswith("/instances") and (exchange.answer_json(listed) or True)
    with pytest.raises(Unavailable, match="not asked for") as error:
        fetched(pacs_at())
    check_line(error)


def test_an_image_that_is_listed_and_not_given_is_an_error(fake, pacs_at):
    fake.fault = for_instances(lambda exchange: exchange.answer(404))
    with pytest.raises(Unavailable, match="lists an image") as error:
        fetched(pacs_at())
    check_line(error)


def test_an_image_without_its_pixels_is_no_other_object(fake, pacs_at):
    del fake.images[1].PixelData
    with pytest.raises(Unavailable, match="without its pixels") as error:
        fetched(pacs_at())
    check_line(error)


def all_studies(exchange, others: int, ours: bool) -> None:
    """A search that takes no notice of what was asked."""
    listed = [study_result(f"1.2.3.{number}", f"OTHER{number}") for number in range(others)]
    offset = int(exchange.asked.get("offset", 0))
    exchange.answer_json((listed + [study_result(UID, ACCESSION)] * ours)[offset : offset + 500])


@pytest.mark.parametrize("others", [1, 3, 30, 700])
def test_of_a_search_that_finds_everything_only_what_was_asked_for_counts(fake, pacs_at, others):
    fake.fault = always(lambda exchange: all_studies(exchange, others, True))
    assert find(pacs_at()) == UID
    assert pacs_at().find(StudyName(study_uid=UID)) == UID


def test_a_search_that_finds_only_others_finds_nothing_or_cannot_be_trusted(fake, pacs_at):
    fake.fault = always(lambda exchange: all_studies(exchange, 2, False))
    assert find(pacs_at()) is None
    assert pacs_at().find(StudyName(study_uid="1.2.4")) is None
    fake.fault = always(lambda exchange: all_studies(exchange, 700, False))
    with pytest.raises(Unavailable, match="700 other studies") as error:
        find(pacs_at())
    check_line(error)


def test_a_search_whose_pages_repeat_ends(fake, pacs_at):
    page = [study_result(f"1.2.3.{number}", ACCESSION + "x") for number in range(500)]
    fake.fault = always(lambda exchange: exchange.answer_json(page))
    with pytest.raises(Unavailable, match="same one") as error:
        find(pacs_at())
    check_line(error)
    assert len(fake.requests) == 2


def test_a_server_with_small_pages_is_read_to_the_end(fake, pacs_at):
    fake.images = [study_slice(number) for number in range(1, 130)]

    def capped(exchange):
        if not exchange.route.endswith("/instances"):
            return False
        offset = int(exchange.asked["offset"])
        exchange.answer_json([instance_result(image) for image in fake.images[offset : offset + 50]])
        return True

    fake.fault = capped
    assert len(fetched(pacs_at())) == 129


# ---- credentials ----

SECRETS = Credentials("librarian", "marzipan-quagga")


def test_a_redirect_to_another_host_is_refused_and_gets_no_credentials(fake, pacs_at, second_fake):
    fake.fault = always(lambda exchange: exchange.answer(307, Location=f"{second_fake.address}/studies"))
    with pytest.raises(Unavailable, match="another host") as error:
        find(pacs_at(credentials=SECRETS))
    check_line(error)
    assert second_fake.requests == []


def test_a_redirect_on_the_same_host_is_followed(fake, pacs_at):
    def moved(exchange):
        if exchange.route.startswith("/dicom-web"):
            exchange.answer(307, Location=exchange.path.removeprefix("/dicom-web"))
            return True
        return False

    fake.fault = moved
    assert find(pacs_at(credentials=SECRETS)) == UID


def test_a_redirect_in_circles_ends(fake, pacs_at):
    fake.fault = always(lambda exchange: exchange.answer(307, Location=exchange.path))
    with pytest.raises(Unavailable) as error:
        find(pacs_at())
    check_line(error)


@pytest.mark.parametrize(
    ("credentials", "sent"),
    [
        (Credentials(), None),
        (SECRETS, "Basic bGlicmFyaWFuOm1hcnppcGFuLXF1YWdnYQ=="),
        (Credentials(user="übung", password="paß"), "Basic w7xidW5nOnBhw58="),
        (Credentials(token="to.ken-1"), "Bearer to.ken-1"),
    ],
)
def test_every_request_carries_its_credentials(fake, pacs_at, credentials, sent):
    seen = []
    fake.fault = lambda exchange: seen.append(exchange.headers.get("Authorization")) or False
    fetched(pacs_at(credentials=credentials))
    assert seen == [sent] * 5


def test_the_host_is_named_with_its_port(fake, pacs_at):
    seen = set()
    fake.fault = lambda exchange: seen.add(exchange.headers["Host"]) or False
    fetched(pacs_at())
    assert seen == {fake.address.split("/")[2]}


def test_neither_errors_nor_logs_nor_reprs_tell_a_secret_or_an_identifier(fake, pacs_at, caplog):
    caplog.set_level(logging.DEBUG)
    pacs = pacs_at(credentials=SECRETS)
    assert find(pacs) == UID and fetched(pacs)
    fake.fault = always(lambda exchange: exchange.answer(503))
    with pytest.raises(Unavailable) as error:
        find(pacs)
    told = "\n".join((caplog.text, repr(pacs), repr(error.value), repr(SECRETS), repr(StudyName(ACCESSION, UID))))
    for secret in ("librarian", "marzipan", ACCESSION, UID, "bGlicmFyaWF"):
        assert secret not in told
    assert "marzipan" not in caplog.text and 'File "' not in caplog.text
    cause = error.value.__cause__
    assert cause is None and error.value.__suppress_context__


def test_a_netrc_or_proxy_of_the_environment_is_not_used(fake, pacs_at, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    seen = []
    fake.fault = lambda exchange: seen.append(exchange.headers.get("Authorization")) or False
    assert find(pacs_at()) == UID and seen == [None]


# ---- what the PACS is for ----


def test_a_study_is_found_by_uid_or_accession_number(fake, pacs_at):
    pacs = pacs_at()
    assert pacs.find(StudyName(study_uid=UID)) == UID
    assert find(pacs) == UID
    assert pacs.find(StudyName(accession="NONE")) is None
    assert pacs.find(StudyName(study_uid="1.2.3", accession=ACCESSION)) == UID
    fake.requests.clear()
    assert pacs.find(StudyName()) is None and pacs.find(StudyName(study_uid="../etc")) is None
    assert fake.requests == []


def test_several_studies_of_one_accession_number_are_bad_input(fake, pacs_at):
    fake.images.append(study_slice(1, f"{UID}.5"))
    with pytest.raises(BadInput, match="2 studies") as error:
        find(pacs_at())
    assert ACCESSION not in str(error.value) and UID not in str(error.value)


def test_what_is_no_image_is_passed_over(fake, pacs_at):
    for number, modality in enumerate(("SR", "KO", "PR", "SEG"), start=10):
        other = study_slice(number)
        other.Modality, other.SeriesInstanceUID = modality, f"{UID}.{number}"
        fake.images.append(other)
    report, mask = study_slice(20), study_slice(21)
    for keyword in ("PixelData", "Rows", "Columns"):
        delattr(report, keyword)
    mask.SOPClassUID = "1.2.840.10008.5.1.4.1.1.66.4"
    fake.images += [report, mask]
    assert fetched(pacs_at()) == [f"{UID}.1.{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize("uid", ["", "..", "1.2/3", "1.2?x=1", "1" * 65])
def test_a_uid_that_is_none_is_never_sent(fake, pacs_at, uid):
    with pytest.raises(BadInput):
        list(pacs_at().fetch(uid))
    assert fake.requests == []


def test_a_study_that_is_gone_is_bad_input(fake, pacs_at):
    fake.images = []
    with pytest.raises(BadInput, match="not in the PACS"):
        fetched(pacs_at())


def test_images_come_one_at_a_time(fake, pacs_at):
    images = pacs_at().fetch(UID)
    first = next(images)
    assert first.PatientName == "Doe^Jane" and first.PixelData == fake.images[0].PixelData
    assert sum("/instances/" in request for request in fake.requests) == 1
