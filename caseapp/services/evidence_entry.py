"""Adding one entry about evidence or custody to a case, whoever else works on the case meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from caseapp.context import Context
from caseapp.domain.errors import ActionRefused, StaleCase
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import CaseImage
from caseapp.queries.evidence_hands import hand_in
from caseapp.services import submissions
from caseapp.services.case_store import CaseEdit, begin
from caseapp.services.unit_of_work import Unit, unit_of_work

ATTEMPTS = 6
Told = tuple[EntryKind, Mapping[str, Json]]


def record(
    ctx: Context,
    case_id: str,
    tell: Callable[[CaseEdit], Told],
    *,
    beside: Callable[[Unit, CaseEdit], None] | None = None,
    key: str | None = None,
    answer: Callable[[CaseEdit], Mapping[str, object]] | None = None,
) -> CaseImage:
    """Add the entry that `tell` makes of the case as it is now, and return the case with it.

    It changes nothing that somebody else might have changed, so it is not bound to the version that was seen: where
    somebody was faster, it is made anew from what he left.

    beside       what else is written in the same transaction
    key, answer  idempotency key, and what is remembered under it

    raises  NotFound, whatever `tell` raises, ActionRefused, StaleCase where others were faster every time
    """
    for attempt in range(ATTEMPTS):
        edit = begin(ctx, case_id)
        kind, payload = tell(edit)
        occurred_at, precision = edit.occurred(None)
        edit.append(kind, payload, occurred_at=occurred_at, precision=precision)
        try:
            with unit_of_work(ctx) as unit:
                edit.save(unit)
                if beside is not None:
                    beside(unit, edit)
                if key and answer is not None:
                    submissions.keep(ctx, unit, key, answer(edit))
        except StaleCase:
            if attempt == ATTEMPTS - 1 or submissions.earlier(ctx, key) is not None:
                raise
            continue
        return edit.current
    raise AssertionError("the loop ends by returning or raising")


def require_hand_in(ctx: Context, image: CaseImage) -> str:
    """Return the id of whose deputy the actor changes the evidence of the case, '' where he does so for himself.

    raises  ActionRefused: neither may
    """
    hand = hand_in(ctx, image)
    if hand.unmet:
        raise ActionRefused("evidence", hand.unmet)
    return hand.principal
