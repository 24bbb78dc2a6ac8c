"""Submissions that were carried out: the same key again does nothing and returns the same answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import msgspec
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from caseapp.context import Context
from caseapp.db import Prepared, table_of
from caseapp.domain.errors import N_, CaseAppError, Message, NotPermitted, StaleCase
from caseapp.models.submission import Submission
from caseapp.services.case_store import CaseEdit
from caseapp.services.unit_of_work import Unit

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Service = Callable[Concatenate[Context, Given], Answer]

_SUBMISSION = table_of(Submission)
_FIND = select(_SUBMISSION.c.actor, _SUBMISSION.c.outcome).where(_SUBMISSION.c.key == bindparam("of_key"))
_KEEP = Prepared(
    insert(_SUBMISSION).values({column.name: bindparam(column.name) for column in _SUBMISSION.columns}).inline()
)


def once(answer: type[Answer]) -> Callable[[Service[Given, Answer]], Service[Given, Answer]]:
    """Let a service be carried out once for each `idempotency_key`; the same key again gets the answer of the first
    time.

    So does the second of two that were sent at once: it finds the case changed, by nobody but itself.

    answer  what the service returns: a dataclass that `keep` was given as a mapping
    """

    def decorate(service: Service[Given, Answer]) -> Service[Given, Answer]:
        @wraps(service)
        def carried_out_once(ctx: Context, /, *given: Given.args, **named: Given.kwargs) -> Answer:
            key = cast("str | None", named.get("idempotency_key"))
            # Who tells what he saw, and whose act was done already, finds the case changed: no need to ask first.
            done = earlier(ctx, key) if named.get("seen_version") is None else None
            if done is None:
                try:
                    return service(ctx, *given, **named)
                except (CaseAppError, IntegrityError):  # what was carried out may not be lawful twice
                    if not key:
                        raise
                    ctx.session.rollback()  # what it read so far is from before the other one was kept
                    done = earlier(ctx, key)
                    if done is None:
                        raise
            return answer(**done)

        return carried_out_once

    return decorate


def earlier(ctx: Context, key: str | None) -> dict[str, Any] | None:
    """Return the outcome of an earlier submission with this key, or None.

    raises  NotPermitted where the key was used by somebody else
    """
    if not key:
        return None
    row = ctx.rows(_FIND, {"of_key": key}).first()
    if row is None:
        return None
    if row.actor != ctx.actor.id:
        raise NotPermitted(Message(N_("该提交凭证属于另一用户")))
    outcome: dict[str, Any] = msgspec.json.decode(row.outcome)
    return outcome


def keep(ctx: Context, unit: Unit, key: str | None, outcome: object) -> None:
    """Remember a submission in its own transaction.

    outcome  what the service returns, or the same as a mapping

    raises  StaleCase where the same key was used in another transaction that has just committed
    """
    if not key:
        return
    try:
        _KEEP.run(unit.connection, _row(ctx, key, outcome))
    except IntegrityError as error:
        raise StaleCase(0, 0) from error


def keep_beside(edit: CaseEdit, key: str | None, outcome: object) -> None:
    """Remember a submission as `keep` does, written together with the change of the case that it made."""
    if key:
        edit.beside(_KEEP, _row(edit.ctx, key, outcome))


def _row(ctx: Context, key: str, outcome: object) -> dict[str, object]:
    return {
        "key": key,
        "actor": ctx.actor.id,
        "made_at": ctx.now(),
        "outcome": msgspec.json.encode(outcome).decode(),
    }
