"""`flask metrics`: figures as other offices' scripts and auditors ask for them (INTERFACES §3)."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from unicodedata import east_asian_width

import click
from flask.cli import AppGroup
from tqdm import tqdm

from caseapp.cli.answers import OneLineCommand, context, day_told, emit, instant_told, wrong_use
from caseapp.cli.transfer_figures import transfers_command
from caseapp.domain.errors import CaseAppError
from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.metrics.closure import ClosureRate, Period, RateRow
from caseapp.domain.metrics.policy import Dimension, InForce, MetricPolicy, in_force
from caseapp.queries.closure import closure_rate, policy_of
from caseapp.queries.figures import FigureQuestion
from caseapp.queries.restatement import Restatement, restatement
from caseapp.services.figure_check import check_figures, difference_document
from caseapp.services.ledger_rebuild import count_cases
from caseapp.services.plan_number_enter import enter_all

_HEADINGS = {
    Dimension.DIVISION: "地区",
    Dimension.IP_TYPE: "权利类型",
    Dimension.PROCEDURE: "程序",
    Dimension.SOURCE: "来源",
    Dimension.MONTH: "月份",
}
_UNSAID = "未注明"
_GAP = "  "


command = AppGroup("metrics", help="统计：结案率、移送")
command.add_command(transfers_command)


@command.command("closure-rate", cls=OneLineCommand, help="按统计口径计算结案率。")
@click.option("--policy", "policy_id", required=True, metavar="ID", help="统计口径：R1…R5；R2@2026-1 指定版本")
@click.option("--from", "from_text", required=True, metavar="YYYY-MM-DD", help="期间第一日")
@click.option("--to", "to_text", required=True, metavar="YYYY-MM-DD", help="期间最后一日")
@click.option("--as-of", "as_of_text", metavar="YYYY-MM-DD", help="截止观察日，缺省为期间最后一日")
@click.option("--known-at", "known_at_text", metavar="INSTANT", help="当时已录入的情况（ISO 8601），缺省为现在")
@click.option("--by", "by_text", metavar="A,B", help=f"分列：{','.join(Dimension)}")
@click.option("--cases", "with_cases", is_flag=True, help="列出分子、分母中的每一件案件")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
def closure_rate_command(
    policy_id: str,
    from_text: str,
    to_text: str,
    as_of_text: str | None,
    known_at_text: str | None,
    by_text: str | None,
    *,
    with_cases: bool,
    as_json: bool,
) -> None:
    """Print a closure rate with its rows."""
    first, last = day_told(from_text, "--from"), day_told(to_text, "--to")
    as_of = None if as_of_text is None else day_told(as_of_text, "--as-of")
    known_at = None if known_at_text is None else instant_told(known_at_text, "--known-at")
    by = () if by_text is None else tuple(_dimension(word.strip()) for word in by_text.split(","))
    with context() as ctx:
        try:
            figure = closure_rate(
                ctx,
                policy_id,
                Period(first, last),
                as_of=as_of,
                known_at=known_at,
                by=by,
                with_cases=with_cases,
            )
        except CaseAppError as refused:
            wrong_use(str(refused))
        if as_json:
            emit(figure.document())
        else:
            _tell(figure, policy_of(ctx, policy_id))


@command.command(
    "restate", cls=OneLineCommand, help="比较同一期间在两个时刻所知的结案率，列出造成差别的案件和台账记录。"
)
@click.option("--policy", "policy_id", required=True, metavar="ID", help="统计口径：R1…R5；R2@2026-1 指定版本")
@click.option("--from", "from_text", required=True, metavar="YYYY-MM-DD", help="期间第一日")
@click.option("--to", "to_text", required=True, metavar="YYYY-MM-DD", help="期间最后一日")
@click.option("--as-of", "as_of_text", metavar="YYYY-MM-DD", help="截止观察日，缺省为期间最后一日")
@click.option("--since", "since_text", required=True, metavar="INSTANT", help="此前所知的时刻（ISO 8601）")
@click.option("--known-at", "known_at_text", metavar="INSTANT", help="此后所知的时刻，缺省为现在")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
def restate_command(
    policy_id: str,
    from_text: str,
    to_text: str,
    as_of_text: str | None,
    since_text: str,
    known_at_text: str | None,
    *,
    as_json: bool,
) -> None:
    """Print a figure as known at two instants, with the cases and entries that make the difference."""
    first, last = day_told(from_text, "--from"), day_told(to_text, "--to")
    since = instant_told(since_text, "--since")
    with context() as ctx:
        try:
            question = FigureQuestion(
                policy_id,
                Period(first, last),
                None if as_of_text is None else day_told(as_of_text, "--as-of"),
                None if known_at_text is None else instant_told(known_at_text, "--known-at"),
            )
            found = restatement(ctx, question, since, limit=None)
        except CaseAppError as refused:
            wrong_use(str(refused))
    if as_json:
        emit(_restatement_document(question, found))
        return
    for at, row in ((found.since, found.before), (found.until, found.after)):
        click.echo(f"{at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M:%S} 所知：{'  '.join(_cells(row, []))}")
    for case in found.cases:
        told = "、".join(f"第 {entry.seq} 号记录" for entry in case.entries)
        click.echo(f"{case.key}  {case.was.value} → {case.now.value}  {told}")


def _restatement_document(question: FigureQuestion, found: Restatement) -> dict[str, object]:
    return {
        "policy": {"id": found.policy.id, "version": found.policy.version},
        "from": question.period.first.isoformat(),
        "to": question.period.last.isoformat(),
        "as_of": found.as_of.isoformat(),
        "since": found.since.isoformat(),
        "known_at": found.until.isoformat(),
        "before": found.before.document(),
        "after": found.after.document(),
        "cases": [
            {
                "case": case.key,
                "before": case.was.value,
                "after": case.now.value,
                "entries": [
                    {
                        "seq": entry.seq,
                        "kind": entry.kind,
                        "milestone": entry.milestone,
                        "on": entry.on.isoformat(),
                        "recorded_at": entry.recorded_at.isoformat(),
                        "reason": entry.reason,
                    }
                    for entry in case.entries
                ],
            }
            for case in found.cases
        ],
    }


@command.command("verify", cls=OneLineCommand, help="用台账重新计算全部结案率，与系统显示的逐项核对。")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
def verify_command(*, as_json: bool) -> None:
    """Recount R1-R5 from the ledger alone and compare with what is shown; status 1 where anything differs."""
    with context() as ctx, tqdm(total=count_cases(ctx), unit="件", disable=None, leave=False) as bar:
        found = check_figures(ctx, progress=bar.update)
    differences = [difference_document(item) for item in found.differences]
    if as_json:
        emit(
            {
                "known_at": found.known_at.isoformat(),
                "cases": found.cases,
                "figures": found.figures,
                "differences": differences,
                "unread": list(found.unread),
                "altered_policies": list(found.altered),
            }
        )
    else:
        click.echo(f"案件 {found.cases} 件，核对数字 {found.figures} 个，不一致 {found.faults} 处")
        for told in differences:
            click.echo(
                f"  {told['policy']} {told['period']} {told['cell'] or '合计'}：{told['shown']} / {told['ledger']}"
            )
        for case_id in found.unread:
            click.echo(f"  案件 {case_id} 的台账无法还原")
        for reference in found.altered:
            click.echo(f"  口径 {reference} 施行后被改动")
    raise click.exceptions.Exit(1 if found.faults else 0)


@command.command("enter", cls=OneLineCommand, help="从 CSV 导入规划指标的实际值和目标值。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
def enter_command(file: Path, *, as_json: bool) -> None:
    """Take numbers from a table with the columns kind, subject, year, division, value, source; status 1 on refusals."""
    try:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    except UnicodeDecodeError:
        wrong_use("文件不是 UTF-8 编码")
    with context() as ctx:
        found = enter_all(ctx, rows)
    refusals = [{"line": line, "reason": str(why)} for line, why in found.rejections]
    if as_json:
        emit({"read": found.read, "taken": found.taken, "rejections": refusals})
    else:
        click.echo(f"读入 {found.read} 行，填报 {found.taken} 行")
        for refusal in refusals:
            click.echo(f"  第 {refusal['line']} 行：{refusal['reason']}")
    raise click.exceptions.Exit(1 if refusals else 0)


@command.command("policies", cls=OneLineCommand, help="列出各统计口径的全部版本。")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
def policies_command(*, as_json: bool) -> None:
    """Print every version of every policy with the days on which it is in force and how it counts."""
    with context() as ctx:
        versions, today = in_force(ctx.law.policy_versions), ctx.today()
    if as_json:
        emit({"policies": [_policy_document(version, today) for version in versions]})
        return
    for version in versions:
        policy = version.policy
        days = f"{version.first} 至 {version.until or '今'}"
        mark = "  现行" if version.holds_on(today) else ""
        click.echo(f"{policy.id} {policy.version}  {days}  {policy.name['zh']}（{policy.formula}）{mark}")


def _policy_document(version: InForce, today: date) -> dict[str, object]:
    policy = version.policy
    return {
        "id": policy.id,
        "version": policy.version,
        "from": version.first.isoformat(),
        "to": None if version.until is None else version.until.isoformat(),
        "in_force": version.holds_on(today),
        "formula": policy.formula,
        "dimensions": [dimension.value for dimension in policy.dimensions],
        "milestones": {kind.value: effect.value for kind, effect in policy.milestones.items()},
        "manners": {manner.value: closes for manner, closes in policy.manners.items()},
        "target": None if policy.target is None else float(policy.target),
        "digest": policy.digest(),
    }


def _dimension(word: str) -> Dimension:
    try:
        return Dimension(word)
    except ValueError:
        wrong_use(f"--by 不能按 {word!r} 分列（可用：{'、'.join(Dimension)}）")


def _tell(figure: ClosureRate, policy: MetricPolicy) -> None:
    """Print the figure as a table in Chinese, with what it depends on."""
    known_at = figure.known_at.astimezone(LEGAL_ZONE)
    click.echo(f"{policy.name['zh']}（{figure.policy_id}，{figure.policy_version} 版）")
    click.echo(policy.description["zh"])
    click.echo(
        f"期间 {figure.period.first} 至 {figure.period.last}，截止 {figure.as_of}，"
        f"依据 {known_at:%Y-%m-%d %H:%M:%S} 前录入的情况"
    )
    heads = [*(_HEADINGS[dimension] for dimension in figure.by), "分子", "分母", "结案率"]
    table = [heads, *(_cells(row, [value or _UNSAID for value in row.key.values()]) for row in figure.rows)]
    table.append(_cells(figure.total, ["合计", *[""] * (len(figure.by) - 1)] if figure.by else []))
    widths = [max(_width(line[column]) for line in table) for column in range(len(heads))]
    for line in table:
        click.echo(_GAP.join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip())
    if figure.total.imprecise:
        click.echo(f"另有 {figure.total.imprecise} 件案件的关键日期只知道年或月，未计入。")
    if figure.total.numerator_cases is not None:
        for row in (*figure.rows, figure.total):
            click.echo(f"{' '.join(value or _UNSAID for value in row.key.values()) or '合计'}")
            click.echo(f"  分子：{'、'.join(row.numerator_cases or ())}")
            click.echo(f"  分母：{'、'.join(row.denominator_cases or ())}")


def _cells(row: RateRow, keys: list[str]) -> list[str]:
    rate = "—" if row.rate is None else f"{row.rate:.2%}"
    return [*keys, str(row.numerator), str(row.denominator), rate]


def _width(text: str) -> int:
    """Return how many columns a terminal gives the text: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
