"""Asking for a case file to be bound: the work itself is done after commit, by whoever empties the outbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import insert, select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.models.bound_file import BoundFile
from caseapp.services import outbox
from caseapp.services.case_store import new_id
from caseapp.services.unit_of_work import Unit, unit_of_work

LONGEST_REASON = 200
UNDER_WAY = ("waiting", "building")
_PATIENCE = timedelta(hours=1)
"""A request older than this is taken to be lost, and another may be made."""


def request(ctx: Context, case_id: str, reasons: Mapping[str, str]) -> str:
    """Ask for the file to be bound anew; one that is under way already is returned instead. Returns its id.

    reasons  key of what is missing -> why it is not there

    raises  InputError for a reason that is too long
    """
    for key, reason in reasons.items():
        if len(reason) > LONGEST_REASON:
            raise InputError(key, Message(N_("不得超过 %(longest)s 字"), {"longest": LONGEST_REASON}))
    with unit_of_work(ctx) as unit:
        known = unit.connection.execute(
            select(BoundFile.id).where(
                BoundFile.case_id == case_id,
                BoundFile.state.in_(UNDER_WAY),
                BoundFile.requested_at > ctx.now() - _PATIENCE,
            )
        ).scalar()
        return known or queue(ctx, unit, case_id, reasons={key: text.strip() for key, text in reasons.items()})


def queue(
    ctx: Context, unit: Unit, case_id: str, *, to_seal: bool = False, reasons: Mapping[str, str] | None = None
) -> str:
    """Write the request into the transaction under way. Without reasons those of the last binding are kept."""
    if reasons is None:
        last = unit.connection.execute(
            select(BoundFile.reasons)
            .where(BoundFile.case_id == case_id)
            .order_by(BoundFile.requested_at.desc(), BoundFile.id)
            .limit(1)
        ).scalar()
        reasons = json.loads(last) if last else {}
    file_id = new_id(ctx)
    unit.connection.execute(
        insert(BoundFile),
        {
            "id": file_id,
            "case_id": case_id,
            "state": "waiting",
            "to_seal": to_seal,
            "requested_by": ctx.actor.id,
            "requested_at": ctx.now(),
            "reasons": json.dumps({key: text for key, text in reasons.items() if text}, ensure_ascii=False),
            "done": 0,
            "total": 0,
            "pages": 0,
            "problems": "{}",
        },
    )
    outbox.put(ctx, unit, topic="bind_case_file", key=f"bind:{file_id}", payload={"file": file_id})
    return file_id
