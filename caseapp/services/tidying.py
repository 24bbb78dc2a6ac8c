"""Removing what has served its time: none of it is part of the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, delete, or_

from caseapp.context import Context
from caseapp.models.draft import Draft
from caseapp.models.job_run import JobRun
from caseapp.models.mail import Mail
from caseapp.models.outbox import OutboxMessage
from caseapp.models.sign_in_session import SignInSession
from caseapp.models.submission import Submission
from caseapp.queries.kept_forms import KEPT_FOR, PREFIX
from caseapp.services.unit_of_work import unit_of_work

SUBMISSIONS_KEPT = timedelta(days=7)
"""Longer than any form stays open: a repeated submission is recognised for so long."""
DRAFTS_KEPT = timedelta(days=30)
RUNS_KEPT = timedelta(days=30)
DONE_MESSAGES_KEPT = timedelta(days=30)
SESSIONS_KEPT = timedelta(days=30)
"""Far longer than a session may last: until then the form of somebody who returns late can still be given back."""
UPLOADS_KEPT = timedelta(days=1)
"""Longer than any upload takes: what is older was interrupted."""
MAILS_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows, and files of interrupted uploads, were removed."""

    submissions: int
    drafts: int
    runs: int
    messages: int
    sessions: int
    mails: int = 0
    uploads: int = 0


def tidy(ctx: Context) -> Tidied:
    """Remove old submissions, drafts, job runs, messages and e-mails that came to their end, sessions long over, and
    what interrupted uploads left.
    """
    now = ctx.now()
    with unit_of_work(ctx) as unit:
        submissions, drafts, runs, messages, sessions, mails = (
            unit.connection.execute(statement).rowcount
            for statement in (
                delete(Submission).where(Submission.made_at < now - SUBMISSIONS_KEPT),
                delete(Draft).where(
                    or_(
                        Draft.saved_at < now - DRAFTS_KEPT,
                        and_(Draft.id.startswith(PREFIX), Draft.saved_at < now - KEPT_FOR),
                    )
                ),
                delete(JobRun).where(JobRun.due_at < now - RUNS_KEPT),
                delete(OutboxMessage).where(OutboxMessage.done_at < now - DONE_MESSAGES_KEPT),
                delete(SignInSession).where(SignInSession.started_at < now - SESSIONS_KEPT),
                delete(Mail).where(Mail.ended_at < now - MAILS_KEPT),
            )
        )
    uploads = ctx.ports.evidence.drop_leftovers(
        older_than_seconds=UPLOADS_KEPT.total_seconds(), now=ctx.ports.clock.now().timestamp()
    )
    return Tidied(submissions, drafts, runs, messages, sessions, mails, uploads)
