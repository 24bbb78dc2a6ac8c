"""Asking for e-mails: at once with the notice, or one a day. Each is claimed by its key, so nobody gets it twice.

What stands in an e-mail is decided when it is sent (`mail_send`); here it is only who is to get one, and about which
notices.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from caseapp.context import Context
from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.notices import DEFAULT_CADENCE, Cadence, group_of
from caseapp.models.account import Account
from caseapp.models.mail import Mail
from caseapp.models.notice_cadence import NoticeCadence
from caseapp.models.notification import Notification
from caseapp.services import outbox
from caseapp.services.unit_of_work import Unit, unit_of_work

DIGEST_AT = time(7, 30)
"""When the day's e-mail is made up, in China. It tells of what was unread then, however late it is really sent."""
_LOOKS_BACK = timedelta(days=14)
"""Older notices are not told of any more."""
TOPIC = "mail"

_CLAIM = {
    "sqlite": sqlite.insert(Mail).on_conflict_do_nothing(index_elements=["key"]).returning(Mail.id),
    "postgresql": postgresql.insert(Mail).on_conflict_do_nothing(index_elements=["key"]).returning(Mail.id),
}


def ask_for(ctx: Context, unit: Unit, kind: str, notices: Mapping[str, int]) -> None:
    """Ask for an e-mail at once for those who want that, in the transaction that puts the notices.

    notices  user -> id of a new notice of this kind
    """
    wanting = unit.connection.execute(
        select(NoticeCadence.user_id)
        .join(Account, Account.id == NoticeCadence.user_id)
        .where(
            NoticeCadence.user_id.in_(list(notices)),
            NoticeCadence.notice_group == group_of(kind).value,
            NoticeCadence.cadence == Cadence.NOW.value,
            Account.email.is_not(None),
            Account.email_refused.is_(None),
        )
    ).scalars()
    for user_id in list(wanting):
        _ask(ctx, unit, f"notice:{notices[user_id]}", user_id, [notices[user_id]])


def make_up_digests(ctx: Context) -> int:
    """Make up today's e-mails where that was not done yet. Returns how many were made up.

    It may run as often as one likes, and in several processes at once: the day's e-mail of a person is claimed once,
    and what it tells of hangs on the hour of `DIGEST_AT` alone.
    """
    cutoff = datetime.combine(ctx.today(), DIGEST_AT, tzinfo=LEGAL_ZONE)
    if ctx.ports.mailer is None or ctx.now() < cutoff:
        return 0
    people = ctx.session.execute(
        select(Notification.user_id)
        .join(Account, Account.id == Notification.user_id)
        .where(*_untold(cutoff), Account.active, Account.email.is_not(None), Account.email_refused.is_(None))
        .distinct()
        .order_by(Notification.user_id)
    ).scalars()
    made = 0
    for user_id in list(people):
        with unit_of_work(ctx) as unit:
            daily = _daily_notices(unit.connection, user_id, cutoff)
            key = f"digest:{user_id}:{ctx.today().isoformat()}"
            made += bool(daily) and _ask(ctx, unit, key, user_id, daily)
    return made


def ask_again(ctx: Context, mail_id: int) -> bool:
    """Try a failed e-mail once more, on an administrator's word. Returns False where it is not at an end."""
    with unit_of_work(ctx) as unit:
        row = unit.connection.execute(
            update(Mail)
            .where(Mail.id == mail_id, Mail.status.in_(("failed", "refused", "unsure")))
            .values(status="waiting", attempts=0, ended_at=None)
            .returning(Mail.user_id)
        ).first()
        if row is None:
            return False
        unit.connection.execute(update(Account).where(Account.id == row.user_id).values(email_refused=None))
        outbox.put(ctx, unit, topic=TOPIC, key=f"{TOPIC}:{mail_id}:{ctx.now().isoformat()}", payload={"mail": mail_id})
    return True


def _untold(cutoff: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Notification.mail_key.is_(None),
        Notification.read_at.is_(None),
        Notification.created_at <= cutoff,
        Notification.created_at > cutoff - _LOOKS_BACK,
    )


def _daily_notices(connection: Connection, user_id: str, cutoff: datetime) -> list[int]:
    """Return the notices that a person is to be told of once a day, by id."""
    chosen = {
        row.notice_group: row.cadence
        for row in connection.execute(
            select(NoticeCadence.notice_group, NoticeCadence.cadence).where(NoticeCadence.user_id == user_id)
        )
    }
    rows = connection.execute(
        select(Notification.id, Notification.kind)
        .where(Notification.user_id == user_id, *_untold(cutoff))
        .order_by(Notification.id)
    )
    return [row.id for row in rows if chosen.get(group_of(row.kind).value, DEFAULT_CADENCE) == Cadence.DAILY]


def _ask(ctx: Context, unit: Unit, key: str, user_id: str, notices: list[int]) -> bool:
    """Claim an e-mail and put it into the outbox. Returns False where it was claimed before."""
    connection = unit.connection
    mail_id = connection.execute(
        _CLAIM[connection.dialect.name],
        {"key": key, "user_id": user_id, "status": "waiting", "attempts": 0, "created_at": ctx.now()},
    ).scalar()
    if mail_id is None:
        return False
    connection.execute(
        update(Notification).where(Notification.id.in_(notices), Notification.mail_key.is_(None)).values(mail_key=key)
    )
    outbox.put(ctx, unit, topic=TOPIC, key=f"{TOPIC}:{mail_id}", payload={"mail": mail_id})
    return True
