"""`flask evidence`: checking the files that cases rest on."""

from __future__ import annotations

import click
from tqdm import tqdm

from caseapp.cli.answers import context, emit, wrong_use
from caseapp.domain.errors import CaseAppError
from caseapp.queries.case_find import find_case
from caseapp.queries.evidence_check import check_files


@click.group("evidence")
def command() -> None:
    """Evidence files: check them."""


@command.command("verify")
@click.option("--case", "case", help="one case: external id, number, lead number or id")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def verify(case: str | None, as_json: bool) -> None:
    """Recompute the hash of every evidence file; status 1 where one is missing or changed."""
    with context() as ctx:
        case_id = None
        if case is not None:
            try:
                case_id = find_case(ctx, case)
            except CaseAppError as error:
                wrong_use(str(error))
        with tqdm(unit="份", disable=None, leave=False) as bar:
            found = check_files(ctx, case_id, progress=bar.update)
    if as_json:
        emit(found)
    else:
        click.echo(f"证据 {found['pieces']} 份，文件 {found['files']} 个，异常 {len(found['broken'])} 处")
        for one in found["broken"]:
            click.echo(f"  {one['case']} 证据 {one['number']}“{one['title']}”：{one['reason']}")
    raise click.exceptions.Exit(1 if found["broken"] else 0)
