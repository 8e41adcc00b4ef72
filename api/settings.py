"""Where this workspace keeps its things. Nothing but the doors reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """``home`` is the workspace folder; ``database`` an SQLAlchemy URL; ``archive`` an address of ``archive.archives``.

    ``page`` is the built web page, None where only the API is served; ``secure_cookie`` belongs behind HTTPS;
    ``embedded_worker`` runs jobs inside the service, for a single process.
    """

    home: Path
    database: str
    archive: str
    page: Path | None = None
    secure_cookie: bool = False
    embedded_worker: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """WETREAD_HOME, WETREAD_DATABASE, WETREAD_ARCHIVE, WETREAD_SECURE_COOKIE; each has a default for a laptop."""
        home = Path(environment.get("WETREAD_HOME", "wetread-data")).resolve()
        return cls(
            home=home,
            database=environment.get("WETREAD_DATABASE", f"sqlite:///{home / 'wetread.db'}"),
            archive=environment.get("WETREAD_ARCHIVE", str(home / "archive")),
            page=built_page(),
            secure_cookie=environment.get("WETREAD_SECURE_COOKIE", "") == "1",
        )


def built_page() -> Path | None:
    """The page inside the installed package, or the one built in a checkout."""
    beside = Path(__file__).parent
    for folder in (beside / "web_dist", beside.parent / "web" / "dist"):
        if (folder / "index.html").exists():
            return folder
    return None
