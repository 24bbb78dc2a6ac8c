"""The databases that tests get are empty, separate, and copies when a template is asked for."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from tests.support.databases import Databases


def tables(url: str) -> list[str]:
    return inspect(create_engine(url, poolclass=NullPool)).get_table_names()


def run(url: str, *statements: str) -> None:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_new_database_is_empty(database_url: str) -> None:
    assert tables(database_url) == []


def test_databases_do_not_see_each_other(databases: Databases) -> None:
    one, other = databases.create(), databases.create()
    run(one, "CREATE TABLE note (words TEXT)")
    assert (tables(one), tables(other)) == (["note"], [])
    databases.drop(one)
    databases.drop(other)


def test_a_copy_starts_as_its_template_and_goes_its_own_way(databases: Databases) -> None:
    template = databases.create()
    run(template, "CREATE TABLE note (words TEXT)", "INSERT INTO note VALUES ('护航')")
    copy = databases.create(template=template)
    run(copy, "INSERT INTO note VALUES ('其二')")
    counts = []
    for url in (template, copy):
        with create_engine(url, poolclass=NullPool).connect() as connection:
            counts.append(
                connection.scalar(text("SELECT count(*) FROM note WHERE words LIKE '%航%' OR words LIKE '其%'"))
            )
        databases.drop(url)
    assert counts == [1, 2]


@pytest.mark.postgres
def test_postgres_really_is_postgres(postgres_url: str) -> None:
    with create_engine(postgres_url, poolclass=NullPool).connect() as connection:
        assert str(connection.scalar(text("SELECT version()"))).startswith("PostgreSQL")
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
