"""The times that parties to a patent dispute have to keep, walked through the shipped procedure."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.workflows.test_dispute_walks import (
    DECISION,
    DELIBERATION,
    FILING,
    HEARING,
    PAPERS,
    RECORD,
    SERVICE,
    filed,
    refusals,
    requested,
    served,
    tried,
)
from tests.workflows.walking import FIRST, Walk

ADDED: dict[str, Any] = {"added_party": "某电商公司", "added_as": "respondent", "added_by": "requester", "added_reason": "共同销售"}  # fmt: skip
OBJECTION = {"objection_text": "无管辖权"}


def heard_on(walk: Walk, day: str = "2026-04-08") -> Walk:
    walk.take("notify_hearing", on=date(2026, 3, 30), hearing_told_on="2026-03-30", hearing_on=day, **HEARING)
    return walk.take("hold_hearing", on=date.fromisoformat(day), hearing_held_on=day, **RECORD)


def added() -> Walk:
    return tried().take("add_party", on=date(2026, 3, 26), added_asked_on="2026-03-25", **ADDED)


# D05, D06


def test_an_objection_in_time_is_heard_though_the_trial_has_begun_and_leads_back_to_it() -> None:
    walk = tried().take("object_jurisdiction", on=date(2026, 3, 24), objected_on="2026-03-24", **OBJECTION)
    assert walk.state == "objecting"
    assert walk.take("reject_objection", on=date(2026, 3, 27), objection_finding="有管辖权").state == "trying"
    assert walk.clock("D06")[2] is True
    walk = tried().take("notify_hearing", hearing_told_on="2026-03-24", hearing_on="2026-04-08", **HEARING)
    walk.take("object_jurisdiction", objected_on="2026-03-24", **OBJECTION)
    assert walk.take("reject_objection", objection_finding="有管辖权").state == "hearing"


def test_a_late_objection_is_refused_and_the_organ_may_still_move_or_cancel_on_its_own() -> None:
    walk = tried()
    late = {"objected_on": "2026-03-25", **OBJECTION}
    assert refusals(walk, "object_jurisdiction", on=date(2026, 3, 25), **late) == {"objection_in_time"}
    assert {"move_to_other_organ", "cancel_case"} <= walk.open_actions()
    walk.take("cancel_case", cancel_ground="jurisdiction", cancel_reason="不在本市")
    assert walk.state == "cancelled"
    assert not walk.image.main.pauses  # nobody objected: no time is left out
    assert walk.clock("D12")[0] == date(2026, 6, 5)


def test_an_added_party_objects_within_its_own_time_the_first_respondent_does_not() -> None:
    walk = added().take("serve_added_party", on=date(2026, 3, 30), served_on="2026-03-30", **SERVICE)
    told = {"objected_on": "2026-04-10", **OBJECTION}
    assert refusals(walk, "object_jurisdiction", on=date(2026, 4, 10), objected_by="respondent", **told) == {"objection_in_time"}  # fmt: skip
    assert walk.take("object_jurisdiction", objected_by="added", **told).state == "objecting"


# D07


def test_the_time_to_ask_for_recusal_runs_from_when_the_names_are_told_and_ends_by_itself() -> None:
    walk = served()
    assert walk.clock("D07") == (date(2026, 3, 12), date(2026, 3, 13), False)  # 9 March is a Monday
    walk.take("tell_panel", on=date(2026, 3, 20), panel_told_on="2026-03-20", panel_told_to="requester")
    assert walk.clock("D07")[0] == date(2026, 3, 25)
    assert [clock.rule for clock in walk.image.main.clocks].count("D07") == 2


def test_a_panel_told_before_the_newer_text_starts_no_time() -> None:
    walk = requested(date(2025, 1, 6)).take("check_papers", **PAPERS)
    walk.take("file_case", on=date(2025, 1, 8), **FILING)
    walk.take("serve_request", on=date(2025, 1, 10), served_on="2025-01-10", **SERVICE)
    assert walk.situation(FIRST).clock("D07") is None


# D10, D02, D03 of an added party


def test_an_added_party_is_served_has_its_own_time_to_answer_and_is_waited_for() -> None:
    walk = added()
    assert walk.clock("D02")[0] == date(2026, 4, 2)
    walk.take("notify_hearing", on=date(2026, 3, 30), hearing_told_on="2026-03-30", hearing_on="2026-04-08", **HEARING)
    told = {"hearing_held_on": "2026-04-08", **RECORD}
    assert refusals(walk, "hold_hearing", on=date(2026, 4, 8), **told) == {"added_party_heard"}
    walk.take("serve_added_party", on=date(2026, 4, 8), served_on="2026-04-02", **SERVICE)
    assert walk.clock("D02")[1:] == (date(2026, 4, 2), True)
    assert walk.clock("D03c")[0] == date(2026, 4, 17)
    assert refusals(walk, "hold_hearing", **told) == {"added_party_heard"}
    walk.take("record_added_answer", answered_on="2026-04-08", answer_text="不知情")
    assert walk.clock("D03c")[2] is True
    assert walk.clock("D04")[0] == date(2026, 4, 15)
    walk.take("serve_answer", answer_served_on="2026-04-08")
    assert walk.take("hold_hearing", **told).state == "deliberating"


def test_the_answer_of_one_party_does_not_end_the_time_of_the_other() -> None:
    walk = served().take("add_party", on=date(2026, 3, 10), added_asked_on="2026-03-10", **ADDED)
    walk.take("serve_added_party_abroad", on=date(2026, 3, 12), served_on="2026-03-12", **SERVICE)
    walk.take("record_answer", on=date(2026, 3, 20), answered_on="2026-03-20", answer_text="不侵权")
    assert walk.clock("D03a")[2] is True
    assert walk.clock("D03d") == (date(2026, 4, 13), None, None)  # 11 April is a Saturday
    walk.take("begin_trial", on=date(2026, 3, 24))
    assert refusals(walk, "waive_hearing", waiver_reason="书面审理") == {"added_party_heard"}
    assert walk.take("waive_hearing", on=date(2026, 4, 14), waiver_reason="书面审理").state == "deliberating"


def test_a_party_asked_for_after_the_oral_hearing_is_not_added() -> None:
    walk = heard_on(tried())
    assert refusals(walk, "add_party", added_asked_on="2026-04-08", **ADDED) == {"added_before_hearing"}
    walk.take("reopen_trial", on=date(2026, 4, 10), retrial_reason="补证")
    assert refusals(walk, "add_party", added_asked_on="2026-04-09", **ADDED) == {"added_before_hearing"}
    assert walk.take("add_party", added_asked_on="2026-04-07", **ADDED).state == "trying"


def test_a_respondent_adds_another_only_with_the_requesters_consent() -> None:
    wish = {**ADDED, "added_by": "respondent", "added_asked_on": "2026-03-24"}
    assert refusals(tried(), "add_party", **wish) == {"adding_consented"}
    assert tried().take("add_party", **{**wish, "added_as": "third_party"}).state == "trying"
    assert tried().take("add_party", **wish, added_consent=True).state == "trying"


def test_an_added_party_nobody_finds_is_told_by_announcement() -> None:
    walk = added()
    notice = {"announced_on": "2026-03-27", "announced_where": "公报", "announced_why": "下落不明"}
    assert refusals(tried(), "announce_to_added_party", on=date(2026, 3, 27), **notice) == {"act_done"}
    walk.take("announce_to_added_party", on=date(2026, 3, 27), **notice)
    public = {**SERVICE, "service_method": "public_notice", "served_on": "2026-04-27"}
    assert "excluded_time_running" in refusals(walk, "serve_added_party", on=date(2026, 4, 27), **public)
    walk.take("end_excluded_time", excluded_until="2026-04-27")
    assert walk.take("serve_added_party", **public).clock("D03c")[0] == date(2026, 5, 12)


# D18


def test_the_limitation_is_counted_to_the_day_of_the_request_under_the_law_of_that_day() -> None:
    walk = requested().take("record_limitation", infringement_known_on="2023-05-08")
    assert walk.clock("D18") == (date(2026, 5, 8), date(2026, 3, 2), True)
    walk.take("record_limitation", infringement_known_on="2022-05-09", limitation_anew_on="2024-01-10", limitation_why="发出律师函")  # fmt: skip
    assert walk.clock("D18")[0] == date(2027, 1, 11)  # 10 January is a Sunday
    assert [clock.rule for clock in walk.image.main.clocks].count("D18") == 1
    walk.take("record_limitation", infringement_known_on="2022-05-09", limitation_days=30, limitation_why="不可抗力")
    assert walk.clock("D18")[0] == date(2025, 6, 9)  # three years and thirty days; 8 June is a Sunday
    walk.take("record_limitation", act_goes_on=True)
    assert walk.situation(FIRST).clock("D18") is None
    older = requested(date(2025, 1, 20)).take("record_limitation", infringement_known_on="2021-01-05")
    assert older.situation(FIRST).clock("D18") is None


def test_a_late_request_is_accepted_where_the_act_goes_on_and_not_refused_then() -> None:
    late = {"infringement_known_on": "2022-05-09"}
    walk = requested().take("check_papers", **PAPERS).take("record_limitation", **late)
    refused = {"not_filed_ground": "limitation", "not_filed_reasons": "超过时限"}
    assert refusals(walk, "file_case", **FILING) == {"limitation_lets_file"}
    assert walk.steps("refuse_request", **refused) == ["section_head", "leader"]
    walk.take("record_limitation", **late, act_goes_on=True, patent_alive=True)
    assert refusals(walk, "refuse_request", **refused) == {"limitation_lets_refuse"}
    assert walk.take("file_case", **FILING).state == "serving"


def test_a_case_is_cancelled_on_a_defence_of_limitation_that_is_raised_and_proved() -> None:
    ground = {"cancel_ground": "limitation", "cancel_reason": "超过三年"}
    assert refusals(served(), "cancel_case", **ground, limitation_defence=True) == {"limitation_defence_proved"}
    walk = served().take("record_limitation", infringement_known_on="2023-05-08")
    assert refusals(walk, "cancel_case", **ground, limitation_defence=True) == {"limitation_defence_proved"}
    walk.take("record_limitation", infringement_known_on="2022-05-09")
    assert refusals(walk, "cancel_case", **ground, limitation_defence=False) == {"limitation_defence_proved"}
    walk.take("cancel_case", **ground, limitation_defence=True)
    assert walk.take("close_cancelled", closing_manner="terminated", closing_summary="……").state == "closed"


# D20


def test_a_request_is_not_refused_as_uncorrected_while_the_time_to_correct_runs() -> None:
    refused = {"not_filed_ground": "not_corrected", "not_filed_reasons": "未补正"}
    assert refusals(requested(), "refuse_request", **refused) == {"correction_time_over"}
    walk = requested().take("require_correction", correction_items="补副本", correction_until="2026-03-20")
    assert walk.clock("D01")[2] is False  # after the notice no number of days binds any longer
    assert refusals(walk, "refuse_request", on=date(2026, 3, 20), **refused) == {"correction_time_over"}
    assert walk.take("refuse_request", on=date(2026, 3, 21), **refused).state == "not_filed"
    walk = requested().take("require_correction", correction_items="补副本", correction_until="2026-03-20")
    walk.take("record_correction", on=date(2026, 3, 10), corrected_on="2026-03-10", correction_note="仍缺副本")
    assert walk.take("refuse_request", **refused).state == "not_filed"


def test_papers_that_are_to_follow_and_do_not_come_let_the_case_be_cancelled() -> None:
    cancelled = {"cancel_ground": "not_corrected", "cancel_reason": "逾期未补交"}
    assert refusals(filed(), "cancel_case", **cancelled) == {"correction_time_over"}
    walk = filed().take("demand_papers", correction_items="公证认证手续", correction_until="2026-03-31")
    assert refusals(walk, "cancel_case", on=date(2026, 3, 31), **cancelled) == {"correction_time_over"}
    assert walk.take("cancel_case", on=date(2026, 4, 1), **cancelled).state == "cancelled"
    walk = filed().take("demand_papers", correction_items="公证认证手续", correction_until="2026-03-31")
    walk.take("record_papers", on=date(2026, 3, 20), corrected_on="2026-03-20", correction_note="认证不符")
    assert walk.take("cancel_case", **cancelled).state == "cancelled"


# Q01 to Q07, Q14: the older text from the request to the publication


def test_a_case_of_2024_runs_on_the_older_text_from_the_request_to_the_publication() -> None:
    walk = requested(date(2024, 3, 4)).take("check_papers", **PAPERS)
    walk.take("file_case", on=date(2024, 3, 6), **FILING)
    assert walk.clock("Q01") == (date(2024, 3, 11), date(2024, 3, 6), True)
    walk.take("serve_request", on=date(2024, 3, 8), served_on="2024-03-08", **SERVICE)
    assert walk.clock("Q03") == (date(2024, 3, 13), date(2024, 3, 8), True)
    assert walk.clock("Q04")[0] == date(2024, 3, 25)  # 23 March is a Saturday
    late = refusals(walk, "object_jurisdiction", on=date(2024, 3, 26), objected_on="2024-03-26", **OBJECTION)
    assert late == {"objection_in_time"}
    walk.take("record_answer", answered_on="2024-03-15", answer_text="不侵权")
    assert walk.clock("Q05")[0] == date(2024, 3, 22)
    walk.take("serve_answer", answer_served_on="2024-03-20")
    walk.take("begin_trial")
    told = {"hearing_told_on": "2024-04-01", **HEARING}
    assert refusals(walk, "notify_hearing", on=date(2024, 4, 1), hearing_on="2024-04-03", **told) == {"hearing_notice_in_time"}  # fmt: skip
    walk.take("notify_hearing", hearing_on="2024-04-08", **told)
    walk.take("hold_hearing", on=date(2024, 4, 8), hearing_held_on="2024-04-08", **RECORD)
    walk.take("deliberate", on=date(2024, 4, 10), **{**DELIBERATION, "deliberated_on": "2024-04-10"})
    walk.take("adjudicate", on=date(2024, 4, 15), **DECISION)
    assert walk.clock("Q07") == (date(2024, 6, 6), date(2024, 4, 15), True)
    assert walk.clock("Q14")[0] == date(2024, 5, 14)  # 20 working days, over the first of May
    rules = {clock.rule for clock in walk.situation(FIRST).clocks}
    assert not [rule for rule in rules if rule.startswith("D") and rule != "D13"]
