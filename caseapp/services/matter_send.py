"""A matter that a procuratorate (or police, or a court) sends to us from its own room: it becomes a lead of ours, or
goes into the case that it came from.

行政执法机关移送涉嫌犯罪案件的规定 art 13; 刑事诉讼法 art 177; 人民检察院刑事诉讼规则 art 373.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, InputErrors, Message, NotFound
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import CaseImage
from caseapp.domain.organs import ENFORCEMENT_KINDS
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow import sides
from caseapp.domain.workflow.attached import KeptFile, with_files
from caseapp.domain.workflow.definition import Category, Procedure
from caseapp.domain.workflow.referrals import REVERSE
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.package_matters import Matter
from caseapp.queries.visibility import shared_referrals
from caseapp.services import case_intake, effects, handoff_effects, package_begin, submissions
from caseapp.services.case_act import act_time, decided, take_effect
from caseapp.services.case_intake import LeadDraft, PartyDraft
from caseapp.services.case_store import CaseEdit, begin, new_id
from caseapp.services.package_begin import Beginning
from caseapp.services.unit_of_work import unit_of_work

SEND = "send_matter"


@dataclass(frozen=True, slots=True)
class MatterDraft:
    """What another organ enters.

    organ       the enforcing organ that it goes to; of no account where `from_matter` is given
    from_matter id of a proceeding that was sent to the sender's organ, where it comes out of that; '' = a new matter
    fields      the form of `send_matter`, by field id, without the sending organ
    respondent, respondent_kind  whom it is about: a name, `person` or `organisation`
    """

    fields: dict[str, Json]
    organ: str = ""
    from_matter: str = ""
    ip_types: tuple[str, ...] = ()
    respondent: str = ""
    respondent_kind: str = "organisation"


@dataclass(frozen=True, slots=True)
class SentMatter:
    """proceeding: under which the sender finds it again; packed: it travels as a package, and that is its matter's."""

    proceeding: str
    packed: bool = False


@submissions.once(SentMatter)
def send(
    ctx: Context, draft: MatterDraft, *, files: Sequence[KeptFile] = (), idempotency_key: str | None = None
) -> SentMatter:
    """Send a matter to an enforcing organ, in the name of the actor's own.

    Where it comes out of a case that the sender knows and that can take it in, it goes into that case; else a lead is
    opened at the organ, whose people link it to what they have. The sender is not told which: what else an organ has is
    not his to know. Where the organ works on another network the same is done there, when the package arrives.

    raises  NotPermitted, NotFound (a matter that was not sent to this organ), InputErrors, ActionRefused
    """
    require(ctx.actor.roles, Permission.REFERRAL_OPEN)
    source = package_begin.source_of(ctx, draft.from_matter) if draft.from_matter else None
    if source is not None or (not draft.from_matter and package_begin.works_elsewhere(ctx, draft.organ)):
        return _by_package(ctx, draft, source, files, idempotency_key)
    proceeding = new_id(ctx)
    take_in(ctx, draft, proceeding, files=files, idempotency_key=idempotency_key)
    return SentMatter(proceeding)


def _by_package(
    ctx: Context, draft: MatterDraft, source: Matter | None, files: Sequence[KeptFile], key: str | None
) -> SentMatter:
    """Keep the matter for the package that takes it to an organ on another network."""
    house = source.house if source is not None else draft.organ
    fields = {**draft.fields, "authority_organ": ctx.actor.organ}
    lead = _lead(ctx, draft, house, fields)
    opens: dict[str, Json] = {
        "from_matter": source.proceeding_id if source is not None else "",
        "ip_types": list(draft.ip_types),
        "respondent": draft.respondent.strip(),
        "respondent_kind": draft.respondent_kind,
    }
    told = Beginning(house, SEND, fields, opens, case_intake.name_of(lead), lead.procedure)
    with unit_of_work(ctx) as unit:
        answer = SentMatter(package_begin.begin(ctx, unit, told, files), packed=True)
        submissions.keep(ctx, unit, key, asdict(answer))
    return answer


def take_in(
    ctx: Context,
    draft: MatterDraft,
    proceeding_id: str,
    *,
    files: Sequence[KeptFile] = (),
    idempotency_key: str | None = None,
) -> tuple[str, CaseImage]:
    """Open the matter at the organ, in the name of the actor's own; returns the case it is in, as it then stands.

    proceeding_id  under which it is opened: of a matter that came as a package, the one its sender gave it

    raises  as `send`
    """
    require(ctx.actor.roles, Permission.REFERRAL_OPEN)
    procedure = ctx.law.procedures.get(REVERSE)
    fields = {**draft.fields, "authority_organ": ctx.actor.organ}
    source = _source(ctx, draft.from_matter)
    # Whatever becomes of it, the same is asked: what is in the case already is not told by what is missing here.
    lead = _lead(ctx, draft, source.current.organ if source is not None else draft.organ, fields)
    takes = source if source is not None and _takes_in(ctx, source, procedure) else None
    with unit_of_work(ctx) as unit:
        edit = takes if takes is not None else case_intake.opened(ctx, unit, lead)
        proceeding = sides.unopened(procedure, ctx.today(), proceeding_id=proceeding_id)
        decision, _ = decided(ctx, edit, proceeding, SEND, fields, None)
        decision = with_files(decision, files)
        occurred_at, precision = act_time(edit, decision)
        begun: Json = {"id": proceeding.id, "procedure": procedure.id, "version": procedure.version}
        edit.append(EntryKind.PROCEEDING_OPENED, {"proceeding": begun}, occurred_at=occurred_at, precision=precision)
        take_effect(ctx, unit, edit, proceeding, decision)
        submissions.keep(ctx, unit, idempotency_key, asdict(SentMatter(proceeding.id)))
        edit.save(unit)
        effects.after(ctx, unit, edit, decision)
        handoff_effects.tell_the_others(ctx, unit, edit.current, proceeding.id, decision)
    return edit.case_id, edit.current


def _source(ctx: Context, matter: str) -> CaseEdit | None:
    """Return the case that the sender's matter is in, None where it comes out of none. raises NotFound"""
    if not matter:
        return None
    case_id = ctx.session.execute(
        select(ReferralShare.case_id)
        .where(
            ReferralShare.proceeding_id == matter,
            ReferralShare.opened_on.is_not(None),
            ReferralShare.until_on.is_(None),
            shared_referrals(ctx),
        )
        .limit(1)
    ).scalar()
    if case_id is None:
        raise NotFound(Message(N_("没有这项移送")))
    return begin(ctx, case_id)


def _takes_in(ctx: Context, edit: CaseEdit, procedure: Procedure) -> bool:
    """Return whether the matter can go into the case: its procedure knows such matters, and none is under way."""
    busy = any(one.procedure == REVERSE and one.category != Category.CLOSED for one in edit.current.proceedings[1:])
    return not busy and not sides.opening_obstacles(procedure, edit.current, ctx.law.procedures)


def _lead(ctx: Context, draft: MatterDraft, organ: str, fields: Mapping[str, Json]) -> LeadDraft:
    """Return the lead that the matter becomes. raises InputErrors"""
    errors = []
    record = ctx.law.organs.get(organ) if organ in ctx.law.organs else None
    if record is None or record.kind not in ENFORCEMENT_KINDS or not record.in_force(ctx.today()):
        errors.append(InputError("organ", Message(N_("请选择接收的行政执法机关"))))
    if not draft.respondent.strip():
        errors.append(InputError("respondent", Message(N_("请填写当事人"))))
    if errors or record is None:
        raise InputErrors(errors)
    lead = LeadDraft(
        division=record.division,
        ip_types=draft.ip_types,
        source="transfer",
        summary=str(fields.get("reverse_opinion") or ""),
        received_on=ctx.today(),
        organ=record.id,
        parties=(PartyDraft("respondent", draft.respondent_kind, draft.respondent.strip()),),
    )
    case_intake.require_complete(ctx, lead)
    return lead
