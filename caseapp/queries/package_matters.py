"""Referrals that travel as files: what is kept of them, and what a received one looks like, folded from what came."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, false, select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import Entry, EntryKind, Precision
from caseapp.domain.facts import ActRecord, CaseImage, DocumentRecord, ProceedingImage
from caseapp.domain.packages.conversation import Step, StepKind, agreed, refused, unanswered
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Category, Procedure
from caseapp.domain.workflow.folding import enter, find, put
from caseapp.domain.workflow.replay import apply
from caseapp.models.package_matter import PackageMatter
from caseapp.models.package_step import PackageStep

_FIRST = 1000
"""Numbers of acts in a received matter begin here; what was carried along stands before."""


def matter_id(house: str, proceeding_id: str, peer_organ: str) -> str:
    """Return the id of what two organs write to each other about one proceeding: the same at both."""
    return hashlib.sha256(f"{house}|{proceeding_id}|{peer_organ}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class KeptStep:
    """A step as it is kept. step: as the conversation reads it; the rest as the columns of `package_step` say."""

    step: Step
    package: str
    ours: bool
    status: str
    reason: str
    file_sha256: str
    act_seq: int | None
    made_at: datetime

    @property
    def action(self) -> str:
        """Return the action of an act, '' for what is none."""
        return str(self.step.body.get("action") or "")


@dataclass(frozen=True, slots=True)
class Matter:
    """A referral that travels as files, with every step of both sides in order of number."""

    id: str
    house: str
    peer_organ: str
    peer: str
    proceeding_id: str
    procedure: str
    version: int
    case_id: str | None
    reference: str
    state: str
    category: str
    sent_on: date
    delivered: int
    ours: tuple[KeptStep, ...]
    theirs: tuple[KeptStep, ...]
    waiting: Mapping[int, KeptStep]

    @property
    def here(self) -> str:
        """Return the organ that works here."""
        return self.house if self.case_id is not None else self.peer_organ

    @property
    def there(self) -> str:
        """Return the organ at the other end."""
        return self.peer_organ if self.case_id is not None else self.house

    @property
    def about(self) -> Mapping[str, Any]:
        """Return what the steps say of the matter: the house's last, else the one with which we began it."""
        known = self.house_steps or self.peer_steps
        found: Mapping[str, Any] = known[-1].body["matter"]
        return found

    @property
    def begun_here(self) -> bool:
        """Return whether our organ began it, and another installation has the case or will have it."""
        return self.case_id is None and bool(self.ours) and self.ours[0].step.kind is StepKind.BEGINNING

    @property
    def house_steps(self) -> tuple[Step, ...]:
        """Return what the house told, as far as it is here without a gap."""
        return tuple(one.step for one in (self.ours if self.case_id is not None else self.theirs))

    @property
    def peer_steps(self) -> tuple[Step, ...]:
        """Return what the peer told, as far as it is here without a gap."""
        return tuple(one.step for one in (self.theirs if self.case_id is not None else self.ours))


def matter(ctx: Context, of_id: str) -> Matter | None:
    """Return a matter by id, None where there is none here."""
    found = _matters(ctx, PackageMatter.id == of_id)
    return found[0] if found else None


def matters_of_case(ctx: Context, case_id: str) -> tuple[Matter, ...]:
    """Return the matters of a case that is kept here."""
    return _matters(ctx, PackageMatter.case_id == case_id)


def matters_with(ctx: Context, ids: Collection[str]) -> tuple[Matter, ...]:
    """Return the matters with these ids, without asking whether the reader may see them."""
    return _matters(ctx, PackageMatter.id.in_(sorted(ids)))


def received_matters(ctx: Context, *, also_closed: bool = False) -> tuple[Matter, ...]:
    """Return what came to the reader's organ from other installations and is not closed."""
    limits = () if also_closed else (PackageMatter.category != Category.CLOSED.value,)
    return _matters(ctx, _may_see(ctx), *limits)


def received_matter(ctx: Context, of_id: str) -> Matter:
    """Return one that came to the reader's organ. raises NotFound"""
    found = _matters(ctx, PackageMatter.id == of_id, _may_see(ctx))
    if not found:
        raise NotFound(Message(N_("没有这项移送")))
    return found[0]


def find_received(ctx: Context, text: str) -> Matter:
    """Return the matter with this id, or the last one whose case the house calls by this number. raises NotFound"""
    asked = text.strip()
    found = _matters(
        ctx,
        PackageMatter.case_id.is_(None),
        (PackageMatter.id == asked) | (PackageMatter.reference == asked) | (PackageMatter.proceeding_id == asked),
    )
    if not found or not asked:  # a matter that we began has no number before the house has answered
        raise NotFound(Message(N_("没有这件案件：%(case)s"), {"case": asked}))
    return found[0]


def _may_see(ctx: Context) -> ColumnElement[bool]:
    if Role.LIAISON not in ctx.actor.roles:
        return false()
    return PackageMatter.case_id.is_(None) & (PackageMatter.peer_organ == ctx.actor.organ)


def _matters(ctx: Context, *conditions: ColumnElement[bool]) -> tuple[Matter, ...]:
    rows = ctx.session.execute(
        select(PackageMatter.__table__)
        .where(*conditions)
        .order_by(PackageMatter.sent_on.desc(), PackageMatter.changed_at.desc(), PackageMatter.id)
    ).all()
    steps: dict[str, list[KeptStep]] = {row.id: [] for row in rows}
    for row in ctx.session.execute(
        select(PackageStep.__table__).where(PackageStep.matter_id.in_(steps)).order_by(PackageStep.sequence)
    ):
        steps[row.matter_id].append(_kept(row))
    return tuple(_matter(row, steps[row.id]) for row in rows)


def _kept(row: Row[Any]) -> KeptStep:
    step = Step(StepKind(row.kind), row.sequence, row.previous, row.digest, row.seen, json.loads(row.body))
    return KeptStep(step, row.package, row.ours, row.status, row.reason, row.file_sha256, row.act_seq, row.made_at)


def _matter(row: Row[Any], steps: Sequence[KeptStep]) -> Matter:
    return Matter(
        id=row.id,
        house=row.house,
        peer_organ=row.peer_organ,
        peer=row.peer,
        proceeding_id=row.proceeding_id,
        procedure=row.procedure,
        version=row.version,
        case_id=row.case_id,
        reference=row.reference,
        state=row.state,
        category=row.category,
        sent_on=row.sent_on,
        delivered=row.delivered,
        ours=tuple(one for one in steps if one.ours),
        theirs=tuple(one for one in steps if not one.ours and one.status != "held"),
        waiting={one.step.sequence: one for one in steps if not one.ours and one.status == "held"},
    )


@dataclass(frozen=True, slots=True)
class ReceivedImage:
    """A received matter as a case image that holds nothing but what was sent. told: facts of each act by its seq."""

    image: CaseImage
    proceeding: ProceedingImage
    procedure: Procedure
    told: Mapping[int, Mapping[str, Any]]
    refused: Mapping[int, str]


def received_image(ctx: Context, kept: Matter) -> ReceivedImage | None:
    """Return what a matter looks like whose case is another installation's; None while its first step is not here.

    The acts that the house told or took, in its order; on top what was done here and it has not answered.
    """
    house = kept.house_steps
    if not house and not kept.begun_here:
        return None
    procedure = ctx.law.procedures.pinned(kept.procedure, kept.version)
    acts = agreed(house)
    before = acts[0].body["payload"]["from"] if acts else procedure.initial if kept.begun_here else kept.state
    image = blank_image(kept, kept.about, before, procedure)
    told: dict[int, Mapping[str, Any]] = {}
    carried = [one for step in acts for one in step.body.get("carried", ())]
    for seq, one in enumerate(carried, start=1):
        told[seq] = one["facts"]
        image = _with_act(image, kept, ActRecord(one["action"], "", date.fromisoformat(one["on"]), seq, ""))
    seq = _FIRST
    for step in acts:
        image = _acted(ctx, image, kept, step.body, seq)
        told[seq] = step.body["payload"].get("facts", {})
        seq += 1
    last = house[-1].body if house else {}
    if last.get("state"):
        here = find(image, kept.proceeding_id)
        image = put(image, enter(here, procedure, str(last["state"]), here.saved, here.entered_on))
    for step in unanswered(house, kept.peer_steps):
        if step.body["payload"]["from"] == find(image, kept.proceeding_id).state:
            image = _acted(ctx, image, kept, step.body, seq)
            told[seq] = step.body["payload"].get("facts", {})
            seq += 1
    papers = tuple(_paper(one, kept) for step in acts for one in step.body.get("papers", ()))
    image = replace(image, documents=papers)
    return ReceivedImage(image, find(image, kept.proceeding_id), procedure, told, refused(house))


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that came along: where it lies in which package, what it is called, how large it is."""

    sequence: int
    item: str
    title: str
    size: int


def files_of(kept: Matter) -> tuple[FileLine, ...]:
    """Return what came along beside the papers, in order of steps: bound volumes, the case for programs, evidence."""
    found: list[FileLine] = []
    for step in agreed(kept.house_steps):
        for one in step.body.get("files", ()):
            item = str(one["item"])
            found.append(FileLine(step.sequence, item, str(one.get("title") or ""), int(one["size"])))
    return tuple(found)


def blank_image(kept: Matter, known: Mapping[str, Any], state: str, procedure: Procedure) -> CaseImage:
    """Return the case of a matter in which nothing has happened yet. known: what the steps say of it"""
    main = ProceedingImage(
        id=f"main-{kept.id}",
        procedure=str(known["main_procedure"]),
        version=int(known["main_version"]),
        state="",
        category=Category.DECIDED.value,
        opened_on=kept.sent_on,
        entered_on=kept.sent_on,
    )
    side = ProceedingImage(
        id=kept.proceeding_id,
        procedure=kept.procedure,
        version=kept.version,
        state=state,
        category=procedure.state(state).category.value,
        opened_on=kept.sent_on,
        entered_on=kept.sent_on,
    )
    return CaseImage(
        id=kept.id,
        version=0,
        opened_on=kept.sent_on,
        title=str(known["title"]),
        organ=kept.house,
        division="",
        ip_types=(),
        number=kept.reference,
        proceedings=(main, side),
    )


def _with_act(image: CaseImage, kept: Matter, act: ActRecord) -> CaseImage:
    here = find(image, kept.proceeding_id)
    return put(image, replace(here, acts=(*here.acts, act)))


def _acted(ctx: Context, image: CaseImage, kept: Matter, body: Mapping[str, Any], seq: int) -> CaseImage:
    payload = {**body["payload"], "proceeding": kept.proceeding_id, "on": body["on"]}
    if payload["from"] != find(image, kept.proceeding_id).state:
        payload["irregular"] = True  # the house decided on the order; what it says stands
    entry = Entry(
        seq=seq,
        kind=EntryKind.ACTED,
        occurred_at=datetime.fromisoformat(body["at"]),
        recorded_at=datetime.fromisoformat(body["at"]),
        actor=str(body.get("person") or body.get("organ") or ""),
        payload=payload,
        precision=Precision(body.get("precision", "instant")),
    )
    return apply(image, entry, ctx.law.procedures)


def _paper(told: Mapping[str, Any], kept: Matter) -> DocumentRecord:
    return DocumentRecord(
        id=told["id"],
        type=told["type"],
        number=told["number"],
        title=told["title"],
        proceeding=kept.proceeding_id,
        action=told["action"],
        issued_on=date.fromisoformat(told["issued_on"]),
        facts_digest="",
        template_version="",
    )
