"""Facts of papers in which our organ defends its decision: before a reconsideration organ, before a court."""

from __future__ import annotations

from typing import Final

from caseapp.services.proceeding_told import Facts, Told

REMEDY: Final = "remedy"
_COPY, _COPY_SIMPLIFIED = "receive_copy", "receive_copy_simplified"


def gathered(told: Told) -> Facts:
    """Return what only papers of a remedy speak of; nothing for any other proceeding."""
    if told.proceeding.procedure != REMEDY:
        return {}
    court, organs = told.get("court_organ"), told.ctx.law.organs
    copy = told.proceeding.last_act(_COPY) or told.proceeding.last_act(_COPY_SIMPLIFIED)
    return {
        "remedy": {
            "body": told.get("remedy_body"),
            "number": told.get("remedy_number"),
            "claimant": told.get("remedy_claimant"),
            "claims": told.get("remedy_claims"),
            "copy_on": copy.on.isoformat() if copy is not None else None,
            "simplified": told.proceeding.last_act(_COPY_SIMPLIFIED) is not None or None,
            "reply": told.get("reply_text"),
            "reply_evidence": told.lines("reply_evidence"),
            "court": organs.get(court).name_zh if isinstance(court, str) and court in organs else None,
            "suit_number": told.get("suit_number"),
            "plaintiff": told.get("plaintiff"),
            "suit_on": told.get("suit_served_on"),
            "suit_claims": told.get("suit_claims"),
            "defence": told.get("defence_text"),
            "defence_evidence": told.lines("defence_evidence"),
            "norms": told.lines("defence_norms"),
            "head_in_court": told.get("head_in_court"),
            "late_reasons": told.get("late_reasons"),
        }
    }
