"""移送: what was sent to the reader's organ, the terms that bind both sides, and whom to ask."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, TypeVar

from flask import Response, render_template, request
from flask_babel import gettext as _

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.liaison import liaison_desk
from caseapp.queries.referral_inbox import (
    Inbox,
    InboxFilter,
    InboxLine,
    Order,
    Tab,
    Way,
    every_line,
    inbox_page,
    offences_of,
)
from caseapp.queries.told_days import day_text
from caseapp.queries.visibility import is_court
from caseapp.services.access_log import note_export
from caseapp.web.liaison.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say
from caseapp.web.shared.paging import pager, pair_asked, url_with

W = TypeVar("W", bound=StrEnum)
TABS: Final = (
    (Tab.OPEN, N_("在办")),
    (Tab.MINE, N_("待我机关办理")),
    (Tab.OVERDUE, N_("已逾期")),
    (Tab.ALL, N_("全部")),
)
WAYS: Final = ((Way.TO_US, N_("移送我机关")), (Way.FROM_US, N_("我机关移送")))
ORDERS: Final = ((Order.CLOCK, N_("时限，先到期的在前")), (Order.SENT, N_("送达日期，新的在前")))


@blueprint.get("/referrals")
@allow(Permission.REFERRAL_LIST)
def inbox() -> str:
    """Show what was sent to the reader's organ, and the terms that bind both sides."""
    asked, order = _asked(), _order()
    found = inbox_page(ctx(), asked, order=order, after=pair_asked("after"), before=pair_asked("before"))
    offences = offences_of(ctx())
    return render_template(
        "liaison/inbox.html",
        desk=liaison_desk(ctx()),
        is_court=is_court(ctx()),
        found=found,
        asked=asked,
        order=order,
        tabs=_tabs(found, asked),
        ways=[(way.value, _(name)) for way, name in WAYS],
        orders=[(one.value, _(name)) for one, name in ORDERS],
        offences=[(name, say(words)) for name, words in offences.items()],
        offence_name=lambda name: say(offences[name]) if name in offences else name,
        pager=pager(len(found.lines), before=found.before, after=found.after, total=found.counts[asked.tab], cap=10**9),
    )


@blueprint.get("/referrals.csv")
@allow(Permission.REFERRAL_LIST)
def inbox_csv() -> Response:
    """Hand the list out as it is filtered; the export is in the ledger."""
    asked, order = _asked(), _order()
    lines = every_line(ctx(), asked, order=order)
    note_export(ctx(), "referrals", {name: text for name, text in request.args.items() if text}, rows=len(lines))
    heads = [_("程序"), _("案件"), _("移送机关"), _("涉嫌罪名"), _("状态"), _("送达日期"), _("签收日期"), _("时限届满")]
    return csv_answer("referrals", heads, _cells(lines))


def _cells(lines: tuple[InboxLine, ...]) -> Iterator[tuple[str, ...]]:
    offences = offences_of(ctx())
    for line in lines:
        yield (
            say(line.procedure),
            line.title,
            say(line.sender),
            say(offences[line.offence]) if line.offence in offences else line.offence,
            say(line.state),
            day_text(line.sent_on),
            day_text(line.opened_on) if line.opened_on else "",
            line.clock.due_on.isoformat() if line.clock and line.clock.due_on else "",
        )


def _tabs(found: Inbox, asked: InboxFilter) -> list[dict[str, object]]:
    return [
        {
            "name": _(name),
            "url": url_with(tab=None if tab is Tab.OPEN else tab.value),
            "active": tab is asked.tab,
            "count": found.counts[tab],
        }
        for tab, name in TABS
    ]


def _asked() -> InboxFilter:
    return InboxFilter(
        tab=_word(Tab, "tab") or Tab.OPEN,
        way=_word(Way, "way"),
        offence=request.args.get("offence") or None,
    )


def _order() -> Order:
    return _word(Order, "sort") or Order.CLOCK


def _word(words: type[W], name: str) -> W | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        return words(text)
    except ValueError as wrong:
        raise InputError(name, Message(N_("没有这一筛选条件"))) from wrong
