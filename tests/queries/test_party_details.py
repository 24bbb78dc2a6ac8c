"""Personal values are masked, unless they are asked for in full."""

from __future__ import annotations

from sqlalchemy import update

from caseapp.models.personal_value import PersonalValue
from caseapp.queries.party_details import party_details
from caseapp.services.unit_of_work import unit_of_work
from tests.support.office import PHONE, Office, office

__all__ = ["office"]


def values(office: Office, case_id: str, *, in_full: bool) -> dict[str, str]:
    with office.context("officer") as ctx:
        respondent = party_details(ctx, office.image(case_id), in_full=in_full)[0]
    return {line.field: line.text for line in respondent.personal}


def test_what_is_shown_at_first_hides_the_person(office: Office) -> None:
    case = office.register()
    shown = values(office, case.id, in_full=False)
    assert shown["phone"] == "138****0001"
    assert shown["legal_representative"] == "翟某某"
    assert "1208" not in shown["address"]


def test_in_full_everything_is_there(office: Office) -> None:
    case = office.register()
    assert values(office, case.id, in_full=True)["phone"] == PHONE


def test_an_erased_value_is_said_to_be_erased(office: Office) -> None:
    case = office.register()
    with office.context("officer") as ctx:
        with unit_of_work(ctx) as unit:
            unit.connection.execute(
                update(PersonalValue).where(PersonalValue.field == "phone").values(value=None, sought=None)
            )
        lines = {line.field: line for line in party_details(ctx, office.image(case.id))[0].personal}
    assert lines["phone"].erased
    assert lines["phone"].text == ""
    assert not lines["address"].erased
