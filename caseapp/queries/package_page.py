"""Packages as pages show them: with whom, which steps went and came, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.facts import CaseImage
from caseapp.domain.packages.conversation import StepKind
from caseapp.domain.workflow.definition import Procedure, Text
from caseapp.domain.workflow.share_folds import known_acts
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.case_images import load
from caseapp.queries.case_page import organ_name
from caseapp.queries.package_matters import KeptStep, Matter, matter, matter_id, matters_of_case, received_matter
from caseapp.queries.visibility import shared_referrals

_ANSWER = Text("答复对方事项", "Answer to an act of the other organ")
_VOID = Text("收回先前的一步", "An earlier step taken back")


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of either side. status: made | sent | turned_down | confirmed | held | taken | refused"""

    sequence: int
    ours: bool
    name: Text
    status: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MatterLine:
    """What was written to and fro with one organ about one proceeding.

    organ    its id; name in words
    left     how many steps wait to be packed
    missing  whether a later step is here and waits for one before it
    came     whether anything of the other organ is here
    """

    id: str
    organ: str
    name: Mapping[str, str]
    procedure: Text
    steps: tuple[StepLine, ...]
    left: int
    missing: bool
    came: bool = True


def case_packages(
    ctx: Context, image: CaseImage, *, proceeding_id: str | None = None, organ: str | None = None
) -> tuple[MatterLine, ...]:
    """Return the packages of a case: every organ that something was handed over to, the newest proceeding first.

    proceeding_id, organ  only those of this proceeding, to this organ
    """
    kept = {one.id: one for one in matters_of_case(ctx, image.id)}
    found = []
    for proceeding in reversed(image.proceedings[1:]):
        if proceeding_id not in (None, proceeding.id):
            continue
        procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
        for share in {one.organ: one for one in proceeding.shares}.values():
            if organ not in (None, share.organ):
                continue
            of_id = matter_id(image.organ, proceeding.id, share.organ)
            told = kept.get(of_id)
            known = {act.seq for act in known_acts(proceeding, procedure, share)}
            untold = len(known - {one.act_seq for one in (told.ours if told else ())})
            lines = _steps(told, procedure) if told is not None else ()
            left = untold + sum(line.status == "made" for line in lines)
            name = organ_name(ctx, share.organ)
            missing = bool(told is not None and told.waiting)
            found.append(MatterLine(of_id, share.organ, name, procedure.name, lines, left, missing))
    return tuple(found)


def shared_packages(ctx: Context, proceeding_id: str) -> MatterLine | None:
    """Return the packages that go to the reader's organ about a proceeding of a case that is kept here; None before the
    dossier is open to it, and once it was sent on: a package holds the whole of what was sent.
    """
    case_id = ctx.session.execute(
        select(ReferralShare.case_id).where(
            ReferralShare.proceeding_id == proceeding_id,
            shared_referrals(ctx),
            ReferralShare.latest,
            ReferralShare.opened_on.is_not(None),
            ReferralShare.until_on.is_(None),
        )
    ).scalar()
    if case_id is None:
        return None
    image = load(ctx, case_id).image
    found = case_packages(ctx, image, proceeding_id=proceeding_id, organ=ctx.actor.organ)
    return found[0] if found else None


def case_of_shared(ctx: Context, proceeding_id: str) -> str:
    """Return the case of a proceeding whose packages the reader may have. raises NotFound"""
    if shared_packages(ctx, proceeding_id) is None:
        raise NotFound(Message(N_("没有这项移送")))
    found = select(ReferralShare.case_id).where(ReferralShare.proceeding_id == proceeding_id, shared_referrals(ctx))
    return str(ctx.session.execute(found.limit(1)).scalar_one())


def opened_by(ctx: Context, of_id: str) -> str:
    """Return by which id a liaison opens a matter: of a case that is kept here, that of its proceeding."""
    kept = matter(ctx, of_id)
    return of_id if kept is None or kept.case_id is None else kept.proceeding_id


def received_packages(ctx: Context, of_id: str) -> MatterLine:
    """Return the packages of a matter that came to the reader's organ. raises NotFound"""
    told = received_matter(ctx, of_id)
    procedure = ctx.law.procedures.pinned(told.procedure, told.version)
    lines = _steps(told, procedure)
    left = sum(line.status == "made" for line in lines)
    name = organ_name(ctx, told.house)
    return MatterLine(told.id, told.house, name, procedure.name, lines, left, bool(told.waiting), bool(told.theirs))


def _steps(told: Matter, procedure: Procedure) -> tuple[StepLine, ...]:
    every = [*told.ours, *told.theirs, *told.waiting.values()]
    return tuple(
        StepLine(one.step.sequence, one.ours, _name(one, procedure), _status(one, told), one.reason, one.made_at)
        for one in sorted(every, key=lambda one: (one.made_at, one.ours, one.step.sequence))
    )


def _status(one: KeptStep, told: Matter) -> str:
    if not one.ours:
        return one.status
    if one.step.sequence <= told.delivered:
        return "confirmed"
    return "turned_down" if one.status == "refused" else one.status


def _name(one: KeptStep, procedure: Procedure) -> Text:
    if one.step.kind is StepKind.VOID:
        return _VOID
    action = procedure.action(one.action)
    if one.step.kind is StepKind.ANSWER:
        return Text(f"{_ANSWER.zh}：{action.name.zh}", f"{_ANSWER.en}: {action.name.en}") if action else _ANSWER
    return action.name if action is not None else Text(one.action, one.action)
