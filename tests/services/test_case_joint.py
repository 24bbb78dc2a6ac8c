"""Handling a case with other organs: their officers see and act, the main organ decides, figures count it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.adapters.clock import SetClock
from caseapp.domain.errors import ActionRefused, InputError, InputErrors, NotPermitted
from caseapp.domain.metrics.closure import Period
from caseapp.domain.metrics.policy import Dimension
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_file import CaseFile
from caseapp.queries import closure
from caseapp.queries.case_timeline import timeline
from caseapp.queries.visibility import visible_cases
from caseapp.services import case_facts, case_joint
from caseapp.services.ledger_rebuild import differences
from caseapp.wiring import Huhang
from tests.factories.cases import CONTACT, REPORT, Course
from tests.factories.organs import CITY, HAIMEN, neighbours


@pytest.fixture
def course(parts: Huhang, people: Mapping[str, Actor], clock: SetClock) -> Course:
    made = Course(parts, {**people, **neighbours(parts)}, clock)
    made.reached_at(CONTACT)
    return made


def jointly(course: Course, case_id: str, joint: Mapping[str, Sequence[str]], by: str = "leader", **more: Any) -> None:
    with course.as_(by) as ctx:
        case_joint.set_joint(ctx, case_id, joint, **{"reason": "跨区案件", "seen_version": None, **more})


def sees(course: Course, login: str, case_id: str) -> bool:
    with course.as_(login) as ctx:
        return case_id in set(ctx.session.execute(select(CaseFile.id).where(visible_cases(ctx))).scalars())


def test_joint_officers_see_and_act_and_their_organ_sees(course: Course) -> None:
    case_id = course.filed()
    joint = course.people["haimen_officer"].id
    assert not sees(course, "haimen_officer", case_id)
    jointly(course, case_id, {HAIMEN: [joint]})
    assert [(item.organ, item.officers, item.since) for item in course.image(case_id).joint] == [
        (HAIMEN, (joint,), course.today)
    ]
    assert sees(course, "haimen_officer", case_id)
    assert sees(course, "haimen_head", case_id)
    course.act("haimen_officer", case_id, "conclude_investigation", REPORT)
    with course.as_("haimen_officer") as ctx:
        assert any("联合办案" in str(item.title) for item in timeline(ctx, case_id).items)
        assert list(differences(ctx)) == []


def test_restricted_cases_stay_with_those_named(course: Course) -> None:
    case_id = course.filed()
    with course.as_("officer") as ctx:
        case_facts.change(ctx, case_id, {"restricted": True}, reason="涉密", seen_version=None)
    jointly(course, case_id, {HAIMEN: [course.people["haimen_officer"].id]})
    assert sees(course, "haimen_officer", case_id)
    assert not sees(course, "haimen_officer2", case_id)


def test_the_case_is_counted_once_at_its_main_organ(course: Course) -> None:
    case_id = course.filed()
    jointly(course, case_id, {HAIMEN: [course.people["haimen_officer"].id]})
    with course.as_("supervisor") as ctx:
        told = closure.closure_rate(ctx, "R1", Period(course.today, course.today), by=(Dimension.DIVISION,))
    assert [(row.key[Dimension.DIVISION], row.denominator) for row in told.rows] == [("320612", 1)]
    assert told.total.denominator == 1


def test_joint_handling_ends_and_sight_with_it(course: Course) -> None:
    case_id = course.filed()
    jointly(course, case_id, {HAIMEN: [course.people["haimen_officer"].id]})
    jointly(course, case_id, {})
    assert course.image(case_id).joint == ()
    assert not sees(course, "haimen_officer", case_id)
    with pytest.raises(InputError):
        jointly(course, case_id, {})


def test_a_superior_may_set_it_strangers_may_not(course: Course) -> None:
    case_id = course.filed()
    joint = {HAIMEN: [course.people["haimen_officer"].id]}
    with pytest.raises(NotPermitted):
        jointly(course, case_id, joint, by="haimen_leader")
    with pytest.raises(NotPermitted):
        jointly(course, case_id, joint, by="head")
    jointly(course, case_id, joint, by="city_leader")
    told = [row["user_id"] for row in course.rows("notification") if row["kind"] == "assigned"]
    assert course.people["haimen_officer"].id in told


@pytest.mark.parametrize("organ", ["320612-ip", "320612-police", "nowhere", HAIMEN, CITY])
def test_only_other_enforcing_organs_with_officers_of_theirs_take_part(course: Course, organ: str) -> None:
    case_id = course.filed()
    with pytest.raises(InputErrors):
        jointly(course, case_id, {organ: [course.people["haimen_leader"].id]})
    with pytest.raises(InputErrors):
        jointly(course, case_id, {HAIMEN: []})


def test_what_is_closed_is_not_handled_jointly_any_more(course: Course) -> None:
    with pytest.raises(ActionRefused):
        jointly(course, course.closed(), {HAIMEN: [course.people["haimen_officer"].id]})
