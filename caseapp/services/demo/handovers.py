"""What of handing over the demonstration shows on its last day: deputies, a joint case, a case on its way elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.connections import TransferKind
from caseapp.domain.errors import ActionRefused
from caseapp.domain.events import legal_date
from caseapp.models.case_file import CaseFile
from caseapp.services import case_joint, case_transfer, deputies
from caseapp.services.demo.actor import Stage
from caseapp.services.demo.people import Crew, Person

HOME, NEIGHBOUR = "320612-ip", "320614-ip"
AWAY = timedelta(days=9)


def show_handovers(stage: Stage) -> None:
    """Leave a few hand-overs under way; nothing on a day of rest, or where organs or cases are missing."""
    today = legal_date(stage.clock.at)
    if not stage.calendar.is_working(today) or not {HOME, NEIGHBOUR} <= stage.crews.keys():
        return
    home, neighbour = stage.crews[HOME], stage.crews[NEIGHBOUR]
    if len(home.officers) > 1:
        away, stands_in = home.officers[0], home.officers[1]
        deputies.name_deputy(
            _as(stage, away), away.actor.id, stands_in.actor.id,
            first_on=today, last_on=today + AWAY, reason="年休假",
        )  # fmt: skip
    waiting = _open_cases(stage, HOME)
    for case_id in waiting[:1]:
        _handle_jointly(stage, case_id, home, neighbour)
    for case_id in waiting[1:]:
        if _sent(stage, case_id, home):
            return


def _handle_jointly(stage: Stage, case_id: str, home: Crew, neighbour: Crew) -> None:
    joint = {NEIGHBOUR: [neighbour.officers[-1].actor.id]}
    case_joint.set_joint(_as(stage, home.leaders[0]), case_id, joint, reason="涉案仓库在海门区", seen_version=None)


def _sent(stage: Stage, case_id: str, home: Crew) -> bool:
    reason = "经核查，违法行为发生地在海门区，不属本局管辖"
    try:
        case_transfer.send(
            _as(stage, home.leaders[0]), case_id, TransferKind.MOVE, NEIGHBOUR, reason=reason, seen_version=None
        )
    except ActionRefused:
        return False  # a request waits in it: another case goes
    return True


def _open_cases(stage: Stage, organ: str) -> list[str]:
    query = (
        select(CaseFile.id)
        .where(CaseFile.organ_id == organ, CaseFile.category == "open", CaseFile.restricted.is_(False))
        .order_by(CaseFile.filed_on.desc(), CaseFile.number)
        .limit(12)
    )
    return list(stage.ctx.session.execute(query).scalars())


def _as(stage: Stage, person: Person) -> Context:
    return replace(stage.ctx, actor=person.actor, scope=None)
