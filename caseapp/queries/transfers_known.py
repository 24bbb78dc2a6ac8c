"""Transfers as they were known at an instant: folded anew from what the ledgers had recorded by then."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from caseapp.context import Context
from caseapp.domain.events import MilestoneKind
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.metrics.transfers import Act, Side, Term, Transfer
from caseapp.domain.workflow.referrals import REFERRAL
from caseapp.domain.workflow.replay import fold
from caseapp.domain.workflow.share_folds import known_acts
from caseapp.domain.workflow.timing import clocks_of
from caseapp.queries.case_images import known_until

_SENDS = "hand_over"


@dataclass(frozen=True, slots=True)
class KnownTransfer:
    """A transfer as it was known. name, title: '' where the reader may not have them"""

    transfer: Transfer
    case_id: str
    name: str
    title: str


def known_transfers(
    ctx: Context, case_id: str, known_at: datetime, sides: Mapping[str, Side], *, organ: str | None
) -> Iterator[KnownTransfer]:
    """Yield the transfers of a case that had been sent by what was known.

    sides  whom each rule binds, of those that count
    organ  only what was sent to this organ, from the acts that it knows of; None: the case whole
    """
    image = fold(known_until(ctx, case_id, known_at), ctx.law.procedures, lenient=True)
    if image is None:
        return
    for proceeding in image.proceedings[1:]:
        if proceeding.procedure == REFERRAL and proceeding.shares:
            found = _whole(ctx, image, proceeding, sides)
            told = found if organ is None else _shared(ctx, image, proceeding, found, organ)
            if told is not None:
                yield told


def act_told(action: str, to: str, on_text: str) -> Act:
    """Return an act whose day is known as `ActRecord.on_text` tells: a day, else the last one that it may have been."""
    if len(on_text) == len("2026-01-01"):
        return Act(action, to, date.fromisoformat(on_text))
    if not on_text:
        return Act(action, to, date.min, exact=False)
    year, month = int(on_text[:4]), int(on_text[5:7] or 12)
    return Act(action, to, date(year, month, monthrange(year, month)[1]), exact=False)


def is_sent_exactly(acts: Sequence[Act]) -> bool:
    """Return whether the day is known on which a transfer was handed over."""
    return next((act.exact for act in acts if act.action == _SENDS), True)


def _whole(ctx: Context, image: CaseImage, proceeding: ProceedingImage, sides: Mapping[str, Side]) -> KnownTransfer:
    acts = tuple(act_told(act.action, act.to, act.on_text) for act in proceeding.acts)
    transfer = Transfer(
        key=proceeding.id,
        organ=image.organ,
        offence=_offence(proceeding),
        sent_on=min(share.since_on for share in proceeding.shares),
        acts=acts,
        terms=tuple(
            Term(sides[clock.rule.id], clock.run)
            for clock in clocks_of(proceeding, ctx.law.rules, ctx.law.calendar)
            if clock.rule.id in sides
        ),
        penalties=_penalties(image),
        sent_exactly=is_sent_exactly(acts),
    )
    return KnownTransfer(transfer, image.id, image.display_number(), image.title)


def _shared(
    ctx: Context, image: CaseImage, proceeding: ProceedingImage, whole: KnownTransfer, organ: str
) -> KnownTransfer | None:
    share = next((one for one in reversed(proceeding.shares) if one.organ == organ), None)
    if share is None:
        return None
    opened = share.opened is not None
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    acts = tuple(act_told(act.action, act.to, act.on_text) for act in known_acts(proceeding, procedure, share))
    transfer = replace(
        whole.transfer,
        offence=whole.transfer.offence if opened else "",
        sent_on=share.since_on,
        acts=acts,
        sent_exactly=is_sent_exactly(acts),
        # Who sent the matter on is not told of the clocks that have run since.
        terms=whole.transfer.terms if share.until is None else (),
        penalties=(),
    )
    return KnownTransfer(transfer, "", "", image.title if opened else "")


def _offence(proceeding: ProceedingImage) -> str:
    told = proceeding.facts.get("offence")
    return told if isinstance(told, str) else ""


def _penalties(image: CaseImage) -> tuple[date, ...]:
    return tuple(
        one.on for one in image.milestones if one.kind is MilestoneKind.DECIDED and one.detail("outcome") == "penalty"
    )
