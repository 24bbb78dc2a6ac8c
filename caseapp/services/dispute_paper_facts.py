"""Facts of the papers on the way of a dispute: objection, evidence, panel, extension, what became of a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from caseapp.context import Context
from caseapp.domain.events import Json
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.definition import Action, Procedure
from caseapp.domain.workflow.situation import Officer
from caseapp.domain.workflow.timing import clocks_of
from caseapp.services.document_texts import lines_of

Facts = dict[str, Any]

_FILING: Final = {"file_case": "file", "refuse_request": "not_file"}
_OBJECTION: Final = {"reject_objection": "rejected", "uphold_objection": "upheld"}
_EXTENDED: Final = {"extend_filing": "filing", "extend_by_superior": "superior"}
"""What an act extends; every other one extends the time to conclude."""


def gathered(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    procedure: Procedure,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    """Return the facts by their first key; the arguments are those of `dispute_facts.gathered`."""
    objected = proceeding.last_act("object_jurisdiction")
    return {
        "filing": {"result": _FILING.get(action.id), "reasons": known.get("not_filed_reasons")},
        "jurisdiction": {
            "objected_on": objected.on.isoformat() if objected else None,
            "objection": known.get("objection_text"),
            "verdict": _OBJECTION.get(action.id),
            "finding": known.get("objection_finding") or known.get("transfer_reason"),
            "receiver": known.get("transfer_to"),
        },
        "evidence_period": {
            "until": known.get("evidence_until"),
            "minimum_days": _limit(ctx, "D08", on),
            "reason": known.get("evidence_extension_reason"),
        },
        "joined": {
            "panel_reason": known.get("change_reason"),
            "party": known.get("added_party"),
            "party_as": known.get("added_as"),
            "party_reason": known.get("added_reason"),
            "numbers": _numbers(known.get("joined_numbers")),
            "because": known.get("joined_because"),
            "into": known.get("merged_into"),
            "merge_reason": known.get("merge_reason"),
        },
        "extension": _extension(ctx, proceeding, procedure, action, known, on),
        "deliberation": {
            "on": known.get("deliberated_on"),
            "minutes": known.get("deliberation_minutes"),
            "members": [people[user].name for user in image.officers if user in people],
            "dissenters": _names(people, known.get("dissenters")),
            "dissent": known.get("dissent"),
        },
        "changed": {
            "correction": known.get("corrected_text"),
            "invalidity_number": known.get("invalidity_number"),
            "text": known.get("decision_change"),
        },
        "enforcement": {"items": lines_of(known.get("court_items")), "period_over_on": known.get("suit_over_on")},
    }


def _extension(
    ctx: Context,
    proceeding: ProceedingImage,
    procedure: Procedure,
    action: Action,
    known: Mapping[str, Json],
    on: date,
) -> Facts:
    """Return what is extended by how much, and the last day as it stands: once the act is in, with what it adds."""
    clocks = clocks_of(proceeding, ctx.law.rules, ctx.law.calendar, as_of=on)
    rules = action.clocks.extends if _EXTENDED.get(action.id) == "filing" else procedure.handling_clock
    running = next((clock for clock in reversed(clocks) if clock.rule.id in rules), None)
    unit = action.milestone.details.get("unit") if action.milestone else None
    granted = running.run.extensions if running is not None else ()
    return {
        "what": _EXTENDED.get(action.id, "handling"),
        "n": known.get("extension_n"),
        "unit": unit or (running.rule.unit.value if running is not None else None),
        "reason": known.get("extension_reason"),
        "superior": known.get("superior_organ"),
        "superior_number": known.get("superior_number"),
        "granted_months": sum(step.n for step in granted) or None,
        "due_on": running.run.due.on.isoformat() if running is not None and running.run.due.on else None,
    }


def _numbers(told: Json) -> list[str]:
    return [str(number) for number in told] if isinstance(told, list) else lines_of(told)


def _names(people: Mapping[str, Officer], users: Json) -> list[str]:
    return [people[str(user)].name for user in users if str(user) in people] if isinstance(users, list) else []


def _limit(ctx: Context, rule_id: str, on: date) -> int | None:
    rule = ctx.law.rules.find(rule_id, on)
    return rule.limit if rule is not None else None
