"""Facts of papers of side proceedings: measures with their lists and terms, evidence, appraisals, recusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from caseapp.domain.clocks.compute import due
from caseapp.domain.workflow.timing import clocks_of
from caseapp.services import dispute_measure_facts
from caseapp.services.articles import articles_of
from caseapp.services.dispute_facts import PROCEDURES
from caseapp.services.dispute_law import older_articles
from caseapp.services.proceeding_told import Facts, Told


def gathered(told: Told) -> Facts:
    """Return what only papers of this kind of side proceeding speak of; nothing for any other proceeding."""
    gather = _GATHER.get(told.proceeding.procedure)
    return gather(told) if gather is not None else {}


def _measure(told: Told) -> Facts:
    begun, until = _span_of(told, "P05")
    days = told.get("extension_n") if told.action.clocks.extends else None
    return {
        "measure": {
            "kind": told.get("measure_kind"),
            "facts": told.get("measure_facts"),
            "basis": articles_of(told.get("measure_basis")),
            "days": told.limit(begun or told.on, "P05"),
            "from": (begun or told.on).isoformat(),
            "until": until.isoformat() if until else None,
            "place": told.get("measure_place"),
            "items": told.things("measure_items"),
            "seals": told.get("seals"),
            "custody": told.get("custody"),
            "custodian": told.get("custodian"),
            "present": told.get("party_present"),
            "number": told.number_of("measure_decision"),
            "extension_days": days,
            "extension_reason": told.get("extension_reason") if days else None,
            "extended_from": (until + timedelta(days=1)).isoformat() if until and days else None,
            "extended_until": (until + timedelta(days=days)).isoformat() if until and isinstance(days, int) else None,
            "lift_ground": told.get("lift_ground"),
            "returned": told.things("returned_items"),
            "returned_to": told.get("returned_to"),
            "handed_to": told.get("handed_to"),
            "handed": told.things("handed_items"),
            "handed_reason": told.get("handed_reason"),
            "custody_items": told.things("custody_items") or told.things("measure_items"),
            "custody_duties": told.lines("custody_duties"),
            "carrier": told.get("carrier"),
            "carrier_items": told.things("carrier_items"),
            "carrier_reason": told.get("carrier_reason"),
        },
        "early": {
            "items": told.things("early_items"),
            "reason": told.get("early_reason"),
            "owner": told.get("early_owner"),
            "consent": told.get("early_consent"),
            "way": told.get("early_way"),
            "where": told.get("early_notice_where"),
            "until": told.get("early_notice_until"),
        },
    }


def _preservation(told: Told) -> Facts:
    begun, _until = _span_of(told, "P04")
    kept_items = told.things("kept_items")
    return {
        # List and seals are those of a measure (程序规定 art 34).
        "measure": {
            "kind": "preserve",
            "from": (begun or told.on).isoformat(),
            "place": told.get("kept_place"),
            "items": kept_items,
            "seals": told.get("seals"),
            "present": told.get("party_present"),
        },
        "preservation": {
            "reason": told.get("kept_reason"),
            "days": told.limit(begun or told.on, "P04"),
            "on": (begun or told.on).isoformat(),
            "place": told.get("kept_place"),
            "items": kept_items,
            "kept_by": told.get("kept_by"),
            "present": told.get("party_present"),
            "number": told.number_of("preservation_notice"),
            "release_reason": told.get("release_reason"),
            "returned_to": told.get("returned_to"),
        },
    }


def _appraisal(told: Told) -> Facts:
    sent = next((act.on for act in reversed(told.proceeding.acts) if act.action.startswith("commission")), told.on)
    dispute = told.image.main.procedure in PROCEDURES
    return {
        "appraisal": {
            "kind": told.get("appraisal_kind"),
            "body": told.get("appraisal_body"),
            "qualification": told.get("appraisal_qualification"),
            "items": told.things("appraisal_items"),
            "questions": told.lines("appraisal_questions"),
            "from": (told.on if told.action.id.startswith("commission") else sent).isoformat(),
            "until": told.get("appraisal_until"),
            "result": told.get("result_text"),
            "result_number": told.get("result_number"),
            "result_on": told.get("result_on"),
            "dispute": dispute or None,
            "older": (older_articles(told.ctx, told.image, told.on) or {}).get("37") if dispute else None,
        }
    }


def _recusal(told: Told) -> Facts:
    person = str(told.get("recusal_of") or "")
    return {
        "recusal": {
            **dispute_measure_facts.recusal(told),
            "of": told.people[person].name if person in told.people else None,
            "by": told.get("recusal_by"),
            "asked_on": told.get("recusal_asked_on"),
            "reason": told.get("recusal_reason"),
            "decider": told.get("recusal_decider"),
            "verdict": told.get("recusal_verdict"),
            "opinion": told.get("recusal_opinion"),
            "evidence": told.get("recusal_evidence"),
        }
    }


_GATHER: Mapping[str, Callable[[Told], Facts]] = {
    "seizure": _measure,
    "evidence_preservation": _preservation,
    "appraisal": _appraisal,
    "recusal": _recusal,
    "evidence_registration": dispute_measure_facts.registration,
    "evidence_sampling": dispute_measure_facts.sampling,
}


def _span_of(told: Told, rule_id: str) -> tuple[date | None, date | None]:
    """Return the first and the last day of a term before any extension; reckoned from now where it only begins."""
    law, on = told.ctx.law, told.on
    running = tuple(replace(clock, extensions=()) for clock in told.proceeding.clocks if clock.rule == rule_id)
    if running:
        clock = clocks_of(replace(told.proceeding, clocks=running), law.rules, law.calendar, as_of=on)[-1]
        return clock.run.started_on, clock.run.due.on
    rule = law.rules.find(rule_id, on)
    return (None, None) if rule is None else (on, due(rule, calendar=law.calendar, started_on=on).on)
