"""What machines ask."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from alembic.config import Config as MigrationConfig
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, text

from caseapp.db import WRITABLE
from caseapp.models import Setting
from caseapp.queries.scheduler import HEARTBEAT
from tests.web.shell import ROOT, Shell


def stamp(shell: Shell, revision: str) -> None:
    """Say that the database stands at a migration."""
    with shell.engine.connect().execution_options(**{WRITABLE: True}) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
        connection.commit()


def beat(shell: Shell, *, minutes_ago: int) -> None:
    """Leave a scheduler's sign of life."""
    at = shell.clock.now() - timedelta(minutes=minutes_ago)
    with shell.engine.connect().execution_options(**{WRITABLE: True}) as connection:
        connection.execute(insert(Setting).values(name=HEARTBEAT, value=at.isoformat()))
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
        "caught_up": False,
        "scheduler": False,
    }


def test_a_database_that_is_gone_is_told_and_not_a_fault_of_the_program(shell: Shell, tmp_path: Path) -> None:
    parts = shell.app.extensions["huhang"]
    parts.engine = create_engine(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite3'}")
    answer = shell.visitor().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] is False


def test_a_dead_scheduler_is_told_but_requests_are_served(shell: Shell, newest: str) -> None:
    stamp(shell, newest)
    beat(shell, minutes_ago=30)
    answer = shell.visitor().get("/readyz")
    assert answer.status_code == 200
    assert (answer.json["ready"], answer.json["scheduler"]) == (True, False)


def test_an_upgrade_that_is_not_finished_is_not_ready(shell: Shell, newest: str) -> None:
    stamp(shell, newest)
    with shell.engine.connect().execution_options(**{WRITABLE: True}) as connection:
        connection.execute(insert(Setting).values(name="behind:texts", value="0011"))
        connection.commit()
    answer = shell.visitor().get("/readyz")
    assert answer.status_code == 503
    assert (answer.json["ready"], answer.json["migrations"], answer.json["caught_up"]) == (False, True, False)


def test_everything_ready(shell: Shell, newest: str) -> None:
    stamp(shell, newest)
    beat(shell, minutes_ago=0)
    assert set(shell.visitor().get("/readyz").json.values()) == {True}


def test_numbers_come_in_the_format_of_prometheus(shell: Shell) -> None:
    answer = shell.visitor().get("/metrics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    assert "huhang_cases 0.0" in answer.text
    assert "huhang_clocks_past_due 0.0" in answer.text


def test_whoever_is_not_on_this_machine_is_told_nothing_that_a_case_could_change(shell: Shell) -> None:
    for way in ({"REMOTE_ADDR": "10.1.2.3"}, {"HTTP_X_FORWARDED_FOR": "10.1.2.3"}):
        answer = shell.visitor().get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1", **way})
        numbers = [line for line in answer.text.splitlines() if not line.startswith("#")]
        assert numbers == ["huhang_up 1.0"]
