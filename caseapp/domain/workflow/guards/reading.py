"""Reading a situation: what guards ask of facts, acts, milestones and people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from caseapp.domain.events import Json, Milestone, MilestoneKind
from caseapp.domain.facts import ActRecord
from caseapp.domain.workflow.guards.registry import Params
from caseapp.domain.workflow.situation import Situation


def texts_of(value: object) -> tuple[str, ...]:
    """Return a parameter or fact that is one word or a list of words as a tuple."""
    if value is None:
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value)
    return (str(value),)


def fen_of(situation: Situation, fact: str) -> int:
    value = situation.fact(fact)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole:,}" if not rest else f"{whole:,}.{rest:02d}"


def day_of(value: Json) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def is_empty(value: Json) -> bool:
    return value is None or value == "" or value == []


def last_act(situation: Situation, actions: Iterable[str]) -> ActRecord | None:
    wanted = set(actions)
    return next((act for act in reversed(situation.proceeding.acts) if act.action in wanted), None)


def was_done(situation: Situation, actions: Iterable[str], since: Iterable[str] = ()) -> bool:
    """Return whether one of `actions` was done, and not before the latest act of `since`."""
    act, mark = last_act(situation, actions), last_act(situation, since)
    return act is not None and (mark is None or _position(situation, act) > _position(situation, mark))


def _position(situation: Situation, act: ActRecord) -> int:
    """Return an act's place in the order of the acts. Equal acts are told apart by identity, not by day."""
    return next(index for index, item in enumerate(situation.proceeding.acts) if item is act)


def _milestones(situation: Situation, kind: MilestoneKind) -> Iterator[Milestone]:
    """Give the proceeding's milestones of a kind, the latest first."""
    for milestone in reversed(situation.case.milestones):
        if milestone.proceeding == situation.proceeding.id and milestone.kind is kind:
            yield milestone


def last_decision(situation: Situation) -> Milestone | None:
    return next(_milestones(situation, MilestoneKind.DECIDED), None)


def was_reached(situation: Situation, kinds: Iterable[str], since: Iterable[str] = ()) -> bool:
    """Return whether a milestone of `kinds` was reached, and after the latest one of `since`."""
    wanted, marks = set(kinds), set(since)
    for milestone in reversed(situation.case.milestones):
        if milestone.proceeding != situation.proceeding.id:
            continue
        if milestone.kind.value in wanted:
            return True
        if milestone.kind.value in marks:
            return False
    return False


def awaits_form(situation: Situation, params: Params) -> bool:
    """Return whether the guard reads what the form will say, and the form is still empty."""
    return situation.fields is None and bool(params.get("field") or params.get("entered"))


def recused_in(situation: Situation) -> set[str]:
    """Return everybody who must recuse himself from the case, in whichever of its proceedings that was decided."""
    found = set(texts_of(situation.fact("recused_officers")))
    for proceeding in situation.case.proceedings:
        found.update(texts_of(proceeding.facts.get("recused_officers")))
    return found


def staff_name(situation: Situation, user: str) -> str:
    officer = situation.staff.get(user)
    return officer.name if officer else user


def respondent_is_person(situation: Situation) -> bool:
    """Return whether the respondent is a natural person. Unknown counts as a person: the limits are the lower ones."""
    kinds = {party.kind for party in situation.case.parties if party.role == "respondent"}
    return kinds != {"organisation"}
