"""`flask ledger`: checking the ledger, anchoring it, rebuilding what is derived from it (INTERFACES §6)."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from tqdm import tqdm

from caseapp.cli.answers import context, emit, wrong_use
from caseapp.context import Context
from caseapp.domain.errors import CaseAppError
from caseapp.queries.case_find import find_case
from caseapp.queries.ledger_check import entry_estimate
from caseapp.queries.ledger_check import verify as verified
from caseapp.services.ledger_anchor import anchor as anchored
from caseapp.services.ledger_projection import Difference
from caseapp.services.ledger_rebuild import count_cases, differences
from caseapp.services.ledger_rebuild import rebuild as rebuilt


@click.group("ledger")
def command() -> None:
    """The ledger: check, anchor, rebuild."""


@command.command("verify")
@click.option("--case", "case", help="one case: external id, number, lead number or id")
@click.option("--anchors", type=click.Path(path_type=Path), help="folder of anchor files that were kept elsewhere")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def verify(case: str | None, anchors: Path | None, as_json: bool) -> None:
    """Recompute chains, heads and anchors; status 1 where something is broken."""
    if anchors is not None and not anchors.is_dir():
        wrong_use(f"没有文件夹 {anchors}")
    with context() as ctx:
        case_id = _case_id(ctx, case)
        total = None if case_id else entry_estimate(ctx)
        with tqdm(total=total, unit="条", disable=None, leave=False) as bar:
            found = verified(ctx, case_id, anchors, progress=bar.update)
    if as_json:
        emit(found)
    else:
        click.echo(
            f"案件 {found['cases']} 件，台账 {found['entries']} 条，锚定文件 {found['anchors']} 个，"
            f"尚未锚定 {found['unanchored']} 条，异常 {len(found['broken'])} 处"
        )
        for breach in found["broken"]:
            click.echo(f"  {breach['chain']} 第 {breach['seq']} 条：{breach['reason']}")
    raise click.exceptions.Exit(1 if found["broken"] else 0)


@command.command("anchor")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def anchor(as_json: bool) -> None:
    """Write what grew since the last anchor into a signed file outside the database."""
    with context() as ctx:
        try:
            result = anchored(ctx)
        except CaseAppError as error:
            wrong_use(str(error))
    if as_json:
        emit(asdict(result))
    elif result.numbers:
        click.echo(
            f"锚定文件第 {'、'.join(map(str, result.numbers))} 号：{result.chains} 条链，{result.entries} 条台账"
        )
    else:
        click.echo("台账没有变化，无须锚定")


@command.command("rebuild")
@click.option("--check", "only_check", is_flag=True, help="list differences, change nothing")
@click.option("--case", "case", help="one case: external id, number, lead number or id")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def rebuild(only_check: bool, case: str | None, as_json: bool) -> None:
    """Fold the ledger anew beside the stored projections; status 1 where they differ (without --check: still
    differ).
    """
    with context() as ctx:
        case_id = _case_id(ctx, case)
        with tqdm(total=count_cases(ctx, case_id), unit="件", disable=None, leave=False) as bar:
            if only_check:
                differ = _list(ctx, case_id, bar, as_json=as_json)
            else:
                result = rebuilt(ctx, case_id, progress=bar.update)
                differ = bool(result.left)
                if as_json:
                    emit(
                        {
                            "cases": result.cases,
                            "rewritten": list(result.rewritten),
                            "differences": [asdict(item) for item in result.left],
                        }
                    )
                else:
                    click.echo(f"案件 {result.cases} 件，重写 {len(result.rewritten)} 件")
                    for item in result.left:
                        click.echo(_line(item))
    raise click.exceptions.Exit(1 if differ else 0)


def _list(ctx: Context, case_id: str | None, bar: tqdm, *, as_json: bool) -> bool:
    """Print the differences as they are found: however many there are, they need no memory."""
    cases = count_cases(ctx, case_id)
    count = 0
    if as_json:
        click.echo(f'{{"cases": {cases}, "differences": [', nl=False)
    for item in differences(ctx, case_id, progress=bar.update):
        if as_json:
            click.echo((", " if count else "") + json.dumps(asdict(item), ensure_ascii=False), nl=False)
        else:
            click.echo(_line(item))
        count += 1
    click.echo("]}" if as_json else f"案件 {cases} 件，差异 {count} 处")
    return count > 0


def _line(item: Difference) -> str:
    place = "/".join(part for part in (item.table, item.key, item.field) if part)
    return f"  {item.case} {place}：存储 {item.stored!r}，台账 {item.folded!r}"


def _case_id(ctx: Context, case: str | None) -> str | None:
    if case is None:
        return None
    try:
        return find_case(ctx, case)
    except CaseAppError as error:
        wrong_use(str(error))
