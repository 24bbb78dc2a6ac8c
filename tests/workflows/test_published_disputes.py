"""Published disputes walked act by act on their published days: the procedure takes each of them there and then.

Only the days of the source are theirs; what it does not date is put where the procedure allows it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.test_dispute_walks import (
    DECISION,
    DELIBERATION,
    FILING,
    HEARING,
    INVENTION,
    PAPERS,
    RECORD,
    SERVICE,
    requested,
)
from tests.workflows.walking import Walk

Dates = Mapping[str, Mapping[str, str]]
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def published(shared_data: Callable[[str], Path]) -> Dates:
    """Published dates by case id and name, as the source prints them."""
    lines = shared_data("published_cases.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["case_id"]: line["dates"] for line in map(json.loads, lines)}


def day(text: str) -> date:
    """Return a published day; of a month the first working day that can be meant."""
    return date.fromisoformat(text) if len(text) == len("2025-07-02") else date.fromisoformat(f"{text}-03")


def filed(on: date, **about: Any) -> Walk:
    return requested(on, **about).take("check_papers", **PAPERS).take("file_case", on=on, **FILING)


def served_and_answered(walk: Walk, on: date) -> Walk:
    walk.take("serve_request", on=on, served_on=on.isoformat(), **SERVICE)
    answered = on + 5 * DAY
    walk.take("record_answer", on=answered, answered_on=answered.isoformat(), answer_text="不侵权")
    return walk.take("begin_trial", on=answered)


def heard(walk: Walk, on: date) -> Walk:
    told = on - 7 * DAY
    walk.take("notify_hearing", on=told, hearing_told_on=told.isoformat(), hearing_on=on.isoformat(), **HEARING)
    return walk.take("hold_hearing", on=on, hearing_held_on=on.isoformat(), **RECORD)


def decided(walk: Walk, on: date) -> Walk:
    deliberation = {**DELIBERATION, "deliberated_on": on.isoformat(), "dissenters": []}
    walk.take("deliberate", on=on, **deliberation)
    return walk.take("adjudicate", on=on, **DECISION)


@pytest.mark.parametrize(("case", "accepted_on"), [("RC018", "accepted"), ("RC019", "accepted")])
def test_accepted_and_heard_on_the_published_days(published: Dates, case: str, accepted_on: str) -> None:
    dates = published[case]
    accepted, hearing = day(dates[accepted_on]), day(dates["hearing"])
    walk = filed(accepted)
    served_and_answered(walk, day(dates["served"]) if "served" in dates else accepted + DAY)
    heard(walk, hearing)
    assert walk.state == "deliberating"
    due, ended, met = walk.clock("D12")
    assert due is not None
    assert (ended, met) == (None, None)
    assert hearing < due
    assert walk.clock("D02")[2] is True, "the request was served in time"


def test_a_dispute_of_older_text_is_mediated_inside_and_confirmed_by_the_court(published: Dates) -> None:
    dates = published["RC083"]
    accepted, confirmed = day(dates["complaint"]), day(dates["confirmation_reported"])
    walk = served_and_answered(filed(accepted), accepted + DAY)
    begun = walk.today.isoformat()
    walk.take("begin_mediation", mediation_on=begun, both_wish=True)
    agreed = date(2023, 9, 20)
    agreement = {"agreed_on": agreed.isoformat(), "dispute_facts": "外观设计", "agreement_terms": "停止", "payment_duty": True}  # fmt: skip
    walk.take("reach_agreement", on=agreed, **agreement)
    assert walk.clock("Q07")[2] is True, "three months, under the text of 2015"
    deed = {"confirmation": "court", "confirmed_by": "市中级人民法院", "confirmation_number": "1号"}
    walk.take("record_confirmation", on=confirmed, confirmed_on=confirmed.isoformat(), **deed)
    closed = walk.take("close_mediated", closing_manner="mediated", closing_summary="协议经司法确认")
    assert closed.state == "closed"


def test_a_decision_that_is_sued_against_is_held_and_made_again_where_the_court_annuls_it(published: Dates) -> None:
    dates = published["RC023"]
    # The filing is not dated; the law before 2015-07-01 is not among the rules.
    walk = requested(day(dates["complaint"])).take("check_papers", **PAPERS)
    walk = served_and_answered(walk.take("file_case", on=date(2015, 7, 6), **FILING), date(2015, 7, 8))
    decided_on, sued_on = day(dates["decision"]), day(dates["court_accepted"])
    heard(walk, date(2016, 3, 21))
    decided(walk, decided_on)
    for act in ("serve_decision_requester", "serve_decision_respondent"):
        walk.take(act, on=decided_on, served_on=decided_on.isoformat(), **SERVICE)
    assert walk.clock("D13")[0] == sued_on, "the court took it on the fifteenth day"
    suit = {"sued_on": sued_on.isoformat(), "sued_by": "respondent", "suit_court": "北京知识产权法院"}
    walk.take("record_suit", on=sued_on, **suit)
    over = day(dates["appeal_judgment"])
    result = {"suit_ended_on": over.isoformat(), "suit_result": "redo", "suit_judgment": "终审判决"}
    assert walk.take("record_suit_result", on=over, **result).state == "trying"


def test_a_decision_dated_alone_falls_inside_the_time_of_its_text(published: Dates) -> None:
    decided_on = day(published["RC087"]["decision"])
    walk = served_and_answered(filed(date(2020, 3, 2), right=INVENTION), date(2020, 3, 4))
    decided(heard(walk, date(2020, 4, 20)), decided_on)
    assert walk.clock("Q07")[1:] == (decided_on, True)
    assert walk.state == "adjudicated"


def test_six_requests_of_one_month_are_filed_by_the_text_of_2015(published: Dates) -> None:
    walk = filed(day(published["RC020"]["complaint"]) + DAY, right=INVENTION)
    assert walk.clock("Q01")[2] is True
    assert walk.clock("Q07")[0] == date(2024, 3, 4)
