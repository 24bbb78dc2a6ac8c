"""How the person who is signed in wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.notices import DEFAULT_CADENCE, Cadence, NoticeGroup
from caseapp.models.account import Account
from caseapp.models.notice_cadence import NoticeCadence


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """Address and cadence by group. refused: what the server said that refused the address, '' where none did."""

    email: str
    refused: str
    cadences: Mapping[NoticeGroup, Cadence]
    sends_mail: bool


def notice_settings(ctx: Context) -> NoticeSettings:
    """Return the actor's settings; what was never chosen is `DEFAULT_CADENCE`."""
    account = ctx.session.execute(select(Account.email, Account.email_refused).where(Account.id == ctx.actor.id)).one()
    chosen = {
        row.notice_group: Cadence(row.cadence)
        for row in ctx.session.execute(
            select(NoticeCadence.notice_group, NoticeCadence.cadence).where(NoticeCadence.user_id == ctx.actor.id)
        )
    }
    return NoticeSettings(
        email=account.email or "",
        refused=account.email_refused or "",
        cadences={group: chosen.get(group.value, DEFAULT_CADENCE) for group in NoticeGroup},
        sends_mail=ctx.ports.mailer is not None,
    )
