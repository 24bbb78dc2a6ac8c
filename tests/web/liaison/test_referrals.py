"""What a liaison sees and does: an outline, the receipt in one step, the dossier, his answers; nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from caseapp.domain.workflow.situation import Actor
from caseapp.services.access_log import EXPORTED, READ
from tests.factories.cases import Course
from tests.factories.referrals import OUTLINE, REFUSAL, answered, handed_over, liaisons, ready, received
from tests.factories.sides import act_in, side_of
from tests.support.app import PASSWORD
from tests.web.shell import Visitor

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
Enter = Callable[[str], Visitor]
SECRET = ("锦屏", "顾海宁", "微信、支付宝流水", "现场笔录", "知执字", "13800000001")
"""Words of the case that nobody outside may read before his organ has signed the receipt."""


def fields_of(text: str) -> dict[str, str]:
    """Return the hidden fields of the form that signs the receipt."""
    form = text.split("/acts/sign_receipt", 1)[1].split("</form>", 1)[0]
    names = [part.split('"', 1)[0] for part in form.split('name="')[1:]]
    values = [part.split('"', 1)[0] for part in form.split('value="')[1:]]
    return dict(zip(names, values, strict=True))


def test_the_police_see_an_outline_sign_in_one_step_and_then_read_the_dossier(course: Course, enter: Enter) -> None:
    case_id = course.filed()
    referral = f"/referrals/{handed_over(course, case_id)}"
    police = enter("police")
    inbox = police.get("/referrals").text
    assert "签收后显示案件名称" in inbox
    before = police.get(referral).text
    assert OUTLINE in before
    assert "签收前只显示概要" in before
    for word in SECRET:
        assert word not in inbox + before
    signed = police.post(f"{referral}/acts/sign_receipt", fields=fields_of(before))
    assert (signed.status_code, signed.location) == (303, referral)
    after = police.get(referral).text
    for word in (
        "锦屏",
        "微信、支付宝流水",
        "现场笔录",
        "公安机关决定是否立案",
        "告知补正材料",
        "转送有管辖权的公安机关",
    ):
        assert word in after
    assert "接到移送报告之日" not in after
    reads = [row for row in course.rows("ledger_entry") if row["kind"] == READ and row["case_id"] == case_id]
    assert course.people["police"].id in {row["actor"] for row in reads}


def test_supplements_are_asked_for_and_the_decision_is_taken_with_its_paper(course: Course, enter: Enter) -> None:
    case_id = course.filed()
    referral = f"/referrals/{received(course, case_id)}"
    police = enter("police")
    form = police.get(f"{referral}/acts/refuse_to_file").text
    assert "不予立案的理由" in form
    assert "paper_ref" not in form
    sent = {"seen_version": "2", "idempotency_key": "k" * 32, "refused_on": course.today.isoformat(), **REFUSAL}
    lacking = {**sent, "refusal_reasons": ""}
    page = f"{referral}/acts/refuse_to_file"
    assert police.post(page, page=page, fields=lacking).status_code == 422
    stale = police.post(page, page=page, fields={**sent, "seen_version": "1"})
    assert stale.status_code == 409
    assert "请先看清往来记录" in stale.text
    assert police.post(page, page=page, fields=sent).status_code == 303
    assert side_of(course, case_id, "referral").state == "refused"
    assert "现在没有需要贵机关办理的事项" in police.get(referral).text or "致函移送机关" in police.get(referral).text


@pytest.mark.parametrize("who", ["police2", "procurator", "court"])
def test_who_it_was_not_sent_to_finds_nothing_at_any_address(course: Course, app: object, who: str) -> None:
    case_id = course.filed()
    proceeding = received(course, case_id)
    liaisons(course)
    whole: Any = SimpleNamespace(app=app)
    stranger = Visitor(whole)
    stranger.sign_in(who, password=PASSWORD)
    assert "锦屏" not in stranger.get("/referrals").text
    for address in (
        f"/referrals/{proceeding}",
        f"/referrals/{proceeding}/acts/file_case",
        f"/referrals/{proceeding}/documents/{'0' * 32}.pdf",
        f"/referrals/{'0' * 32}",
    ):
        answer = stranger.get(address)
        assert answer.status_code == 404
        assert "锦屏" not in answer.text
    for address in (f"/cases/{case_id}", "/cases", "/search?q=锦屏", "/cases.csv"):
        answer = stranger.get(address)
        assert answer.status_code in (302, 303, 403, 404)
        assert "南通锦屏家纺有限公司" not in answer.text


def test_before_it_is_sent_the_police_find_nothing(course: Course, enter: Enter) -> None:
    case_id = course.filed()
    ready(course, case_id)
    police = enter("police")
    assert "目前没有移送贵机关的案件" in police.get("/referrals").text
    assert police.get(f"/referrals/{side_of(course, case_id, 'referral').id}").status_code == 404


def test_who_sent_it_on_sees_what_he_had_and_nothing_later(course: Course, enter: Enter) -> None:
    case_id = course.filed()
    proceeding = received(course, case_id)
    people: Mapping[str, Actor] = liaisons(course)
    on = {"police_organ": "320613-police", "forward_reason": "主要犯罪地在崇川区。"}
    answered(course, people["police"], proceeding, "forward", on)
    answered(course, people["police2"], proceeding, "sign_receipt", {"receipt_signer": "联络员0"})
    act_in(course, case_id, "referral", "remark_ours", {"remark": "后来的话。"})
    text = enter("police").get(f"/referrals/{proceeding}").text
    assert "已经转送其他机关" in text
    assert "后来的话" not in text
    assert enter("police").get(f"/referrals/{proceeding}/acts/file_case").status_code == 404


def test_the_list_is_filtered_sorted_paged_and_handed_out(course: Course, enter: Enter) -> None:
    received(course, course.filed())
    handed_over(course, course.filed())
    police = enter("police")
    text = police.get("/referrals").text
    assert "共 2 条" in text
    assert "销售假冒注册商标的商品罪" in text
    for query, count in (
        ("tab=all&way=from_us", 0),
        ("tab=mine&offence=a214", 1),
        ("tab=overdue", 0),
        ("sort=sent", 2),
    ):
        shown = police.get(f"/referrals?{query}").text
        assert shown.count("data-href=") == count, query
    for wrong in ("tab=x", "way=x", "sort=x", "after=x", "after=WzFd"):
        assert police.get(f"/referrals?{wrong}").status_code == 422, wrong
    lines = police.get("/referrals.csv?tab=all").text.splitlines()
    assert len(lines) == 3
    assert "销售假冒注册商标的商品罪" in lines[1] + lines[2]
    exports = [row for row in course.rows("ledger_entry") if row["kind"] == EXPORTED]
    assert [row["actor"] for row in exports] == [course.people["police"].id]
