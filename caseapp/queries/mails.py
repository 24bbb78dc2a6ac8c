"""E-mails as the system administrator sees them: where each ended and why; never what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from caseapp.context import Context
from caseapp.models.account import Account
from caseapp.models.mail import Mail

LOST = ("refused", "failed", "unsure")
"""Ends that an administrator should look at."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class MailRow:
    """One e-mail. status: waiting | sending | sent | skipped | refused | failed | unsure"""

    id: int
    person: str
    address: str
    daily: bool
    status: str
    notices: int | None
    attempts: int
    error: str
    created_at: datetime
    ended_at: datetime | None


def mails(ctx: Context, *, lost_only: bool = False, before: int | None = None, limit: int = PAGE) -> list[MailRow]:
    """Return e-mails, newest first, at most `limit`.

    before  id of the last one already shown
    """
    query = select(Mail, Account.name).join(Account, Account.id == Mail.user_id)
    if lost_only:
        query = query.where(Mail.status.in_(LOST))
    if before is not None:
        query = query.where(Mail.id < before)
    return [
        MailRow(
            mail.id,
            name,
            mail.address or "",
            mail.key.startswith("digest:"),
            mail.status,
            mail.notices,
            mail.attempts,
            mail.error or "",
            mail.created_at,
            mail.ended_at,
        )
        for mail, name in ctx.session.execute(query.order_by(Mail.id.desc()).limit(limit))
    ]


def lost_mails(ctx: Context) -> int:
    """Return how many e-mails did not arrive, or may not have."""
    count = select(func.count()).select_from(Mail).where(Mail.status.in_(LOST))
    return int(ctx.session.execute(count).scalar_one())
