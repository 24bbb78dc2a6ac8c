"""One referral as far as it is disclosed to the reader's organ. The list of them is `queries.referral_inbox`.

Everything here goes through `queries.visibility.shared_referrals`; of a case that is not shared nothing is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import Entry
from caseapp.domain.facts import CaseImage, ProceedingImage, ShareRecord
from caseapp.domain.organs import JUDICIAL_KINDS
from caseapp.domain.workflow.attached import KeptFile, attached
from caseapp.domain.workflow.available import available
from caseapp.domain.workflow.definition import Action, Peer, Procedure, Text
from caseapp.domain.workflow.share_folds import disclosed, disclosed_papers, issued_at, known_acts, share_of
from caseapp.models.package_line import PackageLine
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.case_clocks import ClockLine, clock_lines
from caseapp.queries.case_images import entries_of, load
from caseapp.queries.case_page import organ_name
from caseapp.queries.disclosure import Boundary, Remark, boundary, remarks, share_days
from caseapp.queries.next_steps import Obstacle, obstacles_of
from caseapp.queries.package_matters import files_of, received_image, received_matter
from caseapp.queries.situations import situation_of
from caseapp.queries.told_days import told_day
from caseapp.queries.told_values import ToldValue, told_values
from caseapp.queries.visibility import shared_referrals

Words = Mapping[str, str]
PAPER = "paper_ref"
"""Field by which an officer enters another organ's paper; a liaison has none to name."""


@dataclass(frozen=True, slots=True)
class SharedLine:
    """The head of the page.

    title    '' until the dossier is open to the reader
    mine     the next act is awaited from the reader's organ
    clock    the clock that binds most, None where none runs
    gone     it was sent on to another organ
    """

    id: str
    procedure: Text
    sender: Words
    state: Text
    sent_on: date
    opened_on: date | None
    title: str
    mine: bool
    over: bool
    clock: ClockLine | None
    gone: bool


@dataclass(frozen=True, slots=True)
class SharedOffer:
    """An act that the reader's organ may take now, or why not."""

    action: Action
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class SharedAct:
    """One act that the reader's organ knows of. values, files: what was told with it, () while it is not disclosed."""

    seq: int
    name: Text
    by: str
    ours: bool
    on: date
    values: tuple[ToldValue, ...]
    files: tuple[KeptFile, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedPaper:
    """A document that is disclosed."""

    id: str
    title: str
    number: str | None
    issued_on: date


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file that came in a package, disclosed. item: its name there; title '' for what has none of its own"""

    item: str
    title: str
    size: int


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One referral as far as it is disclosed.

    outline  what is shown before the dossier is opened
    acts     newest first; carried: what the house did and sent along
    seen     number of acts that a form made now has seen
    files    what else came along in packages; refused: why acts of ours did not take effect at the sender
    received the case is another installation's, and what is done here travels there as a package
    turned_down  why the other installation could not take in what was begun here, '' where it did not say so
    """

    case_id: str
    line: SharedLine
    peer: Peer
    number: str
    outline: str
    clocks: tuple[ClockLine, ...]
    offers: tuple[SharedOffer, ...]
    acts: tuple[SharedAct, ...]
    carried: tuple[SharedAct, ...]
    papers: tuple[SharedPaper, ...]
    boundary: Boundary
    remarks: tuple[Remark, ...]
    seen: int
    files: tuple[SharedFile, ...] = ()
    refused: tuple[str, ...] = ()
    received: bool = False
    turned_down: str = ""


def shared_page(ctx: Context, proceeding_id: str) -> SharedPage:
    """Return one referral. raises NotFound (also: not sent to the reader's organ)"""
    case_id = ctx.session.execute(
        select(ReferralShare.case_id)
        .where(ReferralShare.proceeding_id == proceeding_id, shared_referrals(ctx))
        .limit(1)
    ).scalar()
    if case_id is None:
        return _received_page(ctx, proceeding_id)
    image = load(ctx, case_id).image
    proceeding, procedure, share = _parts(ctx, image, proceeding_id)
    entries = entries_of(ctx, case_id)
    shown = {act.seq for act in disclosed(proceeding, procedure, share)}
    told = {entry.seq: entry.payload.get("facts") for entry in entries if entry.seq in shown}
    return _page(ctx, image, proceeding, procedure, share, told, entries)


def _page(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    procedure: Procedure,
    share: ShareRecord,
    told: Mapping[int, object],
    entries: Sequence[Entry] = (),
) -> SharedPage:
    """Return the page of a referral.

    told     facts of each act that is disclosed
    entries  of the case, where it is a case of this house
    """
    line = _line(ctx, image, proceeding, procedure, share)
    shown = {act.seq for act in disclosed(proceeding, procedure, share)}
    issued = issued_at(entries)
    known = known_acts(proceeding, procedure, share)
    inside = {act.seq for act in known}

    def shared_act(act_id: str, seq: int, on: date) -> SharedAct:
        action = procedure.action(act_id)
        assert action is not None
        facts = told.get(seq)
        values = told_values(_bare(action), facts, {}) if isinstance(facts, Mapping) else ()
        sender = action.sends.sender if action.sends is not None else Peer.ORGAN
        files = attached(facts)
        return SharedAct(seq, action.name, sender.value, sender == share.peer, on, _with_organs(ctx, values), files)

    acts = [shared_act(act.action, act.seq, told_day(act)) for act in reversed(known)]
    carried = [
        shared_act(act.action, act.seq, told_day(act))
        for act in proceeding.acts
        if act.seq in shown and act.seq not in inside
    ]
    papers = [
        SharedPaper(item.id, item.title, item.number, item.issued_on)
        for item in disclosed_papers(image, proceeding, procedure, share, issued)
    ]
    return SharedPage(
        case_id=image.id,
        line=line,
        peer=Peer(share.peer),
        number=image.display_number() if share.opened is not None else "",
        outline=str(proceeding.facts.get("referral_preview") or ""),
        clocks=() if line.gone else _clocks(ctx, proceeding, procedure),
        offers=() if line.gone else _offers(ctx, image, proceeding, procedure, share),
        acts=tuple(acts),
        carried=tuple(carried),
        papers=tuple(papers),
        boundary=boundary(ctx, image, proceeding, procedure, share, issued),
        remarks=remarks(ctx, image, proceeding, procedure, told, entries),
        seen=len(known),
    )


def _received_page(ctx: Context, of_id: str) -> SharedPage:
    """Return a referral that came as packages, from what is in them. raises NotFound"""
    kept = received_matter(ctx, of_id)
    seen = received_image(ctx, kept)
    share = share_of(seen.proceeding, ctx.actor.organ) if seen is not None else None
    if seen is None or share is None:
        raise NotFound(Message(N_("没有这项移送")))
    shown = {act.seq for act in disclosed(seen.proceeding, seen.procedure, share)}
    told = {seq: facts for seq, facts in seen.told.items() if seq in shown}
    page = _page(ctx, seen.image, seen.proceeding, seen.procedure, share, told)
    files = [SharedFile(one.item, one.title, one.size) for one in files_of(kept)] if share.opened is not None else []
    line = replace(page.line, id=kept.id)
    number = page.number if kept.reference else ""  # what we began has none before the other organ has answered
    why = tuple(seen.refused.values())
    turned_down = ctx.session.execute(select(PackageLine.turned_down).where(PackageLine.matter_id == kept.id)).scalar()
    return replace(
        page, line=line, number=number, files=tuple(files), refused=why, received=True, turned_down=turned_down or ""
    )


def shared_action(ctx: Context, proceeding_id: str, action_id: str) -> tuple[SharedPage, SharedOffer]:
    """Return a referral and one act that the reader's organ may take in it. raises NotFound"""
    page = shared_page(ctx, proceeding_id)
    offer = next((one for one in page.offers if one.action.id == action_id), None)
    if offer is None:
        raise NotFound(Message(N_("没有这一事项")))
    return page, offer


def judicial_organs(ctx: Context) -> tuple[tuple[str, Words], ...]:
    """Return (id, name) of the police, procuratorates and courts of today."""
    today = ctx.today()
    return tuple(
        (organ.id, organ.name) for organ in ctx.law.organs if organ.kind in JUDICIAL_KINDS and organ.in_force(today)
    )


def _parts(ctx: Context, image: CaseImage, proceeding_id: str) -> tuple[ProceedingImage, Procedure, ShareRecord]:
    proceeding = image.proceeding(proceeding_id)
    share = share_of(proceeding, ctx.actor.organ) if proceeding is not None else None
    if proceeding is None or share is None:
        raise NotFound(Message(N_("没有这项移送")))
    return proceeding, ctx.law.procedures.pinned(proceeding.procedure, proceeding.version), share


def _line(
    ctx: Context, image: CaseImage, proceeding: ProceedingImage, procedure: Procedure, share: ShareRecord
) -> SharedLine:
    gone = share.until is not None
    sent_on, opened_on = share_days(proceeding, share)
    clocks = () if gone else _clocks(ctx, proceeding, procedure)
    running = [clock for clock in clocks if clock.live and clock.due_on is not None]
    mine = not gone and any(
        _is_of(action, share) and "@same" not in {post.to for post in action.posts}
        for action in procedure.actions_from(proceeding.state)
    )
    return SharedLine(
        id=proceeding.id,
        procedure=procedure.name,
        sender=organ_name(ctx, image.organ),
        state=Text("已转送其他机关", "Sent on to another organ") if gone else procedure.state(proceeding.state).name,
        sent_on=sent_on,
        opened_on=opened_on,
        title=image.title if share.opened is not None else "",
        mine=mine,
        over=gone or proceeding.category == "closed",
        clock=min(running, key=lambda clock: clock.due_on or date.max, default=None),
        gone=gone,
    )


def _clocks(ctx: Context, proceeding: ProceedingImage, procedure: Procedure) -> tuple[ClockLine, ...]:
    """Return the clocks that acts between the organs started; the house's own are not the other's to know."""
    shared = {rule for action in procedure.actions if action.sends is not None for rule in action.clocks.starts}
    return tuple(line for line in clock_lines(ctx.law, proceeding, ctx.now()) if line.rule in shared)


def _offers(
    ctx: Context, image: CaseImage, proceeding: ProceedingImage, procedure: Procedure, share: ShareRecord
) -> tuple[SharedOffer, ...]:
    situation = situation_of(ctx, image, proceeding, on=ctx.today())
    return tuple(
        SharedOffer(_bare(one.action), obstacles_of(one.unmet, {}))
        for one in available(procedure, situation)
        if _is_of(one.action, share)
    )


def _is_of(action: Action, share: ShareRecord) -> bool:
    return action.sends is not None and action.sends.sender == share.peer


def _bare(action: Action) -> Action:
    return replace(action, fields=tuple(field for field in action.fields if field.id != PAPER))


def _with_organs(ctx: Context, values: tuple[ToldValue, ...]) -> tuple[ToldValue, ...]:
    """Return the values with organs by their names."""
    return tuple(
        replace(value, parts=tuple(organ_name(ctx, part) for part in value.parts if isinstance(part, str)))
        if value.kind == "organ"
        else value
        for value in values
    )
