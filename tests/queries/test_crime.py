"""A case against the limits of crime: its own amounts, other cases of the party, earlier punishments, and the block."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused
from caseapp.domain.facts import Right
from caseapp.queries.crime import CrimeView, crime_of, crime_warning, open_limbs
from caseapp.queries.crime_panel import CrimePanel, crime_panel
from caseapp.services.case_facts import change
from tests.factories.cases import RESPONDENT, Course

WEIGHED: dict[str, Any] = {"crime_reasonable": "no", "crime_police_needed": "no", "crime_prior": "no"}
REFUSAL: dict[str, Any] = {"refused_limbs": ["a213"], "not_transferred_reasons": "标识近似而不相同。"}
SMALL = {"turnover": 100_00, "gains": 0, "service_gains": 0}


def view(course: Course, case_id: str, login: str = "officer") -> CrimeView:
    with course.as_(login) as ctx:
        found = crime_of(ctx, course.image(case_id), on=course.today)
    assert found is not None
    return found


def panel(course: Course, case_id: str, login: str = "officer") -> CrimePanel:
    with course.as_(login) as ctx:
        found = crime_panel(ctx, course.image(case_id), on=course.today)
    assert found is not None
    return found


def warning(course: Course, case_id: str) -> str:
    with course.as_("officer") as ctx:
        return crime_warning(ctx, course.image(case_id), on=course.today)


def amounts(course: Course, case_id: str, **told: int | None) -> None:
    with course.as_("officer") as ctx:
        change(ctx, case_id, {"amounts": told}, reason="查明数额", seen_version=None)


def result(found: CrimeView, offence: str) -> str:
    return next(one.result for one in found.assessment.limbs if one.offence == offence and one.grade == "entry")


def test_a_case_is_held_against_the_limits_whenever_its_amounts_change(course: Course) -> None:
    case_id = course.filed(amounts=SMALL)
    assert result(view(course, case_id), "213") == "not_shown"
    assert warning(course, case_id) == ""
    amounts(course, case_id, **{**SMALL, "turnover": 40_000_00})
    assert warning(course, case_id) == "near"
    amounts(course, case_id, **{**SMALL, "turnover": 50_000_00})
    assert (result(view(course, case_id), "213"), warning(course, case_id)) == ("met", "required")
    assert view(course, case_id).assumed_day
    assert view(course, case_id).marks_counted


def test_a_penalty_waits_for_a_transfer_or_the_heads_refusal(course: Course) -> None:
    case_id = course.deciding(amounts={**SMALL, "turnover": 50_000_00})
    with pytest.raises(ActionRefused) as barred:
        course.act("officer", case_id, "decide_penalty", course.decision())
    (unmet,) = barred.value.unmet
    assert (unmet.guard, unmet.cure) == ("not_penalised_instead_of_transfer", "leader")
    course.approved("officer", case_id, "refuse_referral", REFUSAL)
    with course.as_("officer") as ctx:
        assert open_limbs(ctx, course.image(case_id), on=course.today) == frozenset()
    assert (warning(course, case_id), panel(course, case_id).open_limbs) == ("", frozenset())
    course.approved("officer", case_id, "decide_penalty", course.decision())
    assert course.image(case_id).main.state == "penalty_decided"


def test_nothing_can_be_refused_where_nothing_is_met(course: Course) -> None:
    case_id = course.filed(amounts=SMALL)
    with pytest.raises(ActionRefused) as refused:
        course.act("officer", case_id, "refuse_referral", REFUSAL)
    assert [one.guard for one in refused.value.unmet] == ["crime_limb_met"]


def test_what_an_officer_weighs_counts(course: Course) -> None:
    case_id = course.filed(amounts={**SMALL, "turnover": 30_000_00})
    assert result(view(course, case_id), "213") == "unknown", "nobody has said whether there was a punishment before"
    course.act("officer", case_id, "weigh_crime", WEIGHED)
    assert result(view(course, case_id), "213") == "not_shown"
    assert panel(course, case_id).suspicion.result == "not_shown"
    earlier = (course.today - timedelta(days=100)).isoformat()
    prior = {"crime_prior_group": "marks", "crime_prior_kind": "administrative", "crime_prior_on": earlier}
    course.act("officer", case_id, "weigh_crime", {**WEIGHED, "crime_prior": "yes", **prior})
    assert result(view(course, case_id), "213") == "met"
    suspected = {"crime_reasonable": "yes", "crime_grounds": "上家在逃", "crime_police_needed": "yes"}
    course.act("officer", case_id, "weigh_crime", {**WEIGHED, **suspected})
    assert panel(course, case_id).open_limbs == {"suspicion"}


def test_several_marks_of_one_source_lower_the_result_and_say_so(course: Course) -> None:
    rights = tuple(Right("trademark", f"1234567{number}", "澜庭", "南通澜庭家纺有限公司") for number in (1, 2))
    case_id = course.filed(amounts={**SMALL, "turnover": 30_000_00}, rights=rights)
    course.act("officer", case_id, "weigh_crime", WEIGHED)
    assert result(view(course, case_id), "213") == "met"
    course.act("officer", case_id, "weigh_crime", {**WEIGHED, "crime_one_source": "yes"})
    found = panel(course, case_id)
    assert next(one.result for one in found.offences if one.id == "213") == "not_shown"
    assert any("同一来源" in str(note) for one in found.offences for limb in one.limbs for note in limb.notes)


def test_amounts_of_open_cases_of_the_party_are_added_and_punished_ones_are_not(course: Course) -> None:
    punished = course.performing(amounts={**SMALL, "turnover": 20_000_00})
    course.later(days=1)
    case_id = course.filed(amounts={**SMALL, "turnover": 30_000_00, "marks": 1})
    course.act("officer", case_id, "weigh_crime", WEIGHED)
    found = view(course, case_id)
    assert result(found, "213") == "unknown", "whether the earlier penalty was for an identical mark is not said"
    assert [(one.case_id, one.act and one.act.dealt_with) for one in found.others] == [(punished, True)]
    other = course.filed(amounts={**SMALL, "turnover": 20_000_00, "marks": 0})
    lines = {one.case_id: one for one in panel(course, case_id).others}
    assert (lines[other].counts, lines[punished].counts) == (True, False)
    assert lines[punished].punished_on is not None
    assert result(view(course, case_id), "213") == "met"
    assert lines[other].title == course.image(other).title


def test_a_case_that_the_reader_may_not_see_counts_without_its_name(course: Course) -> None:
    case_id = course.filed(amounts={**SMALL, "turnover": 30_000_00})
    hidden = course.lead(amounts={**SMALL, "turnover": 20_000_00}).id
    with course.as_("head") as ctx:
        change(ctx, hidden, {"restricted": True}, reason="涉及举报人", seen_version=None)
    (line,) = panel(course, case_id, "officer").others
    number = course.image(hidden).display_number()
    seen = panel(course, case_id, "head").others[0]
    assert seen.number == number
    assert (line.case_id, line.number, line.title) == ("", "", "")
    assert number not in str(panel(course, case_id, "officer"))


@pytest.mark.parametrize(
    "lead",
    [
        pytest.param({"ip_types": ("gi",)}, id="no offence is about it"),
        pytest.param(
            {"procedure": "patent_dispute", "ip_types": ("patent_invention",), "source": "request",
             "parties": (RESPONDENT,), "rights": ()},
            id="nobody can be fined in it",
        ),
    ],
)  # fmt: skip
def test_some_cases_are_none_of_it(course: Course, lead: dict[str, Any]) -> None:
    case_id = course.lead(**lead).id
    with course.as_("officer") as ctx:
        assert crime_panel(ctx, course.image(case_id), on=course.today) is None
        assert crime_warning(ctx, course.image(case_id), on=course.today) == ""


def test_the_panel_shows_amounts_against_limits_with_articles(course: Course) -> None:
    case_id = course.filed(amounts={**SMALL, "turnover": 45_000_00})
    found = panel(course, case_id)
    assert [one.id for one in found.offences] == ["213", "214"]
    assert [article for article, _name in found.left_out] == ["第215条"]
    (entry,) = [limb for limb in found.offences[0].limbs if limb.grade == "entry" and limb.governs]
    bar = next(one for one in entry.shown if one.measure == ("turnover",) and one.condition == "base")
    assert (bar.value, bar.limit, bar.percent, bar.near, bar.exact) == (45_000_00, 50_000_00, 90, True, True)
    assert bar.article == "法释〔2025〕5号第3条第1款第1项"
    assert found.offences[0].warns
    assert entry.rest


def test_labels_are_in_question_where_they_were_counted_or_named(course: Course) -> None:
    case_id = course.filed(amounts={**SMALL, "turnover": 30_000_00})
    assert "215" not in view(course, case_id).matter.offences
    course.act("officer", case_id, "weigh_crime", {**WEIGHED, "crime_offences": ["a215"]})
    assert result(view(course, case_id), "215") == "met"
    counted = course.lead(amounts={**SMALL, "pieces": 10_000}).id
    assert result(view(course, counted), "215") == "met"
