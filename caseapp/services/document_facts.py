"""The facts an official document is printed from, gathered from the case; their shape is docs/documents.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.events import Json, MilestoneKind, legal_date
from caseapp.domain.facts import ApprovalImage, CaseImage, ProceedingImage
from caseapp.domain.organs import OrganKind
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.situation import Officer
from caseapp.models.organ import Organ
from caseapp.queries.letterheads import letterhead
from caseapp.queries.situations import people_of
from caseapp.queries.staff import staff_of
from caseapp.queries.told_values import people_in
from caseapp.services import (
    dispute_facts,
    letter_facts,
    matter_facts,
    measure_facts,
    procedure_facts,
    referral_facts,
    remedy_facts,
)
from caseapp.services.articles import articles_of
from caseapp.services.document_texts import pairs_of
from caseapp.services.letterhead_change import facts_of
from caseapp.services.paper_facts import paper_facts
from caseapp.services.personal import values_of
from caseapp.services.proceeding_told import Told

Facts = dict[str, Any]

_SERVED = {
    "serve_prior_notice": ("prior_notice", "respondent"),
    "serve_decision": ("penalty_decision", "respondent"),
    "serve_no_penalty": ("no_penalty_decision", "respondent"),
    "serve_request": ("answer_notice", "respondent"),
    "serve_request_abroad": ("answer_notice", "respondent"),
    "serve_decision_requester": ("adjudication", "complainant"),
    "serve_decision_respondent": ("adjudication", "respondent"),
    "serve_opinion_notice": ("opinion_notice", "respondent"),
}
"""Acts of service: the paper that is served, and the role of the party who receives it."""


def gather(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    entered: Mapping[str, Json],
    *,
    on: date,
    staff: Mapping[str, Officer] | None = None,
) -> Facts:
    """Return the facts for a document that `action` issues.

    entered  what the action's form says, by fact name; wins over what the proceeding already knows

    Facts that are not known are absent: what a document cannot do without is judged by its type.
    """
    people = staff if staff is not None else staff_of(ctx, image.organ, people_of(image) | people_in(action, entered))
    known = {**proceeding.facts, **entered}
    told = Told(ctx, image, proceeding, action, known, people, on)
    found: Facts = pruned(
        {
            "organ": organ_facts(ctx, image.organ),
            "case": _case(image, proceeding, known),
            "parties": _parties(ctx, image),
            "rights": [
                {"kind": right.kind, "number": right.number, "title": right.title, "holder": right.holder}
                for right in image.rights
            ],
            "goods": [
                {
                    "name": item.name,
                    "spec": item.spec,
                    "quantity": item.quantity,
                    "unit": item.unit,
                    "unit_price_fen": item.unit_price_fen,
                    "value_fen": item.value_fen,
                }
                for item in image.goods
            ],
            "officers": _officers(image, people, known),
            "filing": _filing(action, known),
            "course": known.get("course"),
            "facts_found": known.get("facts_found"),
            "evidence": pairs_of(known.get("evidence"), "name", "proves"),
            "nature": known.get("nature"),
            "violated": articles_of(known.get("violated")),
            "basis": articles_of(known.get("basis")),
            "reasons": known.get("reasons"),
            "handling": known.get("handling"),
            "proposed": _penalty(known, "proposed_", kinds="proposed_kinds"),
            "review": _review(ctx, image, proceeding, action, known, on),
            "defence": _defence(ctx, image, proceeding, known, on),
            "hearing": {**_hearing(ctx, image, proceeding, known, on), **procedure_facts.hearing_held(known, people)},
            "discussion": procedure_facts.discussion(known),
            "reminder": procedure_facts.reminder(image, proceeding, known, _rule_limit(ctx, "P17", on)),
            "court": procedure_facts.court(known),
            "announcement": procedure_facts.announcement(image, action, known, _rule_limit(ctx, "P12", on)),
            "deferral": procedure_facts.deferral(known),
            "assistance": {"working_days": _rule_limit(ctx, "P06", on)} if action.paper else {},
            "paper": paper_facts(action, entered, people),
            "notice": _notice(image, known),
            "decision": _decision(image, known, on),
            "payment": _payment(ctx, image, known, on),
            "remedies": _remedies(ctx, image, proceeding, on),
            "service": _service(image, action, people, known, on),
            "closing": {
                "manner": known.get("closing_manner"),
                "manner_text": known.get("closing_manner_text"),
                "summary": known.get("closing_summary"),
                "execution": known.get("closing_execution"),
                "goods_disposal": known.get("goods_disposal"),
            },
            "approvals": _approvals(image, proceeding, action, people),
            "matter": matter_facts.matter(
                ctx.law.procedures.pinned(proceeding.procedure, proceeding.version), action, entered, people
            ),
            "demo": image.demo,
            **dispute_facts.gathered(ctx, image, proceeding, action, known, people, on),
            **measure_facts.gathered(told),
            **referral_facts.gathered(told),
            **letter_facts.gathered(ctx, image, proceeding, action, known, on),
            **remedy_facts.gathered(told),
        }
    )
    return found


def pruned(value: Any) -> Any:
    """Return the value without what is not known, so that nothing unknown looks known."""
    if isinstance(value, dict):
        kept = {name: pruned(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item is not None and item != "" and item != {}}
    if isinstance(value, list):
        return [pruned(item) for item in value]
    return value


def organ_facts(ctx: Context, organ_id: str) -> Facts:
    """Return what a paper says of the organ that issues it."""
    record = ctx.law.organs.get(organ_id)
    row = ctx.session.execute(select(Organ.address, Organ.phone, Organ.postcode).where(Organ.id == organ_id)).first()
    own = facts_of(letterhead(ctx, organ_id))
    return {
        "name": record.name_zh,
        "short": record.short_zh,
        "document_word": record.document_word,
        "address": row.address if row else None,
        "phone": row.phone if row else None,
        "postcode": row.postcode if row else None,
        **({"letterhead": own} if own else {}),
    }


def _case(image: CaseImage, proceeding: ProceedingImage, known: Mapping[str, Json]) -> Facts:
    filed = next((item for item in image.milestones if item.kind is MilestoneKind.FILED), None)
    registered = next((item for item in image.milestones if item.kind is MilestoneKind.REGISTERED), None)
    return {
        "number": image.number,
        "lead_number": image.lead_number,
        "name": known.get("case_name") or image.title,
        "source": image.source,
        "source_text": image.channel or image.summary,
        "registered_on": (registered.on if registered else proceeding.opened_on).isoformat(),
        "filed_on": filed.on.isoformat() if filed else None,
        "ip_types": list(image.ip_types),
        "summary": image.summary,
    }


def _parties(ctx: Context, image: CaseImage) -> list[Facts]:
    values = values_of(ctx, image.id) if any(party.personal for party in image.parties) else {}
    found = []
    for party in image.parties:
        told: Facts = {"role": party.role, "kind": party.kind}
        # Who reported stays sealed: papers say 身份保密 (市场监督管理投诉举报处理暂行办法 art 33).
        if party.role != "reporter":
            told.update(name=party.name, uscc=party.uscc)
            told.update({name: values.get(commitment) for name, commitment in party.personal.items()})
        found.append(told)
    return found


def _officers(image: CaseImage, people: Mapping[str, Officer], known: Mapping[str, Json]) -> list[Facts]:
    named = known.get("officers")
    ids = [str(item) for item in named] if isinstance(named, list) and named else list(image.officers)
    return [
        {"name": people[officer].name, "certificate_no": people[officer].certificate_number}
        for officer in ids
        if officer in people
    ]


def _filing(action: Action, known: Mapping[str, Json]) -> Facts:
    results = {"file_case": "file", "decline_filing": "not_file"}
    return {
        "result": results.get(action.id),
        "findings": known.get("filing_findings"),
        "reasons": known.get("filing_reasons"),
    }


def _penalty(known: Mapping[str, Json], prefix: str, *, kinds: str) -> Facts:
    return {
        "kinds": known.get(kinds),
        "fine_fen": known.get(f"{prefix}fine"),
        "gains_fen": known.get(f"{prefix}gains"),
        "confiscation_text": known.get(f"{prefix}confiscation_text"),
        "other_text": known.get(f"{prefix}other_text"),
        "orders": [line.strip() for line in str(known.get(f"{prefix}orders") or "").splitlines() if line.strip()],
    }


def _review(
    ctx: Context, image: CaseImage, proceeding: ProceedingImage, action: Action, known: Mapping[str, Json], on: date
) -> Facts:
    if "review_verdict" not in known:
        return {}
    grounds = known.get("legal_review_grounds")
    names = {
        "public_interest": "涉及重大公共利益",
        "complex": "案件情况疑难复杂、涉及多个法律关系",
        "by_law": "法律、法规规定应当进行法制审核的其他情形",
        "local": "本机关法制审核清单所列",
    }
    reasons = [names.get(str(item), str(item)) for item in grounds] if isinstance(grounds, list) else []
    if action.id == "review_after_hearing":
        reasons.append("经过听证程序")
    return {
        "kind": "case" if action.id == "review_case" else "legal",
        "received_on": known.get("review_received_on"),
        "verdict": known.get("review_verdict"),
        "opinion": known.get("review_opinion"),
        "ground": "；".join(reasons) or None,
        "reviewer": ctx.actor.name,
        "completed_on": on.isoformat(),
    }


def _rule_limit(ctx: Context, rule_id: str, on: date) -> int | None:
    rule = ctx.law.rules.find(rule_id, on)
    return rule.limit if rule is not None else None


def _defence(ctx: Context, image: CaseImage, proceeding: ProceedingImage, known: Mapping[str, Json], on: date) -> Facts:
    made = proceeding.last_act("record_defence") is not None
    served = proceeding.last_act("serve_prior_notice") is not None
    return {
        "working_days": _rule_limit(ctx, "P08", on),
        "status": "made" if made else "waived" if served else None,
        "summary": known.get("defence_summary"),
        "finding": known.get("defence_finding"),
    }


def _hearing(ctx: Context, image: CaseImage, proceeding: ProceedingImage, known: Mapping[str, Json], on: date) -> Facts:
    law = ctx.law.amounts.at(on)
    respondent = next((party for party in image.parties if party.role == "respondent"), None)
    limit = law.get("hearing_person" if respondent and respondent.kind == "person" else "hearing_organisation")
    fine, gains, goods = (known.get(name) for name in ("proposed_fine", "proposed_gains", "proposed_goods_value"))
    taken = _number(gains) + _number(goods)
    entitled = limit is not None and (_number(fine) >= limit or taken >= limit)
    held = proceeding.last_act("hold_hearing")
    return {
        "entitled": entitled or bool(known.get("proposed_severe")),
        "working_days": _rule_limit(ctx, "P08", on),
        "held": held is not None,
        "held_on": held.on.isoformat() if held else known.get("hearing_held_on"),
        "finding": known.get("hearing_finding"),
    }


def _number(value: Json) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _notice(image: CaseImage, known: Mapping[str, Json]) -> Facts:
    notice = procedure_facts.last_document(image, "prior_notice")
    return {"number": notice.number if notice else None, "served_on": known.get("notice_served_on")}


def _decision(image: CaseImage, known: Mapping[str, Json], on: date) -> Facts:
    decided = next((item for item in reversed(image.milestones) if item.kind is MilestoneKind.DECIDED), None)
    paper = procedure_facts.last_document(
        image, "penalty_decision", "no_penalty_decision", "on_spot_decision", "adjudication"
    )
    return {
        **_penalty(known, "", kinds="decided_kinds"),
        "ground_text": known.get("decision_ground_text"),
        "place": known.get("decision_place"),
        "at": known.get("decided_at"),
        "number": paper.number if paper else None,
        "on": decided.on.isoformat() if decided else None,
        "served_on": procedure_facts.served_on(image),
        # A mere warning is not published (市场监督管理行政处罚信息公示规定 art 2).
        "public": known.get("decided_kinds") not in (None, [], ["warning"]),
    }


def _payment(ctx: Context, image: CaseImage, known: Mapping[str, Json], on: date) -> Facts:
    bank = ctx.session.execute(select(Organ.fee_bank).where(Organ.id == image.organ)).scalar()
    return {
        "mode": known.get("payment_mode"),
        "bank": known.get("payment_bank") or bank,
        "days": _rule_limit(ctx, "P14", on),
        "surcharge_percent": ctx.law.amounts.at(on).get("surcharge_percent_a_day"),
    }


def _remedies(ctx: Context, image: CaseImage, proceeding: ProceedingImage, on: date) -> Facts:
    """Return where and within what time the party may turn to (行政复议法 art 20, 23, 24; 行政诉讼法 art 45, 46)."""
    organ = ctx.law.organs.get(image.organ)
    division = organ.division
    court = ctx.law.organs.of(OrganKind.COURT, division)
    return {
        "reconsideration_organ": f"{ctx.law.divisions.name(division)['zh']}人民政府",
        "days": _rule_limit(ctx, "P24", on),
        "lawsuit_court": court.name_zh if court else None,
        "months": _rule_limit(ctx, "P26a", on),
        "after_reconsideration_days": _rule_limit(ctx, "P26b", on),
        "reconsideration_first": proceeding.procedure == "penalty_simplified",
    }


def _service(
    image: CaseImage, action: Action, people: Mapping[str, Officer], known: Mapping[str, Json], on: date
) -> Facts:
    if action.id not in _SERVED:
        return {}
    served, role = _SERVED[action.id]
    paper = procedure_facts.last_document(image, served)
    servers = known.get("service_servers")
    receiver = next((party.name for party in image.parties if party.role == role), None)
    return {
        "documents": [{"name": paper.title, "number": paper.number}] if paper else [],
        "receiver": receiver,
        "received_by": known.get("service_receiver"),
        "relation": known.get("service_relation"),
        "method": known.get("service_method"),
        "place": known.get("service_place"),
        "on": on.isoformat(),
        "servers": [people[str(item)].name for item in servers if str(item) in people]
        if isinstance(servers, list)
        else [],
        "witness": known.get("service_witness"),
        "refusal": known.get("service_refusal"),
    }


def _approvals(
    image: CaseImage, proceeding: ProceedingImage, action: Action, people: Mapping[str, Officer]
) -> list[Facts]:
    """Return who asked for the act and who signed it, step by step."""
    request: ApprovalImage | None = next(
        (
            item
            for item in reversed(image.approvals)
            if item.proceeding == proceeding.id and item.action == action.id and item.status in ("pending", "granted")
        ),
        None,
    )
    if request is None:
        return []
    asked_by = _signature(people, request.by, request.principal)
    found = [{"step": "officer", "name": asked_by, "opinion": "", "on": request.on.isoformat()}]
    found += [
        {
            "step": signature.step,
            "name": _signature(people, signature.by, signature.principal),
            "opinion": signature.opinion or "同意。",
            "on": signature.on.isoformat(),
        }
        for signature in request.signatures
        if signature.verdict == "signed"
    ]
    return found


def _signature(people: Mapping[str, Officer], person: str, principal: str) -> str:
    """Return whose signature the paper carries: a deputy signs with his own name, for the principal named behind it."""
    name = _name(people, person)
    return f"{name}（代{_name(people, principal)}）" if principal else name


def _name(people: Mapping[str, Officer], person: str) -> str:
    return people[person].name if person in people else person


def issued_day(ctx: Context) -> date:
    """Return the day a document issued now carries."""
    return legal_date(ctx.now())
