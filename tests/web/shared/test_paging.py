"""Keyset paging."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.errors import InputError
from caseapp.web.shared.paging import decode_cursor, encode_cursor, pager, url_with
from tests.web.shell import Shell


@given(st.lists(st.none() | st.integers() | st.text(max_size=30), max_size=4))
def test_a_cursor_comes_back_as_it_was_made(key: list[str | int | None]) -> None:
    assert decode_cursor(encode_cursor(key)) == tuple(key)


@pytest.mark.parametrize("text", ["x", "%%%", "eyJhIjoxfQ", "W1tdXQ", "W3RydWUuMV0", "A" * 601, "字"])
def test_a_cursor_made_by_hand_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        decode_cursor(text)


def test_filters_stay_and_the_page_starts_anew_when_one_changes(shell: Shell) -> None:
    with shell.app.test_request_context("/cases?q=a&ip=gi&ip=trademark&after=x"):
        shell.app.preprocess_request()
        query = parse_qs(urlsplit(url_with(sort="-due")).query)
    assert query == {"q": ["a"], "ip": ["gi", "trademark"], "sort": ["-due"]}


def test_a_filter_is_dropped_by_giving_nothing(shell: Shell) -> None:
    with shell.app.test_request_context("/cases?q=a&category=open"):
        assert url_with(category=None) == "/cases?q=a"


def test_the_pager_leads_on_with_the_keys_of_the_edge_rows(shell: Shell) -> None:
    with shell.app.test_request_context("/cases?q=a&before=old"):
        shown = pager(30, after=("2026-01-01", 7), total=1001)
    query = parse_qs(urlsplit(shown.later).query)
    assert query["q"] == ["a"]
    assert decode_cursor(query["after"][0]) == ("2026-01-01", 7)
    assert "before" not in query
    assert shown.earlier == ""
    assert (shown.total, shown.capped) == (1000, True)
