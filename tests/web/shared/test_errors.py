"""From domain errors to answers."""

from __future__ import annotations

import inspect

import pytest

from caseapp.db import WRITABLE
from caseapp.domain import errors as domain
from caseapp.domain.errors import CaseAppError, DefinitionError
from caseapp.web.shared.errors import STATUS
from tests.web.shared.test_outlived import hidden_fields
from tests.web.shell import LONG_STORY, Shell


def test_every_error_of_the_domain_has_a_status() -> None:
    kinds = {
        kind
        for _name, kind in inspect.getmembers(domain, inspect.isclass)
        if issubclass(kind, CaseAppError) and kind not in (CaseAppError, DefinitionError)
    }
    assert {kind for kind in kinds if not any(base in STATUS for base in kind.__mro__)} == set()


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        pytest.param("input", 422, "日期应写成", id="wrong input"),
        pytest.param("missing", 404, "没有这件案件", id="not found"),
        pytest.param("rule", 409, "已过 15 日", id="a rule forbids it"),
        pytest.param("action", 409, "执法人员不足 2 人", id="conditions unmet"),
        pytest.param("stale", 409, "您看到第 3 版，现为第 4 版", id="stale"),
        pytest.param("outside", 503, "打印服务没有响应", id="outside"),
    ],
)
def test_an_error_becomes_a_page_a_fragment_and_a_document(shell: Shell, kind: str, status: int, words: str) -> None:
    visitor = shell.visitor().signed_in("wang")
    page = visitor.get(f"/errors/{kind}")
    assert page.status_code == status
    assert words in page.text
    assert "可以怎么做" in page.text
    assert "hh-nav" in page.text
    fragment = visitor.get(f"/errors/{kind}", headers={"HX-Request": "true"})
    assert fragment.status_code == status
    assert words in fragment.text
    assert "<html" not in fragment.text
    assert fragment.headers["HX-Retarget"] == "#alerts"
    document = visitor.get(f"/errors/{kind}", headers={"Accept": "application/json"})
    assert document.status_code == status
    assert words in document.json["detail"]


def test_a_blocked_action_says_the_article_and_who_can_cure_it(shell: Shell) -> None:
    text = shell.visitor().signed_in("wang").get("/errors/action").text
    assert "《行政处罚法》第42条" in text
    assert "可由科室负责人解决" in text


def test_a_wrong_method_names_the_right_ones(shell: Shell) -> None:
    answer = shell.visitor().signed_in("wang").post("/desk", page="/desk")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_post_without_a_token_does_nothing_and_loses_nothing(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    fields = {"title": "海门山羊案", "story": LONG_STORY}
    refused = visitor.post("/cases/new", fields={**fields, "csrf_token": "old"})
    assert refused.status_code == 400
    assert shell.done == []
    visitor.post("/cases/new", fields=hidden_fields(refused.text, "/cases/new"))
    [done] = shell.done
    assert done["story"] == [LONG_STORY]


@pytest.mark.parametrize("origin", ["https://evil.example", ""], ids=["from elsewhere", "from nowhere"])
def test_a_forged_post_gets_no_form_to_send_again(shell: Shell, origin: str) -> None:
    visitor = shell.visitor().signed_in("wang")
    refused = visitor.post("/cases/new", fields={"title": "forged"}, headers={"Origin": origin})
    assert refused.status_code == 400
    assert "forged" not in refused.text
    assert shell.done == []


def test_part_of_a_page_with_an_old_token_gets_a_new_one(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    refused = visitor.post("/cases/new", fields={"title": "x"}, headers={"HX-Request": "true"})
    assert refused.status_code == 400
    again = visitor.post(
        "/cases/new",
        fields={"title": "x"},
        headers={"HX-Request": "true", "X-CSRFToken": refused.headers["X-CSRF-Token"]},
    )
    assert again.status_code == 303
    assert len(shell.done) == 1


def test_a_forger_is_given_no_token(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    refused = visitor.post("/cases/new", headers={"HX-Request": "true", "Origin": "https://evil.example"})
    assert refused.status_code == 400
    assert "X-CSRF-Token" not in refused.headers


@pytest.mark.parametrize("path", ["/broken", "/errors/fault"], ids=["any fault", "a domain error without a row"])
def test_a_fault_of_the_program_is_told_without_its_details(shell: Shell, path: str) -> None:
    shell.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = shell.visitor().signed_in("wang").get(path)
    assert answer.status_code == 500
    assert "也没有保存任何更改" in answer.text
    assert "a secret detail" not in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_a_fault_is_told_even_where_the_database_is_gone(shell: Shell) -> None:
    shell.app.config["PROPAGATE_EXCEPTIONS"] = False
    visitor = shell.visitor().signed_in("wang")
    with shell.engine.connect().execution_options(**{WRITABLE: True}) as connection:
        connection.exec_driver_sql("DROP TABLE sign_in_session")
        connection.commit()
    answer = visitor.get("/desk")
    assert answer.status_code == 500
    assert "系统出现故障" in answer.text
