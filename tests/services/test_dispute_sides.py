"""What runs beside a dispute: a recusal that stops the work, registered evidence, samples; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from caseapp.domain.clocks.status import Status
from caseapp.domain.errors import ActionRefused
from caseapp.queries.case_page import case_page
from caseapp.queries.clock_list import clock_lines
from caseapp.queries.overdue import due_list
from tests.factories.cases import Course
from tests.factories.sides import act_in, granted, open_side, sent, side_of
from tests.services.test_dispute_life import filed, panel, papers_of, rebuilt_as_stored, service

__all__ = ["panel"]


def articles(course: Course, case_id: str, action: str, fields: dict[str, Any], by: str = "officer") -> list[str]:
    with pytest.raises(ActionRefused) as refused:
        course.act(by, case_id, action, fields)
    return [unmet.article for unmet in refused.value.unmet]


def test_a_recusal_stops_the_work_until_it_is_decided(course: Course, panel: list[str]) -> None:
    case_id = filed(course, panel)
    asked = {
        "recusal_of": panel[0],
        "recusal_rank": "staff",
        "recusal_by": "party",
        "recusal_ground": "relative",
        "recusal_asked_on": course.today.isoformat(),
        "recusal_reason": "与被请求人的代理人是近亲属",
    }
    with pytest.raises(ActionRefused) as late:
        names = {**asked, "recusal_limb": "names", "names_known_on": (course.today - timedelta(days=30)).isoformat()}
        open_side(course, case_id, "recusal", "request_recusal", names, by="officer2")
    assert [unmet.guard for unmet in late.value.unmet] == ["recusal_asked_in_time"]
    asked |= {"recusal_limb": "names", "names_known_on": course.today.isoformat()}
    open_side(course, case_id, "recusal", "request_recusal", asked, by="officer2")
    rule = "《专利纠纷行政裁决和调解办法》第5条"
    for officer in ("officer", "officer2"):
        assert articles(course, case_id, "serve_request", service(course), by=officer) == [rule]
    answer = {
        "recusal_decider": "leader",
        "recusal_verdict": "granted",
        "recused_officers": [panel[0]],
        "officers": panel[1:],
        "recusal_opinion": "情况属实",
    }
    with pytest.raises(ActionRefused) as refused:
        act_in(course, case_id, "recusal", "decide_recusal", answer, by="leader")
    assert [unmet.article for unmet in refused.value.unmet] == ["《专利纠纷行政裁决和调解办法》第20条"]
    with pytest.raises(ActionRefused) as refused:
        act_in(course, case_id, "recusal", "decide_recusal", {**answer, "officers": panel}, by="leader")
    assert [unmet.article for unmet in refused.value.unmet] == [rule]
    refusal = {**answer, "recusal_verdict": "refused", "officers": panel, "recusal_opinion": "不属实"}
    refusal.pop("recused_officers")
    act_in(course, case_id, "recusal", "decide_recusal", refusal, by="leader")
    course.act("officer", case_id, "serve_request", service(course))
    recusal = papers_of(course, case_id)["recusal_decision"]["recusal"]
    assert recusal["dispute"] == "new"
    assert recusal["verdict"] == "refused"
    assert rebuilt_as_stored(course, case_id)


def test_a_limitation_and_a_right_that_lapses_are_clocks_and_nobody_is_late_for_them(
    course: Course, panel: list[str]
) -> None:
    case_id = filed(course, panel)
    known = {"infringement_known_on": (course.today - timedelta(days=400)).isoformat()}
    course.act("officer", case_id, "record_limitation", known)
    course.act("officer", case_id, "serve_request", service(course))

    def standing(rule: str) -> list[Status]:
        with course.parts.context() as ctx:
            found = [[line.status for line in clock_lines(ctx, rule=rule, only=only)] for only in (None, *Status)]
        assert sorted(found[0]) == sorted(status for some in found[1:] for status in some)
        return found[0]

    assert standing("D18") == [Status.MET]
    assert standing("D07") == [Status.RUNNING]
    with course.as_("officer") as ctx:
        binding = case_page(ctx, case_id).binding
    assert binding is not None
    assert binding.rule == "D03a"  # the party's own time, though shorter, presses nobody of the house
    assert rebuilt_as_stored(course, case_id)
    course.later(days=10)
    assert standing("D07") == [Status.STOPPED]
    with course.parts.context() as ctx:
        assert not {line.rule for line in due_list(ctx, until=course.today).lines} & {"D07", "D18"}


def test_registered_evidence_runs_on_the_rule_of_disputes_and_bars_closing(course: Course, panel: list[str]) -> None:
    case_id = filed(course, panel)
    wanted = {"kept_reason": "四件套即将转移", "kept_proposed": "四件套\n进货台账"}
    granted(course, open_side(course, case_id, "evidence_registration", "apply_registration", wanted))
    kept = {
        "kept_on": course.today.isoformat(),
        "kept_place": "家纺城3区1208号",
        "kept_items": "四件套——1.8米——2套——缠枝莲",
        "kept_by": "place",
        "party_present": "施国平",
        "certificates_shown": True,
    }
    act_in(course, case_id, "evidence_registration", "register_evidence", kept)
    side = side_of(course, case_id, "evidence_registration")
    assert [clock.rule for clock in side.clocks] == ["D11", "Q13"]
    rows = [row["rule"] for row in course.rows("clock_run") if row["case_id"] == case_id]
    assert [rule for rule in rows if rule in ("D11", "Q13")] == ["D11"]
    withdrawal = {"withdrawn_on": course.today.isoformat(), "withdrawn_why": "settled", "cancel_reason": "和解"}
    course.approved("officer", case_id, "withdraw_request", withdrawal)
    closing = {"closing_manner": "withdrawn", "closing_summary": "撤回"}
    assert articles(course, case_id, "close_withdrawn", closing) == ["《专利纠纷行政裁决和调解办法》第30条"]
    course.later(days=3)
    release = {"release_reason": "已经拍照", "returned_to": "施国平"}
    granted(course, act_in(course, case_id, "evidence_registration", "release_evidence", release))
    course.approved("officer", case_id, "close_withdrawn", closing)
    papers = papers_of(course, case_id)
    assert papers["registration_approval"]["registration"]["proposed"] == ["四件套", "进货台账"]
    assert papers["registration_decision"]["registration"]["days"] == 7
    assert papers["registration_decision"]["registration"]["items"][0]["note"] == "缠枝莲"
    release_paper = papers["registration_release"]["registration"]
    assert release_paper["number"] == papers["registration_decision"]["number"]
    assert rebuilt_as_stored(course, case_id)


def test_samples_are_taken_with_leave_and_settled(course: Course, panel: list[str]) -> None:
    case_id = filed(course, panel)
    wanted = {"sampled_reason": "比对设计特征", "sampled_proposed": "四件套"}
    granted(course, open_side(course, case_id, "evidence_sampling", "apply_sampling", wanted))
    taken = {
        "sampled_on": course.today.isoformat(),
        "sampled_place": "家纺城3区1208号",
        "sampled_items": "四件套——1.8米——1套",
        "sampled_present": "施国平",
        "certificates_shown": True,
    }
    act_in(course, case_id, "evidence_sampling", "take_samples", taken)
    settled = {"settled_on": course.today.isoformat(), "settled_how": "file", "settled_note": "随案保存"}
    act_in(course, case_id, "evidence_sampling", "settle_samples", settled)
    assert side_of(course, case_id, "evidence_sampling").category == "closed"
    paper = papers_of(course, case_id)["sampling_decision"]
    assert "知抽字" in paper["number"]
    assert paper["sampling"]["items"] == [{"name": "四件套", "spec": "1.8米", "quantity": "1套"}]


def test_an_appraisal_beside_a_dispute_leaves_its_days_out_of_the_time_to_conclude(
    course: Course, panel: list[str]
) -> None:
    case_id = filed(course, panel)
    sent(course, case_id)
    assert [pause.reason for pause in course.image(case_id).main.pauses] == ["appraisal"]
    assert papers_of(course, case_id)["appraisal_period_notice"]["appraisal"]["dispute"] is True
