"""A court serves a complaint against a decision of ours from its own room, and names the decision as the paper in its
hands does: organ, number, day, party.

行政诉讼法 art 67. What is right of these four and what is not is never told: a court that was not told of a decision
learns nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, InputErrors, Message, NotPermitted, RuleRefused
from caseapp.domain.events import EntryKind, Json, Stream
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow import sides
from caseapp.domain.workflow.attached import KeptFile, with_files
from caseapp.domain.workflow.definition import Category, Peer
from caseapp.models.case_file import CaseFile
from caseapp.models.issued_document import IssuedDocument
from caseapp.queries.visibility import is_court
from caseapp.services import submissions
from caseapp.services.case_act import Outcome, act_time, carry_out, decided
from caseapp.services.case_store import CaseEdit, begin, new_id
from caseapp.services.ledger import append_beside
from caseapp.services.remedy_facts import REMEDY
from caseapp.services.unit_of_work import unit_of_work

SERVE: Final = "serve_suit"
DECISIONS: Final = ("penalty_decision", "no_penalty_decision", "on_spot_decision", "adjudication")
"""Kinds of papers that can be sued against."""
NOT_A_COURT: Final = Message(N_("起诉状副本由人民法院送达"))
_RECONSIDERED: Final = "reconsidered"


@dataclass(frozen=True, slots=True)
class SuitDraft:
    """What a court enters.

    organ, number, decided_on, party  the decision as its paper tells it: whose, its number, its day, whom it is about
    fields                            the form of `serve_suit`, by field id, without the court
    """

    organ: str
    number: str
    decided_on: date
    party: str
    fields: Mapping[str, Json]


@submissions.once(Outcome)
def serve(
    ctx: Context, draft: SuitDraft, *, files: Sequence[KeptFile] = (), idempotency_key: str | None = None
) -> Outcome:
    """Serve a complaint and the notice to answer, in the name of the actor's court; every try is recorded.

    The court sees its own paper at once and the case from our receipt on.

    raises  NotPermitted; RuleRefused, always the same: there is no such decision, or it cannot be served this way now
    """
    require(ctx.actor.roles, Permission.REFERRAL_OPEN)
    if not is_court(ctx):
        raise NotPermitted(NOT_A_COURT)
    try:
        sent = _served(ctx, draft, files, idempotency_key)
    except (RuleRefused, InputError, InputErrors) as refused:
        # Whatever stands in the way of it is the case's, and not the court's to know.
        _record(ctx, draft, found=False)
        raise _refusal() from refused
    if sent is None:
        _record(ctx, draft, found=False)
        raise _refusal()
    _record(ctx, draft, found=True)
    return sent


def _served(ctx: Context, draft: SuitDraft, files: Sequence[KeptFile], key: str | None) -> Outcome | None:
    edit = _named(ctx, draft)
    if edit is None:
        return None
    fields = {**draft.fields, Peer.COURT.organ_fact: ctx.actor.organ}
    proceeding, opened = _proceeding(ctx, edit.current)
    decision, principal = decided(ctx, edit, proceeding, SERVE, fields, None)
    if opened:
        occurred_at, precision = act_time(edit, decision)
        begun: Json = {"id": proceeding.id, "procedure": proceeding.procedure, "version": proceeding.version}
        edit.append(EntryKind.PROCEEDING_OPENED, {"proceeding": begun}, occurred_at=occurred_at, precision=precision)
    return carry_out(ctx, edit, proceeding, with_files(decision, files), None, key, principal=principal)


def _named(ctx: Context, draft: SuitDraft) -> CaseEdit | None:
    """Return the case whose decision is meant, None unless all that is said of it is right."""
    case_id = ctx.session.execute(
        select(IssuedDocument.case_id)
        .join(CaseFile, CaseFile.id == IssuedDocument.case_id)
        .where(
            IssuedDocument.number == draft.number.strip(),
            IssuedDocument.type.in_(DECISIONS),
            IssuedDocument.issued_on == draft.decided_on,
            CaseFile.organ_id == draft.organ,
        )
    ).scalar()
    if case_id is None:
        return None
    edit = begin(ctx, case_id)
    standing = any(item.number == draft.number.strip() and item.voided_by is None for item in edit.current.documents)
    return edit if standing and _plain(draft.party) in _parties(edit.current) else None


def _parties(image: CaseImage) -> set[str]:
    """Return whom a decision can be about, by name; who reported is never among them."""
    return {_plain(party.name) for party in image.parties if party.name and party.role in ("respondent", "complainant")}


def _plain(name: str) -> str:
    return "".join(name.split())


def _proceeding(ctx: Context, image: CaseImage) -> tuple[ProceedingImage, bool]:
    """Return the proceeding in which it is served, and whether it is opened by this: after a reconsideration the suit
    goes on in the same one.
    """
    for side in reversed(image.proceedings[1:]):
        if side.procedure == REMEDY and side.state == _RECONSIDERED and side.category != Category.CLOSED:
            return side, False
    return sides.unopened(ctx.law.procedures.get(REMEDY), ctx.today(), proceeding_id=new_id(ctx)), True


def _refusal() -> RuleRefused:
    return RuleRefused(
        Message(
            N_(
                "没有找到可以经本系统送达的这份决定。请核对决定书写明的机关、文号、日期和当事人；"
                "仍不能送达的，请向该机关送达纸质起诉状副本和应诉通知书，由其登记（《行政诉讼法》第67条）"
            )
        )
    )


def _record(ctx: Context, draft: SuitDraft, *, found: bool) -> None:
    with unit_of_work(ctx) as unit:
        payload: dict[str, Json] = {"organ": draft.organ, "number": draft.number.strip(), "found": found}
        append_beside(ctx, unit, stream=Stream.ACCESS, kind="decision_named", payload=payload)
