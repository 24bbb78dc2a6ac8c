"""`flask backup`: the whole installation as one file, checked, and taken back (INTERFACES §6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_migrate import upgrade
from tqdm import tqdm

from caseapp.cli.answers import context, emit, prepare_database, wrong_use
from caseapp.domain.errors import CaseAppError
from caseapp.ports import BackupSource
from caseapp.queries.evidence_check import check_files
from caseapp.queries.health import DatabaseState
from caseapp.queries.ledger_check import verify as ledger_verified
from caseapp.services import backup_create, backup_restore
from caseapp.services.ledger_rebuild import count_cases, differences

_FILE = click.Path(path_type=Path, dir_okay=False)
_SHOWN = 20


@click.group("backup")
def command() -> None:
    """Backups: database, evidence, papers, anchors and public keys as one file. Private keys are kept apart."""


@command.command("create")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def create(file: Path, as_json: bool) -> None:
    """Write a backup of this installation, while it works on. A file that exists is never overwritten."""
    with context() as ctx, tqdm(unit="项", disable=None, leave=False) as bar:
        try:
            made = backup_create.create(ctx, file, progress=bar.update)
        except CaseAppError as error:
            wrong_use(str(error))
    told = {
        "file": str(file),
        "bytes": file.stat().st_size,
        "sha256": _sha256(file),
        "made_at": made.made_at,
        "revision": made.revision,
        "tables": len(made.tables),
        "rows": made.rows,
        "files": len(made.files),
    }
    if as_json:
        emit(told)
    else:
        click.echo(f"已备份 {made.rows} 行、{len(made.files)} 个文件：{file}")
        click.echo(f"  sha256 {told['sha256']}")
        click.echo("  私钥（var/keys 中的 *.pem、*.key）不在备份中，请另行妥善保管")


@command.command("verify")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def verify(file: Path, as_json: bool) -> None:
    """Check every item of a backup against its signed list; status 1 where something is wrong. Needs no database."""
    parts = current_app.extensions["huhang"]
    with _opened(file) as archive, tqdm(total=len(archive.manifest.members), disable=None, leave=False) as bar:
        problems = _problems(archive, bar)
        manifest = archive.manifest
        own = manifest.public_key in parts.ports.signer.public_keys()
    told = {
        "file": str(file),
        "made_at": manifest.made_at,
        "revision": manifest.revision,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "files": len(manifest.files),
        "signed_by": f"ed25519:{manifest.public_key}",
        "own": own,
        "problems": problems,
    }
    if as_json:
        emit(told)
    else:
        whose = "本系统的密钥" if own else "其他系统的密钥，请核对是否可信"
        click.echo(
            f"备份于 {manifest.made_at}：{manifest.rows} 行、{len(manifest.files)} 个文件，问题 {len(problems)} 处"
        )
        click.echo(f"  由 {told['signed_by']} 签名（{whose}）")
        _list(problems)
    raise click.exceptions.Exit(1 if problems else 0)


@command.command("restore")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def restore(file: Path, as_json: bool) -> None:
    """Take a backup back into an empty installation, and check ledger, derived tables and evidence after it.

    The database may be of another kind than the one that was backed up.
    """
    parts = current_app.extensions["huhang"]
    if parts.database_state() is DatabaseState.SILENT:
        wrong_use("数据库没有应答，请检查 DATABASE_URL 和数据库服务")
    with _opened(file) as archive:
        # What an interrupted restore left behind is no obstacle: tables without rows, and files of this very backup.
        if parts.revision_of_unused() not in ("", archive.manifest.revision):
            wrong_use("只能恢复到空的数据库：其中不能有数据，也不能有其他版本的表")
        if parts.ports.backups.holds_others(archive.manifest):
            wrong_use("数据目录（CASEAPP_VAR）中有不属于这份备份的证据、文书、锚定文件或者密钥，请换一个空的目录")
        with tqdm(total=len(archive.manifest.members), desc="核对", disable=None, leave=False) as bar:
            problems = _problems(archive, bar)
        if problems:
            _list(problems)
            wrong_use(f"备份有 {len(problems)} 处问题，没有恢复任何内容")
        _make_tables(archive.manifest.revision)
        total = archive.manifest.rows + len(archive.manifest.files)
        with parts.context() as ctx, tqdm(total=total, desc="恢复", disable=None, leave=False) as bar:
            done = backup_restore.load(ctx, archive, progress=bar.update)
    prepare_database()
    told = {"file": str(file), **asdict(done), **_checked()}
    broken = bool(told["broken"] or told["differences"] or told["evidence_broken"])
    if as_json:
        emit(told)
    else:
        click.echo(f"已恢复 {done.rows} 行、{done.files} 个文件：案件 {told['cases']} 件，台账 {told['entries']} 条")
        click.echo(
            f"  台账异常 {len(told['broken'])} 处，与台账不符 {told['differences']} 处，证据异常 {len(told['evidence_broken'])} 处"
        )
        if done.other_vault:
            click.echo("  var/keys/vault.key 不是备份时的密钥：请放回原密钥，否则动态口令须重新绑定")
        for key in done.keys_to_bring:
            click.echo(
                f"  机关密钥 {key} 的私钥不在本系统，请放回 var/keys/organs，或者用 flask keys create --renew 换新"
            )
    raise click.exceptions.Exit(1 if broken else 0)


@contextmanager
def _opened(file: Path) -> Iterator[BackupSource]:
    """Open a backup; one line and status 2 where the file is none."""
    try:
        with current_app.extensions["huhang"].ports.backups.reading(file) as archive:
            yield archive
    except CaseAppError as error:
        wrong_use(str(error))


def _problems(archive: BackupSource, bar: Any) -> list[dict[str, str]]:
    found = [{"item": name, "reason": reason} for name, reason in archive.problems(bar.update)]
    if not archive.is_signed(current_app.extensions["huhang"].ports.signer.verify):
        found.append({"item": "manifest.json", "reason": "signature"})
    return found


def _list(problems: list[dict[str, str]]) -> None:
    for one in problems[:_SHOWN]:
        click.echo(f"  {one['item']}：{one['reason']}", err=True)
    if len(problems) > _SHOWN:
        click.echo(f"  另有 {len(problems) - _SHOWN} 处", err=True)


def _make_tables(revision: str) -> None:
    """Make the tables as they were when the backup was written; what came later follows when they are filled."""
    try:
        upgrade(directory=current_app.extensions["migrate"].directory, revision=revision)
    except SystemExit:  # so flask_migrate ends where Alembic does not know a revision
        wrong_use(f"备份的表结构版本 {revision} 不为本版本程序所知：请用更新的程序恢复")


def _checked() -> dict[str, Any]:
    with context() as ctx:
        ledger = ledger_verified(ctx)
        cases = count_cases(ctx, None)
        with tqdm(total=cases, desc="对照台账", unit="件", disable=None, leave=False) as bar:
            differ = sum(1 for _ in differences(ctx, progress=bar.update))
        evidence = check_files(ctx)
    return {
        "cases": cases,
        "entries": ledger["entries"],
        "broken": ledger["broken"],
        "differences": differ,
        "evidence": evidence["files"],
        "evidence_broken": evidence["broken"],
    }


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
