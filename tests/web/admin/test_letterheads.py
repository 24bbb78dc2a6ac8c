"""The page of a letterhead: kept as versions, seen before it is kept, closed to others."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.app import ORGAN
from tests.support.office import Office, office
from tests.web.officer.forms import fields, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]
__all__ = ["office"]
PATH = f"/admin/organs/{ORGAN}/letterhead"


def test_a_letterhead_is_seen_kept_and_its_phrases_are_offered(enter: Enter, office: Office) -> None:
    keeper = enter("sysadmin")
    assert PATH in keeper.get(f"/admin/organs/{ORGAN}").text
    page = keeper.get(PATH).text
    assert "还没有自己的格式" in page
    typed = {
        **fields(page),
        "head": "通州区知识产权局文件",
        "approval": "同意，请从速。",
        "interview_text": "问：你的姓名？",
    }
    assert keeper.post(f"{PATH}/draft.pdf", fields=typed).mimetype == "application/pdf"
    assert keeper.post(PATH, fields=typed).status_code == 303
    kept = keeper.get(PATH).text
    assert "第 1 版" in words(kept)
    assert "通州区知识产权局文件" in words(kept)

    _case, approval = office.asked()
    assert "同意，请从速。" in enter("head").get(f"/approvals/{approval}").text
    filed = office.filed(respondent="南通另案家纺有限公司")
    form = f"/cases/{filed.id}/proceedings/{office.image(filed.id).main.id}/actions/interview_record"
    assert "问：你的姓名？" in enter("officer").get(form).text


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(enter: Enter) -> None:
    keeper = enter("sysadmin")
    typed = {**fields(keeper.get(PATH).text), "head": "长" * 61}
    assert keeper.post(PATH, fields=typed).status_code == 422
    broken = keeper.post(PATH, fields={**typed, "head": "\U0001f409"})
    assert broken.status_code == 422
    assert "字库中没有以下字" in broken.text
    assert keeper.post(PATH, fields={**typed, "head": "x", "mark": "7"}).status_code == 409


def test_others_find_it_closed(enter: Enter) -> None:
    assert enter("secadmin").get(PATH).status_code == 403
    administrator = enter("sysadmin")
    assert administrator.get("/admin/organs/320613-ip/letterhead").status_code == 403
    assert "letterhead" not in administrator.get("/admin/organs/320613-ip").text, "no link leads to a refusal"
    assert PATH in administrator.get(f"/admin/organs/{ORGAN}").text
