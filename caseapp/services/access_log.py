"""Who looked at what: reads of case files, exports and searches, in the access stream of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from caseapp.context import Context
from caseapp.domain.events import Json, Stream
from caseapp.domain.masking import mask_numbers_in
from caseapp.domain.personal_numbers import mask_number, tells_of_a_person
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.services.ledger import append_beside
from caseapp.services.unit_of_work import unit_of_work

READ = "read"
PERSONAL_READ = "personal_read"
EVIDENCE_READ = "evidence_read"
EXPORTED = "exported"
SEARCHED = "searched"

_ENTRY = LedgerEntry.__table__
_LATEST = 40
"""So many of the newest reads of a case are looked through; more people than that do not open one file in one hour."""
_RECENT = (
    select(_ENTRY.c.actor, _ENTRY.c.kind, _ENTRY.c.appended_at)
    .where(_ENTRY.c.chain == bindparam("of_chain"))
    .order_by(_ENTRY.c.seq.desc())
    .limit(_LATEST)
)


def note_read(ctx: Context, case_id: str, what: str) -> bool:
    """Record that the actor looked into a case file: once for a person, a case and an hour. Returns whether it was.

    what  page | approval | document | print …: where the first look of the hour went
    """
    hour = ctx.now().replace(minute=0, second=0, microsecond=0)
    if _seen_since(ctx.session.connection(), ctx, case_id, hour):
        return False
    with unit_of_work(ctx) as unit:
        if _seen_since(unit.connection, ctx, case_id, hour):  # another request of the same person came first
            return False
        append_beside(ctx, unit, stream=Stream.ACCESS, kind=READ, payload={"what": what}, case_id=case_id)
    return True


def note_personal_read(ctx: Context, case_id: str, party: str) -> None:
    """Record every look at personal values that are otherwise masked.

    party  id of the party whose values were shown, '' for all
    """
    with unit_of_work(ctx) as unit:
        append_beside(
            ctx,
            unit,
            stream=Stream.ACCESS,
            kind=PERSONAL_READ,
            payload={"party": party} if party else {},
            case_id=case_id,
        )


def note_evidence_read(ctx: Context, case_id: str, evidence_id: str, how: str) -> None:
    """Record every time an evidence file is given out.

    how  download | view
    """
    with unit_of_work(ctx) as unit:
        append_beside(
            ctx,
            unit,
            stream=Stream.ACCESS,
            kind=EVIDENCE_READ,
            payload={"evidence": evidence_id, "what": how},
            case_id=case_id,
        )


def note_export(ctx: Context, what: str, asked: Mapping[str, Json], *, rows: int, capped: bool = False) -> None:
    """Record an export before it leaves the house.

    asked   the filters and the order of what was exported
    rows    how many rows it has; `capped` where there are more and nobody counted them
    """
    payload: dict[str, Json] = {"what": what, "asked": dict(asked), "rows": rows}
    if capped:
        payload["capped"] = True
    with unit_of_work(ctx) as unit:
        append_beside(ctx, unit, stream=Stream.ACCESS, kind=EXPORTED, payload=payload)


def note_search(ctx: Context, text: str, *, found_persons: bool = False) -> None:
    """Record what was searched for; identity numbers and telephones are kept masked, for the ledger cannot forget.

    found_persons  whether the text as a whole is the number of somebody in a case: then it is one, however it looks
    """
    hidden = found_persons or tells_of_a_person(text)
    kept = mask_number(text) if hidden else mask_numbers_in(text)
    with unit_of_work(ctx) as unit:
        append_beside(ctx, unit, stream=Stream.ACCESS, kind=SEARCHED, payload={"text": kept})


def _seen_since(connection: Connection, ctx: Context, case_id: str, hour: datetime) -> bool:
    rows = connection.execute(_RECENT, {"of_chain": f"access:{case_id}"})
    return any(row.actor == ctx.actor.id and row.kind == READ and row.appended_at >= hour for row in rows)
