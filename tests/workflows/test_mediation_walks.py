"""Whole ways through a mediation, act by act through the engine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused
from tests.workflows.test_dispute_walks import DESIGN, PARTIES, SERVICE
from tests.workflows.walking import FIRST, HEAD, SECOND, Walk

FILING: dict[str, Any] = {
    "case_name": "某集团与某公司专利纠纷调解案",
    "session_on": "2026-04-10",
    "session_time": "9时",
    "session_place": "调解室",
    "officers": [FIRST, SECOND],
}
NOTICE = {"mediation_subject": "damages", "infringement_decision": "通知知裁字〔2025〕3号", "request_items": "赔偿"}
CANCEL = {"cancelled_on": "2026-04-10", "cancel_reason": "分歧大"}


def invited(**notice: Any) -> Walk:
    about = {"parties": PARTIES, "rights": [DESIGN], "ip_types": ["patent_design"]}
    walk = Walk("mediation", date(2026, 3, 2), about=about).take("assign_request", HEAD, officers=[FIRST, SECOND])
    return walk.take("issue_opinion_notice", **{**NOTICE, **notice})


def asked(**notice: Any) -> Walk:
    return invited(**notice).take("serve_opinion_notice", on=date(2026, 3, 5), served_on="2026-03-05", **SERVICE)


def mediating(**notice: Any) -> Walk:
    walk = asked(**notice).take("record_consent", on=date(2026, 3, 16), opinion_on="2026-03-16", opinion_text="同意")
    action = "file_ownership" if notice.get("mediation_subject") == "ownership" else "file_case"
    return walk.take(action, on=date(2026, 3, 18), **FILING)


def refusals(walk: Walk, action: str, on: date | None = None, **values: Any) -> set[str]:
    with pytest.raises(ActionRefused) as refused:
        walk.take(action, on=on, **values)
    return {unmet.guard for unmet in refused.value.unmet}


def test_a_mediation_with_agreement_and_confirmation_by_the_court() -> None:
    walk = mediating()
    assert walk.clock("D22") == (date(2026, 3, 9), date(2026, 3, 5), True)
    assert walk.clock("D23") == (date(2026, 3, 20), date(2026, 3, 16), True)
    assert walk.clock("D24") == (date(2026, 3, 23), date(2026, 3, 18), True)
    assert "D26" not in {item.rule for item in walk.situation(FIRST).clocks}
    walk.take("hold_session", on=date(2026, 4, 10), session_held_on="2026-04-10", session_record="……")
    walk.take("reach_agreement", agreed_on="2026-04-10", dispute_facts="……", agreement_terms="支付", payment_duty=True)
    assert not {"D26", "D27"} & {item.rule for item in walk.situation(FIRST).clocks}  # ownership alone has these
    walk.take("record_confirmation", on=date(2026, 4, 20), confirmed_on="2026-04-20", confirmation="court", confirmed_by="法院", confirmation_number="1号")  # fmt: skip
    assert walk.take("close_mediated", closing_manner="mediated", closing_summary="……").state == "closed"


def test_damages_alone_need_the_decision_that_found_infringement() -> None:
    with pytest.raises(ActionRefused) as refused:
        invited(infringement_decision=None)
    assert [unmet.guard for unmet in refused.value.unmet] == ["damages_have_a_decision"]
    assert "64" in refused.value.unmet[0].article


def test_ownership_has_a_limit_of_its_own_and_is_told_to_cnipa() -> None:
    walk = mediating(mediation_subject="ownership", infringement_decision=None)
    assert walk.clock("D26")[0] == date(2026, 5, 18)
    walk.take("extend_ownership", extension_n=1, extension_reason="特别复杂")
    assert walk.clock("D26")[0] == date(2026, 6, 18)
    walk.take("record_cnipa_suspension", on=date(2026, 3, 25), cnipa_asked_on="2026-03-23", cnipa_number="1号")
    assert walk.clock("D29")[0] == date(2027, 3, 23)
    walk.take("extend_cnipa_suspension", extension_n=30, extension_reason="仍在调解")
    assert walk.clock("D29")[0] == date(2027, 4, 22)
    agreement = {"agreed_on": "2026-04-10", "dispute_facts": "……", "agreement_terms": "归甲方"}
    assert refusals(walk, "reach_agreement", on=date(2026, 4, 10), **agreement) == {"fact_equals"}
    walk.take("reach_ownership_agreement", **agreement)
    assert walk.clock("D26")[2] is True
    assert walk.clock("D27")[0] == date(2026, 4, 27)  # 25 April is a Saturday
    walk.take("record_cnipa_resumption", resumption_asked_on="2026-04-10")
    assert walk.clock("D27")[2] is True
    assert walk.clock("D29")[1:] == (date(2026, 4, 10), False)
    assert refusals(walk, "close_mediated", closing_manner="mediated", closing_summary="……") == {"fact_equals"}
    walk.take("close_ownership", closing_manner="mediated", closing_summary="……")
    assert walk.clock("D28")[0] == date(2026, 4, 17)
    walk.take("copy_to_cnipa", on=date(2026, 4, 15), copied_on="2026-04-15")
    assert walk.clock("D28")[2] is True
    assert walk.state == "closed"


def test_a_suspension_by_cnipa_ends_by_itself() -> None:
    walk = mediating(mediation_subject="ownership", infringement_decision=None)
    walk.take("record_cnipa_suspension", on=date(2026, 3, 23), cnipa_asked_on="2026-03-23")
    late = {"extension_n": 30, "extension_reason": "仍在调解"}
    assert refusals(walk, "extend_cnipa_suspension", on=date(2027, 3, 24), **late) == {"within_clock"}
    assert walk.clock("D29")[1:] == (date(2027, 3, 24), False)
    assert refusals(mediating(), "record_cnipa_suspension", cnipa_asked_on="2026-03-18") == {"fact_equals"}


def test_use_before_the_grant_is_mediated_after_it() -> None:
    with pytest.raises(ActionRefused) as refused:
        invited(mediation_subject="provisional", infringement_decision=None)
    assert [(unmet.guard, unmet.article) for unmet in refused.value.unmet] == [
        ("provisional_after_grant", "《专利纠纷行政裁决和调解办法》第63条")
    ]
    assert invited(mediation_subject="provisional", infringement_decision=None, patent_granted=True).state == "inviting"


def test_the_time_to_ask_for_recusal_runs_from_when_the_mediators_are_told() -> None:
    walk = mediating().take("tell_mediators", on=date(2026, 3, 20), mediators_told_on="2026-03-20")
    assert walk.clock("D07")[0] == date(2026, 3, 25)


def test_other_disputes_are_not_filed_as_ownership() -> None:
    walk = asked().take("record_consent", on=date(2026, 3, 16), opinion_on="2026-03-16", opinion_text="同意")
    assert refusals(walk, "file_ownership", **FILING) == {"fact_equals"}


def test_silence_is_refusal_when_the_time_is_over() -> None:
    walk = asked()
    assert refusals(walk, "record_silence", on=date(2026, 3, 20)) == {"clock_expired"}
    assert refusals(walk, "record_silence", on=date(2026, 3, 30), silence_on="2026-03-20") == {"clock_expired"}
    walk.take("record_silence", silence_on="2026-03-23")
    assert walk.clock("D25")[0] == date(2026, 3, 30)  # from the end of the time, however late it is written down
    walk.take("decline_filing", not_filed_ground="silent", not_filed_reasons="逾期")
    assert walk.clock("D25")[2] is True
    assert walk.state == "not_filed"
    assert walk.take("reopen_request", HEAD, reopen_reason="现在同意").state == "inviting"
    assert refusals(walk, "serve_opinion_notice", served_on="2026-03-23", **SERVICE) == {"act_done"}


def test_a_refusal_is_told_to_the_requester() -> None:
    walk = asked().take("record_refusal", on=date(2026, 3, 16), opinion_on="2026-03-16", opinion_text="不同意")
    assert walk.clock("D25")[0] == date(2026, 3, 23)
    assert walk.take("decline_filing", not_filed_ground="refused", not_filed_reasons="拒绝").state == "not_filed"


@pytest.mark.parametrize(
    ("action", "state", "close", "manner"),
    [
        ("no_agreement", "failed", "close_failed", "terminated"),
        ("respondent_absent", "failed", "close_failed", "terminated"),
        ("requester_absent", "withdrawn", "close_withdrawn", "withdrawn"),
        ("withdraw_request", "withdrawn", "close_withdrawn", "withdrawn"),
    ],
)
def test_without_agreement_the_case_is_cancelled(action: str, state: str, close: str, manner: str) -> None:
    walk = mediating().take(action, on=date(2026, 4, 10), **CANCEL)
    assert walk.state == state
    walk.take(close, closing_manner=manner, closing_summary="……")
    assert walk.state == "closed"
    assert walk.take("reopen", HEAD, reopen_at="before_closing", reopen_reason="……").state == state


def test_a_mediation_of_2024_runs_on_the_older_text() -> None:
    about = {"parties": PARTIES, "rights": [DESIGN], "ip_types": ["patent_design"]}
    walk = Walk("mediation", date(2024, 3, 4), about=about).take("assign_request", HEAD, officers=[FIRST, SECOND])
    walk.take("issue_opinion_notice", mediation_subject="ownership", request_items="确认归属")
    walk.take("serve_opinion_notice", on=date(2024, 3, 6), served_on="2024-03-06", **SERVICE)
    assert walk.clock("Q08")[0] == date(2024, 3, 21)
    walk.take("record_consent", on=date(2024, 3, 15), opinion_on="2024-03-15", opinion_text="同意")
    assert walk.clock("Q09")[0] == date(2024, 3, 22)
    walk.take("file_ownership", on=date(2024, 3, 18), **{**FILING, "session_on": "2024-04-10"})
    walk.take("record_cnipa_suspension", on=date(2024, 3, 20), cnipa_asked_on="2024-03-20")
    assert walk.clock("Q10")[0] == date(2025, 3, 20)
    assert {item.rule for item in walk.situation(FIRST).clocks} == {"Q08", "Q09", "Q10"}
