"""The page of an act says what it will do, and begins with what is known."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import NotFound
from caseapp.queries.action_page import ActionPage, action_page
from tests.support.office import Office, office

__all__ = ["office"]


def page(office: Office, case_id: str, action: str, login: str = "officer") -> ActionPage:
    with office.context(login) as ctx:
        return action_page(ctx, case_id, office.image(case_id).main.id, action)


def test_an_act_tells_its_consequences(office: Office) -> None:
    case = office.told()
    shown = page(office, case.id, "file_case")
    assert shown.obstacles == ()
    assert [state.zh for state in shown.leads_to] == ["调查取证"]
    assert [step.role.value for step in shown.steps] == ["section_head", "leader"]
    assert {(clock.does, clock.rule) for clock in shown.clocks} == {("start", "P10"), ("meet", "P01")}
    (started,) = [clock for clock in shown.clocks if clock.does == "start"]
    assert started.due_on is not None
    assert [type_id for type_id, _name in shown.papers] == ["filing_approval"]
    assert shown.leads == "officers"


def test_a_form_begins_with_what_is_known(office: Office) -> None:
    case = office.told()
    shown = page(office, case.id, "file_case")
    assert shown.facts["officers"] == office.officers()
    assert shown.facts["case_name"] == office.image(case.id).title
    filed = office.filed()
    assert page(office, filed.id, "conclude_investigation").facts["turnover"] == 9735300


def test_only_people_who_handle_cases_are_offered(office: Office) -> None:
    case = office.told()
    names = {person.name for person in page(office, case.id, "file_case").staff}
    assert {"顾海宁", "陆文珺", "钱立新"} <= names
    assert not {"管小青", "安守正", "查明理", "丁卫东"} & names


def test_earlier_answers_stand_beside_the_form_once(office: Office) -> None:
    case = office.filed()
    earlier = page(office, case.id, "conclude_investigation").earlier
    names = [name.zh for name, _values in earlier]
    assert names[0] == "立案"
    assert "告知权利" in names
    labels = [value.label.zh for _name, values in earlier for value in values]
    assert len(labels) == len(set(labels))


def test_an_act_of_another_state_says_so_instead_of_a_form(office: Office) -> None:
    case = office.checking()
    (obstacle,) = page(office, case.id, "conclude_investigation").obstacles
    assert "线索核查" in str(obstacle.message)


def test_who_has_not_the_role_reads_who_has(office: Office) -> None:
    case = office.told()
    shown = page(office, case.id, "file_case", "leader")
    assert shown.obstacles[0].guard == "role"
    assert {cure["zh"] for cure in shown.obstacles[0].cures} == {"办案人员"}


def test_what_does_not_exist_is_not_found(office: Office) -> None:
    case = office.checking()
    main = office.image(case.id).main.id
    with office.context("officer") as ctx:
        for proceeding, action in (("0" * 32, "file_case"), (main, "fly_to_the_moon")):
            with pytest.raises(NotFound):
                action_page(ctx, case.id, proceeding, action)
