"""`flask workflows`: checking definitions before they run, and showing them to people (INTERFACES §6)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import click
from flask import current_app
from flask.cli import AppGroup

from caseapp.cli.answers import emit, wrong_use
from caseapp.domain.errors import DefinitionError, DefinitionProblem, InputError
from caseapp.domain.roles import ROLE_NAMES
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import PREVIOUS, SAME, Action, Citation, GuardUse, Procedure
from caseapp.domain.workflow.diagram import draw
from caseapp.domain.workflow.guards import GUARDS
from caseapp.wiring import check_workflow_files

SHIPPED = Path(__file__).resolve().parents[2] / "workflows"
BROKEN = 1

_CATEGORIES = {"lead": "线索", "open": "办理中", "suspended": "中止", "decided": "已决定", "closed": "已办结"}

workflows = AppGroup("workflows", help="程序定义：检查、查看")
command = workflows


def folders() -> tuple[Path, ...]:
    """Return the folders of definitions: the shipped one, then those of CASEAPP_WORKFLOWS. Needs no application."""
    extra = os.environ.get("CASEAPP_WORKFLOWS", "").split(":")
    return (SHIPPED, *(Path(part).resolve() for part in extra if part))


@workflows.command("check", with_appcontext=False, help="检查程序定义；不写 FILE 时检查全部。")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
@click.pass_context
def check(ctx: click.Context, files: Sequence[Path], as_json: bool) -> None:
    """Print every problem of the definitions; exit status 1 where there is one. Needs no running application."""
    for path in (*files, *folders()):
        if not path.exists():
            wrong_use(f"没有这个文件：{path}")
    try:
        problems = check_workflow_files(files, folders())
    except DefinitionError as broken:
        problems = broken.problems
    if as_json:
        emit({"problems": [_told(problem) for problem in problems]})
    else:
        for problem in problems:
            click.echo(str(problem) + (f"（{' → '.join(problem.example)}）" if problem.example else ""))
        click.echo(f"发现 {len(problems)} 个问题" if problems else "程序定义没有问题", err=bool(problems))
    if problems:
        ctx.exit(BROKEN)


@workflows.command("show", help="显示一个程序定义。")
@click.argument("procedure_id", metavar="ID")
@click.option("--version", type=int, help="版本号，默认最新版本")
@click.option("--format", "shape", type=click.Choice(["table", "json", "svg"]), default="table", show_default=True)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="图中文字的语言")
def show(procedure_id: str, version: int | None, shape: str, language: str) -> None:
    """Print one definition as a table, as JSON or as a drawing."""
    procedures: ProcedureSet = current_app.extensions["huhang"].procedures
    try:
        procedure = procedures.get(procedure_id, version)
    except InputError as unknown:
        wrong_use(str(unknown))
    if shape == "json":
        emit(as_document(procedure))
    elif shape == "svg":
        click.echo(draw(procedure, language=language))
    else:
        click.echo(as_table(procedure))


def _told(problem: DefinitionProblem) -> dict[str, object]:
    return {
        "file": problem.file,
        "path": problem.path,
        "rule": problem.rule,
        "problem": problem.problem,
        "example": list(problem.example),
    }


def as_document(procedure: Procedure) -> dict[str, Any]:
    """Return a definition as JSON: the fields of `caseapp.domain.workflow.definition`, resolved names and all."""
    told = asdict(procedure)
    found = _plain({name: value for name, value in told.items() if not name.startswith("_")})
    assert isinstance(found, dict)
    return found


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def as_table(procedure: Procedure) -> str:
    """Return a definition as text: its states, then every action with who, from where, whereto and on what
    condition.
    """
    lines = [f"{procedure.name.zh}　{procedure.id} 第 {procedure.version} 版", "", "状态"]
    lines += _columns(
        [
            (
                state.id,
                state.name.zh,
                _CATEGORIES[state.category.value] + ("" if state.blocks_closing else "（不妨碍结案）"),
                ROLE_NAMES[state.owner]["zh"] if state.owner else "",
            )
            for state in procedure.states
        ]
    )
    lines += ["", "办理事项"]
    for action in procedure.actions:
        lines += _action_lines(procedure, action)
    return "\n".join(lines)


def _action_lines(procedure: Procedure, action: Action) -> list[str]:
    names = {state.id: state.name.zh for state in procedure.states} | {SAME: "（不变）", PREVIOUS: "（中止前的状态）"}
    to = "／".join(
        names[post.to] + (f"［{'、'.join(_guard(use) for use in post.when)}］" if post.when else "")
        for post in action.posts
    )
    parts = [
        ("从", "、".join(names[source] for source in action.sources)),
        ("到", to),
        ("办理", "、".join(ROLE_NAMES[role]["zh"] for role in action.roles)),
        ("条件", "；".join(_guard(use) for use in action.guards)),
        ("字段", "、".join(field.label.zh + ("＊" if field.required else "") for field in action.fields)),
        ("审批", " → ".join(step.name.zh for step in action.approval)),
        ("文书", "、".join(action.documents)),
        ("节点", action.milestone.kind.value if action.milestone else ""),
        ("时限", _clock_words(action)),
        ("依据", "、".join(_citation(item) for item in action.citations)),
    ]
    return ["", f"{action.name.zh}　{action.id}", *(f"  {label}　{told}" for label, told in parts if told)]


def _clock_words(action: Action) -> str:
    uses = action.clocks
    words = (
        ("起算", uses.starts),
        ("完成", uses.meets),
        ("停止", uses.ends),
        ("延长", uses.extends),
        ("此前已计", tuple(clock.rule for clock in uses.ran)),
    )
    return "；".join(f"{word} {'、'.join(rules)}" for word, rules in words if rules)


def _guard(use: GuardUse) -> str:
    about = GUARDS[use.name].about.zh
    told = "、".join(
        f"{key}={value}"
        for key, value in use.params.items()
        if key not in ("label", "message", "entered", "article", "cure")
    )
    return f"{'不：' if use.negate else ''}{about}{f'（{told}）' if told else ''}"


def _citation(citation: Citation) -> str:
    return f"{citation}{'' if citation.confidence == 'verified' else f'（{citation.confidence}）'}"


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(_shown(row[index]) for row in rows) for index in range(len(rows[0]))]
    return [
        "  " + "  ".join(cell + " " * (width - _shown(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _shown(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
