"""The migrations and the tables say the same."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from store.database import Database
from store.tables import metadata


def test_migrating_gives_exactly_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    with database.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0003"


def test_every_row_carries_its_department() -> None:
    without = [
        table.name
        for table in metadata.tables.values()
        if "department_id" not in table.c and table.name != "departments"
    ]
    assert without == []


def test_identities_stand_apart_from_all_that_is_known_of_a_reader() -> None:
    """Only identities and accounts join a name with a reader; no other table has a column for one."""
    naming = {"label", "login", "name", "password_hash"}
    allowed = {"identities", "accounts", "departments", "tracer_models"}
    assert {t.name for t in metadata.tables.values() if naming & set(t.c.keys())} <= allowed
