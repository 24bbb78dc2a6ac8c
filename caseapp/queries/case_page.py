"""The case page: the head, what may be done next, the clocks, and the parts behind its tabs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import Milestone, MilestoneKind
from caseapp.domain.facts import ApprovalImage, CaseImage, ProceedingImage
from caseapp.domain.roles import ROLE_NAMES
from caseapp.domain.workflow.approvals import asked_action, obstacles_to_sign, waiting_step
from caseapp.domain.workflow.definition import Category, Procedure, State, Text
from caseapp.domain.workflow.fields import shown as is_shown
from caseapp.domain.workflow.proposals import obstacles_to_propose
from caseapp.domain.workflow.situation import Actor, Officer
from caseapp.queries.case_clocks import ClockLine, binding_clock, clock_lines
from caseapp.queries.case_images import image_at, load
from caseapp.queries.next_steps import Obstacle, Offers, Opening, obstacles_of, offers_of, openings_of
from caseapp.queries.signers import Signer, by_and_for, signed_by, signer_of
from caseapp.queries.situations import people_of, situation_of
from caseapp.queries.staff import staff_of
from caseapp.queries.told_days import told_day
from caseapp.queries.told_values import ToldValue, people_in, told_values

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of an approval: signed, waited for, or to come.

    by        who signed; `waits_for` who may sign the step that is waited for
    """

    name: Text
    role: Words
    verdict: str
    by: str = ""
    on: date | None = None
    opinion: str = ""
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """A request under way.

    obstacles  why the reader may not sign it; () = may
    own        whether the reader asked for it himself and can take it back
    """

    id: str
    proceeding: str
    action: Text
    by: str
    on: date
    steps: tuple[StepLine, ...]
    values: tuple[ToldValue, ...]
    obstacles: tuple[Obstacle, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act taken in a proceeding."""

    seq: int
    name: Text
    on: date
    actor: str
    to: Text


@dataclass(frozen=True, slots=True)
class ProceedingPart:
    """One proceeding of the case: the main one first."""

    id: str
    procedure: Procedure
    image: ProceedingImage
    state: State
    offers: Offers | None
    clocks: tuple[ClockLine, ...]
    pending: PendingApproval | None
    acts: tuple[ActLine, ...]

    @property
    def active(self) -> bool:
        """Return whether it is not closed."""
        return self.state.category is not Category.CLOSED

    @property
    def shown(self) -> tuple[ToldValue, ...]:
        """Return what the definition shows beside the state, as entered last; what the form hides is left out."""
        known, found = self.image.facts, []
        for action in self.procedure.actions:
            told = {
                field.fact_name: known[field.fact_name]
                for field in action.fields
                if field.fact_name in self.procedure.shows and field.fact_name in known and is_shown(field, known)
            }
            if told:
                found.append(told_values(action, told, {}))
        return found[0] if found else ()

    @property
    def binding(self) -> ClockLine | None:
        """Return the clock of this proceeding that binds next."""
        return binding_clock(self.clocks)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """An issued document. voided: it is void; replaces: number or title of the one in whose place it was issued.

    again  (proceeding, action) of the form that issues it anew: of a void paper that nothing has replaced
    """

    id: str
    title: str
    number: str | None
    action: Text | str
    issued_on: date
    type: str = ""
    scanned: bool = False
    publishable: bool = False
    voided: bool = False
    replaces: str = ""
    again: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case as its page shows it.

    openings     side procedures that may be opened; none where the page looks back or nobody may act
    version      of the stored case: what a form made from this page has seen
    as_of, known_at  set where the page looks back in time; nothing can be done from there
    people       id -> name of everybody the case names
    organ, division  names
    may_propose  whether the actor may ask the head of the organ to decide about the case as a whole
    """

    id: str
    version: int
    image: CaseImage
    organ: Words
    division: Words
    parts: tuple[ProceedingPart, ...]
    documents: tuple[DocumentLine, ...]
    binding: ClockLine | None
    people: Mapping[str, str]
    as_of: date | None = None
    known_at: datetime | None = None
    staff: Mapping[str, Officer] = field(default_factory=dict)
    openings: tuple[Opening, ...] = ()
    may_propose: bool = False

    @property
    def main(self) -> ProceedingPart:
        """Return the main proceeding."""
        return self.parts[0]

    @property
    def number(self) -> str:
        """Return the number by which people call the case."""
        return self.image.display_number()

    @property
    def officers(self) -> tuple[str, ...]:
        """Return the names of the officers in charge, the leading one first."""
        return tuple(self.people.get(officer, officer) for officer in self.image.officers)

    @property
    def looks_back(self) -> bool:
        """Return whether the page shows another day, or another day's knowledge."""
        return self.as_of is not None or self.known_at is not None

    @property
    def clocks(self) -> tuple[ClockLine, ...]:
        """Return the clocks of every proceeding."""
        return tuple(line for part in self.parts for line in part.clocks)

    @property
    def pending(self) -> tuple[PendingApproval, ...]:
        """Return the requests under way."""
        return tuple(part.pending for part in self.parts if part.pending is not None)

    def milestone(self, kind: str) -> Milestone | None:
        """Return the latest milestone of a kind."""
        return next((one for one in reversed(self.image.milestones) if one.kind is MilestoneKind(kind)), None)


def case_page(ctx: Context, case_id: str, *, as_of: date | None = None, known_at: datetime | None = None) -> CasePage:
    """Return a case for its page. The caller has asked whether the actor may see it.

    as_of, known_at  the case as it stood at the end of that day, as it was known at that instant

    raises  NotFound, also where it was not there yet on that day
    """
    loaded = load(ctx, case_id)
    back = as_of is not None or known_at is not None
    image = image_at(ctx, case_id, as_of=as_of, known_at=known_at) if back else loaded.image
    if image is None:
        raise NotFound(Message(N_("该日期、该时点时还没有这件案件")))
    staff = staff_of(ctx, image.organ, people_of(image))
    names = {person.id: person.name for person in staff.values()}
    moment: date | datetime = (as_of or ctx.today()) if back else ctx.now()
    parts = tuple(_part(ctx, image, item, moment, staff, names, back=back) for item in image.proceedings)
    return CasePage(
        id=image.id,
        version=loaded.version,
        image=image,
        organ=organ_name(ctx, image.organ),
        division=ctx.law.divisions.name(image.division),
        parts=parts,
        documents=_documents(ctx, image),
        binding=binding_clock([line for part in parts for line in part.clocks]),
        people=names,
        as_of=as_of,
        known_at=known_at,
        staff=staff,
        openings=() if back else openings_of(ctx, image, staff=staff),
        may_propose=not back and not obstacles_to_propose(image, ctx.actor),
    )


def organ_name(ctx: Context, organ_id: str) -> Words:
    """Return the full name of an organ; an id that is not known here (an import's) is its own name."""
    if organ_id in ctx.law.organs:
        return ctx.law.organs.get(organ_id).name
    return {"zh": organ_id, "en": organ_id}


def _part(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    moment: date | datetime,
    staff: Mapping[str, Officer],
    names: Mapping[str, str],
    *,
    back: bool,
) -> ProceedingPart:
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    offers = None
    if not back:
        offers = offers_of(
            ctx, image, proceeding, situation=situation_of(ctx, image, proceeding, on=ctx.today(), staff=staff)
        )
    request = image.pending_approval(proceeding.id)
    return ProceedingPart(
        id=proceeding.id,
        procedure=procedure,
        image=proceeding,
        state=procedure.state(proceeding.state),
        offers=offers,
        clocks=clock_lines(ctx.law, proceeding, moment),
        pending=_pending(ctx, image, procedure, request, staff, names) if request is not None and not back else None,
        acts=_acts(procedure, proceeding, names),
    )


def _acts(procedure: Procedure, proceeding: ProceedingImage, names: Mapping[str, str]) -> tuple[ActLine, ...]:
    lines = []
    for act in proceeding.acts:
        action = procedure.action(act.action)
        lines.append(
            ActLine(
                seq=act.seq,
                name=action.name if action else Text(act.action, act.action),
                on=told_day(act),
                actor=by_and_for(act.actor, act.principal, names) if act.actor in names else "",
                to=procedure.state(act.to).name,
            )
        )
    return tuple(lines)


def _pending(
    ctx: Context,
    image: CaseImage,
    procedure: Procedure,
    request: ApprovalImage,
    staff: Mapping[str, Officer],
    names: Mapping[str, str],
) -> PendingApproval | None:
    action = asked_action(procedure, request.action, ctx.law.corrections)
    if action is None:
        return None
    waiting = waiting_step(action, request)
    signer = signer_of(ctx, image, request, waiting) if waiting is not None else Signer()
    by_id = {step.id: step for step in action.approval}
    lines = []
    for step_id in request.steps:
        step = by_id.get(step_id)
        if step is None:
            continue
        signed = next((item for item in reversed(request.signatures) if item.step == step_id), None)
        waits_for: tuple[str, ...] = ()
        if step_id == request.step:
            waits_for = tuple(
                person.name
                for person in staff.values()
                if person.active
                and step.role in person.roles
                and person.organ == image.organ
                and not obstacles_to_sign(
                    image,
                    request,
                    step,
                    Actor(person.id, person.name, person.organ, person.roles),
                    organs_above=ctx.law.organs.upward(image.organ),
                )
            )
        lines.append(
            StepLine(
                name=step.name,
                role=ROLE_NAMES[step.role],
                verdict=signed.verdict if signed else "waiting" if step_id == request.step else "",
                by=signed_by(signed, names) if signed else "",
                on=signed.on if signed else None,
                opinion=signed.opinion if signed else "",
                waits_for=waits_for,
            )
        )
    known = {**names, **{one: names.get(one, one) for one in people_in(action, request.fields)}}
    return PendingApproval(
        id=request.id,
        proceeding=request.proceeding,
        action=action.name,
        by=by_and_for(request.by, request.principal, names),
        on=request.on,
        steps=tuple(lines),
        values=told_values(action, request.fields, known),
        obstacles=obstacles_of(signer.obstacles, staff),
        own=ctx.actor.id in (request.by, request.principal),
    )


def _issued_by(ctx: Context, type_id: str) -> Text:
    words = ctx.law.documents[type_id].issued_by
    return Text(words["zh"], words["en"])


def _documents(ctx: Context, image: CaseImage) -> tuple[DocumentLine, ...]:
    lines = []
    followed = {document.replaces for document in image.documents}
    for document in reversed(image.documents):
        proceeding = image.proceeding(document.proceeding)
        action = (
            ctx.law.procedures.pinned(proceeding.procedure, proceeding.version).action(document.action)
            if proceeding
            else None
        )
        replaced = image.document(document.replaces) if document.replaces else None
        is_void = document.voided_by is not None
        may_come_again = is_void and action is not None and action.paper and document.id not in followed
        publishable = document.type in ctx.law.documents and ctx.law.documents[document.type].publishable
        lines.append(
            DocumentLine(
                id=document.id,
                title=document.title,
                number=document.number,
                action=action.name if action else _issued_by(ctx, document.type),
                issued_on=document.issued_on,
                type=document.type,
                scanned=bool(document.scan),
                publishable=publishable and not is_void,
                voided=is_void,
                replaces=replaced.number or replaced.title if replaced is not None else "",
                again=(document.proceeding, document.action) if may_come_again else None,
            )
        )
    return tuple(lines)
