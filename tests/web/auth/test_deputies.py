"""Who signs for an approver needs what the approver needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from caseapp.domain.workflow.situation import Actor
from caseapp.services.deputies import name_deputy
from caseapp.wiring import Huhang
from tests.support.app import configuration
from tests.web.shell import Visitor


def test_a_deputy_of_an_approver_enrols_a_second_factor_before_signing(
    enter: Callable[[str], Visitor], people: Mapping[str, Actor], parts: Huhang
) -> None:
    parts.config = configuration("sqlite:///none", parts.config.var, second_factor_required=True)
    with parts.context(people["leader"]) as ctx:
        until = ctx.today() + timedelta(days=6)
        name_deputy(ctx, people["head"].id, people["officer"].id, first_on=ctx.today(), last_on=until, reason="出差")
    deputy, colleague = enter("officer"), enter("officer2")
    assert deputy.get("/desk").status_code == 200, "his own work goes on"
    assert deputy.get("/approvals").location == "/account/second-factor"
    assert "启用前不能办理" not in colleague.get("/account/second-factor").text
    assert colleague.get("/approvals").status_code == 403
