"""Referrals taken over with a case: what another system, or the press, told of a handoff between two organs.

A record may carry `referrals: [{"procedure": "referral" | "reverse_referral", "acts": [{"action", "on", "fields"?}]}]`.
`on` is as precise as it is known (YYYY-MM-DD, YYYY-MM, YYYY). Acts in between that nobody told are not asked for and
not made up; the acts told must be in an order that the procedure allows. Of the fields only what was told is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, InputError, Message, Unmet
from caseapp.domain.events import LEGAL_ZONE, EntryKind, Json, Precision
from caseapp.domain.exchange.record import ExchangeRecord
from caseapp.domain.facts import Branch
from caseapp.domain.workflow import automaton
from caseapp.domain.workflow.definition import Procedure
from caseapp.services.case_store import Told, new_id

KEY = "referrals"
_LENGTHS: Final = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}
_FIRST: Final = {Precision.DAY: "", Precision.MONTH: "-01", Precision.YEAR: "-01-01"}


def told_referrals(ctx: Context, record: ExchangeRecord) -> list[Told]:
    """Return the entries of a record's referrals: each proceeding opened, then its acts.

    raises  InputError (no such list, procedure, act, field or date), ActionRefused (an order that is not possible)
    """
    found: list[Told] = []
    for place, item in enumerate(_list(record.extra.get(KEY) or [], KEY)):
        at = f"{KEY}[{place}]"
        name = item.get("procedure")
        procedure = ctx.law.procedures.get(name) if isinstance(name, str) and name in ctx.law.procedures else None
        if procedure is None or not procedure.is_handoff:
            raise InputError(
                f"{at}.procedure", Message(N_("“%(procedure)s”不是两个机关之间的移送程序"), {"procedure": str(name)})
            )
        found.extend(_referral(ctx, procedure, _list(item.get("acts"), f"{at}.acts"), f"{at}.acts"))
    return found


def _referral(ctx: Context, procedure: Procedure, acts: list[Mapping[str, Json]], at: str) -> list[Told]:
    proceeding_id = new_id(ctx)
    begun: Json = {"id": proceeding_id, "procedure": procedure.id, "version": procedure.version}
    branches: tuple[Branch, ...] = automaton.start(procedure)
    facts: dict[str, Json] = {}
    found: list[Told] = []
    for place, told in enumerate(acts):
        name, fields = told.get("action"), told.get("fields") or {}
        action = procedure.action(str(name))
        if action is None or not isinstance(fields, Mapping):
            raise InputError(f"{at}[{place}].action", Message(N_("没有这一事项")))
        known = {field.id: field.fact_name for field in action.fields}
        unknown = sorted(set(fields) - set(known))
        if unknown:
            raise InputError(f"{at}[{place}].fields.{unknown[0]}", Message(N_("没有这一栏目")))
        on, precision = _day(told.get("on"), f"{at}[{place}].on", today=ctx.today())
        taken = automaton.take(procedure, branches, action.id, facts)
        if taken is None:
            text = Message(
                N_("移送的各事项次序不符：不能在此办理“%(action)s”"),
                {"action": {"zh": action.name.zh, "en": action.name.en}},
            )
            raise ActionRefused(action.id, [Unmet(text, guard="order")])
        facts.update({known[key]: value for key, value in fields.items()})
        branches = (Branch(taken.to, taken.saved, 0),)
        occurred_at = datetime.combine(on, time(), LEGAL_ZONE)
        if not found:
            found.append(
                Told(EntryKind.PROCEEDING_OPENED, {"proceeding": begun, "imported": True}, occurred_at, precision)
            )
        payload: dict[str, Any] = {
            "proceeding": proceeding_id,
            "procedure": procedure.id,
            "version": procedure.version,
            "action": action.id,
            "from": taken.source,
            "to": taken.to,
            "facts": {known[key]: value for key, value in fields.items()},
            "starts": list(action.clocks.starts) if precision is Precision.DAY else [],
            "meets": list(action.clocks.meets) if precision is Precision.DAY else [],
            "ends": list(action.clocks.ends),
            "imported": True,
            "on": on.isoformat(),
        }
        kept = {key: value for key, value in payload.items() if value not in (None, [], {})}
        found.append(Told(EntryKind.ACTED, kept, occurred_at, precision))
    return found


def _list(value: object, at: str) -> list[Mapping[str, Json]]:
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise InputError(at, Message(N_("此处应为列表")))
    return value


def _day(value: object, at: str, *, today: date) -> tuple[date, Precision]:
    """Return a day as told, the first one of a month or year where only that is known."""
    text = str(value)
    precision = next((known for known, length in _LENGTHS.items() if len(text) == length), None)
    if precision is not None:
        try:
            on = date.fromisoformat(text + _FIRST[precision])
        except ValueError:
            on = date.max
        if on <= today:
            return on, precision
    raise InputError(at, Message(N_("应为已经过去的日期：年-月-日、年-月或者年")))
