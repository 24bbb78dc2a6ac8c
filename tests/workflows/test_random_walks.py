"""Random lives through the shipped procedures: nothing succeeds that was not offered, and the ledger tells all of
it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from caseapp.domain.errors import ActionRefused, InputError, InputErrors
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.ledger import canonical
from caseapp.domain.workflow import replay
from caseapp.domain.workflow.approvals import frozen_facts, obstacles_to_sign, waiting_step
from caseapp.domain.workflow.available import available
from caseapp.domain.workflow.definition import Action, Category, Kind
from caseapp.domain.workflow.engine import Decision, decide, standing_obstacles
from caseapp.domain.workflow.guards import GUARDS
from caseapp.domain.workflow.situation import Situation
from caseapp.domain.workflow.timing import clocks_of, views_of
from tests.factories.chronicles import (
    COLLEAGUE,
    HEAD,
    LEADER,
    LEGAL,
    MAIN,
    OFFICER,
    OPENED,
    ORGAN,
    ROLES,
    THIRD,
    Chronicle,
    actor,
    instant,
    payload_of,
)
from tests.factories.forms import filled
from tests.workflows.walking import amounts, calendar, last_day, procedures, rules

PEOPLE = (OFFICER, HEAD, LEGAL, LEADER)
SIGNERS = {ROLES[person]: person for person in (HEAD, LEGAL, LEADER)}
Way = tuple[tuple[str, str, int], ...]
_REVIEWED: Way = (
    ("assign_check", HEAD, 0),
    ("tell_rights", OFFICER, 1),
    ("file_case", OFFICER, 3),
    ("conclude_investigation", OFFICER, 20),
    ("review_case", LEGAL, 2),
)
_NOTICED: Way = (*_REVIEWED, ("issue_prior_notice", OFFICER, 1), ("serve_prior_notice", OFFICER, 1))
_TRIED: Way = (
    ("assign_request", HEAD, 0),
    ("check_papers", OFFICER, 1),
    ("file_case", OFFICER, 2),
    ("serve_request", OFFICER, 3),
    ("begin_trial", OFFICER, 30),
)
WAYS: dict[str, dict[str, Way]] = {
    "penalty_general": {
        "fine": (
            *_NOTICED,
            ("submit_for_decision", OFFICER, 10),
            ("decide_penalty", OFFICER, 1),
            ("serve_decision", OFFICER, 3),
            ("serve_reminder", OFFICER, 40),
            ("confirm_remedy_over", OFFICER, 180),
            ("apply_to_court", OFFICER, 10),
        ),
        "hearing": (
            *_NOTICED,
            ("request_hearing", OFFICER, 1),
            ("appoint_presider", LEADER, 1),
            ("hand_file_to_presider", OFFICER, 1),
        ),
        "no_penalty": (
            *_REVIEWED,
            ("submit_without_notice", OFFICER, 1),
            ("decide_no_penalty", OFFICER, 1),
            ("serve_no_penalty", OFFICER, 1),
        ),
    },
    "penalty_simplified": {
        "fine": (("start_on_spot", OFFICER, 0), ("decide_on_spot", OFFICER, 0), ("deliver_decision", OFFICER, 0))
    },
    "patent_dispute": {
        "fine": (
            *_TRIED,
            ("waive_hearing", OFFICER, 5),
            ("deliberate", OFFICER, 2),
            ("adjudicate", OFFICER, 3),
            ("serve_decision_requester", OFFICER, 1),
            ("serve_decision_respondent", OFFICER, 1),
            ("confirm_suit_period_over", OFFICER, 30),
        ),
        "mediation": (*_TRIED, ("begin_mediation", OFFICER, 1), ("reach_agreement", OFFICER, 5)),
    },
    "mediation": {
        "otherwise": (
            ("assign_request", HEAD, 0),
            ("issue_opinion_notice", OFFICER, 1),
            ("serve_opinion_notice", OFFICER, 1),
            ("record_consent", OFFICER, 5),
            ("file_case", OFFICER, 2),
            ("reach_agreement", OFFICER, 10),
        ),
    },
}
"""Usual ways of each procedure, as (action, person, days before it): random lives begin somewhere on one of them."""
RESPONDENT = {"id": "p", "role": "respondent", "kind": "organisation", "name": "某公司"}
REQUESTER = {"id": "q", "role": "complainant", "kind": "organisation", "name": "某集团"}
PATENT = {"kind": "patent_design", "number": "ZL202330380182.4"}
PANEL = (OFFICER, COLLEAGUE, THIRD)
"""Three with a certificate; a penalty case has two of them."""


@dataclass
class Life:
    """A case that random people do random lawful things to."""

    name: str
    data: st.DataObject
    today: date = OPENED
    case: Chronicle = field(init=False)
    officers: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        procedure = procedures().get(self.name)
        self.officers = PANEL if procedure.party_names else PANEL[:2]
        self.case = Chronicle(procedures(), procedure).opened(parties=[RESPONDENT, REQUESTER], rights=[PATENT])

    def pick(self, choices: Sequence[Any]) -> Any:
        return choices[0] if len(choices) == 1 else self.data.draw(st.sampled_from(list(choices)))

    def situation(self, person: str) -> Situation:
        clocks = clocks_of(self.case.main, rules(), calendar(), as_of=self.today)
        law = amounts().at(self.today)
        return self.case.situation(person, self.today, clocks=views_of(clocks), law=law, due_on=last_day)

    def form(self, action: Action, person: str) -> dict[str, Json]:
        return filled(
            action,
            self.pick,
            today=self.today,
            officers=self.officers,
            person=person,
            facts=self.case.main.facts,
        )

    def decide(self, action: Action, person: str, values: dict[str, Json], **more: Any) -> Decision:
        return decide(self.case.procedure, self.situation(person), action.id, values, today=self.today, **more)

    def hurry(self) -> Life:
        """Go some of the usual way first, so that its end is tried as often as its beginning."""
        kind = self.pick(sorted(WAYS[self.name]))
        way = WAYS[self.name][kind]
        pick = {
            "fine": _plainly,
            "hearing": _dearly,
            "no_penalty": _mildly,
            "mediation": _plainly,
            "otherwise": _otherwise,
        }[kind]
        for name, person, days in way[: self.pick(range(len(way) + 1))]:
            self.today += timedelta(days=days)
            action = self.case.procedure.action(name)
            assert action is not None
            values = filled(
                action, pick, today=self.today, officers=self.officers, person=person, facts=self.case.main.facts
            )
            decision = self.decide(action, person, values)
            self.enter(
                self.decide(action, person, dict(decision.facts), approved=True) if decision.steps else decision, person
            )
        return self

    def step(self) -> bool:
        """Let somebody do something that is offered. Returns whether it took effect."""
        self.today += timedelta(days=self.pick([0, 0, 1, 7, 20]))
        offers = [
            (person, item)
            for person in PEOPLE
            for item in available(self.case.procedure, self.situation(person))
            if item.open
        ]
        if not offers:
            return False
        forward = [offer for offer in offers if offer[1].action.primary]
        person, offer = self.pick(forward if forward and self.pick([True, False]) else offers)
        values = self.form(offer.action, person)
        try:
            decision = self.decide(offer.action, person, values)
        except ActionRefused as refused:
            unmet = [item.guard for item in refused.unmet]
            assert unmet, "a refusal says why"
            asked = {use.name for use in offer.action.guards if _reads_form(use.name, use.params)}
            assert set(unmet) <= asked, f"{offer.action.id} was offered and is refused for what could be known before"
            return False
        assert list(decision.steps) == list(offer.steps) or any(step.when for step in offer.action.approval), (
            "only what the form says can change the approval"
        )
        if decision.steps:
            return self.approve(decision, person)
        self.enter(decision, person)
        return True

    def approve(self, decision: Decision, person: str) -> bool:
        """Let the request go through its steps."""
        hour = instant(self.today)
        self.case.add(
            EntryKind.APPROVAL_REQUESTED,
            {
                "approval": f"a{len(self.case.entries)}",
                "proceeding": MAIN,
                "action": decision.action.id,
                "facts": dict(decision.facts),
                "steps": [step.id for step in decision.steps],
                "frozen": _digest(self.case),
            },
            hour,
            person=person,
        )
        for step in decision.steps:
            request = self.case.case.pending_approval(MAIN)
            assert request is not None
            assert waiting_step(decision.action, request) == step
            assert request.frozen == _digest(self.case), "waiting changes nothing that signers rely on"
            nothing = [
                item for one in PEOPLE for item in available(self.case.procedure, self.situation(one)) if item.open
            ]
            assert nothing == []
            signer = SIGNERS[step.role]
            obstacles = obstacles_to_sign(self.case.case, request, step, actor(signer), organs_above=[ORGAN])
            if obstacles or self.pick([True] * 9 + [False]) is False:
                told = {"approval": request.id, "step": step.id, "opinion": "退回"}
                self.case.add(EntryKind.APPROVAL_RETURNED, told, hour, person=signer)
                return False
            self.case.add(EntryKind.APPROVAL_SIGNED, {"approval": request.id, "step": step.id}, hour, person=signer)
        again = self.decide(decision.action, person, dict(decision.facts), approved=True)
        assert (again.to_state, again.facts, again.milestone) == (decision.to_state, decision.facts, decision.milestone)
        self.enter(again, person)
        return True

    def enter(self, decision: Decision, person: str) -> None:
        patch: dict[str, Json] = {}
        for effect in decision.action.effects:
            if effect.name == "assign_officers":
                patch["officers"] = decision.facts[str(effect.params["from_field"])]
            elif effect.name == "number_case":
                patch["number"] = "通知知执字〔2026〕1号"
        at = instant(decision.on)
        self.case.add(EntryKind.ACTED, payload_of(decision, case=patch), at, person=person)

    def refuse_the_rest(self) -> None:
        """Try everything that is not offered: it must be refused, for the reasons that the list gives."""
        for person in PEOPLE:
            situation = self.situation(person)
            listed = {item.action.id: item for item in available(self.case.procedure, situation)}
            for action in self.case.procedure.actions:
                offer = listed.get(action.id)
                if offer is not None and offer.open:
                    continue
                values = filled(
                    action, lambda choices: choices[0], today=self.today, officers=self.officers, person=person, facts=self.case.main.facts
                )  # fmt: skip
                with pytest.raises(ActionRefused) as refused:
                    self.decide(action, person, values)
                told = list(refused.value.unmet)
                if offer is None:  # not from here, or not for people: what the law or another proceeding does
                    assert told[0].guard in ("state", "automatic")
                    continue
                standing = list(standing_obstacles(action, situation))
                if standing:
                    assert told == standing == list(offer.unmet[: len(standing)])
                else:
                    assert {unmet.guard for unmet in offer.unmet} <= {unmet.guard for unmet in told}


def _plainly(choices: Sequence[Any]) -> Any:
    """Choose the first, and leave out what may be left out; a fine where kinds of penalty are asked."""
    if list(choices) == [True, False]:
        return False
    return "fine" if "fine" in choices else choices[0]


def _dearly(choices: Sequence[Any]) -> Any:
    """Choose as `_plainly`, and a fine so high that a hearing may be asked for."""
    return max(choices) if all(type(choice) is int for choice in choices) else _plainly(choices)


def _mildly(choices: Sequence[Any]) -> Any:
    """Choose as `_plainly`, and no penalty where an outcome is asked."""
    return "no_penalty" if "no_penalty" in choices else _plainly(choices)


def _otherwise(choices: Sequence[Any]) -> Any:
    """Choose as `_plainly`, and the kind of dispute that the law asks least of."""
    return "other" if "other" in choices else _plainly(choices)


def _reads_form(name: str, params: Any) -> bool:
    return GUARDS[name].needs_form or bool({"field", "entered"} & set(params))


def _digest(case: Chronicle) -> str:
    return hashlib.sha256(frozen_facts(case.case, MAIN).encode()).hexdigest()


NAMES = [procedure.id for procedure in procedures().latest() if procedure.kind is Kind.MAIN]


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_offered_can_be_done_and_all_of_it_is_in_the_ledger(name: str, data: st.DataObject) -> None:
    life = Life(name, data).hurry()
    done = len(life.case.main.acts)
    for _ in range(data.draw(st.integers(1, 20))):
        done += life.step()
        category = Category(life.case.main.category)
        assert (category is Category.CLOSED) is (life.case.main.closed_on is not None)
        assert (category is Category.SUSPENDED) is (life.case.main.saved is not None)
        canonical([dict(entry.payload) for entry in life.case.entries[-3:]])
    event(f"ends as {life.case.main.category}")
    event("more than ten acts" if done > 10 else "few acts")
    assert replay.fold(life.case.entries, life.case.procedures) == life.case.case
    assert len(life.case.main.acts) == done
    assert life.case.case.version == len(life.case.entries)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15)
@given(data=st.data())
def test_what_is_not_offered_is_refused_for_the_reasons_given(name: str, data: st.DataObject) -> None:
    life = Life(name, data).hurry()
    for _ in range(data.draw(st.integers(0, 14))):
        try:
            life.step()
        except (InputError, InputErrors) as wrong:  # pragma: no cover - a form filled by its definition is right
            pytest.fail(f"{wrong}")
    life.refuse_the_rest()


@settings(max_examples=25)
@given(data=st.data())
def test_a_case_at_any_earlier_day_is_the_fold_of_what_had_happened_by_then(data: st.DataObject) -> None:
    life = Life("penalty_general", data).hurry()
    images = [life.case.case]
    for _ in range(data.draw(st.integers(1, 15))):
        life.step()
        images.append(life.case.case)
    for image in images:
        assert replay.fold(life.case.entries[: image.version], life.case.procedures) == image
