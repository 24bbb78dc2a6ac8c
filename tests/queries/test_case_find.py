"""A case is found by any of its names, and only by those who may know of it."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import NotFound
from caseapp.queries.case_find import find_case
from tests.support.spine import ADMINISTRATOR, House


def test_a_case_is_found_by_external_id_number_lead_number_and_id(house: House) -> None:
    reference = house.register()
    house.execute(
        f"UPDATE case_file SET external_id = 'NT-2026-1', number = '通知知执字〔2026〕1号' WHERE id = '{reference.id}'"
    )
    with house.context() as ctx:
        for name in ("NT-2026-1", "通知知执字〔2026〕1号", reference.number, reference.id, f"  {reference.id} "):
            assert find_case(ctx, name) == reference.id


def test_where_two_cases_answer_the_external_id_wins(house: House) -> None:
    one, other = house.register(), house.register()
    house.execute(f"UPDATE case_file SET external_id = '{other.number}' WHERE id = '{one.id}'")
    with house.context() as ctx:
        assert find_case(ctx, other.number) == one.id


@pytest.mark.parametrize("text", ["", "nothing", "%"])
def test_nothing_else_is_found(house: House, text: str) -> None:
    house.register()
    with house.context() as ctx, pytest.raises(NotFound):
        find_case(ctx, text)


def test_who_may_not_see_a_case_learns_nothing(house: House) -> None:
    reference = house.register()
    with house.context(ADMINISTRATOR) as ctx, pytest.raises(NotFound):
        find_case(ctx, reference.id)
