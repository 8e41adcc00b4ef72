"""Where this workspace keeps its things. Nothing but the doors reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.dicomweb_access import NO_CREDENTIALS, Access, Credentials
from models.errors import BadInput


@dataclass(frozen=True, slots=True)
class Settings:
    """``home`` is the workspace folder; ``database`` an SQLAlchemy URL; ``archive`` an address of ``archive.archives``.

    ``page`` is the built web page, None where only the API is served; ``secure_cookie`` belongs behind HTTPS;
    ``embedded_worker`` runs jobs inside the service, for a single process. ``pacs`` is the DICOMweb address of the
    hospital's own studies, empty where there is none. A ``…_ca`` is a file of certificates to trust.
    ``mlflow`` is the address of the lab book of trainings, None for a file of the workspace. ``rewriter`` is the
    OpenAI-compatible address that may word teaching points anew, empty for none, which is the default.
    """

    home: Path
    database: str
    archive: str
    page: Path | None = None
    secure_cookie: bool = False
    embedded_worker: bool = True
    archive_credentials: Credentials = NO_CREDENTIALS
    archive_ca: Path | None = None
    pacs: str = ""
    pacs_credentials: Credentials = NO_CREDENTIALS
    pacs_ca: Path | None = None
    mlflow: str | None = None
    rewriter: str = ""
    rewriter_model: str = ""
    rewriter_key: str = field(default="", repr=False)

    @property
    def archive_access(self) -> Access:
        """How an archive on a server is reached; what is known of it lies in the workspace folder."""
        return Access("WETREAD_ARCHIVE", self.archive_credentials, self.archive_ca, self.home)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """WETREAD_HOME, _DATABASE, _ARCHIVE, _PACS, _SECURE_COOKIE, _MLFLOW; each has a default for a laptop.

        WETREAD_REWRITER, _REWRITER_MODEL and _REWRITER_KEY name a language model; without the first none is asked.
        WETREAD_ARCHIVE_USER, _PASSWORD, _TOKEN and _CA belong to an archive on a server, WETREAD_PACS_… to the PACS. Of
        each but _CA there is a form ending in _FILE that names a file with the value. Raises BadInput for a file that
        cannot be read.
        """
        home = Path(environment.get("WETREAD_HOME", "wetread-data")).resolve()
        return cls(
            home=home,
            database=environment.get("WETREAD_DATABASE", f"sqlite:///{home / 'wetread.db'}"),
            archive=environment.get("WETREAD_ARCHIVE", str(home / "archive")),
            page=built_page(),
            secure_cookie=environment.get("WETREAD_SECURE_COOKIE", "") == "1",
            mlflow=environment.get("WETREAD_MLFLOW") or None,
            archive_credentials=_credentials(environment, "WETREAD_ARCHIVE"),
            archive_ca=_path(environment, "WETREAD_ARCHIVE_CA"),
            pacs=environment.get("WETREAD_PACS", "").strip(),
            pacs_credentials=_credentials(environment, "WETREAD_PACS"),
            pacs_ca=_path(environment, "WETREAD_PACS_CA"),
            rewriter=environment.get("WETREAD_REWRITER", "").strip(),
            rewriter_model=environment.get("WETREAD_REWRITER_MODEL", "").strip(),
            rewriter_key=_secret(environment, "WETREAD_REWRITER_KEY"),
        )


def _credentials(environment: Mapping[str, str], setting: str) -> Credentials:
    user, password, token = (_secret(environment, f"{setting}_{name}") for name in ("USER", "PASSWORD", "TOKEN"))
    return Credentials(user, password, token)


def _secret(environment: Mapping[str, str], name: str) -> str:
    """A setting's value, or what stands in the file that its _FILE form names, without the line break at its end."""
    value, file = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if value and file:
        raise BadInput(name, f"is given beside {name}_FILE", "give one of the two")
    if not file:
        return value
    try:
        value = Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{name}_FILE", "names a file that cannot be read as text", "check its path") from None
    if not value:
        raise BadInput(f"{name}_FILE", "names an empty file", "write the value into it")
    return value


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    return Path(environment[name]).resolve() if environment.get(name) else None


def built_page() -> Path | None:
    """The page inside the installed package, or the one built in a checkout."""
    beside = Path(__file__).parent
    for folder in (beside / "web_dist", beside.parent / "web" / "dist"):
        if (folder / "index.html").exists():
            return folder
    return None
