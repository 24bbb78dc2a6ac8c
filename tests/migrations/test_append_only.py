"""The database itself refuses to change the ledger, and keeps doing so after every migration."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from tests.support.databases import Databases
from tests.support.spine import House, migrate, open_engine

ENTRY = (
    "INSERT INTO ledger_entry (chain, seq, stream, kind, actor, occurred_at, precision, recorded_at, appended_at, "
    "payload, prev_hash, hash, algorithm) VALUES "
    "('system', 1, 'system', 'x', 'system', '2026-03-02 00:00:00', 'instant', "
    "'2026-03-02 00:00:00', '2026-03-02 00:00:00', '{}', 'p', 'h', 'sha256')"
)
CHANGES = ["UPDATE ledger_entry SET actor = 'x'", "DELETE FROM ledger_entry"]


def run(url: str, statement: str) -> None:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.exec_driver_sql(statement)


def count(url: str) -> int:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM ledger_entry").scalar_one())


def refuses_change(url: str) -> bool:
    """Try every way to change or remove an entry that exists."""
    ways = [*CHANGES, *(["TRUNCATE ledger_entry"] if "postgres" in url else [])]
    for way in ways:
        with pytest.raises(DBAPIError, match="append-only"):
            run(url, way)
    return count(url) == 1


def test_entries_cannot_be_changed_removed_or_truncated(database_url: str) -> None:
    engine = open_engine(database_url)
    migrate(engine)
    run(database_url, ENTRY)
    assert refuses_change(database_url)
    engine.dispose()


def test_the_triggers_are_there_again_after_down_and_up(database_url: str) -> None:
    engine = open_engine(database_url)
    migrate(engine)
    migrate(engine, "base", down=True)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(engine)
    run(database_url, ENTRY)
    assert refuses_change(database_url)
    engine.dispose()


def test_every_migration_on_the_way_up_keeps_the_triggers(databases: Databases) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from tests.support.spine import REPOSITORY

    scripts = ScriptDirectory.from_config(Config(str(REPOSITORY / "migrations" / "alembic.ini")))
    url = databases.create()
    engine = open_engine(url)
    for number, script in enumerate(reversed(list(scripts.walk_revisions()))):
        migrate(engine, script.revision)
        if number == 0:
            run(url, ENTRY)
        assert refuses_change(url), script.revision
    engine.dispose()
    databases.drop(url)


def _is_described(item: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Leave out what only one kind of database has: the tables of SQLite's full-text index, PostgreSQL's own index."""
    if kind == "table":
        return not (name or "").startswith("search_index")
    return not (
        kind == "index" and item.dialect_kwargs.get("postgresql_using") == "gin" and name == "ix_search_entry_vector"
    )


def test_the_tables_are_those_of_the_models(house: House) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from caseapp.db import Model

    with house.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_described})
        assert compare_metadata(context, Model.metadata) == []
