"""One case of the demonstration in somebody's hands: it drives the services as the people of the organ would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from caseapp.context import Context
from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.events import Json, legal_date
from caseapp.queries.case_images import load
from caseapp.services import case_act, case_approve, case_facts, case_intake, case_note, referral_answer
from caseapp.services.case_act import Outcome
from caseapp.services.demo import texts
from caseapp.services.demo.clock import SettableClock, office_hour, working_later
from caseapp.services.demo.matter import Matter
from caseapp.services.demo.people import Crew, Person
from caseapp.services.demo.words import ROADS
from caseapp.services.proceeding_open import open_proceeding

Course = Iterator[datetime]
"""A case's course: does what is to be done now, then gives the instant at which it goes on."""

DECISIONS: Final = frozenset(
    {"decide_penalty", "decide_no_penalty", "decide_not_established", "decide_to_move", "decide_to_transfer"}
)


@dataclass(frozen=True, slots=True)
class CasePlan:
    """One case as planned: where, when and which story.

    received_on  the day the lead came in, at times before it was entered
    officers     places in the organ's list of officers, the lead officer first
    papers       whether its documents are issued
    """

    ordinal: int
    story: str
    organ: str
    division: str
    registered_at: datetime
    received_on: date
    procedure: str
    matter: Matter
    source: str
    channel: str
    campaigns: tuple[str, ...]
    officers: tuple[int, ...]
    papers: bool
    seed: str


@dataclass(slots=True)
class Stage:
    """What all cases share: the system's Context under the demonstration's clock, the people, the liaisons of the
    other organs, and the cases filed so far.

    prints  whether documents can be printed here: without, the newest cases have no papers either
    """

    ctx: Context
    clock: SettableClock
    crews: Mapping[str, Crew]
    liaisons: Mapping[str, Person]
    prints: bool
    filed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def calendar(self) -> WorkingCalendar:
        """Return the calendar by which offices are open."""
        return self.ctx.law.calendar


@dataclass(slots=True)
class Hand:
    """A case being worked on.

    grounds  why legal review is mandatory, so that the decision also needs the reviewer's signature; None = not settled
             yet
    """

    stage: Stage
    plan: CasePlan
    chance: Random
    matter: Matter
    case_id: str = ""
    proceeding: str = ""
    version: int = 0
    number: str = ""
    filed_on: date | None = None
    grounds: tuple[str, ...] | None = None
    told: dict[str, Json] = field(default_factory=dict)
    sides: dict[str, str] = field(default_factory=dict)
    _contexts: dict[str, Context] = field(default_factory=dict)

    @property
    def reviewed_legally(self) -> bool:
        """Return whether the case has to go to legal review."""
        return bool(self.grounds)

    # --- Who and when --------------------------------------------------------------------------------------------

    @property
    def crew(self) -> Crew:
        """Return the people of the organ."""
        return self.stage.crews[self.plan.organ]

    @property
    def officers(self) -> tuple[Person, ...]:
        """Return the officers in charge as planned, the lead officer first."""
        return tuple(self.crew.officers[place] for place in self.plan.officers)

    @property
    def officer(self) -> Person:
        """Return the lead officer."""
        return self.officers[0]

    @property
    def officer_ids(self) -> list[Json]:
        """Return the ids of the officers, as forms carry them."""
        return [person.actor.id for person in self.officers]

    @property
    def today(self) -> date:
        """Return the demonstration's day."""
        return legal_date(self.stage.clock.at)

    def later(self, low: int, high: int | None = None) -> datetime:
        """Return an office hour `low` to `high` working days from now."""
        days = self.chance.randint(low, low if high is None else high)
        return working_later(self.stage.clock.at, days, self.stage.calendar, self.chance)

    def soon(self) -> datetime:
        """Return an instant within the hour, whatever the office hours: people stand at the stall."""
        return self.stage.clock.at + timedelta(minutes=self.chance.randint(9, 38), seconds=self.chance.randint(0, 59))

    def on_day(self, day: date) -> datetime:
        """Return an office hour of that day, or of the next working day where it is none; never before now."""
        working = self.stage.calendar.on_or_after(max(day, self.today))
        return office_hour(working, self.chance, after=self.stage.clock.at if working == self.today else None)

    def after_days(self, days: int) -> datetime:
        """Return an office hour at least so many calendar days from now."""
        return self.on_day(self.today + timedelta(days=days))

    # --- Acting --------------------------------------------------------------------------------------------------

    def register(self) -> None:
        """Enter the lead, or a party's request, as the intake clerk does."""
        plan, matter = self.plan, self.matter
        parties = [matter.respondent]
        if matter.holder is not None:
            asks = plan.source in ("complaint", "request")
            parties.append(replace(matter.holder, role="complainant" if asks else "right_holder"))
        requested = plan.source == "request"
        if requested:
            address = {"address": f"南通市{self.chance.choice(ROADS)}{self.chance.randint(3, 188)}号"}
            parties = [replace(parties[-1], personal=address), parties[0]]
        draft = case_intake.LeadDraft(
            division=plan.division,
            ip_types=matter.ip_types,
            source=plan.source,
            summary=texts.request_summary(matter) if requested else texts.summary(matter, plan.source, plan.channel),
            received_on=plan.received_on,
            procedure=plan.procedure,
            organ=plan.organ,
            title="" if requested else matter.title,
            channel=plan.channel,
            campaigns=plan.campaigns,
            parties=tuple(parties),
            rights=matter.rights,
            goods=matter.goods,
            act_from=matter.act_from,
            act_to=matter.act_to,
        )
        reference = case_intake.register_lead(self._as(self.crew.intake), draft)
        self.case_id, self.version, self.number = reference.id, reference.version, reference.number
        self.proceeding = self._proceeding()

    def as_officer(self) -> Context:
        """Return the Context in which the lead officer acts now."""
        return self._as(self.officer)

    def act(self, action: str, fields: Mapping[str, Json] | None = None, *, by: Person | None = None) -> Outcome:
        """Take a step now; by the lead officer unless somebody is named."""
        outcome = case_act.act(
            self._as(by or self.officer),
            self.case_id,
            self.proceeding,
            action,
            fields or {},
            seen_version=self.version,
        )
        return self._noted(outcome)

    def approved(
        self,
        action: str,
        fields: Mapping[str, Json] | None = None,
        *,
        by: Person | None = None,
        pace: tuple[int, int] = (0, 1),
        wait: Mapping[str, tuple[int, int]] | None = None,
    ) -> Course:
        """Ask for approval now and have it signed, each step `pace` working days after the one before.

        wait  other spans for single steps, by role: head, legal, leader
        """
        request = self.act(action, fields, by=by)
        assert request.approval is not None, action
        for role, signer in self.signers(action):
            yield self.later(*(wait or {}).get(role, pace))
            outcome = self.sign(request.approval, signer, texts.opinion(action))
        assert outcome.status == "acted", (action, outcome.status)
        if outcome.number != self.number:
            self.number = outcome.number
            self.filed_on = self.today
            self.stage.filed.setdefault(self.plan.organ, []).append(self.number)

    def signers(self, action: str) -> list[tuple[str, Person]]:
        """Return who signs a request of that action, in order."""
        head, leader = self.crew.heads[0], self.crew.leaders[0 if self.chance.random() < 0.8 else 1]
        chain = [("head", head), ("leader", leader)]
        if action in DECISIONS and self.reviewed_legally:
            chain.insert(1, ("legal", self.crew.reviewers[0]))
        return chain

    def sign(self, approval: str, by: Person, opinion: str, *, verdict: str = "signed") -> Outcome:
        """Sign one step now, or return the request."""
        outcome = case_approve.sign(self._as(by), approval, verdict=verdict, opinion=opinion, seen_version=self.version)
        return self._noted(outcome)

    def beside(
        self, procedure: str, action: str, fields: Mapping[str, Json] | None = None, *, by: Person | None = None
    ) -> Outcome:
        """Take a step in the side proceeding of a procedure now; the first one opens it."""
        ctx = self._as(by or self.officer)
        if procedure in self.sides:
            proceeding = self.sides[procedure]
            outcome = case_act.act(ctx, self.case_id, proceeding, action, fields or {}, seen_version=self.version)
        else:
            outcome = open_proceeding(ctx, self.case_id, procedure, action, fields or {}, seen_version=self.version)
            self.sides[procedure] = outcome.proceeding
        return self._noted(outcome)

    def answer(self, kind: str, procedure: str, action: str, fields: Mapping[str, Json]) -> Outcome:
        """Take a step in a side proceeding now as another organ does; kind: police | procuratorate | court."""
        division = self.stage.ctx.law.organs.get(self.plan.organ).division
        liaison = self._as(self.stage.liaisons[f"{division}-{kind}"])
        return self._noted(referral_answer.answer(liaison, self.sides[procedure], action, fields, seen_acts=None))

    def beside_approved(
        self, procedure: str, action: str, fields: Mapping[str, Json], *signers: Person, pace: tuple[int, int] = (0, 0)
    ) -> Course:
        """Ask for approval of a step in a side proceeding now, and have it signed one after the other."""
        request = self.beside(procedure, action, fields)
        assert request.approval is not None, action
        for signer in signers:
            yield self.later(*pace)
            outcome = self.sign(request.approval, signer, texts.opinion(action))
        assert outcome.status == "acted", (action, outcome.status)

    def withdraw(self, approval: str) -> Outcome:
        """Take one's own request back."""
        return self._noted(case_approve.withdraw(self._as(self.officer), approval, seen_version=self.version))

    def note(self, text: str) -> None:
        """Add a note, as the lead officer."""
        self.version = case_note.add(self._as(self.officer), self.case_id, text).version

    def change(self, changes: Mapping[str, object], reason: str) -> None:
        """Change facts of the case, as the lead officer."""
        reference = case_facts.change(
            self._as(self.officer), self.case_id, changes, reason=reason, seen_version=self.version
        )
        self.version = reference.version

    def add_party(self, draft: case_intake.PartyDraft, reason: str) -> None:
        """Add a party, as the lead officer."""
        reference = case_facts.add_party(
            self._as(self.officer), self.case_id, draft, reason=reason, seen_version=self.version
        )
        self.version = reference.version

    # --- Inside --------------------------------------------------------------------------------------------------

    def _noted(self, outcome: Outcome) -> Outcome:
        self.version = outcome.version
        return outcome

    def _as(self, person: Person) -> Context:
        known = self._contexts.get(person.login)
        if known is None:
            papers = self.plan.papers and self.stage.prints
            known = replace(self.stage.ctx, actor=person.actor, scope=person.scope.value, issues_documents=papers)
            self._contexts[person.login] = known
        return known

    def _proceeding(self) -> str:
        return load(self.stage.ctx, self.case_id).image.main.id


Teller = Callable[[Hand], Course]
"""A story: given a case, tells its course."""
