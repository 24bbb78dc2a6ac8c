"""Opening a side proceeding inside a case: a seizure, the preservation of evidence, an appraisal, a recusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.workflow import sides
from caseapp.domain.workflow.definition import Kind
from caseapp.services import submissions
from caseapp.services.case_act import Outcome, act_time, carry_out, decided
from caseapp.services.case_store import begin, new_id


@submissions.once(Outcome)
def open_proceeding(
    ctx: Context,
    case_id: str,
    procedure_id: str,
    action: str,
    fields: Mapping[str, Json],
    *,
    seen_version: int | None,
    occurred_on: date | None = None,
    idempotency_key: str | None = None,
) -> Outcome:
    """Open a side proceeding with its first act, or refuse with reasons.

    Where that act needs approval the proceeding is opened at once and waits in its initial state for the last
    signature. The latest version of the procedure is taken; roles, guards, form, papers and clocks are the act's, and
    the definition says beside which main procedures and in which of their states it may begin.

    fields       by field id, as for `case_act.act`
    seen_version, occurred_on  likewise

    raises  NotFound, StaleCase, ActionRefused (main state, unmet guards), InputErrors, InputError, DocumentNotReady
    """
    procedure = ctx.law.procedures.get(procedure_id)
    if procedure.kind is not Kind.SIDE:
        raise InputError("procedure", Message(N_("“%(procedure)s”不是并行环节"), {"procedure": procedure_id}))
    edit = begin(ctx, case_id, seen_version=seen_version)
    proceeding = sides.unopened(procedure, ctx.today(), proceeding_id=new_id(ctx))
    decision, principal = decided(ctx, edit, proceeding, action, fields, occurred_on)
    occurred_at, precision = act_time(edit, decision)
    begun: Json = {"id": proceeding.id, "procedure": procedure.id, "version": procedure.version}
    edit.append(EntryKind.PROCEEDING_OPENED, {"proceeding": begun}, occurred_at=occurred_at, precision=precision)
    return carry_out(ctx, edit, proceeding, decision, occurred_on, idempotency_key, principal=principal)
