"""The pages of the administrators' room: what each shows, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from caseapp.queries.organ_tree import OrganContact, organ
from caseapp.wiring import Huhang
from tests.support.app import ORGAN
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


ADMINISTRATORS = ("sysadmin", "secadmin", "audit")


def test_every_administrator_begins_with_what_needs_attention(enter: Enter) -> None:
    for login in ADMINISTRATORS:
        visitor = enter(login)
        assert visitor.get("/").location == "/admin"
        text = visitor.get("/admin").text
        for words in ("2027 年放假安排尚未载入", "处法律依据尚未对照原文核对", "后台任务进程没有运行迹象"):
            assert words in text
        assert ("/admin/ledger" in text) is (login == "audit")


def test_the_room_is_shut_to_everybody_else(enter: Enter) -> None:
    for login in ("officer", "leader", "supervisor", "police"):
        visitor = enter(login)
        for path in ("/admin", "/admin/users", "/admin/organs", "/admin/ledger", "/admin/ledger/check"):
            assert visitor.get(path).status_code == 403, (login, path)


def test_who_works_on_cases_may_read_the_law_and_the_calendar(enter: Enter) -> None:
    visitor = enter("officer")
    for path in ("/admin/definitions", "/admin/definitions/penalty_general", "/admin/rules/clocks", "/admin/calendars"):
        text = visitor.get(path).text
        assert "人员" not in text.split("<main", 1)[1].split("</nav>", 1)[0], path


def test_no_administrator_sees_a_case(enter: Enter) -> None:
    for login in ADMINISTRATORS:
        visitor = enter(login)
        for path in ("/cases", "/desk", "/approvals", "/figures", "/cases/" + "0" * 32):
            assert visitor.get(path).status_code in (403, 404), (login, path)


# --- organs ----------------------------------------------------------------------------------------------------------


def test_the_tree_shows_level_kind_word_and_what_is_missing(enter: Enter) -> None:
    visitor = enter("sysadmin")
    text = visitor.get("/admin/organs").text
    for words in (
        "江苏省知识产权局",
        "南通市通州区市场监督管理局（知识产权局）",
        "通州市监",
        "市级",
        "公安机关",
        "2020-07-01",
    ):
        assert words in text
    only = visitor.get("/admin/organs?only=incomplete").text
    assert "通州区人民法院" not in only
    courts = visitor.get("/admin/organs?kind=court").text
    assert "南通市中级人民法院" in courts
    assert "南通市公安局" not in courts


def test_the_system_administrator_fills_in_contact_data_and_others_read_it(enter: Enter, parts: Huhang) -> None:
    visitor = enter("sysadmin")
    page = f"/admin/organs/{ORGAN}"
    sent = {"mark": OrganContact().mark, "address": "通州区人民路1号", "phone": "0513-86512315", "postcode": "226300"}
    wrong = visitor.post(page, page=page, fields={**sent, "postcode": "2263"})
    assert wrong.status_code == 422
    assert 'id="postcode-error"' in wrong.text
    assert visitor.post(page, page=page, fields=sent).status_code == 303
    with parts.context() as ctx:
        assert organ(ctx, ORGAN).row.contact.address == "通州区人民路1号"
    reader = enter("audit")
    text = reader.get(page).text
    assert "0513-86512315" in text
    assert 'name="phone"' not in text
    assert reader.post(page, page=page, fields=sent).status_code == 403


def test_an_organ_that_does_not_exist_is_not_found(enter: Enter) -> None:
    assert enter("sysadmin").get("/admin/organs/999999-ip").status_code == 404


# --- calendars -------------------------------------------------------------------------------------------------------


def test_a_year_shows_its_notice_and_a_year_without_one_says_provisional(enter: Enter) -> None:
    visitor = enter("sysadmin")
    text = visitor.get("/admin/calendars").text
    assert "2026 年工作日历" in text
    assert "国办发明电〔2025〕7号" in text
    assert text.count('class="hh-month"') == 12
    to_come = visitor.get("/admin/calendars?year=2027").text
    assert "暂定" in to_come
    assert "国办发" not in to_come
    assert "2004 年工作日历" in visitor.get("/admin/calendars?year=2004").text
    assert visitor.get("/admin/calendars?year=1999").status_code == 404


# --- definitions and rules ------------------------------------------------------------------------------------------


def test_definitions_are_listed_with_version_digest_and_confidence(enter: Enter, parts: Huhang) -> None:
    text = enter("secadmin").get("/admin/definitions").text
    for procedure in parts.procedures.latest():
        assert procedure.name.zh in text
        assert procedure.digest in text
    assert "已对照原文" in text


def test_a_definition_shows_its_drawing_and_every_action(enter: Enter, parts: Huhang) -> None:
    visitor = enter("secadmin")
    text = visitor.get("/admin/definitions/penalty_general").text
    drawing = text[text.index("<svg xmlns") : text.index("</svg>", text.index("<svg xmlns")) + len("</svg>")]
    assert ElementTree.fromstring(drawing).tag.endswith("svg")
    assert "style=" not in drawing
    for action in parts.procedures.get("penalty_general").actions:
        assert f'id="action-{action.id}"' in text
    part = visitor.get("/admin/definitions/penalty_general?state=investigating").text
    assert 'id="action-file_case"' not in part
    assert part.count('id="action-') < text.count('id="action-')


def test_a_definition_that_does_not_exist_is_not_found(enter: Enter) -> None:
    visitor = enter("secadmin")
    for path in ("nothing", "penalty_general?version=99", "penalty_general?state=nowhere"):
        assert visitor.get(f"/admin/definitions/{path}").status_code == 404, path


def test_deadlines_show_versions_articles_and_what_is_unverified(enter: Enter) -> None:
    visitor = enter("audit")
    text = visitor.get("/admin/rules/clocks").text
    for words in ("15 个工作日", "市场监督管理行政处罚程序规定 第18条", "2021-07-15", "待核对", "移送材料"):
        assert words in text
    open_rows = visitor.get("/admin/rules/clocks?confidence=unsettled").text
    assert 'id="P01"' in open_rows
    assert 'id="T05"' in open_rows
    assert 'id="D01"' not in open_rows


def test_the_other_rules_are_shown_with_where_they_stand(enter: Enter) -> None:
    visitor = enter("sysadmin")
    for path, words in {
        "amounts": ("当场处罚公民的罚款上限", "200.00 元", "50.00 元", "《行政处罚法》第51条"),
        "thresholds": (
            "销售侵权复制品罪",
            "50,000.00 元",
            "法释〔2025〕5号第13条第1款第5项",
            "两项各半",
            "据转述，待核对",
        ),
        "documents": ("行政处罚决定书", "结案审批表", "必备内容"),
        "metrics": ("R2", "95%", "视为结案的方式", "不产生影响", "现行"),
    }.items():
        text = visitor.get(f"/admin/rules/{path}").text
        assert [word for word in words if word not in text] == []


def test_nothing_of_the_law_can_be_changed_here(enter: Enter) -> None:
    visitor = enter("secadmin")
    for path in ("/admin/definitions", "/admin/definitions/penalty_general", "/admin/rules/clocks", "/admin/calendars"):
        assert visitor.post(path, page="/account").status_code == 405, path
