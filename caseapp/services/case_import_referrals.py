"""Referrals taken over with a case: what another system, or the press, told of a handoff between two organs.

A record may carry `referrals: [{"procedure": "referral" | "reverse_referral", "acts": [{"action", "on", "fields"?}]}]`.
`on` is as precise as it is known (YYYY-MM-DD, YYYY-MM, YYYY); where nothing is, it is left out, and `by` may give the
day by which it had been done (else that is the day of the import). Acts in between that nobody told are not asked for
and not made up; the acts told must be in an order that the procedure allows. Of the fields only what was told is kept.
Told again with more acts, or more referrals, the new ones are appended; a known act must come again unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, InputError, Message, Unmet
from caseapp.domain.events import Entry, EntryKind, Json, Precision, legal_date
from caseapp.domain.exchange.record import ExchangeRecord
from caseapp.domain.exchange.referrals import KnownReferral, ReferralAct, ToldReferral, pairs, placed
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
    return [entry for told in _read(ctx, record) for entry in _entries(ctx, told, None)]


def grown_referrals(ctx: Context, record: ExchangeRecord, entries: Sequence[Entry]) -> list[Told]:
    """Return the entries of what a record tells of referrals beyond what came with the case before.

    entries  the ledger of the case

    raises  InputError where a known act is missing or told otherwise, or was corrected here; as `told_referrals`
    """
    told = _read(ctx, record)
    known = _known(entries)
    found = pairs(known, told)
    if isinstance(found, ReferralAct):
        raise _conflict(ctx, found, N_("与已有案件冲突：移送的已有事项“%(action)s”（%(on)s）在新记录中缺失或被改动"))
    fresh = [entry for place, one in enumerate(told) for entry in _entries(ctx, one, found.get(place))]
    if fresh and _corrected(entries):
        raise InputError(KEY, Message(N_("与已有案件冲突：移送的经过已在本系统更正，不能再从外部追加，请在案件中登记")))
    return fresh


def _known(entries: Sequence[Entry]) -> list[KnownReferral]:
    """Return the referrals that came with the case, as they were told then: corrections made here do not count."""
    opened: dict[str, tuple[str, int]] = {}
    acts: dict[str, list[tuple[ReferralAct, Any]]] = {}
    for entry in entries:
        payload: Any = entry.payload
        if entry.kind == EntryKind.PROCEEDING_OPENED and payload.get("imported"):
            begun = payload["proceeding"]
            opened[begun["id"]] = begun["procedure"], begun["version"]
            acts.setdefault(begun["id"], [])
        elif entry.kind == EntryKind.ACTED and payload.get("imported") and payload["proceeding"] in opened:
            act = ReferralAct(
                payload["action"], date.fromisoformat(payload["on"]), entry.precision, payload.get("facts") or {}
            )
            acts[payload["proceeding"]].append((act, entry.occurred_at))
    in_order = {name: sorted(found, key=lambda pair: pair[1]) for name, found in acts.items()}
    return [KnownReferral(name, *of, tuple(in_order[name])) for name, of in opened.items()]


def _corrected(entries: Sequence[Entry]) -> bool:
    """Return whether anything that came as part of a referral was corrected here."""
    came: set[int] = set()
    proceedings: set[str] = set()
    for entry in entries:
        payload: Any = entry.payload
        if entry.kind == EntryKind.PROCEEDING_OPENED and payload.get("imported"):
            proceedings.add(payload["proceeding"]["id"])
        elif entry.kind == EntryKind.ACTED and payload["proceeding"] in proceedings:
            came.add(entry.seq)
        elif entry.kind == EntryKind.CORRECTED and payload["entry"] in came:
            return True
    return False


def _conflict(ctx: Context, act: ReferralAct, text: str) -> InputError:
    name = next(
        (
            {"zh": action.name.zh, "en": action.name.en}
            for procedure in ctx.law.procedures.latest()
            if procedure.is_handoff and (action := procedure.action(act.action)) is not None
        ),
        act.action,
    )
    return InputError(KEY, Message(text, {"action": name, "on": act.on_text}))


def _read(ctx: Context, record: ExchangeRecord) -> list[ToldReferral]:
    found = []
    for place, item in enumerate(_list(record.extra.get(KEY) or [], KEY)):
        at = f"{KEY}[{place}]"
        name = item.get("procedure")
        procedure = ctx.law.procedures.get(name) if isinstance(name, str) and name in ctx.law.procedures else None
        if procedure is None or not procedure.is_handoff:
            raise InputError(
                f"{at}.procedure", Message(N_("“%(procedure)s”不是两个机关之间的移送程序"), {"procedure": str(name)})
            )
        acts = enumerate(_list(item.get("acts"), f"{at}.acts"))
        read = (_read_act(procedure, told, f"{at}.acts[{number}]", today=ctx.today()) for number, told in acts)
        found.append(ToldReferral(procedure.id, tuple(read)))
    return found


def _read_act(procedure: Procedure, told: Mapping[str, Json], at: str, *, today: date) -> ReferralAct:
    name, fields = told.get("action"), told.get("fields") or {}
    action = procedure.action(str(name))
    if action is None or not isinstance(fields, Mapping):
        raise InputError(f"{at}.action", Message(N_("没有这一事项")))
    known = {field.id: field.fact_name for field in action.fields}
    unknown = sorted(set(fields) - set(known))
    if unknown:
        raise InputError(f"{at}.fields.{unknown[0]}", Message(N_("没有这一栏目")))
    if told.get("on") is None and "on" not in told:
        by = _day(told["by"], f"{at}.by", today=today)[0] if told.get("by") is not None else today
        on, precision = by, Precision.UNKNOWN
    else:
        on, precision = _day(told.get("on"), f"{at}.on", today=today)
    return ReferralAct(action.id, on, precision, {known[key]: value for key, value in fields.items()})


def _entries(ctx: Context, told: ToldReferral, known: KnownReferral | None) -> list[Told]:
    """Return the entries of the acts that are new. known: the same referral as it is here, None where none of it is"""
    procedure = ctx.law.procedures.get(told.procedure)
    if known is not None:
        procedure = ctx.law.procedures.pinned(procedure.id, known.version)
    instants = placed(told, known)
    if isinstance(instants, ReferralAct):
        raise _out_of_order(procedure, instants.action)
    proceeding_id = known.proceeding if known is not None else new_id(ctx)
    begun: Json = {"id": proceeding_id, "procedure": procedure.id, "version": procedure.version}
    branches: tuple[Branch, ...] = automaton.start(procedure)
    facts: dict[str, Json] = {}
    found: list[Told] = []
    for act, occurred_at in instants:
        action = procedure.action(act.action)
        taken = automaton.take(procedure, branches, act.action, facts)
        if taken is None or action is None:
            raise _out_of_order(procedure, act.action)
        facts.update(act.facts)
        branches = (Branch(taken.to, taken.saved, 0),)
        if occurred_at is None:
            continue
        if not found and (known is None or occurred_at < known.acts[0][1]):
            opened: dict[str, Json] = {"proceeding": begun, "imported": True}
            found.append(Told(EntryKind.PROCEEDING_OPENED, opened, occurred_at, act.precision))
        is_day = act.precision is Precision.DAY
        payload: dict[str, Any] = {
            "proceeding": proceeding_id,
            "procedure": procedure.id,
            "version": procedure.version,
            "action": action.id,
            "from": taken.source,
            "to": taken.to,
            "facts": dict(act.facts),
            "starts": list(action.clocks.starts) if is_day else [],
            "meets": list(action.clocks.meets) if is_day else [],
            "ends": list(action.clocks.ends),
            "imported": True,
            "on": (act.on if act.precision is not Precision.UNKNOWN else legal_date(occurred_at)).isoformat(),
        }
        kept = {key: value for key, value in payload.items() if value not in (None, [], {})}
        found.append(Told(EntryKind.ACTED, kept, occurred_at, act.precision))
    return found


def _out_of_order(procedure: Procedure, name: str) -> ActionRefused:
    action = procedure.action(name)
    assert action is not None
    text = Message(
        N_("移送的各事项次序不符：不能在此办理“%(action)s”"),
        {"action": {"zh": action.name.zh, "en": action.name.en}},
    )
    return ActionRefused(action.id, [Unmet(text, guard="order")])


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
