"""Submissions that were carried out: the same key again does nothing and returns the same answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import msgspec
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from caseapp.context import Context
from caseapp.db import Prepared, table_of
from caseapp.domain.errors import N_, Message, NotPermitted, StaleCase
from caseapp.models.submission import Submission
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
            done = earlier(ctx, key)
            if done is None:
                try:
                    return service(ctx, *given, **named)
                except StaleCase:
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


def keep(ctx: Context, unit: Unit, key: str | None, outcome: Mapping[str, Any]) -> None:
    """Remember a submission in its own transaction.

    raises  StaleCase where the same key was used in another transaction that has just committed
    """
    if not key:
        return
    try:
        _KEEP.run(
            unit.connection,
            {
                "key": key,
                "actor": ctx.actor.id,
                "made_at": ctx.now(),
                "outcome": msgspec.json.encode(dict(outcome)).decode(),
            },
        )
    except IntegrityError as error:
        raise StaleCase(0, 0) from error
