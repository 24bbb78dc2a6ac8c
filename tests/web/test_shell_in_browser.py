"""What the shell does in a real browser: keyboard, kept text, dependent fields, phone width, and nobody shut out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Blueprint, flash, redirect, render_template_string, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.domain.errors import ActionRefused, Message, Unmet
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind, PostState, Text
from caseapp.domain.workflow.situation import Officer
from caseapp.web.shared.forms import action_form, field_values
from caseapp.web.shared.guard import allow
from tests.support.accessibility import grave_violations
from tests.support.browser import PHONE, TOO_WIDE, fill_in, follow
from tests.web.shell import PASSWORD, Shell, build_shell

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LIST = """{% extends "layout/room.html" %}
{% from "macros/tables.html" import chips, export_links, sort_head, views %}
{% from "macros/badges.html" import category_badge, crumb, tag %}
{% from "macros/clocks.html" import clock_badge, clock_card %}
{% from "macros/actions.html" import action_button, blocked_action, post_button %}
{% from "macros/empty.html" import empty %}
{% from "macros/fields.html" import select_filter, summary_list %}
{% from "macros/timeline.html" import moment_item, timeline %}
{% from "macros/charts.html" import chart %}
{% block title %}案件清单{% endblock %}
{% block breadcrumbs %}{{ crumb('案件', '/cases') }}{{ crumb('', copy='通知知执字〔2026〕1号') }}{% endblock %}
{% block tabs %}{{ views([{'name': '在办', 'url': '?', 'active': true, 'count': 2}]) }}{% endblock %}
{% block page_actions %}{{ export_links([('CSV', '#')]) }}{% endblock %}
{% block content %}
<form class="hh-filters">{{ select_filter('category', '状态', choices_of('category'), 'open') }}</form>
{{ chips([('状态：办理中', '?')], '?') }}
<div class="hh-page-list"><div class="hh-table-wrap"><table class="hh-table hh-cards">
<thead><tr>{{ sort_head('案号', 'number', '-number') }}<th scope="col">状态</th><th scope="col">时限</th>
<th scope="col" class="hh-num">货值</th></tr></thead>
<tbody>{% for n in range(1, 4) %}<tr data-href="/row/{{ n }}"><td data-label="案号">
<a href="/row/{{ n }}">通知知执字〔2026〕{{ n }}号</a></td>
<td data-label="状态">{{ category_badge(['lead', 'open', 'decided'][n - 1]) }} {{ tag('护航') }}</td>
<td data-label="时限">{{ clock_badge(['running', 'overdue', 'paused'][n - 1], {'zh': '还剩 2 个工作日',
'en': '2 working days left'}, '2026-11-24', soon=true) }}</td>
<td data-label="货值" class="hh-num">{{ 9735300 | money }}</td></tr>{% endfor %}</tbody></table></div></div>
<div class="hh-case"><div class="hh-case-main"><section class="hh-card"><h2 class="hh-card-title">概况</h2>
<div class="hh-card-body">
{{ summary_list([('案由', '销售侵犯注册商标专用权的商品')]) }}
{% call timeline() %}{{ moment_item('2026-11-02', '立案', '王芳', 'folder-open', 'blue',
article='《程序规定》第18条') }}{% endcall %}
{% call chart('trend', {'xAxis': {'type': 'category', 'data': ['一月']}, 'yAxis': {}, 'series': [{'type': 'bar',
'data': [{'value': 3, 'url': '/row/1'}]}]}, '走势') %}<table class="hh-table"><tbody><tr><th scope="row">一月</th>
<td>3</td></tr></tbody></table>{% endcall %}
</div></section>{{ empty('今日没有到期事项') }}</div>
<aside class="hh-case-side"><section class="hh-card"><h2 class="hh-card-title">下一步</h2><div class="hh-card-body">
{{ action_button('调查终结', '/form', true, '开始法制审核') }}{{ blocked_action('告知', unmet) }}
{{ post_button('撤回', '/form', danger=true, confirm='确认撤回') }}
{{ clock_card('办案期限', 'running', {'zh': '还剩 61 天'}, '2027-01-31', '《程序规定》第64条', done=29, total=90) }}
</div></section></aside></div>
{% endblock %}"""

FORM = """{% extends "layout/room.html" %}
{% from "macros/fields.html" import action_fields, buttons, start %}
{% block title %}立案审批{% endblock %}
{% block content %}<form class="hh-card" method="post" novalidate data-keep="file"><div class="hh-card-body">
{{ start(form) }}{{ action_fields(form) }}{{ buttons('提交', '/list') }}</div></form>{% endblock %}"""


PART = """{% extends "layout/room.html" %}{% block title %}局部{% endblock %}{% block content %}
<form hx-post="/part" hx-target="#result"><label for="note">备注</label><input id="note" name="note"><button>保存</button>
</form>
<button type="button" hx-get="/refused" hx-target="#result" id="ask">核对</button><div id="result"></div>{% endblock %}"""


def text(words: str) -> Text:
    return Text(words, words)


FILE = Action(
    "file",
    text("立案"),
    ("lead",),
    (PostState("filed"),),
    (),
    fields=(
        FieldDef("story", FieldKind.LONG_TEXT, text("立案理由"), required=True),
        FieldDef("value", FieldKind.MONEY, text("货值")),
        FieldDef("way", FieldKind.CHOICE, text("方式"), choices=(("direct", text("直接")), ("notice", text("公告")))),
        FieldDef("on", FieldKind.DATE, text("公告日期"), required=True, show_when=("way", "notice")),
        FieldDef("officers", FieldKind.OFFICERS, text("办案人员")),
    ),
)
STAFF = [Officer("u1", "王芳", "o", frozenset(), "32060012345"), Officer("u2", "李强", "o", frozenset())]
UNMET = [Unmet(Message("执法人员不足 %(n)s 人", {"n": 2}), "section_head", "《行政处罚法》第42条")]


KEPT = "Object.keys(localStorage).filter(key => key.startsWith('huhang:keep:')).length"


def kept_texts(page: Page) -> int:
    """Return how many forms' texts this browser keeps."""
    found: int = page.evaluate(KEPT)
    return found


def add_pages(shell: Shell) -> None:
    pages = Blueprint("pages", __name__)

    @pages.get("/list")
    @allow(Permission.CASE_LIST)
    def listing() -> str:
        flash("线索已登记", "success")
        return render_template_string(LIST, unmet=UNMET)

    @pages.get("/row/<int:number>")
    @allow(Permission.CASE_READ)
    def row(number: int) -> str:
        return f"row {number}"

    @pages.get("/refused")
    @allow(Permission.CASE_READ)
    def refused() -> str:
        raise ActionRefused("file", UNMET)

    @pages.get("/part")
    @allow(Permission.CASE_ACT)
    def part() -> str:
        return render_template_string(PART)

    @pages.post("/part")
    @allow(Permission.CASE_ACT)
    def take_part() -> str:
        shell.done.append(request.form.to_dict())
        return "<p>已保存</p>"

    @pages.route("/form", methods=["GET", "POST"])
    @allow(Permission.CASE_ACT)
    def form() -> ResponseReturnValue:
        filled = action_form(FILE, staff=STAFF, on=shell.clock.now().date())()
        if filled.validate_on_submit():
            shell.done.append(dict(field_values(filled)))
            return redirect(url_for("pages.listing"), 303)
        if not filled.is_submitted():
            filled.prepare(1)
        return render_template_string(FORM, form=filled), 422 if filled.is_submitted() else 200

    shell.app.register_blueprint(pages)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A demonstration with a page for every part that moves."""
    shell = build_shell(tmp_path, demo=True)
    add_pages(shell)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return shell


@pytest.fixture
def app(shell: Shell) -> Flask:
    """What answers."""
    return shell.app


@pytest.fixture
def enter(address: str, page: Page) -> Callable[[str], None]:
    """Sign in as the officer and open a page."""

    def go(path: str) -> None:
        page.goto(f"{address}/sign-in?next={path}")
        fill_in(page, "wang", PASSWORD)
        page.wait_for_url(f"**{path}")

    return go


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_is_shut_out_of_any_page_of_the_shell(address: str, page: Page, width: str, language: str) -> None:
    if width == "phone":
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.goto(f"{address}/sign-in")
    if language == "en":
        page.click(".hh-language button")
        page.wait_for_selector("html[lang=en]")
    found = grave_violations(page)
    follow(page.locator("button[value=wang]"))
    for path in ("/list", "/form", "/account", "/refused", "/forgotten", "/nowhere"):
        page.goto(f"{address}{path}")
        if path == "/form":
            follow(page.locator("button[data-once]"))
            page.wait_for_selector(".hh-errors")
        found += grave_violations(page)
        assert page.evaluate(TOO_WIDE) == [], path
    assert found == []


def test_the_keyboard_leads_through_lists_and_rooms(enter: Callable[[str], None], page: Page) -> None:
    enter("/list")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "hh-search"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.is_visible("#hh-keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("#hh-keys")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert "2号" in page.inner_text("tr.is-current")
    page.keyboard.press("Enter")
    page.wait_for_url("**/row/2")
    page.go_back()
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/desk")


def test_letters_typed_into_a_field_are_letters(enter: Callable[[str], None], page: Page) -> None:
    enter("/form")
    page.click("#story")
    page.keyboard.type("gd/n?j")
    assert page.input_value("#story") == "gd/n?j"
    assert page.url.endswith("/form")


def test_the_summary_of_errors_takes_the_focus_and_leads_to_the_field(enter: Callable[[str], None], page: Page) -> None:
    enter("/form")
    follow(page.locator("button[data-once]"))
    page.wait_for_selector(".hh-errors")
    assert page.evaluate("document.activeElement.classList.contains('hh-errors')")
    page.click(".hh-errors a")
    assert page.evaluate("document.activeElement.id") == "story"


def test_a_field_appears_with_the_choice_it_hangs_on(shell: Shell, enter: Callable[[str], None], page: Page) -> None:
    enter("/form")
    assert not page.is_visible("#on")
    page.check("input[value=notice]")
    assert page.is_visible("#on")
    page.fill("#on", "2026-11-20")
    page.fill("#story", "事实清楚")
    page.fill("#value", "97,353")
    page.check("input[name=officers][value=u1]")
    follow(page.locator("button[data-once]"))
    page.wait_for_url("**/list")
    assert shell.done == [
        {"story": "事实清楚", "value": 9735300, "way": "notice", "on": "2026-11-20", "officers": ["u1"]}
    ]


def test_long_text_survives_closing_the_page_and_is_forgotten_once_sent(
    enter: Callable[[str], None], page: Page
) -> None:
    enter("/form")
    page.fill("#story", "现场查获包装盒二百只")
    page.wait_for_function(f"() => {KEPT} === 1")
    page.goto(page.url)
    assert page.input_value("#story") == ""
    page.click("text=恢复")
    assert page.input_value("#story") == "现场查获包装盒二百只"
    follow(page.locator("button[data-once]"))
    page.wait_for_url("**/list")
    assert kept_texts(page) == 0


def test_a_second_press_of_the_same_button_sends_nothing(
    shell: Shell, enter: Callable[[str], None], page: Page
) -> None:
    enter("/form")
    page.fill("#story", "一次")
    page.evaluate("() => { const b = document.querySelector('button[data-once]'); b.click(); b.click(); }")
    page.wait_for_url("**/list")
    assert len(shell.done) == 1


def test_a_chart_is_drawn_and_its_table_is_beside_it(enter: Callable[[str], None], page: Page) -> None:
    enter("/list")
    page.wait_for_selector(".hh-chart-canvas svg")
    page.click(".hh-chart-table summary")
    assert page.is_visible(".hh-chart-table td")


def test_a_menu_closes_with_escape_and_gives_the_focus_back(enter: Callable[[str], None], page: Page) -> None:
    enter("/list")
    page.click(".hh-person summary")
    assert page.is_visible("text=退出登录")
    page.keyboard.press("Escape")
    assert not page.is_visible("text=退出登录")
    assert page.evaluate("document.activeElement.closest('.hh-person') !== null")


def test_text_typed_before_the_session_ended_can_be_sent_after_signing_in_again(
    shell: Shell, enter: Callable[[str], None], page: Page
) -> None:
    enter("/form")
    page.fill("#story", "第一行\n第二行")
    shell.clock.move(minutes=31)
    follow(page.locator("button[data-once]"))
    page.wait_for_selector("#password")
    fill_in(page, "wang", PASSWORD)
    page.wait_for_selector("#story")
    assert page.input_value("#story") == "第一行\n第二行"
    follow(page.locator("button[data-once]"))
    page.wait_for_url("**/list")
    assert [done["story"] for done in shell.done] == ["第一行\n第二行"]


def test_a_refusal_in_part_of_a_page_is_shown_on_top_and_the_page_stays(
    enter: Callable[[str], None], page: Page
) -> None:
    enter("/part")
    page.fill("#note", "不能丢")
    page.click("#ask")
    page.wait_for_selector("#alerts .hh-unmet")
    assert "《行政处罚法》第42条" in page.inner_text("#alerts")
    assert page.input_value("#note") == "不能丢"


def test_after_signing_in_again_in_another_window_part_of_a_page_is_sent_at_the_second_press(
    shell: Shell, address: str, enter: Callable[[str], None], page: Page
) -> None:
    enter("/part")
    page.fill("#note", "不能丢")
    shell.clock.move(minutes=31)
    page.click("text=保存")
    page.wait_for_selector("#alerts .hh-notice-warning")
    assert "仍在本页" in page.inner_text("#alerts")
    other = page.context.new_page()
    other.goto(f"{address}/sign-in")
    follow(other.locator("button[value=wang]"))
    other.wait_for_url("**/desk")
    page.click("text=保存")
    page.wait_for_selector("#alerts .hh-notice-danger")
    assert shell.done == []
    page.click("text=保存")
    page.wait_for_selector("#result p")
    assert [done["note"] for done in shell.done] == ["不能丢"]


def test_at_phone_width_the_rooms_are_at_the_bottom_and_rows_are_cards(
    enter: Callable[[str], None], page: Page
) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    enter("/list")
    box = page.locator(".hh-nav").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] >= PHONE["height"] - 1
    assert page.evaluate("getComputedStyle(document.querySelector('.hh-cards tbody tr')).display") == "block"


def test_what_is_printed_has_no_navigation(enter: Callable[[str], None], page: Page) -> None:
    enter("/list")
    page.emulate_media(media="print")
    assert not page.is_visible(".hh-nav")
    assert not page.is_visible(".hh-top")
    assert page.is_visible(".hh-table")
