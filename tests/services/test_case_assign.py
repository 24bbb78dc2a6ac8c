"""Putting officers in charge: of the organ, still there, the first leads."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from caseapp.domain.errors import InputError, NotFound, StaleCase
from caseapp.models.account import Account
from caseapp.queries.case_images import entries_of
from caseapp.services import case_assign
from caseapp.services.case_intake import CaseRef
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course


def assign(course: Course, case_id: str, officers: list[str], **more: Any) -> CaseRef:
    with course.as_("head") as ctx:
        return case_assign.assign(ctx, case_id, officers, **{"seen_version": None, **more})


def test_officers_are_put_in_charge_in_their_order_and_told(course: Course) -> None:
    case_id = course.lead().id
    first, second = course.officers
    assert assign(course, case_id, [second, first, second], reason=" 熟悉案情 ", seen_version=1).version == 2
    assert course.image(case_id).officers == (second, first)
    assert course.rows("case_file", "lead_officer") == [second]
    assert sorted(course.rows("case_officer", "user_id", "ordinal")) == sorted([(second, 0), (first, 1)])
    assert {row["user_id"] for row in course.rows("notification") if row["kind"] == "assigned"} == {first, second}
    with course.parts.context() as ctx:
        entry = entries_of(ctx, case_id)[-1]
    assert (entry.kind, entry.payload) == ("officers_assigned", {"officers": [second, first], "reason": "熟悉案情"})


def test_who_was_replaced_is_no_longer_in_charge(course: Course) -> None:
    case_id = course.lead().id
    assign(course, case_id, course.officers)
    assign(course, case_id, course.officers[1:])
    assert course.rows("case_officer", "user_id") == course.officers[1:]


def test_who_puts_himself_in_charge_is_not_told_so(course: Course) -> None:
    case_id = course.lead().id
    assign(course, case_id, [course.people["head"].id, course.officers[0]])
    assert course.rows("notification", "user_id") == [course.officers[0]]


def test_nobody_strangers_and_those_who_left_are_refused(course: Course) -> None:
    case_id = course.lead().id
    with course.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.login == "officer2").values(active=False))
    before = course.everything()
    for officers in ([], ["f" * 32], [course.people["supervisor"].id], [course.officers[0], course.officers[1]]):
        with pytest.raises(InputError) as why:
            assign(course, case_id, officers)
        assert why.value.field == "officers"
    with pytest.raises(StaleCase):
        assign(course, case_id, course.officers[:1], seen_version=5)
    with pytest.raises(NotFound):
        assign(course, "f" * 32, course.officers[:1])
    assert course.everything() == before


def test_the_same_submission_again_assigns_nobody_anew(course: Course) -> None:
    case_id = course.lead().id
    first = assign(course, case_id, course.officers, idempotency_key="k")
    assert assign(course, case_id, course.officers[:1], idempotency_key="k") == first
    assert course.image(case_id).officers == tuple(course.officers)
