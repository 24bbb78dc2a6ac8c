"""Who may see which cases, as one WHERE clause: lists, counts, search, feeds, exports and single pages all use it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    True_,
    and_,
    bindparam,
    exists,
    false,
    not_,
    or_,
    select,
    true,
    union,
)

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.organs import OrganKind
from caseapp.domain.roles import Role, Scope
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.case_item import CaseItem
from caseapp.models.case_joint import CaseJoint
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.item_move import ItemMoveRow
from caseapp.models.joint_work import JointWork
from caseapp.models.joint_work_organ import JointWorkOrgan
from caseapp.models.organ import Organ
from caseapp.models.package_line import PackageLine
from caseapp.models.referral_share import ReferralShare
from caseapp.models.supervision_finding import SupervisionFinding
from caseapp.queries.deputies import principals_of

_BLIND = frozenset(
    {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, Role.LIAISON, Role.RIGHT_HOLDER}
)
"""Roles that see no case content of their own accord (三员; liaisons see what was sent to their organ)."""
_SCOPE = select(Account.scope).where(Account.id == bindparam("of_account"))
_CLERKS = frozenset({Role.INTAKE_CLERK})
_ANY_JOINT = select(CaseJoint.case_id).limit(1)


def visible_cases(ctx: Context) -> ColumnElement[bool]:
    """Return the condition on `case_file` under which the actor may know that a case exists (DESIGN §5).

    A deputy sees inside the dates what his principal sees.
    """
    grounds = [ground for seat in _seats(ctx) for ground in _grounds(seat, in_charge=_asked_of_each, joint=True)]
    # Told plainly, not as one of several: who asks can then leave the condition out instead of asking it of every case.
    return true() if any(isinstance(ground, True_) for ground in grounds) else or_(*grounds)


def visible_parts(ctx: Context, *, organ: Any = CaseFile.organ_id) -> tuple[ColumnElement[bool], ...]:
    """Return `visible_cases` as conditions that no case meets twice and that one index can serve each.

    A long list asks for the first rows of every part and merges them: an OR over two tables would be walked row by row.

    organ  the column of the organ, as the caller wants it in conditions (see `queries.unindexed`)
    """
    parts: list[ColumnElement[bool]] = []
    grounds: list[ColumnElement[bool]] = []
    joint = _any_joint(ctx)
    for seat in _seats(ctx):
        for ground in _grounds(seat, organ, in_charge=_looked_up, joint=joint):
            if isinstance(ground, True_):
                return (ground,)
            parts.append(and_(ground, *(not_(earlier) for earlier in grounds)))
            grounds.append(ground)
    return tuple(parts)


def organs_in_sight(ctx: Context) -> tuple[str, ...] | None:
    """Return the organs of whose cases the actor sees some by his place, None where that is all of them.

    What else he may see are the cases of `cases_seen_otherwise`. Both together are no less than `visible_cases`.
    """
    organs: set[str] = set()
    for seat in _seats(ctx):
        if Role.SYSTEM in seat.roles:
            return None
        if seat.is_blind or seat.scope == Scope.OWN:
            continue
        if seat.scope == Scope.CITY:
            return None
        organs.update(ctx.session.execute(_below(seat)).scalars() if seat.scope == Scope.BELOW else (seat.organ,))
    return tuple(sorted(organs))


def cases_seen_otherwise(ctx: Context) -> CompoundSelect[Any]:
    """Return the ids of the cases that the actor may see by being in charge, or by joint handling."""
    persons = [seat.person for seat in _seats(ctx) if not seat.is_blind]
    organs = organs_in_sight(ctx) or ()
    return union(
        select(CaseOfficer.case_id).where(CaseOfficer.user_id.in_(persons)),
        select(CaseJoint.case_id).where(CaseJoint.organ_id.in_(organs)),
    )


def shared_referrals(ctx: Context) -> ColumnElement[bool]:
    """Return the condition on `referral_share` under which the actor may know of what was sent to another organ.

    He is a liaison, and it was sent to his own.
    """
    if Role.LIAISON not in ctx.actor.roles:
        return false()
    return ReferralShare.organ_id == ctx.actor.organ


def received_lines(ctx: Context) -> ColumnElement[bool]:
    """Return the condition on `package_line` under which the actor may know of what came as packages: as
    `shared_referrals`.
    """
    if Role.LIAISON not in ctx.actor.roles:
        return false()
    return PackageLine.organ_id == ctx.actor.organ


def supervised_findings(ctx: Context) -> ColumnElement[bool]:
    """Return the condition on `supervision_finding` under which the actor may know of a row, whether or not the case
    was sent to his organ.

    A liaison of a procuratorate: rows of organs of its division and those within it (检察规则 art 557, 558); a
    supervisor: rows of the cases that he sees. Nobody else, least of all those whom the rows are about.
    """
    if is_procurator(ctx):
        divisions, own = ctx.law.divisions, ctx.law.organs.get(ctx.actor.organ).division
        within = sorted(organ.id for organ in ctx.law.organs if divisions.within(organ.division, own))
        return SupervisionFinding.organ_id.in_(within)
    if Role.SUPERVISOR not in ctx.actor.roles:
        return false()
    return SupervisionFinding.case_id.in_(select(CaseFile.id).where(visible_cases(ctx)))


def joint_work_of(ctx: Context) -> ColumnElement[bool]:
    """Return the condition on `joint_work` under which the actor may know of it: his organ takes part. Lists, counts,
    search and single pages use it; which of its cases he may know of, `visible_cases` and `shared_referrals` say.
    """
    mine = select(JointWorkOrgan.work_id).where(JointWorkOrgan.organ_id == ctx.actor.organ)
    return JointWork.id.in_(mine)


def is_procurator(ctx: Context) -> bool:
    """Return whether the actor is a liaison of a procuratorate."""
    return _speaks_for(ctx, OrganKind.PROCURATORATE)


def is_court(ctx: Context) -> bool:
    """Return whether the actor is a liaison of a court."""
    return _speaks_for(ctx, OrganKind.COURT)


def _speaks_for(ctx: Context, kind: OrganKind) -> bool:
    organ = ctx.law.organs.get(ctx.actor.organ) if ctx.actor.organ in ctx.law.organs else None
    return Role.LIAISON in ctx.actor.roles and organ is not None and organ.kind is kind


def _any_joint(ctx: Context) -> bool:
    """Return whether any case at all is handled jointly, asked once a Context: most lists then have a part less."""
    known: bool | None = ctx.memory.get("any_joint")
    if known is None:
        known = ctx.memory["any_joint"] = ctx.rows(_ANY_JOINT).first() is not None
    return known


@dataclass(frozen=True, slots=True)
class _Seat:
    """From where somebody looks: the actor himself, or the principal he stands in for."""

    person: str
    organ: str
    roles: frozenset[Role]
    scope: str

    @property
    def is_blind(self) -> bool:
        """Return whether no case is seen from here."""
        return not self.roles - _BLIND or self.scope == Scope.SENT_TO_US


def _seats(ctx: Context) -> tuple[_Seat, ...]:
    actor = ctx.actor
    if Role.SYSTEM in actor.roles or not actor.roles - _BLIND:
        return (_Seat(actor.id, actor.organ, actor.roles, ""),)
    own = _Seat(actor.id, actor.organ, actor.roles, scope_of(ctx))
    if own.scope == Scope.CITY:
        return (own,)
    stood_for = (_Seat(one.actor.id, one.actor.organ, one.actor.roles, one.scope) for one in principals_of(ctx))
    return (own, *stood_for)


def _asked_of_each(person: str) -> ColumnElement[bool]:
    return exists(select(1).where(CaseOfficer.case_id == CaseFile.id, CaseOfficer.user_id == person))


def _looked_up(person: str) -> ColumnElement[bool]:
    return CaseFile.id.in_(select(CaseOfficer.case_id).where(CaseOfficer.user_id == person))


def _grounds(
    seat: _Seat, organ: Any = CaseFile.organ_id, *, in_charge: Callable[[str], ColumnElement[bool]], joint: bool
) -> Iterator[ColumnElement[bool]]:
    """Yield what grounds a seat has to see a case: its place, the joint handling of its organ, its being in charge.

    joint  whether to ask for joint handling at all
    """
    roles = seat.roles
    if Role.SYSTEM in roles:
        yield true()
    elif seat.is_blind:
        yield false()
    elif seat.scope == Scope.CITY:
        yield true()
    elif seat.scope == Scope.BELOW:
        below = _below(seat)
        yield organ.in_(below)
        if joint:
            yield _joint(CaseJoint.organ_id.in_(below))
        yield in_charge(seat.person)
    elif seat.scope == Scope.ORGAN:
        limits: list[ColumnElement[bool]] = []
        if roles <= _CLERKS:
            limits.append(CaseFile.category == "lead")
        elif Role.OFFICER in roles and not roles - {Role.OFFICER, Role.INTAKE_CLERK}:
            limits.append(CaseFile.restricted.is_(False))
        yield and_(organ == seat.organ, *limits)
        if joint:
            yield and_(_joint(CaseJoint.organ_id == seat.organ), *limits)
        yield in_charge(seat.person)
    else:
        yield in_charge(seat.person)


def _below(seat: _Seat) -> Select[Any]:
    """Return the ids of the organ of a seat and of those below it."""
    path = select(Organ.path).where(Organ.id == seat.organ).scalar_subquery()
    return select(Organ.id).where(Organ.path.startswith(path, autoescape=False))


def _joint(named: ColumnElement[bool]) -> ColumnElement[bool]:
    return CaseFile.id.in_(select(CaseJoint.case_id).where(named))


def scope_of(ctx: Context) -> str:
    """Return how far the actor sees: as the Context says, else as the account says; without an account, own cases
    only.
    """
    if ctx.scope is not None:
        return ctx.scope
    return ctx.rows(_SCOPE, {"of_account": ctx.actor.id}).scalar() or Scope.OWN.value


def in_custody_of(persons: Collection[str]) -> ColumnElement[bool]:
    """Return the condition on `case_file` that one of these people keeps goods of the case, or has to confirm a move:
    wherever the case is handled now, he must be able to hand them on. It opens the goods, not the case.
    """
    kept = select(CaseItem.case_id).where(CaseItem.keeper_id.in_(persons))
    awaited = select(ItemMoveRow.case_id).where(
        or_(ItemMoveRow.giver_awaited.in_(persons), ItemMoveRow.taker_awaited.in_(persons))
    )
    return or_(CaseFile.id.in_(kept), CaseFile.id.in_(awaited))


def require_custody_visible(ctx: Context, case_id: str) -> bool:
    """Return whether the actor may see the case; raise NotFound unless he at least has a hand in its goods."""
    visible = visible_cases(ctx)
    hand = in_custody_of([ctx.actor.id, *(one.actor.id for one in principals_of(ctx))])
    found = ctx.session.execute(select(visible).select_from(CaseFile).where(CaseFile.id == case_id, or_(visible, hand)))
    row = found.first()
    if row is None:
        raise NotFound(Message(N_("没有这件案件")))
    return bool(row[0])


def require_visible(ctx: Context, case_id: str) -> None:
    """Raise NotFound unless the actor may see the case: not to be told apart from a case that does not exist."""
    found = ctx.session.execute(select(CaseFile.id).where(CaseFile.id == case_id, visible_cases(ctx))).first()
    if found is None:
        raise NotFound(Message(N_("没有这件案件")))
