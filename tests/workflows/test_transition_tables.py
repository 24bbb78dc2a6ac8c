"""Definitions behave as their kept tables say: an unmeant change of a procedure does not go unseen."""

from __future__ import annotations

import pytest

from caseapp.adapters.definition_files import load_procedures
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import Category
from tests.workflows.transition_tables import FOLDERS, TABLES, path_of, table

KEPT = sorted(path.name for path in TABLES.glob("*.txt"))


@pytest.fixture(scope="module")
def procedures() -> ProcedureSet:
    return load_procedures(FOLDERS)


def test_every_definition_has_its_table(procedures: ProcedureSet) -> None:
    assert sorted(path_of(procedure).name for procedure in procedures.all()) == KEPT


@pytest.mark.parametrize("name", KEPT)
def test_a_definition_behaves_as_its_table_says(procedures: ProcedureSet, name: str) -> None:
    procedure_id, _, version = name.removesuffix(".txt").partition(".v")
    assert table(procedures.get(procedure_id, int(version))) == (TABLES / name).read_text(encoding="utf-8")


def test_every_action_tells_what_will_happen_and_on_what_article(procedures: ProcedureSet) -> None:
    for procedure_id in ("penalty_general", "penalty_simplified"):
        for action in procedures.get(procedure_id).actions:
            assert action.help is not None, action.id
            assert action.citations, action.id
            for citation in action.citations:
                assert citation.confidence in ("verified", "recalled_high", "recalled_medium", "design"), action.id


def test_every_open_state_has_a_main_way_on(procedures: ProcedureSet) -> None:
    """Whoever owns the state finds a primary action there, save where two ways are equally usual."""
    general = procedures.get("penalty_general")
    without = {
        state.id
        for state in general.states
        if state.category is not Category.CLOSED
        and not any(action.primary for action in general.actions_from(state.id))
    }
    assert without == set()


def test_dates_of_acts_are_asked_where_they_start_a_clock(procedures: ProcedureSet) -> None:
    """A clock that runs from service, payment or the like must start on that day, not on the day it was entered."""
    general = procedures.get("penalty_general")
    for rule, action_id in {"P08": "serve_prior_notice", "P14": "serve_decision", "P17": "serve_reminder"}.items():
        action = general.action(action_id)
        assert action is not None
        assert rule in action.clocks.starts
        assert action.occurs_on
