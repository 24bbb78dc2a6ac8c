"""People's accounts as the administrators see them: one page of the list, one person, and what needs attention."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, tuple_

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound
from caseapp.domain.ledger import canonical
from caseapp.domain.policies.security import SECOND_FACTOR_ROLES
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.definition import Text
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.factor_reset import FactorReset
from caseapp.models.organ import Organ
from caseapp.models.second_factor import SecondFactor
from caseapp.queries.staff import roles_of

PAGE = 50
COUNT_CAP = 1000
_AT_ONCE = 500
CERTIFICATE_WARNING = timedelta(days=60)
"""How long before its end a certificate of enforcement is told of. A custom of the house, not a rule of law."""

Key = tuple[str | int | None, ...]
"""(path of the organ, login) of an edge row."""

_MARKED = (
    "login",
    "name",
    "organ_id",
    "roles",
    "scope",
    "certificate_number",
    "certificate_from",
    "certificate_until",
    "active",
    "session_epoch",
)


class CertificateState(StrEnum):
    """How a person stands with the certificate of enforcement."""

    NOT_NEEDED = "not_needed"
    MISSING = "missing"
    """An officer without one."""
    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRING = "expiring"
    EXPIRED = "expired"


class AccountTab(StrEnum):
    """Views of the list."""

    ACTIVE = "active"
    UNSEATED = "unseated"
    """Active, without a role: they wait for the security administrator."""
    LOCKED = "locked"
    CERTIFICATE = "certificate"
    FACTOR = "factor"
    """Active, without the second factor that the role demands, or with a reset that waits for agreement."""
    INACTIVE = "inactive"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What the list is narrowed to; text is looked for in login and name."""

    tab: AccountTab = AccountTab.ACTIVE
    text: str = ""
    organ: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A person as the list shows one.

    locked_until  None where the account is not locked now
    mark          stands for everything an administrator can change; a form brings it back (see `mark_of`)
    """

    id: str
    login: str
    name: str
    organ_id: str
    organ: Text
    roles: tuple[Role, ...]
    scope: Scope
    certificate_number: str | None
    certificate_from: date | None
    certificate_until: date | None
    certificate: CertificateState
    active: bool
    locked_until: datetime | None
    must_change_password: bool
    last_login_at: datetime | None
    created_at: datetime
    demo: bool
    mark: str


@dataclass(frozen=True, slots=True)
class AccountList:
    """One page. `before` and `after` are the keys of its edge rows where more rows lie beyond them."""

    rows: tuple[AccountRow, ...]
    before: Key | None
    after: Key | None
    total: int


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """One person. open_cases: how many cases that are not closed the person is in charge of."""

    row: AccountRow
    open_cases: int


def mark_of(row: Any) -> str:
    """Return what stands for the state of an account's row: another mark means that somebody changed it meanwhile."""
    told = {name: value.isoformat() if isinstance(value := getattr(row, name), date) else value for name in _MARKED}
    return hashlib.sha256(canonical(told).encode()).hexdigest()[:32]


def certificate_state(
    number: str | None, first: date | None, last: date | None, *, needed: bool, today: date
) -> CertificateState:
    """Return how somebody stands with a certificate that is valid from `first` to `last`, both included."""
    if not number:
        return CertificateState.MISSING if needed else CertificateState.NOT_NEEDED
    if last is not None and last < today:
        return CertificateState.EXPIRED
    if first is not None and first > today:
        return CertificateState.NOT_YET
    if last is not None and last <= today + CERTIFICATE_WARNING:
        return CertificateState.EXPIRING
    return CertificateState.VALID


def account_page(
    ctx: Context, asked: AccountFilter, *, after: Key | None = None, before: Key | None = None, limit: int = PAGE
) -> AccountList:
    """Return one page of people, by organ from above down and by login.

    after, before  key of the row that the page follows or precedes; not both

    raises  InputError for a key that is none
    """
    place = tuple_(Organ.path, Account.login)
    query = _rows().where(*_conditions(ctx, asked))
    backwards = before is not None
    edge = _key(before if backwards else after)
    if edge is not None:
        query = query.where(place < edge if backwards else place > edge)
    order = (Organ.path.desc(), Account.login.desc()) if backwards else (Organ.path, Account.login)
    found = list(ctx.session.execute(query.order_by(*order).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    first, last = (_place_of(found[0]), _place_of(found[-1])) if found else (None, None)
    return AccountList(
        rows=tuple(_told(ctx, row) for row in found),
        before=first if (more if backwards else edge is not None) else None,
        after=last if (edge is not None if backwards else more) else None,
        total=account_count(ctx, asked),
    )


def every_account(ctx: Context, asked: AccountFilter) -> Iterator[AccountRow]:
    """Yield the whole list in its order; never more than a few hundred rows in memory."""
    page = account_page(ctx, asked, limit=_AT_ONCE)
    yield from page.rows
    while page.after is not None:
        page = account_page(ctx, asked, after=page.after, limit=_AT_ONCE)
        yield from page.rows


def account_count(ctx: Context, asked: AccountFilter, *, cap: int = COUNT_CAP) -> int:
    """Return how many people the list has, counted no further than cap + 1."""
    limited = select(Account.id).where(*_conditions(ctx, asked)).limit(cap + 1).subquery()
    return ctx.session.execute(select(func.count()).select_from(limited)).scalar_one()


def account(ctx: Context, user_id: str) -> AccountDetail:
    """Return one person. raises NotFound"""
    row = ctx.session.execute(_rows().where(Account.id == user_id)).first()
    if row is None:
        raise NotFound(Message(N_("没有这一账号")))
    open_cases = ctx.session.execute(
        select(func.count())
        .select_from(CaseOfficer)
        .join(CaseFile, CaseFile.id == CaseOfficer.case_id)
        .where(CaseOfficer.user_id == user_id, CaseFile.category != "closed")
    ).scalar_one()
    return AccountDetail(_told(ctx, row), open_cases)


def _rows() -> Select[Any]:
    return select(Account.__table__, Organ.short_zh, Organ.short_en, Organ.path).join(
        Organ, Organ.id == Account.organ_id
    )


def _conditions(ctx: Context, asked: AccountFilter) -> list[ColumnElement[bool]]:
    found = [*_tab_conditions(ctx, asked.tab)]
    if asked.text:
        found.append(or_(*(place.icontains(asked.text, autoescape=True) for place in (Account.login, Account.name))))
    if asked.organ:
        found.append(Account.organ_id == asked.organ)
    if asked.role:
        found.append(Account.roles.contains(f"|{asked.role}|", autoescape=True))
    return found


def _tab_conditions(ctx: Context, tab: AccountTab) -> tuple[ColumnElement[bool], ...]:
    today = ctx.today()
    officer = Account.roles.contains(f"|{Role.OFFICER.value}|")
    ends = and_(Account.certificate_number.is_not(None), Account.certificate_until <= today + CERTIFICATE_WARNING)
    return {
        AccountTab.ACTIVE: (Account.active.is_(True),),
        AccountTab.UNSEATED: (Account.active.is_(True), func.length(Account.roles) <= 2),
        AccountTab.LOCKED: (Account.active.is_(True), Account.locked_until > ctx.now()),
        AccountTab.CERTIFICATE: (
            Account.active.is_(True),
            or_(ends, and_(officer, Account.certificate_number.is_(None))),
        ),
        AccountTab.FACTOR: (
            Account.active.is_(True),
            or_(
                and_(
                    Account.demo.is_(False),
                    or_(*(Account.roles.contains(f"|{role.value}|") for role in sorted(SECOND_FACTOR_ROLES))),
                    Account.id.not_in(select(SecondFactor.user_id).where(SecondFactor.confirmed_at.is_not(None))),
                ),
                Account.id.in_(select(FactorReset.user_id)),
            ),
        ),
        AccountTab.INACTIVE: (Account.active.is_(False),),
        AccountTab.ALL: (),
    }[tab]


def _told(ctx: Context, row: Row[Any]) -> AccountRow:
    roles = roles_of(row.roles)
    locked = row.active and row.locked_until is not None and row.locked_until > ctx.now()
    return AccountRow(
        id=row.id,
        login=row.login,
        name=row.name,
        organ_id=row.organ_id,
        organ=Text(row.short_zh, row.short_en),
        roles=tuple(role for role in Role if role in roles),
        scope=Scope(row.scope),
        certificate_number=row.certificate_number,
        certificate_from=row.certificate_from,
        certificate_until=row.certificate_until,
        certificate=certificate_state(
            row.certificate_number,
            row.certificate_from,
            row.certificate_until,
            needed=Role.OFFICER in roles,
            today=ctx.today(),
        ),
        active=row.active,
        locked_until=row.locked_until if locked else None,
        must_change_password=row.must_change_password,
        last_login_at=row.last_login_at,
        created_at=row.created_at,
        demo=row.demo,
        mark=mark_of(row),
    )


def _place_of(row: Row[Any]) -> Key:
    return (row.path, row.login)


def _key(key: Key | None) -> tuple[str, str] | None:
    if key is None:
        return None
    if len(key) != 2 or not all(isinstance(part, str) for part in key):
        raise InputError("after", Message(N_("分页位置无效，请从第一页重新打开")))
    return str(key[0]), str(key[1])
