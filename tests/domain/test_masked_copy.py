"""Mirrors caseapp/domain/masked_copy.py."""

from __future__ import annotations

from typing import Any

from caseapp.domain.masked_copy import masked, masks_of, not_found, passages

FACTS: dict[str, Any] = {
    "organ": {"name": "某局", "phone": "0513-86500000"},
    "parties": [
        {
            "role": "respondent",
            "kind": "person",
            "name": "张三丰",
            "id_number": "320612198001011234",
            "phone": "13812345678",
            "address": "南通市通州区川姜镇家纺城路8号",
        },
        {"role": "complainant", "kind": "organisation", "name": "澜庭纺织公司", "legal_representative": "翟小宁", "address": "叠石桥路66号"},
    ],
    "facts_found": "张三丰（身份证号320612198001011234）向翟小宁的客户13900001111销售侵权床品，货款汇入6222021234567890123。",
    "evidence": [{"name": "张三丰询问笔录", "proves": "销售经过"}],
    "decision": {"fine_fen": 500_000, "kinds": ["fine"]},
    "number": "某知罚字〔2026〕1号",
}  # fmt: skip


def test_a_person_is_hidden_wherever_the_value_stands_and_an_organisation_is_not() -> None:
    after = masked(FACTS, masks_of(FACTS), [])
    person, company = after["parties"]
    assert (person["name"], person["phone"], person["address"]) == (
        "张某某",
        "138****5678",
        "南通市通州区川姜镇家纺城路***",
    )
    assert (company["name"], company["address"], company["legal_representative"]) == (
        "澜庭纺织公司",
        "叠石桥路66号",
        "翟某某",
    )
    assert after["facts_found"].startswith("张某某（身份证号320612********1234）向翟某某的客户139****1111")
    assert after["facts_found"].endswith("货款汇入***************0123。")
    assert after["evidence"][0]["name"] == "张某某询问笔录"


def test_the_organ_and_the_numbers_of_the_decision_stay() -> None:
    after = masked(FACTS, masks_of(FACTS), ["某局", "1号"])
    assert after["organ"] == FACTS["organ"]
    assert after["number"] == FACTS["number"]
    assert after["decision"] == FACTS["decision"]


def test_more_can_be_hidden_and_what_is_not_there_is_told() -> None:
    after = masked(FACTS, masks_of(FACTS), ["侵权床品", "销售经过"])
    assert "侵权床品" not in after["facts_found"]
    assert after["evidence"][0]["proves"] == "***"
    assert not_found(FACTS, ["侵权床品", "不在其中"]) == ("不在其中",)


def test_a_mask_left_out_shows_the_value() -> None:
    kept = [item for item in masks_of(FACTS) if item.original != "张三丰"]
    assert masked(FACTS, kept, [])["parties"][0]["name"] == "张三丰"


def test_both_texts_stand_side_by_side_the_changed_first() -> None:
    pairs = passages(FACTS, masked(FACTS, masks_of(FACTS), []))
    changed = [pair.before != pair.after for pair in pairs]
    assert changed == sorted(changed, reverse=True)
    assert {"parties.0.name", "facts_found"} <= {pair.path for pair in pairs if pair.before != pair.after}


def test_masking_twice_changes_nothing_more() -> None:
    once = masked(FACTS, masks_of(FACTS), [])
    assert masked(once, masks_of(once), []) == once


def test_nothing_to_hide_is_left_as_it_is() -> None:
    assert masked({"facts_found": "无"}, masks_of({"facts_found": "无"}), []) == {"facts_found": "无"}
