"""Putting officers in charge of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import EntryKind
from caseapp.queries.staff import staff_of
from caseapp.services import effects, submissions
from caseapp.services.case_intake import CaseRef
from caseapp.services.case_store import begin
from caseapp.services.unit_of_work import unit_of_work


@submissions.once(CaseRef)
def assign(
    ctx: Context,
    case_id: str,
    officers: Sequence[str],
    *,
    seen_version: int | None,
    reason: str = "",
    idempotency_key: str | None = None,
) -> CaseRef:
    """Put officers in charge; the first is the lead officer.

    Whether two certified officers are needed is judged by the acts that need them (行政处罚法 art 42); a lead may have one.

    raises  NotFound, StaleCase, InputError (nobody named, not of this organ, no longer active)
    """
    edit = begin(ctx, case_id, seen_version=seen_version)
    chosen = list(dict.fromkeys(officers))
    if not chosen:
        raise InputError("officers", Message(N_("请至少指派一名办案人员")))
    refuse_strangers(ctx, edit.current.organ, chosen)
    occurred_at, precision = edit.occurred(None)
    edit.append(
        EntryKind.OFFICERS_ASSIGNED,
        {"officers": list(chosen), "reason": reason.strip()},
        occurred_at=occurred_at,
        precision=precision,
    )
    reference = CaseRef(case_id, edit.current.display_number(), edit.current.version)
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        effects.officers_told(ctx, unit, edit.current, chosen)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


def refuse_strangers(ctx: Context, organ: str, officers: Sequence[str]) -> None:
    """Refuse whoever is not an active member of the organ. raises InputError"""
    staff = staff_of(ctx, organ)
    for officer in officers:
        if officer not in staff or not staff[officer].active or staff[officer].organ != organ:
            raise InputError("officers", Message(N_("所选人员不是本机关在岗人员")))
