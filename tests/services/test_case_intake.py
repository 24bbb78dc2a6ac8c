"""Registering a lead: a folder, its number, its clock; personal values apart from the ledger."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from caseapp.domain.errors import InputErrors, NotPermitted
from caseapp.domain.facts import Goods, Right
from caseapp.domain.ledger import commitment
from caseapp.services.case_intake import LeadDraft, PartyDraft, name_of
from tests.factories.cases import RESPONDENT, Course


def wrong(course: Course, **changes: Any) -> list[str]:
    """Return the fields by which a lead is refused; nothing may have been written."""
    before = course.everything()
    with pytest.raises(InputErrors) as refused:
        course.lead(**changes)
    assert course.everything() == before
    assert all(str(error) for error in refused.value.errors)
    return [error.field for error in refused.value.errors]


def test_a_lead_opens_a_folder_with_its_number_and_its_clock(course: Course) -> None:
    reference = course.lead(
        summary="  举报人称有侵权床品。 ",
        received_on=course.today - timedelta(days=2),
        campaigns=("huhang",),
        goods=(Goods("四件套", quantity=12, unit="套", value_fen=119_880),),
        amounts={"turnover": 119_880, "marks": 1, "gains": None},
        act_from=date(2026, 1, 1),
        act_to=date(2026, 10, 1),
    )
    assert (reference.number, reference.version) == ("通州市监知线字〔2026〕1号", 1)
    (row,) = course.rows("case_file")
    assert (row["id"], row["lead_number"], row["number"], row["external_id"]) == (
        reference.id,
        reference.number,
        None,
        None,
    )
    assert (row["organ_id"], row["division"], row["procedure"], row["procedure_version"]) == (
        "320612-ip",
        "320612",
        "penalty_general",
        1,
    )
    assert (row["state"], row["category"], row["opened_on"]) == ("lead", "lead", course.today - timedelta(days=2))
    assert (row["ip_types"], row["campaigns"], row["respondent"]) == ("|trademark|", "|huhang|", RESPONDENT.name)
    assert (row["title"], row["origin"], row["demo"]) == ("南通锦屏家纺有限公司涉嫌侵犯注册商标专用权案", "user", False)
    assert course.ledger(reference.id) == ["opened"]
    image = course.image(reference.id)
    assert image.summary == "举报人称有侵权床品。"
    assert image.amounts == {"turnover": 119_880, "marks": 1}
    assert (image.act_from, image.act_to) == (date(2026, 1, 1), date(2026, 10, 1))
    (clock,) = course.rows("clock_run")
    assert (clock["rule"], clock["started_on"], clock["met"]) == ("P01", course.today - timedelta(days=2), None)
    assert row["next_due_on"] == clock["due_on"]
    assert course.rows("case_right", "number") == ["12345678"]
    assert course.rows("case_ip_type", "ip_type") == ["trademark"]
    assert [(row["code"], row["on_date"]) for row in course.rows("case_division")] == [
        ("320612", course.today - timedelta(days=2))
    ]
    assert course.rows("outbox") == []


def test_personal_values_are_kept_apart_and_the_ledger_only_commits_to_them(course: Course) -> None:
    reporter = PartyDraft(
        "reporter", "person", "举报人", None, {"phone": "13900000009", "id_number": "", "email": None}
    )
    reference = course.lead(parties=(RESPONDENT, reporter))
    values = {row["value"]: row for row in course.rows("personal_value")}
    assert set(values) == {"通州区川姜镇1号", "13800000001", "13900000009"}
    whole_ledger = "".join(row["payload"] for row in course.rows("ledger_entry"))
    image_text = course.rows("case_file", "image")[0]
    for value, row in values.items():
        assert value not in whole_ledger
        assert value not in image_text
        assert row["commitment"] == commitment(row["salt"], value)
        assert row["commitment"] in whole_ledger
        assert row["case_id"] == reference.id
    parties = {party.role: party for party in course.image(reference.id).parties}
    assert set(parties["respondent"].personal) == {"address", "phone"}
    assert set(parties["reporter"].personal) == {"phone"}
    assert values["13900000009"]["subject"] == parties["reporter"].id


def test_equal_personal_values_have_different_commitments(course: Course) -> None:
    twins = tuple(PartyDraft("witness", "person", name, None, {"phone": "13700000000"}) for name in ("甲", "乙"))
    course.lead(parties=twins)
    assert len(set(course.rows("personal_value", "commitment"))) == 2


def test_numbers_follow_each_other_within_organ_and_year_of_the_lead(course: Course) -> None:
    numbers = [course.lead().number for _ in range(3)]
    numbers.append(course.lead(organ="320613-ip", division="320613").number)
    numbers.append(course.lead(received_on=date(2025, 12, 30)).number)
    numbers.append(course.lead().number)
    assert [number.split("知线字")[1] for number in numbers] == [
        "〔2026〕1号", "〔2026〕2号", "〔2026〕3号", "〔2026〕1号", "〔2025〕1号", "〔2026〕4号",
    ]  # fmt: skip
    assert len(set(numbers)) == 6


def test_an_old_division_is_kept_as_the_one_that_followed_it(course: Course) -> None:
    course.lead(division="320611")
    assert course.rows("case_file", "division") == ["320613"]


def test_the_same_submission_again_opens_no_second_folder(course: Course) -> None:
    first = course.lead(key="k1")
    before = course.everything()
    assert course.lead(key="k1", summary="别的") == first
    assert course.everything() == before
    with pytest.raises(NotPermitted):
        course.lead(key="k1", by="officer")
    assert json.loads(course.rows("submission", "outcome")[0])["id"] == first.id


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "received in the future": ({"received_on": date(2026, 11, 24)}, ["received_on"]),
    "without a kind of right": ({"ip_types": ()}, ["ip_types"]),
    "of a kind of right that is none": ({"ip_types": ("trademark", "moonlight")}, ["ip_types"]),
    "that says nothing": ({"summary": " \n"}, ["summary"]),
    "whose violation ended before it began": ({"act_from": date(2026, 2, 1), "act_to": date(2026, 1, 1)}, ["act_to"]),
    "of a place that is none": ({"division": "通州"}, ["division"]),
    "with an amount that is none": ({"amounts": {"weight": 1}}, ["amounts.weight"]),
    "with a negative amount": ({"amounts": {"turnover": -1}}, ["amounts.turnover"]),
    "of a procedure that is none": ({"procedure": "duel"}, ["procedure"]),
    "of an organ that is none": ({"organ": "999999-ip"}, ["organ"]),
    "wrong in everything": ({"summary": "", "ip_types": (), "division": ""}, ["ip_types", "summary", "division"]),
}


def test_a_lead_is_refused_and_every_wrong_field_told(course: Course) -> None:
    for name, (changes, fields) in WRONG.items():
        assert wrong(course, **changes) == fields, name


def test_a_lead_received_today_is_lawful_and_needs_no_party(course: Course) -> None:
    course.lead(parties=(), rights=(), channel=None)
    (row,) = course.rows("case_file")
    assert (row["respondent"], row["title"]) == ("", "当事人待查涉嫌侵犯注册商标专用权案")
    assert course.rows("personal_value") == []


NAMES = {
    "trademark": "侵犯注册商标专用权",
    "patent_design": "假冒专利",
    "copyright": "侵犯著作权",
    "gi": "侵犯地理标志",
    "plant_variety": "侵犯植物新品种权",
    "trade_secret": "侵犯商业秘密",
    "other": "知识产权违法",
}


@pytest.mark.parametrize(("ip_type", "act"), NAMES.items())
def test_a_case_is_named_after_respondent_and_act(ip_type: str, act: str) -> None:
    draft = LeadDraft("320612", (ip_type,), "complaint", "x", date(2026, 1, 1), parties=(RESPONDENT,))
    assert name_of(draft) == f"南通锦屏家纺有限公司涉嫌{act}案"


def test_a_title_of_ones_own_is_kept(course: Course) -> None:
    course.lead(title=" 某案 ", rights=(Right("trademark", "1"),))
    assert course.rows("case_file", "title") == ["某案"]


def test_leads_registered_at_the_same_time_get_numbers_without_gap_or_double(course: Course) -> None:
    def register(index: int) -> str:
        return course.lead(by="intake" if index % 2 else "officer").number

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(register, range(8)))
    assert sorted(numbers) == [f"通州市监知线字〔2026〕{serial}号" for serial in range(1, 9)]
    assert course.rows("number_series", "series", "last") == [("lead", 8)]
