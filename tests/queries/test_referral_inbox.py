"""The list of what was sent to an organ: the right rows, in order, page by page, and always the same few statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from caseapp.context import Context
from caseapp.domain.clocks.status import Status
from caseapp.domain.errors import InputError
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.referral_inbox import Inbox, InboxFilter, Key, Order, Tab, Way, every_line, inbox_page
from caseapp.services.ledger_rebuild import differences
from caseapp.services.share_rows import NEVER
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course
from tests.factories.referrals import POLICE, answered, filed, handed_over, liaisons, received, refused
from tests.factories.sides import act_in


@contextmanager
def statements(ctx: Context) -> Iterator[list[str]]:
    """Collect what is asked of the database."""
    asked: list[str] = []
    connection = ctx.session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(connection, "before_cursor_execute", note)


def rows(ctx: Context, case_id: str, made: Sequence[dict[str, Any]]) -> None:
    """Put rows into the list of the police as a large office would have them."""
    plain: dict[str, Any] = {
        "case_id": case_id,
        "ordinal": 0,
        "latest": True,
        "organ_id": POLICE,
        "peer": "police",
        "sender_id": "320612-ip",
        "procedure": "referral",
        "procedure_version": 1,
        "state": "received",
        "category": "open",
        "mine": True,
        "title": "案件",
        "offence": "a214",
        "sent_on": date(2026, 11, 2),
        "opened_on": date(2026, 11, 2),
        "until_on": None,
        "clock": None,
        "binds_at": NEVER,
        "acts": "[]",
    }
    with unit_of_work(ctx) as unit:
        unit.connection.execute(insert(ReferralShare), [{**plain, **one} for one in made])


def walk(ctx: Context, order: Order, *, limit: int) -> list[str]:
    """Go through the list forwards, then back again, and say that both are the same."""
    pages: list[Inbox] = []
    after: Key | None = None
    while True:
        pages.append(inbox_page(ctx, InboxFilter(Tab.ALL), order=order, after=after, limit=limit))
        after = pages[-1].after
        if after is None:
            break
    back = [pages[-1]]
    while back[0].before is not None:
        back.insert(0, inbox_page(ctx, InboxFilter(Tab.ALL), order=order, before=back[0].before, limit=limit))
    assert [page.lines for page in back] == [page.lines for page in pages]
    return [line.id for page in pages for line in page.lines]


def test_every_page_asks_the_same_statements_and_no_row_is_lost(course: Course) -> None:
    case_id = course.filed()
    police = course.people["police"]
    with course.parts.context(police) as ctx, statements(ctx) as few:
        assert inbox_page(ctx, InboxFilter()).lines == ()
    instants = [datetime(2026, 11, 1 + number % 5, tzinfo=UTC) if number % 3 else NEVER for number in range(23)]
    made = [
        {"proceeding_id": f"{number:032x}", "binds_at": instants[number], "sent_on": date(2026, 11, 1 + number % 4)}
        for number in range(23)
    ]
    with course.parts.context() as system:
        rows(system, case_id, made)
    with course.parts.context(police) as ctx:
        with statements(ctx) as many:
            page = inbox_page(ctx, InboxFilter(Tab.ALL), limit=20)
        assert (len(page.lines), page.counts[Tab.ALL]) == (20, 23)
        assert len(many) == len(few) == 4
        by_clock = [
            one["proceeding_id"] for one in sorted(made, key=lambda one: (one["binds_at"], one["proceeding_id"]))
        ]
        by_day = [one["proceeding_id"] for one in sorted(made, key=lambda one: (one["sent_on"], one["proceeding_id"]))]
        assert walk(ctx, Order.CLOCK, limit=5) == by_clock
        assert walk(ctx, Order.SENT, limit=5) == by_day[::-1]
        assert [line.id for line in every_line(ctx, InboxFilter(Tab.ALL))] == by_clock
        wrong: list[tuple[Order, Key]] = [
            (Order.SENT, ("yesterday", "x")),
            (Order.CLOCK, ("2026-11-02T00:00:00", "x")),
        ]
        for order, key in wrong:
            with pytest.raises(InputError):
                inbox_page(ctx, InboxFilter(), order=order, after=key)


def test_tabs_and_filters_agree_with_their_counts(course: Course) -> None:
    case_id = course.filed()
    past, ahead = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    made: list[dict[str, Any]] = [
        {"binds_at": past},
        {"binds_at": ahead, "mine": False},
        {"category": "closed", "state": "settled", "mine": False},
        {"category": "decided", "state": "filed", "mine": False, "offence": "a213"},
        {"peer": "authority", "procedure": "reverse_referral", "state": "handling", "mine": False, "offence": ""},
        {"latest": False},
        {"organ_id": "320613-police"},
    ]
    with course.parts.context() as system:
        rows(system, case_id, [{"proceeding_id": str(number), **one} for number, one in enumerate(made)])
    with course.parts.context(course.people["police"]) as ctx:

        def ids(asked: InboxFilter) -> set[str]:
            page = inbox_page(ctx, asked)
            assert page.counts[asked.tab] == len(page.lines)
            return {line.id for line in page.lines}

        assert ids(InboxFilter()) == {"0", "1", "3", "4"}
        assert ids(InboxFilter(Tab.MINE)) == {"0"}
        assert ids(InboxFilter(Tab.OVERDUE)) == {"0"}
        assert ids(InboxFilter(Tab.ALL)) == {"0", "1", "2", "3", "4"}
        assert ids(InboxFilter(Tab.ALL, way=Way.FROM_US)) == {"4"}
        assert ids(InboxFilter(Tab.ALL, way=Way.TO_US)) == {"0", "1", "2", "3"}
        assert ids(InboxFilter(Tab.ALL, offence="a213")) == {"3"}
    with course.as_("officer") as ctx:
        assert inbox_page(ctx, InboxFilter(Tab.ALL)).counts[Tab.ALL] == 0


def line_of(course: Course, who: str = "police") -> Any:
    with course.parts.context(course.people[who]) as ctx:
        (line,) = inbox_page(ctx, InboxFilter(Tab.ALL)).lines
        assert list(differences(ctx)) == []
        return line


def test_a_row_tells_no_more_than_is_disclosed_and_follows_every_act(course: Course) -> None:
    case_id = course.filed()
    proceeding = handed_over(course, case_id)
    sent = line_of(course)
    assert (sent.id, sent.title, sent.offence, sent.mine, sent.clock, sent.over) == (
        proceeding,
        "",
        "",
        True,
        None,
        False,
    )
    answered(course, course.people["police"], proceeding, "sign_receipt", {"receipt_signer": "丁卫东"})
    got = line_of(course)
    assert (got.title, got.offence, got.mine) == (course.image(case_id).title, "a214", True)
    assert (got.clock.status, got.clock.due_on) == (Status.RUNNING, course.today + timedelta(days=1))
    with course.later(days=2).parts.context(course.people["police"]) as ctx:
        page = inbox_page(ctx, InboxFilter(Tab.OVERDUE))
        assert [line.clock.status for line in page.lines if line.clock] == [Status.OVERDUE]
    act_in(course, case_id, "referral", "remark_ours", {"remark": "请查收。"})
    assert line_of(course).mine


def test_the_offence_is_found_once_the_dossier_is_open_and_not_before(course: Course) -> None:
    handed_over(course, course.filed())
    with course.parts.context(course.people["police"]) as ctx:
        assert inbox_page(ctx, InboxFilter(Tab.ALL, offence="a214")).counts[Tab.ALL] == 0
    received(course, course.filed())
    with course.parts.context(course.people["police"]) as ctx:
        assert inbox_page(ctx, InboxFilter(Tab.ALL, offence="a214")).counts[Tab.ALL] == 1


def test_what_was_decided_waits_for_the_other_side(course: Course) -> None:
    refused(course, course.filed())
    line = line_of(course)
    assert (line.mine, line.clock.due_on) == (False, course.today + timedelta(days=3))
    filed(course, course.filed())
    with course.parts.context(course.people["police"]) as ctx:
        assert [one.mine for one in inbox_page(ctx, InboxFilter(Tab.ALL)).lines] == [False, False]


def test_who_sent_it_on_keeps_a_closed_row_without_a_clock(course: Course) -> None:
    case_id = course.filed()
    proceeding = received(course, case_id)
    others = liaisons(course)
    on = {"police_organ": "320613-police", "forward_reason": "主要犯罪地在崇川区。"}
    answered(course, others["police"], proceeding, "forward", on)
    line = line_of(course)
    assert (line.state.zh, line.over, line.mine, line.clock) == ("已转送其他机关", True, False, None)
    with course.parts.context(others["police2"]) as ctx:
        (there,) = inbox_page(ctx, InboxFilter()).lines
        assert (there.title, there.mine) == ("", True)
    back = {"police_organ": POLICE, "forward_reason": "退回。"}
    answered(course, others["police2"], proceeding, "sign_receipt", {"receipt_signer": "联络员0"})
    answered(course, others["police2"], proceeding, "forward", back)
    again = line_of(course)
    assert (again.over, again.mine, again.title) == (False, True, "")
