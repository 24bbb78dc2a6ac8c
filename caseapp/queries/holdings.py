"""What an officer holds: cases, requests under way, goods in keeping, deputyships. For handing all of it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Category, Text
from caseapp.domain.workflow.situation import Officer
from caseapp.models.approval import Approval
from caseapp.models.case_file import CaseFile
from caseapp.models.case_item import CaseItem
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.draft import Draft
from caseapp.queries.action_page import colleagues
from caseapp.queries.deputies import Deputyship, deputyships
from caseapp.queries.kept_items import KeptItem, kept_items
from caseapp.queries.staff import staff_of
from caseapp.queries.visibility import visible_cases

MOST_CASES = 500
"""A page shows and hands over no more at once; more is told."""


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case that still needs its officer. role: lead | second | joint; asked: a request of his waits in it."""

    id: str
    number: str
    title: str
    state: Text
    role: str
    next_due_on: date | None
    asked: bool


@dataclass(frozen=True, slots=True)
class Left:
    """How much work is left with somebody, in numbers only: administrators see no case content."""

    cases: int
    requests: int
    items: int

    @property
    def any(self) -> bool:
        """Return whether anything is left."""
        return bool(self.cases or self.requests or self.items)


@dataclass(frozen=True, slots=True)
class Load:
    """The work of one colleague in numbers, for distributing it."""

    person: Officer
    leading: int
    second: int
    overdue: int
    requests: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything somebody holds. more: whether the list of cases was cut; kept: goods he keeps or is to receive."""

    person: Officer
    cases: tuple[HeldCase, ...]
    more: bool
    requests: int
    items: int
    drafts: int
    deputyships: tuple[Deputyship, ...]
    kept: tuple[KeptItem, ...] = ()


def unfinished(ctx: Context) -> ColumnElement[bool]:
    """Return the condition under which a case still needs an officer: not closed, or closed and waiting for more
    (archiving).
    """
    waiting = [
        and_(CaseFile.procedure == procedure.id, CaseFile.procedure_version == procedure.version,
             CaseFile.state.in_(states))
        for procedure in ctx.law.procedures.all()
        if (states := [
            state.id for state in procedure.states
            if state.category is Category.CLOSED
            and any(action.primary for action in procedure.actions_from(state.id))
        ])
    ]  # fmt: skip
    return or_(CaseFile.category != Category.CLOSED.value, *waiting)


def _held(user_id: str) -> Any:
    return select(CaseOfficer.case_id).where(CaseOfficer.user_id == user_id)


def left_by(ctx: Context, user_id: str) -> Left:
    """Return how much is left with somebody."""
    session = ctx.session
    cases = select(func.count()).select_from(CaseFile).where(CaseFile.id.in_(_held(user_id)), unfinished(ctx))
    requests = (
        select(func.count()).select_from(Approval).where(Approval.requested_by == user_id, Approval.status == "pending")
    )
    items = select(func.count()).select_from(CaseItem).where(CaseItem.keeper_id == user_id)
    return Left(*(session.execute(query).scalar_one() for query in (cases, requests, items)))


def loads(ctx: Context) -> tuple[Load, ...]:
    """Return the work of every colleague of the actor's organ who handles cases."""
    organ = ctx.actor.organ
    people = colleagues(organ, staff_of(ctx, organ).values())
    today = ctx.today()
    rows = ctx.session.execute(
        select(
            CaseOfficer.user_id,
            func.count(),
            func.sum(case((CaseOfficer.ordinal == 0, 1), else_=0)),
            func.sum(case((CaseFile.next_due_on < today, 1), else_=0)),
        )
        .join(CaseFile, CaseFile.id == CaseOfficer.case_id)
        .where(CaseOfficer.user_id.in_([one.id for one in people]), unfinished(ctx))
        .group_by(CaseOfficer.user_id)
    )
    counted: dict[str, tuple[int, int, int]] = {one.id: (0, 0, 0) for one in people}
    for user, held, leading, late in rows:
        counted[user] = (leading, held - leading, late)
    requests = ctx.session.execute(
        select(Approval.requested_by, func.count().label("waiting"))
        .where(Approval.status == "pending", Approval.organ_id == organ)
        .group_by(Approval.requested_by)
    )
    asked: Mapping[str, int] = {row.requested_by: row.waiting for row in requests}
    return tuple(
        Load(one, leading, second, overdue, asked.get(one.id, 0))
        for one in people
        for leading, second, overdue in (counted[one.id],)
        if one.roles & {Role.OFFICER, Role.SECTION_HEAD} or any(counted[one.id])
    )


def holdings_of(ctx: Context, person: Officer) -> Holdings:
    """Return everything somebody holds, of the cases those that the actor sees."""
    held = table_of(CaseOfficer).alias("held")
    rows = ctx.session.execute(
        select(
            CaseFile.id, CaseFile.number, CaseFile.lead_number, CaseFile.external_id, CaseFile.title,
            CaseFile.organ_id, CaseFile.procedure, CaseFile.procedure_version, CaseFile.state,
            CaseFile.next_due_on, held.c.ordinal,
        )
        .join(held, held.c.case_id == CaseFile.id)
        .where(held.c.user_id == person.id, unfinished(ctx), visible_cases(ctx))
        .order_by(CaseFile.next_due_on.is_(None), CaseFile.next_due_on, CaseFile.id)
        .limit(MOST_CASES + 1)
    ).all()  # fmt: skip
    asked = set(
        ctx.session.execute(
            select(Approval.case_id).where(Approval.requested_by == person.id, Approval.status == "pending")
        ).scalars()
    )
    left = left_by(ctx, person.id)
    drafts = ctx.session.execute(select(func.count()).select_from(Draft).where(Draft.user_id == person.id)).scalar_one()
    return Holdings(
        person=person,
        cases=tuple(
            HeldCase(
                id=row.id,
                number=row.number or row.lead_number or row.external_id or row.id,
                title=row.title,
                state=ctx.law.procedures.pinned(row.procedure, row.procedure_version).state(row.state).name,
                role="joint" if row.organ_id != person.organ else "second" if row.ordinal else "lead",
                next_due_on=row.next_due_on,
                asked=row.id in asked,
            )
            for row in rows[:MOST_CASES]
        ),
        more=len(rows) > MOST_CASES,
        requests=left.requests,
        items=left.items,
        drafts=drafts,
        kept=kept_items(ctx, person.id),
        deputyships=tuple(one for one in deputyships(ctx, of_person=person.id) if one.live),
    )


@dataclass(frozen=True, slots=True)
class Assignable:
    """A case of the organ that can be put in charge of somebody; officers by name."""

    id: str
    number: str
    title: str
    state: Text
    officers: tuple[str, ...]
    next_due_on: date | None


def assignable(ctx: Context, *, unassigned: bool, limit: int = 100) -> tuple[Assignable, ...]:
    """Return the unfinished cases of the actor's organ, those without officers alone or all, what is due first."""
    query = (
        select(CaseFile)
        .where(CaseFile.organ_id == ctx.actor.organ, unfinished(ctx), visible_cases(ctx))
        .order_by(CaseFile.next_due_on.is_(None), CaseFile.next_due_on, CaseFile.id)
        .limit(limit)
    )
    if unassigned:
        query = query.where(CaseFile.id.not_in(select(CaseOfficer.case_id)))
    columns = query.with_only_columns(
        CaseFile.id, CaseFile.number, CaseFile.lead_number, CaseFile.external_id, CaseFile.title, CaseFile.procedure,
        CaseFile.procedure_version, CaseFile.state, CaseFile.next_due_on,
    )  # fmt: skip
    rows = ctx.session.execute(columns).all()
    named: dict[str, list[str]] = {row.id: [] for row in rows}
    for case_id, user in ctx.session.execute(
        select(CaseOfficer.case_id, CaseOfficer.user_id)
        .where(CaseOfficer.case_id.in_(list(named)))
        .order_by(CaseOfficer.case_id, CaseOfficer.ordinal)
    ):
        named[case_id].append(user)
    people = staff_of(ctx, ctx.actor.organ, {one for ids in named.values() for one in ids})
    return tuple(
        Assignable(
            id=row.id,
            number=row.number or row.lead_number or row.external_id or row.id,
            title=row.title,
            state=ctx.law.procedures.pinned(row.procedure, row.procedure_version).state(row.state).name,
            officers=tuple(people[one].name for one in named[row.id] if one in people),
            next_due_on=row.next_due_on,
        )
        for row in rows
    )
