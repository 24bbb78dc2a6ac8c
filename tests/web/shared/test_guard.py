"""The door of every view."""

from __future__ import annotations

import pytest

from caseapp.domain.policies.policy_map import Permission
from caseapp.web.shared.guard import PUBLIC, allow, entry_of, public
from tests.web.shell import Shell, Visitor


def test_a_view_that_says_nothing_lets_nobody_in(shell: Shell) -> None:
    for login in ("wang", "chen", "wu"):
        answer = shell.visitor().signed_in(login).get("/forgotten")
        assert answer.status_code == 403
        assert "没有登记准入权限" in answer.text


def test_a_view_that_says_nothing_asks_the_anonymous_to_sign_in(visitor: Visitor) -> None:
    assert visitor.get("/forgotten").status_code == 303


def test_the_anonymous_are_led_to_the_sign_in_page_and_back(visitor: Visitor) -> None:
    answer = visitor.get("/cases?q=%E5%B1%B1%E7%BE%8A")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/cases?q%3D%25E5%25B1%25B1%25E7%25BE%258A"
    back = visitor.sign_in("wang", path=answer.location)
    assert back.location == "/cases?q=%E5%B1%B1%E7%BE%8A"


def test_who_lacks_the_permission_reads_which_roles_have_it(shell: Shell) -> None:
    answer = shell.visitor().signed_in("sun").get("/cases/new")
    assert answer.status_code == 403
    assert "受理人员" in answer.text
    assert "办案人员" in answer.text


def test_a_post_without_the_permission_does_nothing(shell: Shell) -> None:
    answer = shell.visitor().signed_in("sun").post("/cases/new", page="/desk", fields={"title": "x"})
    assert answer.status_code == 403
    assert shell.done == []


def test_an_open_view_acts_as_nobody_where_nobody_is_signed_in(visitor: Visitor) -> None:
    assert visitor.get("/open").text == "|[]|own"


def test_the_signed_in_act_as_themselves(shell: Shell) -> None:
    assert shell.visitor().signed_in("wang").get("/open").text == f"{1:032x}|[<Role.OFFICER: 'officer'>]|organ"


def test_files_of_the_layout_are_open(visitor: Visitor) -> None:
    assert visitor.get("/static/css/huhang.css").status_code == 200


def test_an_unknown_address_is_not_found_for_everybody(shell: Shell) -> None:
    assert shell.visitor().get("/nowhere").status_code == 404
    assert shell.visitor().signed_in("wang").get("/nowhere").status_code == 404


def test_an_open_door_is_not_written_as_an_empty_list_of_permissions() -> None:
    with pytest.raises(TypeError):
        allow()


def test_the_mark_stands_on_the_view_itself() -> None:
    @allow(Permission.CASE_READ)
    def view() -> None: ...

    @public
    def door() -> None: ...

    def unmarked() -> None: ...

    assert entry_of(view) == {Permission.CASE_READ}
    assert entry_of(door) == PUBLIC
    assert entry_of(unmarked) is None
