"""The people of a demonstration whom the sign-in page offers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Text
from caseapp.models.account import Account
from caseapp.models.organ import Organ
from caseapp.models.setting import Setting

PASSWORD_SETTING = "demo_password"  # noqa: S105 - the name of a row
"""Row of `setting` in which the demonstration keeps the password that all its people share."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A demonstration account as the sign-in page offers it."""

    login: str
    name: str
    organ_name: Text
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class DemoPeople:
    """Whom the sign-in page offers, and the password that they share."""

    people: tuple[DemoPerson, ...]
    password: str


def demo_people(ctx: Context) -> DemoPeople | None:
    """Return one demonstration account for each combination of roles (liaisons: for each kind of organ too), in the
    order of `Role`; None outside a demonstration.

    Of several accounts with the same roles the one whose login comes first is offered.
    """
    setting = ctx.session.get(Setting, PASSWORD_SETTING) if ctx.demo else None
    if setting is None:
        return None
    rows = ctx.session.execute(
        select(Account.login, Account.name, Account.roles, Organ.short_zh, Organ.short_en, Organ.kind)
        .join(Organ, Organ.id == Account.organ_id)
        .where(Account.demo, Account.active)
        .order_by(Account.login)
    )
    order = {role: place for place, role in enumerate(Role)}
    offered: dict[tuple[tuple[Role, ...], str], DemoPerson] = {}
    for row in rows:
        roles = tuple(sorted((Role(part) for part in row.roles.split("|") if part), key=order.__getitem__))
        place = row.kind if Role.LIAISON in roles else ""  # police, procuratorate and court are three sides
        offered.setdefault((roles, place), DemoPerson(row.login, row.name, Text(row.short_zh, row.short_en), roles))
    ordered = sorted(offered, key=lambda key: ([order[role] for role in key[0]], key[1]))
    return DemoPeople(tuple(offered[key] for key in ordered), setting.value)
