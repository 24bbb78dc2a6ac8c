"""Facts of what happens on the way to and after a decision: hearing, discussion, reminder, application to the court."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caseapp.domain.events import Json, MilestoneKind
from caseapp.domain.facts import CaseImage, DocumentRecord, ProceedingImage
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.situation import Officer
from caseapp.services.paper_facts import lines_of

Facts = dict[str, Any]

_CONCLUSIONS = {
    "agree": "同意办案机构的处理意见。",
    "change": "变更办案机构的处理意见。",
    "supplement": "退回补充调查。",
}


_ANNOUNCED = {
    "announce_notice": ("prior_notice",),
    "announce_decision": ("penalty_decision", "no_penalty_decision"),
}
"""Acts of service by public notice: the papers of which the last one is meant."""


def hearing_held(known: Mapping[str, Json], people: Mapping[str, Officer]) -> Facts:
    """Return where, when and by whom a hearing is presided over, and what came of it."""
    return {
        "on": known.get("hearing_on"),
        "time": known.get("hearing_time"),
        "place": known.get("hearing_place"),
        "public": known.get("hearing_public"),
        "presider": _name(people, known.get("presider")),
        "clerk": _name(people, known.get("hearing_clerk")),
        "present": lines_of(known.get("hearing_present")),
        "record": known.get("hearing_record"),
        "report": known.get("hearing_report"),
    }


def discussion(known: Mapping[str, Json]) -> Facts:
    """Return who discussed the case when, and with which result (行政处罚法 art 57)."""
    return {
        "on": known.get("discussed_on"),
        "members": lines_of(known.get("discussion_members")),
        "minutes": known.get("discussion_minutes"),
        "result": _CONCLUSIONS.get(str(known.get("discussion_result"))),
    }


def reminder(image: CaseImage, proceeding: ProceedingImage, known: Mapping[str, Json], days: int | None) -> Facts:
    """Return what the party is reminded of, and for how long the organ waits then (行政强制法 art 54)."""
    paper = next((item for item in reversed(image.documents) if item.type == "reminder"), None)
    return {
        "amount_fen": known.get("reminder_amount"),
        "days": days,
        "number": paper.number if paper else None,
        "served_on": known.get("reminder_on"),
    }


def court(known: Mapping[str, Json]) -> Facts:
    """Return which court is asked to enforce how much."""
    return {"name": known.get("court"), "amount_fen": known.get("court_amount"), "on": known.get("court_applied_on")}


def announcement(image: CaseImage, action: Action, known: Mapping[str, Json], days: int | None) -> Facts:
    """Return what is served by public notice, and after how many days it counts as served; nothing for other acts.

    The notice says what it is about, not why nobody could be found (程序规定 art 82).
    """
    if action.id not in _ANNOUNCED:
        return {}
    paper = last_document(image, *_ANNOUNCED[action.id])
    return {
        "paper": paper.title if paper else None,
        "number": paper.number if paper else None,
        "paper_on": paper.issued_on.isoformat() if paper else None,
        "on": known.get("announced_on"),
        "where": known.get("announced_where"),
        "days": days,
    }


def deferral(known: Mapping[str, Json]) -> Facts:
    """Return how and until when a fine may be paid later (行政处罚法 art 66)."""
    return {
        "asked_on": known.get("deferral_asked_on"),
        "kind": known.get("deferral_kind"),
        "until": known.get("deferral_until"),
        "plan": lines_of(known.get("deferral_plan")),
    }


def last_document(image: CaseImage, *types: str) -> DocumentRecord | None:
    """Return the newest document of these kinds that stands."""
    return next((item for item in reversed(image.documents) if item.type in types and item.voided_by is None), None)


def served_on(image: CaseImage) -> str | None:
    """Return the day on which the decision was last served."""
    served = next((item for item in reversed(image.milestones) if item.kind is MilestoneKind.SERVED), None)
    return served.on.isoformat() if served else None


def _name(people: Mapping[str, Officer], person: Json) -> str | None:
    found = people.get(str(person)) if person else None
    return found.name if found else None
