"""Facts of papers about evidence registered or sampled beside a dispute, and of a recusal in one."""

from __future__ import annotations

from datetime import date

from caseapp.context import Context
from caseapp.services.dispute_facts import PROCEDURES
from caseapp.services.proceeding_told import Facts, Told


def registration(told: Told) -> Facts:
    """Return what a decision on registered evidence speaks of; the time to decide on it is that of its first day."""
    begun = next((clock.started_on for clock in told.proceeding.clocks), told.on)
    return {
        "registration": {
            "reason": told.get("kept_reason"),
            "proposed": told.lines("kept_proposed"),
            "on": begun.isoformat(),
            "place": told.get("kept_place"),
            "days": told.limit(begun, "D11", "Q13"),
            "items": told.things("kept_items"),
            "kept_by": told.get("kept_by"),
            "present": told.get("party_present"),
            "number": told.number_of("registration_decision"),
            "release_reason": told.get("release_reason"),
            "returned_to": told.get("returned_to"),
            "older": _under_the_older_text(told.ctx, begun),
        }
    }


def sampling(told: Told) -> Facts:
    """Return what a decision to take samples speaks of."""
    return {
        "sampling": {
            "reason": told.get("sampled_reason"),
            "on": told.get("sampled_on"),
            "place": told.get("sampled_place"),
            "items": told.things("sampled_items"),
            "present": told.get("sampled_present"),
            "older": _under_the_older_text(told.ctx, told.on),
        }
    }


def recusal(told: Told) -> Facts:
    """Return which law a recusal rests on (`dispute`: new, old; absent in penalty cases) and who takes over."""
    main = told.image.main.procedure
    text = "old" if _under_the_older_text(told.ctx, told.on) else "new"
    return {
        "dispute": text if main in PROCEDURES else None,
        "panel": main == "patent_dispute" or None,
        "successors": told.names("officers"),
    }


def _under_the_older_text(ctx: Context, on: date) -> bool | None:
    """Return True where 专利纠纷行政裁决和调解办法 was not in force yet on the day, else None: nothing to be said."""
    return True if ctx.law.rules.find("D11", on) is None else None
