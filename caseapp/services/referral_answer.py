"""What the police, a procuratorate or a court do in a proceeding that was sent to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound, StaleCase
from caseapp.domain.events import Json
from caseapp.domain.facts import ProceedingImage, ShareRecord
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.attached import KeptFile, with_files
from caseapp.domain.workflow.share_folds import known_acts, share_of
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.visibility import shared_referrals
from caseapp.services import package_answer, submissions
from caseapp.services.case_act import Outcome, carry_out, decided, proceeding_in
from caseapp.services.case_store import CaseEdit, begin


@submissions.once(Outcome)
def answer(
    ctx: Context,
    proceeding_id: str,
    action: str,
    fields: Mapping[str, Json],
    *,
    seen_acts: int | None,
    occurred_on: date | None = None,
    files: Sequence[KeptFile] = (),
    idempotency_key: str | None = None,
) -> Outcome:
    """Take an act of the actor's organ in a proceeding that was sent to it, or refuse with reasons.

    fields     by field id, as for `case_act.act`
    seen_acts  how many acts the form was made from, of those that the organ knows of; None skips the check. What else
               happens in the case makes no form stale: it is not this organ's to know
    files      what comes with it: the decision, the ruling, as signed

    raises  NotPermitted, NotFound (also: not sent to this organ, or sent on), StaleCase, ActionRefused, InputErrors
    """
    require(ctx.actor.roles, Permission.REFERRAL_ANSWER)
    if package_answer.is_received(ctx, proceeding_id):
        return package_answer.answer(
            ctx,
            proceeding_id,
            action,
            fields,
            seen_acts=seen_acts,
            occurred_on=occurred_on,
            files=files,
            idempotency_key=idempotency_key,
        )
    edit, proceeding, share = _shared(ctx, proceeding_id)
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    known = len(known_acts(proceeding, procedure, share))
    if seen_acts is not None and seen_acts != known:
        raise StaleCase(seen_acts, known)
    taken = procedure.action(action)
    if taken is None or taken.sends is None or taken.sends.sender != share.peer:
        raise NotFound(Message(N_("没有这一事项")))
    decision, principal = decided(ctx, edit, proceeding, action, fields, occurred_on)
    decision = with_files(decision, files)
    return carry_out(ctx, edit, proceeding, decision, occurred_on, idempotency_key, principal=principal)


def _shared(ctx: Context, proceeding_id: str) -> tuple[CaseEdit, ProceedingImage, ShareRecord]:
    case_id = ctx.session.execute(
        select(ReferralShare.case_id)
        .where(ReferralShare.proceeding_id == proceeding_id, ReferralShare.until_on.is_(None), shared_referrals(ctx))
        .limit(1)
    ).scalar()
    if case_id is None:
        raise NotFound(Message(N_("没有这项移送")))
    edit = begin(ctx, case_id)
    proceeding = proceeding_in(edit.current, proceeding_id)
    share = share_of(proceeding, ctx.actor.organ)
    if share is None or share.until is not None:
        raise NotFound(Message(N_("没有这项移送")))
    return edit, proceeding, share
