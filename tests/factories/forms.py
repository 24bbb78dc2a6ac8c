"""Filling in the form of an action with values that its definition accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from caseapp.domain.events import LEGAL_ZONE, Json
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind
from caseapp.domain.workflow.fields import shown

Pick = Callable[[Sequence[Any]], Any]
"""Chooses one of several values."""


def filled(
    action: Action,
    pick: Pick,
    *,
    today: date,
    officers: Sequence[str],
    person: str,
    facts: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """Return values by field id: every required field that is shown, and any other as `pick` says.

    facts  what is known of the case: money is entered as it was proposed or fixed before, else a small sum
    """
    values: dict[str, Json] = {}
    for field in action.fields:
        if shown(field, values) and (field.required or pick([True, False])):
            values[field.id] = _value(field, pick, today, officers, person, facts or {})
    return values


def _value(
    field: FieldDef, pick: Pick, today: date, officers: Sequence[str], person: str, facts: Mapping[str, Json]
) -> Json:
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return f"{field.label.zh}：如实填写"
        case FieldKind.DATE:
            return today.isoformat()
        case FieldKind.INSTANT:
            return datetime.combine(today, time(8), tzinfo=LEGAL_ZONE).isoformat()
        case FieldKind.INTEGER:
            least = field.minimum or 0
            return pick([least, field.maximum if field.maximum is not None else least + 30])
        case FieldKind.MONEY:
            known = facts.get(f"proposed_{field.id}", facts.get(field.fact_name))
            return known if known is not None else pick([100_000, 20_000_000])
        case FieldKind.BOOLEAN:
            return pick([True, True, True, False])
        case FieldKind.CHOICE:
            return pick([choice for choice, _ in field.choices])
        case FieldKind.CHOICES:
            choices = [choice for choice, _ in field.choices]
            first = pick(choices)
            return [first, *[choice for choice in choices if choice != first and pick([True, False, False])]]
        case FieldKind.OFFICERS:
            return list(officers)
        case FieldKind.PERSON:
            return person
        case FieldKind.ORGAN:
            return "320612-ip"
        case FieldKind.CASE:
            return "通知知纠字〔2026〕1号"
        case FieldKind.CASES:
            return ["通知知纠字〔2026〕1号", "通知知纠字〔2026〕2号"]
