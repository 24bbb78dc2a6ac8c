"""The form of one action: what it will do, what it rests on, what is already known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from caseapp.context import Context
from caseapp.domain.clocks.compute import due
from caseapp.domain.clocks.rules import ClockRule, Unit
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import Json
from caseapp.domain.evidence import evidence_lines
from caseapp.domain.facts import ApprovalImage, CaseImage, ProceedingImage
from caseapp.domain.roles import ADMINISTRATORS, Role
from caseapp.domain.workflow import sides
from caseapp.domain.workflow.available import Availability, available, papers_available
from caseapp.domain.workflow.cited import citations_of, clock_began
from caseapp.domain.workflow.definition import (
    MAIN,
    PREVIOUS,
    SAME,
    Action,
    ApprovalStep,
    Citation,
    FieldKind,
    Kind,
    Procedure,
    Text,
)
from caseapp.domain.workflow.situation import Officer, Situation
from caseapp.queries.case_images import load
from caseapp.queries.case_page import organ_name
from caseapp.queries.next_steps import Obstacle, obstacles_of
from caseapp.queries.related_cases import cases_offered
from caseapp.queries.situations import people_of, situation_of, standings
from caseapp.queries.staff import staff_of
from caseapp.queries.told_values import ToldValue, told_values

Words = Mapping[str, str]

_NO_OFFICE = ADMINISTRATORS | {Role.LIAISON, Role.RIGHT_HOLDER, Role.SUPERVISOR, Role.SYSTEM}
"""Roles that take no part in handling cases: who holds nothing else is not offered in forms."""


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """What an action does to a clock. does: start | meet | end | extend; due_on is told where it would start today."""

    does: str
    rule: str
    name: Words
    limit: int
    unit: str
    citation: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class EndedRequest:
    """The last request for this act, where it came to nothing: the form begins with what was entered then.

    status   returned | withdrawn | void
    by       name of who returned it, '' otherwise; opinion: why
    """

    status: str
    on: date
    by: str = ""
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Everything the form of an action shows beside its fields.

    version    of the case: what the form will have seen
    obstacles  () = it can be filled in; else the page shows them and no form
    leads_to   names of the states it may lead to; () = the state stays
    staff      people who may be named in the form
    organs     (id, name) for fields that name an organ
    cases      (number, number and title) for fields that name other cases
    papers     (document type, name) that it issues, some perhaps only where the form says so (`papers_for`)
    facts      what fresh fields are filled with, by fact name
    on         today, in legal time
    leads      id of the field whose first officer leads the case, ''
    ended      the last request for this act where it came to nothing
    behalf     name of the principal for whom the reader would take it as a deputy, '' where for himself
    opens      whether the act opens a side proceeding that is not there yet
    began      start day of the clock whose text governs what is cited
    """

    case: CaseImage
    version: int
    proceeding: ProceedingImage
    procedure: Procedure
    action: Action
    obstacles: tuple[Obstacle, ...]
    state: Text
    leads_to: tuple[Text, ...]
    steps: tuple[ApprovalStep, ...]
    clocks: tuple[ClockEffect, ...]
    papers: tuple[tuple[str, Words], ...]
    staff: tuple[Officer, ...]
    organs: tuple[tuple[str, Words], ...]
    cases: tuple[tuple[str, str], ...]
    facts: Mapping[str, Json]
    people: Mapping[str, str]
    organ: Words
    division: Words
    leads: str
    on: date
    earlier: tuple[tuple[Text, tuple[ToldValue, ...]], ...]
    ended: EndedRequest | None = None
    behalf: str = ""
    opens: bool = False
    began: date | None = None

    def cited(self, *citations: Citation | None) -> tuple[Citation, ...]:
        """Return the articles as they are cited here: by the main procedure and the text the clock began under."""
        known = [one for one in citations if one is not None]
        if self.began is None:
            return tuple(known)
        main = self.case.main.procedure
        return citations_of(self.procedure, known, main=main, began=self.began, on=self.on)

    def papers_for(self, entered: Mapping[str, Json]) -> tuple[tuple[str, Words], ...]:
        """Return the papers issued where the form says this. entered: by fact name"""
        issued = self.action.documents_for(entered)
        return tuple(item for item in self.papers if item[0] in issued)

    @property
    def beside(self) -> bool:
        """Return whether the act is one of a side proceeding."""
        return self.procedure.kind is Kind.SIDE

    @property
    def tells(self) -> str:
        """Return what the act tells the main proceeding: excluded_from, excluded_until, or nothing."""
        return next((telling.kind.value for telling in self.action.tells if telling.to == MAIN), "")


def action_page(ctx: Context, case_id: str, proceeding_id: str, action_id: str) -> ActionPage:
    """Return the page of an action. The caller has asked whether the actor may see the case.

    proceeding_id  may also speak of a side proceeding that the action would open (`sides.spoken_of`)

    raises  NotFound (no such proceeding, no such action in the procedure, or not from the present state)
    """
    loaded = load(ctx, case_id)
    image = loaded.image
    proceeding = sides.spoken_of(image, proceeding_id, ctx.law.procedures, ctx.today())
    if proceeding is None:
        raise NotFound(Message(N_("案件中没有这一办理环节")))
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    action = procedure.action(action_id)
    opens = sides.is_unopened(proceeding)
    if action is None or action.automatic or (opens and not sides.begins_with(procedure, action_id)):
        raise NotFound(Message(N_("程序中没有这一事项")))
    staff = staff_of(ctx, image.organ, people_of(image))
    situation = situation_of(ctx, image, proceeding, on=ctx.today(), staff=staff)
    one, behalf = _availability(ctx, procedure, situation, action)
    if one is None:
        state = procedure.state(proceeding.state).name
        obstacles: tuple[Obstacle, ...] = (
            Obstacle(
                Message(
                    N_("“%(state)s”状态下不能办理“%(action)s”"),
                    {"state": _both(state), "action": _both(action.name)},
                ),
                "",
                (),
            ),
        )
    else:
        unmet = sides.opening_obstacles(procedure, image, ctx.law.procedures) if opens else ()
        obstacles = obstacles_of((*unmet, *one.unmet), staff)
    before = _came_to_nothing(image, proceeding, action)
    names = {person.id: person.name for person in staff.values()}
    return ActionPage(
        case=image,
        version=loaded.version,
        proceeding=proceeding,
        procedure=procedure,
        action=action,
        obstacles=obstacles,
        state=procedure.state(proceeding.state).name,
        leads_to=_leads_to(procedure, proceeding, action),
        steps=one.steps if one else (),
        clocks=_clocks(ctx, proceeding, action),
        papers=tuple((type_id, ctx.law.documents[type_id].name) for type_id in action.documents),
        staff=colleagues(image.organ, staff.values()),
        organs=_organs(ctx, action),
        cases=cases_offered(ctx, image, action),
        facts={**_facts(image, proceeding, action), **(before.fields if before else {})},
        people=names,
        organ=organ_name(ctx, image.organ),
        division=ctx.law.divisions.name(image.division),
        leads=_leading_field(action),
        earlier=_earlier(procedure, proceeding, action, names),
        ended=_ended(before, names) if before else None,
        behalf=behalf,
        opens=opens,
        began=clock_began(procedure, situation, ()),
        on=ctx.today(),
    )


def _availability(
    ctx: Context, procedure: Procedure, situation: Situation, action: Action
) -> tuple[Availability | None, str]:
    """Return how the act stands for the actor, and the name of the principal for whom he would take it."""
    found: Availability | None = None
    offered = papers_available if action.paper else available
    for standing in standings(ctx, situation):
        one = next((item for item in offered(procedure, standing) if item.action is action), None)
        if one is None or not one.unmet:
            return one, standing.actor.name if standing.deputy else ""
        found = found or one
    return found, ""


def _came_to_nothing(image: CaseImage, proceeding: ProceedingImage, action: Action) -> ApprovalImage | None:
    """Return the last request for the act, unless it is under way or was granted."""
    requests = [one for one in image.approvals if one.proceeding == proceeding.id and one.action == action.id]
    return requests[-1] if requests and requests[-1].status not in ("pending", "granted") else None


def _ended(request: ApprovalImage, names: Mapping[str, str]) -> EndedRequest:
    returned = next((one for one in reversed(request.signatures) if one.verdict == "returned"), None)
    if returned is None:
        return EndedRequest(request.status, request.on)
    return EndedRequest(request.status, returned.on, names.get(returned.by, returned.by), returned.opinion)


def colleagues(organ: str, people: Iterable[Officer]) -> tuple[Officer, ...]:
    """Return the active people of an organ who take part in handling cases, officers first, then by name."""
    taking_part = [one for one in people if one.active and one.organ == organ and one.roles - _NO_OFFICE]
    return tuple(sorted(taking_part, key=lambda one: (Role.OFFICER not in one.roles, one.name, one.id)))


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _leads_to(procedure: Procedure, proceeding: ProceedingImage, action: Action) -> tuple[Text, ...]:
    found: list[str] = []
    for post in action.posts:
        to = post.to
        if to == PREVIOUS:
            to = proceeding.saved or ""
        if to and to != SAME and to not in found:
            found.append(to)
    return tuple(procedure.state(state).name for state in found)


def _clocks(ctx: Context, proceeding: ProceedingImage, action: Action) -> tuple[ClockEffect, ...]:
    running = {clock.rule for clock in proceeding.clocks if clock.met is None}
    uses = action.clocks
    effects = [("start", rule) for rule in uses.started({})]
    effects += [("meet", rule) for rule in uses.meets if rule in running]
    effects += [("end", rule) for rule in uses.ends if rule in running]
    effects += [("extend", rule) for rule in uses.extends if rule in running]
    today = ctx.today()
    found = []
    for does, rule_id in effects:
        rule = ctx.law.rules.find(rule_id, today)
        if rule is not None:
            found.append(_effect(ctx, does, rule, today))
    return tuple(found)


def _effect(ctx: Context, does: str, rule: ClockRule, today: date) -> ClockEffect:
    due_on = None
    if does == "start" and rule.unit is not Unit.HOURS:
        due_on = due(rule, calendar=ctx.law.calendar, started_on=today).on
    return ClockEffect(does, rule.id, rule.name, rule.limit, rule.unit.value, rule.citation, due_on)


def _organs(ctx: Context, action: Action) -> tuple[tuple[str, Words], ...]:
    if not any(field.kind is FieldKind.ORGAN for field in action.fields):
        return ()
    return tuple((organ.id, organ.name) for organ in ctx.law.organs if organ.in_force(ctx.today()))


def _facts(image: CaseImage, proceeding: ProceedingImage, action: Action) -> dict[str, Json]:
    """Return what is known under the names of the form's facts: the proceeding's, else the case's own."""
    known: dict[str, Json] = {
        **image.amounts,
        "officers": list(image.officers),
        **({"evidence": lines} if (lines := evidence_lines(image.evidence)) else {}),
        **proceeding.facts,
    }
    assigned = {str(effect.params.get("from_field")) for effect in action.effects if effect.name == "assign_officers"}
    for field in action.fields:
        if field.id in assigned:
            known[field.fact_name] = list(image.officers)
    names: dict[str, str] = {}
    for effect in action.effects:
        values = effect.params.get("values")
        if effect.name == "set_case" and isinstance(values, Mapping):
            names.update({str(field_id): str(item) for item, field_id in values.items()})
    for field in action.fields:
        item = names.get(field.id, "")
        if item.startswith("amounts."):
            known[field.fact_name] = image.amounts.get(item.removeprefix("amounts."))
        elif item in _CASE_WORDS:
            value = getattr(image, item)
            known[field.fact_name] = value.isoformat() if isinstance(value, date) else value
    return known


_CASE_WORDS = ("title", "summary", "channel", "source", "act_from", "act_to")
"""Fields of the case that an act may set from its form."""


def _earlier(
    procedure: Procedure, proceeding: ProceedingImage, action: Action, names: Mapping[str, str]
) -> tuple[tuple[Text, tuple[ToldValue, ...]], ...]:
    left = {
        name: value for name, value in proceeding.facts.items() if name not in {one.fact_name for one in action.fields}
    }
    found = []
    for act in reversed(proceeding.acts):
        done = procedure.action(act.action)
        values = told_values(done, left, names) if done is not None else ()
        if done is not None and values:
            found.append((done.name, values))
            for one in done.fields:
                left.pop(one.fact_name, None)
    return tuple(found)


def _leading_field(action: Action) -> str:
    for effect in action.effects:
        if effect.name == "assign_officers":
            return str(effect.params["from_field"])
    return ""
