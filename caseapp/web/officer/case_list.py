"""案件: the list, its filters, and the list as a file. Everything that was asked for stands in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_list import COUNT_CAP, CaseRow, case_count, case_list, every_case, read_order
from caseapp.queries.case_search import CaseFilter, Due, Tab, normal_text
from caseapp.queries.list_choices import ListChoices, list_choices
from caseapp.queries.saved_views import (
    COLUMNS,
    DEFAULT_COLUMNS,
    ViewShown,
    columns_of,
    known_columns,
    view_of,
    views_of,
)
from caseapp.services.access_log import note_export, note_search
from caseapp.web.officer import words
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.filters import short_day
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import choices, label
from caseapp.web.shared.language import gettext as _
from caseapp.web.shared.language import say
from caseapp.web.shared.paging import decode_cursor, pager, url_with

TABS: Mapping[Tab, str] = {
    Tab.ALL: N_("全部"),
    Tab.MINE: N_("我的"),
    Tab.DUE: N_("到期"),
    Tab.LEADS: N_("线索"),
    Tab.OPEN: N_("在办"),
    Tab.CLOSED: N_("已结"),
}
DAYS_SHOWN_AMBER = 3
COLUMN_NAMES: Mapping[str, str] = dict(
    zip(
        COLUMNS,
        (
            N_("权利"), N_("状态"), N_("最近到期"), N_("主办"), N_("登记"), N_("立案"), N_("更新"), N_("当事人"), N_("机关"),
            N_("区划"), N_("程序"), N_("来源"), N_("决定"), N_("结案"),
        ),
        strict=True,
    )
)  # fmt: skip
WORDS = ("category", "procedure", "organ", "division", "ip_type", "source", "campaign", "officer", "due")
"""Filters that are one word in the address; `q`, `tab`, `filed_from` and `filed_to` are the others."""
KEPT = ("tab", "q", *WORDS, "filed_from", "filed_to", "sort", "columns")
"""What a saved view keeps of an address."""


@blueprint.get("/cases", endpoint="case_list")
@allow(Permission.CASE_LIST)
def show_list() -> ResponseReturnValue:
    """Show one page of the list. An address that names a saved view and nothing else leads to what the view holds."""
    if request.args.keys() == {"view"}:
        saved = view_of(ctx(), request.args["view"])
        if saved.query:
            return redirect(view_url(saved))
    asked = asked_for()
    sort = request.args.get("sort", "")
    after, before = _key("after"), _key("before")
    if normal_text(asked.text) and after is None and before is None:
        note_search(ctx(), asked.text)
    page, count = case_list(ctx(), asked, sort=sort, after=after, before=before)
    today = ctx().today()
    views = views_of(ctx())
    view = next((one for one in views if one.id == request.args.get("view")), None)
    columns = _columns()
    options, offered = list_choices(ctx(), organ=asked.organ), _offered()
    return render_template(
        "officer/case_list.html",
        rows=page.rows,
        asked=asked,
        sort=_sorted_by(sort, asked.tab),
        pager=pager(len(page.rows), before=page.before, after=page.after, total=count, cap=COUNT_CAP),
        tabs=_tabs(asked.tab, views, view),
        view=view,
        view_query=view_query(),
        columns=columns,
        usual=columns == DEFAULT_COLUMNS,
        organ_names={one.id: one.short for one in huhang().law.organs} if "organ" in columns else {},
        column_names={name: _(text) for name, text in COLUMN_NAMES.items()},
        chips_shown=_chips(asked, options, offered),
        options=options,
        offered=offered,
        today=today,
        soon=today + timedelta(days=DAYS_SHOWN_AMBER),
    )


@blueprint.get("/cases.csv")
@allow(Permission.CASE_EXPORT)
def export_list() -> Response:
    """Hand out the list as shown; the export is in the ledger before the first line leaves."""
    asked, sort = asked_for(), request.args.get("sort", "")
    read_order(sort, asked.tab)
    count = case_count(ctx(), asked)
    told = {name: text for name, text in request.args.items() if text and name not in ("after", "before")}
    note_export(ctx(), "case_list", told, rows=min(count, COUNT_CAP), capped=count > COUNT_CAP)
    rows = map(_cells, every_case(ctx(), asked, sort=sort))
    return csv_answer(f"cases-{ctx().today().isoformat()}", _heads(), rows)


def asked_for() -> CaseFilter:
    """Read the filters of the address. raises InputError"""
    tab = request.args.get("tab") or Tab.ALL
    if tab not in set(Tab):
        raise InputError("tab", Message(N_("没有这种列表")))
    return CaseFilter(
        text=request.args.get("q", "").strip(),
        tab=Tab(tab),
        filed_from=_day("filed_from"),
        filed_to=_day("filed_to"),
        **{name: request.args.get(name, "").strip() for name in WORDS},
    )


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(name, Message(N_("“%(text)s”不是有效的日期"), {"text": text})) from None


def _key(name: str) -> tuple[str | int | None, ...] | None:
    text = request.args.get(name, "")
    return decode_cursor(text) if text else None


def _sorted_by(sort: str, tab: Tab) -> str:
    key, descending = read_order(sort, tab)
    return f"-{key}" if descending else key


@dataclass(frozen=True, slots=True)
class TabLink:
    """One saved view."""

    name: str
    url: str
    active: bool


def _tabs(active: Tab, views: tuple[ViewShown, ...], view: ViewShown | None) -> tuple[TabLink, ...]:
    """Return the tabs of the house and the saved ones. Within the former the filters are kept; a saved view has its
    own.
    """
    of_house = [
        TabLink(
            _(name),
            url_for("officer.case_list", tab=None if tab is Tab.ALL else tab.value)
            if view
            else url_with(tab=None if tab is Tab.ALL else tab.value, sort=None),
            view is None and tab is active,
        )
        for tab, name in TABS.items()
    ]
    return (*of_house, *(TabLink(one.name, view_url(one), one is view) for one in views))


def view_url(view: ViewShown) -> str:
    """Return the address of a saved view: what it holds, and its id."""
    return f"{url_for('officer.case_list')}?{urlencode([*parse_qsl(view.query), ('view', view.id)])}"


def view_query() -> str:
    """Return what of this page's address a view keeps: filters, order and columns."""
    return told_query(request.args)


def told_query(told: Mapping[str, str]) -> str:
    """Return the filters, the order and the columns among arguments as a query, always in the same order."""
    return urlencode([(name, told[name].strip()) for name in KEPT if told.get(name, "").strip()])


def _columns() -> tuple[str, ...]:
    """Return the columns that the address names, else those that the person has chosen."""
    named = request.args.get("columns", "")
    return known_columns(named.split(",")) if named else columns_of(ctx())


def _offered() -> dict[str, list[tuple[str, str]]]:
    """Return the choices of filters whose words are the same for everybody."""
    return {
        "category": choices("category"),
        "ip_type": choices("ip_type"),
        "source": [(word, words.source_name(word)) for word in words.SOURCES],
        "campaign": [(word, words.campaign_name(word)) for word in words.CAMPAIGNS],
        "due": [(Due.OVERDUE.value, _("已逾期")), (Due.SOON.value, _("7 天内到期"))],
    }


def _chips(
    asked: CaseFilter, options: ListChoices, choices_of: Mapping[str, list[tuple[str, str]]]
) -> list[tuple[str, str]]:
    """Return (what is filtered, the address without it)."""
    offered: dict[str, Mapping[str, object]] = {name: dict(pairs) for name, pairs in choices_of.items()}
    offered |= {
        "procedure": dict(options.procedures),
        "division": dict(options.divisions),
        "organ": dict(options.organs),
        "officer": dict(options.officers),
    }
    titles = {
        "category": _("状态"),
        "procedure": _("程序"),
        "organ": _("机关"),
        "division": _("区划"),
        "ip_type": _("权利"),
        "source": _("来源"),
        "campaign": _("专项"),
        "officer": _("办案人"),
        "due": _("期限"),
    }
    found = []
    if asked.text:
        found.append((_("搜索：%(text)s", text=asked.text), url_with(q=None)))
    for name in WORDS:
        value = getattr(asked, name)
        if value:
            shown = say(offered.get(name, {}).get(value, value))
            found.append((_("%(title)s：%(value)s", title=titles[name], value=shown), url_with(**{name: None})))
    if asked.filed_from or asked.filed_to:
        span = _("立案：%(first)s 至 %(last)s", first=short_day(asked.filed_from), last=short_day(asked.filed_to))
        found.append((span, url_with(filed_from=None, filed_to=None)))
    return found


# --- the list as a file ---------------------------------------------------------------------------------------------


def _heads() -> list[str]:
    return [
        _("案号"), _("线索编号"), _("外部编号"), _("案件名称"), _("当事人"), _("机关"), _("区划"), _("程序"), _("状态"),
        _("状态类别"), _("权利类型"), _("来源"), _("专项行动"), _("主办人员"), _("登记日期"), _("立案日期"), _("决定日期"),
        _("结案日期"), _("结案方式"), _("最近到期"), _("时限"),
    ]  # fmt: skip


def _cells(row: CaseRow) -> Sequence[str]:
    law = huhang().law
    return (
        row.number or "",
        row.lead_number or "",
        row.external_id or "",
        row.title,
        row.respondent,
        say(law.organs.get(row.organ).short) if row.organ in law.organs else row.organ,
        say(law.divisions.name(row.division)),
        say(law.procedures.get(row.procedure).name),
        say(row.state),
        label(row.category, "category"),
        "、".join(label(one, "ip_type") for one in row.ip_types),
        words.source_name(row.source),
        "、".join(words.campaign_name(one) for one in row.campaigns),
        row.officer,
        *(day.isoformat() if day else "" for day in (row.opened_on, row.filed_on, row.decided_on, row.closed_on)),
        label(row.manner, "manner"),
        row.due_on.isoformat() if row.due_on else "",
        row.due_rule or "",
    )
