"""The parts of a workspace, opened once: database, archive, catalogues, secret, clock."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from api.rewriter import Rewriter, open_rewriter
from api.settings import Settings
from archive.archive import Archive
from archive.archives import open_archive
from archive.pacs import Pacs, open_pacs
from models.diagnosis import DiagnosisCatalogue, diagnoses_of
from models.errors import BadInput
from models.finding import FindingCatalogue, findings_of
from models.reading import DEPARTMENT, Department
from store import departments
from store.database import Database

__all__ = ["DEPARTMENT", "Workspace", "new_id", "utc_now", "workspace_secret"]


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """An id that tells nothing and cannot be guessed."""
    return secrets.token_hex(12)


@dataclass(frozen=True, slots=True)
class Workspace:
    """What every door works with. ``secret`` keys the opaque ids and the UIDs of de-identified images.

    ``pacs`` holds the hospital's own studies and ``rewriter`` words teaching points anew; None where there is none.
    """

    settings: Settings
    database: Database
    archive: Archive
    findings: FindingCatalogue
    diagnoses: DiagnosisCatalogue
    secret: bytes
    now: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = new_id
    pacs: Pacs | None = None
    rewriter: Rewriter | None = None

    @classmethod
    def open(cls, settings: Settings, now: Callable[[], datetime] = utc_now, demo: bool = False) -> Workspace:
        """Make the folder and tables where missing, and bring older tables up to date."""
        settings.home.mkdir(parents=True, exist_ok=True)
        secret = workspace_secret(settings.home / "secret")
        database = Database(settings.database)
        database.migrate()
        with database.transaction() as tx:
            departments.ensure(tx, Department(DEPARTMENT, "Demonstration" if demo else "Radiology", demo))
        return cls(
            settings=settings,
            database=database,
            archive=open_archive(settings.archive, secret, settings.archive_access),
            findings=findings_of(settings.home),
            diagnoses=diagnoses_of(settings.home),
            secret=secret,
            now=now,
            pacs=open_pacs(settings.pacs, settings.pacs_credentials, settings.pacs_ca),
            rewriter=open_rewriter(settings.rewriter, settings.rewriter_model, settings.rewriter_key),
        )

    def opaque(self, *parts: str) -> str:
        """An id that is the same for the same parts in this workspace and tells nothing of them elsewhere."""
        return blake2b("\x1f".join(parts).encode(), key=self.secret, digest_size=12).hexdigest()


def workspace_secret(path: Path) -> bytes:
    """The secret of a workspace, made once, readable by its owner only.

    It is written whole beside its place and linked there, so that two processes that start together agree on one.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    secret = path.read_bytes()
    if len(secret) != 32:
        raise BadInput(str(path), "the workspace secret is damaged", "restore it from a backup of this workspace")
    return secret
