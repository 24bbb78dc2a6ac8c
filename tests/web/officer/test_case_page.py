"""The case page: its tabs, notes, personal values, the view back in time; and that nobody opens what is not his to
see.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import select

from caseapp.models.ledger_entry import LedgerEntry
from caseapp.services.case_facts import change
from tests.support.office import COMPLAINANT, MARK, PHONE, RESPONDENT, Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def reads(office: Office, case_id: str) -> list[tuple[str, str]]:
    with office.parts.context() as ctx:
        rows = ctx.session.execute(
            select(LedgerEntry.kind, LedgerEntry.actor)
            .where(LedgerEntry.chain == f"access:{case_id}")
            .order_by(LedgerEntry.seq)
        )
        return [(row.kind, row.actor) for row in rows]


def test_the_head_tells_number_state_organ_officers_and_the_clock_that_binds(enter: Enter, office: Office) -> None:
    case = office.filed()
    text = words(enter("officer").get(f"/cases/{case.id}").text)
    image = office.image(case.id)
    for part in (
        str(image.number),
        image.title,
        "调查取证",
        "通州区市场监督管理局",
        "顾海宁、陆文珺",
        "还剩 91 天",
        "办案期限",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        ("overview", ("进程", "投诉", "97,353.00 元", "全棉四件套", "护航行动")),
        ("acts", ("行政处罚普通程序", "立案", "分办核查")),
        ("documents", ("立案/不予立案审批表", "案件来源登记表")),
        ("parties", (RESPONDENT, COMPLAINANT, "138****0001", MARK)),
        ("timeline", ("台账", "制发文书", "同意：立案", "线索核查 → 调查取证")),
    ],
)
def test_every_tab_shows_its_part(enter: Enter, office: Office, tab: str, shown: tuple[str, ...]) -> None:
    case = office.filed()
    answer = enter("officer").get(f"/cases/{case.id}?tab={tab}")
    assert answer.status_code == 200
    text = words(answer.text)
    for part in shown:
        assert part in text
    assert "调查终结" in text  # what may be done stands beside every tab


def test_an_unknown_tab_is_the_overview(enter: Enter, office: Office) -> None:
    case = office.register()
    assert "进程" in words(enter("officer").get(f"/cases/{case.id}?tab=nowhere").text)


def test_open_steps_are_links_and_blocked_ones_say_why(enter: Enter, office: Office) -> None:
    case = office.checking()
    approval = office.act(case.id, "officer", "file_case", office.filing()).approval
    assert approval is not None
    office.sign(case.id, approval, "head", "leader")
    page = enter("officer").get(f"/cases/{case.id}").text
    main = office.image(case.id).main.id
    links = html.fromstring(page).xpath("//aside//a[contains(@class,'btn-primary')]/@href")
    assert links == [f"/cases/{case.id}/proceedings/{main}/actions/tell_rights"]
    assert "actions/conclude_investigation" not in page
    text = words(page)
    assert "调查终结" in text
    assert "可由办案人员解决" in text
    assert "第21条" in text


def test_a_supervisor_reads_and_is_offered_nothing(enter: Enter, office: Office) -> None:
    case = office.told()
    page = enter("supervisor").get(f"/cases/{case.id}").text
    assert "您可以查看本案，不参与办理" in words(page)
    assert "/actions/" not in page
    assert "加备注" not in page


def test_the_map_shows_where_the_case_stands_and_links_to_what_happened(enter: Enter, office: Office) -> None:
    case = office.filed()
    page = html.fromstring(enter("officer").get(f"/cases/{case.id}?tab=acts").text)
    (drawing,) = page.xpath("//div[@class='hh-map']/svg")
    assert drawing.get("role") == "group"
    assert "调查取证" in drawing.text_content()
    targets = set(drawing.xpath(".//a/@href"))
    assert targets
    assert targets <= {f"#{row.get('id')}" for row in page.xpath("//tr[@id]")}


def test_opening_a_case_is_kept_once_an_hour(enter: Enter, office: Office) -> None:
    case = office.register()
    visitor = enter("officer")
    for tab in ("overview", "timeline", "overview"):
        visitor.get(f"/cases/{case.id}?tab={tab}")
    visitor.get(f"/cases/{case.id}/summary")
    assert reads(office, case.id) == [("read", office.people["officer"].id)]
    assert "查阅记录（1 次）" in words(visitor.get(f"/cases/{case.id}?tab=timeline").text)


def test_personal_values_are_shown_in_full_on_demand_and_every_look_is_kept(enter: Enter, office: Office) -> None:
    case = office.register()
    visitor = enter("officer")
    path = f"/cases/{case.id}?tab=parties"
    page = visitor.get(path).text
    assert PHONE not in page
    answer = visitor.post(f"/cases/{case.id}/personal", page=path)
    assert PHONE in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    visitor.post(f"/cases/{case.id}/personal", page=path)
    assert [kind for kind, _actor in reads(office, case.id)].count("personal_read") == 2
    assert PHONE not in visitor.get(path).text


def test_who_may_not_read_personal_values_is_not_offered_them(enter: Enter, office: Office) -> None:
    case = office.register()
    visitor = enter("intake")
    assert "显示完整个人信息" not in visitor.get(f"/cases/{case.id}?tab=parties").text
    assert visitor.post(f"/cases/{case.id}/personal", page=f"/cases/{case.id}").status_code == 403


def test_a_note_is_kept_and_told(enter: Enter, office: Office) -> None:
    case = office.register()
    visitor = enter("officer")
    sent = fields(visitor.get(f"/cases/{case.id}").text, "/notes")
    empty = send(visitor, f"/cases/{case.id}/notes", sent)
    assert empty.status_code == 422
    assert "请填写" in empty.text
    for _ in range(2):  # a double click keeps one note
        answer = send(visitor, f"/cases/{case.id}/notes", sent, text="已电话联系权利人。\n约定周一。")
    assert answer.location == f"/cases/{case.id}?tab=timeline"
    assert office.image(case.id).notes == 1
    assert "已电话联系权利人。" in words(visitor.get(answer.location).text)


def test_looking_back_shows_a_banner_and_no_steps(enter: Enter, office: Office) -> None:
    case = office.told()
    first = office.today()
    office.later(days=2)
    visitor = enter("officer")
    with office.context("officer") as ctx:
        change(ctx, case.id, {"title": "新名称案"}, reason="更名", seen_version=office.version(case.id))
    for query in (
        f"as_of={first}",
        f"known_at={(office.clock.at - timedelta(days=1)).isoformat()}",
        f"known_at={first}T23:00",
    ):
        page = visitor.get(f"/cases/{case.id}", query_string=query).text
        text = words(page)
        assert "此页不能办理任何事项" in text, query
        assert "新名称案" not in text
        assert "/actions/" not in page
    tabs = html.fromstring(visitor.get(f"/cases/{case.id}?as_of={first}").text).xpath(
        "//nav[@class='hh-tabs']//a/@href"
    )
    assert all(f"as_of={first}" in link for link in tabs)
    assert "回到现在" in text


@pytest.mark.parametrize("query", ["as_of=2027-01-01", "as_of=yesterday", "known_at=noon"])
def test_a_moment_that_makes_no_sense_is_refused_in_words(enter: Enter, office: Office, query: str) -> None:
    case = office.register()
    assert enter("officer").get(f"/cases/{case.id}?{query}").status_code == 422


def test_the_day_before_the_case_there_is_none(enter: Enter, office: Office) -> None:
    case = office.register()
    day = office.today() - timedelta(days=1)
    assert enter("officer").get(f"/cases/{case.id}?as_of={day}").status_code == 404


def test_the_printed_summary_holds_everything_masked(enter: Enter, office: Office) -> None:
    case = office.filed()
    page = enter("officer").get(f"/cases/{case.id}/summary").text
    for part in (RESPONDENT, MARK, "97,353.00 元", "立案/不予立案审批表", "同意：立案", "138****0001"):
        assert part in page
    assert PHONE not in page


def case_paths(office: Office, case_id: str) -> list[tuple[str, str]]:
    main = office.image(case_id).main.id
    act = f"/cases/{case_id}/proceedings/{main}/actions/file_case"
    return [
        ("GET", f"/cases/{case_id}"),
        ("GET", f"/cases/{case_id}/summary"),
        ("POST", f"/cases/{case_id}/notes"),
        ("POST", f"/cases/{case_id}/personal"),
        ("GET", f"/cases/{case_id}/clocks/{main}/0"),
        ("GET", f"/cases/{case_id}/documents/{'0' * 32}.pdf"),
        ("GET", act),
        ("POST", act),
        ("POST", f"{act}/preview/filing_approval"),
        ("GET", f"/cases/{case_id}/officers"),
        ("POST", f"/cases/{case_id}/officers"),
        ("GET", f"/cases/{case_id}/facts"),
        ("POST", f"/cases/{case_id}/facts"),
        ("GET", f"/cases/{case_id}/parties/new"),
        ("POST", f"/cases/{case_id}/parties/new"),
        ("GET", f"/cases/{case_id}/parties/{office.image(case_id).parties[0].id}"),
    ]


@pytest.mark.parametrize("login", ["officer2", "police", "sysadmin", "audit"])
def test_a_case_out_of_sight_is_as_one_that_does_not_exist(enter: Enter, office: Office, login: str) -> None:
    case = office.register()
    with office.context("intake") as ctx:
        change(ctx, case.id, {"restricted": True}, reason="涉密", seen_version=case.version)
    office.act(case.id, "head", "assign_check", {"officers": [office.people["officer"].id, office.people["head"].id]})
    visitor = enter(login)
    allowed = {404} if login == "officer2" else {403}
    version = office.version(case.id)
    for method, path in case_paths(office, case.id):
        if method == "GET":
            there, nowhere = visitor.get(path), visitor.get(path.replace(case.id, "f" * 32))
        else:
            there = visitor.post(path, page="/account")
            nowhere = visitor.post(path.replace(case.id, "f" * 32), page="/account")
        if login == "officer2" and path.endswith("/officers"):
            assert there.status_code == nowhere.status_code == 403
            continue
        assert there.status_code in allowed, (method, path, there.status_code)
        assert there.status_code == nowhere.status_code
        assert RESPONDENT not in there.text
    assert office.version(case.id) == version
    assert (office.people[login].id not in {actor for _kind, actor in reads(office, case.id)}) or login == "officer"
