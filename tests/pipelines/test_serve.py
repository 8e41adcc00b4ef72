"""How the service listens: to whom, what it warns of, whose word on the caller's address it takes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import uvicorn

from api.settings import Settings
from pipelines import serve
from tests.pipelines.conftest import Command


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> list[uvicorn.Config]:
    """The configurations that would have been served."""
    seen: list[uvicorn.Config] = []

    class Served:
        def __init__(self, config: uvicorn.Config) -> None:
            seen.append(config)

        def run(self, sockets: list[object]) -> None:
            return None

    monkeypatch.setattr(uvicorn, "Server", Served)
    return seen


def settings_at(home: Path, secure_cookie: bool = False) -> Settings:
    return Settings(home, f"sqlite:///{home / 'wetread.db'}", str(home / "archive"), secure_cookie=secure_cookie)


@pytest.mark.parametrize(
    ("host", "secure", "warned"),
    [("127.0.0.1", False, 0), ("localhost", False, 0), ("0.0.0.0", False, 1), ("0.0.0.0", True, 0)],
)
def test_an_open_address_without_https_is_warned_of_once(
    tmp_path: Path,
    configured: list[uvicorn.Config],
    capsys: pytest.CaptureFixture[str],
    host: str,
    secure: bool,
    warned: int,
) -> None:
    serve.serve(settings_at(tmp_path / "home", secure), host, 0, worker=False)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == warned and all("WETREAD_SECURE_COOKIE=1" in line for line in lines)


@pytest.mark.parametrize("behind_proxy", [False, True])
def test_forwarded_addresses_are_believed_behind_a_proxy_alone(
    tmp_path: Path, configured: list[uvicorn.Config], behind_proxy: bool
) -> None:
    serve.serve(settings_at(tmp_path / "home"), "127.0.0.1", 0, worker=False, behind_proxy=behind_proxy)
    assert [config.proxy_headers for config in configured] == [behind_proxy]


def test_what_a_command_creates_is_its_owners_alone(wetread: Command, home: Path) -> None:
    wetread("account", "add", "ada", "--role", "learner")
    made = [home, *home.rglob("*")]
    assert len(made) > 3
    assert not [path for path in made if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
