"""When cases may become one, or one case two, and the acts by which the merged one ends.

The acts are the procedure's own: the one whose milestone is `merged`, then the one that closes with the manner
`merged`. A lead that was never filed ends as not filed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.events import ClosingManner, MilestoneKind
from caseapp.domain.facts import CaseImage, Goods, Party, ProceedingImage, Right
from caseapp.domain.roles import Role
from caseapp.domain.workflow import automaton, evidence_follow
from caseapp.domain.workflow.definition import Action, Category, Procedure
from caseapp.domain.workflow.situation import Actor
from caseapp.domain.workflow.transfers import obstacles_to_move


class Part(StrEnum):
    """What of a case can go along into another."""

    PARTIES = "parties"
    RIGHTS = "rights"
    GOODS = "goods"
    AMOUNTS = "amounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What goes into a case that is split off.

    parties   ids; rights, goods: places in the case's lists. They move; the last right stays in both
    evidence  ids of pieces that go; `evidence_in_both`: they count in both cases from now on
    items     ids of goods in custody that go, in the hands they are in
    """

    parties: Sequence[str] = ()
    rights: Sequence[int] = ()
    goods: Sequence[int] = ()
    evidence: Sequence[str] = ()
    evidence_in_both: bool = False
    items: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class EndingAct:
    """One act that ends the merged case: where it starts and leads, and its milestone's details."""

    action: Action
    source: str
    to: str
    details: dict[str, str | int]


def ending_acts(procedure: Procedure, proceeding: ProceedingImage, into: str) -> tuple[EndingAct, ...] | None:
    """Return the two acts that end a filed case merged into the case of number `into`; None where the procedure has
    none from its present state.
    """
    told: dict[str, str | int] = {"into": into}
    merged = _act(procedure, proceeding.state, proceeding.saved, MilestoneKind.MERGED, told)
    if merged is None:
        return None
    told = {"manner": ClosingManner.MERGED.value}
    closed = _act(procedure, merged.to, None, MilestoneKind.CLOSED, told)
    return None if closed is None else (merged, closed)


def _act(
    procedure: Procedure, state: str, saved: str | None, kind: MilestoneKind, told: dict[str, str | int]
) -> EndingAct | None:
    for action in procedure.actions_from(state):
        if action.milestone is None or action.milestone.kind is not kind or not _may_tell(action, told):
            continue
        target = automaton.lead_to(procedure, action.posts[-1].to, state, saved)
        if target is not None:
            return EndingAct(action, state, target[0], told)
    return None


def _may_tell(action: Action, told: Mapping[str, str | int]) -> bool:
    """Return whether the act's milestone can carry these details: fixed to them, or entered in a field for them."""
    use = action.milestone
    assert use is not None
    fields = {field.id: field for field in action.fields}
    for name, value in told.items():
        if name in use.details:
            if use.details[name] != value:
                return False
            continue
        field = fields.get(use.details_from.get(name, ""))
        if field is None or (field.choices and value not in {word for word, _ in field.choices}):
            return False
    return True


def obstacles_to_merge(into: CaseImage, other: CaseImage, actor: Actor) -> tuple[Unmet, ...]:
    """Return why `other` may not be merged into `into` by this person; () = may."""
    if into.id == other.id:
        return (Unmet(Message(N_("不能并入自身")), guard="same"),)
    found = [*_standing(into, actor), *_standing(other, actor)]
    if into.organ != other.organ:
        text = N_("两案不在同一机关办理，先移送或者指定管辖，再并案")
        found.append(Unmet(Message(text), cure=Role.LEADER.value, guard="organ"))
    if into.main.procedure != other.main.procedure:
        found.append(Unmet(Message(N_("两案适用的程序不同")), guard="procedure"))
    if into.main.category == Category.LEAD and other.main.category != Category.LEAD:
        found.append(Unmet(Message(N_("已立案的案件不能并入尚未立案的线索")), guard="lead"))
    found += evidence_follow.obstacles_on_the_way(other, evidence_follow.held(other.custody))
    return _each_once(found)


def obstacles_between(into: CaseImage, other: CaseImage) -> tuple[Unmet, ...]:
    """Return why `other` may not go into `into` by an act of its own procedure, whoever decides; () = may.

    Its own request for approval, which waits for the last signature, is no obstacle.
    """
    if into.id == other.id:
        return (Unmet(Message(N_("不能并入自身")), guard="same"),)
    found = [*obstacles_to_move(into), *obstacles_to_move(replace(other, approvals=()))]
    if into.organ != other.organ:
        text = N_("两案不在同一机关办理，先移送或者指定管辖，再并案")
        found.append(Unmet(Message(text), cure=Role.LEADER.value, guard="organ"))
    if into.main.procedure != other.main.procedure:
        found.append(Unmet(Message(N_("两案适用的程序不同")), guard="procedure"))
    if into.main.category == Category.LEAD:
        found.append(Unmet(Message(N_("已立案的案件不能并入尚未立案的线索")), guard="lead"))
    ours = {one for right in other.rights if right.number for one in spellings_of(right.number)}
    if not any(right.number in ours for right in into.rights):
        text = N_("两案没有涉及同一权利，不能并案；可以合并审理，分别裁决")
        found.append(Unmet(Message(text), cure=Role.OFFICER.value, guard="right"))
    found += evidence_follow.obstacles_on_the_way(other, evidence_follow.held(other.custody))
    return _each_once(found)


def spellings_of(number: str) -> frozenset[str]:
    """Return the spellings under which the number of a right may be stored: a patent's with and without its letters."""
    plain = number.strip().upper().removeprefix("ZL").strip()
    return frozenset({number.strip(), plain, f"ZL{plain}"})


def obstacles_to_split(case: CaseImage, actor: Actor, items: Sequence[str] = ()) -> tuple[Unmet, ...]:
    """Return why this person may not split the case; () = may.

    items  ids of the items in custody that are to go
    """
    return (*_standing(case, actor), *evidence_follow.obstacles_on_the_way(case, items))


def _each_once(found: list[Unmet]) -> tuple[Unmet, ...]:
    """Return the obstacles without those that stand in the way of both cases alike."""
    return tuple(one for place, one in enumerate(found) if one not in found[:place])


def _standing(case: CaseImage, actor: Actor) -> list[Unmet]:
    found = list(obstacles_to_move(case))
    if actor.organ != case.organ:
        found.append(Unmet(Message(N_("本案不由您所在机关办理")), cure=Role.LEADER.value, guard="organ"))
    if Role.LEADER not in actor.roles:
        found.append(Unmet(Message(N_("由机关负责人决定")), cure=Role.LEADER.value))
    if actor.id in case.handlers:
        text = N_("办案人员不能决定自己办理的案件的并案、分案，请由另一位负责人办理")
        found.append(Unmet(Message(text), cure=Role.LEADER.value))
    return found


def new_parties(into: CaseImage, other: CaseImage) -> tuple[Party, ...]:
    """Return the parties of `other` that `into` does not have yet: the same role with the same code or name is one."""
    known = {(party.role, party.uscc or party.name) for party in into.parties}
    known |= {(party.role, party.name) for party in into.parties}
    return tuple(
        party
        for party in other.parties
        if (party.role, party.uscc or party.name) not in known and (party.role, party.name) not in known
    )


def new_rights(into: CaseImage, other: CaseImage) -> tuple[Right, ...]:
    """Return the rights of `other` that `into` does not have yet, by kind and number."""
    known = {(right.kind, right.number or right.title) for right in into.rights}
    return tuple(right for right in other.rights if (right.kind, right.number or right.title) not in known)


def joined_goods(into: CaseImage, other: CaseImage) -> tuple[Goods, ...]:
    """Return the goods of both: what was found in two places is not the same thing."""
    return (*into.goods, *other.goods)


def joined_amounts(into: CaseImage, other: CaseImage) -> dict[str, int]:
    """Return the sums of what is known on either side; unknown on both stays unknown."""
    names = {*into.amounts, *other.amounts}
    known = {name: [side.amounts.get(name) for side in (into, other)] for name in sorted(names)}
    return {
        name: sum(value for value in values if value is not None)
        for name, values in known.items()
        if any(value is not None for value in values)
    }
