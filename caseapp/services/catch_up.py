"""Writing what an upgrade of the tables has left to the program (`queries.behind`).

Each step may be interrupted and begun anew; its mark goes when it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, delete, exists, func, or_, select, update

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.events import Stream
from caseapp.domain.personal_numbers import PURPOSE
from caseapp.models.case_evidence import CaseEvidence
from caseapp.models.case_file import CaseFile
from caseapp.models.case_item import CaseItem
from caseapp.models.personal_value import PersonalValue
from caseapp.models.referral_course import ReferralCourse
from caseapp.models.search_entry import SearchEntry
from caseapp.models.setting import Setting
from caseapp.models.side_proceeding import SideProceeding
from caseapp.queries.behind import PREFIX, Behind
from caseapp.services import ledger, search_index
from caseapp.services.ledger_rebuild import rewrite
from caseapp.services.package_lines import matters_without_line, relist_all
from caseapp.services.personal import sought_by
from caseapp.services.search_rows import CASE, EVIDENCE
from caseapp.services.unit_of_work import unit_of_work

_AT_ONCE = 500
_PERSONAL = table_of(PersonalValue)
_GIVE = (
    update(_PERSONAL)
    .where(_PERSONAL.c.commitment == bindparam("of_value"), _PERSONAL.c.value.is_not(None))
    .values(sought=bindparam("by"))
)

Progress = Callable[[int], object]
Step = Callable[[Context, Progress | None], "CaughtUp"]


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What was done of one kind: how many cases, values or texts were written, and how many could not be."""

    kind: Behind
    written: int
    left: int


def outstanding(ctx: Context, kind: Behind) -> int:
    """Return how many cases, values or texts a step looks at."""
    wanted = _WANTED[kind]()
    return int(ctx.session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one())


def catch_up(ctx: Context, kind: Behind, *, progress: Progress | None = None) -> CaughtUp:
    """Write what is outstanding of one kind and take its mark away.

    Cases whose chain is broken are left as they are: `flask ledger verify` names them.

    progress  called with the number of cases, values or texts done since the last call
    """
    done = _STEPS[kind](ctx, progress)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(delete(Setting).where(Setting.name == f"{PREFIX}{kind.value}"))
        if done.written:
            payload = {"kind": kind.value, "written": done.written, "left": done.left}
            ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind="caught_up", payload=payload)
    return done


def _without_texts() -> Select[Any]:
    has = exists().where(SearchEntry.case_id == CaseFile.id, SearchEntry.kind == CASE)
    things = or_(*(exists().where(kept.case_id == CaseFile.id) for kept in (CaseEvidence, CaseItem)))
    told = exists().where(SearchEntry.case_id == CaseFile.id, SearchEntry.kind == EVIDENCE)
    return select(CaseFile.id).where(or_(~has, and_(things, ~told)))


def _numbers() -> Select[Any]:
    return select(_PERSONAL.c.commitment, _PERSONAL.c.field, _PERSONAL.c.value).where(
        _PERSONAL.c.field.in_(list(PURPOSE)), _PERSONAL.c.value.is_not(None)
    )


def _with_referrals() -> Select[Any]:
    counted = exists().where(ReferralCourse.proceeding_id == SideProceeding.proceeding_id)
    older = SideProceeding.procedure.in_(("referral", "reverse_referral"))
    return select(CaseFile.id).where(exists().where(SideProceeding.case_id == CaseFile.id, older, ~counted))


def _texts(ctx: Context, progress: Progress | None) -> CaughtUp:
    return _rewritten(ctx, Behind.TEXTS, progress)


def _referrals(ctx: Context, progress: Progress | None) -> CaughtUp:
    return _rewritten(ctx, Behind.REFERRALS, progress)


def _rewritten(ctx: Context, kind: Behind, progress: Progress | None) -> CaughtUp:
    """Write the projections of the cases of a kind anew. left: those that stay as they are, for their chain is
    broken.
    """
    written = left = 0
    after = ""
    while True:
        query = _WANTED[kind]().where(CaseFile.id > after).order_by(CaseFile.id).limit(_AT_ONCE)
        batch = list(ctx.session.execute(query).scalars())
        if not batch:
            return CaughtUp(kind, written, left)
        after = batch[-1]
        for case_id in batch:
            if rewrite(ctx, case_id):
                written += 1
            else:
                left += 1
        if progress is not None:
            progress(len(batch))


def _number_batches(ctx: Context) -> Iterator[list[Row[Any]]]:
    after = ""
    while True:
        query = _numbers().where(_PERSONAL.c.commitment > after).order_by(_PERSONAL.c.commitment).limit(_AT_ONCE)
        batch = list(ctx.session.execute(query))
        if not batch:
            return
        after = batch[-1].commitment
        yield batch


def _give_numbers(ctx: Context, progress: Progress | None) -> CaughtUp:
    written = 0
    for batch in _number_batches(ctx):
        given = [{"of_value": row.commitment, "by": sought_by(ctx, row.field, row.value)} for row in batch]
        with unit_of_work(ctx) as unit:
            unit.connection.execute(_GIVE, given)
        written += sum(row["by"] is not None for row in given)
        if progress is not None:
            progress(len(batch))
    return CaughtUp(Behind.NUMBERS, written, 0)


def _packages(ctx: Context, progress: Progress | None) -> CaughtUp:
    return CaughtUp(Behind.PACKAGES, relist_all(ctx, progress), 0)


def _index(ctx: Context, progress: Progress | None) -> CaughtUp:
    with unit_of_work(ctx) as unit:
        return CaughtUp(Behind.INDEX, search_index.reindex(unit.connection, progress=progress), 0)


def _entries() -> Select[Any]:
    return select(SearchEntry.id)


_WANTED: Mapping[Behind, Callable[[], Select[Any]]] = {
    Behind.TEXTS: _without_texts,
    Behind.NUMBERS: _numbers,
    Behind.INDEX: _entries,
    Behind.REFERRALS: _with_referrals,
    Behind.PACKAGES: matters_without_line,
}
_STEPS: Mapping[Behind, Step] = {
    Behind.TEXTS: _texts,
    Behind.NUMBERS: _give_numbers,
    Behind.INDEX: _index,
    Behind.REFERRALS: _referrals,
    Behind.PACKAGES: _packages,
}
