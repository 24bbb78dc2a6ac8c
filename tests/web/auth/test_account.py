"""The own account."""

from __future__ import annotations

from tests.web.shell import PASSWORD, Shell, Visitor

NEW = "Haimen+Goat-77"


def change(visitor: Visitor, current: str = PASSWORD, new: str = NEW, repeat: str = NEW):
    return visitor.post("/account/password", page="/account", fields={"current": current, "new": new, "repeat": repeat})


def test_a_new_password_ends_every_other_session_and_keeps_this_one(shell: Shell) -> None:
    here, elsewhere = shell.visitor().signed_in("wang"), shell.visitor().signed_in("wang")
    assert change(here).location == "/account"
    assert "密码已修改" in here.get("/account").text
    assert elsewhere.get("/desk").status_code == 303
    assert shell.visitor().sign_in("wang").status_code == 403
    assert shell.visitor().sign_in("wang", password=NEW).status_code == 303


def test_a_weak_or_wrong_one_is_refused_beside_its_field(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    for answer, place, words in (
        (change(visitor, current="wrong"), "current-error", "现用密码不正确"),
        (change(visitor, new="short1A", repeat="short1A"), "new-error", "密码至少 10 位"),
        (change(visitor, repeat="Another+One-78"), "repeat-error", "不一致"),
    ):
        assert answer.status_code == 422
        assert f'id="{place}"' in answer.text
        assert words in answer.text
    assert shell.visitor().sign_in("wang").status_code == 303


def test_passwords_are_never_sent_back(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    answer = change(visitor, current="wrong-but-Secret1")
    assert "wrong-but-Secret1" not in answer.text
    assert NEW not in answer.text


def test_passwords_are_not_kept_when_the_session_has_ended(shell: Shell) -> None:
    visitor = shell.visitor().signed_in("wang")
    shell.clock.move(minutes=31)
    answer = visitor.post("/account/password", fields={"current": PASSWORD, "new": NEW, "repeat": NEW})
    assert answer.status_code == 401
    assert "已保留" not in answer.text
    assert 'name="kept" type="hidden" value=""' in answer.text


def test_setting_an_own_password_frees_who_had_to(shell: Shell) -> None:
    shell.change_account("wang", must_change_password=True)
    visitor = shell.visitor().signed_in("wang")
    change(visitor)
    assert visitor.get("/desk").status_code == 200
