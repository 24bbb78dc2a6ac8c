"""Those who can sign are reminded once a day, and by the requester alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from caseapp.domain.errors import ActionRefused, NotFound, NotPermitted
from caseapp.models.notification import Notification
from caseapp.services.approval_nudge import nudge
from caseapp.services.case_approve import withdraw
from tests.support.office import Office, office

__all__ = ["office"]


def reminded(office: Office) -> list[str]:
    with office.parts.context() as ctx:
        rows = ctx.session.execute(select(Notification.user_id).where(Notification.kind == "nudge")).scalars()
        return sorted(rows)


def test_who_can_sign_the_step_is_reminded_once_a_day(office: Office) -> None:
    case, approval = office.asked()
    head, leader = office.people["head"].id, office.people["leader"].id
    with office.context("officer") as ctx:
        assert nudge(ctx, approval) == 1
        assert nudge(ctx, approval) == 0
    assert reminded(office) == [head]
    office.later(days=1)
    with office.context("officer") as ctx:
        assert nudge(ctx, approval) == 1
    office.sign(case.id, approval, "head")
    with office.context("officer") as ctx:
        assert nudge(ctx, approval) == 1
    assert sorted(reminded(office)) == sorted([head, head, leader])


def test_only_the_requester_reminds(office: Office) -> None:
    _case, approval = office.asked()
    with office.context("officer2") as ctx, pytest.raises(NotPermitted):
        nudge(ctx, approval)


def test_an_ended_request_reminds_nobody(office: Office) -> None:
    _case, approval = office.asked()
    with office.context("officer") as ctx:
        withdraw(ctx, approval)
        with pytest.raises(ActionRefused):
            nudge(ctx, approval)
        with pytest.raises(NotFound):
            nudge(ctx, "0" * 32)
    assert reminded(office) == []
