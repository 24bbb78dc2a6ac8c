"""The form of an act: filled in, checked by eye, sent once; refused with reasons, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from caseapp.domain.errors import Message
from caseapp.services.case_facts import change
from caseapp.services.case_note import add
from caseapp.web.officer.actions import Refused, lacks_case_facts
from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def path(office: Office, case_id: str, action: str) -> str:
    return f"/cases/{case_id}/proceedings/{office.image(case_id).main.id}/actions/{action}"


def answers(office: Office) -> dict[str, Any]:
    """Return the fields of the request to file as a browser sends them."""
    given = office.filing()
    return {name: "y" if value is True else value for name, value in given.items()}


def test_the_form_says_what_will_happen_and_begins_with_what_is_known(enter: Enter, office: Office) -> None:
    case = office.told()
    page = enter("officer").get(path(office, case.id, "file_case")).text
    text = words(page)
    for part in (
        "先经审批：办案机构负责人意见 → 机关负责人审批",
        "案件由“线索核查”进入“调查取证”",
        "开始计算“办案期限”：90",
        "“线索核查并决定是否立案”就此完成",
        "制发《立案/不予立案审批表》",
        "《行政处罚法》第54条",
        "97,353.00 元",
    ):
        assert part in text, part
    sent = fields(page)
    assert sent["case_name"] == office.image(case.id).title
    assert sorted(sent["officers"]) == sorted(office.officers())
    assert sent["lead_officer"] == office.officers()[0]
    assert sent["seen_version"] == str(office.version(case.id))


def test_the_answers_are_seen_once_more_and_then_sent(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    check = send(visitor, where, fields(visitor.get(where).text), step="check", **answers(office))
    assert check.status_code == 200
    text = words(check.text)
    assert "提交前请再看一遍" in text
    assert "现场发现标有“澜庭”字样的四件套96套。" in text
    assert "顾海宁、陆文珺" in text
    assert office.image(case.id).approvals == ()
    answer = send(visitor, where, fields(check.text), step="submit")
    assert answer.location == f"/cases/{case.id}"
    assert office.image(case.id).approvals[0].status == "pending"
    assert "“立案”已提请审批" in visitor.get(answer.location).text


def test_an_act_without_approval_takes_effect_at_once(enter: Enter, office: Office) -> None:
    case = office.checking()
    where = path(office, case.id, "tell_rights")
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    assert sent["rights_told_on"] == office.today().isoformat()
    answer = send(
        visitor, where, sent, step="submit", rights_told_to="翟小宁", rights_told_how="site", certificates_shown="y"
    )
    assert answer.status_code == 303
    assert office.image(case.id).main.last_act("tell_rights") is not None
    assert "“告知权利”已办理" in visitor.get(answer.location).text


def test_who_leads_is_who_was_chosen_to_lead(enter: Enter, office: Office) -> None:
    case = office.register()
    where = path(office, case.id, "assign_check")
    visitor = enter("head")
    first, second = office.officers()
    sent = fields(visitor.get(where).text)
    wrong = send(visitor, where, sent, step="submit", officers=[first], lead_officer=second)
    assert wrong.status_code == 422
    assert "主办人员应当是所选人员之一" in wrong.text
    answer = send(visitor, where, sent, step="submit", officers=[first, second], lead_officer=second)
    assert answer.status_code == 303
    assert office.image(case.id).officers == (second, first)


def test_the_same_submission_twice_does_nothing_twice(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    first = send(visitor, where, sent, step="submit", **answers(office))
    version = office.version(case.id)
    second = send(visitor, where, sent, step="submit", **answers(office))
    assert (first.status_code, second.status_code) == (303, 303)
    assert office.version(case.id) == version
    assert len(office.image(case.id).approvals) == 1


def test_a_stale_form_shows_what_others_changed_and_keeps_what_was_typed(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    with office.context("officer2") as ctx:
        change(
            ctx, case.id, {"amounts": {"turnover": 12345600}}, reason="重新核算", seen_version=office.version(case.id)
        )
    for step in ("check", "submit"):
        stale = send(visitor, where, sent, step=step, **answers(office))
        assert stale.status_code == 409
        text = words(stale.text)
        assert "已被他人更新" in text
        assert "更改案件信息" in text
        assert "陆文珺" in text
        assert "123,456.00 元" in text
        again = fields(stale.text)
        assert again["filing_reasons"] == office.filing()["filing_reasons"]
        assert again["seen_version"] == str(office.version(case.id))
    assert office.image(case.id).approvals == ()
    assert send(visitor, where, again, step="submit").status_code == 303


def test_a_form_whose_case_moved_on_shows_why_and_what_was_typed(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    office.act(case.id, "officer", "file_case", office.filing())
    stale = send(visitor, where, sent, step="submit", **{**answers(office), "filing_reasons": "另一份理由"})
    assert stale.status_code == 409
    text = words(stale.text)
    assert "另一份理由" in text
    assert "有一项审批正在进行" in text
    assert "可由顾海宁解决" in text


def test_what_is_wrong_is_said_beside_the_field(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    given = {**answers(office), "filing_findings": "", "filing_evidence": None}
    answer = send(visitor, where, fields(visitor.get(where).text), step="check", **given)
    assert answer.status_code == 422
    assert 'href="#filing_findings"' in answer.text
    assert "请填写“核查情况”" in answer.text
    assert fields(answer.text)["filing_reasons"] == office.filing()["filing_reasons"]


def test_a_condition_on_the_answers_is_refused_with_its_article(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    given = {**answers(office), "officers": [office.officers()[0]]}
    answer = send(visitor, where, fields(visitor.get(where).text), step="check", **given)
    assert answer.status_code == 409
    text = words(answer.text)
    assert "不得少于2人，现为1人" in text
    assert "第42条" in text
    assert fields(answer.text)["filing_reasons"] == office.filing()["filing_reasons"]


def test_a_character_that_no_font_prints_is_found_before_sending(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    given = {**answers(office), "filing_findings": "当事人自称🙂"}
    answer = send(visitor, where, fields(visitor.get(where).text), step="check", **given)
    assert answer.status_code == 409
    text = words(answer.text)
    assert "字库没有的字" in text
    assert "U+1F642" in text
    assert office.image(case.id).approvals == ()


def test_a_condition_that_the_officer_can_cure_at_once_is_a_link(enter: Enter, office: Office) -> None:
    case = office.told(parties=())
    link = f'href="/cases/{case.id}/parties/new"'
    visitor = enter("officer")
    assert link in visitor.get(path(office, case.id, "file_case")).text
    assert link in visitor.get(f"/cases/{case.id}").text
    assert link in visitor.get("/desk").text


@pytest.mark.parametrize(
    ("missing", "elsewhere"),
    [("parties.0.address", True), ("rights[].number", True), ("amounts.turnover", True), ("filing.reasons", False)],
)
def test_what_a_paper_lacks_is_looked_for_where_it_is_entered(missing: str, elsewhere: bool) -> None:
    assert lacks_case_facts(Refused(Message("缺"), missing=(missing,))) is elsewhere


def test_an_act_that_may_not_be_done_shows_reasons_instead_of_a_form(enter: Enter, office: Office) -> None:
    case = office.checking()
    text = words(enter("officer").get(path(office, case.id, "conclude_investigation")).text)
    assert "暂不能办理" in text
    assert "不能办理“调查终结”" in text
    leader = words(enter("leader").get(path(office, case.id, "file_case")).text)
    assert "可由办案人员解决" in leader


def test_going_back_from_the_check_keeps_the_answers(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    check = send(visitor, where, fields(visitor.get(where).text), step="check", **answers(office))
    back = send(visitor, where, fields(check.text), step="edit")
    assert back.status_code == 200
    kept = fields(back.text)
    assert kept["filing_findings"] == office.filing()["filing_findings"]
    assert kept["filing_evidence"] == "y"
    assert sorted(kept["officers"]) == sorted(office.officers())


def test_the_draft_of_a_paper_is_a_pdf_of_what_was_typed_so_far(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    answer = send(visitor, f"{where}/preview/filing_approval", sent, filing_findings="只填了这一项")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert office.image(case.id).documents == office.image(case.id).documents
    assert send(visitor, f"{where}/preview/penalty_decision", sent).status_code == 404


def test_text_that_looks_like_markup_stays_text(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    given = {**answers(office), "filing_reasons": '<img src=x onerror="alert(1)">'}
    check = send(visitor, where, fields(visitor.get(where).text), step="check", **given).text
    assert "<img" not in check
    assert "&lt;img" in check


def test_a_form_without_its_token_changes_nothing(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    assert send(visitor, where, sent, csrf_token=None, step="submit", **answers(office)).status_code == 400
    assert send(visitor, where, sent, seen_version="x", step="submit", **answers(office)).status_code == 422
    assert send(visitor, where, sent, idempotency_key="", step="submit", **answers(office)).status_code == 422
    assert office.image(case.id).approvals == ()


def test_a_note_of_somebody_else_makes_a_form_stale_too(enter: Enter, office: Office) -> None:
    case = office.told()
    where = path(office, case.id, "file_case")
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    with office.context("officer2") as ctx:
        add(ctx, case.id, "权利人来电：样品并非假货。")
    stale = send(visitor, where, sent, step="submit", **answers(office))
    assert stale.status_code == 409
    assert "样品并非假货" in words(stale.text)
