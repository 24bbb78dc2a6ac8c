"""`flask files`: bound case files — binding what waits, checking what was sealed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from caseapp.cli.answers import context, emit, wrong_use
from caseapp.context import Context
from caseapp.domain.errors import CaseAppError
from caseapp.queries.bound_files import binding
from caseapp.queries.case_find import find_case
from caseapp.services import case_file_build, case_file_package, case_file_request, case_file_verify


@click.group("files")
def command() -> None:
    """Bound case files: bind, check."""


@command.command("verify")
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def verify(case: str, as_json: bool) -> None:
    """Check the sealed files of a case: signature, list, volumes and every item; status 1 where something is broken."""
    with context() as ctx:
        sealed, broken = case_file_verify.verify(ctx, _case_id(ctx, case))
    if as_json:
        emit({"sealed": sealed, "broken": [asdict(item) for item in broken]})
    else:
        click.echo(f"封存案卷 {sealed} 份，异常 {len(broken)} 处")
        for item in broken:
            click.echo(f"  {item.file} {item.part}：{item.reason}")
    raise click.exceptions.Exit(1 if broken else 0)


@command.command("bind")
@click.argument("case")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="where the package goes")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def bind(case: str, out: Path, as_json: bool) -> None:
    """Bind the file of a case now, and write volumes, list and signature as one package."""
    with context() as ctx:
        case_id = _case_id(ctx, case)
        file_id = case_file_request.request(ctx, case_id, {})
        try:
            manifest = case_file_build.build(ctx, file_id)
        except CaseAppError as error:
            wrong_use(str(error))
        bound = binding(ctx, case_id, file_id)
        content, _, _ = case_file_package.part_of(ctx, case_id, bound, "package")
    out.write_bytes(content)
    if as_json:
        emit({"file": file_id, "manifest": f"sha256:{manifest}", "pages": bound.pages, "out": str(out)})
    else:
        click.echo(f"已装订，共 {bound.pages} 页：{out}")


def _case_id(ctx: Context, case: str) -> str:
    try:
        return find_case(ctx, case)
    except CaseAppError as error:
        wrong_use(str(error))
