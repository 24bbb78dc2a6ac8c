"""Two organs that write to each other: their protocol is searched, broken on purpose, and shaken at random."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.roles import Role
from caseapp.domain.workflow.check_handoff import handoff_problems
from caseapp.domain.workflow.definition import Action, Category, Kind, Peer, PostState, Procedure, Sending, State
from caseapp.domain.workflow.handoff import Order, Party, Protocol, Talk
from tests.workflows.walking import procedures


def shipped(name: str) -> Procedure:
    return procedures().get(name)


def changed(procedure: Procedure, action_id: str, **changes: object) -> Procedure:
    """Return the procedure with one action changed; None in `changes` for the whole action takes it out."""
    actions = tuple(
        replace(action, **changes) if action.id == action_id else action  # type: ignore[arg-type]
        for action in procedure.actions
    )
    return remade(procedure, actions)


def without(procedure: Procedure, *names: str) -> Procedure:
    return remade(procedure, tuple(action for action in procedure.actions if action.id not in names))


def remade(procedure: Procedure, actions: tuple[Action, ...]) -> Procedure:
    return replace(procedure, actions=actions, _states={}, _actions={}, _from={})


def faults(procedure: Procedure) -> dict[str, DefinitionProblem]:
    return {problem.rule: problem for problem in handoff_problems(procedure)}


HANDOFFS = ["referral", "reverse_referral", "court_enforcement", "judicial_confirmation", "remedy"]


@pytest.mark.parametrize("name", HANDOFFS)
def test_the_shipped_handoffs_have_no_fault(name: str) -> None:
    assert list(handoff_problems(shipped(name))) == []


@pytest.mark.parametrize("name", ["seizure", "penalty_general"])
def test_what_stays_in_the_house_is_no_handoff(name: str) -> None:
    assert list(handoff_problems(shipped(name))) == []


def sends(procedure: Procedure, action_id: str, **changes: object) -> Sending:
    action = procedure.action(action_id)
    assert action is not None
    assert action.sends is not None
    return replace(action.sends, **changes)  # type: ignore[arg-type]


def test_a_withdrawal_that_crosses_the_receipt_and_yields_to_nothing_is_found() -> None:
    referral = shipped("referral")
    broken = changed(referral, "withdraw_referral", sends=sends(referral, "withdraw_referral", yields_to=()))
    found = faults(broken)["handoff-unexpected"]
    assert {"ours withdraw_referral", "theirs sign_receipt"} <= set(found.example)
    assert found.example[-1].startswith(("ours get", "theirs get"))
    assert "neither yields" in found.problem


def test_supplements_that_cross_the_decision_and_yield_to_nothing_are_found() -> None:
    referral = shipped("referral")
    broken = changed(referral, "send_supplements", sends=sends(referral, "send_supplements", yields_to=("file_case",)))
    assert "theirs refuse_to_file" in faults(broken)["handoff-unexpected"].example


def test_where_both_yield_to_each_other_both_lose_and_it_is_found() -> None:
    referral = shipped("referral")
    receipt = sends(referral, "sign_receipt", yields_to=("withdraw_referral",))
    assert faults(changed(referral, "sign_receipt", sends=receipt))


def test_a_state_in_which_nobody_can_act_is_a_deadlock() -> None:
    broken = without(shipped("referral"), "file_after_review", "uphold_refusal")
    found = faults(broken)["handoff-deadlock"]
    assert "'reconsidering'" in found.problem
    assert found.example[-1] == "theirs get ask_reconsideration"


def test_an_offer_that_can_never_end_is_found() -> None:
    referral = shipped("referral")
    broken = changed(referral, "send_supplements", sends=sends(referral, "send_supplements", yields_to=()))
    broken = without(broken, "file_case", "refuse_to_file", "forward", "withdraw_referral")
    found = faults(broken)["handoff-endless"]
    assert found.example


def test_an_act_that_the_other_side_is_not_told_of_is_found() -> None:
    broken = changed(shipped("referral"), "accept_refusal", sends=None)
    found = faults(broken)
    assert set(found) == {"handoff-silent"}
    assert "accept_refusal" in found["handoff-silent"].path


def test_a_state_reached_with_and_without_a_message_is_found() -> None:
    referral = shipped("referral")
    broken = changed(referral, "revoke_approval", posts=(PostState("withdrawn"),))
    assert "'withdrawn'" in faults(broken)["handoff-silent"].problem


@pytest.mark.parametrize(
    ("action", "change", "says"),
    [
        ("file_case", {"yields_to": ("refuse_to_file",)}, "no act of the other side"),
        ("file_case", {"yields_to": ("nothing",)}, "no act of the other side"),
        ("file_case", {"receivers": ()}, "from one side to others"),
        ("file_case", {"receivers": (Peer.POLICE,)}, "from one side to others"),
        ("file_case", {"receivers": (Peer.AUTHORITY,)}, "authority_organ"),
        ("hand_over", {"carries": ("sign_receipt",)}, "no act of the house"),
    ],
)
def test_the_shape_of_messages_is_judged(action: str, change: dict[str, object], says: str) -> None:
    referral = shipped("referral")
    found = list(handoff_problems(changed(referral, action, sends=sends(referral, action, **change))))
    assert any(says in problem.problem for problem in found)


def test_an_act_of_another_organ_is_its_liaisons() -> None:
    broken = changed(shipped("referral"), "file_case", roles=(Role.OFFICER,))
    assert "liaisons" in faults(broken)["handoff"].problem


def test_a_main_procedure_is_not_shared() -> None:
    broken = replace(shipped("referral"), kind=Kind.MAIN, _states={}, _actions={}, _from={})
    assert any(problem.path == "/kind" for problem in handoff_problems(broken))


def test_an_act_that_leads_where_nothing_goes_on_is_found() -> None:
    referral = shipped("referral")
    state = replace(referral.state("received"), id="limbo")
    assert isinstance(state, State)
    broken = changed(referral, "sign_receipt", posts=(PostState("limbo"),))
    broken = replace(broken, states=(*broken.states, state), _states={}, _actions={}, _from={})
    assert "handoff-deadlock" in faults(broken)


# --- random interleavings --------------------------------------------------------------------------------------------


def settle(protocol: Protocol, talk: Talk) -> Talk:
    while talk.to_ours or talk.to_theirs:
        talk = protocol.deliver(talk, Party.OURS if talk.to_ours else Party.THEIRS)
    return talk


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(HANDOFFS), st.randoms(use_true_random=False))
def test_whatever_both_do_they_agree_once_everything_has_arrived(name: str, chance: random.Random) -> None:
    """Accepting against withdrawing, decisions while supplementing, replies that cross: no side is left alone."""
    protocol = Protocol.of(shipped(name))
    talk = protocol.begin()
    for _ in range(60):
        steps = [("get", party) for party in Party if talk.waiting(party)]
        moves = [
            (party, action, target) for party in Party for action, target in protocol.moves(party, talk.state(party))
        ]
        if not steps and not moves:
            break
        if steps and (not moves or chance.random() < 0.45):
            talk = protocol.deliver(talk, chance.choice(steps)[1])
        else:
            talk = protocol.take(talk, *chance.choice(moves))
    talk = settle(protocol, talk)
    assert protocol.agree(talk)
    over = protocol.procedure.state(talk.ours).category is Category.CLOSED
    assert protocol.has_ended(talk) is over


def test_the_receipt_wins_over_the_withdrawal_on_both_sides() -> None:
    protocol = Protocol.of(shipped("referral"))
    talk = Talk("handed_over", "handed_over")
    withdraw, sign = (protocol.procedure.action(name) for name in ("withdraw_referral", "sign_receipt"))
    assert withdraw is not None
    assert sign is not None
    talk = protocol.take(talk, Party.OURS, withdraw, "withdrawn")
    talk = protocol.take(talk, Party.THEIRS, sign, "received")
    assert (talk.ours, talk.theirs) == ("withdrawn", "received")
    talk = settle(protocol, talk)
    assert (talk.ours, talk.theirs) == ("received", "received")


@given(st.permutations(range(1, 6)), st.lists(st.integers(1, 5), max_size=6))
def test_messages_are_taken_once_and_in_order_however_they_arrive(arrival: list[int], again: list[int]) -> None:
    """Packages are shuffled and sent twice; a lost one holds up what came after it until it is sent again."""
    order, got = Order(), []
    for number in [*arrival[:3], *again, *arrival]:
        got.extend(order.accept(number, f"m{number}"))
    assert got == [f"m{number}" for number in range(1, 6)]
