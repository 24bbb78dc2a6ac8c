"""The reader's language."""

from __future__ import annotations

from datetime import date

import pytest
from flask import session

from caseapp.domain.clocks.status import Remaining, RemainingUnit
from caseapp.domain.errors import Message
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Text
from caseapp.web.shared.language import language, language_tag, say
from tests.web.shell import Shell


def test_chinese_is_the_language_of_who_chose_none(shell: Shell) -> None:
    answer = shell.visitor().get("/sign-in", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN"' in answer.text
    assert answer.headers["Content-Language"] == "zh-CN"


def test_the_choice_holds_from_page_to_page_and_over_signing_in(shell: Shell) -> None:
    visitor = shell.visitor()
    answer = visitor.post("/language", page="/sign-in", fields={"language": "en", "next": "/sign-in"})
    assert answer.location == "/sign-in"
    assert '<html lang="en"' in visitor.get("/sign-in").text
    assert '<html lang="en"' in visitor.signed_in("wang").get("/desk").text


def test_the_choice_of_a_person_holds_in_the_next_session(shell: Shell) -> None:
    shell.visitor().signed_in("wang").post("/language", page="/desk", fields={"language": "en", "next": "/desk"})
    assert '<html lang="en"' in shell.visitor().signed_in("wang").get("/desk").text


def test_a_language_that_does_not_exist_is_refused(shell: Shell) -> None:
    assert shell.visitor().post("/language", page="/sign-in", fields={"language": "fr"}).status_code == 422


def test_the_switch_does_not_lead_elsewhere(shell: Shell) -> None:
    answer = shell.visitor().post("/language", page="/sign-in", fields={"language": "en", "next": "//evil.example"})
    assert answer.location == "/"


VALUES = [
    pytest.param("案件", "案件", "案件", id="text"),
    pytest.param(None, "", "", id="nothing"),
    pytest.param({"zh": "商标", "en": "Trade mark"}, "商标", "Trade mark", id="two languages"),
    pytest.param({"zh": "商标"}, "商标", "商标", id="Chinese only"),
    pytest.param(Text("立案", "File"), "立案", "File", id="definition text"),
    pytest.param(Role.LEADER, "机关负责人", "Head of organ", id="role"),
    pytest.param(
        [Role.LEADER, Role.OFFICER], "机关负责人、办案人员", "Head of organ, Enforcement officer", id="several"
    ),
    pytest.param(date(2026, 11, 22), "2026-11-22", "2026-11-22", id="day"),
    pytest.param(
        Message("由%(role)s办理", {"role": {"zh": "科室", "en": "section"}}),
        "由科室办理",
        "由section办理",
        id="nested value",
    ),
    pytest.param(
        Message("%(inner)s。", {"inner": Message("剩 %(n)s 日", {"n": 3})}),
        "剩 3 日。",
        "剩 3 日。",
        id="message in message",
    ),
    pytest.param(Message("满 100% 为止"), "满 100% 为止", "满 100% 为止", id="percent sign without values"),
]


@pytest.mark.parametrize(("value", "chinese", "english"), VALUES)
def test_finished_words_are_said_in_the_readers_language(
    shell: Shell, value: object, chinese: str, english: str
) -> None:
    with shell.app.test_request_context():
        assert say(value) == chinese
        assert (language(), language_tag()) == ("zh", "zh-CN")
    with shell.app.test_request_context():
        session["language"] = "en"
        assert say(value) == english
        assert (language(), language_tag()) == ("en", "en")


def test_what_is_left_of_a_clock_is_said_in_words(shell: Shell) -> None:
    with shell.app.test_request_context():
        assert say(Remaining(3, RemainingUnit.WORKING_DAYS)) == "还剩 3 个工作日"
