"""The projection of a case into the one row that closure figures are grouped by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from caseapp.context import Law
from caseapp.domain.events import MilestoneKind
from caseapp.domain.facts import CaseImage
from caseapp.domain.metrics.history import fact_of
from caseapp.domain.metrics.plain import STANDING, is_ever_filed, plain_course, settled_on

Row = dict[str, Any]


def barred(values: Iterable[str]) -> str:
    """Return values as '|a|b|' for LIKE filters, '' for none."""
    joined = "|".join(values)
    return f"|{joined}|" if joined else ""


def closure_rows(image: CaseImage, law: Law) -> list[Row]:
    """Return the one row that closure figures group the case by; none for a case that is in no figure whatever the
    day.
    """
    main = image.main
    procedure = law.procedures.pinned(main.procedure, main.version)
    facts, gone = (
        [fact_of(item) for item in told if item.kind in STANDING and item.proceeding == main.id]
        for told in (image.milestones, image.superseded)
    )
    if not procedure.counts or not is_ever_filed([*facts, *gone]):
        return []
    # Who looks by the knowledge before a correction reads other dates: such a case is never judged by two alone.
    stood = not gone and not image.superseded_divisions
    plain = plain_course(facts) if stood and len(image.divisions) == 1 else None
    known_since = [fact.recorded_at for fact in facts]
    known_since += [item.superseded_at for item in image.superseded if item.superseded_at is not None]
    filings = [fact.on for fact in (*facts, *gone) if fact.kind is MilestoneKind.FILED]
    return [
        {
            "case_id": image.id,
            "proceeding_id": main.id,
            "procedure": main.procedure,
            "procedure_version": main.version,
            "source": image.source,
            "ip_types": barred(image.ip_types),
            "division": image.divisions[0].code,
            "plain": plain is not None,
            "filed_on": plain.filed_on if plain else min(filings),
            "closed_on": plain.closed_on if plain else settled_on(facts),
            "manner": plain.manner.value if plain and plain.manner else None,
            "known_since": max(known_since),
        }
    ]
