"""Random lives of a case with the shipped side procedures beside it: what is stored stays what the ledger says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from caseapp.context import Context
from caseapp.domain.errors import CaseAppError
from caseapp.domain.events import Json
from caseapp.domain.facts import ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow import replay
from caseapp.domain.workflow.definition import Action
from caseapp.queries.case_images import entries_of, load
from caseapp.services import case_act
from caseapp.services.case_approve import sign
from caseapp.services.ledger_rebuild import differences
from caseapp.services.proceeding_open import open_proceeding
from tests.factories.cases import SIGNERS, Course
from tests.factories.forms import filled

SIDES = ("seizure", "evidence_preservation", "appraisal", "recusal")


@dataclass
class Life:
    """A filed case to which people do what they may, drawn from a seed; papers are left out, they change no case."""

    course: Course
    chance: random.Random
    case_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.case_id = self.course.filed()

    @contextmanager
    def as_(self, login: str) -> Iterator[Context]:
        with self.course.as_(login) as ctx:
            yield replace(ctx, issues_documents=False)

    def go_on(self) -> None:
        """Let time pass and somebody do something; what the rules forbid changes nothing."""
        self.course.later(days=self.chance.choice([0, 0, 1, 3, 9, 31]), minutes=1)
        image = self.course.image(self.case_id)
        beside = [one for one in image.proceedings[1:] if one.category != "closed"]
        pending = [one for one in image.approvals if one.status == "pending"]
        with suppress(CaseAppError):
            if pending and self.chance.random() < 0.7:
                request = self.chance.choice(pending)
                with self.as_(SIGNERS[request.step or "leader"]) as ctx:
                    verdict = self.chance.choice(["signed"] * 5 + ["returned"])
                    sign(ctx, request.id, verdict=verdict, opinion="意见", seen_version=None)
            elif beside and self.chance.random() < 0.6:
                self.act(self.chance.choice(beside))
            else:
                self.open(self.chance.choice(SIDES))

    def open(self, procedure_id: str) -> None:
        with self.as_("officer") as ctx:
            procedure = ctx.law.procedures.get(procedure_id)
            action = procedure.action(self.chance.choice(procedure.opens_with))
            assert action is not None
            open_proceeding(ctx, self.case_id, procedure_id, action.id, self.form(action), seen_version=None)

    def act(self, proceeding: ProceedingImage) -> None:
        with self.course.parts.context() as ctx:
            procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
        action = self.chance.choice([one for one in procedure.actions_from(proceeding.state) if not one.automatic])
        with self.as_("leader" if Role.OFFICER not in action.roles else "officer") as ctx:
            case_act.act(ctx, self.case_id, proceeding.id, action.id, self.form(action), seen_version=None)

    def form(self, action: Action) -> dict[str, Json]:
        today, officers = self.course.today, self.course.officers
        values = filled(action, self.chance.choice, today=today, officers=officers, person=officers[1])
        later = (today + timedelta(days=self.chance.choice([5, 40]))).isoformat()
        return {name: later if name.endswith("_until") else value for name, value in values.items()}


@pytest.mark.parametrize("seed", [3, 11, 20])
def test_whatever_runs_beside_a_case_the_stored_case_is_the_folded_one(course: Course, seed: int) -> None:
    life = Life(course, random.Random(seed))
    for _ in range(26):
        life.go_on()
    with course.parts.context() as ctx:
        assert list(differences(ctx, life.case_id)) == []
        image = load(ctx, life.case_id).image
        entries = entries_of(ctx, life.case_id)
        again: Any = replay.fold(entries, ctx.law.procedures)
    begun = {one.procedure for one in image.proceedings[1:]}
    assert len(begun) >= 3, "a life that shows something"
    assert sum(len(one.acts) for one in again.proceedings[1:]) >= 6
