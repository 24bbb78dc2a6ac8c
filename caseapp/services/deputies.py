"""Naming who stands in for whom, allowing it, taking it back. Every change is an entry in the system stream."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Row, insert, or_, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound, NotPermitted, RuleRefused
from caseapp.domain.events import Json, Stream
from caseapp.domain.policies.deputies import needs_leave, refuse_deputy
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Officer
from caseapp.models.deputy import Deputy
from caseapp.queries.deputies import forget
from caseapp.queries.staff import staff_of
from caseapp.services import ledger, notify
from caseapp.services.case_store import new_id, require_text
from caseapp.services.effects import holders
from caseapp.services.unit_of_work import Unit, unit_of_work


def name_deputy(ctx: Context, principal_id: str, deputy_id: str, *, first_on: date, last_on: date, reason: str) -> str:
    """Name a deputy for oneself; a leader also for others of his organ. Returns the id.

    first_on, last_on  both inside the term

    It holds at once where the deputy has every role that he is lent, or where a leader names him; else it waits for a
    leader's leave.

    raises  NotPermitted, NotFound, InputError, InputErrors, RuleRefused (the days overlap with another deputy's)
    """
    require(ctx.actor.roles, Permission.DEPUTY_NAME)
    reason = require_text("reason", reason, 500)
    principal, deputy = _person(ctx, principal_id), _person(ctx, deputy_id)
    if principal_id != ctx.actor.id and not _leads(ctx, principal):
        raise NotPermitted(Message(N_("只能为本人指定代理人；机关负责人可以为本机关人员指定")))
    if not deputy.active:
        raise InputError("deputy", Message(N_("代理人应当是本机关在岗人员")))
    refuse_deputy(
        principal=(principal.id, principal.organ, principal.roles),
        deputy=(deputy.id, deputy.organ, deputy.roles),
        first_on=first_on,
        last_on=last_on,
        today=ctx.today(),
    )
    waits = needs_leave(principal.roles, deputy.roles) and not _leads(ctx, principal)
    deputy_row = {
        "id": new_id(ctx),
        "principal_id": principal.id,
        "deputy_id": deputy.id,
        "first_on": first_on,
        "last_on": last_on,
        "reason": reason,
        "named_by": ctx.actor.id,
        "named_at": ctx.now(),
        "allowed_by": None if waits else ctx.actor.id,
        "revoked_by": None,
        "revoked_on": None,
    }
    with unit_of_work(ctx) as unit:
        _refuse_overlap(unit, principal.id, first_on, last_on)
        unit.connection.execute(insert(Deputy).values(deputy_row))
        _record(
            ctx, unit, "deputy_named", deputy_row["id"],
            {"principal": principal.id, "deputy": deputy.id, "first_on": first_on.isoformat(),
             "last_on": last_on.isoformat(), "reason": reason, "waits": waits},
        )  # fmt: skip
        values = {
            "name": principal.name,
            "deputy": deputy.name,
            "first": first_on.isoformat(),
            "last": last_on.isoformat(),
        }
        if waits:
            told = [one for one in holders(ctx, principal.organ, Role.LEADER) if one != ctx.actor.id]
            text = N_("%(name)s 拟请 %(deputy)s 代理（%(first)s 至 %(last)s），待您准许")
        else:
            told = [one for one in (principal.id, deputy.id) if one != ctx.actor.id]
            text = N_("%(deputy)s 代理 %(name)s 的工作：%(first)s 至 %(last)s")
        notify.tell(ctx, unit, told, kind="deputy", key=f"deputy:{deputy_row['id']}", message=Message(text, values))
    forget(ctx)
    return str(deputy_row["id"])


def allow_deputy(ctx: Context, deputyship_id: str) -> None:
    """Give a leader's leave to a deputy who lacks a role that he would be lent.

    raises  NotFound, NotPermitted (no leader of that organ; one's own), RuleRefused (needs none any more)
    """
    with unit_of_work(ctx) as unit:
        row = _row(unit, deputyship_id)
        principal = _person(ctx, row.principal_id)
        if not _leads(ctx, principal):
            raise NotPermitted(Message(N_("代理由本机关负责人准许")))
        if row.deputy_id == ctx.actor.id:
            raise NotPermitted(Message(N_("不能准许由本人代理，请由另一位负责人办理")))
        if row.allowed_by is not None or row.revoked_on is not None:
            raise RuleRefused(Message(N_("这项代理已经准许或者已经收回")))
        unit.connection.execute(update(Deputy).where(Deputy.id == row.id).values(allowed_by=ctx.actor.id))
        _record(ctx, unit, "deputy_allowed", row.id, {"principal": row.principal_id, "deputy": row.deputy_id})
        notify.tell(
            ctx,
            unit,
            [row.principal_id, row.deputy_id],
            kind="deputy",
            key=f"deputy-allowed:{row.id}",
            message=Message(
                N_("代理 %(name)s 工作已获准许：%(first)s 至 %(last)s"),
                {"name": principal.name, "first": row.first_on.isoformat(), "last": row.last_on.isoformat()},
            ),
        )
    forget(ctx)


def revoke_deputy(ctx: Context, deputyship_id: str) -> None:
    """Take a deputyship back from today on: the principal, the deputy himself, or a leader of the organ.

    What was done inside the dates stays done.

    raises  NotFound, NotPermitted, RuleRefused (over or revoked already)
    """
    with unit_of_work(ctx) as unit:
        row = _row(unit, deputyship_id)
        principal = _person(ctx, row.principal_id)
        if ctx.actor.id not in (row.principal_id, row.deputy_id) and not _leads(ctx, principal):
            raise NotPermitted(Message(N_("代理由本人、代理人或者本机关负责人收回")))
        if row.revoked_on is not None or row.last_on < ctx.today():
            raise RuleRefused(Message(N_("这项代理已经结束")))
        unit.connection.execute(
            update(Deputy).where(Deputy.id == row.id).values(revoked_by=ctx.actor.id, revoked_on=ctx.today())
        )
        _record(ctx, unit, "deputy_revoked", row.id, {"principal": row.principal_id, "deputy": row.deputy_id})
        notify.tell(
            ctx,
            unit,
            [one for one in (row.principal_id, row.deputy_id) if one != ctx.actor.id],
            kind="deputy",
            key=f"deputy-revoked:{row.id}",
            message=Message(N_("代理 %(name)s 工作已收回"), {"name": principal.name}),
        )
    forget(ctx)


def _person(ctx: Context, person_id: str) -> Officer:
    found = staff_of(ctx, "", [person_id]).get(person_id)
    if found is None:
        raise NotFound(Message(N_("没有这一人员")))
    return found


def _leads(ctx: Context, principal: Officer) -> bool:
    """Return whether the actor is a leader of the principal's organ or of one above it."""
    return Role.LEADER in ctx.actor.roles and ctx.actor.organ in ctx.law.organs.upward(principal.organ)


def _row(unit: Unit, deputyship_id: str) -> Row[tuple[object, ...]]:
    row = unit.connection.execute(
        select(*Deputy.__table__.c).where(Deputy.id == deputyship_id).with_for_update()
    ).first()
    if row is None:
        raise NotFound(Message(N_("没有这项代理")))
    return row


def _refuse_overlap(unit: Unit, principal_id: str, first_on: date, last_on: date) -> None:
    taken = unit.connection.execute(
        select(Deputy.first_on, Deputy.last_on).where(
            Deputy.principal_id == principal_id,
            Deputy.first_on <= last_on,
            Deputy.last_on >= first_on,
            or_(Deputy.revoked_on.is_(None), Deputy.revoked_on > first_on),
        )
    ).first()
    if taken is not None:
        raise RuleRefused(
            Message(
                N_("%(first)s 至 %(last)s 已另有代理人，请先收回"),
                {"first": taken.first_on.isoformat(), "last": taken.last_on.isoformat()},
            )
        )


def _record(ctx: Context, unit: Unit, kind: str, deputyship: object, told: dict[str, Json]) -> None:
    ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind=kind, payload={"deputyship": str(deputyship), **told})
