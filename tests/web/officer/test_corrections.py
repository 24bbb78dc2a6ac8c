"""Correcting the ledger on its pages: the form, what it means, the paper to sign, the timeline, the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from caseapp.domain.events import EntryKind
from caseapp.domain.facts import Goods, Right
from caseapp.queries.case_images import entries_of
from caseapp.services import case_facts, case_note
from caseapp.services.case_intake import PartyDraft
from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def seq_of(office: Office, case_id: str, kind: EntryKind, action: str = "") -> int:
    with office.context("officer") as ctx:
        return next(
            entry.seq
            for entry in reversed(entries_of(ctx, case_id))
            if entry.kind == kind and (not action or entry.payload.get("action") == action)
        )


def pending(office: Office, case_id: str) -> str:
    image = office.image(case_id)
    request = image.pending_approval(image.main.id)
    assert request is not None
    return request.id


def test_a_filing_in_other_words_is_checked_asked_for_signed_and_shown(enter: Enter, office: Office) -> None:
    office.later(days=20)
    case = office.filed()
    filed_on = office.today()
    seq = seq_of(office, case.id, EntryKind.ACTED, "file_case")
    visitor = enter("officer")
    assert f"/cases/{case.id}/entries/{seq}/correct" in visitor.get(f"/cases/{case.id}?tab=timeline").text
    where = f"/cases/{case.id}/entries/{seq}/correct"
    sent = fields(visitor.get(where).text)
    assert sent["filing_findings"].strip() == "现场发现标有“澜庭”字样的四件套96套。"
    wrong = send(visitor, where, sent, step="check")
    assert wrong.status_code == 422
    changed = {"filing_findings": "现场发现四件套99套。", "correct_reason": "数量录错"}
    checked = send(visitor, where, sent, step="check", **changed)
    assert checked.status_code == 200
    assert "现场发现四件套99套。" in checked.text
    assert "数量录错" in checked.text
    answer = send(visitor, where, fields(checked.text), step="submit")
    assert answer.location == f"/cases/{case.id}?tab=timeline"
    paper = enter("head").get(f"/approvals/{pending(office, case.id)}").text
    assert "现场发现四件套99套。" in paper
    assert "<del>" in paper
    office.sign(case.id, pending(office, case.id), "head", "leader")
    told = visitor.get(f"/cases/{case.id}?tab=timeline").text
    assert "hh-gone" in told
    assert "已更正" in told
    assert "数量录错" in told
    assert office.image(case.id).milestones[-1].on == filed_on


def test_a_voided_filing_tells_clocks_numbers_and_figures_and_fills_the_register(enter: Enter, office: Office) -> None:
    case = office.filed()
    number = office.image(case.id).number
    assert number is not None
    seq = seq_of(office, case.id, EntryKind.ACTED, "file_case")
    visitor = enter("officer")
    where = f"/cases/{case.id}/entries/{seq}/correct"
    sent = fields(visitor.get(where).text)
    checked = send(visitor, where, sent, step="check", correct_how="void", correct_reason="立案有误")
    assert checked.status_code == 200
    assert number in checked.text
    assert "文号留在作废登记簿" in checked.text
    assert "0/1" in checked.text
    again = send(visitor, where, fields(checked.text), step="edit")
    assert "立案有误" in again.text
    send(visitor, where, fields(checked.text), step="submit")
    office.sign(case.id, pending(office, case.id), "head", "leader")
    for page in ("/cases/void-register", f"/cases/{case.id}?tab=documents"):
        text = visitor.get(page).text
        assert number in text
        assert "立案有误" in text
    assert "作废" in visitor.get(f"/cases/{case.id}?tab=documents").text
    closed = visitor.get(where).text
    assert "该记录已经作废" in closed


def test_a_later_act_that_no_longer_fits_is_named_with_the_way_out(enter: Enter, office: Office) -> None:
    case = office.filed()
    seq = seq_of(office, case.id, EntryKind.ACTED, "assign_check")
    visitor = enter("officer")
    where = f"/cases/{case.id}/entries/{seq}/correct"
    sent = {**fields(visitor.get(where).text), "correct_how": "void", "correct_reason": "录错"}
    refused = send(visitor, where, sent, step="check")
    assert refused.status_code == 409
    assert "不再成立" in refused.text
    assert "连同其后不再成立的事项一并作废" in refused.text
    checked = send(visitor, where, sent, step="check", correct_later="y")
    assert checked.status_code == 200
    assert "一并作废的事项" in checked.text


def test_notes_and_changes_of_facts_have_forms_of_their_own(enter: Enter, office: Office) -> None:
    case = office.filed()
    with office.context("officer") as ctx:
        case_note.add(ctx, case.id, "约谈三点")
        changes = {"title": "甲案", "division": "320602", "source": "report", "amounts": {"turnover": 1}}
        case_facts.change(ctx, case.id, changes, reason="调整", seen_version=None)
    visitor = enter("officer")
    note = f"/cases/{case.id}/entries/{seq_of(office, case.id, EntryKind.NOTED)}/correct"
    sent = fields(visitor.get(note).text)
    assert sent["told_text"].strip() == "约谈三点"
    checked = send(visitor, note, sent, step="check", told_text="约谈四点", correct_reason="记错")
    assert "约谈四点" in checked.text
    facts = f"/cases/{case.id}/entries/{seq_of(office, case.id, EntryKind.FACTS_CHANGED)}/correct"
    sent = fields(visitor.get(facts).text)
    assert sent["told_title"] == "甲案"
    assert "told_amounts" not in sent
    same = send(visitor, facts, sent, step="check", correct_reason="记错")
    assert same.status_code == 422
    assert "没有任何更改" in same.text
    checked = send(visitor, facts, sent, step="check", told_title="乙案", correct_reason="记错")
    assert "乙案" in checked.text
    assert "甲案" in checked.text


def test_a_document_is_voided_from_the_list_of_papers(enter: Enter, office: Office) -> None:
    case = office.filed()
    document = next(item for item in office.image(case.id).documents if item.action == "file_case")
    visitor = enter("officer")
    answer = visitor.get(f"/cases/{case.id}/documents/{document.id}/void")
    assert answer.status_code == 302
    form = visitor.get(answer.location)
    assert document.title in form.text
    sent = fields(form.text)
    checked = send(visitor, answer.location, sent, step="check", correct_reason="内容有误", correct_reissue="y")
    assert "作废后重新制发，另编文号" in checked.text
    assert visitor.get(f"/cases/{case.id}/documents/{'0' * 32}/void").status_code == 404


def test_who_is_not_on_the_case_may_look_and_not_correct(enter: Enter, office: Office) -> None:
    case = office.filed()
    seq = seq_of(office, case.id, EntryKind.ACTED, "file_case")
    assert enter("leader").get(f"/cases/{case.id}/entries/{seq}/correct").status_code == 403
    assert "/entries/" not in enter("leader").get(f"/cases/{case.id}?tab=timeline").text
    assert enter("officer").get(f"/cases/{case.id}/entries/999/correct").status_code == 404


def test_the_supervisor_sees_what_corrections_did_to_a_past_month(enter: Enter, office: Office) -> None:
    case = office.filed()
    month = office.today().replace(day=1)
    last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    office.later(days=30)
    since = office.today()
    office.later(days=1)
    visitor = enter("officer")
    where = f"/cases/{case.id}/entries/{seq_of(office, case.id, EntryKind.ACTED, 'file_case')}/correct"
    sent = {**fields(visitor.get(where).text), "correct_how": "void", "correct_reason": "立案有误"}
    send(visitor, where, sent, step="submit")
    figure = f"/figures?policy=R2&from={month}&to={last}&since={since}"
    supervisor = enter("supervisor")
    assert "其间没有影响本期数据的补录或更正" in supervisor.get(figure).text
    office.sign(case.id, pending(office, case.id), "head", "leader")
    text = supervisor.get(figure).text
    assert "本期数据因补录或更正有变动" in text
    assert "立案有误" in text
    assert "0/1" in text
    assert "0/0" in text
    seq = seq_of(office, case.id, EntryKind.CORRECTED)
    assert f"/cases/{case.id}?tab=timeline#entry-{seq}" in text
    asked = f"policy=R2&from={month}&to={last}&since={since}T00:00"
    page = supervisor.get(f"/figures/restated?{asked}").text
    assert f"/cases/{case.id}?tab=timeline#entry-{seq}" in page
    assert "R2 · 版本" in page
    lines = supervisor.get(f"/figures/restated.csv?{asked}").text.splitlines()[1:]
    [line] = [line for line in lines if f",{seq},更正," in line]
    assert "立案有误" in line
    assert supervisor.get(f"/figures/restated?{asked}&known_at={month}T00:00").status_code == 422
    later = supervisor.get(f"/figures?policy=R2&from={month}&to={last}&since={office.today() + timedelta(days=1)}").text
    assert "补录" not in later


def test_parties_amounts_rights_and_goods_are_put_in_other_words_in_the_rows_they_were_entered_in(
    enter: Enter, office: Office
) -> None:
    case = office.filed()
    image = office.image(case.id)
    with office.context("officer") as ctx:
        changes = {
            "amounts": {"turnover": 100_00, "sales": 200_00},
            "rights": (*image.rights, Right("patent_design", None, "云纹", "甲公司")),
            "goods": (Goods("床单", None, 20, "件", 5000, 100_000),),
        }
        case_facts.change(ctx, case.id, changes, reason="补充", seen_version=None)
    where = f"/cases/{case.id}/entries/{seq_of(office, case.id, EntryKind.FACTS_CHANGED)}/correct"
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    assert (sent["amounts-turnover"], sent["rights-1-title"], sent["goods-0-quantity"]) == ("100.00", "云纹", "20")
    more = send(visitor, where, sent, step="add-goods")
    assert "goods-1-name" in fields(more.text)
    wrong = send(visitor, where, sent, step="check", correct_reason="录错", **{"amounts-turnover": "-1"})
    assert wrong.status_code == 422
    wrong = send(visitor, where, sent, step="check", correct_reason="录错", **{"rights-1-number": "202430123456.2"})
    assert wrong.status_code == 422
    assert "校验" in wrong.text
    void = send(visitor, where, sent, step="check", correct_how="void", correct_reason="录错", **{"goods-0-name": ""})
    assert void.status_code == 200
    right = {"amounts-turnover": "90", "rights-1-holder": "乙公司", "goods-0-unit_price": "60"}
    checked = send(visitor, where, sent, step="check", correct_reason="录错", **right)
    told = words(checked.text)
    for part in (
        "违法经营额",
        "100.00 元",
        "90.00 元",
        "权利人：甲公司",
        "权利人：乙公司",
        "单价 50.00 元",
        "单价 60.00 元",
    ):
        assert part in told
    send(visitor, where, fields(checked.text), step="submit")
    paper = words(enter("head").get(f"/approvals/{pending(office, case.id)}").text)
    assert "权利人：乙公司" in paper
    office.sign(case.id, pending(office, case.id), "head", "leader")
    now = office.image(case.id)
    assert (now.amounts["turnover"], now.rights[1].holder, now.goods[0].unit_price_fen) == (9000, "乙公司", 6000)
    told = words(visitor.get(f"/cases/{case.id}?tab=timeline").text)
    assert "权利人：甲公司" in told


def test_a_party_is_put_in_other_words_with_the_checks_of_its_own_form(enter: Enter, office: Office) -> None:
    case = office.filed()
    with office.context("officer") as ctx:
        draft = PartyDraft("third_party", "organisation", "南通早结家纺厂", None, {"phone": "13800000002"})
        case_facts.add_party(ctx, case.id, draft, reason="补充", seen_version=None)
    where = f"/cases/{case.id}/entries/{seq_of(office, case.id, EntryKind.FACTS_CHANGED)}/correct"
    visitor = enter("officer")
    page = visitor.get(where).text
    sent = fields(page)
    assert sent["parties-0-name"] == "南通早结家纺厂"
    assert "parties-1-name" not in sent
    assert "138****0002" in page
    assert "13800000002" not in page
    for wrong in ({"parties-0-uscc": "91320612MA1WTC2X0A"}, {"parties-0-id_number": "32060219900101001X"}):
        refused = send(visitor, where, sent, step="check", correct_reason="录错", **wrong)
        assert refused.status_code == 422
    for blank in ("", " "):
        refused = send(visitor, where, sent, step="check", correct_reason="录错", **{"parties-0-name": blank})
        assert refused.status_code == 422
    right = {"parties-0-name": "南通早结家纺有限公司", "parties-0-phone": "13800000003"}
    checked = send(visitor, where, sent, step="check", correct_reason="录错", **right)
    assert "138****0002" in words(checked.text)
    assert "新填的内容" in words(checked.text)
    send(visitor, where, fields(checked.text), step="submit")
    paper = words(enter("head").get(f"/approvals/{pending(office, case.id)}").text)
    assert "南通早结家纺厂南通早结家纺有限公司" in paper
    assert "138****0003" in paper
    office.sign(case.id, pending(office, case.id), "head", "leader")
    assert office.image(case.id).parties[-1].name == "南通早结家纺有限公司"


def test_a_paper_without_a_step_is_voided_and_issued_anew_from_its_own_form(enter: Enter, office: Office) -> None:
    case = office.filed()
    now = office.clock.at
    said = {
        "interview_begun": (now - timedelta(hours=2)).isoformat(),
        "interview_ended": (now - timedelta(hours=1)).isoformat(),
        "interview_nth": 1,
        "interview_place": "本局询问室",
        "interview_officers": office.officers(),
        "interview_clerk": office.officers()[1],
        "interviewee_name": "翟小宁",
        "interviewee_relation": "法定代表人",
        "interview_text": "问：从哪里购进？",
        "interview_confirmed": "read",
    }
    office.act(case.id, "officer", "interview_record", said)
    old = office.image(case.id).documents[-1]
    visitor = enter("officer")
    where = visitor.get(f"/cases/{case.id}/documents/{old.id}/void").location
    form = visitor.get(where).text
    assert "在文书页点“重新制发”" in form
    assert "correct_reissue" not in fields(form)
    checked = send(visitor, where, fields(form), step="check", correct_reason="姓名有误")
    send(visitor, where, fields(checked.text), step="submit")
    documents = f"/cases/{case.id}?tab=documents"
    assert "replaces=" not in visitor.get(documents).text
    office.sign(case.id, pending(office, case.id), "head", "leader")
    again = f"/cases/{case.id}/proceedings/{old.proceeding}/actions/interview_record"
    assert f"{again}?replaces={old.id}" in visitor.get(documents).text
    page = visitor.get(f"{again}?replaces={old.id}").text
    sent = fields(page)
    assert "替代已作废的《询问笔录》" in page
    assert (sent["interviewee_name"], set(sent["interview_officers"])) == ("翟小宁", set(office.officers()))
    assert sent["interview_begun"]
    checked = send(visitor, again, sent, step="check", interviewee_name="翟小安")
    assert checked.status_code == 200
    assert send(visitor, again, fields(checked.text), step="submit").status_code == 303
    assert office.image(case.id).documents[-1].replaces == old.id
    assert "重新制发" not in visitor.get(documents).text
    assert visitor.get(f"{again}?replaces={old.id}").status_code == 409
