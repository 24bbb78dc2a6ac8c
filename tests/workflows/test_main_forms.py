"""What a side proceeding tells the main one must be something that the main form can take: else nothing moves."""

from __future__ import annotations

from collections.abc import Iterator

from caseapp.domain.workflow.definition import FieldKind, Kind, Procedure
from tests.workflows.walking import procedures


def answers(procedure: Procedure, fact: str) -> set[str]:
    """Return every choice with which the forms of a procedure may state a fact."""
    fields = (field for action in procedure.actions for field in action.fields)
    return {value for field in fields if field.fact_name == fact for value, _ in field.choices}


def passed_on(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    """Yield (action of the main proceeding, field of its form, fact of this one) of what effects pass on."""
    for action in procedure.actions:
        for effect in action.effects:
            told = effect.params.get("with")
            if effect.name == "move_main" and isinstance(told, dict):
                yield from ((str(effect.params["action"]), field, str(fact)) for field, fact in told.items())


def test_every_answer_of_a_side_proceeding_is_one_that_the_main_form_offers() -> None:
    known = procedures()
    missing, checked = set(), set()
    mains = [one for one in known.latest() if one.kind is Kind.MAIN]
    for side in known.latest():
        for action_id, field_id, fact in set(passed_on(side)):
            for main in mains:
                action = main.action(action_id)
                fields = [] if action is None else [field for field in action.fields if field.id == field_id]
                for field in fields:
                    if field.kind is FieldKind.CHOICE:
                        offered = {value for value, _ in field.choices}
                        checked.add((side.id, main.id, field_id))
                        missing |= {(side.id, main.id, field_id, one) for one in answers(side, fact) - offered}
    assert {("remedy", "penalty_general", "remedy_result"), ("remedy", "patent_dispute", "suit_result")} <= checked
    assert missing == set()
