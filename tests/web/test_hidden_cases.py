"""Nothing of a case that was not sent to a liaison's organ can be told from a case that never was: by no address,
count, search, feed, file or refusal, and not by how the database is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import unified_diff
from html import escape
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, url_for
from sqlalchemy import event
from werkzeug.routing import Rule

from caseapp.db import db
from caseapp.web.shared.guard import PUBLIC, entry_of
from tests.factories.cases import RESPONDENT, Course, course
from tests.factories.referrals import HANDED, answered, handed_over, liaisons, ready, received
from tests.factories.sides import act_in, seized, side_of
from tests.support.app import PASSWORD
from tests.web.shell import Visitor

__all__ = ["course"]

LIAISONS = ("police", "procurator", "court")
LEFT_OUT = ("Set-Cookie", "Date", "Content-Length")
"""Headers that are new each time, or follow from the body."""
OWN = ("/account/", "/kept/")
"""What is the visitor's own, whatever it is called: there is nothing to refuse."""
NOWHERE = "0" * 32
NO_NUMBER = 987_654_321
TOKEN = re.compile(r'(name="(?:csrf[-_]token|idempotency_key)"[^>]*? (?:content|value)=")[^"]*')
LISTS = (
    "/referrals",
    "/referrals?tab=mine",
    "/referrals?tab=overdue",
    "/referrals?tab=all&sort=sent",
    "/referrals?tab=all&offence=a214",
    "/referrals?tab=all&way=to_us",
    "/referrals.csv?tab=all",
    "/referrals/figures",
    "/referrals/figures/cases?part=all",
    "/referrals/figures.csv",
    "/referrals/figures/cases.csv?part=all",
)
KEPT_A_WHILE = ("sign_in_session", "setting")
"""Tables that a process reads again after some seconds only: whose statements tell of the time that passed."""
TIME_LEFT = "/account/time-left"
"""Tells of the session alone, and its token is new each time."""
LAWFULLY_SEEN = {("procurator", "/supervision")}
"""What a procuratorate may know of cases that nobody sent it: what should have been transferred (310号 art 14)."""


@dataclass
class Hidden:
    """Two cases of which these liaisons know nothing: one lies with other police, one waits to be sent.

    ids      names of route arguments -> what such an argument would be of the first case
    words    what a search would ask for
    """

    ids: Mapping[str, str | int]
    words: tuple[str, ...]
    secrets: tuple[str, ...] = field(default=())


def hide(course: Course, police2: Any) -> Hidden:
    """Make the two cases, with papers, an approval, evidence in custody, parties and a clock that has run out."""
    case_id = course.filed()
    seized(course, case_id)
    ready(course, case_id)
    elsewhere = {**HANDED, "police_organ": "320613-police", "police_organ_reason": "主要犯罪地在崇川区。"}
    act_in(course, case_id, "referral", "hand_over", elsewhere)
    proceeding = side_of(course, case_id, "referral").id
    answered(course, police2, proceeding, "sign_receipt", {"receipt_signer": "联络员0"})
    ready(course, course.filed())
    image = course.image(case_id)
    item = image.custody.items[0].id if image.custody.items else proceeding
    entries = [row for row in course.rows("ledger_entry") if row["case_id"] == case_id]
    return Hidden(
        ids={
            "case_id": case_id,
            "proceeding_id": proceeding,
            "document_id": image.documents[-1].id,
            "approval_id": image.approvals[-1].id,
            "evidence_id": image.evidence[0].id if image.evidence else proceeding,
            "item_id": item,
            "party_id": image.parties[0].id,
            "user_id": course.people["officer"].id,
            "entry_id": entries[-1]["id"],
        },
        words=(str(image.number), RESPONDENT.name, image.rights[0].number),
        secrets=(str(image.number), RESPONDENT.name, case_id, proceeding, image.documents[-1].id),
    )


def visitor(app: Flask, login: str) -> Visitor:
    whole: Any = SimpleNamespace(app=app)
    found = Visitor(whole)
    assert found.sign_in(login, password=PASSWORD).status_code == 303
    return found


def told(answer: Any, *asked: str) -> list[str]:
    """Return all of an answer that could tell something: status, headers, and the body but for one-time words and for
    what was asked itself.
    """
    headers = [f"{name}: {value}" for name, value in answer.headers if name not in LEFT_OUT]
    text = "\n".join([str(answer.status_code), *headers, TOKEN.sub(r"\1", answer.get_data(as_text=True))])
    for one in asked:
        for shape in (one, escape(one), quote(one), quote(one, safe="")):
            text = text.replace(shape, "<asked>")
    return text.splitlines()


def difference(one: list[str], other: list[str]) -> list[str]:
    """Return what differs between two answers, line by line."""
    return [line for line in unified_diff(one, other, lineterm="", n=0) if line[:3] not in ("---", "+++", "@@ ")]


def doors(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield every way in that names something."""
    for rule in app.url_map.iter_rules():
        opened = entry_of(app.view_functions[rule.endpoint]) == PUBLIC
        if rule.arguments and not opened and not rule.rule.startswith(OWN):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def addresses(app: Flask, rule: Rule, hidden: Hidden) -> tuple[str, str]:
    """Return the address of the hidden case, and the same of nothing."""
    numbers = set(re.findall(r"<int[^:]*:(\w+)>", rule.rule))
    words = {name: listed.split(",")[0].strip() for listed, name in re.findall(r"<any\(([^)]*)\):(\w+)>", rule.rule)}
    plain: dict[str, str | int] = {"action_id": "file_case", "type_id": "referral_letter", "kind": "penalty_general"}
    real: dict[str, str | int] = {}
    missing: dict[str, str | int] = {}
    for name in rule.arguments:
        if name in numbers:
            real[name], missing[name] = hidden.ids.get(name, 1), NO_NUMBER if name in hidden.ids else 1
        else:
            word = words.get(name) or plain.get(name)
            real[name], missing[name] = word or hidden.ids.get(name, hidden.ids["case_id"]), word or NOWHERE
    with app.test_request_context():
        return url_for(rule.endpoint, **real), url_for(rule.endpoint, **missing)


def ask(browser: Visitor, method: str, address: str, fields: dict[str, str]) -> Any:
    return browser.get(address) if method == "GET" else browser.post(address, fields=fields)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_every_address_answers_for_a_hidden_case_as_for_none(app: Flask, course: Course) -> None:
    others = liaisons(course)
    hidden = hide(course, others["police2"])
    for login in LIAISONS:
        browser = visitor(app, login)
        token = browser.token("/referrals")
        walked = 0
        for rule, method in doors(app):
            one, other = addresses(app, rule, hidden)
            fields = {"csrf_token": token, "seen_version": "1", "idempotency_key": "k" * 32, "receipt_signer": "某某"}

            of_hidden, of_none = (ask(browser, method, address, fields) for address in (one, other))
            assert of_hidden.status_code in (403, 404), (login, method, one, of_hidden.status_code)
            assert difference(told(of_hidden, one), told(of_none, other)) == [], (login, method, rule.rule)
            body = of_hidden.get_data(as_text=True)
            for secret in hidden.secrets:
                assert secret in one or secret not in body, (login, method, rule.rule, secret)
            walked += 1
        assert walked > 60


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_no_search_finds_a_hidden_case(app: Flask, course: Course) -> None:
    hidden = hide(course, liaisons(course)["police2"])
    for login in LIAISONS:
        browser = visitor(app, login)
        for path in (
            "/search?q=",
            "/cases?q=",
            "/cases.csv?q=",
            "/cases/new/known-parties?name=",
            "/referrals?offence=",
        ):
            for word in hidden.words:
                nonsense = re.sub(r"[\u4e00-\u9fff]", "无", re.sub("[0-9]", "0", word))
                answers = [
                    told(browser.get(path + quote(asked)), path + quote(asked), asked) for asked in (word, nonsense)
                ]
                assert difference(*answers) == [], (login, path, word)


@contextmanager
def asked_of(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """Collect what the application asks of its database."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        found.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan(app: Flask, statement: str, parameters: Any) -> list[str]:
    """Return how the database goes about a statement."""
    with app.app_context(), db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN (COSTS OFF) "
        rows = connection.exec_driver_sql(explain + statement, parameters).all()
        return [str(row[-1]) for row in rows]


def test_lists_counts_feeds_files_and_plans_are_the_same_with_a_hidden_case(app: Flask, course: Course) -> None:
    """What a liaison gets before the hidden cases are there, he gets after, from the same statements."""
    others = liaisons(course)
    received(course, course.filed())
    handed_over(course, course.filed())
    browsers = {login: visitor(app, login) for login in LIAISONS}
    pages = sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments
        and "GET" in (rule.methods or ())
        and rule.rule != TIME_LEFT
        and entry_of(app.view_functions[rule.endpoint]) != PUBLIC
    )
    assert len(pages) > 20

    def look() -> dict[tuple[str, str], Any]:
        seen: dict[tuple[str, str], Any] = {}
        for login, browser in browsers.items():
            for path in (*LISTS, *pages):
                if (login, path) in LAWFULLY_SEEN:
                    continue
                with asked_of(app) as statements:
                    answer = browser.get(path)
                lists = [(one, values) for one, values in statements if "referral_share" in one]
                assert path not in LISTS or (answer.status_code == 200 and lists), path
                seen[login, path] = (
                    told(answer, path),
                    [one for one, _values in statements if not any(table in one for table in KEPT_A_WHILE)],
                    [plan(app, one, values) for one, values in lists],
                )
        return seen

    look()  # what is written once an hour, such as that somebody was here, is written now
    before = look()
    hide(course, others["police2"])
    after = look()
    for key, was in before.items():
        assert difference(was[0], after[key][0]) == [], key
        assert after[key][1] == was[1], key
        assert after[key][2] == was[2], key


def test_what_is_counted_for_machines_tells_of_no_case(app: Flask, course: Course, client: Any) -> None:
    """Anybody may read them: they are the same whatever cases there are."""

    def look() -> list[str]:
        return [
            line
            for path in ("/healthz", "/readyz", "/metrics")
            for line in client.get(path, environ_base={"REMOTE_ADDR": "10.1.2.3"}).get_data(as_text=True).splitlines()
        ]

    look()
    before = look()
    course.filed()
    assert look() == before
