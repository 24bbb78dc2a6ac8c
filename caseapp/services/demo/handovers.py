"""What of handing over the demonstration shows on its last day: deputies, joint cases, cases on their way elsewhere and
received, cases that became one or two, and a proposal that waits for the head of the organ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.connections import TransferKind
from caseapp.domain.errors import ActionRefused
from caseapp.domain.events import legal_date
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.merging import Part, Portion
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_images import load
from caseapp.services import case_approve, case_joint, case_propose, case_transfer, deputies
from caseapp.services.case_act import Outcome
from caseapp.services.demo.actor import Stage
from caseapp.services.demo.people import Crew, Person

HOME, NEIGHBOUR, SENDER = "320612-ip", "320614-ip", "320681-ip"
AWAY = timedelta(days=9)
MANY = 100
"""A demonstration of so many cases has one that is split: it is planned with one case less."""
_LOOKED_AT = 40


def show_handovers(stage: Stage, *, split: bool) -> None:
    """Leave a few hand-overs under way; nothing on a day of rest, or where organs or cases are missing.

    split  whether a case becomes two
    """
    today = legal_date(stage.clock.at)
    if split:
        _split(stage)
    if not stage.calendar.is_working(today) or not {HOME, NEIGHBOUR} <= stage.crews.keys():
        return
    home, neighbour = stage.crews[HOME], stage.crews[NEIGHBOUR]
    if len(home.officers) > 1:
        away, stands_in = home.officers[0], home.officers[1]
        deputies.name_deputy(
            _as(stage, away), away.actor.id, stands_in.actor.id,
            first_on=today, last_on=today + AWAY, reason="年休假",
        )  # fmt: skip
    waiting = [image.id for image in _open_cases(stage, HOME)]
    for case_id in waiting[:1]:
        _handle_jointly(stage, case_id, home, neighbour)
    next((one for one in waiting[1:12] if _sent(stage, one, home, NEIGHBOUR)), None)
    _received(stage)
    _merged(stage)
    _proposed(stage, home)


def _handle_jointly(stage: Stage, case_id: str, home: Crew, neighbour: Crew) -> None:
    joint = {NEIGHBOUR: [neighbour.officers[-1].actor.id]}
    case_joint.set_joint(_as(stage, home.leaders[0]), case_id, joint, reason="涉案仓库在海门区", seen_version=None)


def _sent(stage: Stage, case_id: str, crew: Crew, receiver: str) -> bool:
    name = stage.ctx.law.organs.get(receiver).short_zh
    return _tried(
        lambda: case_transfer.send(
            _as(stage, crew.leaders[0], papers_of=case_id), case_id, TransferKind.MOVE, receiver,
            reason=f"经核查，违法行为发生地在{name}辖区，不属本局管辖", seen_version=None,
        )
    )  # fmt: skip


def _received(stage: Stage) -> None:
    """Let a case of another organ come in: one of the newest, with letter and receipt, where there is one."""
    crews = [stage.crews[SENDER], *(crew for crew in _others(stage) if crew.organ != SENDER)]
    found = [(crew, image) for crew in crews for image in _open_cases(stage, crew.organ)]
    for crew, image in sorted(found, key=lambda one: not one[1].documents):
        if _sent(stage, image.id, crew, HOME):
            transfer = load(stage.ctx, image.id).image.transfers[-1].id
            case_transfer.receive(_as(stage, stage.crews[HOME].heads[0], papers_of=image.id), transfer)
            return


def _merged(stage: Stage) -> None:
    """Let the head of an organ approve that two cases become one."""
    for crew in _others(stage):
        asked = _merger_asked(stage, crew, "两案当事人和违法行为有关联，证据相同，并案办理")
        if asked is not None:
            _signed(stage, crew, asked)
            return


def _proposed(stage: Stage, home: Crew) -> None:
    """Leave a merger before the head of the organ."""
    _merger_asked(stage, home, "两案涉及同一权利，拟并案调查")


def _merger_asked(stage: Stage, crew: Crew, reason: str) -> str | None:
    """Have the officer of a case propose that another of the same procedure is merged into it; None where none can."""
    for into, other in permutations(_plain(_open_cases(stage, crew.organ, leads=True)), 2):
        if into.main.procedure != other.main.procedure:
            continue
        asked = _asked(
            lambda into=into, other=other: case_propose.merge(  # type: ignore[misc]
                _as(stage, _proposer(crew, into)), into.id, other.id,
                reason=reason, take=list(Part), seen_version=None,
            )
        )  # fmt: skip
        if asked is not None:
            return asked
    return None


def _split(stage: Stage) -> None:
    """Let the head of an organ approve that a case becomes two: one of those first whose desks nobody opens first."""
    for crew in (*_others(stage), *(stage.crews[organ] for organ in (NEIGHBOUR, HOME) if organ in stage.crews)):
        for image in _plain(_open_cases(stage, crew.organ)):
            goods = [len(image.goods) - 1] if len(image.goods) > 1 else []
            rights = [len(image.rights) - 1] if not goods and image.rights else []
            asked = _asked(
                lambda image=image, crew=crew, goods=goods, rights=rights: case_propose.split(  # type: ignore[misc]
                    _as(stage, _proposer(crew, image)), image.id, Portion(goods=goods, rights=rights),
                    title=f"{image.title}（另案）", reason="部分物品的来源需要另行查明，分案办理", seen_version=None,
                )
            ) if goods or rights else None  # fmt: skip
            if asked is not None:
                _signed(stage, crew, asked)
                return


def _signed(stage: Stage, crew: Crew, approval: str) -> None:
    case_approve.sign(_as(stage, crew.leaders[0]), approval, verdict="signed", opinion="同意。")


def _asked(ask: Callable[[], Outcome]) -> str | None:
    try:
        return ask().approval
    except ActionRefused:
        return None  # a request waits in it, or it cannot: another case goes


def _tried(act: Callable[[], object]) -> bool:
    try:
        act()
    except ActionRefused:
        return False
    return True


def _others(stage: Stage) -> list[Crew]:
    """Return the crews whose desks nobody opens first, in a fixed order."""
    return [stage.crews[organ] for organ in sorted(stage.crews, reverse=True) if organ not in (HOME, NEIGHBOUR)]


def _proposer(crew: Crew, image: CaseImage) -> Person:
    return next((one for one in crew.officers if one.actor.id in image.officers), crew.heads[0])


def _plain(images: Iterator[CaseImage]) -> Iterator[CaseImage]:
    """Leave out the newest cases, at which each desk finds something to do, and those that others handle too."""
    for image in images:
        if not image.documents and not image.joint:
            yield image


def _open_cases(stage: Stage, organ: str, *, leads: bool = False) -> Iterator[CaseImage]:
    """Yield the open cases of an organ, the newest first; with the leads behind them where these are asked for."""
    categories = ("open", "lead") if leads else ("open",)
    query = (
        select(CaseFile.id)
        .where(CaseFile.organ_id == organ, CaseFile.category.in_(categories), CaseFile.restricted.is_(False))
        .order_by(CaseFile.category.desc(), CaseFile.filed_on.desc(), CaseFile.number, CaseFile.lead_number)
        .limit(_LOOKED_AT)
    )
    for case_id in stage.ctx.session.execute(query).scalars().all():
        yield load(stage.ctx, case_id).image


def _as(stage: Stage, person: Person, *, papers_of: str = "") -> Context:
    """Return the Context in which somebody acts.

    papers_of  id of the case in which he acts: where its papers are issued, new ones are too
    """
    papers = bool(papers_of and load(stage.ctx, papers_of).image.documents)
    return replace(stage.ctx, actor=person.actor, scope=None, issues_documents=papers)
