"""Changing officers, facts and parties of a case."""

from __future__ import annotations

from collections.abc import Callable

from caseapp.services.case_note import add
from tests.support.office import PHONE, RESPONDENT, Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def test_officers_are_put_in_charge_with_a_leading_one(enter: Enter, office: Office) -> None:
    case = office.register()
    where = f"/cases/{case.id}/officers"
    visitor = enter("head")
    first, second = office.officers()
    sent = fields(visitor.get(where).text)
    wrong = send(visitor, where, sent, officers=[first], lead=second)
    assert wrong.status_code == 422
    assert "主办人员应当是所选人员之一" in wrong.text
    assert send(visitor, where, sent).status_code == 422
    answer = send(visitor, where, sent, officers=[first, second], lead=second, reason="轮案")
    assert answer.location == f"/cases/{case.id}"
    assert office.image(case.id).officers == (second, first)
    assert "办案人员已指派" in visitor.get(answer.location).text


def test_only_who_assigns_is_offered_to_assign(enter: Enter, office: Office) -> None:
    case = office.register()
    assert enter("officer").get(f"/cases/{case.id}/officers").status_code == 403
    assert "指派办案人员" not in enter("officer").get(f"/cases/{case.id}").text
    assert "指派办案人员" in enter("head").get(f"/cases/{case.id}").text


def test_only_what_differs_is_changed_and_the_reason_is_kept(enter: Enter, office: Office) -> None:
    case = office.register()
    where = f"/cases/{case.id}/facts"
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    assert sent["amounts-turnover"] == "97,353.00"
    answer = send(
        visitor,
        where,
        sent,
        step="save",
        reason="核对账册",
        **{"amounts-turnover": "100,000", "amounts-gains": "5,000.50", "rights-0-holder": "某集团"},
    )
    assert answer.status_code == 303
    image = office.image(case.id)
    assert image.amounts == {"turnover": 10000000, "gains": 500050}
    assert image.rights[0].holder == "某集团"
    text = words(visitor.get(f"/cases/{case.id}?tab=timeline").text)
    assert "核对账册" in text
    assert "违法经营额97,353.00 元100,000.00 元违法所得—5,000.50 元" in text
    assert "更改案件信息" in text
    assert "全棉" not in text[text.index("核对账册") : text.index("登记线索")], "goods did not change"


def test_a_change_without_change_or_without_reason_is_refused(enter: Enter, office: Office) -> None:
    case = office.register()
    where = f"/cases/{case.id}/facts"
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    same = send(visitor, where, sent, step="save", reason="无")
    assert same.status_code == 422
    assert "没有任何更改" in same.text
    unreasoned = send(visitor, where, sent, step="save", title="新名称案")
    assert unreasoned.status_code == 422
    assert 'href="#reason"' in unreasoned.text
    assert office.version(case.id) == case.version


def test_rows_of_rights_and_goods_come_and_go_without_a_script(enter: Enter, office: Office) -> None:
    case = office.register()
    where = f"/cases/{case.id}/facts"
    visitor = enter("officer")
    sent = fields(send(visitor, where, fields(visitor.get(where).text), step="add-rights").text)
    sent |= {"rights-1-kind": "copyright", "rights-1-title": "花型图案"}
    sent = fields(send(visitor, where, sent, step="remove-goods-0").text)
    answer = send(visitor, where, sent, step="save", reason="补充权利")
    assert answer.status_code == 303
    image = office.image(case.id)
    assert [right.title for right in image.rights] == ["澜庭", "花型图案"]
    assert image.goods == ()


def test_a_number_is_checked_when_it_is_changed(enter: Enter, office: Office) -> None:
    case = office.register()
    where = f"/cases/{case.id}/facts"
    visitor = enter("officer")
    bad = {"rights-0-kind": "patent_invention", "rights-0-number": "ZL201220572874.1"}
    answer = send(visitor, where, fields(visitor.get(where).text), step="save", reason="更正", **bad)
    assert answer.status_code == 422
    assert 'href="#rights-0-number"' in answer.text


def test_who_comes_second_sees_what_the_first_did_and_loses_nothing(enter: Enter, office: Office) -> None:
    case = office.register()
    visitor = enter("officer")
    for where, typed in (
        (f"/cases/{case.id}/facts", {"step": "save", "summary": "我的补充", "reason": "补充"}),
        (f"/cases/{case.id}/parties/new", {"party-name": "南通某店", "reason": "追加"}),
    ):
        sent = fields(visitor.get(where).text)
        with office.context("officer2") as ctx:
            add(ctx, case.id, "同时有人在看")
        stale = send(visitor, where, sent, **typed)
        assert stale.status_code == 409
        text = words(stale.text)
        assert "案件已由他人更新" in text
        assert "同时有人在看" in text
        again = fields(stale.text)
        assert {name: again[name] for name in typed if name != "step"} == {
            name: value for name, value in typed.items() if name != "step"
        }
        assert send(visitor, where, again, **typed).status_code == 303
    assert office.image(case.id).summary == "我的补充"


def test_a_party_is_added_with_checked_numbers(enter: Enter, office: Office) -> None:
    case = office.register()
    where = f"/cases/{case.id}/parties/new"
    visitor = enter("officer")
    sent = fields(visitor.get(where).text)
    typed = {"party-role": "agent", "party-kind": "person", "party-name": "王某", "reason": "委托代理"}
    assert send(visitor, where, sent, **{"party-name": "", "reason": "x"}).status_code == 422
    wrong = send(visitor, where, sent, **typed, **{"party-phone": "12"})
    assert wrong.status_code == 422
    assert 'href="#party-phone"' in wrong.text
    answer = send(visitor, where, sent, **typed, **{"party-phone": "13900000002"})
    assert answer.location == f"/cases/{case.id}?tab=parties"
    party = office.image(case.id).parties[-1]
    assert (party.role, party.name, set(party.personal)) == ("agent", "王某", {"phone"})


def test_a_changed_party_keeps_the_personal_values_that_were_left_empty(enter: Enter, office: Office) -> None:
    case = office.register()
    before = office.image(case.id).parties[0]
    where = f"/cases/{case.id}/parties/{before.id}"
    visitor = enter("officer")
    page = visitor.get(where).text
    assert PHONE not in page
    assert "138****0001" in page
    answer = send(visitor, where, fields(page), reason="更名", **{"party-name": "南通锦屏家纺集团有限公司"})
    assert answer.status_code == 303
    after = office.image(case.id).parties[0]
    assert (after.id, after.name) == (before.id, "南通锦屏家纺集团有限公司")
    assert after.personal == before.personal
    assert len(office.image(case.id).parties) == 2


def test_a_party_of_another_case_is_not_found(enter: Enter, office: Office) -> None:
    case, other = office.register(), office.register()
    stranger = office.image(other.id).parties[0].id
    answer = enter("officer").get(f"/cases/{case.id}/parties/{stranger}")
    assert answer.status_code == 404
    assert RESPONDENT not in answer.text
