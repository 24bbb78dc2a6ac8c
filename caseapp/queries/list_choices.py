"""What the filters of the case list offer: procedures, divisions, organs, officers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from caseapp.context import Context
from caseapp.domain.organs import ENFORCEMENT_KINDS
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.definition import Kind
from caseapp.models.account import Account
from caseapp.queries.visibility import scope_of

MOST_OFFICERS = 400

Choice = tuple[str, object]
"""(value, what it is called: a Text, {"zh", "en"} or a name)."""


@dataclass(frozen=True, slots=True)
class ListChoices:
    """Choices by filter. organs is empty for whoever sees one organ only."""

    procedures: tuple[Choice, ...]
    divisions: tuple[Choice, ...]
    organs: tuple[Choice, ...]
    officers: tuple[Choice, ...]


_OFFICERS = (
    select(Account.id, Account.name)
    .where(
        Account.organ_id.in_(bindparam("of_organs", expanding=True)),
        Account.roles.contains(f"|{Role.OFFICER.value}|", autoescape=True),
        Account.active,
    )
    .order_by(Account.organ_id, Account.name)
    .limit(MOST_OFFICERS)
)


def list_choices(ctx: Context, *, organ: str = "") -> ListChoices:
    """Return what the filters offer to the actor.

    organ  the organ already chosen: its officers are offered
    """
    organs = _organs_in_sight(ctx)
    rows = ctx.rows(_OFFICERS, {"of_organs": [organ] if organ in organs else list(organs)})
    table = ctx.law.organs
    return ListChoices(
        procedures=tuple((one.id, one.name) for one in ctx.law.procedures.latest() if one.kind is Kind.MAIN),
        divisions=tuple((code, ctx.law.divisions.name(code)) for code in division_codes(ctx)),
        organs=tuple((one, table.get(one).short) for one in organs) if len(organs) > 1 else (),
        officers=tuple((row.id, row.name) for row in rows),
    )


def division_codes(ctx: Context) -> tuple[str, ...]:
    """Return the codes of the home city and of its parts today."""
    table = ctx.law.divisions
    return (table.home, *(one.code for one in table.parts(ctx.today())))


def _organs_in_sight(ctx: Context) -> tuple[str, ...]:
    table = ctx.law.organs
    if scope_of(ctx) == Scope.CITY:
        return tuple(one.id for one in table if one.kind in ENFORCEMENT_KINDS)
    if scope_of(ctx) == Scope.BELOW and ctx.actor.organ in table:
        return tuple(one.id for one in table.with_below(ctx.actor.organ) if one.kind in ENFORCEMENT_KINDS)
    return (ctx.actor.organ,)
