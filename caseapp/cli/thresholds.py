"""`flask thresholds`: holding facts against the limits of crime (INTERFACES §5). Needs no database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from caseapp.cli.answers import emit, wrong_use
from caseapp.domain.errors import CaseAppError, InputError
from caseapp.domain.events import legal_date
from caseapp.domain.facts import MONEY_AMOUNTS
from caseapp.domain.thresholds.assess import Assessment, Fired, Limb, Line, assess
from caseapp.domain.thresholds.rules import Result, ThresholdBook
from caseapp.wiring import Huhang

_RESULTS = {Result.MET: "达到", Result.NOT_SHOWN: "未显示达到", Result.UNKNOWN: "不明"}
_REFERRALS = {
    "required": "应当移送",
    "consider": "应当研判是否移送",
    "not_shown": "现有数额未显示达到标准（不等于不需要移送）",
}
_GRADES = {"entry": "入罪", "upper": "加重"}

thresholds = AppGroup("thresholds", help="涉嫌犯罪的移送标准")
command = thresholds


@thresholds.command("assess", help="把 FACTS.json 中的事实与移送标准逐项比对。")
@click.argument("facts", metavar="FACTS.json", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
def assess_(facts: Path, as_json: bool) -> None:
    """Print every limb with what it rests on, the suspicion limb, and what follows."""
    parts: Huhang = current_app.extensions["huhang"]
    book = parts.law.thresholds
    try:
        matter = parts.read_threshold_facts(facts)
        found = assess(book, matter, today=legal_date(parts.ports.clock.now()))
    except InputError as wrong:
        wrong_use(f"{wrong.field}：{wrong}" if wrong.field else str(wrong))
    except CaseAppError as wrong:
        wrong_use(str(wrong))
    if as_json:
        emit(told(found))
        return
    for line in _lines(book, found):
        click.echo(line)


def told(found: Assessment) -> dict[str, Any]:
    """Return an assessment as the JSON of INTERFACES §5, with what else helps to follow it."""
    rule = found.suspicion.provision
    return {
        "limbs": [_limb(limb) for limb in found.limbs],
        "suspicion": {"result": found.suspicion.result.value, "article": rule.told if rule else ""},
        "referral": found.referral.value,
        "reasons": [reason.value for reason in found.reasons],
    }


def _limb(limb: Limb) -> dict[str, Any]:
    return {
        "offence": limb.offence,
        "set": limb.rule_set.id,
        "grade": limb.grade.value,
        "result": limb.result.value,
        "fired": [_fired(one) for one in limb.fired],
        "near": [_near(line) for line in limb.near],
        "governs": limb.governs,
        "counted": list(limb.counted),
        "notes": [str(note) for note in limb.notes],
    }


def _fired(one: Fired) -> dict[str, Any]:
    found = {
        "measure": one.measure,
        "value": _number(one.measure, one.value),
        "limit": _number(one.measure, one.limit),
        "condition": one.condition.value,
        "article": one.provision.told,
        "confidence": one.provision.confidence,
    }
    return {**found, "half": True} if one.half else found


def _near(line: Line) -> dict[str, Any]:
    measure = "+".join(line.threshold.measure)
    return {
        "measure": measure,
        "value": _number(measure, line.value.at_least),
        "limit": _number(measure, line.threshold.limit),
        "condition": line.threshold.condition.value,
        "article": line.threshold.provision.told,
        "confidence": line.threshold.provision.confidence,
    }


def _number(measure: str, value: int) -> float | int:
    """Return yuan as a number with decimals, anything else as it is."""
    return value / 100 if measure.split("+")[0] in MONEY_AMOUNTS else value


def _lines(book: ThresholdBook, found: Assessment) -> list[str]:
    lines = [f"结论  {_REFERRALS[found.referral.value]}"]
    rule = found.suspicion.provision
    lines.append(f"合理嫌疑  {_RESULTS[found.suspicion.result]}  {rule.told if rule else ''}")
    for limb in found.limbs:
        name = book.offence(limb.offence).name["zh"]
        article, _dash, inserted = limb.offence.partition("-")
        heading = f"刑法第{article}条" + ("之一" if inserted else "")
        mark = "" if limb.governs else "（比较）"
        lines.append(
            f"{heading} {name}  {limb.rule_set.name['zh']}{mark}  {_GRADES[limb.grade.value]}  {_RESULTS[limb.result]}"
        )
        lines += [
            f"    {one.measure} {_number(one.measure, one.value):,} ≥ {_number(one.measure, one.limit):,}"
            f"  {one.condition.value}  {one.provision.told}（{one.provision.confidence}）"
            for one in limb.fired
        ]
        lines += [f"    {note}" for note in limb.notes]
    return lines
