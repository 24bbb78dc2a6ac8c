"""Two sides that know each other from files alone: whatever is lost, late, doubled or shuffled, they converge."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.packages.conversation import (
    Step,
    StepKind,
    Verdict,
    agreed,
    may_begin,
    placed,
    unanswered,
    yielding,
)
from caseapp.domain.workflow.definition import Action, Peer, Procedure
from tests.support.app import shipped_law


@cache
def referral() -> Procedure:
    return shipped_law().procedures.pinned("referral", 1)


def moves(state: str, *, by_house: bool) -> list[Action]:
    """Return what a side may do in a state; who speaks for the police speaks for procuratorate and court too."""
    return [
        action
        for action in referral().actions_from(state)
        if action.sends is not None and (action.sends.sender is Peer.ORGAN) is by_house and not action.automatic
    ]


def target(state: str, action: Action) -> str:
    found = action.posts[-1].to
    return state if found.startswith("@") else found


@dataclass
class Side:
    """One side: what it made, what it has of the other, what waits for a predecessor."""

    made: list[Step] = field(default_factory=list)
    known: list[Step] = field(default_factory=list)
    waiting: dict[int, Step] = field(default_factory=dict)

    def add(self, kind: StepKind, **body: Any) -> Step:
        previous = self.made[-1].digest if self.made else ""
        number = len(self.made) + 1
        text = json.dumps([number, previous, kind, body], sort_keys=True)
        step = Step(kind, number, previous, hashlib.sha256(text.encode()).hexdigest(), len(self.known), body)
        self.made.append(step)
        return step

    def take(self, step: Step, apply: Callable[[Step], None]) -> Verdict:
        place = placed(self.known, self.waiting, step, own=len(self.made))
        if place.verdict is Verdict.HELD:
            self.waiting[step.sequence] = step
        for ready in place.ready:
            self.known.append(ready)
            self.waiting.pop(ready.sequence, None)
            apply(ready)
        return place.verdict


@dataclass
class House(Side):
    """The organ that has the case: the row of acts that took effect is its to say."""

    acts: list[tuple[str, str, int | None]] = field(default_factory=list)
    """(action, from, number of the peer's step or None)"""

    @property
    def state(self) -> str:
        state = "ready"
        for action, _came, _of in self.acts:
            found = referral().action(action)
            assert found is not None
            state = target(state, found)
        return state

    def act(self, action: Action) -> None:
        before = self.state
        self.acts.append((action.id, before, None))
        self.add(StepKind.ACT, action=action.id, payload={"from": before, "to": self.state}, state=self.state)

    def receive(self, step: Step) -> Verdict:
        return self.take(step, self._judge)

    def _judge(self, step: Step) -> None:
        action = referral().action(step.body["action"])
        assert action is not None
        yields: Mapping[str, Any] = {one.id: one.sends.yields_to for one in referral().actions if one.sends is not None}
        if self.state not in action.sources:
            for gone in yielding(self.made, step.seen, yields, action.id):
                place = max(n for n, act in enumerate(self.acts) if act[0] == gone.body["action"] and act[2] is None)
                del self.acts[place]
                self.add(StepKind.VOID, of=gone.sequence, state=self.state)
        if self.state in action.sources:
            before = self.state
            self.acts.append((action.id, before, step.sequence))
            told = {"action": action.id, "payload": {"from": before, "to": self.state}}
            self.add(StepKind.ANSWER, to=step.sequence, taken=True, state=self.state, **told)
        else:
            self.add(StepKind.ANSWER, to=step.sequence, taken=False, reason="too late", state=self.state)


@dataclass
class Police(Side):
    """The other organ: it shows what the house said, and its own acts that were not answered."""

    @property
    def acts(self) -> list[str]:
        return [step.body["action"] for step in agreed(self.known)]

    @property
    def state(self) -> str:
        state = str(self.known[-1].body["state"]) if self.known else ""
        for step in unanswered(self.known, self.made):
            if step.body["payload"]["from"] == state:
                state = step.body["payload"]["to"]
        return state

    def act(self, action: Action) -> None:
        before = self.state
        self.add(StepKind.ACT, action=action.id, payload={"from": before, "to": target(before, action)})

    def receive(self, step: Step) -> Verdict:
        return self.take(step, lambda _step: None)


def wandered(seed: int, length: int) -> tuple[House, Police]:
    """Let both act while files are lost, doubled and shuffled; then let everything be sent again and arrive."""
    chance = Random(seed)
    house, police = House(), Police()
    hand_over = referral().action("hand_over")
    assert hand_over is not None
    house.act(hand_over)
    post: list[tuple[Side, Step]] = []
    for _ in range(length):
        deed = chance.randrange(4)
        side: House | Police = chance.choice([house, police])
        if deed == 0 and side.state:
            able = moves(side.state, by_house=side is house)
            if able:
                side.act(chance.choice(able))
        elif deed == 1 and side.made:
            post.append((police if side is house else house, chance.choice(side.made)))
        elif post:
            receiver, step = post.pop(chance.randrange(len(post)))
            if chance.random() < 0.3:
                continue  # lost
            assert isinstance(receiver, House | Police)
            assert receiver.receive(step) in (Verdict.READY, Verdict.HELD, Verdict.REPEATED, Verdict.UNHEARD)
            if chance.random() < 0.3:
                post.append((receiver, step))  # and once more
    while len(police.known) < len(house.made) or len(house.known) < len(police.made):
        under_way = [(police, step) for step in house.made] + [(house, step) for step in police.made]
        chance.shuffle(under_way)
        for receiver, step in under_way:
            receiver.receive(step)
    return house, police


@settings(max_examples=400)
@given(seed=st.integers(0, 2**32), length=st.integers(0, 120))
def test_both_sides_converge_whatever_happens_to_the_files(seed: int, length: int) -> None:
    house, police = wandered(seed, length)
    assert police.state == house.state
    assert police.acts == [action for action, _from, _of in house.acts]
    assert not unanswered(police.known, police.made)
    assert not house.waiting
    assert not police.waiting


def test_among_the_wanderings_are_acts_that_gave_way_and_acts_that_came_too_late() -> None:
    """What the property above says would say little if nothing ever crossed."""
    kinds = [step for seed in range(200) for step in wandered(seed, 100)[0].made]
    assert any(step.kind is StepKind.VOID for step in kinds)
    assert any(step.kind is StepKind.ANSWER and not step.body["taken"] for step in kinds)
    assert max(len(wandered(seed, 100)[0].acts) for seed in range(200)) > 5


def test_a_receipt_that_crosses_a_withdrawal_wins() -> None:
    house, police = House(), Police()
    for name in ("hand_over", "withdraw_referral"):
        action = referral().action(name)
        assert action is not None
        house.act(action)
    police.receive(house.made[0])
    signed = referral().action("sign_receipt")
    assert signed is not None
    police.act(signed)
    house.receive(police.made[0])
    assert house.state == "received"
    for step in reversed(house.made):
        police.receive(step)
    assert (police.state, police.acts) == ("received", ["hand_over", "sign_receipt"])


def step(number: int, previous: str, digest: str, seen: int = 0) -> Step:
    return Step(StepKind.ACT, number, previous, digest, seen, {})


@pytest.mark.parametrize(
    ("arrives", "verdict"),
    [
        (step(2, "a", "b"), Verdict.READY),
        (step(1, "", "a"), Verdict.REPEATED),
        (step(1, "", "x"), Verdict.REPLAYED),
        (step(2, "x", "b"), Verdict.BROKEN),
        (step(3, "b", "c"), Verdict.HELD),
        (step(4, "c", "d"), Verdict.REPEATED),
        (step(4, "c", "y"), Verdict.REPLAYED),
        (step(2, "a", "b", seen=1), Verdict.UNHEARD),
    ],
    ids=["next", "again", "number used", "other past", "too early", "held again", "held number used", "unheard"],
)
def test_a_step_is_placed(arrives: Step, verdict: Verdict) -> None:
    assert placed([step(1, "", "a")], {4: step(4, "c", "d")}, arrives, own=0).verdict is verdict


def test_steps_that_waited_follow_and_a_false_one_falls() -> None:
    place = placed([], {2: step(2, "a", "b"), 3: step(3, "x", "c"), 4: step(4, "c", "d")}, step(1, "", "a"), own=0)
    assert [one.sequence for one in place.ready] == [1, 2]
    assert [one.sequence for one in place.useless] == [3]


@pytest.mark.parametrize(
    ("kind", "number", "of_house", "peer_opens", "begins"),
    [
        (StepKind.ACT, 1, True, False, True),
        (StepKind.BEGINNING, 1, False, True, True),
        (StepKind.ACT, 2, False, True, True),
        (StepKind.ACT, 1, False, True, False),
        (StepKind.BEGINNING, 2, False, True, False),
        (StepKind.BEGINNING, 1, False, False, False),
        (StepKind.ACT, 2, False, False, False),
    ],
    ids=["house", "peer", "peer, waits", "no beginning", "late beginning", "not the peer's", "not known"],
)
def test_who_may_begin_a_matter(kind: StepKind, number: int, of_house: bool, peer_opens: bool, begins: bool) -> None:
    found = may_begin(Step(kind, number, "", "d", 0, {}), of_house=of_house, peer_opens=peer_opens)
    assert found is begins


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_matter_that_the_peer_begins_is_taken_in_its_order_whatever_comes_first(order: tuple[int, ...]) -> None:
    authority, house = Side(), Side()
    for kind, action in ((StepKind.BEGINNING, "send_matter"), (StepKind.ACT, "remark"), (StepKind.ACT, "withdraw")):
        authority.add(kind, action=action)
    taken: list[str] = []

    def answer(one: Step) -> None:
        taken.append(one.body["action"])
        house.add(StepKind.ANSWER, to=one.sequence, taken=True, action=one.body["action"])

    for place in (*order, *reversed(order)):
        arrives = authority.made[place]
        assert house.known or may_begin(arrives, of_house=False, peer_opens=True)
        house.take(arrives, answer)
    assert taken == ["send_matter", "remark", "withdraw"]
    assert [step.body["action"] for step in agreed(house.made)] == taken
    assert not unanswered(house.made, authority.made)
