"""Auditing the ledger: searches, looks at entries and checks are entries themselves; the auditor leaves traces too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, RuleRefused
from caseapp.domain.events import Json, Stream
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.ledger_check import entry_estimate, verify
from caseapp.queries.ledger_search import (
    EntryDetail,
    LedgerFilter,
    LedgerPage,
    LedgerRow,
    case_called,
    every_entry,
    ledger_count,
    ledger_entry,
    ledger_page,
)
from caseapp.queries.users import names_of
from caseapp.services import ledger
from caseapp.services.access_log import note_export
from caseapp.services.unit_of_work import unit_of_work

SEARCHED = "ledger_searched"
ENTRY_READ = "ledger_entry_read"
VERIFIED = "ledger_verified"
AT_ONCE = 50_000
"""A ledger of up to so many entries is checked while the auditor waits; a longer one from the command line."""
MOST_EXPORTED = 10_000
MOST_TOLD = 100
"""Breaches kept and shown of one check; the count tells of all."""

Key = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found.

    case        what the checked case is called, '' for the whole ledger
    broken      [{"chain", "seq", "reason"}], at most `MOST_TOLD`; `faults` counts them all
    unanchored  entries that no signed file covers yet
    """

    case: str
    cases: int
    entries: int
    faults: int
    broken: tuple[Mapping[str, Any], ...]
    unanchored: int
    anchors: int
    at: datetime
    by: str


def search(ctx: Context, asked: LedgerFilter, *, after: Key | None = None, before: Key | None = None) -> LedgerPage:
    """Return one page of entries and record what was looked for; leafing through the pages is one search.

    raises  NotPermitted, InputError, NotFound
    """
    require(ctx.actor.roles, Permission.LEDGER_SEARCH)
    page = ledger_page(ctx, asked, after=after, before=before)
    if after is None and before is None:
        payload: dict[str, Json] = {"asked": dict(asked.told()), "shown": len(page.rows)}
        _record(ctx, Stream.ACCESS, SEARCHED, payload)
    return page


def export(ctx: Context, asked: LedgerFilter) -> Iterator[LedgerRow]:
    """Return everything that is found, without payloads; the export is recorded before the first row leaves.

    raises  NotPermitted, InputError, NotFound, RuleRefused where it is more than `MOST_EXPORTED`
    """
    require(ctx.actor.roles, Permission.LEDGER_SEARCH)
    rows = ledger_count(ctx, asked, cap=MOST_EXPORTED)
    if rows > MOST_EXPORTED:
        raise RuleRefused(Message(N_("超过 %(n)s 条，请缩小检索范围后再导出"), {"n": MOST_EXPORTED}))
    note_export(ctx, "ledger", dict(asked.told()), rows=rows)
    return every_entry(ctx, asked)


def read_entry(ctx: Context, entry_id: int) -> EntryDetail:
    """Return one entry in full and record that it was looked at: with the case, where it belongs to one.

    raises  NotPermitted, NotFound
    """
    require(ctx.actor.roles, Permission.LEDGER_SEARCH)
    detail = ledger_entry(ctx, entry_id)
    told: dict[str, Json] = {"chain": detail.row.chain, "seq": detail.row.seq}
    _record(ctx, Stream.ACCESS, ENTRY_READ, told, case_id=detail.row.case_id)
    return detail


def check_case(ctx: Context, text: str) -> CheckResult:
    """Check the chains of one case, named as people name it, and record the result. raises NotPermitted, NotFound"""
    require(ctx.actor.roles, Permission.LEDGER_VERIFY)
    return _check(ctx, case_called(ctx, text), text.strip())


def check_all(ctx: Context) -> CheckResult:
    """Check the whole ledger and record the result. raises NotPermitted, RuleRefused where it is too long to wait"""
    require(ctx.actor.roles, Permission.LEDGER_VERIFY)
    if not may_check_all(ctx):
        raise RuleRefused(Message(N_("台账超过 %(n)s 条，请在服务器上运行 flask ledger verify"), {"n": AT_ONCE}))
    return _check(ctx, None, "")


def may_check_all(ctx: Context) -> bool:
    """Return whether the whole ledger is short enough to be checked at once."""
    return entry_estimate(ctx) <= AT_ONCE


def last_check(ctx: Context) -> CheckResult | None:
    """Return the newest recorded check of the whole ledger, None where there never was one."""
    rows = ctx.session.execute(
        select(LedgerEntry.actor, LedgerEntry.appended_at, LedgerEntry.payload)
        .where(LedgerEntry.chain == Stream.SYSTEM.value, LedgerEntry.kind == VERIFIED, LedgerEntry.case_id.is_(None))
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    ).all()
    if not rows:
        return None
    row = rows[0]
    told = msgspec.json.decode(row.payload)
    return CheckResult(
        case="",
        cases=told["cases"],
        entries=told["entries"],
        faults=told["faults"],
        broken=tuple(told["broken"]),
        unanchored=told["unanchored"],
        anchors=told["anchors"],
        at=row.appended_at,
        by=names_of(ctx, {row.actor}).get(row.actor, row.actor),
    )


def _check(ctx: Context, case_id: str | None, called: str) -> CheckResult:
    found = verify(ctx, case_id)
    broken = found["broken"][:MOST_TOLD]
    result = CheckResult(
        case=called,
        cases=found["cases"],
        entries=found["entries"],
        faults=len(found["broken"]),
        broken=tuple(broken),
        unanchored=found["unanchored"],
        anchors=found["anchors"],
        at=ctx.now(),
        by=ctx.actor.name,
    )
    payload: dict[str, Json] = {
        "cases": result.cases,
        "entries": result.entries,
        "faults": result.faults,
        "broken": broken,
        "unanchored": result.unanchored,
        "anchors": result.anchors,
    }
    _record(ctx, Stream.SYSTEM, VERIFIED, payload, case_id=case_id)
    return result


def _record(ctx: Context, stream: Stream, kind: str, payload: dict[str, Json], *, case_id: str | None = None) -> None:
    with unit_of_work(ctx) as unit:
        ledger.append_beside(ctx, unit, stream=stream, kind=kind, payload=payload, case_id=case_id)
