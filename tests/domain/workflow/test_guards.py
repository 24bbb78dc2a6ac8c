"""Each condition met and not met, and what it says when it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from caseapp.domain.errors import Unmet
from caseapp.domain.facts import PauseRecord, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.guards import GUARDS
from caseapp.domain.workflow.situation import Situation
from tests.domain.workflow import (
    court_guard_cases,
    crime_guard_cases,
    dispute_guard_cases,
    dispute_time_cases,
    handoff_guard_cases,
)
from tests.domain.workflow.situations import STAFF, TODAY, act, clock, milestone, officer, situation
from tests.factories.procedures import MEASURE
from tests.workflows.walking import procedures

BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
REPORT = {
    "party_situation": "……",
    "course": "……",
    "facts_found": "……",
    "evidence": "……",
    "nature": "……",
    "handling": "……",
    "basis": "……",
    "reasons": "……",
}
FILING = {"filing_evidence": True, "filing_punishable": True, "filing_jurisdiction": True, "filing_in_time": True}
SEIZURE = ProceedingImage("side", "measure", 1, "held", "open", TODAY, TODAY)
RECUSAL = ProceedingImage("other", "recusal", 1, "pending", "open", TODAY, TODAY, facts={"recusal_of": "a"})
LETTER = ProceedingImage("letter", "prosecutor_letter", 1, "sent", "open", TODAY, TODAY)
SIDES = ProcedureSet([MEASURE])
ANSWER = {"recusal_decider": "leader", "recusal_rank": "staff", "recusal_of": "b"}

Case = tuple[str, dict[str, Any], Situation]


def judge(name: str, params: dict[str, Any], where: Situation) -> tuple[Unmet, ...]:
    return GUARDS[name].check(where, params)


MET: dict[str, Case] = {
    "two certified officers in charge": ("two_certified_officers", {}, situation()),
    "two certified officers entered": ("two_certified_officers", {"field": "officers"}, situation(form={"officers": ["b", "c"]})),
    "officers not entered yet": ("two_certified_officers", {"field": "officers"}, situation(officers=())),
    "the actor is in charge": ("actor_is_assigned", {}, situation()),
    "the system may act": ("actor_is_assigned", {}, situation(actor="x", roles=frozenset({Role.SYSTEM}))),
    "nobody recused": ("officers_not_recused", {}, situation()),
    "another one recused": ("officers_not_recused", {}, situation(facts={"recused_officers": ["c"]})),
    "a reviewer from outside": ("reviewer_is_not_investigator", {"acts": ["conclude_investigation"]}, situation(actor="r", acts=["conclude_investigation"])),
    "a presider from outside": ("person_is_not_investigator", {"field": "presider"}, situation(form={"presider": "c"})),
    "all filing conditions": ("filing_conditions_met", {}, situation(form=FILING)),
    "filing form still empty": ("filing_conditions_met", {}, situation()),
    "a respondent": ("respondent_known", {}, situation()),
    "rights were told": ("notice_of_rights_given", {}, situation(facts={"rights_told_on": "2026-03-03"})),
    "a full report": ("report_complete", {}, situation(form=REPORT)),
    "a report on earlier facts": ("report_complete", {"parts": ["course"]}, situation(facts={"course": "……"}, form={})),
    "a proposal with its amount": ("penalty_proposal_complete", {}, situation(form={"proposed_outcome": "penalty", "proposed_kinds": ["fine"], "proposed_fine": 1})),
    "a proposal of no penalty": ("penalty_proposal_complete", {}, situation(form={"proposed_outcome": "no_penalty"})),
    "a ground of suspension": ("suspension_ground_stated", {}, situation(form={"suspension_ground": "force_majeure"})),
    "another ground, explained": ("suspension_ground_stated", {}, situation(form={"suspension_ground": "other", "suspension_reason": "……"})),
    "time left out now": ("excluded_time_running", {}, situation(pauses=[PauseRecord("appraisal", BEFORE)])),
    "time left out for that reason": ("excluded_time_running", {"reason": "hearing"}, situation(pauses=[PauseRecord("hearing", BEFORE)])),
    "no side proceeding": ("no_pending_side_proceeding", {}, situation()),
    "a side proceeding that is closed": ("no_pending_side_proceeding", {}, situation(siblings=[replace(SEIZURE, category="closed")])),
    "the police owe the procuratorate an answer": ("no_pending_side_proceeding", {}, situation(siblings=[replace(LETTER, state="reasons_asked")], procedures=procedures())),
    "the procuratorate examines our reply": ("no_pending_side_proceeding", {}, situation(siblings=[replace(LETTER, state="replied")], procedures=procedures())),
    "another kind of side proceeding": ("no_pending_side_proceeding", {"procedures": ["referral"]}, situation(siblings=[SEIZURE])),
    "the kind of side proceeding asked for": ("side_proceeding_active", {"procedures": ["measure"]}, situation(siblings=[SEIZURE])),
    "the main proceeding was decided": ("main_reached", {"kind": "decided"}, situation(milestones=[milestone("decided")])),
    "decided with that outcome": ("main_reached", {"kind": "decided", "outcome": "penalty"}, situation(milestones=[milestone("decided", outcome="penalty")])),
    "what follows was opened": ("followed_by_side_proceeding", {"field": "x"}, situation(form={"x": "measure"}, siblings=[SEIZURE], procedures=SIDES)),
    "nothing needs to follow": ("followed_by_side_proceeding", {"field": "x"}, situation(form={"x": "copied"}, procedures=SIDES)),
    "somebody else's recusal is pending": ("actor_not_under_recusal", {}, situation(actor="b", siblings=[RECUSAL])),
    "the actor's recusal was decided": ("actor_not_under_recusal", {}, situation(siblings=[replace(RECUSAL, category="closed")])),
    "no panel member's recusal is pending": ("panel_not_under_recusal", {}, situation(actor="c", siblings=[replace(RECUSAL, facts={"recusal_of": "c"})])),
    "successors are such as the main procedure asks": ("successors_fit_main", {"field": "officers"}, situation(form={"officers": ["a", "b"]}, procedures=procedures())),
    "successors are not entered yet": ("successors_fit_main", {"field": "officers"}, situation(procedures=procedures())),
    "no definitions at hand": ("successors_fit_main", {"field": "officers"}, situation(form={"officers": ["a"]})),
    "a head decides on an officer": ("recusal_decider_fits", {}, situation(form=ANSWER)),
    "the head decides on a deputy": ("recusal_decider_fits", {}, situation(form={**ANSWER, "recusal_rank": "deputy", "recusal_decider": "head"})),
    "the heads decide on the head": ("recusal_decider_fits", {}, situation(form={**ANSWER, "recusal_rank": "head", "recusal_decider": "collective"})),
    "the decision is not entered yet": ("recusal_decider_fits", {}, situation(facts={"recusal_rank": "head"})),
    "legal review by ground": ("legal_review_mandatory", {"stage": "before_notice"}, situation(facts={"legal_review_grounds": ["complex"]})),
    "legal review by hearing": ("legal_review_mandatory", {"stage": "after_hearing"}, situation(acts=["conclude_investigation", "hold_hearing"])),
    "legal review by either": ("legal_review_mandatory", {}, situation(acts=["conclude_investigation", "hold_hearing"])),
    "no legal review needed": ("legal_review_passed", {}, situation(acts=["conclude_investigation", "review_case"])),
    "reviewed on a ground": ("legal_review_passed", {}, situation(facts={"legal_review_grounds": ["complex"]}, acts=["conclude_investigation", "review_legally"])),
    "reviewed after the hearing": ("legal_review_passed", {}, situation(acts=["conclude_investigation", "hold_hearing", "review_after_hearing"])),
    "notice served": ("prior_notice_served", {}, situation(acts=["issue_prior_notice", "serve_prior_notice"])),
    "time for defence over": ("defence_period_over_or_waived", {"rule": "P08"}, situation(acts=["serve_prior_notice"], clocks=[clock("P08", BEFORE)])),
    "defence waived": ("defence_period_over_or_waived", {"rule": "P08"}, situation(acts=["serve_prior_notice", "waive_defence"], clocks=[clock("P08", AFTER)])),
    "a hearing instead of waiting": ("defence_period_over_or_waived", {"rule": "P08"}, situation(acts=["serve_prior_notice", "hold_hearing"])),
    "no defence made": ("defence_considered", {}, situation()),
    "defence considered": ("defence_considered", {}, situation(acts=["record_defence", "consider_defence"])),
    "a heavy fine": ("hearing_entitled", {}, situation(facts={"proposed_fine": 10_000_000})),
    "a heavy fine for a person": ("hearing_entitled", {}, situation(party="person", facts={"proposed_fine": 1_000_000})),
    "a heavy confiscation": ("hearing_entitled", {}, situation(facts={"proposed_gains": 6_000_000, "proposed_goods_value": 4_000_000})),
    "a licence revoked": ("hearing_entitled", {}, situation(facts={"proposed_severe": ["revoke_licence"]})),
    "an unknown party counts as a person": ("hearing_entitled", {}, situation(party=None, facts={"proposed_fine": 1_000_000})),
    "no hearing asked": ("hearing_held_if_asked", {}, situation()),
    "the hearing was held": ("hearing_held_if_asked", {}, situation(acts=["request_hearing", "hold_hearing"])),
    "the hearing was given up": ("hearing_held_if_asked", {}, situation(acts=["request_hearing", "cancel_hearing"])),
    "an early notice of hearing": ("hearing_notice_in_time", {"rule": "P09", "hearing": "hearing_on"}, situation(form={"hearing_on": "2026-05-25"}, due_on=lambda rule, day: TODAY)),
    "nobody counts days": ("hearing_notice_in_time", {"rule": "P09", "hearing": "hearing_on"}, situation(form={"hearing_on": "2026-05-12"})),
    "an ordinary case": ("collective_discussion_held", {}, situation(acts=["conclude_investigation"])),
    "a discussed case": ("collective_discussion_held", {}, situation(facts={"major_case": True}, acts=["conclude_investigation", "discuss_collectively"])),
    "as notified": ("penalty_within_notice", {}, situation(facts={"proposed_fine": 100, "proposed_kinds": ["fine"]}, form={"fine": 100, "decided_kinds": ["fine"]})),
    "lighter than notified": ("penalty_within_notice", {}, situation(facts={"proposed_fine": 100, "proposed_kinds": ["fine", "warning"]}, form={"decided_kinds": ["warning"]})),
    "a fine with its amount": ("penalty_amounts_given", {"kinds": "decided_kinds"}, situation(form={"decided_kinds": ["fine"], "fine": 1})),
    "a warning without amount": ("penalty_amounts_given", {"kinds": "decided_kinds"}, situation(form={"decided_kinds": ["warning"]})),
    "the outcome": ("decision_outcome_is", {"outcome": "penalty"}, situation(milestones=[milestone("decided", outcome="penalty")])),
    "one of the outcomes": ("decision_outcome_is", {"outcome": ["moved", "penalty"]}, situation(milestones=[milestone("decided", outcome="penalty")])),
    "the decision was served": ("decision_served", {}, situation(milestones=[milestone("decided", outcome="penalty"), milestone("served")])),
    "served in person": ("service_way_allowed", {"rule": "P12"}, situation(form={"service_method": "direct"})),
    "served electronically with consent": ("service_way_allowed", {"rule": "P12"}, situation(form={"service_method": "electronic", "electronic_consent": True})),
    "served by notice that has run": ("service_way_allowed", {"rule": "P12"}, situation(form={"service_method": "public_notice"}, clocks=[clock("P12", TODAY)])),
    "paid in full": ("performance_complete", {}, situation(facts={"fine": 100, "gains": 50, "decided_kinds": ["fine"]}, form={"paid_total": 150})),
    "a remitted surcharge": ("performance_complete", {}, situation(facts={"fine": 100}, form={"paid_total": 110, "surcharge": 30, "surcharge_remitted": 20})),
    "executed by the court": ("performance_complete", {}, situation(facts={"fine": 100}, form={"court_execution": "completed"})),
    "goods confiscated": ("performance_complete", {}, situation(facts={"decided_kinds": ["confiscate_goods"]}, form={"others_performed": True})),
    "a surcharge of one day": ("surcharge_within_cap", {"rule": "P14"}, situation(facts={"fine": 10_000}, form={"surcharge": 300}, clocks=[clock("P14", BEFORE)])),
    "a surcharge at the cap": ("surcharge_within_cap", {}, situation(facts={"fine": 10_000}, form={"surcharge": 10_000})),
    "payment overdue": ("payment_overdue", {"rule": "P14"}, situation(clocks=[clock("P14", BEFORE)])),
    "a deferral that has passed": ("payment_overdue", {"rule": "P14", "until": "deferral_until"}, situation(facts={"deferral_until": BEFORE.isoformat()})),
    "the last day itself": ("payment_overdue", {"rule": "P14", "on_last_day": True}, situation(clocks=[clock("P14", TODAY)])),
    "no remedy in time": ("remedy_period_over", {"rule": "P26a"}, situation(clocks=[clock("P26a", BEFORE)])),
    "a remedy that ended": ("remedy_period_over", {"rule": "P26a", "asked": "note_remedy", "result": "record_remedy_result"}, situation(acts=["note_remedy", "record_remedy_result"], clocks=[clock("P26a", AFTER)])),
    "executed": ("closing_condition_met", {"manner": "executed"}, situation(facts={"fine": 100, "paid_total": 100})),
    "closed on a decision": ("closing_condition_met", {"manner": "no_penalty"}, situation(milestones=[milestone("decided", outcome="no_penalty")])),
    "closed on a transfer": ("closing_condition_met", {"manner": "transferred"}, situation(milestones=[milestone("filed"), milestone("transferred")])),
    "closed as withdrawn": ("closing_condition_met", {"manner": "withdrawn"}, situation(milestones=[milestone("filed"), milestone("withdrawn")])),
    "closed as terminated": ("closing_condition_met", {"manner": "terminated"}, situation()),
    "the highest fine for an organisation": ("within_simplified_limits", {}, situation(form={"decided_kinds": ["fine"], "fine": 300_000})),
    "the highest fine for a person": ("within_simplified_limits", {}, situation(party="person", form={"decided_kinds": ["fine"], "fine": 20_000})),
    "a warning on the spot": ("within_simplified_limits", {}, situation(form={"decided_kinds": ["warning"]})),
    "small cash": ("cash_collection_allowed", {}, situation(form={"cash_ground": "small", "cash_collected": 10_000})),
    "cash that is hard to collect later": ("cash_collection_allowed", {}, situation(form={"cash_ground": "hard_later", "cash_collected": 300_000})),
    "a fact": ("fact_equals", {"fact": "x", "value": "y"}, situation(facts={"x": "y"})),
    "a fact still to be entered": ("fact_equals", {"fact": "x", "value": "y", "entered": True}, situation()),
    "one of several": ("fact_in", {"fact": "x", "values": ["y", "z"]}, situation(facts={"x": "z"})),
    "one of several in a list": ("fact_in", {"fact": "x", "values": ["y", "z"]}, situation(facts={"x": ["a", "y"]})),
    "something": ("fact_present", {"fact": "x"}, situation(facts={"x": 0})),
    "at most a legal amount": ("fact_at_most", {"fact": "x", "law": "cash_on_spot"}, situation(facts={"x": 10_000})),
    "at most another fact": ("fact_at_most", {"fact": "x", "than": "y"}, situation(facts={"x": 5, "y": 5})),
    "at least a number": ("fact_at_least", {"fact": "x", "value": 5}, situation(facts={"x": 5})),
    "done": ("act_done", {"action": "x"}, situation(acts=["x"])),
    "done since": ("act_done", {"action": "x", "since": "y"}, situation(acts=["x", "y", "x"])),
    "one of them done": ("act_done", {"action": ["x", "z"]}, situation(acts=["z"])),
    "not done": ("act_not_done", {"action": "x"}, situation(acts=["y"])),
    "not done since": ("act_not_done", {"action": "x", "since": "y"}, situation(acts=["x", "y"])),
    "never asked": ("nothing_pending", {"action": "x", "answered_by": "y"}, situation()),
    "asked and answered": ("nothing_pending", {"action": "x", "answered_by": "y"}, situation(acts=["x", "y"])),
    "reached": ("milestone_reached", {"kind": "transferred"}, situation(milestones=[milestone("transferred")])),
    "reached since": ("milestone_reached", {"kind": "transferred", "since": ["returned"]}, situation(milestones=[milestone("returned"), milestone("transferred")])),
    "running": ("clock_running", {"rule": "P10"}, situation(clocks=[clock("P10", AFTER)])),
    "run out": ("clock_expired", {"rule": "P17"}, situation(clocks=[clock("P17", BEFORE)])),
    "on the last day": ("within_clock", {"rule": "P10"}, situation(clocks=[clock("P10", TODAY)])),
    "paused without end": ("within_clock", {"rule": "P10"}, situation(clocks=[clock("P10", None)])),
    "asked in time, entered late": ("within_clock", {"rule": "P08", "field": "asked"}, situation(form={"asked": BEFORE.isoformat()}, clocks=[clock("P08", BEFORE)])),
    "not entered yet": ("within_clock", {"rule": "P08", "field": "asked"}, situation(clocks=[clock("P08", BEFORE)])),
    "today": ("no_future_date", {"field": "x"}, situation(form={"x": TODAY.isoformat()})),
    "tomorrow": ("date_in_future", {"field": "x"}, situation(form={"x": AFTER.isoformat()})),
    "on the day of the act before": ("not_before", {"action": "x"}, situation(acts=[act("x", TODAY)])),
    "after a date": ("not_before", {"fact": "x"}, situation(facts={"x": BEFORE.isoformat()})),
    "a date after a date": ("not_before", {"fact": "x", "field": "y"}, situation(facts={"x": TODAY.isoformat()}, form={"y": AFTER.isoformat()})),
    "nothing before": ("not_before", {"action": "x"}, situation()),
}  # fmt: skip

UNMET: dict[str, Case] = {
    "one officer": ("two_certified_officers", {}, situation(officers=["a"])),
    "the same officer twice": ("two_certified_officers", {}, situation(officers=["a", "a"])),
    "an officer nobody knows": ("two_certified_officers", {"field": "officers"}, situation(form={"officers": ["a", "stranger"]})),
    "not in charge": ("actor_is_assigned", {}, situation(actor="c")),
    "a recused officer": ("officers_not_recused", {}, situation(facts={"recused_officers": ["b"]})),
    "a recused officer entered": ("officers_not_recused", {"field": "officers"}, situation(facts={"recused_officers": ["c"]}, form={"officers": ["a", "c"]})),
    "the reviewer is in charge": ("reviewer_is_not_investigator", {}, situation(actor="b")),
    "the reviewer investigated before": ("reviewer_is_not_investigator", {"acts": ["tell_rights"]}, situation(actor="r", acts=[act("tell_rights", actor="r")])),
    "the presider is in charge": ("person_is_not_investigator", {"field": "presider"}, situation(form={"presider": "b"})),
    "no evidence": ("filing_conditions_met", {}, situation(form={**FILING, "filing_evidence": False})),
    "no respondent": ("respondent_known", {}, situation(party=None)),
    "rights not told": ("notice_of_rights_given", {}, situation()),
    "a report without reasons": ("report_complete", {}, situation(form={**REPORT, "reasons": ""})),
    "a proposal without kind": ("penalty_proposal_complete", {}, situation(form={"proposed_outcome": "penalty"})),
    "a proposal without amount": ("penalty_proposal_complete", {}, situation(form={"proposed_outcome": "penalty", "proposed_kinds": ["fine"]})),
    "no ground of suspension": ("suspension_ground_stated", {}, situation(form={})),
    "another ground, unexplained": ("suspension_ground_stated", {}, situation(form={"suspension_ground": "other"})),
    "no time left out": ("excluded_time_running", {}, situation(pauses=[PauseRecord("appraisal", BEFORE, TODAY)])),
    "a suspension is no excluded time": ("excluded_time_running", {}, situation(pauses=[PauseRecord("suspension", BEFORE)])),
    "left out for another reason": ("excluded_time_running", {"reason": "hearing"}, situation(pauses=[PauseRecord("appraisal", BEFORE)])),
    "a letter of supervision to us not answered": ("no_pending_side_proceeding", {}, situation(siblings=[LETTER], procedures=procedures())),
    "a named kind, wherever it stands": ("no_pending_side_proceeding", {"procedures": ["prosecutor_letter"]}, situation(siblings=[replace(LETTER, state="replied")], procedures=procedures())),
    "goods still seized": ("no_pending_side_proceeding", {}, situation(siblings=[SEIZURE])),
    "a recusal in another proceeding": ("officers_not_recused", {}, situation(siblings=[replace(RECUSAL, facts={"recused_officers": ["b"]})])),
    "time left out by a side proceeding": ("excluded_time_running", {}, situation(pauses=[PauseRecord("appraisal", BEFORE, of="side")])),
    "no such side proceeding": ("side_proceeding_active", {"procedures": ["recusal"]}, situation(siblings=[SEIZURE])),
    "a side proceeding that ended": ("side_proceeding_active", {"procedures": ["measure"]}, situation(siblings=[replace(SEIZURE, category="closed")])),
    "the main proceeding was not decided": ("main_reached", {"kind": "decided"}, situation(milestones=[milestone("decided", "side")])),
    "decided otherwise": ("main_reached", {"kind": "decided", "outcome": "penalty"}, situation(milestones=[milestone("decided", outcome="no_penalty")])),
    "what must follow was not opened": ("followed_by_side_proceeding", {"field": "x"}, situation(form={"x": "measure"}, procedures=SIDES)),
    "what must follow is only proposed": ("followed_by_side_proceeding", {"field": "x"}, situation(form={"x": "measure"}, siblings=[replace(SEIZURE, state="proposed")], procedures=SIDES)),
    "the actor is to recuse himself": ("actor_not_under_recusal", {}, situation(siblings=[RECUSAL])),
    "a colleague's recusal is pending": ("panel_not_under_recusal", {}, situation(actor="b", siblings=[RECUSAL])),
    "one successor alone": ("successors_fit_main", {"field": "officers"}, situation(form={"officers": ["a"]}, procedures=procedures())),
    "deciding on oneself": ("recusal_decider_fits", {}, situation(facts={"recusal_of": "a"})),
    "one head decides on the head": ("recusal_decider_fits", {}, situation(form={**ANSWER, "recusal_rank": "head"})),
    "a deputy decides on a deputy": ("recusal_decider_fits", {}, situation(form={**ANSWER, "recusal_rank": "deputy"})),
    "no ground for legal review": ("legal_review_mandatory", {}, situation(acts=["conclude_investigation"])),
    "a hearing before the last investigation": ("legal_review_mandatory", {"stage": "after_hearing"}, situation(acts=["hold_hearing", "conclude_investigation"])),
    "not reviewed": ("legal_review_passed", {}, situation(facts={"legal_review_grounds": ["complex"]}, acts=["conclude_investigation"])),
    "reviewed before the last investigation": ("legal_review_passed", {}, situation(facts={"legal_review_grounds": ["complex"]}, acts=["review_legally", "conclude_investigation"])),
    "reviewed only before the hearing": ("legal_review_passed", {}, situation(facts={"legal_review_grounds": ["complex"]}, acts=["conclude_investigation", "review_legally", "hold_hearing"])),
    "no notice": ("prior_notice_served", {}, situation(acts=["issue_prior_notice"])),
    "an older notice": ("prior_notice_served", {}, situation(acts=["issue_prior_notice", "serve_prior_notice", "issue_prior_notice"])),
    "time for defence runs": ("defence_period_over_or_waived", {"rule": "P08"}, situation(acts=["serve_prior_notice"], clocks=[clock("P08", TODAY)])),
    "time for defence not begun": ("defence_period_over_or_waived", {"rule": "P08"}, situation()),
    "an older waiver": ("defence_period_over_or_waived", {"rule": "P08"}, situation(acts=["serve_prior_notice", "waive_defence", "serve_prior_notice"], clocks=[clock("P08", AFTER)])),
    "defence not considered": ("defence_considered", {}, situation(acts=["record_defence"])),
    "a second defence not considered": ("defence_considered", {}, situation(acts=["record_defence", "consider_defence", "record_defence"])),
    "a fine one fen below": ("hearing_entitled", {}, situation(facts={"proposed_fine": 9_999_999})),
    "a confiscation below": ("hearing_entitled", {}, situation(party="person", facts={"proposed_gains": 999_999})),
    "a hearing not held": ("hearing_held_if_asked", {}, situation(acts=["request_hearing"])),
    "a hearing asked again": ("hearing_held_if_asked", {}, situation(acts=["request_hearing", "cancel_hearing", "request_hearing"])),
    "a late notice of hearing": ("hearing_notice_in_time", {"rule": "P09", "hearing": "hearing_on"}, situation(form={"hearing_on": "2026-05-15"}, due_on=lambda rule, day: BEFORE)),
    "a major case not discussed": ("collective_discussion_held", {}, situation(facts={"major_case": True}, acts=["conclude_investigation"])),
    "a heard case not discussed": ("collective_discussion_held", {}, situation(acts=["conclude_investigation", "hold_hearing"])),
    "discussed before the last investigation": ("collective_discussion_held", {}, situation(facts={"legal_review_grounds": ["complex"]}, acts=["discuss_collectively", "conclude_investigation"])),
    "heavier than notified": ("penalty_within_notice", {}, situation(facts={"proposed_fine": 100, "proposed_kinds": ["fine"]}, form={"fine": 101, "decided_kinds": ["fine"]})),
    "another kind than notified": ("penalty_within_notice", {}, situation(facts={"proposed_kinds": ["fine"]}, form={"decided_kinds": ["confiscate_goods"]})),
    "no kind of penalty": ("penalty_amounts_given", {"kinds": "decided_kinds"}, situation(form={})),
    "a fine without amount": ("penalty_amounts_given", {"kinds": "decided_kinds"}, situation(form={"decided_kinds": ["fine"]})),
    "an amount without fine": ("penalty_amounts_given", {"kinds": "decided_kinds"}, situation(form={"decided_kinds": ["warning"], "fine": 1})),
    "another outcome": ("decision_outcome_is", {"outcome": "penalty"}, situation(milestones=[milestone("decided", outcome="penalty"), milestone("decided", outcome="moved")])),
    "not decided": ("decision_outcome_is", {"outcome": "penalty"}, situation()),
    "another proceeding's decision": ("decision_outcome_is", {"outcome": "penalty"}, situation(milestones=[milestone("decided", "side", outcome="penalty")])),
    "not served": ("decision_served", {}, situation(milestones=[milestone("decided", outcome="penalty")])),
    "an older service": ("decision_served", {}, situation(milestones=[milestone("served"), milestone("decided", outcome="penalty")])),
    "electronic without consent": ("service_way_allowed", {"rule": "P12"}, situation(form={"service_method": "electronic"})),
    "notice not published": ("service_way_allowed", {"rule": "P12"}, situation(form={"service_method": "public_notice"})),
    "notice still running": ("service_way_allowed", {"rule": "P12"}, situation(form={"service_method": "public_notice"}, clocks=[clock("P12", AFTER)])),
    "one fen unpaid": ("performance_complete", {}, situation(facts={"fine": 100}, form={"paid_total": 99})),
    "a surcharge unpaid": ("performance_complete", {}, situation(facts={"fine": 100}, form={"paid_total": 100, "surcharge": 3})),
    "goods not confiscated": ("performance_complete", {}, situation(facts={"decided_kinds": ["confiscate_goods"]}, form={})),
    "a surcharge above the cap": ("surcharge_within_cap", {}, situation(facts={"fine": 10_000}, form={"surcharge": 10_001})),
    "a surcharge above the days": ("surcharge_within_cap", {"rule": "P14"}, situation(facts={"fine": 10_000}, form={"surcharge": 301}, clocks=[clock("P14", BEFORE)])),
    "a surcharge before its time": ("surcharge_within_cap", {"rule": "P14"}, situation(facts={"fine": 10_000}, form={"surcharge": 1}, clocks=[clock("P14", AFTER)])),
    "payment not yet overdue": ("payment_overdue", {"rule": "P14"}, situation(clocks=[clock("P14", TODAY)])),
    "payment not begun": ("payment_overdue", {"rule": "P14"}, situation()),
    "deferred": ("payment_overdue", {"rule": "P14", "until": "deferral_until"}, situation(facts={"deferral_until": AFTER.isoformat()}, clocks=[clock("P14", BEFORE)])),
    "remedies still possible": ("remedy_period_over", {"rule": "P26a"}, situation(clocks=[clock("P26a", TODAY)])),
    "a remedy pending": ("remedy_period_over", {"rule": "P26a", "asked": "note_remedy", "result": "record_remedy_result"}, situation(acts=["note_remedy"], clocks=[clock("P26a", BEFORE)])),
    "not executed": ("closing_condition_met", {"manner": "executed"}, situation(facts={"fine": 100})),
    "another decision": ("closing_condition_met", {"manner": "no_penalty"}, situation(milestones=[milestone("decided", outcome="penalty")])),
    "not handed over": ("closing_condition_met", {"manner": "transferred"}, situation(milestones=[milestone("filed")])),
    "handed over and returned": ("closing_condition_met", {"manner": "transferred"}, situation(milestones=[milestone("transferred"), milestone("returned")])),
    "not withdrawn": ("closing_condition_met", {"manner": "withdrawn"}, situation(milestones=[milestone("filed")])),
    "above the limit for an organisation": ("within_simplified_limits", {}, situation(form={"decided_kinds": ["fine"], "fine": 300_001})),
    "above the limit for a person": ("within_simplified_limits", {}, situation(party="person", form={"decided_kinds": ["fine"], "fine": 20_001})),
    "confiscation on the spot": ("within_simplified_limits", {}, situation(form={"decided_kinds": ["confiscate_goods"]})),
    "cash above the small amount": ("cash_collection_allowed", {}, situation(form={"cash_ground": "small", "cash_collected": 10_001})),
    "cash without ground": ("cash_collection_allowed", {}, situation(form={"cash_collected": 1})),
    "another fact": ("fact_equals", {"fact": "x", "value": "y"}, situation(facts={"x": "z"})),
    "true is not one": ("fact_equals", {"fact": "x", "value": 1}, situation(facts={"x": True})),
    "entered otherwise": ("fact_equals", {"fact": "x", "value": "y", "entered": True}, situation(form={"x": "z"})),
    "none of them": ("fact_in", {"fact": "x", "values": ["y"]}, situation(facts={"x": ["a"]})),
    "nothing": ("fact_present", {"fact": "x"}, situation()),
    "an empty list": ("fact_present", {"fact": "x"}, situation(facts={"x": []})),
    "above a legal amount": ("fact_at_most", {"fact": "x", "law": "cash_on_spot"}, situation(facts={"x": 10_001})),
    "below a number": ("fact_at_least", {"fact": "x", "value": 5}, situation(facts={"x": 4})),
    "never done": ("act_done", {"action": "x"}, situation()),
    "done only before": ("act_done", {"action": "x", "since": "y"}, situation(acts=["x", "y"])),
    "already done": ("act_not_done", {"action": "x"}, situation(acts=["x"])),
    "already done since": ("act_not_done", {"action": "x", "since": "y"}, situation(acts=["y", "x"])),
    "asked and not answered": ("nothing_pending", {"action": "x", "answered_by": "y"}, situation(acts=["x", "y", "x"])),
    "not reached": ("milestone_reached", {"kind": "transferred"}, situation()),
    "reached only before": ("milestone_reached", {"kind": "transferred", "since": ["returned"]}, situation(milestones=[milestone("transferred"), milestone("returned")])),
    "no such clock": ("clock_running", {"rule": "P10"}, situation()),
    "a clock that was met": ("clock_running", {"rule": "P10"}, situation(clocks=[clock("P10", AFTER, ended=TODAY, met=True)])),
    "the last day is not over": ("clock_expired", {"rule": "P17"}, situation(clocks=[clock("P17", TODAY)])),
    "a clock that never began": ("clock_expired", {"rule": "P17"}, situation()),
    "a day late": ("within_clock", {"rule": "P10"}, situation(clocks=[clock("P10", BEFORE)])),
    "entered a day late": ("within_clock", {"rule": "P08", "field": "asked"}, situation(form={"asked": TODAY.isoformat()}, clocks=[clock("P08", BEFORE)])),
    "the future": ("no_future_date", {"field": "x"}, situation(form={"x": AFTER.isoformat()})),
    "not the future": ("date_in_future", {"field": "x"}, situation(form={"x": TODAY.isoformat()})),
    "before the act before": ("not_before", {"action": "x"}, situation(acts=[act("x", AFTER)])),
    "before a date": ("not_before", {"fact": "x"}, situation(facts={"x": AFTER.isoformat()})),
}  # fmt: skip
MET |= dispute_guard_cases.MET | handoff_guard_cases.MET | crime_guard_cases.MET | court_guard_cases.MET
MET |= dispute_time_cases.MET
UNMET |= dispute_guard_cases.UNMET | handoff_guard_cases.UNMET | crime_guard_cases.UNMET | court_guard_cases.UNMET
UNMET |= dispute_time_cases.UNMET


@pytest.mark.parametrize(("name", "params", "where"), MET.values(), ids=MET)
def test_is_met(name: str, params: dict[str, Any], where: Situation) -> None:
    assert judge(name, params, where) == ()


@pytest.mark.parametrize(("name", "params", "where"), UNMET.values(), ids=UNMET)
def test_is_not_met_and_says_so(name: str, params: dict[str, Any], where: Situation) -> None:
    unmet = judge(name, params, where)
    assert unmet
    for item in unmet:
        assert item.guard == name
        assert "%(" not in str(item.message)
        assert item.cure in ("", *Role)


def test_every_guard_is_tested_both_ways() -> None:
    met, unmet = {name for name, _, _ in MET.values()}, {name for name, _, _ in UNMET.values()}
    assert met == set(GUARDS)
    assert unmet == set(GUARDS)


def test_what_the_form_must_say_is_not_asked_of_an_empty_form() -> None:
    for name, params, where in UNMET.values():
        if GUARDS[name].needs_form:
            assert judge(name, params, replace(where, fields=None)) == ()


def test_guards_that_can_be_turned_round_say_what_then_is_wrong() -> None:
    for spec in GUARDS.values():
        assert spec.predicate == bool(spec.otherwise)
        assert spec.about.zh
        assert spec.about.en


def test_an_expired_certificate_is_named_with_the_person_and_the_day() -> None:
    where = replace(situation(), staff={**STAFF, "b": officer("b", until=BEFORE)})
    (unmet,) = judge("two_certified_officers", {}, where)
    assert str(unmet.message) == "姓名b在2026-05-11没有有效的行政执法证件"
    assert unmet.cure == "section_head"
    assert unmet.article == "《行政处罚法》第42条"


def test_a_certificate_not_yet_valid_does_not_count() -> None:
    early = replace(officer("b"), certificate_from=AFTER)
    assert judge("two_certified_officers", {}, replace(situation(), staff={**STAFF, "b": early}))


def test_each_missing_filing_condition_is_told_on_its_own() -> None:
    assert len(judge("filing_conditions_met", {}, situation(form={}))) == 4


def test_a_number_that_is_not_in_force_is_a_refusal_and_no_crash() -> None:
    (unmet,) = judge("two_certified_officers", {}, situation(law={}))
    assert unmet.cure == "system_administrator"
    assert "officers_least" in str(unmet.message)


def test_a_definition_may_word_a_generic_guard_itself() -> None:
    words = {"message": {"zh": "先做这个", "en": "do this first"}, "cure": "leader", "article": "《某法》第1条"}
    (unmet,) = judge("act_done", {"action": "x", **words}, situation())
    assert str(unmet.message) == "先做这个"
    assert (unmet.cure, unmet.article) == ("leader", "《某法》第1条")


def test_a_definition_may_name_the_law_behind_any_condition() -> None:
    (unmet,) = judge("respondent_known", {"article": "《某办法》第12条"}, situation(party=None))
    assert unmet.article == "《某办法》第12条"


def test_of_an_old_and_a_new_text_the_clock_that_runs_is_judged() -> None:
    where = situation(clocks=[clock("Q07", BEFORE)])
    (unmet,) = judge("within_clock", {"rule": ["D12", "Q07"]}, where)
    assert BEFORE.isoformat() in str(unmet.message)
    assert judge("within_clock", {"rule": ["D12", "Q07"]}, situation(clocks=[clock("D12", TODAY)])) == ()


def test_amounts_are_told_in_yuan() -> None:
    (unmet,) = judge("performance_complete", {}, situation(facts={"fine": 1_234_567}, form={}))
    assert "12,345.67元" in str(unmet.message)


def test_the_last_day_is_told() -> None:
    (unmet,) = judge("clock_expired", {"rule": "P17"}, situation(clocks=[clock("P17", date(2026, 5, 20))]))
    assert "2026-05-20" in str(unmet.message)


def test_what_still_runs_is_named_with_its_state_and_who_ends_it() -> None:
    (unmet,) = judge("no_pending_side_proceeding", {}, situation(siblings=[SEIZURE], procedures=SIDES))
    assert str(unmet.message) == "本案的“measure”尚未办结（held）"
    assert (unmet.cure, unmet.article) == ("officer", "《市场监督管理行政处罚程序规定》第77条")
