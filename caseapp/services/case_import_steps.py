"""Acts taken over with their forms: replayed through the engine, as if they were done here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import Json, MilestoneKind, legal_date
from caseapp.domain.exchange.record import ExchangeRecord, ExchangeStep
from caseapp.domain.money import fen
from caseapp.domain.workflow.definition import FieldKind, Procedure
from caseapp.domain.workflow.engine import decide
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.queries.situations import situation_of
from caseapp.queries.staff import roles_of
from caseapp.services.case_act import proceeding_in, take_effect
from caseapp.services.case_store import CaseEdit, Told
from caseapp.services.unit_of_work import unit_of_work


def replay_steps(
    ctx: Context,
    edit: CaseEdit,
    opening: Told,
    record: ExchangeRecord,
    procedure: Procedure,
    proceeding_id: str,
) -> CaseEdit:
    """Replay acts with their forms in full through the engine; what they amount to must be the record's milestones."""
    first = min(step.at for step in record.steps)
    payload = dict(opening.payload)
    payload.pop("imported")
    registered = next((item for item in record.milestones if item.kind is MilestoneKind.REGISTERED), None)
    if registered is not None and procedure.opening is not None:
        payload["milestone"] = {
            "kind": registered.kind.value,
            "on": registered.on.isoformat(),
            "precision": registered.precision.value,
            "details": dict(registered.details),
        }
        payload["starts"] = list(procedure.opening_clocks.starts)
    edit.append_all(
        [Told(opening.kind, payload, min(opening.occurred_at, first), opening.precision, opening.recorded_at)]
    )
    with unit_of_work(ctx) as unit:
        for step in record.steps:
            # The papers of these acts were issued where they were done; here they take no numbers.
            acting = replace(ctx.acting_as(_actor(ctx, step)), issues_documents=False)
            proceeding = proceeding_in(edit.current, proceeding_id)
            on = legal_date(step.at)
            situation = situation_of(acting, edit.current, proceeding, on=on, also=_named(step))
            entered = _values(procedure, step)
            decision = decide(procedure, situation, step.action, entered, today=ctx.today())
            take_effect(acting, unit, edit, proceeding, decision, actor=acting.actor.id)
        told = sorted((item.kind.value, item.on) for item in edit.current.milestones)
        claimed = sorted((item.kind.value, item.on) for item in record.milestones)
        if told != claimed:
            raise InputError("steps", Message(N_("各步骤产生的节点与记录所列节点不一致")))
        edit.save(unit)
    return edit


def _values(procedure: Procedure, step: ExchangeStep) -> dict[str, Json]:
    """Return the fields of a step as the engine takes them: money, entered in yuan, in fen.

    raises  InputError for an amount that is none, or a fraction where no money is asked
    """
    action = procedure.action(step.action)
    kinds = {item.id: item.kind for item in action.fields} if action else {}
    entered: dict[str, Json] = {}
    for name, value in step.fields.items():
        if (
            kinds.get(name) is FieldKind.MONEY
            and isinstance(value, str | int | Decimal)
            and not isinstance(value, bool)
        ):
            entered[name] = fen(value, field=f"steps.{name}")
        elif isinstance(value, Decimal):
            raise InputError(f"steps.{name}", Message(N_("此处应为整数")))
        else:
            entered[name] = cast(Json, value)
    return entered


def _named(step: ExchangeStep) -> list[str]:
    return [
        item for value in step.fields.values() if isinstance(value, list) for item in value if isinstance(item, str)
    ]


def _actor(ctx: Context, step: ExchangeStep) -> Actor:
    account = ctx.session.execute(
        select(Account).where((Account.login == step.actor) | (Account.id == step.actor))
    ).scalar_one_or_none()
    if account is None:
        raise InputError("steps", Message(N_("没有用户“%(user)s”"), {"user": step.actor}))
    return Actor(account.id, account.name, account.organ_id, roles_of(account.roles))
