from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from caseapp.domain.exchange.compare import difference

SERVED = {"kind": "served", "on": "2025-06-25"}
RECORDED = datetime(2025, 8, 1, tzinfo=UTC)


@pytest.fixture
def known(read):
    """The example as the ledger knows it: every milestone has a recorded time."""
    record = read()
    return replace(
        record, milestones=tuple(replace(item, recorded_at=item.recorded_at or RECORDED) for item in record.milestones)
    )


def test_the_same_content_again_says_nothing_new(known, read):
    assert difference(known, read()).is_none


def test_what_a_record_leaves_out_or_orders_otherwise_changes_nothing(known, read, example):
    told = read(
        title=...,
        amounts={"marks": 1},
        parties=list(reversed(example["parties"])),
        goods=...,
        milestones=list(reversed(example["milestones"])),
    )
    assert difference(known, told).is_none


@pytest.mark.parametrize("place", [0, 2, 6], ids=["before", "between", "behind"])
def test_further_milestones_are_appended_at_whatever_dates(known, read, example, place):
    milestones = [*example["milestones"][:place], SERVED, *example["milestones"][place:]]
    found = difference(known, read(milestones=milestones))
    assert found.conflict is None
    assert [item.kind.value for item in found.appended] == ["served"]


def test_a_twin_of_a_known_milestone_is_a_further_one(known, read, example):
    found = difference(known, read(milestones=[*example["milestones"], SERVED, SERVED]))
    assert len(found.appended) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"on": "2025-06-21"},
        {"on": "2025-06"},
        {"outcome": "no_penalty"},
        {"note": "x"},
        {"recorded_at": "2025-07-01T00:00:00Z"},
    ],
    ids=str,
)
def test_a_changed_milestone_is_a_conflict(known, read, example, change):
    milestones = [{**item, **(change if item["kind"] == "decided" else {})} for item in example["milestones"]]
    for item in milestones:
        if item["kind"] == "closed" and "recorded_at" in change:
            item["recorded_at"] = "2025-08-01T00:00:00Z"
    found = difference(known, read(milestones=milestones))
    assert "decided" in str(found.conflict)
    assert not found.appended


def test_a_missing_milestone_is_a_conflict(known, read, example):
    assert "closed" in str(difference(known, read(milestones=example["milestones"][:-1])).conflict)


def test_another_procedure_is_a_conflict(known, read):
    assert difference(known, read(procedure="patent_dispute")).conflict is not None


def test_a_new_milestone_may_not_claim_to_be_older_than_the_last_entry(known, read, example):
    told = [{**item} for item in example["milestones"]]
    for item in told:
        item.pop("recorded_at", None)
    milestones = [*told, {**SERVED, "recorded_at": "2025-07-01T00:00:00Z"}]
    found = difference(known, read(milestones=milestones), last_recorded_at=RECORDED)
    assert found.conflict is not None


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"title": "另一标题"}, ("title",)),
        ({"amounts": {"turnover": 1}}, ("amounts",)),
        ({"amounts": {"turnover": None}}, ("amounts",)),
        ({"amounts": {"gains": None}}, ()),
        ({"ip_types": ["trademark", "gi"], "campaigns": []}, ("campaigns", "ip_types")),
        ({"division": "320613"}, ("division",)),
        ({"parties": [{"role": "respondent", "kind": "organisation", "name": "某家纺店"}]}, ("parties",)),
        ({"rights": []}, ("rights",)),
        ({"goods": [{"name": "四件套"}]}, ("goods",)),
        ({"office_key": "7"}, ("extra",)),
        ({"act_from": "2025-01-01"}, ("act_from",)),
    ],
    ids=str,
)
def test_changed_facts_are_named(known, read, change, keys):
    found = difference(known, read(**change))
    assert found.changed == keys
    assert found.conflict is None


def test_a_changed_telephone_is_a_changed_party_but_an_erased_one_stays_erased(known, read, example):
    complainant = {**example["parties"][1], "phone": "13911111111"}
    told = read(parties=[example["parties"][0], complainant])
    assert difference(known, told).changed == ("parties",)
    erased = replace(known, parties=(known.parties[0], replace(known.parties[1], personal={"phone": None})))
    assert difference(erased, told).is_none
