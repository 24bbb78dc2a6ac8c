"""What has served its time is removed; what may still be needed stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from caseapp.models.draft import Draft
from caseapp.models.job_run import JobRun
from caseapp.models.mail import Mail
from caseapp.models.outbox import OutboxMessage
from caseapp.models.submission import Submission
from caseapp.services.tidying import (
    DONE_MESSAGES_KEPT,
    DRAFTS_KEPT,
    MAILS_KEPT,
    RUNS_KEPT,
    SUBMISSIONS_KEPT,
    Tidied,
    tidy,
)
from caseapp.services.unit_of_work import unit_of_work
from tests.support.spine import OFFICER, START, House

SECOND = timedelta(seconds=1)


def rows(age: timedelta, name: str) -> list[tuple[Any, dict[str, Any]]]:
    """Return one row of each kind; each is just older, or just younger, than what is kept."""
    return [
        (Submission, {"key": name, "actor": "a", "made_at": START - SUBMISSIONS_KEPT - age, "outcome": "{}"}),
        (Draft, {"id": name, "place": "p", "content": "c", "saved_at": START - DRAFTS_KEPT - age}),
        (
            JobRun,
            {"job": name, "due_at": START - RUNS_KEPT - age, "started_at": START, "status": "done"},
        ),
        (
            OutboxMessage,
            {
                "topic": "t",
                "key": name,
                "payload": "{}",
                "created_at": START,
                "available_at": START,
                "attempts": 1,
                "done_at": START - DONE_MESSAGES_KEPT - age,
            },
        ),
        (
            Mail,
            {
                "key": name,
                "user_id": OFFICER.id,
                "status": "sent",
                "attempts": 1,
                "created_at": START,
                "ended_at": START - MAILS_KEPT - age,
            },
        ),
    ]


def test_only_what_is_old_and_done_is_removed(house: House) -> None:
    waiting = {"topic": "t", "key": "open", "payload": "{}", "created_at": START - timedelta(days=900)}
    waiting |= {"available_at": waiting["created_at"], "attempts": 7}
    with house.context() as ctx:
        with unit_of_work(ctx) as unit:
            for model, row in [*rows(SECOND, "old"), *rows(-SECOND, "young"), (OutboxMessage, waiting)]:
                unit.connection.execute(insert(model), row)
        assert tidy(ctx) == Tidied(submissions=1, drafts=1, runs=1, messages=1, sessions=0, mails=1)
        assert tidy(ctx) == Tidied(0, 0, 0, 0, 0)
        left = {
            model: ctx.session.execute(select(func.count()).select_from(model)).scalar_one()
            for model in (Submission, Draft, JobRun, OutboxMessage)
        }
    assert left == {Submission: 1, Draft: 1, JobRun: 1, OutboxMessage: 2}
