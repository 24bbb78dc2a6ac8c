"""Finished words for templates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import current_app, session

from caseapp.domain.clocks.status import Remaining, RemainingUnit
from caseapp.web.shared import filters, labels
from tests.web.shell import Shell


@pytest.fixture(autouse=True)
def in_request(shell: Shell) -> Iterator[None]:
    with shell.app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(date(2026, 11, 22), "2026-11-22 周日", id="date"),
        pytest.param("2026-11-22", "2026-11-22 周日", id="ISO text of a fact"),
        pytest.param(datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "2026-11-23 周一", id="instant: the day in Nantong"),
        pytest.param(None, "—", id="unknown"),
        pytest.param("", "—", id="empty"),
    ],
)
def test_days_carry_their_weekday(value: object, shown: str) -> None:
    assert filters.day(value) == shown  # type: ignore[arg-type]


def test_a_day_known_to_the_month_or_year_claims_no_more() -> None:
    assert filters.day(date(2025, 3, 1), "month") == "2025-03"
    assert filters.day(date(2025, 1, 1), "year") == "2025"


def test_weekdays_are_said_in_the_readers_language() -> None:
    session["language"] = "en"
    assert filters.day(date(2026, 11, 22)) == "2026-11-22 Sun"


def test_instants_are_shown_in_local_time() -> None:
    assert filters.moment(datetime(2026, 11, 22, 17, 5, 9, tzinfo=UTC)) == "2026-11-23 周一 01:05"
    assert filters.moment("2026-11-22T17:05:09+00:00", seconds=True) == "2026-11-23 周一 01:05:09"


def test_money_is_told_in_yuan_with_thousands() -> None:
    assert filters.money(9735300) == "97,353.00 元"
    assert filters.money(0) == "0.00 元"
    assert filters.money(None) == "—"


@pytest.mark.parametrize(
    ("share", "shown"), [(0.946, "94.6%"), (Decimal(1), "100.0%"), (0.0, "0.0%"), (None, "—")], ids=str
)
def test_shares_are_told_in_percent(share: float | Decimal | None, shown: str) -> None:
    assert filters.percent(share) == shown


def test_counts_stop_at_the_cap() -> None:
    assert filters.capped(1000) == "1,000"
    assert filters.capped(1001) == "1,000+"


def test_what_is_left_is_told_in_words() -> None:
    assert filters.left(Remaining(0, RemainingUnit.WORKING_DAYS)) == "今天到期"
    assert filters.left(Remaining(-2, RemainingUnit.DAYS)) == "超期 2 天"
    assert filters.left(None) == ""


def test_line_breaks_are_kept_and_markup_is_not() -> None:
    assert filters.lines("一\n<b>二</b>") == "一<br>&lt;b&gt;二&lt;/b&gt;"


def test_files_carry_a_mark_of_their_content() -> None:
    asset = filters.asset_of(current_app)
    assert asset("css/huhang.css").startswith("/static/css/huhang.css?v=")
    assert "v=" not in asset("css/no-such-file.css")


def test_a_room_that_is_missing_has_no_address() -> None:
    assert filters.url_if("officer.case_list") == "/cases"
    assert filters.url_if("nowhere.at_all", case_id="1") == ""


def test_a_word_without_a_name_is_shown_as_it_is() -> None:
    assert labels.label("closed", "category") == "已结案"
    assert labels.label("sealed", "category") == "sealed"
    assert labels.label(None, "category") == ""


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("category", "caseapp.domain.workflow.definition:Category"),
        ("ip_type", "caseapp.domain.facts:IpType"),
        ("manner", "caseapp.domain.events:ClosingManner"),
        ("milestone", "caseapp.domain.events:MilestoneKind"),
        ("precision", "caseapp.domain.events:Precision"),
        ("scope", "caseapp.domain.roles:Scope"),
        ("clock_status", "caseapp.domain.clocks.status:Status"),
    ],
)
def test_every_closed_word_of_the_domain_has_a_name(kind: str, words: str) -> None:
    module, name = words.split(":")
    enum = getattr(__import__(module, fromlist=[name]), name)
    assert set(labels.LABELS[kind]) == {str(member) for member in enum}
