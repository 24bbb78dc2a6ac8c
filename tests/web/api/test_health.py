"""What machines ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from alembic.config import Config as MigrationConfig
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text

from caseapp.db import WRITABLE
from caseapp.models import JobRun
from tests.web.shell import ROOT, Shell


def stamp(shell: Shell, revision: str) -> None:
    """Say that the database stands at a migration."""
    with shell.engine.connect().execution_options(**{WRITABLE: True}) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
        connection.commit()


def begin_job(shell: Shell, *, minutes_ago: int) -> None:
    at = shell.clock.now() - timedelta(minutes=minutes_ago)
    with shell.engine.connect().execution_options(**{WRITABLE: True}) as connection:
        connection.execute(insert(JobRun).values(job="reminders", due_at=at, started_at=at, status="done"))
        connection.commit()


@pytest.fixture
def newest() -> str:
    config = MigrationConfig()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None
    return head


def test_the_living_say_so(shell: Shell) -> None:
    answer = shell.visitor().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_database_without_its_migrations_is_not_ready(shell: Shell) -> None:
    answer = shell.visitor().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "ready": False,
        "database": True,
        "migrations": False,
        "definitions": True,
        "scheduler": False,
    }


def test_a_dead_scheduler_is_told_but_requests_are_served(shell: Shell, newest: str) -> None:
    stamp(shell, newest)
    begin_job(shell, minutes_ago=30)
    answer = shell.visitor().get("/readyz")
    assert answer.status_code == 200
    assert (answer.json["ready"], answer.json["scheduler"]) == (True, False)


def test_everything_ready(shell: Shell, newest: str) -> None:
    stamp(shell, newest)
    begin_job(shell, minutes_ago=2)
    assert set(shell.visitor().get("/readyz").json.values()) == {True}


def test_numbers_come_in_the_format_of_prometheus(shell: Shell) -> None:
    answer = shell.visitor().get("/metrics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    assert "huhang_cases 0.0" in answer.text
    assert "huhang_clocks_past_due 0.0" in answer.text
