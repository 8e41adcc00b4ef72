"""The folder archive against kills, crowds, damage and the wrong secret."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pydicom
import pytest

from archive.folder import FolderArchive
from models.errors import BadInput, Conflict, NotFound

ROOT = Path(__file__).resolve().parents[2]
INGEST = """
import os, signal, sys
from pathlib import Path
from archive.archives import open_archive

if __name__ == "__main__":
    folder, secret, moment, count, *files = sys.argv[1:]
    left = int(count)

    def deadly(function):
        def call(*arguments):
            global left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments)
        return call

    if moment != "never":
        setattr(os, moment, deadly(getattr(os, moment)))
    archive = open_archive(folder, secret.encode())
    for file in files:
        archive.add_file(Path(file))
        print("stored", flush=True)
"""


def ingest(folder, secret, files, moment="never", count=0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", INGEST, str(folder), secret.decode(), moment, str(count), *map(str, files)]
    return subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def files(make_image, saved) -> list[Path]:
    return [saved(make_image(seed=seed), f"{seed}.dcm") for seed in range(6)]


def check_complete(folder, secret, files):
    """Each image once, whole, by its values, and no file besides."""
    archive = FolderArchive(folder, secret)
    originals = [pydicom.dcmread(file) for file in files]
    stored = [archive.add(original) for original in originals]
    assert len(archive.images(stored[0].series_id)) == len(files)
    for image, original in zip(stored, originals, strict=True):
        assert archive.frame(image.image_id, 1) == original.PixelData
    assert len(list(folder.glob("images/*/*"))) == len(files)
    assert not list((folder / "incoming").iterdir())


@pytest.mark.parametrize("moment", ["write", "fsync", "replace"])
@pytest.mark.parametrize("count", [1, 4])
def test_killed_at_a_step_the_same_command_completes_without_duplicates(tmp_path, secret, files, moment, count):
    folder = tmp_path / "archive"
    killed = ingest(folder, secret, files, moment, count)
    assert killed.wait(60) == -signal.SIGKILL
    again = ingest(folder, secret, files)
    output, _ = again.communicate(timeout=60)
    assert again.returncode == 0 and output.count("stored") == len(files)
    check_complete(folder, secret, files)


def test_killed_from_outside_the_same_command_completes_without_duplicates(tmp_path, secret, files):
    folder = tmp_path / "archive"
    killed = ingest(folder, secret, files)
    assert killed.stdout is not None
    for _ in range(3):
        killed.stdout.readline()
    killed.kill()
    killed.communicate(timeout=60)
    assert ingest(folder, secret, files).wait(60) == 0
    check_complete(folder, secret, files)


def test_a_file_of_a_living_writer_is_not_swept_away(tmp_path, secret, make_image, monkeypatch):
    archive = FolderArchive(tmp_path, secret)
    take_in = FolderArchive._take_in

    def opened_meanwhile(self, path, *rest):
        monkeypatch.setattr(FolderArchive, "_take_in", take_in)
        FolderArchive(tmp_path, secret)
        assert path.exists()
        return take_in(self, path, *rest)

    monkeypatch.setattr(FolderArchive, "_take_in", opened_meanwhile)
    stored = archive.add(make_image())
    assert archive.frame(stored.image_id, 1) == make_image().PixelData


def _add_all(folder, secret, files):
    archive = FolderArchive(folder, secret)
    for file in files:
        archive.add_file(file)


def test_several_processes_and_threads_fill_one_new_archive(tmp_path, secret, files):
    folder = tmp_path / "archive"
    context = multiprocessing.get_context("spawn")
    crowd = [context.Process(target=_add_all, args=(folder, secret, files[::step])) for step in (1, -1, 2)]
    for process in crowd:
        process.start()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: _add_all(folder, secret, files), range(4)))
    for process in crowd:
        process.join(60)
        assert process.exitcode == 0
    check_complete(folder, secret, files)


def test_one_archive_serves_many_threads(tmp_path, secret, files):
    archive = FolderArchive(tmp_path / "archive", secret)
    with ThreadPoolExecutor(8) as threads:
        stored = list(threads.map(archive.add_file, files * 4))
        frames = list(threads.map(lambda image: archive.frame(image.image_id, 1), stored))
    assert frames == [pydicom.dcmread(file).PixelData for file in files * 4]
    check_complete(tmp_path / "archive", secret, files)


def test_of_two_different_images_at_once_under_one_uid_one_wins_whole(tmp_path, secret, make_image):
    archive = FolderArchive(tmp_path, secret)
    rivals = [make_image(RescaleIntercept=str(number)) for number in range(8)]

    def added(image):
        try:
            return archive.add(image)
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as threads:
        stored = [image for image in threads.map(added, rivals) if image]
    assert len(stored) == 1
    image_id = stored[0].image_id
    assert archive.dataset(image_id).RescaleIntercept == archive.geometry(image_id).rescale_intercept


def test_a_lost_file_comes_back_with_the_next_add(tmp_path, secret, make_image):
    archive = FolderArchive(tmp_path, secret)
    stored = archive.add(make_image())
    shutil.rmtree(tmp_path / "images")
    with pytest.raises(NotFound, match="add the image again"):
        archive.frame(stored.image_id, 1)
    archive.add(make_image())
    assert archive.frame(stored.image_id, 1) == make_image().PixelData


def test_a_reopened_archive_still_has_everything(tmp_path, secret, make_image):
    stored = FolderArchive(tmp_path, secret).add(make_image())
    again = FolderArchive(tmp_path, secret)
    assert again.images(stored.series_id) == (stored,)
    assert again.frame(stored.image_id, 1) == make_image().PixelData


def test_geometry_is_told_without_opening_the_file(tmp_path, secret, make_image):
    archive = FolderArchive(tmp_path, secret)
    stored = archive.add(make_image(ImagePositionPatient=[1, 2, 3]))
    before = archive.geometry(stored.image_id)
    shutil.rmtree(tmp_path / "images")
    assert archive.geometry(stored.image_id) == before
    assert before.image_position_patient == (1, 2, 3)


def test_another_secret_is_refused(tmp_path, secret):
    FolderArchive(tmp_path, secret)
    with pytest.raises(BadInput, match="another workspace secret"):
        FolderArchive(tmp_path, b"not the same")


def test_ids_depend_on_the_secret_alone(tmp_path, secret, make_image):
    first = FolderArchive(tmp_path / "a", secret).add(make_image())
    assert FolderArchive(tmp_path / "b", secret).add(make_image()) == first
    assert FolderArchive(tmp_path / "c", b"another").add(make_image()).image_id != first.image_id


def test_a_folder_that_cannot_be_made_is_bad_input(tmp_path, secret):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInput, match="choose a folder"):
        FolderArchive(tmp_path / "file", secret)


def test_remove_takes_the_file_away_and_no_other(tmp_path, secret, make_image):
    archive = FolderArchive(tmp_path / "archive", secret)
    outside = tmp_path / "precious.dcm"
    outside.write_text("precious")
    stored = archive.add(make_image())
    archive.remove(["../../../precious", "../precious", stored.image_id])
    assert outside.exists()
    assert not list((tmp_path / "archive").glob("images/*/*"))
