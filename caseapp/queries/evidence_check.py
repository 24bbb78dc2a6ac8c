"""Whether every evidence file is still what it was when it was added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import FileChanged
from caseapp.models.case_evidence import CaseEvidence

_AT_ONCE = 500


def check_files(
    ctx: Context, case_id: str | None = None, *, progress: Callable[[int], object] | None = None
) -> dict[str, Any]:
    """Recompute the hash of every kept file, withdrawn pieces too; bounded memory.

    progress  called with the number of pieces done since the last call

    returns  {"pieces": n, "files": n, "broken": [{"case", "number", "title", "digest", "reason"}]}
    """
    judged: dict[str, str] = {}
    broken: list[dict[str, Any]] = []
    pieces, after = 0, ("", 0)
    while rows := ctx.session.execute(_next(case_id, after)).all():
        for row in rows:
            if row.digest not in judged:
                judged[row.digest] = _fault(ctx, row.digest)
            if judged[row.digest]:
                broken.append(
                    {
                        "case": row.case_id,
                        "number": row.number,
                        "title": row.title,
                        "digest": row.digest,
                        "reason": judged[row.digest],
                    }
                )
        pieces += len(rows)
        after = (rows[-1].case_id, rows[-1].number)
        if progress is not None:
            progress(len(rows))
    return {"pieces": pieces, "files": len(judged), "broken": broken}


def _next(case_id: str | None, after: tuple[str, int]) -> Any:
    query = select(CaseEvidence.case_id, CaseEvidence.number, CaseEvidence.title, CaseEvidence.digest)
    if case_id is not None:
        query = query.where(CaseEvidence.case_id == case_id)
    case, number = after
    return (
        query.where((CaseEvidence.case_id > case) | ((CaseEvidence.case_id == case) & (CaseEvidence.number > number)))
        .order_by(CaseEvidence.case_id, CaseEvidence.number)
        .limit(_AT_ONCE)
    )


def _fault(ctx: Context, digest: str) -> str:
    """Return what is wrong with a file, '' where nothing is."""
    try:
        ctx.ports.evidence.open(digest).close()
    except FileChanged as changed:
        return str(changed)
    return ""
