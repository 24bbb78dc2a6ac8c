"""The people of the demonstration and where they sit; one password for all, written where the sign-in page finds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from sqlalchemy import insert, select

from caseapp.context import Context
from caseapp.domain.events import Stream
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor
from caseapp.models.organ import Organ
from caseapp.models.setting import Setting
from caseapp.queries.demonstration import PASSWORD_SETTING
from caseapp.queries.organ_tree import OrganContact
from caseapp.services import ledger, organ_contacts
from caseapp.services.demo.words import GIVEN, SURNAMES
from caseapp.services.installation import AccountDraft, create_accounts, mark_demo
from caseapp.services.unit_of_work import unit_of_work

PASSWORD: Final = "Huhang-2026-demo"  # noqa: S105 - known to everybody, works on loopback only
FEE_BANK: Final = "南通市非税收入代收银行（演示账户，请勿缴款）"
FIRST_ORGAN: Final = "320612-ip"
"""The organ whose people have the short logins."""
COPYRIGHT_ORGAN: Final = "320600-cr"
CITY_ORGAN: Final = "320600-ip"

OFFICES: Final[Mapping[str, int]] = {
    FIRST_ORGAN: 5,
    "320614-ip": 5,
    "320613-ip": 5,
    "320681-ip": 4,
    "320682-ip": 4,
    "320623-ip": 4,
    "320685-ip": 4,
    "320671-ip": 4,
    CITY_ORGAN: 4,
    COPYRIGHT_ORGAN: 4,
}
"""Organs that handle cases, with the number of their officers."""

EXPIRED_ORGAN: Final = "320685-ip"
"""Here the last officer's certificate ran out during the year."""
EXPIRED_BEFORE_END: Final = timedelta(days=70)
EXPIRING_AFTER_END: Final = timedelta(days=24)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts in the demonstration."""

    login: str
    name: str
    actor: Actor
    scope: Scope
    certificate_until: date | None


@dataclass(frozen=True, slots=True)
class Crew:
    """Those who handle the cases of one organ."""

    organ: str
    intake: Person
    officers: tuple[Person, ...]
    heads: tuple[Person, ...]
    reviewers: tuple[Person, ...]
    leaders: tuple[Person, ...]

    @property
    def everybody(self) -> tuple[Person, ...]:
        """Return all of them."""
        return (self.intake, *self.officers, *self.heads, *self.reviewers, *self.leaders)


@dataclass(frozen=True, slots=True)
class _Seat:
    login: str
    organ: str
    role: Role
    scope: Scope
    certificate_until: date | None = None


def settle(ctx: Context, *, since: date, until: date, chance: Random) -> tuple[dict[str, Crew], dict[str, Person]]:
    """Make the database a demonstration: mark it, give everybody an account and every organ an address.

    Returns the crews and the liaisons, by organ.

    raises  InputError where a login is taken
    """
    seats = list(_seats(since, until))
    names = _names(len(seats), chance)
    drafts = [
        _draft(seat, name, number, since) for number, (seat, name) in enumerate(zip(seats, names, strict=True), 1)
    ]
    ids = create_accounts(ctx, drafts)
    with unit_of_work(ctx) as unit:
        mark_demo(unit)
        unit.connection.execute(insert(Setting), {"name": PASSWORD_SETTING, "value": PASSWORD})
        ledger.append_beside(
            ctx,
            unit,
            stream=Stream.SYSTEM,
            kind="demonstration_begun",
            payload={"since": since.isoformat(), "until": until.isoformat(), "accounts": len(ids)},
        )
    people = [
        (
            seat,
            Person(
                seat.login,
                name,
                Actor(user, name, seat.organ, frozenset({seat.role})),
                seat.scope,
                seat.certificate_until,
            ),
        )
        for seat, name, user in zip(seats, names, ids, strict=True)
    ]
    administrator = next(person for _, person in people if Role.SYSTEM_ADMINISTRATOR in person.actor.roles)
    _give_addresses(ctx.acting_as(administrator.actor))
    crews = {organ: _crew(organ, [person for seat, person in people if seat.organ == organ]) for organ in OFFICES}
    return crews, {seat.organ: person for seat, person in people if seat.role is Role.LIAISON}


def _crew(organ: str, people: list[Person]) -> Crew:
    def holding(role: Role) -> tuple[Person, ...]:
        return tuple(person for person in people if role in person.actor.roles)

    return Crew(
        organ=organ,
        intake=holding(Role.INTAKE_CLERK)[0],
        officers=holding(Role.OFFICER),
        heads=holding(Role.SECTION_HEAD),
        reviewers=holding(Role.LEGAL_REVIEWER),
        leaders=holding(Role.LEADER),
    )


def _seats(since: date, until: date) -> Iterator[_Seat]:
    for organ, officers in OFFICES.items():
        yield from _office(organ, officers, since, until)
    yield _Seat("supervisor", CITY_ORGAN, Role.SUPERVISOR, Scope.CITY)
    yield _Seat("sysadmin", CITY_ORGAN, Role.SYSTEM_ADMINISTRATOR, Scope.OWN)
    yield _Seat("secadmin", CITY_ORGAN, Role.SECURITY_ADMINISTRATOR, Scope.OWN)
    yield _Seat("audit", CITY_ORGAN, Role.AUDIT_ADMINISTRATOR, Scope.OWN)
    divisions = [organ.removesuffix("-ip") for organ in OFFICES if organ != COPYRIGHT_ORGAN]
    for division in divisions:
        if division != "320600":
            yield _Seat(f"supervisor-{division}", f"{division}-ip", Role.SUPERVISOR, Scope.BELOW)
        for login, kind in (("police", "police"), ("procurator", "procuratorate"), ("court", "court")):
            short = f"{division}-ip" == FIRST_ORGAN
            yield _Seat(login if short else f"{login}-{division}", f"{division}-{kind}", Role.LIAISON, Scope.SENT_TO_US)


def _office(organ: str, officers: int, since: date, until: date) -> Iterator[_Seat]:
    tail = "" if organ == FIRST_ORGAN else f"-{organ.replace('-ip', '').replace('-cr', 'cr')}"
    yield _Seat(f"intake{tail}", organ, Role.INTAKE_CLERK, Scope.ORGAN)
    for number in range(1, officers + 1):
        if tail:
            login = f"officer{tail}-{number}"
        else:
            login = "officer" if number == 1 else f"officer{number}"
        valid = until + timedelta(days=300 + 190 * number)
        if organ == FIRST_ORGAN and number == 3:
            valid = until + EXPIRING_AFTER_END
        if organ == EXPIRED_ORGAN and number == officers:
            valid = max(until - EXPIRED_BEFORE_END, since)
        yield _Seat(login, organ, Role.OFFICER, Scope.ORGAN, valid)
    yield _Seat(f"head{tail}", organ, Role.SECTION_HEAD, Scope.ORGAN)
    yield _Seat(f"legal{tail}", organ, Role.LEGAL_REVIEWER, Scope.ORGAN)
    yield _Seat(f"leader{tail}", organ, Role.LEADER, Scope.BELOW)
    yield _Seat(f"leader2{tail}", organ, Role.LEADER, Scope.BELOW)


def _draft(seat: _Seat, name: str, number: int, since: date) -> AccountDraft:
    certified = seat.certificate_until is not None
    return AccountDraft(
        login=seat.login,
        name=name,
        organ=seat.organ,
        roles=(seat.role,),
        scope=seat.scope,
        password=PASSWORD,
        certificate_number=f"演F{seat.organ[:6]}{number:03d}" if certified else None,
        certificate_from=since - timedelta(days=900 + 7 * number) if certified else None,
        certificate_until=seat.certificate_until,
        demo=True,
        must_change_password=False,
    )


def _names(count: int, chance: Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found.setdefault(f"{chance.choice(SURNAMES)}{chance.choice(GIVEN)}")
    return list(found)


def _give_addresses(ctx: Context) -> None:
    """Give every organ that issues papers contact data that nobody can take for real; data already there are left
    alone.
    """
    kept = set(ctx.session.execute(select(Organ.id).where(Organ.address.is_not(None))).scalars())
    for record in ctx.law.organs:
        if record.document_word is not None and record.id not in kept:
            contact = OrganContact(
                address=f"江苏省南通市演示路1号（{record.short_zh}）",
                phone="0513-0000 0000（演示）",
                postcode="000000",
                fee_bank=FEE_BANK,
            )
            organ_contacts.change(ctx, record.id, contact, seen=OrganContact().mark)
