"""Histories of which only the milestones are known: which ones the shipped procedures allow."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseapp.adapters.definition_files import load_procedures
from caseapp.domain.events import Json, MilestoneKind
from caseapp.domain.workflow import automaton
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import Category

WORKFLOWS = Path(__file__).parents[2] / "workflows"

Told = tuple[str, dict[str, str | int]]


@pytest.fixture(scope="module")
def procedures() -> ProcedureSet:
    return load_procedures([WORKFLOWS])


def told(text: str) -> list[Told]:
    """Read 'filed decided:penalty closed:executed' as milestones with their telling detail."""
    names = {
        "decided": "outcome",
        "closed": "manner",
        "excluded_from": "reason",
        "excluded_until": "reason",
        "suspended": "reason",
        "transferred": "to",
        "merged": "into",
        "split": "from",
        "not_filed": "reason",
    }
    found: list[Told] = []
    for word in text.split():
        kind, _, value = word.partition(":")
        details: dict[str, str | int] = {names[kind]: value} if value and kind != "extended" else {}
        if kind == "extended":
            unit = "months" if value.endswith("m") else "days"
            details = {"n": int(value.rstrip("m") or 30), "unit": unit}
        found.append((kind, details))
    return found


def state_after(procedures: ProcedureSet, procedure_id: str, sequence: str) -> str | None:
    """Return the state that the sequence leads to, or None where it is refused."""
    procedure = procedures.get(procedure_id)
    branches = automaton.start(procedure)
    facts: dict[str, Json] = {}
    milestones = told(sequence)
    opening = procedure.opening
    if opening is not None and milestones and milestones[0][0] == opening.kind:
        milestones = milestones[1:]
    if milestones and milestones[0][0] == "split":
        milestones = milestones[1:]
    for kind, details in milestones:
        step = automaton.read(procedure, branches, MilestoneKind(kind), details, facts)
        if step is None:
            return None
        branches = step.branches
        if step.action is not None:
            facts |= automaton.facts_of(step.action, details)
    return branches[0].state


LAWFUL = {
    "a penalty with excluded time": ("registered filed excluded_from:appraisal excluded_until decided:penalty closed:executed", "closed"),
    "a penalty that was served": ("filed decided:penalty served closed:executed", "closed"),
    "a lead that is not filed": ("registered not_filed", "not_filed"),
    "a lead that is moved": ("registered not_filed:moved", "lead_moved"),
    "a lead checked again": ("registered not_filed reopened filed", "investigating"),
    "excluded time of a lead": ("registered excluded_from:identification excluded_until filed", "investigating"),
    "a suspension": ("registered filed suspended resumed decided:no_penalty closed:no_penalty", "closed"),
    "no penalty, served": ("filed decided:no_penalty served closed:no_penalty", "closed"),
    "an extension": ("filed extended:30 decided:not_established closed:not_established", "closed"),
    "two extensions": ("filed extended:30 extended:60 decided:penalty closed:executed", "closed"),
    "an extension in suspension": ("filed suspended extended:30 resumed decided:penalty closed:executed", "closed"),
    "a transfer to the police": ("filed transferred:police closed:transferred", "closed"),
    "a transfer returned": ("filed transferred closed:transferred returned decided:penalty closed:executed", "closed"),
    "a transfer returned before closing": ("filed transferred returned decided:penalty closed:executed", "closed"),
    "a transfer after a decision": ("filed decided:transferred transferred closed:transferred", "closed"),
    "a decision to transfer closes": ("filed decided:transferred closed:transferred", "closed"),
    "a decision to move": ("filed decided:moved closed:moved", "closed"),
    "a decision to move, carried out": ("filed decided:moved transferred closed:moved", "closed"),
    "moved without a decision": ("filed transferred:agency closed:moved", "closed"),
    "an investigation ended": ("filed closed:terminated", "closed"),
    "an investigation ended in suspension": ("filed suspended closed:terminated", "closed"),
    "execution ended by the court": ("filed decided:penalty closed:terminated", "closed"),
    "a withdrawn filing": ("filed withdrawn closed:withdrawn", "closed"),
    "a merged case": ("filed merged:NT-1 closed:merged", "closed"),
    "another ground": ("filed closed:other", "closed"),
    "a split case": ("split:NT-1 filed decided:penalty closed:executed", "closed"),
    "a split case with a lead": ("registered split:NT-1 filed", "investigating"),
    "split after filing": ("filed split:NT-1 decided:penalty", "penalty_decided"),
    "reopened and closed again": ("filed decided:penalty closed:executed reopened closed:executed", "closed"),
    "reopened and decided anew": ("filed decided:penalty closed:executed reopened decided:no_penalty closed:no_penalty", "closed"),
    "no penalty reopened and closed again": ("filed decided:no_penalty closed:no_penalty reopened closed:no_penalty", "closed"),
    "not established reopened": ("filed decided:not_established closed:not_established reopened closed:not_established", "closed"),
    "moved reopened": ("filed decided:moved closed:moved reopened closed:moved", "closed"),
    "transferred reopened": ("filed transferred closed:transferred reopened closed:transferred", "closed"),
    "terminated reopened": ("filed closed:terminated reopened closed:terminated", "closed"),
    "withdrawn reopened": ("filed withdrawn closed:withdrawn reopened closed:withdrawn", "closed"),
    "merged reopened": ("filed merged closed:merged reopened closed:merged", "closed"),
    "other reopened": ("filed closed:other reopened closed:other", "closed"),
    "reopened twice": ("filed decided:penalty closed:executed reopened closed:executed reopened decided:penalty closed:executed", "closed"),
    "still open": ("registered filed", "investigating"),
    "suspended now": ("filed suspended", "suspended"),
    "excluded after the decision": ("filed decided:penalty excluded_from:other excluded_until closed:executed", "closed"),
    "suspended after the decision": ("filed decided:penalty suspended resumed served closed:executed", "closed"),
    "exclusion around a suspension": ("filed excluded_from:appraisal suspended resumed excluded_until decided:penalty", "penalty_decided"),
    "exclusion ends in suspension": ("filed excluded_from:appraisal suspended excluded_until resumed decided:penalty", "penalty_decided"),
    "exclusion begins in suspension": ("filed suspended excluded_from:appraisal resumed excluded_until decided:penalty", "penalty_decided"),
    "exclusion within suspension": ("filed suspended excluded_from:other excluded_until resumed decided:penalty", "penalty_decided"),
    "a hearing": ("filed excluded_from:hearing excluded_until decided:penalty served closed:executed", "closed"),
    "two exclusions at once": ("filed excluded_from:hearing excluded_from:appraisal excluded_until excluded_until decided:penalty", "penalty_decided"),
    "suspended twice": ("filed suspended resumed suspended resumed decided:penalty", "penalty_decided"),
    "annulled and decided anew": ("filed decided:penalty served decided:no_penalty closed:no_penalty", "closed"),
    "a lawsuit with its time left out": ("filed decided:penalty served excluded_from:remedy excluded_until:remedy closed:executed", "closed"),
    "a crime found after the decision": ("filed decided:penalty transferred:police closed:transferred", "closed"),
}  # fmt: skip

UNLAWFUL = {
    "closed before filed": "registered closed:executed",
    "decided before filed": "registered decided:penalty",
    "executed without a decision": "filed closed:executed",
    "no penalty after a penalty": "filed decided:penalty closed:no_penalty",
    "executed after no penalty": "filed decided:no_penalty closed:executed",
    "not established after a penalty": "filed decided:penalty closed:not_established",
    "moved after a penalty": "filed decided:penalty closed:moved",
    "transferred after a penalty": "filed decided:penalty closed:transferred",
    "no penalty without a decision": "filed closed:no_penalty",
    "closed as transferred but never handed over": "filed closed:transferred",
    "resumed without suspension": "filed resumed",
    "resumed twice": "filed suspended resumed resumed",
    "suspended twice at once": "filed suspended suspended",
    "decided while suspended": "filed suspended decided:penalty",
    "reopened while open": "filed reopened",
    "reopened after the decision": "filed decided:penalty reopened",
    "filed twice": "filed filed",
    "filed after not filed": "registered not_filed filed",
    "decided after closing": "filed decided:penalty closed:executed decided:penalty",
    "served after closing": "filed decided:penalty closed:executed served",
    "suspended after closing": "filed decided:penalty closed:executed suspended",
    "excluded after closing": "filed decided:penalty closed:executed excluded_from:other",
    "extended after closing": "filed decided:penalty closed:executed extended:30",
    "closed twice": "filed decided:penalty closed:executed closed:executed",
    "withdrawn after closing": "filed closed:terminated withdrawn",
    "served before the decision": "filed served",
    "returned without a transfer": "filed returned",
    "returned and closed without a decision": "filed transferred closed:transferred returned closed:no_penalty",
    "reopened to another manner": "filed decided:penalty closed:executed reopened closed:no_penalty",
    "mediated": "filed mediated closed:mediated",
    "withdrawn as a lead": "registered withdrawn",
    "suspended as a lead": "registered suspended",
}


@pytest.mark.parametrize(("sequence", "state"), LAWFUL.values(), ids=LAWFUL)
def test_general_procedure_allows(procedures: ProcedureSet, sequence: str, state: str) -> None:
    assert state_after(procedures, "penalty_general", sequence) == state


@pytest.mark.parametrize("sequence", UNLAWFUL.values(), ids=UNLAWFUL)
def test_general_procedure_refuses(procedures: ProcedureSet, sequence: str) -> None:
    assert state_after(procedures, "penalty_general", sequence) is None


SIMPLIFIED = {
    "filed decided:penalty closed:executed": "closed",
    "registered filed decided:penalty served closed:executed": "closed",
    "registered not_filed": "not_punished",
    "registered not_filed reopened filed": "on_spot",
    "filed closed:other": "closed",
    "filed decided:penalty closed:terminated": "closed",
    "filed decided:penalty withdrawn closed:withdrawn": "closed",
    "filed decided:penalty closed:executed reopened closed:executed": "closed",
    "filed decided:penalty closed:executed reopened": "performing",
    "filed closed:other reopened decided:penalty closed:executed": "closed",
    "closed:executed": None,
    "filed closed:executed": None,
    "filed filed": None,
    "filed decided:no_penalty": None,
    "filed suspended": None,
    "filed decided:penalty closed:executed served": None,
}


@pytest.mark.parametrize(("sequence", "state"), SIMPLIFIED.items())
def test_simplified_procedure(procedures: ProcedureSet, sequence: str, state: str | None) -> None:
    assert state_after(procedures, "penalty_simplified", sequence) == state


def test_a_closed_history_always_ends_in_a_closed_state(procedures: ProcedureSet) -> None:
    general = procedures.get("penalty_general")
    for sequence, state in LAWFUL.values():
        if sequence.rpartition(" ")[2].startswith("closed"):
            assert general.state(state).category is Category.CLOSED
