"""`flask users`: the last resort for a lost telephone, and accounts that keep the rules."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from caseapp.domain.workflow.situation import Actor
from caseapp.queries.second_factors import enrolment, factor_state
from caseapp.services import second_factor
from caseapp.wiring import Huhang
from tests.support.telephone import code_shown

if TYPE_CHECKING:
    from click.testing import Result

People = Mapping[str, Actor]
CREATE = ("users", "create", "wu", "--name", "吴有为", "--organ", "320612-ip", "--password", "Kestrel-41-moss")


def flask(app: Flask, *words: str) -> Result:
    """Run a command over the application's database."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(words))


def test_a_second_factor_is_reset_at_the_machine_with_a_reason(app: Flask, parts: Huhang, people: People) -> None:
    secadmin = people["secadmin"]
    with parts.context(secadmin) as ctx:
        second_factor.begin_enrolment(ctx)
        secret = base64.b32decode(enrolment(ctx).secret.replace(" ", ""))
        second_factor.confirm_enrolment(ctx, code_shown(secret, now=ctx.now().timestamp()))
    assert flask(app, "users", "reset-second-factor", "secadmin").exit_code == 2, "no reason"
    done = flask(app, "users", "reset-second-factor", "secadmin", "--reason", "手机丢失")
    assert (done.exit_code, done.output) == (0, "已重置 secadmin 的二次验证\n")
    with parts.context() as ctx:
        assert not factor_state(ctx, secadmin.id).begun
    again = flask(app, "users", "reset-second-factor", "secadmin", "--reason", "手机丢失")
    assert "没有启用" in again.output
    assert flask(app, "users", "reset-second-factor", "nobody", "--reason", "x").exit_code == 2


@pytest.mark.parametrize(
    ("roles", "status"),
    [(("audit_administrator",), 0), (("audit_administrator", "officer"), 2)],
    ids=["one office of control", "an office of control and the work"],
)
def test_the_command_line_keeps_the_administrators_apart_too(app: Flask, roles: tuple[str, ...], status: int) -> None:
    asked = [word for role in roles for word in ("--role", role)]
    assert flask(app, *CREATE, *asked).exit_code == status
