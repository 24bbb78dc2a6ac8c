"""Facts of approval forms: what is asked for, in which proceeding, and what was entered for it, in the form's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from caseapp.domain import money
from caseapp.domain.errors import Message
from caseapp.domain.events import LEGAL_ZONE, Json
from caseapp.domain.workflow.definition import Action, FieldKind, Kind, Procedure, Text
from caseapp.domain.workflow.situation import Officer
from caseapp.queries.told_values import told_values

Facts = dict[str, Any]

APPROVAL, DECISION = "matter_approval", "decision_approval"
"""The forms on which approvals stand."""


def matter(procedure: Procedure, action: Action, entered: Mapping[str, Json], people: Mapping[str, Officer]) -> Facts:
    """Return what an approval form says of the act that waits for it; nothing where the act has none.

    entered  by fact name
    """
    told: Facts = {"item": action.name.zh, "beside": procedure.name.zh if procedure.kind is Kind.SIDE else None}
    if APPROVAL not in action.documents:
        return told if DECISION in action.documents else {}
    names = {person.id: person.name for person in people.values()}
    return {
        **told,
        "content": [
            {"label": value.label.zh, "text": "、".join(_words(part, value.kind) for part in value.parts)}
            for value in told_values(action, entered, names)
        ],
        "basis": [
            {"law": cited.law, "article": cited.article}
            for cited in action.citations
            if cited.article and cited.confidence == "verified"
        ],
    }


def _words(part: object, kind: FieldKind) -> str:
    if isinstance(part, Text):
        return part.zh
    if isinstance(part, Message):
        return str(part)
    if kind is FieldKind.MONEY and isinstance(part, int):
        return f"{money.yuan_text(part)}元"
    if kind is FieldKind.DATE:
        return _day(date.fromisoformat(str(part)))
    if kind is FieldKind.INSTANT:
        at = datetime.fromisoformat(str(part)).astimezone(LEGAL_ZONE)
        return f"{_day(at.date())}{at:%H}时{at:%M}分"
    return str(part)


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
