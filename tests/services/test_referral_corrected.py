"""A handing over that was recorded wrongly: its correction takes the main case along, and no penalty slips through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused
from caseapp.domain.events import EntryKind
from caseapp.domain.workflow.referrals import referral_standing
from caseapp.queries.case_images import entries_of
from caseapp.services import case_correct
from caseapp.services.correction_draft import Asked
from caseapp.services.correction_wording import Wording
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import Course
from tests.factories.referrals import HANDED, RECEIPT, answered, handed_over, ready, received, reported
from tests.factories.sides import act_in, side_of

OTHER_POLICE = {**HANDED, "police_organ": "320613-police", "police_organ_reason": "犯罪地在崇川区"}


def seq_of(course: Course, case_id: str, action: str) -> int:
    with course.parts.context() as ctx:
        found = (item for item in entries_of(ctx, case_id) if item.payload.get("action") == action)
        return next(entry.seq for entry in found if entry.kind == EntryKind.ACTED)


def corrected(course: Course, case_id: str, asked: Asked) -> None:
    """Have it asked for by the officer and signed by both."""
    with course.as_("officer") as ctx:
        outcome = case_correct.request(ctx, case_id, asked, seen_version=course.image(case_id).version)
    for login in ("head", "leader"):
        course.sign(login, outcome)


@pytest.fixture(autouse=True)
def _stored_is_folded(course: Course) -> Iterator[None]:
    yield
    with course.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


def test_a_voided_handing_over_takes_the_case_and_its_papers_back(course: Course) -> None:
    case_id = course.filed()
    handed_over(course, case_id)
    assert course.image(case_id).main.state == "transferred"
    corrected(course, case_id, Asked(seq_of(course, case_id, "hand_over"), "登记错案件"))
    image = course.image(case_id)
    assert (image.main.state, side_of(course, case_id, "referral").state) == ("investigating", "ready")
    assert "transferred" not in [item.kind for item in image.milestones]
    letters = [item for item in image.documents if item.type in ("referral_letter", "referral_goods_list")]
    assert len(letters) == 2
    assert all(item.voided_by for item in letters)
    assert not referral_standing(image).settled
    assert course.rows("referral_share") == []
    act_in(course, case_id, "referral", "hand_over", HANDED)
    assert course.image(case_id).main.state == "transferred"


def test_what_the_police_did_with_it_falls_too_or_holds_the_correction_up(course: Course) -> None:
    case_id = course.filed()
    received(course, case_id)
    asked = Asked(seq_of(course, case_id, "hand_over"), "登记错案件")
    with course.as_("officer") as ctx, pytest.raises(ActionRefused) as caught:
        case_correct.propose(ctx, case_id, asked)
    assert [item.guard for item in caught.value.unmet] == ["later"]
    corrected(course, case_id, Asked(asked.entry, asked.reason, with_later=True))
    assert (course.image(case_id).main.state, side_of(course, case_id, "referral").state) == ("investigating", "ready")


def test_an_earlier_step_that_falls_takes_the_handing_over_and_the_case_along(course: Course) -> None:
    case_id = course.filed()
    handed_over(course, case_id)
    corrected(course, case_id, Asked(seq_of(course, case_id, "complete_dossier"), "录错案件", with_later=True))
    image = course.image(case_id)
    assert (image.main.state, side_of(course, case_id, "referral").state) == ("investigating", "approved")


def test_a_handing_over_on_another_day_to_other_police_moves_the_case_that_day_to_them(course: Course) -> None:
    case_id = course.filed()
    ready(course, case_id)
    course.later(days=2)
    act_in(course, case_id, "referral", "hand_over", HANDED)
    before = course.today - timedelta(days=1)
    entry = seq_of(course, case_id, "hand_over")
    corrected(course, case_id, Asked(entry, "前一日已移送崇川分局", Wording(before, OTHER_POLICE)))
    image = course.image(case_id)
    transferred = image.milestones[-1]
    assert (transferred.kind, transferred.on, transferred.detail("to")) == (
        "transferred",
        before,
        "南通市公安局崇川分局",
    )
    assert image.main.facts["transfer_to"] == "南通市公安局崇川分局"
    assert [share.organ for share in side_of(course, case_id, "referral").shares] == ["320613-police"]


def test_what_followed_by_itself_is_not_corrected_by_itself(course: Course) -> None:
    case_id = course.filed()
    handed_over(course, case_id)
    with course.as_("officer") as ctx, pytest.raises(ActionRefused) as caught:
        case_correct.propose(ctx, case_id, Asked(seq_of(course, case_id, "hand_over_by_referral"), "录错"))
    (unmet,) = caught.value.unmet
    assert (unmet.guard, unmet.message.values["seq"]) == ("moved", str(seq_of(course, case_id, "hand_over")))


def test_a_voided_acceptance_of_the_refusal_leaves_the_case_with_the_police(course: Course) -> None:
    case_id = course.filed()
    proceeding = received(course, case_id)
    refusal = {"refusal_number": "1", "refusal_ground": "no_crime", "refusal_reasons": "证据不足。"}
    refused = {"refused_on": course.today.isoformat(), **refusal}
    answered(course, course.people["police"], proceeding, "refuse_to_file", refused)
    act_in(course, case_id, "referral", "accept_refusal", {"file_back_on": course.today.isoformat()})
    assert course.image(case_id).main.state == "investigating"
    corrected(course, case_id, Asked(seq_of(course, case_id, "accept_refusal"), "尚未决定"))
    image = course.image(case_id)
    assert (image.main.state, side_of(course, case_id, "referral").state) == ("transferred", "refused")
    assert "returned" not in [item.kind for item in image.milestones]


# --- no penalty on the spot instead of a transfer ---------------------------------------------------------------------


def on_spot(course: Course, **amounts: int) -> str:
    case_id = course.lead(procedure="penalty_simplified", amounts=amounts, act_to=course.today).id
    start = {
        "case_name": "当场处罚案",
        "officers": course.officers,
        "facts_certain": True,
        "certificates_shown": True,
        "rights_told_on": course.today.isoformat(),
    }
    course.act("officer", case_id, "start_on_spot", start)
    return case_id


def fined(course: Course, case_id: str) -> None:
    decision: dict[str, Any] = {
        "decided_at": course.clock.at.isoformat(),
        "decision_place": "川姜镇",
        "facts_found": "销售侵权床品。",
        "violated": "中华人民共和国商标法 第五十七条",
        "basis": "中华人民共和国商标法 第六十条",
        "defence_heard": True,
        "decided_kinds": ["fine"],
        "fine": 20_000,
        "payment_mode": "bank",
        "payment_bank": "某银行",
    }
    course.act("officer", case_id, "decide_on_spot", decision)


def test_a_fine_on_the_spot_does_not_replace_a_transfer(course: Course) -> None:
    fined(course, on_spot(course, turnover=1_000_00))
    case_id = on_spot(course, sales=60_000_00, turnover=60_000_00)
    with pytest.raises(ActionRefused) as caught:
        fined(course, case_id)
    (unmet,) = caught.value.unmet
    assert (unmet.guard, unmet.cure) == ("not_penalised_instead_of_transfer", "leader")
    assert "第11条" in unmet.article
    reported(course, case_id)
    with pytest.raises(ActionRefused) as caught:
        fined(course, case_id)
    assert "no_pending_side_proceeding" in {item.guard for item in caught.value.unmet}
    why = {"referral_verdict": "keep", "not_referred_reasons": "经核减，未达到追诉标准。"}
    act_in(course, case_id, "referral", "decide_referral", why, by="leader")
    fined(course, case_id)
    assert course.image(case_id).main.state == "decided"


def test_a_case_on_the_spot_may_be_handed_over(course: Course) -> None:
    case_id = on_spot(course, sales=60_000_00, turnover=60_000_00)
    answered(course, course.people["police"], handed_over(course, case_id), "sign_receipt", RECEIPT)
    with pytest.raises(ActionRefused) as caught:
        fined(course, case_id)
    assert {item.guard for item in caught.value.unmet} == {"no_pending_side_proceeding"}
