"""Small situations for tests of guards: a case with two certified officers, and whatever a test adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from caseapp.domain.events import Milestone, MilestoneKind, Precision
from caseapp.domain.facts import ActRecord, CaseImage, Party, PauseRecord, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.situation import Actor, ClockView, Officer, Situation

TODAY = date(2026, 5, 11)
LAW = {
    "officers_least": 2,
    "simplified_person": 20_000,
    "simplified_organisation": 300_000,
    "cash_on_spot": 10_000,
    "hearing_person": 1_000_000,
    "hearing_organisation": 10_000_000,
    "surcharge_percent_a_day": 3,
    "surcharge_cap_percent": 100,
}


def officer(user: str, *, until: date | None = date(2030, 1, 1), number: str | None = "3206001") -> Officer:
    return Officer(user, f"姓名{user}", "organ", frozenset({Role.OFFICER}), number, None, until)


STAFF = {user: officer(user) for user in ("a", "b", "c")}


def act(action: str, on: date = TODAY, actor: str = "a", seq: int = 0) -> ActRecord:
    return ActRecord(action, actor, on, seq, "somewhere")


def milestone(kind: str, proceeding: str = "main", **details: str | int) -> Milestone:
    return Milestone(
        kind=MilestoneKind(kind),
        on=TODAY,
        precision=Precision.DAY,
        seq=1,
        recorded_at=datetime(2026, 5, 11, tzinfo=UTC),
        order_at=datetime(2026, 5, 11, tzinfo=UTC),
        proceeding=proceeding,
        details=details or None,
    )


def clock(rule: str, due: date | None, *, ended: date | None = None, met: bool | None = None) -> ClockView:
    return ClockView(rule, date(2026, 5, 1), due, ended, met)


def situation(
    *,
    facts: Mapping[str, Any] | None = None,
    form: Mapping[str, Any] | None = None,
    acts: Sequence[str | ActRecord] = (),
    milestones: Sequence[Milestone] = (),
    clocks: Sequence[ClockView] = (),
    pauses: Sequence[PauseRecord] = (),
    officers: Sequence[str] = ("a", "b"),
    actor: str = "a",
    roles: frozenset[Role] = frozenset({Role.OFFICER}),
    party: str | None = "organisation",
    siblings: Sequence[ProceedingImage] = (),
    on: date = TODAY,
    law: Mapping[str, int] | None = None,
    due_on: Any = None,
    procedures: ProcedureSet | None = None,
) -> Situation:
    done = tuple(item if isinstance(item, ActRecord) else act(item, seq=index) for index, item in enumerate(acts))
    proceeding = ProceedingImage(
        id="main",
        procedure="penalty_general",
        version=1,
        state="somewhere",
        category="open",
        opened_on=date(2026, 3, 1),
        entered_on=date(2026, 3, 1),
        facts=facts or {},
        acts=done,
        pauses=tuple(pauses),
    )
    case = CaseImage(
        id="case",
        version=1,
        opened_on=date(2026, 3, 1),
        title="案",
        organ="organ",
        division="320613",
        ip_types=("trademark",),
        parties=(Party("p", "respondent", party, "当事人"),) if party else (),
        officers=tuple(officers),
        proceedings=(proceeding, *siblings),
        milestones=tuple(milestones),
    )
    return Situation(
        case=case,
        proceeding=proceeding,
        actor=Actor(actor, actor, "organ", roles),
        on=on,
        fields=form,
        clocks=tuple(clocks),
        staff=STAFF,
        law=LAW if law is None else law,
        due_on=due_on,
        procedures=procedures,
    )
