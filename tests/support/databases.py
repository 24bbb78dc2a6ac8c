"""Empty databases for tests, on SQLite and on PostgreSQL.

A test that takes `database_url` runs twice, once on each. A session-wide template saves building the tables for each
test: build them once in `databases.create()`, then take copies with `databases.create(template=…)`.
"""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, make_url

from tests.support import postgres

_HURRIES = "test_hurries"
"""Key in a driver connection's `info`."""


def pytest_configure() -> None:
    """Let SQLite go on without waiting for the disk: what a test leaves behind need not outlive a power cut.

    Processes that a test starts keep to what the product does.
    """

    @event.listens_for(Engine, "engine_connect")
    def _hurry(connection: Connection) -> None:
        if connection.dialect.name == "sqlite" and _HURRIES not in connection.info:
            connection.info[_HURRIES] = True
            connection.connection.cursor().execute("PRAGMA synchronous=OFF").close()


class Databases(Protocol):
    """Makes and drops databases of one kind."""

    kind: str

    def create(self, template: str | None = None) -> str:
        """Return the SQLAlchemy URL of a new database: empty, or a copy of `template`.

        template  the URL of a database of this kind to which nobody is connected
        """

    def drop(self, url: str) -> None:
        """Drop a database that `create` made, closing what is still connected to it."""


class SqliteDatabases:
    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = itertools.count(1)

    def create(self, template: str | None = None) -> str:
        path = self._folder / f"{next(self._count)}.db"
        if template is not None:
            source = str(make_url(template).database)
            _settle(source)
            shutil.copyfile(source, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        path = str(make_url(url).database)
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(path + suffix).unlink(missing_ok=True)


def _settle(path: str) -> None:
    """Bring what still lies in the log beside a database into its file, so that the file is the whole of it."""
    if Path(f"{path}-wal").exists():
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class PostgresDatabases:
    kind = "postgres"

    def __init__(self, server: str, worker: str) -> None:
        self._server = make_url(server)
        self._prefix = f"huhang_{worker}_{secrets.token_hex(3)}"
        self._count = itertools.count(1)

    def create(self, template: str | None = None) -> str:
        name = f"{self._prefix}_{next(self._count)}"
        source = make_url(template).database if template is not None else "template0"
        # Copied as files: the server would else write every page of the copy to its log as well.
        self._execute(f"""CREATE DATABASE "{name}" TEMPLATE "{source}" ENCODING 'UTF8' STRATEGY file_copy""")
        return self._server.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        address = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


def postgres_databases() -> Databases:
    try:
        server = postgres.server_url()
    except postgres.NoServer as missing:
        pytest.skip(f"PostgreSQL: {missing}")
    return PostgresDatabases(server, os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Both kinds of database, one after the other."""
    return sqlite_databases(tmp_path_factory) if request.param == "sqlite" else postgres_databases()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The URL of an empty database, on SQLite and on PostgreSQL."""
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL database, for what only PostgreSQL has. Mark the test `postgres`."""
    databases = postgres_databases()
    url = databases.create()
    yield url
    databases.drop(url)
