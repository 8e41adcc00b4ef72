"""The DICOMweb archive on a server that several hosts share, and that may fail, lie, or be changed behind its back."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest

from archive import dicomweb
from archive.dicomweb import DicomwebArchive
from archive.dicomweb_access import Access, Limits
from archive.recent import Recent
from models.errors import BadInput, Conflict, NotFound, Unavailable
from tests.archive.conftest import make_image
from tests.archive.fake_dicomweb import DICOM_JSON, MULTIPART, encoded, instance_result, parts, stored_by

SECRET = b"a workspace's secret, 32 bytes.."
LIMITS = Limits(tries=2)


@pytest.fixture
def host(fake, tmp_path):
    """An archive as one host has it, by the host's name."""

    def opened(name: str = "one", clock=lambda: 0.0) -> DicomwebArchive:
        access = Access(cache=tmp_path / name)
        return DicomwebArchive(fake.address, SECRET, access, LIMITS, clock, lambda seconds: None)

    return opened


def gets(fake) -> int:
    """How many instances or frames were asked for."""
    return sum(request.startswith("GET") and "/instances/" in request for request in fake.requests)


def posts(fake) -> int:
    return sum(request.startswith("POST") for request in fake.requests)


def on(method, answer):
    return lambda exchange: exchange.command == method and (answer(exchange) or True)


def only_instances(answer):
    return lambda exchange: "/instances/" in exchange.route and exchange.command == "GET" and (answer(exchange) or True)


# ---- hosts that share a server ----


def test_another_host_finds_by_id_what_it_never_stored(fake, host, make_image):
    stored = [host().add(make_image(seed=seed)) for seed in range(3)]
    other = host("two")
    assert other.frame(stored[1].image_id, 1) == make_image(seed=1).PixelData
    assert other.geometry(stored[2].image_id) == host().geometry(stored[2].image_id)
    assert other.images(stored[0].series_id) == tuple(stored)


def test_what_a_host_adds_to_a_known_series_is_seen_by_others(fake, host, make_image):
    first, second = host("one"), host("two")
    one = first.add(make_image(seed=0))
    assert second.images(one.series_id) == (one,)
    new = first.add(make_image(seed=1))
    assert second.images(one.series_id) == (one, new)


def test_unknown_ids_do_not_list_the_server_again_and_again(fake, host, make_image):
    now = [0.0]
    stored = host("one").add(make_image())
    other = host("two", clock=lambda: now[0])
    with pytest.raises(NotFound):
        other.geometry("0" * 32)
    fake.requests.clear()
    for _ in range(20):
        with pytest.raises(NotFound):
            other.geometry("1" * 32)
    assert fake.requests == []
    assert other.geometry(stored.image_id).rows == 6
    new = host("one").add(make_image(seed=7))
    now[0] += 6
    assert other.geometry(new.image_id).rows == 6


def test_what_another_host_adds_image_after_image_is_found_at_once(fake, host, make_image):
    other = host("two")
    for seed in range(4):
        assert other.geometry(host("one").add(make_image(seed=seed)).image_id).rows == 6


def test_studies_that_did_not_change_are_not_listed_again(fake, host, make_image):
    now = [0.0]
    for study in range(5):
        host("one").add(make_image(uid=f"1.2.3.{study}"))
    other = host("two", clock=lambda: now[0])
    with pytest.raises(NotFound):
        other.geometry("0" * 32)
    new = host("one").add(make_image(uid="1.2.3.9"))
    now[0] += 6
    fake.requests.clear()
    assert other.geometry(new.image_id).rows == 6
    assert sum(request.endswith("/instances") for request in fake.requests) == 1


def test_an_image_exchanged_for_another_in_a_study_is_found_though_the_count_is_the_same(fake, host, make_image):
    now = [0.0]
    host("one").add(make_image(seed=0))
    other = host("two", clock=lambda: now[0])
    with pytest.raises(NotFound):
        other.geometry("0" * 32)
    fake.images.clear()
    new = host("one").add(make_image(seed=1))
    now[0] += 6
    assert other.geometry(new.image_id).rows == 6


def test_a_lost_cache_is_made_again(fake, host, make_image, tmp_path):
    stored = host().add(make_image())
    for file in (tmp_path / "one").iterdir():
        file.unlink()
    assert host().frame(stored.image_id, 1) == make_image().PixelData


def test_a_server_and_a_secret_have_their_own_cache(fake, second_fake, tmp_path, make_image):
    access = Access(cache=tmp_path)
    stored = DicomwebArchive(fake.address, SECRET, access).add(make_image())
    for address, secret in ((second_fake.address, SECRET), (fake.address, b"another")):
        with pytest.raises(NotFound):
            DicomwebArchive(address, secret, access).geometry(stored.image_id)


def test_many_threads_and_a_forked_process_share_one_archive(fake, host, make_image):
    archive = host()
    images = [make_image(seed=seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as threads:
        stored = list(threads.map(archive.add, images * 2))
    assert len(set(stored)) == len(fake.images) == 8
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    child = context.Process(target=lambda: results.put(archive.dataset(stored[3].image_id).PixelData))
    child.start()
    assert results.get() == images[3].PixelData
    child.join(30)
    assert child.exitcode == 0


# ---- what is kept in memory ----


def test_a_stack_scrolled_twice_is_fetched_once(fake, host, make_image):
    stored = [host().add(make_image(seed=seed)) for seed in range(6)]
    other = host("two")
    other.images(stored[0].series_id)
    before = gets(fake)
    for image in stored * 3:
        assert other.frame(image.image_id, 1)
    assert gets(fake) == before == 12  # each read back once after storing, and seen once by the other


def test_what_was_looked_at_last_stays_in_memory():
    recent = Recent(100)
    for number in range(10):
        recent.put(number, bytes(20))
        assert recent.get(0) is not None
    assert [number for number in range(10) if recent.get(number)] == [0, 6, 7, 8, 9]
    recent.put(9, bytes(25))
    assert [number for number in range(10) if recent.get(number)] == [6, 7, 8, 9]
    recent.put("too large", bytes(26))
    assert recent.get("too large") is None and recent.get(9) == bytes(25)


def test_a_known_image_is_fetched_once_after_a_restart(fake, host, make_image):
    stored = host().add(make_image())
    again = host()
    before = gets(fake)
    for _ in range(3):
        again.frame(stored.image_id, 1)
    assert gets(fake) == before + 1


def test_all_frames_of_an_image_cost_one_request(fake, host, make_image):
    stored = host().add(make_image(frames=20))
    other = host("two")
    before = gets(fake)
    frames = [other.frame(stored.image_id, number) for number in range(1, 21)]
    assert b"".join(frames) == make_image(frames=20).PixelData and gets(fake) == before + 1


def test_of_a_large_image_single_frames_are_asked_for(fake, host, make_image, monkeypatch):
    image = make_image(frames=5)
    stored = host().add(image)
    monkeypatch.setattr(dicomweb, "_LARGEST_WHOLE", 0)
    again = host()
    frames = [again.frame(stored.image_id, number) for number in (5, 1, 5)]
    assert frames == [image.PixelData[-96:], image.PixelData[:96], image.PixelData[-96:]]
    assert [request[-1] for request in fake.requests if "/frames/" in request] == ["5", "1"]
    fake.fault = lambda exchange: (
        "/frames/" in exchange.route
        and (exchange.answer(200, parts(b"short", kind="application/octet-stream"), MULTIPART) or True)
    )
    with pytest.raises(Unavailable, match="another size"):
        again.frame(stored.image_id, 2)


# ---- storing ----


def failed_sop(exchange) -> None:
    failed = {"00081155": {"vr": "UI", "Value": [stored_by(exchange).SOPInstanceUID]}}
    exchange.answer(
        200, b'{"00081198": {"vr": "SQ", "Value": [%s]}}' % str(failed).replace("'", '"').encode(), DICOM_JSON
    )


@pytest.mark.parametrize(
    "answer",
    [
        failed_sop,
        lambda exchange: exchange.answer(202),
        lambda exchange: exchange.answer(200),
        lambda exchange: exchange.answer(200, b"<html>Sign in</html>", "text/html"),
        lambda exchange: exchange.answer(200, b"[7]", DICOM_JSON),
        lambda exchange: exchange.answer(409),
        lambda exchange: exchange.answer(413),
        lambda exchange: exchange.answer(503),
        lambda exchange: exchange.hang_up(),
    ],
)
def test_an_image_that_was_not_stored_is_an_error_and_leaves_no_trace(fake, host, make_image, answer):
    archive = host()
    fake.fault = on("POST", answer)
    with pytest.raises(Unavailable):
        archive.add(make_image())
    fake.fault = lambda exchange: False
    assert fake.images == []
    stored = archive.add(make_image())
    assert archive.images(stored.series_id) == (stored,) and len(fake.images) == 1


def test_a_server_that_names_the_failed_image_is_believed_at_once(fake, host, make_image):
    fake.fault = on("POST", failed_sop)
    with pytest.raises(Unavailable, match="refuses to store"):
        host().add(make_image())
    assert gets(fake) == 0


def test_a_server_that_answers_every_search_with_everything_still_takes_new_images(fake, host, make_image):
    host().add(make_image(seed=0))

    def all_of_them(exchange):
        if exchange.route != "/dicom-web/instances":
            return False
        exchange.answer_json([instance_result(image) for image in fake.images])
        return True

    fake.fault = all_of_them
    stored = host().add(make_image(seed=1))
    assert len(fake.images) == 2 and host().frame(stored.image_id, 1) == make_image(seed=1).PixelData


def test_an_answer_that_is_lost_after_storing_does_no_harm(fake, host, make_image):
    lost = iter([True])

    def stores_and_hangs_up(exchange):
        if exchange.command != "POST" or not next(lost, False):
            return False
        fake.images.append(stored_by(exchange))
        exchange.hang_up()
        return True

    fake.fault = stores_and_hangs_up
    stored = host().add(make_image())
    assert len(fake.images) == 1 and host().frame(stored.image_id, 1) == make_image().PixelData


def test_an_image_that_its_server_changes_in_storing_is_a_conflict(fake, host, make_image):
    def first_come(exchange):
        fake.images.append(make_image(RescaleIntercept="-1024"))  # another host was quicker, with another image
        return False

    fake.fault = lambda exchange: exchange.command == "POST" and first_come(exchange)
    archive = host()
    with pytest.raises(Conflict):
        archive.add(make_image())
    assert archive.geometry(archive.add(make_image(RescaleIntercept="-1024")).image_id).rescale_intercept == -1024


def test_another_image_of_another_host_is_a_conflict_and_not_overwritten(fake, host, make_image):
    host("one").add(make_image())
    with pytest.raises(Conflict, match="my file"):
        host("two").add(make_image(RescaleIntercept="-1024"), "my file")
    assert posts(fake) == 1 and "RescaleIntercept" not in fake.images[0]


def test_the_same_image_of_another_host_is_not_sent_again(fake, host, make_image):
    assert host("one").add(make_image()) == host("two").add(make_image())
    assert posts(fake) == 1


def test_an_image_whose_uid_cannot_stand_in_a_path_is_refused(fake, host, make_image):
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        with pytest.raises(BadInput, match="my file") as error:
            host().add(make_image(**{keyword: "../../1"}), "my file")
        assert ".." not in str(error.value)
    assert fake.requests == []


# ---- what changes behind our back ----


def test_an_image_that_changed_on_the_server_is_never_shown(fake, host, make_image):
    stored = host().add(make_image())
    fake.images = [make_image(PixelData=b"\1" * 96)]
    for ask in (lambda a: a.frame(stored.image_id, 1), lambda a: a.dataset(stored.image_id)):
        with pytest.raises(Unavailable, match="another image"):
            ask(host())


def test_an_image_lost_on_the_server_comes_back_with_the_next_add(fake, host, make_image):
    stored = host().add(make_image())
    fake.images.clear()
    again = host()
    with pytest.raises(NotFound, match="add the image again"):
        again.frame(stored.image_id, 1)
    assert again.images(stored.series_id) == ()
    assert again.add(make_image()) == stored and len(fake.images) == 1
    assert again.frame(stored.image_id, 1) == make_image().PixelData


@pytest.mark.parametrize(
    "answer",
    [
        lambda exchange: exchange.answer(200, parts(encoded_cut()), MULTIPART),
        lambda exchange: exchange.answer(200, b"<html>", "text/html"),
        lambda exchange: exchange.answer(500),
        lambda exchange: exchange.hang_up(),
    ],
)
def test_a_server_that_fails_in_reading_is_one_clear_line(fake, host, make_image, answer):
    stored = host().add(make_image())
    fake.fault = only_instances(answer)
    for ask in (lambda a: a.frame(stored.image_id, 1), lambda a: a.dataset(stored.image_id)):
        with pytest.raises(Unavailable) as error:
            ask(host())
        assert str(error.value).startswith("WETREAD_ARCHIVE: ") and "1.2.826" not in str(error.value)
    assert host().geometry(stored.image_id).rows == 6  # the index tells it without the server


def encoded_cut() -> bytes:
    return encoded(make_image())[:-20]


# ---- removing ----


def test_what_a_server_does_not_delete_stays_hidden_whatever_it_lists(fake, host, make_image):
    gone, kept = host().add(make_image(seed=0)), host().add(make_image(seed=1))
    host().remove([gone.image_id])
    assert len(fake.images) == 2
    for archive in (host(), host()):
        with pytest.raises(NotFound):
            archive.geometry("0" * 32)  # lists the server
        assert archive.images(gone.series_id) == (kept,)
        for ask in (archive.geometry, archive.dataset, lambda image_id, a=archive: a.frame(image_id, 1)):
            with pytest.raises(NotFound):
                ask(gone.image_id)
    assert host().add(make_image(seed=0)) == gone and posts(fake) == 2
    assert host().images(gone.series_id) == (gone, kept)


def test_an_image_removed_while_it_is_fetched_stays_removed(fake, host, make_image):
    stored = host("one").add(make_image())
    slow, quick = host("two"), host("two")
    meanwhile = iter([lambda: quick.remove([stored.image_id])])

    def removed_meanwhile(exchange):
        if "/instances/" in exchange.route and exchange.command == "GET":
            next(meanwhile, lambda: None)()
        return False

    fake.fault = removed_meanwhile
    slow.geometry(stored.image_id)
    with pytest.raises(NotFound):
        slow.geometry(stored.image_id)


def test_a_server_that_deletes_is_asked_to(fake, host, make_image):
    fake.deletes = True
    stored = host().add(make_image())
    host().remove([stored.image_id])
    assert fake.images == []
    assert host("two").add(make_image()) == stored
    assert host(clock=lambda: 6.0).frame(stored.image_id, 1) == make_image().PixelData  # nothing hides it here


def test_what_another_host_stored_is_removed_too(fake, host, make_image):
    fake.deletes = True
    stored = host("one").add(make_image())
    host("two").remove([stored.image_id, "0" * 32, "../x"])
    assert fake.images == []


@pytest.mark.parametrize("status", [401, 500])
def test_a_removal_that_fails_hides_the_image_and_says_so(fake, host, make_image, status):
    fake.deletes = True
    stored = host().add(make_image())
    fake.fault = on("DELETE", lambda exchange: exchange.answer(status))
    with pytest.raises(Unavailable):
        host().remove([stored.image_id])
    with pytest.raises(NotFound):
        host().frame(stored.image_id, 1)
    fake.fault = lambda exchange: False
    host().remove([stored.image_id])
    assert fake.images == []


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 501])
def test_a_server_that_refuses_to_delete_is_no_error(fake, host, make_image, status):
    hidden_after_delete(fake, host(), make_image, status)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_server_that_only_says_it_deletes_shows_nothing_either(fake, host, make_image, status):
    hidden_after_delete(fake, host(), make_image, status)


def hidden_after_delete(fake, archive, make_image, status) -> None:
    stored = archive.add(make_image())
    fake.fault = on("DELETE", lambda exchange: exchange.answer(status))
    archive.remove([stored.image_id])
    with pytest.raises(NotFound):
        archive.geometry("0" * 32)  # lists the server
    with pytest.raises(NotFound):
        archive.frame(stored.image_id, 1)


# ---- opening ----


def test_nothing_is_sent_before_it_is_used(fake, host):
    host()
    assert fake.requests == []


def test_without_a_folder_for_its_cache_it_cannot_be_opened(fake, tmp_path):
    with pytest.raises(BadInput, match="WETREAD_HOME"):
        DicomwebArchive(fake.address, SECRET, Access())
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInput, match="choose a folder"):
        DicomwebArchive(fake.address, SECRET, Access(cache=tmp_path / "file"))
