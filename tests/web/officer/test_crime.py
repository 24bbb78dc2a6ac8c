"""The limits of crime as officers meet them: the panel of the case, the warning on the desk, the barred step."""

from __future__ import annotations

from collections.abc import Callable

from caseapp.services.case_facts import change
from tests.support.office import Office
from tests.web.officer.forms import words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def entered(office: Office, turnover: int) -> str:
    case = office.filed()
    with office.context("officer") as ctx:
        amounts = {"turnover": turnover, "gains": 0, "service_gains": 0}
        change(ctx, case.id, {"amounts": amounts}, reason="查明数额", seen_version=None)
    return case.id


def test_the_case_page_holds_amounts_against_limits(enter: Enter, office: Office) -> None:
    case_id = entered(office, 45_000_00)
    visitor = enter("officer")
    page = visitor.get(f"/cases/{case_id}").text
    text = words(page)
    for part in (
        "涉嫌犯罪研判",
        "需要研判",
        "刑法第213条 假冒注册商标罪",
        "45,000.00 元",
        "50,000.00 元",
        "接近标准",
        "法释〔2025〕5号第3条第1款第1项",
        "已对照原文",
        "未比对的罪名",
    ):
        assert part in text, part
    assert 'value="90" max="100"' in page
    assert "需要移送" not in text.replace("不等于不需要移送", "")
    assert "数额接近入罪标准" in words(visitor.get("/desk").text)


def test_a_limit_that_is_met_is_told_on_the_desk_and_the_page(enter: Enter, office: Office) -> None:
    case_id = entered(office, 50_000_00)
    visitor = enter("officer")
    assert "应当移送" in words(visitor.get(f"/cases/{case_id}").text)
    assert "不得以罚代移" in words(visitor.get(f"/cases/{case_id}").text)
    desk = visitor.get("/desk").text
    assert "疑似涉嫌犯罪，应当研判移送" in words(desk)
    assert f'href="/cases/{case_id}#crime"' in desk


def test_the_panel_speaks_english_too(enter: Enter, office: Office) -> None:
    case_id = entered(office, 50_000_00)
    visitor = enter("officer")
    visitor.post("/language", page="/desk", fields={"language": "en", "next": "/desk"})
    text = words(visitor.get(f"/cases/{case_id}").text)
    for part in ("Counterfeiting registered trademarks", "To be transferred", "A limit of crime is met", "Crime Met"):
        assert part in text, part
