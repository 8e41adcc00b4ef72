"""A workspace as one file and back: whole, private, consistent while others write, and nobody signed in."""

from __future__ import annotations

import sqlite3
import stat
import tarfile
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

import pipelines.backup
from api.identity import sign_in, token_hash
from api.settings import Settings
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from pipelines.backup import backup
from pipelines.restore import restore
from store import accounts, cases
from tests.building import Clock, account, ct_slice, library_of, workspace_at

MODES = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = workspace_at(tmp_path / "home", Clock())
    library_of(made, 4)
    return made


def settings_at(home: Path, archive: Path | None = None) -> Settings:
    return Settings(home, f"sqlite:///{home / 'wetread.db'}", str(archive or home / "archive"), embedded_worker=False)


def names(path: Path) -> list[str]:
    with tarfile.open(path) as tar:
        return tar.getnames()


def assert_whole(settings: Settings, images: int) -> None:
    """Every image of every case can be read, out of a workspace opened anew."""
    opened = Workspace.open(settings, Clock())
    with opened.database.snapshot() as tx:
        found = [case_id for status in cases.counts(tx, DEPARTMENT) for case_id in ids(tx, status)]
        shown = [image.image_id for case_id in found for image in cases.images(tx, case_id)]
    assert len(shown) == images
    assert all(opened.archive.frame(image_id, 1) for image_id in shown)


def ids(tx: object, status: object) -> list[str]:
    return [line.case_id for line in cases.search(tx, DEPARTMENT, status)[1]]  # type: ignore[arg-type]


def test_a_workspace_comes_back_whole_and_private(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.settings.home / "findings.toml").write_text("")
    backup(workspace.settings, tmp_path / "b.tar")
    assert not (tmp_path / "b.tar").stat().st_mode & MODES
    restored = settings_at(tmp_path / "fresh")
    assert restore(restored, tmp_path / "b.tar") == 0
    assert_whole(restored, 4)
    assert (tmp_path / "fresh" / "secret").read_bytes() == (workspace.settings.home / "secret").read_bytes()
    assert (tmp_path / "fresh" / "findings.toml").exists()
    files = [path for path in (tmp_path / "fresh").rglob("*") if path.is_file() and "sqlite3-" not in path.name]
    assert not [path for path in files if path.suffix in (".dcm", "", ".toml") and path.stat().st_mode & MODES]


def test_an_archive_elsewhere_goes_along_and_comes_back_elsewhere(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    settings = settings_at(home, elsewhere)
    library_of(Workspace.open(settings, Clock()), 4)
    backup(settings, tmp_path / "b.tar")
    assert sum(name.endswith(".dcm") for name in names(tmp_path / "b.tar")) == 4
    inside, outside = settings_at(tmp_path / "in"), settings_at(tmp_path / "out", tmp_path / "out-archive")
    for restored in (inside, outside):
        assert restore(restored, tmp_path / "b.tar") == 0
        assert_whole(restored, 4)
    assert not (tmp_path / "out" / "archive").exists()


def test_the_file_is_private_while_it_is_written(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    pack = pipelines.backup._pack

    def watched(*given: object) -> None:
        seen.append((tmp_path / "b.tar.part").stat().st_mode & MODES)
        pack(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(pipelines.backup, "_pack", watched)
    (tmp_path / "b.tar.part").write_text("left by a backup that was killed")
    backup(workspace.settings, tmp_path / "b.tar")
    assert seen == [0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar", "home"]


def test_a_backup_that_fails_leaves_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(pipelines.backup, "_pack", full)
    with pytest.raises(OSError, match="no space"):
        backup(workspace.settings, tmp_path / "b.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize("place", ["home/b.tar", "home/archive/b.tar", "nowhere/b.tar"])
def test_a_place_that_will_not_do_is_refused(workspace: Workspace, tmp_path: Path, place: str) -> None:
    with pytest.raises(BadInput):
        backup(workspace.settings, tmp_path / place)


def test_an_archive_that_is_no_folder_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="WETREAD_ARCHIVE"):
        backup(replace(workspace.settings, archive="dicomweb:https://images.example/rs"), tmp_path / "b.tar")
    with pytest.raises(BadInput, match="WETREAD_DATABASE"):
        backup(replace(workspace.settings, database="postgresql://db.example/w"), tmp_path / "b.tar")


def test_a_backup_during_an_import_holds_every_image_its_index_names(workspace: Workspace, tmp_path: Path) -> None:
    """And nothing that is only coming in."""
    stop = Event()
    (workspace.settings.home / "archive" / "incoming" / "half").write_bytes(b"half an image")

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            workspace.archive.add(ct_slice(1, f"1.2.3.{number}", size=16))

    writer = Thread(target=write)
    writer.start()
    try:
        for n in range(4):
            backup(workspace.settings, tmp_path / f"{n}.tar")
    finally:
        stop.set()
        writer.join()
    for n in range(4):
        with tarfile.open(tmp_path / f"{n}.tar") as tar:
            tar.extractall(tmp_path / f"{n}", filter="data")
        with sqlite3.connect(tmp_path / f"{n}" / "archive" / "index.sqlite3") as index:
            assert index.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            indexed = {row[0] for row in index.execute("SELECT image_id FROM images")}
        assert indexed <= {path.stem for path in (tmp_path / f"{n}").rglob("*.dcm")}
        assert not any("incoming" in name for name in names(tmp_path / f"{n}.tar"))


def test_a_file_that_vanishes_meanwhile_is_passed_over(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pipelines.backup.along

    def vanishing(items: list[tuple[Path, str]], what: str) -> object:
        for n, item in enumerate(real(items, what)):
            if n == 2:
                item[0].unlink()
            yield item

    monkeypatch.setattr(pipelines.backup, "along", vanishing)
    backup(workspace.settings, tmp_path / "b.tar")
    assert sum(name.endswith(".dcm") for name in names(tmp_path / "b.tar")) == 3


def test_nobody_is_signed_in_after_a_restore(workspace: Workspace, tmp_path: Path) -> None:
    clock = Clock()
    ada = account(workspace, "ada", "learner")
    with workspace.database.transaction() as tx:
        session = sign_in(tx, ada, clock.now)
        assert accounts.session(tx, token_hash(session.token), clock.now)
    backup(workspace.settings, tmp_path / "b.tar")
    restored = settings_at(tmp_path / "fresh")
    restore(restored, tmp_path / "b.tar")
    with Workspace.open(restored, clock).database.snapshot() as tx:
        assert accounts.session(tx, token_hash(session.token), clock.now) is None
        assert accounts.by_login(tx, "ada")


def test_places_that_are_in_use_or_elsewhere_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    backup(workspace.settings, tmp_path / "b.tar")
    fresh = settings_at(tmp_path / "fresh")
    with pytest.raises(BadInput, match="WETREAD_DATABASE"):
        restore(replace(fresh, database=f"sqlite:///{tmp_path / 'other.db'}"), tmp_path / "b.tar")
    with pytest.raises(BadInput, match="WETREAD_HOME"):
        restore(workspace.settings, tmp_path / "b.tar")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").touch()
    with pytest.raises(BadInput, match="WETREAD_ARCHIVE"):
        restore(replace(fresh, archive=str(tmp_path / "used")), tmp_path / "b.tar")
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize("kept", [0, 700, 20_000])
def test_a_damaged_backup_is_one_line_and_leaves_nothing(workspace: Workspace, tmp_path: Path, kept: int) -> None:
    backup(workspace.settings, tmp_path / "b.tar")
    (tmp_path / "b.tar").write_bytes((tmp_path / "b.tar").read_bytes()[:kept])
    with pytest.raises(BadInput, match="b.tar"):
        restore(settings_at(tmp_path / "fresh"), tmp_path / "b.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar", "home"]


def test_images_the_backup_lacks_are_told(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next((workspace.settings.home / "archive" / "images").rglob("*.dcm")).unlink()
    backup(workspace.settings, tmp_path / "b.tar")
    assert restore(settings_at(tmp_path / "fresh"), tmp_path / "b.tar") == 1
    assert "1 images of 1 cases are not in the backup" in capsys.readouterr().err
