"""Sending one e-mail: what the person may see is asked now, and a message that may have gone is not sent again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, ExternalError, Message
from caseapp.domain.notices import DEFAULT_CADENCE, Cadence, group_of, hint_of
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.mail import Mail
from caseapp.models.notice_cadence import NoticeCadence
from caseapp.models.notification import Notification
from caseapp.ports import LetterLine, MailMessage, MailRefused, MailUnsure
from caseapp.queries.notice_sight import sight_of_notices
from caseapp.queries.staff import roles_of
from caseapp.services import notify
from caseapp.services.unit_of_work import Unit, unit_of_work

MOST_ATTEMPTS = 20
"""With the pauses of the outbox about twelve hours; then the administrators are told, and decide."""
_LONGEST_ERROR = 300
_ENDED = ("sent", "skipped", "refused", "failed", "unsure")


def send(ctx: Context, told: Mapping[str, Any]) -> None:
    """Carry out a message of the outbox topic `mail`: {"mail": id}.

    It may come twice for one e-mail. Whoever finds it half sent cannot know whether it went: it ends as unsure.

    raises  ExternalError where it was certainly not taken: the outbox tries again later
    """
    mailer, letters = ctx.ports.mailer, ctx.ports.letters
    if mailer is None or letters is None:
        raise ExternalError(Message(N_("本系统没有配置邮件服务器")))
    mail = _take(ctx, told["mail"])
    if mail is None:
        return
    account = ctx.session.execute(select(Account).where(Account.id == mail.user_id)).scalar_one()
    lines = _lines(ctx, mail, account) if account.active and account.email else []
    if not lines:
        _end(ctx, mail, "skipped")
        return
    daily = mail.key.startswith("digest:")
    subject, text = letters.write(lines, language=account.language or "zh", daily=daily)
    address = str(account.email)
    try:
        mailer.send(MailMessage(f"{mail.key}:{mail.id}", address, subject, text))
    except MailRefused as error:
        _end(ctx, mail, "refused", address=address, error=str(error), refused=error.address)
    except MailUnsure as error:
        _end(ctx, mail, "unsure", address=address, error=str(error))
    except ExternalError as error:
        if mail.attempts + 1 >= MOST_ATTEMPTS:
            _end(ctx, mail, "failed", address=address, error=str(error))
            return
        _write(ctx, mail, status="waiting", address=address, error=str(error)[:_LONGEST_ERROR])
        raise
    else:
        _end(ctx, mail, "sent", address=address, notices=len(lines))


def _take(ctx: Context, mail_id: int) -> Row[Any] | None:
    """Return the e-mail, marked as being sent; None where it is at an end."""
    row = ctx.session.execute(select(Mail.__table__).where(Mail.id == mail_id)).first()
    if row is None or row.status in _ENDED:
        return None
    if row.status == "sending":
        _end(ctx, row, "unsure", error="interrupted")
        return None
    with unit_of_work(ctx) as unit:
        taken = unit.connection.execute(
            update(Mail)
            .where(Mail.id == mail_id, Mail.status == "waiting", Mail.attempts == row.attempts)
            .values(status="sending", attempts=row.attempts + 1)
        )
    return row if taken.rowcount == 1 else None


def _lines(ctx: Context, mail: Row[Any], account: Account) -> list[LetterLine]:
    """Return what may be told now: unread, still wanted, and of cases that the person still may see."""
    chosen = {
        row.notice_group: row.cadence
        for row in ctx.session.execute(
            select(NoticeCadence.notice_group, NoticeCadence.cadence).where(NoticeCadence.user_id == account.id)
        )
    }
    rows = [
        row
        for row in ctx.session.execute(
            select(Notification.id, Notification.kind, Notification.case_id)
            .where(Notification.mail_key == mail.key, Notification.read_at.is_(None))
            .order_by(Notification.id)
        )
        if chosen.get(group_of(row.kind).value, DEFAULT_CADENCE) != Cadence.NONE
    ]
    person = Actor(account.id, account.name, account.organ_id, roles_of(account.roles))
    seeing = ctx.acting_as(person, scope=account.scope)
    cases = {row.case_id for row in rows if row.case_id}
    sight = sight_of_notices(seeing, cases)
    numbers = {
        row.id: row.number or row.lead_number or row.external_id or row.id
        for row in ctx.session.execute(
            select(CaseFile.id, CaseFile.number, CaseFile.lead_number, CaseFile.external_id).where(
                CaseFile.id.in_(cases)
            )
        )
    }
    return [
        # A case that is only on its way has no page for him yet: the letter leads to the list of his notices.
        LetterLine(hint_of(row.kind), numbers.get(row.case_id, ""), row.case_id if row.case_id in sight.cases else "")
        for row in rows
        if sight.tells(row.kind, row.case_id)
    ]


def _end(
    ctx: Context,
    mail: Row[Any],
    status: str,
    *,
    address: str | None = None,
    error: str | None = None,
    notices: int | None = None,
    refused: bool = False,
) -> None:
    """Write down where an e-mail ended, and tell the administrators where it is lost.

    refused  the server will not have the address: nothing more is sent there until the person gives it anew
    """
    why = error[:_LONGEST_ERROR] if error else None
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(Mail)
            .where(Mail.id == mail.id)
            .values(status=status, address=address, error=why, notices=notices, ended_at=ctx.now())
        )
        if refused:
            unit.connection.execute(
                update(Account).where(Account.id == mail.user_id, Account.email == address).values(email_refused=why)
            )
        if status in ("refused", "failed", "unsure"):
            _tell_administrators(ctx, unit)


def _tell_administrators(ctx: Context, unit: Unit) -> None:
    """Tell once a day: the rest stands on their page."""
    notify.tell_system_administrators(
        ctx,
        unit,
        kind="mail_failed",
        key=f"mail-failed:{ctx.today().isoformat()}",
        message=Message(N_("有邮件未能送达，请在“管理 · 邮件”中查看")),
    )


def _write(ctx: Context, mail: Row[Any], **values: object) -> None:
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(Mail).where(Mail.id == mail.id).values(**values))
