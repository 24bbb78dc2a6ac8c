"""The whole application: no door is open by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from caseapp.domain.policies.policy_map import Permission
from caseapp.web.shared.guard import PUBLIC, entry_of

OPEN = {
    "static",
    "auth.home",
    "auth.sign_in",
    "auth.sign_in_as",
    "auth.sign_in_code",
    "auth.sign_out",
    "auth.set_language",
    "api.healthz",
    "api.readyz",
    "api.metrics",
}
"""Every view that needs no sign-in, by name: opening another one means to write it here."""


def rules(app: Flask) -> Iterator[Rule]:
    yield from app.url_map.iter_rules()


def address(app: Flask, rule: Rule) -> str:
    """Return an address that the rule matches: numbers and words where it wants them, else ids of nothing."""
    numbers = set(re.findall(r"<int[^:]*:(\w+)>", rule.rule))
    words = {name: listed.split(",")[0].strip() for listed, name in re.findall(r"<any\(([^)]*)\):(\w+)>", rule.rule)}
    values = {name: 1 if name in numbers else words.get(name, "0" * 32) for name in rule.arguments}
    with app.test_request_context():
        return url_for(rule.endpoint, **values)


def test_every_view_says_who_may_enter(app: Flask) -> None:
    silent = {rule.endpoint for rule in rules(app) if entry_of(app.view_functions[rule.endpoint]) is None}
    assert silent == set()


def test_only_the_views_named_here_are_open(app: Flask) -> None:
    found = {rule.endpoint for rule in rules(app) if entry_of(app.view_functions[rule.endpoint]) == PUBLIC}
    assert found <= OPEN


def test_no_door_asks_for_a_right_that_does_not_exist(app: Flask) -> None:
    for rule in rules(app):
        entry = entry_of(app.view_functions[rule.endpoint])
        assert entry == PUBLIC or (entry and set(entry) <= set(Permission)), rule


def test_every_view_refuses_the_anonymous(app: Flask, client: FlaskClient) -> None:
    walked = 0
    for rule in rules(app):
        if entry_of(app.view_functions[rule.endpoint]) == PUBLIC:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = client.open(address(app, rule), method=method)
            if method == "GET":
                assert answer.status_code == 303, (rule, answer.status_code)
                assert answer.location.startswith("/sign-in"), rule
            else:
                assert answer.status_code == 401, (method, rule, answer.status_code)
            walked += 1
    assert walked > 5


def test_every_form_is_refused_without_its_token(app: Flask) -> None:
    posted = [rule.endpoint for rule in rules(app) if rule.methods and "POST" in rule.methods]
    protection = app.extensions["csrf"]
    assert posted
    assert not protection._exempt_views
    assert not protection._exempt_blueprints


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/nowhere"])
def test_open_pages_carry_the_content_policy(client: FlaskClient, path: str) -> None:
    assert "default-src 'none'" in client.get(path).headers["Content-Security-Policy"]
