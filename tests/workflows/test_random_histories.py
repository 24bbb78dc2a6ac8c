"""Random histories of milestones: the product accepts one exactly where some way of acts leaves it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from caseapp.domain.errors import ActionRefused
from caseapp.domain.workflow import replay
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import Procedure
from tests.factories.chronicles import OPENED, Chronicle
from tests.factories.procedures import TALE
from tests.factories.searches import Told, is_possible
from tests.workflows.walking import procedures

PROCEDURES = {item.id: item for item in (TALE, *procedures().latest())}


def alphabet(procedure: Procedure) -> list[Told]:
    """Return every milestone that acts of the procedure are, with and without its details, and some that none is."""
    found: list[Told] = [("registered", {}), ("mediated", {}), ("decided", {"outcome": "nonsense"})]
    for action in procedure.actions:
        use = action.milestone
        if use is None:
            continue
        found.append((use.kind.value, {}))
        if use.details:
            found.append((use.kind.value, dict(use.details)))
        for name, field_id in use.details_from.items():
            field = next(item for item in action.fields if item.id == field_id)
            values: list[str | int] = [choice for choice, _ in field.choices] or (["某处"] if name != "n" else [30])
            found.extend((use.kind.value, {**use.details, name: value}) for value in values)
    return found


@st.composite
def histories(draw: st.DrawFn, procedure: Procedure) -> list[Told]:
    """Draw a history that follows the acts of the definition for a while, and may then stray."""
    letters = alphabet(procedure)
    state, saved = procedure.initial, None
    told: list[Told] = [("registered", {})] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(0, 14))):
        choices = [action for action in procedure.actions_from(state) if not action.automatic]
        if not choices:
            break
        action = draw(st.sampled_from(choices))
        use = action.milestone
        if use is not None and not (use.optional and draw(st.booleans())):
            told.append(draw(st.sampled_from([item for item in letters if item[0] == use.kind.value])))
        to = draw(st.sampled_from(action.posts)).to
        if to == "@previous":
            state, saved = saved or state, None
        elif to != "@same":
            state, saved = to, state if use is not None and use.kind == "suspended" else None
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(told)))
        match draw(st.sampled_from(["put", "drop", "swap"])):
            case "put":
                told.insert(place, draw(st.sampled_from(letters)))
            case "drop":
                del told[place : place + 1]
            case _:
                told[place : place + 2] = reversed(told[place : place + 2])
    return told


def accepted(procedure: Procedure, told: list[Told], *, archive: bool = False) -> Chronicle | None:
    """Take a history over as an import does; None where it is refused."""
    case = Chronicle(ProcedureSet([procedure]), procedure).opened(told=False)
    try:
        for offset, (kind, details) in enumerate(told):
            case.told(kind, OPENED + timedelta(days=offset), irregular=archive, **dict(details))
    except ActionRefused:
        return None
    return case


@pytest.mark.parametrize("name", PROCEDURES)
@settings(max_examples=80)
@given(data=st.data())
def test_a_history_is_accepted_exactly_where_some_way_of_acts_leaves_it(name: str, data: st.DataObject) -> None:
    procedure = PROCEDURES[name]
    told = data.draw(histories(procedure))
    found = accepted(procedure, told) is not None
    event("accepted" if found else "refused")
    assert found is is_possible(procedure, told)


@pytest.mark.parametrize("name", PROCEDURES)
@settings(max_examples=30)
@given(data=st.data())
def test_an_archive_takes_every_history_and_marks_it_only_where_it_is_not_lawful(
    name: str, data: st.DataObject
) -> None:
    procedure = PROCEDURES[name]
    told = data.draw(histories(procedure))
    strict, archived = accepted(procedure, told), accepted(procedure, told, archive=True)
    assert archived is not None
    assert len(archived.case.milestones) == len(told)
    assert archived.main.irregular is (strict is None)
    assert any(item.irregular for item in archived.case.milestones) is (strict is None)
    if strict is not None:
        assert archived.case == strict.case


@pytest.mark.parametrize("name", PROCEDURES)
@settings(max_examples=30)
@given(data=st.data())
def test_what_was_told_one_by_one_folds_to_the_same_in_one_go_whatever_order_it_was_written_in(
    name: str, data: st.DataObject
) -> None:
    procedure = PROCEDURES[name]
    told = data.draw(histories(procedure))
    case = accepted(procedure, told)
    if case is None:
        return
    assert replay.fold(case.entries, case.procedures) == case.case
    order = data.draw(st.permutations(case.entries[1:]))
    shuffled = [case.entries[0], *order]
    assert replay.fold(shuffled, case.procedures) == case.case


@settings(max_examples=25)
@given(data=st.data())
def test_the_image_of_a_day_is_that_of_the_acts_up_to_that_day(data: st.DataObject) -> None:
    procedure = PROCEDURES["penalty_general"]
    told = data.draw(histories(procedure))
    case = accepted(procedure, told)
    if case is None or not told:
        return
    cut = data.draw(st.integers(0, len(told)))
    earlier = replay.fold(case.entries[: cut + 1], case.procedures, lenient=True)
    alone = accepted(procedure, told[:cut])
    assert alone is not None
    assert earlier == alone.case


def test_the_search_knows_what_it_searches() -> None:
    """The search itself is held against ways that the statute names."""
    general = procedures().get("penalty_general")
    penalty: list[Told] = [("filed", {}), ("decided", {"outcome": "penalty"}), ("closed", {"manner": "executed"})]
    assert is_possible(general, penalty)
    assert not is_possible(general, penalty[::2])
    assert not is_possible(general, [*penalty, ("served", {})])
