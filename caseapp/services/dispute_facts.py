"""The facts that papers on patent disputes and mediations add to those of every case; shape in docs/documents.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from caseapp.context import Context
from caseapp.domain.events import Json, MilestoneKind
from caseapp.domain.facts import CaseImage, IpType, ProceedingImage
from caseapp.domain.organs import OrganKind
from caseapp.domain.workflow.definition import Action, Procedure
from caseapp.domain.workflow.situation import Officer
from caseapp.services import dispute_paper_facts
from caseapp.services.articles import articles_of
from caseapp.services.dispute_law import older_articles
from caseapp.services.document_texts import lines_of, pairs_of

Facts = dict[str, Any]

PROCEDURES: Final = frozenset({"patent_dispute", "mediation"})
_PATENTS: Final = frozenset({IpType.PATENT_INVENTION, IpType.PATENT_UTILITY, IpType.PATENT_DESIGN, IpType.PATENT})
_CANCELLED: Final = {
    "withdraw_request": "请求人撤回请求",
    "requester_absent": "请求人经通知无正当理由未参加或者中途退出，按撤回请求处理",
    "respondent_absent": "被请求人经通知无正当理由未参加调解，视为未达成调解协议",
    "no_agreement": "双方当事人未达成调解协议",
}
"""Why an act cancels a case, where its form does not ask."""


def gathered(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    """Return the facts of a dispute or mediation by their first key; {} for other procedures.

    known  what the proceeding knows and the action's form says, by fact name
    """
    if proceeding.procedure not in PROCEDURES:
        return {}
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    return {
        "dispute": _dispute(ctx, image, proceeding, known, people, on),
        "correction": {"items": lines_of(known.get("correction_items")), "until": known.get("correction_until")},
        "oral": _oral(proceeding, action, known, on),
        "suspension": _suspension(image, procedure, proceeding, known),
        "cancellation": {
            "ground": _CANCELLED.get(action.id) or choice_text(procedure, "cancel_ground", known),
            "reason": known.get("cancel_reason"),
        },
        "agreement": {
            "on": known.get("agreed_on"),
            "facts": known.get("dispute_facts"),
            "terms": lines_of(known.get("agreement_terms")),
            "payment": known.get("payment_duty"),
        },
        "mediation": {
            "subject": choice_text(procedure, "mediation_subject", known),
            "ownership": known.get("mediation_subject") == "ownership",
            "opinion_days": _limit(ctx, on, "D23", "Q08"),
            "session_on": known.get("session_on"),
            "session_time": known.get("session_time"),
            "session_place": known.get("session_place"),
            "helpers": known.get("helpers"),
        },
        **dispute_paper_facts.gathered(ctx, image, proceeding, procedure, action, known, people, on),
    }


def choice_text(procedure: Procedure, fact: str, known: Mapping[str, Json]) -> str | None:
    """Return what the chosen value of a fact is called in Chinese; the value itself where the definition lacks it."""
    value = known.get(fact)
    if value is None:
        return None
    for action in procedure.actions:
        for field in action.fields:
            if field.fact_name == fact:
                for choice, text in field.choices:
                    if choice == value:
                        return text.zh
    return str(value)


def _limit(ctx: Context, on: date, *rules: str) -> int | None:
    """Return the number of the first of the rules that is in force on the day."""
    found = (ctx.law.rules.find(rule, on) for rule in rules)
    return next((rule.limit for rule in found if rule is not None), None)


def _dispute(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    named = known.get("officers")
    panel = [str(item) for item in named] if isinstance(named, list) and named else list(image.officers)
    repeat = known.get("repeat_earlier") if known.get("repeat_in_force") is True else None
    division = ctx.law.organs.get(image.organ).division
    court = ctx.law.organs.of(OrganKind.COURT, division)
    return {
        "mediation": proceeding.procedure == "mediation",
        "older": older_articles(ctx, image, on),
        "patents": [
            {"kind": right.kind, "number": right.number, "title": right.title, "holder": right.holder}
            for right in image.rights
            if right.kind in _PATENTS and right.number
        ],
        "request_items": known.get("request_items"),
        "request_reasons": known.get("request_reasons"),
        "claims": known.get("claims_relied"),
        "panel": [people[user].name for user in panel if user in people],
        "clerk": known.get("clerk"),
        "answer_days": _limit(ctx, on, "D03a", "Q04"),
        "answer_days_abroad": _limit(ctx, on, "D03b"),
        "recusal_days": _limit(ctx, on, "D07"),
        "requester_case": known.get("requester_case"),
        "respondent_case": known.get("respondent_case"),
        "comparison": pairs_of(known.get("comparison"), "patent", "accused"),
        "verdict": known.get("verdict"),
        "orders": lines_of(known.get("orders")),
        "reasons": known.get("reasons"),
        "basis": articles_of(known.get("basis")),
        "earlier": repeat,
        "suit_days": _limit(ctx, on, "D13"),
        "suit_court": known.get("suit_before") or (court.name_zh if court else None),
        "refusal_reasons": known.get("not_filed_reasons"),
    }


def _oral(proceeding: ProceedingImage, action: Action, known: Mapping[str, Json], on: date) -> Facts:
    held = proceeding.last_act("hold_hearing")
    held_on = on if action.id == "hold_hearing" else held.on if held else None
    return {
        "on": known.get("hearing_held_on") if action.id == "hold_hearing" else known.get("hearing_on"),
        "time": known.get("hearing_time"),
        "place": known.get("hearing_place"),
        "public": known.get("hearing_public"),
        "held_on": held_on.isoformat() if held_on else None,
        "attendance": known.get("attendance"),
        "attendants": lines_of(known.get("attendants")),
        "record": known.get("hearing_record"),
    }


def _suspension(
    image: CaseImage, procedure: Procedure, proceeding: ProceedingImage, known: Mapping[str, Json]
) -> Facts:
    suspended = next(
        (
            item
            for item in reversed(image.milestones)
            if item.proceeding == proceeding.id and item.kind is MilestoneKind.SUSPENDED
        ),
        None,
    )
    return {
        "ground": choice_text(procedure, "suspension_ground", known),
        "reason": known.get("suspension_reason"),
        "proof": known.get("suspension_proof"),
        "refused_ground": choice_text(procedure, "no_suspension_ground", known),
        "refused_reason": known.get("no_suspension_reason"),
        "suspended_on": suspended.on.isoformat() if suspended else None,
        "resumed_on": known.get("resumed_on"),
        "resume_reason": known.get("resume_reason"),
    }
