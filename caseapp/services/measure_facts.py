"""Facts of papers of side proceedings: measures with their lists and terms, evidence, appraisals, recusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from caseapp.context import Context
from caseapp.domain.clocks.compute import due
from caseapp.domain.events import Json
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.situation import Officer
from caseapp.domain.workflow.timing import clocks_of
from caseapp.services import dispute_measure_facts
from caseapp.services.articles import articles_of
from caseapp.services.dispute_facts import PROCEDURES
from caseapp.services.dispute_law import older_articles
from caseapp.services.document_texts import items_of, lines_of

Facts = dict[str, Any]


def gathered(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    """Return what only papers of this kind of side proceeding speak of; nothing for any other proceeding."""
    gather = _GATHER.get(proceeding.procedure)
    return gather(ctx, image, proceeding, action, known, people, on) if gather is not None else {}


def _number_of(image: CaseImage, proceeding: ProceedingImage, type_id: str) -> str | None:
    """Return the number of the first paper of a type that the proceeding issued; None where there is none yet."""
    papers = (item for item in image.documents if item.proceeding == proceeding.id and item.type == type_id)
    return next((item.number for item in papers), None)


def _measure(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    begun, until = _span_of(ctx, proceeding, "P05", on)
    decision = _number_of(image, proceeding, "measure_decision")
    days = known.get("extension_n") if action.clocks.extends else None
    return {
        "measure": {
            "kind": known.get("measure_kind"),
            "facts": known.get("measure_facts"),
            "basis": articles_of(known.get("measure_basis")),
            "days": _limit(ctx, "P05", begun or on),
            "from": (begun or on).isoformat(),
            "until": until.isoformat() if until else None,
            "place": known.get("measure_place"),
            "items": items_of(known.get("measure_items")),
            "seals": known.get("seals"),
            "custody": known.get("custody"),
            "custodian": known.get("custodian"),
            "present": known.get("party_present"),
            "number": decision,
            "extension_days": days,
            "extension_reason": known.get("extension_reason") if days else None,
            "extended_from": (until + timedelta(days=1)).isoformat() if until and days else None,
            "extended_until": (until + timedelta(days=days)).isoformat() if until and isinstance(days, int) else None,
            "lift_ground": known.get("lift_ground"),
            "returned": items_of(known.get("returned_items")),
            "returned_to": known.get("returned_to"),
            "handed_to": known.get("handed_to"),
            "handed": items_of(known.get("handed_items")),
            "handed_reason": known.get("handed_reason"),
            "custody_items": items_of(known.get("custody_items") or known.get("measure_items")),
            "custody_duties": lines_of(known.get("custody_duties")),
            "carrier": known.get("carrier"),
            "carrier_items": items_of(known.get("carrier_items")),
            "carrier_reason": known.get("carrier_reason"),
        },
        "early": {
            "items": items_of(known.get("early_items")),
            "reason": known.get("early_reason"),
            "owner": known.get("early_owner"),
            "consent": known.get("early_consent"),
            "way": known.get("early_way"),
            "where": known.get("early_notice_where"),
            "until": known.get("early_notice_until"),
        },
    }


def _preservation(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    begun, _until = _span_of(ctx, proceeding, "P04", on)
    notice = _number_of(image, proceeding, "preservation_notice")
    kept_items = items_of(known.get("kept_items"))
    return {
        # List and seals are those of a measure (程序规定 art 34).
        "measure": {
            "kind": "preserve",
            "from": (begun or on).isoformat(),
            "place": known.get("kept_place"),
            "items": kept_items,
            "seals": known.get("seals"),
            "present": known.get("party_present"),
        },
        "preservation": {
            "reason": known.get("kept_reason"),
            "days": _limit(ctx, "P04", begun or on),
            "on": (begun or on).isoformat(),
            "place": known.get("kept_place"),
            "items": kept_items,
            "kept_by": known.get("kept_by"),
            "present": known.get("party_present"),
            "number": notice,
            "release_reason": known.get("release_reason"),
            "returned_to": known.get("returned_to"),
        },
    }


def _appraisal(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    sent = next((act.on for act in reversed(proceeding.acts) if act.action.startswith("commission")), on)
    dispute = image.main.procedure in PROCEDURES
    return {
        "appraisal": {
            "kind": known.get("appraisal_kind"),
            "body": known.get("appraisal_body"),
            "qualification": known.get("appraisal_qualification"),
            "items": items_of(known.get("appraisal_items")),
            "questions": lines_of(known.get("appraisal_questions")),
            "from": (on if action.id.startswith("commission") else sent).isoformat(),
            "until": known.get("appraisal_until"),
            "result": known.get("result_text"),
            "result_number": known.get("result_number"),
            "result_on": known.get("result_on"),
            "dispute": dispute or None,
            "older": (older_articles(ctx, image, on) or {}).get("37") if dispute else None,
        }
    }


def _recusal(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    person = str(known.get("recusal_of") or "")
    return {
        "recusal": {
            **dispute_measure_facts.recusal(ctx, image, known, people, on),
            "of": people[person].name if person in people else None,
            "by": known.get("recusal_by"),
            "asked_on": known.get("recusal_asked_on"),
            "reason": known.get("recusal_reason"),
            "decider": known.get("recusal_decider"),
            "verdict": known.get("recusal_verdict"),
            "opinion": known.get("recusal_opinion"),
            "evidence": known.get("recusal_evidence"),
        }
    }


_GATHER: Mapping[str, Callable[..., Facts]] = {
    "seizure": _measure,
    "evidence_preservation": _preservation,
    "appraisal": _appraisal,
    "recusal": _recusal,
    "evidence_registration": dispute_measure_facts.registration,
    "evidence_sampling": dispute_measure_facts.sampling,
}


def _span_of(ctx: Context, proceeding: ProceedingImage, rule_id: str, on: date) -> tuple[date | None, date | None]:
    """Return the first and the last day of a term before any extension; reckoned from `on` where it begins only now."""
    running = [replace(clock, extensions=()) for clock in proceeding.clocks if clock.rule == rule_id]
    rule = ctx.law.rules.find(rule_id, on)
    if not running and rule is None:
        return None, None
    bare = replace(proceeding, clocks=tuple(running)) if running else None
    if bare is None:
        assert rule is not None
        return on, due(rule, calendar=ctx.law.calendar, started_on=on).on
    clock = clocks_of(bare, ctx.law.rules, ctx.law.calendar, as_of=on)[-1]
    return clock.run.started_on, clock.run.due.on


def _limit(ctx: Context, rule_id: str, on: date) -> int | None:
    rule = ctx.law.rules.find(rule_id, on)
    return rule.limit if rule is not None else None
