"""One door to the database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from models.errors import BadInput

Transaction = Connection
"""An open transaction. Store functions take one and never commit: the request that opened it does, once."""

BUSY_TIMEOUT_MS = 20_000
MIGRATION_LOCK = 7_703_311


class Database:
    """The engine and its transactions. ``url`` is an SQLAlchemy URL; ``postgresql://`` gets psycopg 3."""

    def __init__(self, url: str) -> None:
        try:
            address = make_url(url)
        except ArgumentError as error:
            raise BadInput("WETREAD_DATABASE", "not a database URL", "use sqlite:///PATH or postgresql://…") from error
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")
        self.url = address
        # Parameters hold reports: an error that quotes them would put them into the service's log.
        on_sqlite = address.get_backend_name() == "sqlite"
        self.engine = (
            _sqlite(address) if on_sqlite else create_engine(address, pool_pre_ping=True, hide_parameters=True)
        )

    @classmethod
    def at(cls, path: Path) -> Database:
        """The SQLite database in a file, its folder made where missing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{path}")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A writing transaction: committed at the end of the block, rolled back by any exception."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """A reading transaction, which waits for no writer. Writing in it is an error of the caller."""
        with self.engine.connect().execution_options(wetread_reading=True) as connection, connection.begin():
            yield connection

    def migrate(self) -> None:
        """Bring the tables to this version of Wetread; at once where they are there already."""
        config = _alembic_config()
        with self.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current == ScriptDirectory.from_config(config).get_current_head():
            return
        with self.transaction() as connection:
            if connection.dialect.name == "postgresql":
                # Two services that start together must not both create the tables.
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def forget(self) -> None:
        """Let SQLite keep nothing of what was overwritten: its log holds older pages until it is written back."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                driver = connection.connection.driver_connection
                if isinstance(driver, sqlite3.Connection):
                    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        self.engine.dispose()


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


_PRAGMAS = ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON")
"""What was deleted or overwritten is zeroed: a form holds names until its draft is made."""


def _sqlite(address: Any) -> Engine:
    """SQLite that loses no update.

    The driver's own transactions begin deferred, so that two writers that read first overwrite each other: we take the
    write lock at the start (BEGIN IMMEDIATE). The busy timeout comes before WAL, because switching to WAL can itself
    meet a lock.
    """
    engine = create_engine(address, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", *_PRAGMAS):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        reading = connection.get_execution_options().get("wetread_reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def copy_sqlite(database: Database, target: Path) -> None:
    """A consistent copy of a SQLite database into a new file, while others may write to the original."""
    with database.engine.connect() as connection, sqlite3.connect(target) as copy:
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError("only a SQLite database can be copied this way")
        driver.backup(copy)


def copy_sqlite_file(source: Path, target: Path) -> None:
    """The same for a SQLite file that this package does not keep, such as an archive's index."""
    address = f"{source.resolve().as_uri()}?mode=ro"
    original = sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
    with closing(original), closing(sqlite3.connect(target)) as copy:
        original.backup(copy)
