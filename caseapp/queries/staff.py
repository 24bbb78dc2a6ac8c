"""Members of staff as the rules see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from sqlalchemy import bindparam, or_, select

from caseapp.context import Context
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Officer
from caseapp.models.account import Account

_ACCOUNT = Account.__table__
_STAFF = select(
    _ACCOUNT.c.id,
    _ACCOUNT.c.name,
    _ACCOUNT.c.organ_id,
    _ACCOUNT.c.roles,
    _ACCOUNT.c.certificate_number,
    _ACCOUNT.c.certificate_from,
    _ACCOUNT.c.certificate_until,
    _ACCOUNT.c.active,
)
_OF_ORGAN = _STAFF.where(
    or_(_ACCOUNT.c.organ_id == bindparam("of_organ"), _ACCOUNT.c.id.in_(bindparam("named", expanding=True)))
)


@lru_cache(maxsize=512)
def roles_of(barred: str) -> frozenset[Role]:
    """Return the roles from their stored form '|officer|leader|'."""
    return frozenset(Role(part) for part in barred.split("|") if part)


class StaffOnDemand(Mapping[str, Officer]):
    """The staff of an organ and whoever else is named, asked of the database only when a rule looks at somebody."""

    def __init__(self, ctx: Context, organ_id: str, also: Callable[[], Iterable[str]]) -> None:
        self._ctx = ctx
        self._organ_id = organ_id
        self._also = also
        self._known: dict[str, Officer] | None = None

    def _people(self) -> dict[str, Officer]:
        if self._known is None:
            self._known = staff_of(self._ctx, self._organ_id, self._also())
        return self._known

    def __getitem__(self, person: str) -> Officer:
        return self._people()[person]

    def __iter__(self) -> Iterator[str]:
        return iter(self._people())

    def __len__(self) -> int:
        return len(self._people())


def staff_of(ctx: Context, organ_id: str, also: Iterable[str] = ()) -> dict[str, Officer]:
    """Return the members of an organ, and whoever else is named, by id."""
    named = list(also)
    if ctx.staff is not None:
        return {key: person for key, person in ctx.staff.items() if person.organ == organ_id or key in named}
    rows = ctx.rows(_OF_ORGAN, {"of_organ": organ_id, "named": named})
    return {
        row.id: Officer(
            id=row.id,
            name=row.name,
            organ=row.organ_id,
            roles=roles_of(row.roles),
            certificate_number=row.certificate_number,
            certificate_from=row.certificate_from,
            certificate_until=row.certificate_until,
            active=row.active,
        )
        for row in rows
    }
