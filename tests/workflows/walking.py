"""Walking a shipped procedure act by act, without services or database: decide, fold, look at the clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from caseapp.adapters.amount_files import load_amounts
from caseapp.adapters.calendar_files import load_calendar
from caseapp.adapters.clock_files import load_rule_book
from caseapp.adapters.definition_files import load_procedures
from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.clocks.compute import due
from caseapp.domain.clocks.rules import RuleBook
from caseapp.domain.events import LEGAL_ZONE, Entry, EntryKind, Precision
from caseapp.domain.facts import CaseImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow import replay
from caseapp.domain.workflow.amounts import AmountTable
from caseapp.domain.workflow.available import Availability, available
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.engine import decide
from caseapp.domain.workflow.situation import Actor, Officer, Situation
from caseapp.domain.workflow.timing import clocks_of, views_of

WORKFLOWS = Path(__file__).parents[2] / "workflows"
ORGAN = "320600-ip"
FIRST, SECOND, REVIEWER, HEAD, LEADER = "officer-1", "officer-2", "reviewer-1", "head-1", "leader-1"
THIRD = "officer-3"
ROLES = {
    FIRST: Role.OFFICER,
    SECOND: Role.OFFICER,
    THIRD: Role.OFFICER,
    REVIEWER: Role.LEGAL_REVIEWER,
    HEAD: Role.SECTION_HEAD,
    LEADER: Role.LEADER,
}


@cache
def rules() -> RuleBook:
    return load_rule_book([WORKFLOWS])


@cache
def calendar() -> WorkingCalendar:
    return load_calendar([WORKFLOWS])


@cache
def procedures() -> ProcedureSet:
    return load_procedures([WORKFLOWS], rules=rules())


@cache
def amounts() -> AmountTable:
    return load_amounts([WORKFLOWS])


def staff() -> dict[str, Officer]:
    return {
        user: Officer(
            id=user,
            name=user,
            organ=ORGAN,
            roles=frozenset({role}),
            certificate_number=f"32060{index}" if role is Role.OFFICER else None,
            certificate_until=date(2030, 12, 31) if role is Role.OFFICER else None,
        )
        for index, (user, role) in enumerate(ROLES.items())
    }


def last_day(rule_id: str, start: date) -> date | None:
    rule = rules().find(rule_id, start)
    return None if rule is None else due(rule, calendar=calendar(), started_on=start).on


@dataclass
class Walk:
    """One case on its way. `take` does an act at once: approvals are taken to be granted."""

    procedure_id: str
    opened_on: date
    party_kind: str = "organisation"
    about: Mapping[str, Any] = field(default_factory=dict)
    today: date = field(init=False)
    image: CaseImage = field(init=False)
    seq: int = 1

    def __post_init__(self) -> None:
        self.today = self.opened_on
        procedure = procedures().get(self.procedure_id)
        opening = procedure.opening
        case = {
            "id": "case-1",
            "title": "某公司涉嫌侵犯注册商标专用权案",
            "organ": ORGAN,
            "division": "320613",
            "ip_types": ["trademark"],
            "parties": [{"id": "p1", "role": "respondent", "kind": self.party_kind, "name": "某公司"}],
            **self.about,
        }
        payload: dict[str, Any] = {
            "case": case,
            "proceeding": {"id": "main", "procedure": procedure.id, "version": procedure.version},
            "starts": list(procedure.opening_clocks.starts),
        }
        if opening is not None:
            payload["milestone"] = {"kind": opening.kind.value, "on": self.today.isoformat(), "precision": "day"}
        self.image = replay.apply(None, self._entry(EntryKind.OPENED, "clerk", payload), procedures())

    @property
    def state(self) -> str:
        return self.image.main.state

    def situation(self, user: str) -> Situation:
        clocks = clocks_of(self.image.main, rules(), calendar(), as_of=self.today)
        return Situation(
            case=self.image,
            proceeding=self.image.main,
            actor=Actor(user, user, ORGAN, frozenset({ROLES[user]})),
            on=self.today,
            clocks=views_of(clocks),
            staff=staff(),
            law=amounts().at(self.today),
            due_on=last_day,
        )

    def available(self, user: str = FIRST) -> dict[str, Availability]:
        procedure = procedures().get(self.procedure_id)
        return {item.action.id: item for item in available(procedure, self.situation(user))}

    def open_actions(self, user: str = FIRST) -> set[str]:
        return {name for name, item in self.available(user).items() if item.open}

    def steps(self, action: str, user: str = FIRST, /, **values: Any) -> list[str]:
        """Return the approval steps an act would go through, without doing it."""
        procedure = procedures().get(self.procedure_id)
        return [step.id for step in decide(procedure, self.situation(user), action, values, today=self.today).steps]

    def take(self, action: str, user: str = FIRST, /, *, on: date | None = None, **values: Any) -> Walk:
        """Take one act; `on` moves the calendar forward first."""
        if on is not None:
            self.today = on
        procedure = procedures().get(self.procedure_id)
        decision = decide(procedure, self.situation(user), action, values, today=self.today)
        payload: dict[str, Any] = {
            "proceeding": "main",
            "procedure": procedure.id,
            "version": procedure.version,
            "action": action,
            "from": decision.from_state,
            "to": decision.to_state,
            "saved": decision.saved,
            "facts": dict(decision.facts),
            "milestone": dict(decision.milestone) if decision.milestone else None,
            "starts": list(decision.action.clocks.started(decision.facts)),
            "meets": list(decision.action.clocks.meets),
            "ends": list(decision.action.clocks.ends),
            "extends": [dict(item) for item in decision.extends],
            "case": self._case_patch(decision.action.effects, decision.facts),
        }
        entry = self._entry(EntryKind.ACTED, user, payload, on=decision.on)
        self.image = replay.apply(self.image, entry, procedures())
        return self

    def clock(self, rule: str) -> tuple[date | None, date | None, bool | None]:
        """Return (due, ended, met) of the latest clock of a rule."""
        view = self.situation(FIRST).clock(rule)
        assert view is not None, f"no clock {rule}"
        return view.due_on, view.ended_on, view.met

    def _case_patch(self, effects: Any, facts: Any) -> dict[str, Any]:
        patch: dict[str, Any] = {}
        for effect in effects:
            if effect.name == "assign_officers" and facts.get(effect.params["from_field"]):
                patch["officers"] = list(facts[effect.params["from_field"]])
            if effect.name == "number_case":
                patch["number"] = "通知知执字〔2026〕1号"
        return patch

    def _entry(self, kind: EntryKind, user: str, payload: dict[str, Any], on: date | None = None) -> Entry:
        at = datetime.combine(on or self.today, time(9), tzinfo=LEGAL_ZONE)
        entry = Entry(self.seq, kind, at, at, user, payload, Precision.DAY)
        self.seq += 1
        return entry
