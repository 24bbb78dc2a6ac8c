"""What may be done next in a proceeding, in the words and the order in which a page offers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from caseapp.context import Context
from caseapp.domain.errors import Message, Unmet
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.roles import ROLE_NAMES, Role
from caseapp.domain.workflow import sides
from caseapp.domain.workflow.available import Availability, available, papers_available
from caseapp.domain.workflow.definition import Citation, Procedure, Text
from caseapp.domain.workflow.situation import Officer, Situation
from caseapp.queries.situations import situation_of, standings

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One unmet condition: the sentence, the article, and who can cure it (role names, or a person's).

    guard  the condition's id in `caseapp.domain.workflow.guards`
    """

    message: Message
    article: str
    cures: tuple[Words, ...]
    guard: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One action from the present state.

    obstacles  () = its form can be opened; the others say why not
    mine       whether the actor holds a role that takes this step at all
    meets      rule ids of the clocks it would meet
    behalf     name of the principal for whom the actor would take it as a deputy, '' where for himself
    steps      names of the approval steps it goes through
    """

    proceeding: str
    action: str
    name: Text
    help: Text | None
    primary: bool
    mine: bool
    obstacles: tuple[Obstacle, ...]
    roles: tuple[Words, ...]
    citations: tuple[Citation, ...]
    steps: tuple[Text, ...]
    meets: tuple[str, ...]
    behalf: str = ""

    @property
    def open(self) -> bool:
        """Return whether its form can be opened now."""
        return not self.obstacles


@dataclass(frozen=True, slots=True)
class Offers:
    """The actions of one proceeding, sorted for a page.

    first    the ones the case waits for, open
    others   further ones, open
    blocked  the actor's own, closed for now, each with its reasons
    done     the actor's own that are taken once and were
    elsewhere  steps of other roles
    """

    proceeding: str
    first: tuple[Offer, ...]
    others: tuple[Offer, ...]
    blocked: tuple[Offer, ...]
    done: tuple[Offer, ...]
    elsewhere: tuple[Offer, ...]

    @property
    def any(self) -> bool:
        """Return whether the state knows any action at all."""
        return bool(self.first or self.others or self.blocked or self.done or self.elsewhere)


def offers_of(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    *,
    staff: Mapping[str, Officer] | None = None,
    situation: Situation | None = None,
) -> Offers:
    """Return what the actor may do in a proceeding today, and why the rest must wait.

    staff  people by id, where the caller has read them already: nothing is read then
    """
    if situation is None:
        situation = situation_of(ctx, image, proceeding, on=ctx.today(), staff=staff)
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    offers = _best_offers(ctx, procedure, situation, available)
    opened = [offer for offer in offers if offer.open]
    shut = sorted((one for one in offers if one.mine and not one.open), key=lambda one: not one.primary)
    return Offers(
        proceeding=proceeding.id,
        first=tuple(offer for offer in opened if offer.primary),
        others=tuple(offer for offer in opened if not offer.primary),
        blocked=tuple(one for one in shut if not _is_done(one)),
        done=tuple(one for one in shut if _is_done(one)),
        elsewhere=tuple(one for one in offers if not one.mine),
    )


def papers_of(
    ctx: Context, image: CaseImage, proceeding: ProceedingImage, *, staff: Mapping[str, Officer] | None = None
) -> tuple[Offer, ...]:
    """Return the papers that the actor may issue in a proceeding without a step, those open now first."""
    situation = situation_of(ctx, image, proceeding, on=ctx.today(), staff=staff)
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    offers = _best_offers(ctx, procedure, situation, papers_available)
    return tuple(sorted((one for one in offers if one.mine), key=lambda one: not one.open))


Asked = Callable[[Procedure, Situation], Iterable[Availability]]


def _best_offers(ctx: Context, procedure: Procedure, situation: Situation, asked: Asked) -> list[Offer]:
    """Return each action as the actor may take it himself, else as a deputy may where he cannot."""
    own, *stood_for = (
        (standing, [_offer(one, standing) for one in asked(procedure, standing)])
        for standing in standings(ctx, situation)
    )
    offers = own[1]
    for standing, others in stood_for:
        offers = [
            replace(other, behalf=standing.actor.name) if other.open and not one.open else one
            for one, other in zip(offers, others, strict=True)
        ]
    return offers


@dataclass(frozen=True, slots=True)
class Opening:
    """A side procedure that goes with the case: the acts with which one may be opened, or why none can.

    offers  those of the actor's own role
    shut    why the state of the main proceeding bars it; () = the offers say what else stands in the way
    """

    procedure: Text
    offers: tuple[Offer, ...]
    shut: tuple[Obstacle, ...]
    elsewhere: tuple[Offer, ...] = ()

    @property
    def open(self) -> bool:
        """Return whether the actor may open the form of one of the acts now."""
        return not self.shut and any(offer.open for offer in self.offers)


def openings_of(ctx: Context, image: CaseImage, *, staff: Mapping[str, Officer] | None = None) -> tuple[Opening, ...]:
    """Return the side procedures that the actor may open beside the case's main one, and why not the others.

    staff  people by id, where the caller has read them already
    """
    found = []
    for procedure in sides.openable(image, ctx.law.procedures):
        proceeding = sides.unopened(procedure, ctx.today())
        situation = situation_of(ctx, image, proceeding, on=ctx.today(), staff=staff)
        offers = [
            offer
            for offer in _best_offers(ctx, procedure, situation, available)
            if sides.begins_with(procedure, offer.action)
        ]
        shut = sides.opening_obstacles(procedure, image, ctx.law.procedures)
        found.append(
            Opening(
                procedure=procedure.name,
                offers=tuple(one for one in offers if one.mine),
                shut=obstacles_of(shut, situation.staff),
                elsewhere=tuple(one for one in offers if not one.mine),
            )
        )
    return tuple(found)


def _is_done(offer: Offer) -> bool:
    """Return whether nothing stands in the way but that the act was taken already."""
    return all(one.guard == "act_not_done" for one in offer.obstacles)


def next_step(offers: Offers, rule: str) -> Offer | None:
    """Return the one action to put beside a clock: what the case waits for, best where it meets the clock.

    Where what it waits for is blocked, that is returned with its reasons, before any other way out of the state.
    """
    others = [offer for offer in offers.others if rule in offer.meets]
    waited = [offer for offer in offers.blocked if offer.primary]
    candidates = (*_meeting_first(offers.first, rule), *_meeting_first(waited, rule), *others)
    return next(iter(candidates), None)


def _meeting_first(offers: Iterable[Offer], rule: str) -> list[Offer]:
    return sorted(offers, key=lambda offer: rule not in offer.meets)


def obstacles_of(unmet: Iterable[Unmet], staff: Mapping[str, Officer]) -> tuple[Obstacle, ...]:
    """Return unmet conditions with their cures in words.

    staff  people by id, for cures that name a person
    """
    return tuple(Obstacle(one.message, one.article, cures_of(one.cure, staff), one.guard) for one in unmet)


def cures_of(cure: str, staff: Mapping[str, Officer]) -> tuple[Words, ...]:
    """Return who can cure an unmet condition: '' nobody, a role id, several with '|' between them, or a person's id."""
    return tuple(_cure(part, staff) for part in cure.split("|") if part)


def _cure(part: str, staff: Mapping[str, Officer]) -> Words:
    if part in set(Role):
        return ROLE_NAMES[Role(part)]
    name = staff[part].name if part in staff else part
    return {"zh": name, "en": name}


def _offer(one: Availability, situation: Situation) -> Offer:
    action, staff = one.action, situation.staff
    mine = bool(situation.actor.roles & set(action.roles))
    unmet: Sequence[Unmet] = one.unmet if mine else [item for item in one.unmet if item.guard == "role"]
    return Offer(
        proceeding=situation.proceeding.id,
        action=action.id,
        name=action.name,
        help=action.help,
        primary=action.primary,
        mine=mine,
        obstacles=obstacles_of(unmet, staff),
        roles=tuple(ROLE_NAMES[role] for role in action.roles),
        citations=action.citations,
        steps=tuple(step.name for step in one.steps),
        meets=action.clocks.meets,
    )
