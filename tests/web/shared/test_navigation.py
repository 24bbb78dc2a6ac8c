"""The rooms of the house, as rights allow."""

from __future__ import annotations

import re

import pytest

from caseapp.web.shared.navigation import ROOMS, count_in_navigation
from tests.web.shell import Shell


def rooms_on(page: str) -> list[str]:
    return re.findall(r'class="hh-nav-link[^>]*>.*?<span>([^<]*)</span>', page, re.S)


@pytest.mark.parametrize(
    ("login", "rooms"),
    [("wang", ["今日", "案件"]), ("sun", ["案件"]), ("zhou", []), ("wu", [])],
    ids=["officer", "supervisor", "liaison", "administrator"],
)
def test_a_person_sees_the_rooms_that_exist_and_are_open_to_them(shell: Shell, login: str, rooms: list[str]) -> None:
    assert rooms_on(shell.visitor().signed_in(login).get("/account").text) == rooms


def test_work_begins_in_the_first_open_room(shell: Shell) -> None:
    assert shell.visitor().signed_in("wang").get("/").location == "/desk"
    assert shell.visitor().signed_in("sun").get("/").location == "/cases"
    assert shell.visitor().signed_in("wu").get("/").location == "/account"
    assert shell.visitor().get("/").location == "/sign-in"


def test_the_present_room_is_marked(shell: Shell) -> None:
    page = shell.visitor().signed_in("wang").get("/desk").text
    assert re.search(r'href="/desk" aria-current="page"', page)
    assert not re.search(r'href="/cases" aria-current', page)


def test_what_waits_is_told_beside_the_room(shell: Shell) -> None:
    count_in_navigation(shell.app, "officer.case_list", lambda: 7)
    page = shell.visitor().signed_in("wang").get("/desk").text
    assert re.search(r'hh-nav-count">7<', page)


def test_search_is_offered_to_who_may_list_cases(shell: Shell) -> None:
    assert 'role="search"' in shell.visitor().signed_in("wang").get("/account").text
    assert 'role="search"' not in shell.visitor().signed_in("wu").get("/account").text


def test_every_room_has_its_own_place() -> None:
    assert len({room.endpoint for room in ROOMS}) == len(ROOMS)
