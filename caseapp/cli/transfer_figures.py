"""`flask metrics transfers`: the figures of transfers as the page and its file show them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from caseapp.cli.answers import OneLineCommand, context, day_told, emit, instant_told, wrong_use
from caseapp.domain.errors import CaseAppError
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.transfers import TransferFigures, TransferRow
from caseapp.queries.transfer_figures import Sight, TransferQuestion, figures_of_transfers


@click.command("transfers", cls=OneLineCommand, help="移送统计：按移送机关和涉嫌罪名。")
@click.option("--from", "from_text", required=True, metavar="YYYY-MM-DD", help="移送日期第一日")
@click.option("--to", "to_text", required=True, metavar="YYYY-MM-DD", help="移送日期最后一日")
@click.option("--as-of", "as_of_text", metavar="YYYY-MM-DD", help="截止观察日，缺省为期间最后一日")
@click.option("--known-at", "known_at_text", metavar="INSTANT", help="当时已录入的情况（ISO 8601），缺省为现在")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
def transfers_command(
    from_text: str, to_text: str, as_of_text: str | None, known_at_text: str | None, *, as_json: bool
) -> None:
    """Print the figures of transfers."""
    first, last = day_told(from_text, "--from"), day_told(to_text, "--to")
    as_of = last if as_of_text is None else day_told(as_of_text, "--as-of")
    known_at = None if known_at_text is None else instant_told(known_at_text, "--known-at")
    with context() as ctx:
        try:
            question = TransferQuestion(Sight.CASES, Period(first, last), as_of, known_at=known_at)
            found = figures_of_transfers(ctx, question)
        except CaseAppError as refused:
            wrong_use(str(refused))
        now = known_at or ctx.now()
    if as_json:
        emit(_document(found, as_of, now))
        return
    click.echo(f"期间 {first} 至 {last}，截止 {as_of}，依据 {now.isoformat(timespec='seconds')} 前录入的情况")
    for row in (*found.rows, found.total):
        told = "，".join(f"{part} {name} {count}" for (part, name), count in sorted(row.counts.items()) if name)
        click.echo(f"{row.organ or '合计'} {row.offence}  移送 {row.count('all')}" + (f"（{told}）" if told else ""))
    if found.imprecise:
        click.echo(f"另有 {found.imprecise} 件移送的日期只知道年、月或者不详，未计入。")


def _document(found: TransferFigures, as_of: date, known_at: datetime) -> dict[str, Any]:
    return {
        "from": found.period.first,
        "to": found.period.last,
        "as_of": as_of,
        "known_at": known_at,
        "rows": [{"organ": row.organ, "offence": row.offence, **_counts(row)} for row in found.rows],
        "total": _counts(found.total),
        "imprecise": found.imprecise,
        "steps": {
            step.value: {
                "side": stretch.side.value,
                "count": stretch.count,
                "median_days": stretch.median_days,
                "p90_days": stretch.p90_days,
                "waiting": stretch.waiting,
            }
            for step, stretch in found.steps.items()
        },
    }


def _counts(row: TransferRow) -> dict[str, Any]:
    found: dict[str, Any] = {"sent": row.count("all")}
    for part, name in row.counts:
        if name:
            found.setdefault(part.value, {})[name] = row.counts[part, name]
    return found
