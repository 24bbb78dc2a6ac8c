"""Situations in which each time that parties to a dispute have to keep is kept and missed; tried by `test_guards`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from caseapp.domain.facts import ClockRecord
from caseapp.domain.workflow.situation import Situation
from tests.domain.workflow.situations import TODAY, act, clock, situation

Case = tuple[str, dict[str, Any], Situation]

BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
YESTERDAY, NOW, TOMORROW = (day.isoformat() for day in (BEFORE, TODAY, AFTER))
OBJECTION = {"rule": ["D03a", "D03b", "Q04"], "added_rule": ["D03c", "D03d"], "field": "objected_on"}
HEARD = {"rule": ["D03c", "D03d"], "served": ["serve_added_party"]}
REFUSED = {"ground": "ground", "value": "late", "asked": "ask", "corrected": "correct"}
LATE = {"rule": "D18", "ground": "ground", "value": "limitation"}
IN_TIME = clock("D18", TODAY, ended=TODAY, met=True)
TOO_LATE = clock("D18", BEFORE, ended=TODAY, met=True)
GOES_ON = {"act_goes_on": True, "patent_alive": True}
RECUSAL = {
    "rule": "D07",
    "beside": ["penalty_general"],
    "announced": ["notify_hearing"],
    "held": ["hold_hearing"],
    "hearing": "hearing_on",
}
EXPERT = {"beside": ["penalty_general"], "until": "evidence_until"}
PARTY = {"recusal_by": "party", "recusal_asked_on": NOW}


def three_days(rule: str, start: date) -> date | None:
    """Count plain days, from the first day of the newer text on."""
    return start + timedelta(days=3) if start >= date(2025, 2, 1) else None


def asked(limb: str = "", *, acts: Any = (), told: date | None = None, facts: Any = None, **form: Any) -> Situation:
    """Return a situation in which a party asks for recusal; `told`: when the file says that the names were told."""
    where = situation(form={**PARTY, "recusal_limb": limb, **form}, acts=acts, facts=facts, due_on=three_days)
    clocks = (ClockRecord("D07", told),) if told is not None else ()
    main = replace(where.proceeding, clocks=clocks)
    return replace(where, case=replace(where.case, proceedings=(main,)))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


MET: dict[str, Case] = {
    "an objection on the last day": ("objection_in_time", OBJECTION, situation(form={"objected_on": NOW}, clocks=[clock("D03a", TODAY)])),
    "an objection written down later": ("objection_in_time", OBJECTION, situation(form={"objected_on": YESTERDAY}, clocks=[clock("D03a", BEFORE)])),
    "an objection, nothing entered": ("objection_in_time", OBJECTION, situation(clocks=[clock("D03a", BEFORE)])),
    "an added party objects in its own time": ("objection_in_time", OBJECTION, situation(form={"objected_by": "added"}, clocks=[clock("D03a", BEFORE), clock("D03c", AFTER)])),
    "a time to answer that stands still": ("objection_in_time", OBJECTION, situation(form={}, clocks=[clock("D03a", None)])),
    "added before a hearing": ("added_before_hearing", {}, situation(form={"added_asked_on": NOW}, facts={"hearing_on": TOMORROW})),
    "added on the morning of the hearing": ("added_before_hearing", {}, situation(form={"added_asked_on": NOW}, facts={"hearing_on": NOW})),
    "asked before the hearing, added when the trial went on": ("added_before_hearing", {}, situation(form={"added_asked_on": YESTERDAY}, acts=["hold_hearing", "reopen_trial"])),
    "added, nothing entered": ("added_before_hearing", {}, situation(facts={"hearing_on": YESTERDAY})),
    "the requester adds": ("adding_consented", {}, situation(form={"added_by": "requester", "added_as": "respondent"})),
    "a third party at the respondent's wish": ("adding_consented", {}, situation(form={"added_by": "respondent", "added_as": "third_party"})),
    "the requester consents": ("adding_consented", {}, situation(form={"added_by": "respondent", "added_as": "respondent", "added_consent": True})),
    "nobody was added": ("added_party_heard", HEARD, situation()),
    "the added party answered": ("added_party_heard", HEARD, situation(acts=["add_party", "serve_added_party", "record_added_answer"], clocks=[clock("D03c", AFTER)])),
    "the added party's time is over": ("added_party_heard", HEARD, situation(acts=["add_party", "serve_added_party"], clocks=[clock("D03c", BEFORE)])),
    "the added party under the older text": ("added_party_heard", HEARD, situation(acts=["add_party", "serve_added_party"])),
    "another ground than a correction": ("correction_time_over", REFUSED, situation(form={"ground": "other"})),
    "the time to correct is over": ("correction_time_over", REFUSED, situation(form={"ground": "late"}, acts=["ask"], facts={"correction_until": YESTERDAY})),
    "corrected, and still not good": ("correction_time_over", REFUSED, situation(form={"ground": "late"}, acts=["ask", "correct"], facts={"correction_until": TOMORROW})),
    "a time to correct that nobody named": ("correction_time_over", REFUSED, situation(form={"ground": "late"}, acts=["ask"])),
    "nothing known of the limitation": ("limitation_told", {}, situation(form={})),
    "an interruption with its reason": ("limitation_told", {}, situation(form={"infringement_known_on": "2022-01-05", "limitation_anew_on": "2024-01-05", "limitation_why": "发函"})),
    "in time": ("limitation_lets_file", {"rule": "D18"}, situation(form={}, clocks=[IN_TIME])),
    "unknown since when": ("limitation_lets_file", {"rule": "D18"}, situation(form={})),
    "late, but the act goes on": ("limitation_lets_file", {"rule": "D18"}, situation(form=GOES_ON, clocks=[TOO_LATE])),
    "late, accepted with a reason": ("limitation_lets_file", {"rule": "D18"}, situation(form={}, facts={"late_accepted_reason": "对方未抗辩"}, clocks=[TOO_LATE])),
    "refused on another ground": ("limitation_lets_refuse", LATE, situation(form={"ground": "other"})),
    "late, and the act is over": ("limitation_lets_refuse", LATE, situation(form={"ground": "limitation"}, facts={"act_goes_on": False}, clocks=[TOO_LATE])),
    "a request under the older text": ("limitation_lets_refuse", LATE, situation(form={"ground": "limitation"}, due_on=lambda rule, day: None)),
    "cancelled on another ground": ("limitation_defence_proved", LATE, situation(form={"ground": "other"})),
    "a defence that is proved": ("limitation_defence_proved", LATE, situation(form={"ground": "limitation", "limitation_defence": True}, clocks=[TOO_LATE])),
    "an expert asked for on the last day": ("expert_asked_in_time", EXPERT, situation(form={"appraisal_asked_by": "party", "appraisal_asked_on": NOW}, facts={"evidence_until": NOW})),
    "an expert of the panel's own": ("expert_asked_in_time", EXPERT, situation(form={"appraisal_asked_by": "organ"}, facts={"evidence_until": YESTERDAY})),
    "an expert where no period was set": ("expert_asked_in_time", EXPERT, situation(form={"appraisal_asked_by": "party", "appraisal_asked_on": NOW})),
    "an expert beside another procedure": ("expert_asked_in_time", {**EXPERT, "beside": ["mediation"]}, situation(form={"appraisal_asked_by": "party", "appraisal_asked_on": NOW}, facts={"evidence_until": YESTERDAY})),
    "recusal by himself": ("recusal_asked_in_time", RECUSAL, situation(form={"recusal_by": "self"}, due_on=three_days)),
    "recusal beside another procedure": ("recusal_asked_in_time", {**RECUSAL, "beside": ["mediation"]}, asked()),
    "recusal, nobody counts days": ("recusal_asked_in_time", RECUSAL, situation(form=PARTY)),
    "recusal under the older text": ("recusal_asked_in_time", RECUSAL, asked(recusal_asked_on="2025-01-31")),
    "recusal on the third day": ("recusal_asked_in_time", RECUSAL, asked("names", names_known_on=ago(3).isoformat())),
    "recusal, the file knows when the names were told": ("recusal_asked_in_time", RECUSAL, asked("names", told=ago(2))),
    "recusal, names known before there was a limit": ("recusal_asked_in_time", RECUSAL, asked("names", names_known_on="2025-01-20")),
    "recusal before the hearing": ("recusal_asked_in_time", RECUSAL, asked("hearing", acts=["notify_hearing"], facts={"hearing_on": NOW})),
    "recusal before a hearing that was held since": ("recusal_asked_in_time", RECUSAL, asked("hearing", acts=["notify_hearing", act("hold_hearing", AFTER)], facts={"hearing_on": TOMORROW})),
    "recusal on what was learnt later": ("recusal_asked_in_time", RECUSAL, asked("later", cause_known_on=NOW, told=ago(30))),
    "recusal on the day of the hearing": ("recusal_asked_in_time", RECUSAL, asked("later", acts=["notify_hearing", "hold_hearing"], cause_known_on=NOW)),
}  # fmt: skip

UNMET: dict[str, Case] = {
    "an objection a day late": ("objection_in_time", OBJECTION, situation(form={"objected_on": NOW}, clocks=[clock("D03a", BEFORE)])),
    "the respondent uses the added party's time": ("objection_in_time", OBJECTION, situation(form={}, clocks=[clock("D03a", BEFORE), clock("D03c", AFTER)])),
    "an added party that was not served": ("objection_in_time", OBJECTION, situation(form={"objected_by": "added"}, clocks=[clock("D03a", AFTER)])),
    "an objection before anybody was served": ("objection_in_time", OBJECTION, situation()),
    "added in the deliberation": ("added_before_hearing", {}, situation(acts=["hold_hearing"])),
    "added when no hearing is held": ("added_before_hearing", {}, situation(acts=["waive_hearing"])),
    "added after the hearing": ("added_before_hearing", {}, situation(form={"added_asked_on": NOW}, acts=["hold_hearing", "reopen_trial"])),
    "added after the day of the hearing": ("added_before_hearing", {}, situation(form={"added_asked_on": NOW}, facts={"hearing_on": YESTERDAY})),
    "the requester does not consent": ("adding_consented", {}, situation(form={"added_by": "respondent", "added_as": "respondent", "added_consent": False})),
    "the added party was not served": ("added_party_heard", HEARD, situation(acts=["serve_added_party", "add_party"])),
    "the added party has time left": ("added_party_heard", HEARD, situation(acts=["add_party", "serve_added_party"], clocks=[clock("D03d", TODAY)])),
    "the added party's time stands still": ("added_party_heard", HEARD, situation(acts=["add_party", "serve_added_party"], clocks=[clock("D03d", None)])),
    "no correction was asked": ("correction_time_over", REFUSED, situation(form={"ground": "late"})),
    "the time to correct runs": ("correction_time_over", {**REFUSED, "articles": "18"}, situation(form={"ground": "late"}, acts=["ask"], facts={"correction_until": NOW})),
    "corrected before it was asked again": ("correction_time_over", REFUSED, situation(form={"ground": "late"}, acts=["correct", "ask"], facts={"correction_until": NOW})),
    "known after the request": ("limitation_told", {}, situation(form={"infringement_known_on": TOMORROW})),
    "anew before it began": ("limitation_told", {}, situation(form={"infringement_known_on": "2024-01-05", "limitation_anew_on": "2023-01-05", "limitation_why": "发函"})),
    "days that do not count without a reason": ("limitation_told", {}, situation(form={"limitation_days": 30})),
    "late, and nobody says whether the act goes on": ("limitation_lets_file", {"rule": "D18"}, situation(form={}, clocks=[TOO_LATE])),
    "late, and the patent has ended": ("limitation_lets_file", {"rule": "D18"}, situation(form={**GOES_ON, "patent_alive": False}, clocks=[TOO_LATE])),
    "late and must be accepted": ("limitation_lets_refuse", LATE, situation(form={"ground": "limitation"}, facts=GOES_ON, clocks=[TOO_LATE])),
    "refused as late, but in time": ("limitation_lets_refuse", LATE, situation(form={"ground": "limitation"}, clocks=[IN_TIME])),
    "refused as late, since when unknown": ("limitation_lets_refuse", LATE, situation(form={"ground": "limitation"}, due_on=three_days)),
    "a defence against a request in time": ("limitation_defence_proved", LATE, situation(form={"ground": "limitation", "limitation_defence": True}, clocks=[IN_TIME])),
    "a defence that nobody raised": ("limitation_defence_proved", LATE, situation(form={"ground": "limitation"}, clocks=[TOO_LATE])),
    "an expert asked for too late": ("expert_asked_in_time", EXPERT, situation(form={"appraisal_asked_by": "party", "appraisal_asked_on": NOW}, facts={"evidence_until": YESTERDAY})),
    "recusal without saying when": ("recusal_asked_in_time", RECUSAL, asked()),
    "recusal on the fourth day": ("recusal_asked_in_time", RECUSAL, asked("names", names_known_on=ago(4).isoformat())),
    "recusal, the file says they were told long ago": ("recusal_asked_in_time", RECUSAL, asked("names", told=ago(9))),
    "recusal, nobody knows when they were told": ("recusal_asked_in_time", RECUSAL, asked("names")),
    "recusal before the names were known": ("recusal_asked_in_time", RECUSAL, asked("names", names_known_on=TOMORROW)),
    "recusal before a hearing that nobody announced": ("recusal_asked_in_time", RECUSAL, asked("hearing")),
    "recusal when the hearing had begun": ("recusal_asked_in_time", RECUSAL, asked("hearing", acts=["notify_hearing", "hold_hearing"])),
    "recusal after the day of the hearing": ("recusal_asked_in_time", RECUSAL, asked("hearing", acts=["notify_hearing"], facts={"hearing_on": YESTERDAY})),
    "recusal, no day on which the cause was learnt": ("recusal_asked_in_time", RECUSAL, asked("later")),
    "recusal, a cause known with the names": ("recusal_asked_in_time", RECUSAL, asked("later", cause_known_on=YESTERDAY, told=BEFORE)),
    "recusal on what was learnt after the hearing": ("recusal_asked_in_time", RECUSAL, asked("later", acts=["notify_hearing", act("hold_hearing", BEFORE)], cause_known_on=NOW)),
}  # fmt: skip
