"""Versions of rules: which one governs a clock, and what is said where none does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from caseapp.domain.clocks.rules import (
    ClockRule,
    Confidence,
    ExtensionRight,
    NoVersionInForce,
    RuleBook,
    Span,
    Unit,
    UnknownRule,
)


def rule(rule_id: str = "P08", **changes: Any) -> ClockRule:
    given: dict[str, Any] = {
        "id": rule_id,
        "name": {"zh": "陈述申辩", "en": "Defence"},
        "limit": 5,
        "unit": Unit.WORKING_DAYS,
        "law": "程序规定",
        "article": "第57条",
        "confidence": Confidence.VERIFIED,
    }
    return ClockRule(**(given | changes))


OLD = rule(limit=3, in_force_from=date(2019, 4, 1), in_force_to=date(2021, 7, 14))
NEW = rule(in_force_from=date(2021, 7, 15))
BOOK = RuleBook(
    [OLD, NEW, rule("P02a"), rule("P02b")], aliases={"X": "P08"}, no_clock={"D30": {"zh": "调解", "en": "m"}}
)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        pytest.param(date(2019, 4, 1), OLD, id="first day of the old text"),
        pytest.param(date(2021, 7, 14), OLD, id="last day of the old text"),
        pytest.param(date(2021, 7, 15), NEW, id="first day of the new text"),
        pytest.param(date(2099, 1, 1), NEW, id="the new text is open"),
    ],
)
def test_the_start_day_picks_the_version(day: date, version: ClockRule) -> None:
    assert BOOK.at("P08", day) is version


def test_before_the_first_version_no_rule_is_in_force() -> None:
    assert BOOK.find("P08", date(2019, 3, 31)) is None
    with pytest.raises(NoVersionInForce, match="P08 在 2019-03-31 没有现行有效的版本"):
        BOOK.at("P08", date(2019, 3, 31))


def test_after_the_last_version_no_rule_is_in_force() -> None:
    book = RuleBook([OLD])
    with pytest.raises(NoVersionInForce):
        book.at("P08", date(2021, 7, 15))


def test_an_unknown_rule_is_told_so() -> None:
    with pytest.raises(UnknownRule, match="没有编号为 P99 的时限"):
        BOOK.at("P99", date(2025, 1, 1))


def test_a_row_without_a_number_is_told_to_have_no_clock() -> None:
    with pytest.raises(UnknownRule, match=r"D30（调解）.*没有期限数字"):
        BOOK.find("D30", date(2025, 1, 1))


def test_a_row_with_several_limits_asks_for_the_letter() -> None:
    with pytest.raises(UnknownRule, match="P02a、P02b"):
        BOOK.at("P02", date(2025, 1, 1))


def test_an_alias_leads_to_the_rule_but_is_not_listed() -> None:
    assert BOOK.at("X", date(2025, 1, 1)) is NEW
    assert "X" in BOOK
    assert list(BOOK) == ["P08", "P02a", "P02b"]


def test_versions_are_given_newest_first() -> None:
    assert BOOK.versions("P08") == (NEW, OLD)


@pytest.mark.parametrize(
    "overlapping",
    [
        pytest.param([OLD, rule(in_force_from=date(2021, 7, 14))], id="one day shared"),
        pytest.param([rule(), NEW], id="an open one below"),
        pytest.param([rule(in_force_from=date(2019, 1, 1), in_force_to=date(2030, 1, 1)), OLD], id="one inside"),
    ],
)
def test_two_versions_in_force_on_one_day_are_refused(overlapping: list[ClockRule]) -> None:
    with pytest.raises(ValueError, match="two versions are in force"):
        RuleBook(overlapping)


def test_an_alias_to_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="does not lead to a rule"):
        RuleBook([NEW], aliases={"X": "P99"})


def test_the_most_that_extensions_add_is_their_sum() -> None:
    month = ExtensionRight(1, Unit.MONTHS, "leader")
    assert rule(unit=Unit.MONTHS, extensions=(month, ExtensionRight(2, Unit.MONTHS, "superior"))).extension_most == 3


def test_one_step_without_a_measure_leaves_the_sum_open() -> None:
    fixed = ExtensionRight(30, Unit.CALENDAR_DAYS, "leader")
    open_step = ExtensionRight(None, Unit.CALENDAR_DAYS, "collective", times=None)
    assert rule(unit=Unit.CALENDAR_DAYS, extensions=(fixed, open_step)).extension_most is None


def test_a_rule_without_extensions_has_no_extension_unit() -> None:
    assert rule().extension_unit is None
    assert rule().extension_most == 0


def test_recorded_days_mean_working_days_where_the_rule_counts_those() -> None:
    assert rule().extension_span(15, "days") == Span(15, Unit.WORKING_DAYS)
    assert rule(unit=Unit.MONTHS).extension_span(15, "days") == Span(15, Unit.CALENDAR_DAYS)
    assert rule(unit=Unit.MONTHS).extension_span(1, "months") == Span(1, Unit.MONTHS)
    with pytest.raises(ValueError):
        rule().extension_span(1, "weeks")


@pytest.mark.parametrize(
    ("span", "limit", "fits"),
    [
        (Unit.MONTHS, Unit.CALENDAR_DAYS, True),
        (Unit.CALENDAR_DAYS, Unit.MONTHS, True),
        (Unit.YEARS, Unit.YEARS, True),
        (Unit.WORKING_DAYS, Unit.WORKING_DAYS, True),
        (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, False),
        (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, False),
        (Unit.HOURS, Unit.CALENDAR_DAYS, False),
    ],
)
def test_which_units_can_be_added_to_which(span: Unit, limit: Unit, fits: bool) -> None:
    assert span.lengthens(limit) is fits


def test_the_citation_names_law_article_and_companions() -> None:
    assert rule().citation == "程序规定 第57条"
    assert rule(also="行政处罚法第64条").citation == "程序规定 第57条；行政处罚法第64条"
    assert rule(article="").citation == "程序规定"


def test_a_reason_that_the_rule_does_not_name_does_not_pause_it() -> None:
    paused = rule(pauses_on=("appraisal",))
    assert paused.pauses_for("appraisal")
    assert not paused.pauses_for("hearing")
