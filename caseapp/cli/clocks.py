"""`flask clocks`: what the deadline rules say about given dates (INTERFACES §4)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NoReturn
from unicodedata import east_asian_width

import click
from flask import current_app
from flask.cli import AppGroup

from caseapp.cli.answers import OneLineCommand, context
from caseapp.domain.calendar import LEGAL_TIME, WorkingCalendar
from caseapp.domain.clocks import compute, explain
from caseapp.domain.clocks.explain import DayLine, LineKind
from caseapp.domain.clocks.rules import ClockRule, RuleBook, Unit
from caseapp.domain.clocks.status import Status
from caseapp.domain.clocks.suspensions import Pause
from caseapp.domain.errors import CaseAppError
from caseapp.queries.clock_list import clock_lines

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_WRONG_USE = 2
_TOLD_WIDTH = 16
_WEEKDAYS = "一二三四五六日"
_KINDS = {
    LineKind.START: "起算日，不计入",
    LineKind.COUNTED: "计入",
    LineKind.WEEKEND: "休息日，不计入",
    LineKind.HOLIDAY: "节假日，不计入",
    LineKind.PAUSED: "扣除，不计入",
    LineKind.ROLLED: "顺延",
}
_UNITS = {
    Unit.WORKING_DAYS: "个工作日",
    Unit.CALENDAR_DAYS: "日",
    Unit.MONTHS: "个月",
    Unit.YEARS: "年",
    Unit.HOURS: "小时",
}


clocks = AppGroup("clocks", help="时限：计算、查询")
command = clocks


@clocks.command("due", cls=OneLineCommand, help="计算一项时限的届满日，并逐日说明。")
@click.argument("rule_id", metavar="RULE")
@click.option("--start", "start_text", metavar="YYYY-MM-DD", required=True, help="起算日（当日不计入）")
@click.option("--at", "at_text", metavar="HH:MM", help="起算时刻（北京时间），按小时计算的时限必须给出")
@click.option("--pause", "pause_texts", metavar="A..B", multiple=True, help="不计入的期间，含首尾两日，可重复")
@click.option("--extend", "extension", type=click.IntRange(min=0), default=0, metavar="N", help="批准延长的数量")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
def due(
    rule_id: str, start_text: str, at_text: str | None, pause_texts: Sequence[str], extension: int, as_json: bool
) -> None:
    """Print the due day (or instant) of one rule for one start, with every day between."""
    huhang = current_app.extensions["huhang"]
    rules: RuleBook = huhang.rules
    calendar: WorkingCalendar = huhang.calendar
    start = _date(start_text, "--start")
    at = None if at_text is None else _instant(start, at_text)
    pauses = [_pause(text) for text in pause_texts]
    try:
        rule = rules.at(rule_id, start)
        if rule.unit is not Unit.HOURS:
            at = None
        limit = compute.due(
            rule, calendar=calendar, started_on=start, started_at=at, pauses=pauses, extension=extension
        )
        lines = explain.days(
            rule, calendar=calendar, started_on=start, started_at=at, pauses=pauses, extension=extension
        )
    except CaseAppError as refused:
        _wrong_use(str(refused))
    most = rule.extension_most
    if most is not None and extension > most:
        click.echo(f"提示：{rule_id} 累计最多延长 {most}，已按 {extension} 计算", err=True)

    begun = at.isoformat() if at is not None else start.isoformat()
    ended = limit.at.isoformat() if limit.at is not None else str(limit.on)
    if as_json:
        document = {
            "rule": rule_id,
            "start": begun,
            "due": ended,
            "provisional": limit.provisional,
            "source": _source(rule),
            "days": [{"date": line.date.isoformat(), "kind": line.kind.value} for line in lines],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    click.echo(f"{rule_id}  {rule.name['zh']}")
    click.echo(f"依据  {_source(rule)}")
    click.echo(f"期限  {'提前' if rule.direction == 'before' else ''}{rule.limit}{_UNITS[rule.unit]}")
    click.echo(f"起算  {begun}（星期{_WEEKDAYS[start.weekday()]}）")
    click.echo(f"届满  {ended}" + (f"（星期{_WEEKDAYS[limit.on.weekday()]}）" if limit.on is not None else ""))
    if limit.provisional:
        moves = "届满日可能变动" if rule.rolls or rule.unit is Unit.WORKING_DAYS else "本时限不顺延，届满日不受影响"
        click.echo(f"注意  所涉年份的放假安排尚未公布，只按周末推算；{moves}")
    click.echo("")
    for line in lines:
        click.echo(_row(line))


@clocks.command("list", cls=OneLineCommand, help="列出全部时限及其现状。")
@click.option("--rule", "rule_id", metavar="RULE", help="只列一项时限，如 P10")
@click.option("--status", "only", type=click.Choice([word.value for word in Status]), help="只列一种现状")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
def list_(rule_id: str | None, only: str | None, as_json: bool) -> None:
    """Print every clock as it stands now, row after row; however many there are, they need no memory."""
    rules: RuleBook = current_app.extensions["huhang"].rules
    if rule_id is not None and rule_id not in rules:
        _wrong_use(f"没有编号为 {rule_id} 的时限")
    separator = "["
    with context() as ctx:
        for line in clock_lines(ctx, rule=rule_id, only=Status(only) if only else None):
            told = {
                "case": line.case,
                "rule": line.rule,
                "started_on": line.started_on.isoformat(),
                "due_on": line.due_on.isoformat() if line.due_on else None,
                "stopped_on": line.stopped_on.isoformat() if line.stopped_on else None,
                "status": line.status.value,
            }
            if as_json:
                click.echo(separator + json.dumps(told, ensure_ascii=False), nl=False)
                separator = ",\n "
            else:
                click.echo("  ".join(str(value or "—") for value in told.values()))
    if as_json:
        click.echo("[]" if separator == "[" else "]")


def _row(line: DayLine) -> str:
    told = _KINDS[line.kind]
    if line.kind is LineKind.COUNTED:
        told = f"{told}，第 {line.number}"
    festival = f"{line.name}调休上班" if line.make_up else line.name
    return "  ".join(
        [line.date.isoformat(), f"星期{_WEEKDAYS[line.date.weekday()]}", _padded(told, _TOLD_WIDTH), festival]
    ).rstrip()


def _padded(text: str, width: int) -> str:
    """Fill up with spaces; a Chinese character takes two columns of a terminal."""
    taken = sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * (width - taken)


def _source(rule: ClockRule) -> str:
    since = f"自{rule.in_force_from.isoformat()}起施行" if rule.in_force_from else ""
    told = "，".join(part for part in (rule.edition, since) if part)
    return f"{rule.citation}（{told}）" if told else rule.citation


def _pause(text: str) -> Pause:
    first, dots, last = text.partition("..")
    if not dots:
        _wrong_use(f"--pause 应写作 A..B：{text!r}")
    try:
        return Pause(_date(first, "--pause"), _date(last, "--pause"))
    except CaseAppError as refused:
        _wrong_use(str(refused))


def _date(text: str, option: str) -> date:
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    _wrong_use(f"{option} 不是有效的日期（YYYY-MM-DD）：{text!r}")


def _instant(day: date, text: str) -> datetime:
    if _TIME.fullmatch(text):
        try:
            return datetime.combine(day, time.fromisoformat(text), LEGAL_TIME)
        except ValueError:
            pass
    _wrong_use(f"--at 不是有效的时刻（HH:MM）：{text!r}")


def _wrong_use(line: str) -> NoReturn:
    click.echo(line, err=True)
    raise click.exceptions.Exit(_WRONG_USE)
