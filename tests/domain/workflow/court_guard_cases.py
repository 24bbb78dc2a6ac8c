"""Situations in which each condition of going to court is met and not met; `test_guards` tries them with the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from caseapp.domain.workflow.situation import Situation
from tests.domain.workflow.situations import TODAY, act, milestone, situation

Case = tuple[str, dict[str, Any], Situation]

TERM = {"rule": "C01", "starts": "since", "field": "asked"}
FIRST = {"on_the_spot": "penalty_simplified", "since": "2024-01-01", "reconsidered": "decided_again", "field": "why"}
SUED = {"field": "sued", "result": "result"}


def term(asked: date, *, counted: bool = True) -> Situation:
    form = {"since": TODAY.isoformat(), "asked": asked.isoformat()}
    return situation(form=form, due_on=(lambda rule, day: day + timedelta(days=30)) if counted else None)


def on_the_spot(*, on: date = TODAY, decided: bool = True, form: dict[str, Any] | None = None) -> Situation:
    where = situation(form=form or {}, milestones=[replace(milestone("decided"), on=on)] if decided else [])
    main = replace(where.case.main, procedure="penalty_simplified")
    return replace(where, case=replace(where.case, proceedings=(main, *where.case.proceedings[1:])))


def with_acts(*actions: str) -> Situation:
    where = on_the_spot()
    return replace(where, proceeding=replace(where.proceeding, acts=tuple(act(item) for item in actions)))


MET: dict[str, Case] = {
    "asked on the last day": ("within_days_of", TERM, term(TODAY + timedelta(days=30))),
    "nobody counts the days": ("within_days_of", TERM, term(TODAY + timedelta(days=99), counted=False)),
    "the days are not entered": ("within_days_of", TERM, situation(form={})),
    "a decision after an investigation": ("reconsideration_came_first", FIRST, situation(milestones=[milestone("decided")], form={})),
    "nothing was decided on the spot": ("reconsideration_came_first", FIRST, on_the_spot(decided=False)),
    "decided before the rule": ("reconsideration_came_first", FIRST, on_the_spot(on=date(2023, 12, 31))),
    "the reconsideration organ kept silent": ("reconsideration_came_first", FIRST, on_the_spot(form={"why": "逾期"})),
    "it was reconsidered": ("reconsideration_came_first", FIRST, with_acts("decided_again")),
    "both are sued where it was upheld": ("defendant_fits", SUED, situation(facts={"result": "upheld"}, form={"sued": "both"})),
    "ours is sued where nobody reconsidered": ("defendant_fits", SUED, situation(form={"sued": "organ"})),
    "ours is sued where the claim was withdrawn": ("defendant_fits", SUED, situation(facts={"result": "withdrawn"}, form={"sued": "organ"})),
    "the other is sued where it changed the decision": ("defendant_fits", SUED, situation(facts={"result": "changed"}, form={"sued": "review_body"})),
    "who is sued is not entered": ("defendant_fits", SUED, situation(form={})),
    "the main proceeding took the act": ("main_act_done", {"action": ["apply"]}, situation(acts=["apply", "other"])),
    "and since then": ("main_act_done", {"action": "apply", "since": "renew"}, situation(acts=["renew", "apply"])),
}  # fmt: skip
UNMET: dict[str, Case] = {
    "asked a day late": ("within_days_of", TERM, term(TODAY + timedelta(days=31))),
    "on the spot and not reconsidered": ("reconsideration_came_first", FIRST, on_the_spot(on=date(2024, 1, 1))),
    "only ours is sued where it was upheld": ("defendant_fits", SUED, situation(facts={"result": "upheld"}, form={"sued": "organ"})),
    "both are sued without reconsideration": ("defendant_fits", SUED, situation(form={"sued": "both"})),
    "ours is sued where it was annulled": ("defendant_fits", SUED, situation(facts={"result": "annulled"}, form={"sued": "organ"})),
    "the main proceeding did not": ("main_act_done", {"action": "apply"}, situation(acts=["other"])),
    "not since then": ("main_act_done", {"action": "apply", "since": "renew"}, situation(acts=["apply", "renew"])),
}  # fmt: skip
