"""Changing what is known of a case: whole fields, with the reason, in the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from caseapp.domain.errors import InputError, NotFound, StaleCase
from caseapp.domain.facts import Goods, Right
from caseapp.queries.case_images import entries_of
from caseapp.services import case_facts
from caseapp.services.case_intake import CaseRef, PartyDraft
from tests.factories.cases import RESPONDENT, Course


def change(course: Course, case_id: str, changes: dict[str, Any], *, reason: str = "更正", **more: Any) -> CaseRef:
    with course.as_("officer") as ctx:
        return case_facts.change(ctx, case_id, changes, reason=reason, **{"seen_version": None, **more})


def party(course: Course, case_id: str, draft: PartyDraft, *, reason: str = "补充", **more: Any) -> CaseRef:
    with course.as_("officer") as ctx:
        return case_facts.add_party(ctx, case_id, draft, reason=reason, **{"seen_version": None, **more})


def refused(course: Course, error: type[Exception], case_id: str, changes: dict[str, Any], **more: Any) -> Any:
    before = course.everything()
    with pytest.raises(error) as why:
        change(course, case_id, changes, **more)
    assert course.everything() == before
    return why.value


def test_facts_are_replaced_and_the_lists_follow(course: Course) -> None:
    case_id = course.lead().id
    reference = change(
        course,
        case_id,
        {
            "title": "新名",
            "summary": "新情况",
            "source": "inspection",
            "channel": None,
            "campaigns": ["huhang"],
            "ip_types": ["gi", "trademark"],
            "rights": (Right("gi", "AGI01234", "南通蓝印花布", "协会"),),
            "goods": (Goods("床单", quantity=3, unit_price_fen=9_990),),
            "amounts": {"turnover": 2_997, "marks": 1, "gains": None},
            "act_from": date(2026, 1, 1),
            "act_to": None,
            "restricted": True,
        },
        reason="  核对材料  ",
    )
    assert reference.version == 2
    image = course.image(case_id)
    assert (image.title, image.summary, image.source, image.channel) == ("新名", "新情况", "inspection", None)
    assert (image.campaigns, image.ip_types, image.restricted) == (("huhang",), ("gi", "trademark"), True)
    assert image.rights == (Right("gi", "AGI01234", "南通蓝印花布", "协会"),)
    assert image.goods == (Goods("床单", quantity=3, unit_price_fen=9_990),)
    assert image.amounts == {"turnover": 2_997, "marks": 1, "gains": None}
    assert (image.act_from, image.act_to) == (date(2026, 1, 1), None)
    (row,) = course.rows("case_file")
    assert (row["title"], row["ip_types"], row["campaigns"], row["restricted"]) == (
        "新名",
        "|gi|trademark|",
        "|huhang|",
        True,
    )
    assert sorted(course.rows("case_ip_type", "ip_type")) == ["gi", "trademark"]
    assert course.rows("case_right", "kind", "number") == [("gi", "AGI01234")]
    assert course.ledger(case_id) == ["opened", "facts_changed"]
    with course.parts.context() as ctx:
        assert entries_of(ctx, case_id)[-1].payload["reason"] == "核对材料"


def test_a_case_moves_to_another_division_from_that_day_on(course: Course) -> None:
    case_id = course.lead().id
    course.later(days=3)
    change(course, case_id, {"division": "320613"})
    assert course.rows("case_file", "division") == ["320613"]
    moves = course.rows("case_division", "code", "on_date")
    assert moves == [("320612", date(2026, 11, 23)), ("320613", course.today)]


def test_an_old_division_is_kept_as_the_one_that_followed_it(course: Course) -> None:
    case_id = course.lead().id
    change(course, case_id, {"division": "320611"})
    assert course.image(case_id).division == "320613"


WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "what no change may touch": ({"number": "1"}, {}, "number"),
    "the officers": ({"officers": ["x"]}, {}, "officers"),
    "without a reason": ({"title": "x"}, {"reason": " "}, "reason"),
    "with a reason without end": ({"title": "x"}, {"reason": "字" * 501}, "reason"),
    "to a negative amount": ({"amounts": {"turnover": -1}}, {}, "amounts"),
    "to an amount that is none": ({"amounts": {"weight": 1}}, {}, "amounts"),
    "to no kind of right": ({"ip_types": []}, {}, "ip_types"),
    "to a kind of right that is none": ({"ip_types": ["moonlight"]}, {}, "ip_types"),
    "to a place that is none": ({"division": "通州"}, {}, "division"),
    "to no name": ({"title": " "}, {}, "title"),
}


def test_a_change_is_refused_and_leaves_no_trace(course: Course) -> None:
    case_id = course.lead().id
    for name, (changes, more, field) in WRONG.items():
        assert refused(course, InputError, case_id, changes, **more).field == field, name
    refused(course, StaleCase, case_id, {"title": "x"}, seen_version=7)
    refused(course, NotFound, "f" * 32, {"title": "x"})


def test_the_same_change_sent_twice_is_made_once(course: Course) -> None:
    case_id = course.lead().id
    first = change(course, case_id, {"title": "新名"}, idempotency_key="k", seen_version=1)
    assert change(course, case_id, {"title": "新名"}, idempotency_key="k", seen_version=1) == first
    assert course.ledger(case_id) == ["opened", "facts_changed"]


def test_a_party_is_added_with_its_personal_values_apart(course: Course) -> None:
    case_id = course.lead().id
    witness = PartyDraft("witness", "person", "  王某 ", None, {"phone": "13600000006", "email": None})
    assert party(course, case_id, witness, idempotency_key="k").version == 2
    assert party(course, case_id, witness, idempotency_key="k").version == 2
    respondent, added = course.image(case_id).parties
    assert (respondent.name, added.role, added.name, set(added.personal)) == (
        RESPONDENT.name,
        "witness",
        "王某",
        {"phone"},
    )
    assert course.rows("case_party", "name") == [RESPONDENT.name, "王某"]
    assert "13600000006" not in "".join(course.rows("ledger_entry", "payload"))
    assert course.rows("personal_value", "value").count("13600000006") == 1


def test_a_party_is_put_in_the_place_of_another_and_keeps_what_was_not_entered_anew(course: Course) -> None:
    case_id = course.lead().id
    (old,) = course.image(case_id).parties
    corrected = PartyDraft(
        "respondent", "organisation", "南通锦屏家纺股份有限公司", "91320612MA1W00000X", {"phone": "0513-1"}
    )
    party(course, case_id, corrected, replaces=old.id)
    (new,) = course.image(case_id).parties
    assert (new.id, new.name, new.uscc) == (old.id, "南通锦屏家纺股份有限公司", "91320612MA1W00000X")
    assert new.personal["address"] == old.personal["address"]
    assert new.personal["phone"] != old.personal["phone"]
    assert course.rows("case_file", "respondent") == ["南通锦屏家纺股份有限公司"]


def test_a_party_is_refused_without_name_reason_or_predecessor(course: Course) -> None:
    case_id = course.lead().id
    wrong = {
        "name": (PartyDraft("witness", "person", " "), {}),
        "reason": (PartyDraft("witness", "person", "王某"), {"reason": ""}),
        "party": (PartyDraft("witness", "person", "王某"), {"replaces": "f" * 32}),
    }
    before = course.everything()
    for field, (draft, more) in wrong.items():
        with pytest.raises(InputError) as why:
            party(course, case_id, draft, **more)
        assert why.value.field == field
    with pytest.raises(StaleCase):
        party(course, case_id, PartyDraft("witness", "person", "王某"), seen_version=9)
    assert course.everything() == before
