"""Folding the ledger anew beside what is stored: listing the differences, and writing the projections from the
ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Select, exists, func, select

from caseapp.context import Context
from caseapp.domain.events import Stream
from caseapp.models.case_file import CaseFile
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.ledger_entries import begin_snapshot, sealed_entries
from caseapp.services import ledger
from caseapp.services.ledger_projection import (
    Difference,
    Unfoldable,
    chain_is_sound,
    compare,
    project,
    stored_of,
    write_projection,
)
from caseapp.services.unit_of_work import unit_of_work

_CASES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class RebuildResult:
    """What a rebuild did.

    cases      looked at
    rewritten  ids of those whose projections were written anew
    left       differences that remain: the chain is not sound, entries cannot be folded, or what is lost is no
               projection
    """

    cases: int
    rewritten: tuple[str, ...]
    left: tuple[Difference, ...]


def count_cases(ctx: Context, case_id: str | None = None) -> int:
    """Return how many cases a run over all of them (or over one) looks at."""
    if case_id is not None:
        return 1
    stored = ctx.session.execute(select(func.count()).select_from(CaseFile)).scalar_one()
    lost = ctx.session.execute(select(func.count()).select_from(_lost().subquery())).scalar_one()
    return int(stored + lost)


def differences(
    ctx: Context, case_id: str | None = None, *, progress: Callable[[int], object] | None = None
) -> Iterator[Difference]:
    """Yield where the stored projections differ from what the ledger says, case after case; bounded memory.

    Each batch of cases is read from one unchanging view of the database, so a running system gives no false alarm.

    progress  called with the number of cases done since the last call
    """
    for batch in _batches(ctx, case_id):
        yield from _differences_in(ctx, batch)
        if progress is not None:
            progress(len(batch))


def rebuild(
    ctx: Context, case_id: str | None = None, *, progress: Callable[[int], object] | None = None
) -> RebuildResult:
    """Write anew the projections that differ from the ledger, each case in a transaction of its own.

    A case whose chain is broken or does not end where the case says is left alone: rebuilding on it would hide the
    damage. Issued documents and personal values are no projections and are only told.
    """
    rewritten: list[str] = []
    left: list[Difference] = []
    count = count_cases(ctx, case_id)
    for case, _ in groupby(differences(ctx, case_id, progress=progress), key=lambda item: item.case):
        if rewrite(ctx, case):
            rewritten.append(case)
        left.extend(_differences_in(ctx, [case]))
    if rewritten:
        with unit_of_work(ctx) as unit:
            ledger.append_beside(
                ctx,
                unit,
                stream=Stream.SYSTEM,
                kind="projections_rebuilt",
                payload={"cases": count, "rewritten": len(rewritten)},
            )
    return RebuildResult(count, tuple(rewritten), tuple(left))


def rewrite(ctx: Context, case_id: str) -> bool:
    """Write the projections of a case anew where they differ. Returns whether they were: not on a broken chain."""
    with unit_of_work(ctx) as unit:
        # Whoever acts on the case meanwhile waits here, so that what is folded is what is written.
        unit.connection.execute(select(CaseFile.id).where(CaseFile.id == case_id).with_for_update())
        sealed = list(sealed_entries(ctx, [case_id]))
        stored = stored_of(ctx, [case_id])
        row = stored.cases.get(case_id)
        if not chain_is_sound(sealed, row):
            return False
        try:
            projection = project(case_id, sealed, ctx.law, stored.documents[case_id])
        except Unfoldable:
            return False
        told = ("issued_document", "personal_value")
        if all(item.table in told for item in compare(case_id, projection, stored)):
            return False
        write_projection(unit, case_id, projection, exists=row is not None)
    return True


def _differences_in(ctx: Context, case_ids: Sequence[str]) -> list[Difference]:
    begin_snapshot(ctx)
    found: list[Difference] = []
    chains = {
        chain: list(entries) for chain, entries in groupby(sealed_entries(ctx, case_ids), key=lambda entry: entry.chain)
    }
    stored = stored_of(ctx, case_ids)
    for case_id in case_ids:
        try:
            projection = project(case_id, chains.get(case_id, []), ctx.law, stored.documents[case_id])
        except Unfoldable as error:
            found.append(Difference(case_id, "ledger_entry", "", "", None, str(error)))
        else:
            found.extend(compare(case_id, projection, stored))
    ctx.session.rollback()
    return found


def _batches(ctx: Context, case_id: str | None) -> Iterator[list[str]]:
    """Yield ids of cases, those stored first, then those of which only the ledger knows."""
    if case_id is not None:
        yield [case_id]
        return
    for query, key in ((select(CaseFile.id), CaseFile.id), (_lost(), LedgerEntry.chain)):
        after = ""
        while batch := list(
            ctx.session.execute(query.where(key > after).order_by(key).limit(_CASES_AT_ONCE)).scalars()
        ):
            after = batch[-1]
            yield batch


def _lost() -> Select[str]:
    return select(LedgerEntry.chain).where(
        LedgerEntry.seq == 1,
        LedgerEntry.stream == Stream.CASE.value,
        ~exists().where(CaseFile.id == LedgerEntry.chain),
    )
