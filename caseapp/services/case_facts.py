"""Changing what is known of a case (parties, rights, goods, amounts, title …), with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS, Goods, IpType, Party, Right
from caseapp.services import personal, submissions
from caseapp.services.case_intake import CaseRef, PartyDraft
from caseapp.services.case_store import CaseEdit, begin, new_id, require_text
from caseapp.services.unit_of_work import unit_of_work

LONGEST_TITLE = 400
CHANGEABLE = frozenset(
    {"title", "summary", "channel", "source", "campaigns", "rights", "goods", "amounts", "act_from", "act_to", "ip_types",
     "division", "restricted"}
)  # fmt: skip
"""Fields of the case that may be changed as a whole; parties are added and replaced one by one."""


@submissions.once(CaseRef)
def change(
    ctx: Context,
    case_id: str,
    changes: Mapping[str, Any],
    *,
    reason: str,
    seen_version: int | None,
    idempotency_key: str | None = None,
) -> CaseRef:
    """Replace whole fields of a case.

    changes  field name -> new value: `Right` and `Goods` objects in tuples, amounts in fen or numbers, dates as `date`

    raises  NotFound, StaleCase, InputError (unknown field, no reason)
    """
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise InputError(sorted(unknown)[0], Message(N_("该项内容不能在此更改")))
    reason = require_text("reason", reason, 500)
    edit = begin(ctx, case_id, seen_version=seen_version)
    told = {name: case_value(ctx, name, value) for name, value in changes.items()}
    return _record(ctx, edit, told, reason, idempotency_key)


@submissions.once(CaseRef)
def add_party(
    ctx: Context,
    case_id: str,
    draft: PartyDraft,
    *,
    reason: str,
    seen_version: int | None,
    replaces: str | None = None,
    idempotency_key: str | None = None,
) -> CaseRef:
    """Add a party, or put one in the place of another (`replaces` = its id; personal values left empty are kept).

    raises  NotFound, StaleCase, InputError
    """
    reason = require_text("reason", reason, 500)
    edit = begin(ctx, case_id, seen_version=seen_version)
    old = next((party for party in edit.current.parties if party.id == replaces), None)
    if replaces is not None and old is None:
        raise InputError("party", Message(N_("案件中没有这一当事人")))
    party_id = old.id if old else new_id(ctx)
    party = party_told(edit, party_id, draft, asdict(old) if old else {})
    parties: list[Json] = [party if item.id == party_id else asdict(item) for item in edit.current.parties]
    if old is None:
        parties.append(party)
    return _record(ctx, edit, {"parties": parties}, reason, idempotency_key)


def party_told(edit: CaseEdit, party_id: str, draft: PartyDraft, old: Mapping[str, Any]) -> dict[str, Any]:
    """Return a party as the ledger writes it; its personal values are kept beside the edit, those left empty stay.

    old  the party as it was told before, {} where it is new

    raises  InputError
    """
    name = require_text("name", draft.name, 200)
    commitments = {**(old.get("personal") or {}), **personal.commit_values(edit, party_id, draft.personal)}
    return asdict(Party(party_id, draft.role, draft.kind, name, draft.uscc, commitments, old.get("extra") or {}))


def _record(
    ctx: Context, edit: CaseEdit, patch: Mapping[str, Json], reason: str, idempotency_key: str | None
) -> CaseRef:
    occurred_at, precision = edit.occurred(None)
    edit.append(
        EntryKind.FACTS_CHANGED, {"case": dict(patch), "reason": reason}, occurred_at=occurred_at, precision=precision
    )
    reference = CaseRef(edit.case_id, edit.current.display_number(), edit.current.version)
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


def case_value(ctx: Context, name: str, value: Any) -> Json:
    """Return a field of the case as the ledger writes it. raises InputError"""
    if name in ("rights", "goods"):
        items: Sequence[Right | Goods] = value
        return [asdict(item) for item in items]
    if name == "amounts":
        wrong = [key for key in value if key not in MONEY_AMOUNTS and key not in COUNT_AMOUNTS]
        if wrong or any(amount is not None and amount < 0 for amount in value.values()):
            raise InputError("amounts", Message(N_("数额不能为负")))
        return dict(value)
    if name in ("act_from", "act_to"):
        return value.isoformat() if value else None
    if name == "title":
        return require_text("title", value, LONGEST_TITLE)
    if name == "division":
        if not ctx.law.divisions.is_well_formed(value):
            raise InputError("division", Message(N_("行政区划代码应为六位数字")))
        return ctx.law.divisions.current(value)
    if name == "ip_types":
        if not value:
            raise InputError("ip_types", Message(N_("请至少选择一种权利类型")))
        if any(item not in tuple(IpType) for item in value):
            raise InputError("ip_types", Message(N_("没有这种权利类型")))
        return list(value)
    if name == "campaigns":
        return list(value)
    return value  # type: ignore[no-any-return]
