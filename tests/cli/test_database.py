"""Commands on a database that is empty, gone, or of another version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from caseapp.app import create_app
from caseapp.db import WRITABLE
from tests.support.app import configuration, law_at_hand
from tests.support.databases import Databases

LINE = {
    "external_id": "NT-1",
    "procedure": "penalty_general",
    "division": "320612",
    "ip_types": ["trademark"],
    "milestones": [{"kind": "filed", "on": "2026-03-02"}],
}


@pytest.fixture
def runner(databases: Databases, tmp_path: Path) -> Iterator[FlaskCliRunner]:
    """Commands over a database without any table."""
    url = databases.create()
    with law_at_hand():
        app = create_app(configuration(url, tmp_path / "var"))
    with app.app_context():
        yield app.test_cli_runner()
        app.extensions["huhang"].engine.dispose()
    databases.drop(url)


def test_the_first_command_makes_the_tables(runner: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps(LINE), encoding="utf-8")
    done = runner.invoke(args=["cases", "import", str(file), "--json"])
    assert (done.exit_code, json.loads(done.stdout)["imported"]) == (0, 1)
    checked = runner.invoke(args=["ledger", "verify", "--json"])
    assert (checked.exit_code, json.loads(checked.stdout)["cases"]) == (0, 1)


def test_an_old_database_is_brought_up_to_date_by_one_command(runner: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps(LINE), encoding="utf-8")
    assert runner.invoke(args=["cases", "import", str(file), "--json"]).exit_code == 0
    downgrade(directory=runner.app.extensions["migrate"].directory, revision="0001")
    upgrade(directory=runner.app.extensions["migrate"].directory)  # the tables alone, as some scripts do it
    told = runner.invoke(args=["ledger", "verify", "--json"])
    assert told.stderr.strip() == "升级还没有完成，搜索、列表或者统计结果不全：请先运行 flask database prepare"
    done = runner.invoke(args=["database", "prepare"])
    assert done.exit_code == 0
    assert "升级：补写旧案可搜索的文字，共 1 件 …" in done.stderr
    assert "升级：重建全文索引" not in done.stderr, "those texts had no older index"
    checked = runner.invoke(args=["ledger", "rebuild", "--check", "--json"])
    assert (checked.exit_code, json.loads(checked.stdout)["differences"], checked.stderr) == (0, [], "")
    again = runner.invoke(args=["database", "prepare", "--numbers"])
    assert "升级：为证件号码和电话建立查找索引，共 0 项 …" in again.stderr
    assert "补写" not in again.stderr


def test_tables_of_another_version_are_left_alone_until_asked(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["database", "prepare"]).exit_code == 0
    engine = runner.app.extensions["huhang"].engine
    with engine.connect().execution_options(**{WRITABLE: True}) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        connection.commit()
    refused = runner.invoke(args=["ledger", "verify", "--json"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.strip() == "数据库不是本版本的表结构，请先运行 flask database prepare"


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    with law_at_hand():
        app = create_app(configuration("postgresql+psycopg://nobody@127.0.0.1:1/none", tmp_path / "var"))
    with app.app_context():
        refused = app.test_cli_runner().invoke(args=["ledger", "verify", "--json"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.strip() == "数据库没有应答，请检查 DATABASE_URL 和数据库服务"
