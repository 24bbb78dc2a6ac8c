"""Entering numbers of the plan: what was measured outside of this system, and what a division is to reach."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import insert

from caseapp.context import Context
from caseapp.domain.errors import N_, CaseAppError, InputError, Message
from caseapp.domain.events import Stream
from caseapp.domain.indicators import COMPUTED, Indicator, IndicatorUnit
from caseapp.models.plan_number import PlanNumber
from caseapp.services.ledger import append_beside
from caseapp.services.unit_of_work import unit_of_work

LONGEST_SOURCE = 400
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
_YEARS = range(2000, 2100)


class NumberKind(StrEnum):
    """What a number of the plan is."""

    MEASURED = "measured"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class NumberDraft:
    """A number as entered. subject: id of an indicator; division: '' for the city; value: a decimal in its unit"""

    kind: str
    subject: str
    year: int
    value: str
    source: str
    division: str = ""


def enter(ctx: Context, draft: NumberDraft) -> None:
    """Keep a number beside the earlier ones; it is in the ledger too.

    raises  InputError  naming the field: an unknown indicator or division, no number, a share above 100, no source; a
            measured value of what this system counts itself
    """
    value = _checked(ctx, draft)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            insert(PlanNumber).values(
                kind=draft.kind,
                subject=draft.subject,
                division=draft.division,
                year=draft.year,
                value=str(value),
                source=draft.source.strip(),
                entered_by=ctx.actor.name,
                entered_at=ctx.now(),
            )
        )
        append_beside(
            ctx,
            unit,
            stream=Stream.SYSTEM,
            kind="plan_number_entered",
            payload={
                "kind": draft.kind,
                "subject": draft.subject,
                "division": draft.division,
                "year": draft.year,
                "value": str(value),
                "source": draft.source.strip(),
            },
        )


@dataclass(frozen=True, slots=True)
class NumbersTaken:
    """What an import did. rejections: (line, why), lines counted from 1 after the head"""

    read: int
    taken: int
    rejections: tuple[tuple[int, Message | str], ...]


def enter_all(ctx: Context, rows: Iterable[Mapping[str, str]]) -> NumbersTaken:
    """Enter rows of a table with the columns kind, subject, year, division, value, source; each is taken or refused."""
    read, taken, rejections = 0, 0, []
    for line, row in enumerate(rows, start=1):
        read += 1
        try:
            enter(
                ctx,
                NumberDraft(
                    kind=row.get("kind") or "",
                    subject=row.get("subject") or "",
                    year=_year(row.get("year") or ""),
                    value=row.get("value") or "",
                    source=row.get("source") or "",
                    division=row.get("division") or "",
                ),
            )
        except CaseAppError as refused:
            rejections.append((line, str(refused)))
        else:
            taken += 1
    return NumbersTaken(read, taken, tuple(rejections))


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise InputError("year", Message(N_("年份应为四位数字")))
    return int(text)


def _checked(ctx: Context, draft: NumberDraft) -> Decimal:
    indicator = next((one for one in ctx.law.indicators if one.id == draft.subject), None)
    if indicator is None:
        raise InputError("subject", Message(N_("规划中没有这项指标")))
    if draft.kind not in set(NumberKind):
        raise InputError("kind", Message(N_("应为实际值或者目标值")))
    if draft.kind == NumberKind.MEASURED and draft.subject in COMPUTED:
        raise InputError("subject", Message(N_("该指标由系统计算，不能填报")))
    if draft.year not in _YEARS:
        raise InputError("year", Message(N_("年份不在可填报的范围内")))
    if draft.division and draft.division not in ctx.law.divisions.divisions:
        raise InputError("division", Message(N_("没有这个区划")))
    if not draft.source.strip():
        raise InputError("source", Message(N_("请写明数据来源")))
    if len(draft.source) > LONGEST_SOURCE:
        raise InputError("source", Message(N_("数据来源不能超过 %(n)s 字"), {"n": LONGEST_SOURCE}))
    return _value(indicator, draft.value.strip())


def _value(indicator: Indicator, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise InputError("value", Message(N_("应为不小于零的数，最多四位小数")))
    value = Decimal(text)
    if indicator.unit is IndicatorUnit.PERCENT and value > 100:
        raise InputError("value", Message(N_("百分比不能大于 100")))
    return value
