"""Notes on a case: kept in the ledger like everything else, never edited."""

from __future__ import annotations

from dataclasses import asdict

from caseapp.context import Context
from caseapp.domain.events import EntryKind
from caseapp.services import submissions
from caseapp.services.case_intake import CaseRef
from caseapp.services.case_store import begin, require_text
from caseapp.services.unit_of_work import unit_of_work

LONGEST_NOTE = 5000


@submissions.once(CaseRef)
def add(ctx: Context, case_id: str, text: str, *, idempotency_key: str | None = None) -> CaseRef:
    """Add a note. It changes no fact, so it is not bound to the version that was seen.

    raises  NotFound, InputError (empty, too long)
    """
    text = require_text("text", text, LONGEST_NOTE)
    edit = begin(ctx, case_id)
    occurred_at, precision = edit.occurred(None)
    edit.append(EntryKind.NOTED, {"text": text}, occurred_at=occurred_at, precision=precision)
    reference = CaseRef(case_id, edit.current.display_number(), edit.current.version)
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference
