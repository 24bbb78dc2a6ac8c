"""`flask cases`: taking cases over, showing one as it stood, handing cases out."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from tqdm import tqdm

from caseapp.cli.answers import context, emit, wrong_use
from caseapp.domain.errors import CaseAppError
from caseapp.domain.events import LEGAL_ZONE
from caseapp.queries.case_find import find_case
from caseapp.queries.case_show import told_case
from caseapp.services.case_export import export_cases
from caseapp.services.case_import import Mode, import_events, import_records
from caseapp.wiring import Huhang


def _parts() -> Huhang:
    parts: Huhang = current_app.extensions["huhang"]
    return parts


@click.group("cases")
def command() -> None:
    """Import, show and export cases."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "shape", type=click.Choice(["exchange", "xes", "csv"]), default="exchange")
@click.option("--mapping", type=click.Path(path_type=Path), help="mapping of an event log (xes, csv)")
@click.option("--mode", type=click.Choice([mode.value for mode in Mode]), default=Mode.STRICT.value)
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def import_(file: Path, shape: str, mapping: Path | None, mode: str, as_json: bool) -> None:
    """Take cases over from a file; a bad case never stops the rest."""
    parts = _parts()
    if shape != "exchange" and mapping is None:
        wrong_use("--format xes 与 csv 需要 --mapping")
    if not file.is_file():
        wrong_use(f"无法读取文件 {file}")
    with context() as ctx, tqdm(total=file.stat().st_size, unit="B", unit_scale=True, disable=None, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        try:
            if shape == "exchange":
                lines = parts.read_exchange(file, now=ctx.now(), progress=progress)
                report = import_records(ctx, lines, mode=Mode(mode))
            else:
                assert mapping is not None
                events = parts.read_event_log(file, mapping, shape=shape, now=ctx.now(), progress=progress)
                report = import_events(ctx, events, mode=Mode(mode))
        except CaseAppError as error:
            wrong_use(str(error))
    if as_json:
        emit(report.told())
    else:
        click.echo(
            f"读取 {report.read}，新增 {report.imported}，补充 {report.appended}，未变 {report.unchanged}，拒绝 {report.rejected}"
        )
        for refusal in report.rejections:
            click.echo(f"  第 {refusal['line']} 行 {refusal['external_id']}：{refusal['reason']}")
    raise click.exceptions.Exit(1 if report.rejected else 0)


@command.command("show")
@click.argument("case")
@click.option("--as-of", "as_of", help="as it stood at the end of this day (YYYY-MM-DD)")
@click.option("--known-at", "known_at", help="as it was known at this instant (ISO 8601)")
@click.option("--json", "as_json", is_flag=True)
def show(case: str, as_of: str | None, known_at: str | None, as_json: bool) -> None:
    """Show one case by external id, number, lead number or id."""
    day = _day(as_of) if as_of else None
    instant = read_instant(known_at) if known_at else None
    with context() as ctx:
        try:
            told = told_case(ctx, find_case(ctx, case), as_of=day, known_at=instant)
        except CaseAppError as error:
            wrong_use(str(error))
    if as_json:
        emit(told)
        return
    for name in ("number", "external_id", "title", "organ", "division", "procedure", "state", "category"):
        click.echo(f"{name:<14}{told[name]}")
    for milestone in told["milestones"]:
        click.echo(f"  {milestone['on']}  {milestone['kind']}")


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "shape", type=click.Choice(["exchange", "xes"]), default="exchange")
@click.option("--json", "as_json", is_flag=True)
def export(file: Path, shape: str, as_json: bool) -> None:
    """Hand every case out as a file; the export is in the ledger."""
    if not file.parent.is_dir():
        wrong_use(f"没有文件夹 {file.parent}")
    with context() as ctx, tqdm(unit="件", disable=None, leave=False) as bar:
        told = export_cases(ctx, file, shape=shape, progress=lambda: bar.update(1))
    if as_json:
        emit(told)
    else:
        click.echo(f"导出 {told['exported']} 件到 {file}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong_use(f"不是有效的日期：{text}")


def read_instant(text: str) -> datetime:
    """Return an instant of the command line; without a zone it is Chinese time. Exits with 2 where it is none."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        wrong_use(f"不是有效的时刻：{text}")
    return instant if instant.tzinfo else instant.replace(tzinfo=LEGAL_ZONE)


def pretty(value: Any) -> str:
    """Return a value as indented JSON for people."""
    return json.dumps(value, ensure_ascii=False, indent=2)
