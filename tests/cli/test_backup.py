"""`flask backup`: what was backed up comes back whole, on either kind of database, and what was changed does not."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import insert, text

from caseapp.app import create_app
from caseapp.db import WRITABLE
from caseapp.domain.events import EntryKind
from caseapp.models.setting import Setting
from caseapp.services.evidence_entry import record
from caseapp.services.unit_of_work import unit_of_work
from tests.support.app import configuration, law_at_hand
from tests.support.databases import Databases, SqliteDatabases

LINES = [
    {
        "external_id": f"NT-{number}",
        "procedure": "penalty_general",
        "division": "320612",
        "ip_types": ["trademark"],
        "title": f"销售侵权家纺案{number}",
        "parties": [{"role": "respondent", "kind": "organisation", "name": f"通州{number}号家纺店"}],
        "milestones": [{"kind": "filed", "on": "2026-03-02"}],
    }
    for number in (1, 2)
]
Commands = Callable[[Databases], FlaskCliRunner]


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    """`commands(databases)`: commands of a new installation without a table, its files under `var<n>`."""
    made: list[tuple[Flask, Databases, str]] = []

    def new(databases: Databases) -> FlaskCliRunner:
        url = databases.create()
        with law_at_hand():
            app = create_app(configuration(url, tmp_path / f"var{len(made) + 1}"))
        made.append((app, databases, url))
        return app.test_cli_runner()

    yield new
    for app, databases, url in made:
        app.extensions["huhang"].engine.dispose()
        databases.drop(url)


def _ran(runner: FlaskCliRunner, *arguments: str) -> tuple[int, Any]:
    with runner.app.app_context():
        done = runner.invoke(args=[*arguments, "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout else done.stderr.strip()


def _told(entry: Any, _edit: object) -> Any:
    return entry


def _furnished(runner: FlaskCliRunner, tmp_path: Path) -> str:
    """Bring two cases, a piece of evidence and an anchor into an installation, and return the evidence's digest."""
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LINES), encoding="utf-8")
    assert _ran(runner, "cases", "import", str(file))[1]["imported"] == 2
    with runner.app.extensions["huhang"].context() as ctx:
        with ctx.ports.evidence.receive(io.BytesIO("聊天记录".encode())) as came:
            came.keep()
        [case_id] = ctx.session.execute(text("SELECT id FROM case_file WHERE external_id = 'NT-1'")).scalars()
        piece = {
            "id": "1" * 32,
            "number": 1,
            "title": "聊天记录",
            "kind": "electronic",
            "file": {"name": "a.txt", "digest": came.digest, "size": came.size, "kind": "text"},
            "source": "当事人",
            "acquired_on": "2026-03-02",
            "place": "店铺",
            "how": "submitted",
            "officers": [],
        }
        record(ctx, case_id, partial(_told, (EntryKind.EVIDENCE_ADDED, {"evidence": piece})))
    assert _ran(runner, "ledger", "anchor")[0] == 0
    return came.digest


@pytest.fixture
def backup(databases: Databases, commands: Commands, tmp_path: Path) -> tuple[FlaskCliRunner, Path, dict[str, Any]]:
    """A furnished installation, its backup, and what was told of it."""
    runner = commands(databases)
    _furnished(runner, tmp_path)
    status, told = _ran(runner, "backup", "create", str(tmp_path / "one.zip"))
    assert status == 0, told
    return runner, tmp_path / "one.zip", told


def test_everything_comes_back_on_the_other_kind_of_database_too(
    backup: tuple[FlaskCliRunner, Path, dict[str, Any]], databases: Databases, commands: Commands, tmp_path: Path
) -> None:
    old, file, told = backup
    assert file.stat().st_mode & 0o777 == 0o600
    assert (told["bytes"], told["files"]) == (file.stat().st_size, 3), "evidence, anchor and the key of the anchors"
    status, checked = _ran(old, "backup", "verify", str(file))
    assert (status, checked["problems"], checked["own"]) == (0, [], True)
    there = SqliteDatabases(tmp_path) if databases.kind != "sqlite" else databases
    new = commands(there)
    status, checked = _ran(new, "backup", "verify", str(file))
    assert (status, checked["own"], checked["rows"]) == (0, False, told["rows"])
    status, restored = _ran(new, "backup", "restore", str(file))
    assert status == 0, restored
    assert (restored["cases"], restored["evidence"], restored["broken"], restored["differences"]) == (2, 1, [], 0)
    assert restored["other_vault"] is True
    assert _ran(new, "ledger", "verify")[1]["anchors"] == 1, "signed with a key that came along"
    for case in ("NT-1", "NT-2"):
        assert _ran(new, "cases", "show", case) == _ran(old, "cases", "show", case)
    assert not list((tmp_path / "var2").rglob("*.part"))
    lines = tmp_path / "more.jsonl"
    lines.write_text(json.dumps(LINES[0] | {"external_id": "NT-3"}), encoding="utf-8")
    assert _ran(new, "cases", "import", str(lines))[1]["imported"] == 1, "work goes on"
    status, refused = _ran(new, "backup", "restore", str(file))
    assert (status, refused) == (2, "只能恢复到空的数据库：其中不能有数据，也不能有其他版本的表")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_a_backup_comes_back_on_postgresql(
    backup: tuple[FlaskCliRunner, Path, dict[str, Any]], commands: Commands, tmp_path: Path
) -> None:
    from tests.support.databases import postgres_databases

    old, file, told = backup
    new = commands(postgres_databases())
    status, restored = _ran(new, "backup", "restore", str(file))
    assert (status, restored["rows"]) == (0, told["rows"]), restored
    assert _ran(new, "cases", "show", "NT-1") == _ran(old, "cases", "show", "NT-1")
    lines = tmp_path / "more.jsonl"
    lines.write_text(json.dumps(LINES[0] | {"external_id": "NT-3"}), encoding="utf-8")
    assert _ran(new, "cases", "import", str(lines))[1]["imported"] == 1, "numbers go on after the last"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_a_file_that_is_there_is_never_overwritten_and_none_is_half_written(
    backup: tuple[FlaskCliRunner, Path, dict[str, Any]], tmp_path: Path
) -> None:
    runner, file, _ = backup
    before = file.read_bytes()
    assert _ran(runner, "backup", "create", str(file)) == (2, f"{file} 已经存在，不会覆盖")
    assert file.read_bytes() == before
    missing = tmp_path / "nowhere" / "two.zip"
    assert _ran(runner, "backup", "create", str(missing)) == (2, f"不能写入 {missing}")
    assert not list(tmp_path.glob("*.part"))


def _rewritten(file: Path, target: Path, change: Callable[[zipfile.ZipInfo, bytes], bytes | None]) -> Path:
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as out:
        for info in source.infolist():
            content = change(info, source.read(info))
            if content is not None:
                out.writestr(info.filename, content)
    return target


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_what_was_changed_is_told_and_nothing_of_it_is_taken(
    backup: tuple[FlaskCliRunner, Path, dict[str, Any]], databases: Databases, commands: Commands, tmp_path: Path
) -> None:
    runner, file, _ = backup
    changes: dict[str, tuple[Callable[[zipfile.ZipInfo, bytes], bytes | None], tuple[str, str]]] = {
        "edited": (
            lambda info, content: content.replace("案1".encode(), "案9".encode()),
            ("database/case_file.jsonl", "changed"),
        ),
        "left-out": (
            lambda info, content: None if info.filename.startswith("anchors/") else content,
            ("anchors/anchor-00000001.json", "missing"),
        ),
        "list": (
            lambda info, content: content.replace(b"2026", b"2025") if info.filename == "manifest.json" else content,
            ("manifest.json", "signature"),
        ),
    }
    new = commands(databases)
    for name, (change, problem) in changes.items():
        forged = _rewritten(file, tmp_path / f"{name}.zip", change)
        status, told = _ran(runner, "backup", "verify", str(forged))
        assert status == 1, name
        assert {"item": problem[0], "reason": problem[1]} in told["problems"], name
        status, refused = _ran(new, "backup", "restore", str(forged))
        assert status == 2, name
        assert "没有恢复任何内容" in refused, name
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("keys/vault.key", b"x")
    assert {"item": "keys/vault.key", "reason": "not-listed"} in _ran(runner, "backup", "verify", str(file))[1][
        "problems"
    ]
    for content in (b"", b"no archive", file.read_bytes()[:400]):
        broken = tmp_path / "broken.zip"
        broken.write_bytes(content)
        assert _ran(runner, "backup", "verify", str(broken)) == (2, "这个文件不是本系统的备份，或者已经损坏")
    assert _ran(runner, "backup", "verify", str(tmp_path / "none.zip"))[0] == 2
    assert new.app.extensions["huhang"].revision_of_unused() == "", "not even tables"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_a_restore_that_broke_off_is_begun_again_and_other_files_are_left_alone(
    backup: tuple[FlaskCliRunner, Path, dict[str, Any]],
    databases: Databases,
    commands: Commands,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, file, told = backup
    new = commands(databases)
    parts = new.app.extensions["huhang"]

    def power_cut(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr("caseapp.services.backup_restore._mark", power_cut)
        assert _ran(new, "backup", "restore", str(file))[0] == 1
    assert parts.revision_of_unused() == told["revision"], "tables, but no rows"
    stray = tmp_path / "var2" / "anchors" / "anchor-00000009.json"
    stray.write_text("{}", encoding="utf-8")
    status, refused = _ran(new, "backup", "restore", str(file))
    assert status == 2
    assert "不属于这份备份" in refused
    stray.unlink()
    status, restored = _ran(new, "backup", "restore", str(file))
    assert (status, restored["rows"]) == (0, told["rows"])


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_with_the_key_put_back_nothing_has_to_be_set_up_anew(
    backup: tuple[FlaskCliRunner, Path, dict[str, Any]], databases: Databases, commands: Commands, tmp_path: Path
) -> None:
    _, file, _ = backup
    new = commands(databases)
    (tmp_path / "var2" / "keys").mkdir(parents=True, exist_ok=True)
    shutil.copy(tmp_path / "var1" / "keys" / "vault.key", tmp_path / "var2" / "keys" / "vault.key")
    assert _ran(new, "backup", "restore", str(file))[1]["other_vault"] is False


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_a_backup_of_a_newer_version_says_so(
    backup: tuple[FlaskCliRunner, Path, dict[str, Any]], databases: Databases, commands: Commands, tmp_path: Path
) -> None:
    runner, _, _ = backup
    engine = runner.app.extensions["huhang"].engine
    with engine.connect().execution_options(**{WRITABLE: True}) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with runner.app.extensions["huhang"].context() as ctx:
        from caseapp.services.backup_create import create

        create(ctx, tmp_path / "newer.zip")
    status, refused = _ran(commands(databases), "backup", "restore", str(tmp_path / "newer.zip"))
    assert status == 2
    assert "9999" in refused


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_a_backup_is_of_one_moment(
    databases: Databases, commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written while a backup is made is in it wholly or not at all."""
    runner = commands(databases)
    _furnished(runner, tmp_path)
    from caseapp.services import backup_create

    written, parts = backup_create._written, runner.app.extensions["huhang"]

    def meanwhile(archive: Any, connection: Any, table: Any, progress: Any) -> Any:
        told = written(archive, connection, table, progress)
        if table.name == "case_file":
            with parts.context() as other, unit_of_work(other) as unit:
                unit.connection.execute(insert(Setting).values(name="later", value="x"))
        return told

    monkeypatch.setattr(backup_create, "_written", meanwhile)
    with parts.context() as ctx:
        backup_create.create(ctx, tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert b'"later"' not in archive.read("database/setting.jsonl")
