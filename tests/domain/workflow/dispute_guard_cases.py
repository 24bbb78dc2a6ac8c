"""Situations in which each condition of disputes is met and not met; `test_guards` tries them with all the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from caseapp.domain.facts import Party, Right
from caseapp.domain.workflow.situation import Situation
from tests.domain.workflow.situations import LAW, TODAY, clock, milestone, situation

Case = tuple[str, dict[str, Any], Situation]

BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
PANEL = ("a", "b", "c")
DISPUTE_LAW = {**LAW, "panel_least": 3}
PAPERS = ["request", "identity", "register", "evidence", "copies"]
CONDITIONS = {
    "cond_requester": True,
    "cond_respondent": True,
    "cond_claims": True,
    "cond_jurisdiction": True,
    "cond_no_suit": True,
}
REPEAT = {"repeat_requested": True, "repeat_in_force": True, "repeat_same_patent": True, "repeat_same_kind": True}
ANSWER = {"rule": ["D03a", "D03b", "Q04"]}
PERIOD = {"rule": "D08", "until": "evidence_until"}
SERVED = ["adjudicate", "serve_decision_requester", "serve_decision_respondent"]
INVALIDITY = {"suspension_ground": "invalidity", "suspension_proof": "受理通知书"}


def dispute(kind: str = "patent_design", number: str | None = "ZL202330380182.4", **more: Any) -> Situation:
    """Return a situation of a dispute: a panel of three, both parties, a patent."""
    where = situation(**{"officers": PANEL, "law": DISPUTE_LAW, **more})
    parties = (*where.case.parties, Party("q", "complainant", "organisation", "请求人"))
    case = replace(where.case, parties=parties, rights=(Right(kind, number),), ip_types=(kind,))
    return replace(where, case=case)


MET: dict[str, Case] = {
    "a requester": ("requester_known", {}, dispute()),
    "a patent with its number": ("patent_known", {}, dispute()),
    "all papers": ("request_papers_complete", {}, situation(form={"papers": PAPERS})),
    "all papers and the report": ("request_papers_complete", {}, situation(form={"papers": [*PAPERS, "report"], "report_demanded": True})),
    "all conditions of a request": ("request_conditions_met", {}, situation(form=CONDITIONS)),
    "a panel of three in charge": ("panel_lawful", {}, dispute()),
    "a panel of three entered": ("panel_lawful", {"field": "officers"}, dispute(form={"officers": list(PANEL)})),
    "a panel not entered yet": ("panel_lawful", {"field": "officers"}, dispute(officers=())),
    "answered": ("answer_period_over_or_answered", ANSWER, situation(acts=["record_answer"], clocks=[clock("D03a", AFTER)])),
    "the time to answer is over": ("answer_period_over_or_answered", ANSWER, situation(clocks=[clock("Q04", BEFORE)])),
    "the day of service is unknown": ("answer_period_over_or_answered", ANSWER, situation()),
    "a long evidence period": ("evidence_period_long_enough", PERIOD, situation(form={"evidence_until": AFTER.isoformat()}, due_on=lambda rule, day: AFTER)),
    "no rule for the evidence period": ("evidence_period_long_enough", PERIOD, situation(form={"evidence_until": TODAY.isoformat()}, due_on=lambda rule, day: None)),
    "no evidence period": ("evidence_period_over", {}, situation()),
    "an evidence period that is over": ("evidence_period_over", {}, situation(facts={"evidence_until": BEFORE.isoformat()})),
    "nothing more to offer": ("evidence_period_over", {"waived": "evidence_complete"}, situation(acts=["evidence_complete"], facts={"evidence_until": AFTER.isoformat()})),
    "an oral hearing": ("hearing_held_or_waived", {}, situation(acts=["hold_hearing"])),
    "no oral hearing needed": ("hearing_held_or_waived", {"since": "reopen_trial"}, situation(acts=["hold_hearing", "reopen_trial", "waive_hearing"])),
    "a design under invalidity": ("suspension_proved", {}, dispute(form=INVALIDITY)),
    "an invention and another ground": ("suspension_proved", {}, dispute("patent_invention", form={**INVALIDITY, "suspension_ground": "other_case"})),
    "all of one mind": ("majority_reached", {}, dispute(form={})),
    "one dissents": ("majority_reached", {}, dispute(form={"dissenters": ["c"], "dissent": "不构成等同"})),
    "unclear claims after an explanation": ("claims_were_explained", {}, situation(form={"cancel_ground": "claims_unclear", "claims_explained": True})),
    "cancelled for another reason": ("claims_were_explained", {}, situation(form={"cancel_ground": "other"})),
    "a repeat infringer": ("direct_order_allowed", {}, situation(form=REPEAT)),
    "served on both": ("decision_served_on_both", {}, situation(acts=SERVED)),
    "rejected": ("decision_carried_out", {}, situation(facts={"verdict": "rejected"})),
    "rejected, as another system tells": ("decision_carried_out", {}, situation(milestones=[milestone("decided", outcome="rejected")])),
    "stopped": ("decision_carried_out", {}, situation(facts={"verdict": "infringement"}, acts=["record_performance"])),
    "gone to the court": ("decision_carried_out", {}, situation(acts=["apply_enforcement"])),
    "masked": ("publication_masked", {}, situation(form={"masked": True})),
    "damages with their decision": ("damages_have_a_decision", {}, situation(form={"mediation_subject": "damages", "infringement_decision": "1号"})),
    "use before the grant": ("provisional_after_grant", {}, situation(form={"mediation_subject": "provisional", "patent_granted": True})),
    "no use before the grant": ("provisional_after_grant", {}, situation(form={"mediation_subject": "reward"})),
    "a dispute about a reward": ("damages_have_a_decision", {}, situation(form={"mediation_subject": "reward"})),
}  # fmt: skip

UNMET: dict[str, Case] = {
    "no requester": ("requester_known", {}, situation()),
    "no patent": ("patent_known", {}, situation()),
    "a patent without number": ("patent_known", {}, dispute(number=None)),
    "another right": ("patent_known", {}, dispute("trademark")),
    "no papers at all": ("request_papers_complete", {}, situation(form={})),
    "a report that was demanded": ("request_papers_complete", {}, situation(form={"papers": PAPERS, "report_demanded": True})),
    "a suit is pending": ("request_conditions_met", {}, situation(form={**CONDITIONS, "cond_no_suit": False})),
    "a panel of two": ("panel_lawful", {}, dispute(officers=("a", "b"))),
    "an even panel": ("panel_lawful", {"field": "officers"}, dispute(form={"officers": ["a", "b", "c", "d"]})),
    "a panel with a stranger": ("panel_lawful", {}, dispute(officers=("a", "b", "x"))),
    "time left to answer": ("answer_period_over_or_answered", ANSWER, situation(clocks=[clock("D03b", TODAY)])),
    "time to answer without end": ("answer_period_over_or_answered", ANSWER, situation(clocks=[clock("D03a", None)])),
    "a short evidence period": ("evidence_period_long_enough", PERIOD, situation(form={"evidence_until": TODAY.isoformat()}, due_on=lambda rule, day: AFTER)),
    "an evidence period that runs": ("evidence_period_over", {}, situation(facts={"evidence_until": TODAY.isoformat()})),
    "no oral hearing yet": ("hearing_held_or_waived", {}, situation()),
    "a hearing before the trial went on": ("hearing_held_or_waived", {"since": "reopen_trial"}, situation(acts=["hold_hearing", "reopen_trial"])),
    "an unproved suspension": ("suspension_proved", {}, dispute(form={"suspension_ground": "force_majeure"})),
    "an invention under invalidity": ("suspension_proved", {}, dispute("patent_invention", form=INVALIDITY)),
    "a clean evaluation report": ("suspension_proved", {}, dispute(form={**INVALIDITY, "need_not_suspend": ["clean_report", "another_word"]})),
    "dissent that is not written down": ("majority_reached", {}, dispute(form={"dissenters": ["c"]})),
    "unclear claims that nobody explained": ("claims_were_explained", {}, situation(form={"cancel_ground": "claims_unclear"})),
    "no majority": ("majority_reached", {}, dispute(form={"dissenters": ["b", "c"]})),
    "a stranger dissents": ("majority_reached", {}, dispute(form={"dissenters": ["x"]})),
    "another patent": ("direct_order_allowed", {}, situation(form={**REPEAT, "repeat_same_patent": False})),
    "served on one": ("decision_served_on_both", {}, situation(acts=SERVED[:2])),
    "served before the new decision": ("decision_served_on_both", {}, situation(acts=[*SERVED, "adjudicate"])),
    "nobody knows whether he stopped": ("decision_carried_out", {}, situation(facts={"verdict": "infringement"})),
    "not told whether it was rejected": ("decision_carried_out", {}, situation()),
    "not masked": ("publication_masked", {}, situation(form={"masked": False})),
    "a patent not granted yet": ("provisional_after_grant", {}, situation(form={"mediation_subject": "provisional"})),
    "damages without a decision": ("damages_have_a_decision", {}, situation(form={"mediation_subject": "damages"})),
}  # fmt: skip
