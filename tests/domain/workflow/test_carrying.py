"""A correction reaches the later entries that repeat what was wrong, and nothing that they say themselves."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.workflow.carrying import carry

KEYS = ("turnover", "gains", "sales")
AMOUNTS = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 5), max_size=3)


def party(party_id: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": party_id, "role": "respondent", "name": name, "personal": {}, **more}


def goods(name: str, quantity: int = 1) -> dict[str, Any]:
    return {"name": name, "quantity": quantity}


def test_an_amount_said_again_is_put_right_and_one_said_otherwise_stays() -> None:
    was, now = {"amounts": {"turnover": 100, "sales": 7}}, {"amounts": {"turnover": 90, "sales": 8}}
    later = {"amounts": {"turnover": 100, "sales": 9, "gains": 3}, "title": "甲案"}
    assert carry(later, was, now) == {"amounts": {"turnover": 90, "sales": 9, "gains": 3}, "title": "甲案"}


def test_an_amount_that_falls_away_falls_away_later_too() -> None:
    found = carry({"amounts": {"turnover": 100, "gains": 1}}, {"amounts": {"turnover": 100}}, {"amounts": {}})
    assert found == {"amounts": {"gains": 1}}


def test_an_amount_that_the_later_form_states_itself_is_its_own() -> None:
    later = {"amounts": {"turnover": 100}}
    assert carry(later, {"amounts": {"turnover": 100}}, {"amounts": {"turnover": 90}}, own={"turnover"}) == later


def test_a_renamed_party_is_renamed_where_it_is_said_again_beside_a_new_one() -> None:
    was, now = {"parties": [party("a", "甲厂")]}, {"parties": [party("a", "甲公司")]}
    later = {"parties": [party("a", "甲厂"), party("b", "乙厂")]}
    assert carry(later, was, now) == {"parties": [party("a", "甲公司"), party("b", "乙厂")]}


def test_of_a_party_changed_later_only_what_was_left_alone_is_put_right() -> None:
    was = {"parties": [party("a", "甲厂", personal={"phone": "c1", "address": "c2"})]}
    now = {"parties": [party("a", "甲公司", personal={"phone": "c3", "address": "c2"})]}
    later = {"parties": [{**party("a", "甲厂", personal={"phone": "c1", "address": "c9"}), "role": "agent"}]}
    (found,) = carry(later, was, now)["parties"]
    assert found == {**party("a", "甲公司", personal={"phone": "c3", "address": "c9"}), "role": "agent"}


def test_a_party_that_was_never_added_goes_unless_somebody_changed_it_since() -> None:
    was, now = {"parties": [party("a", "甲厂"), party("b", "乙厂")]}, {"parties": [party("a", "甲厂")]}
    assert carry({"parties": was["parties"]}, was, now) == now
    changed = {"parties": [party("a", "甲厂"), party("b", "乙公司")]}
    assert carry(changed, was, now) == changed
    assert carry(now, now, was) == was


def test_goods_take_each_others_place_fall_or_come() -> None:
    was, now = {"goods": [goods("床单", 3), goods("枕套")]}, {"goods": [goods("床单", 2), goods("枕套")]}
    later = {"goods": [goods("床单", 3), goods("被套")]}
    assert carry(later, was, now) == {"goods": [goods("床单", 2), goods("被套")]}
    assert carry(later, was, {"goods": [goods("枕套")]}) == {"goods": [goods("被套")]}
    assert carry(later, {"goods": []}, {"goods": [goods("枕套")]}) == {"goods": [*later["goods"], goods("枕套")]}


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_carried_amounts_are_the_right_ones_wherever_the_later_entry_said_the_wrong_ones(
    later: dict[str, int], was: dict[str, int], now: dict[str, int]
) -> None:
    found = carry({"amounts": later}, {"amounts": was}, {"amounts": now})["amounts"]
    for key in KEYS:
        repeats = later.get(key) == was.get(key)
        assert found.get(key) == (now.get(key) if repeats else later.get(key))


@given(AMOUNTS, AMOUNTS)
def test_a_correction_that_changes_nothing_carries_nothing(later: dict[str, int], was: dict[str, int]) -> None:
    assert carry({"amounts": later}, {"amounts": was}, {"amounts": was}) == {"amounts": later}
