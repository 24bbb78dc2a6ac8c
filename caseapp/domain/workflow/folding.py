"""The small changes that entries make to an image: what the folds are put together from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from caseapp.domain.changing import changed
from caseapp.domain.correction_records import DivisionRecord
from caseapp.domain.events import Entry, Milestone, MilestoneKind, Precision
from caseapp.domain.facts import CaseImage, Goods, Party, ProceedingImage, Right
from caseapp.domain.workflow.definition import Category, Procedure
from caseapp.domain.workflow.running_clocks import pause_for

Payload = Mapping[str, Any]


def find(image: CaseImage, proceeding_id: str) -> ProceedingImage:
    """Return a proceeding of the case. raises KeyError where the case has none of that id"""
    found = image.proceeding(proceeding_id)
    if found is None:
        raise KeyError(proceeding_id)
    return found


def put(image: CaseImage, proceeding: ProceedingImage) -> CaseImage:
    """Return the image with a proceeding in the place of the one of the same id."""
    return changed(image, proceedings=_with(image, proceeding))


def _with(image: CaseImage, proceeding: ProceedingImage) -> tuple[ProceedingImage, ...]:
    return tuple(proceeding if item.id == proceeding.id else item for item in image.proceedings)


def enter(
    proceeding: ProceedingImage, procedure: Procedure, state_id: str, saved: str | None, on: date
) -> ProceedingImage:
    """Return the proceeding in a state, closed or open as the state is."""
    if state_id == proceeding.state:
        return changed(proceeding, saved=saved)
    category = procedure.state(state_id).category
    closed_on = proceeding.closed_on
    if category is Category.CLOSED:
        closed_on = closed_on if proceeding.category == Category.CLOSED else on
    else:
        closed_on = None
    return changed(proceeding, state=state_id, category=category.value, saved=saved, entered_on=on, closed_on=closed_on)


def milestone_told(told: Payload, entry: Entry, proceeding_id: str) -> Milestone:
    """Return the milestone that an entry tells of a proceeding."""
    at = told.get("at")
    return Milestone(
        kind=MilestoneKind(told["kind"]),
        on=date.fromisoformat(told["on"]),
        precision=Precision(told.get("precision", "day")),
        seq=entry.seq,
        recorded_at=entry.recorded_at,
        proceeding=proceeding_id,
        order_at=entry.occurred_at,
        at=datetime.fromisoformat(at) if at else None,
        details=told.get("details") or None,
        told_by=entry.told_by,
    )


def with_milestone(image: CaseImage, proceeding: ProceedingImage, milestone: Milestone, *, of: str = "") -> CaseImage:
    """Return the image with a milestone kept, and the time it leaves out.

    of  id of the side proceeding that tells of it, '' where it is the proceeding's own
    """
    paused = pause_for(proceeding, milestone, of=of)
    return changed(image, milestones=(*image.milestones, milestone), proceedings=_with(image, paused))


def patch_case(image: CaseImage, patch: Payload | None, entry: Entry, on: date) -> CaseImage:
    """Return the image with whole fields of the case replaced."""
    if not patch:
        return image
    fields = case_fields(patch)
    if "division" in fields and fields["division"] != image.division:
        fields["divisions"] = (*image.divisions, DivisionRecord(fields["division"], on, entry.recorded_at))
    return changed(image, **fields)


def case_fields(patch: Payload) -> dict[str, Any]:
    """Return a JSON patch of case fields as the values `CaseImage` holds.

    raises  KeyError for a field that no patch may carry
    """
    return {name: _CASE_FIELDS[name](value) for name, value in patch.items()}


def fields_told(image: CaseImage, names: Iterable[str]) -> dict[str, Any]:
    """Return fields of the case as a patch would tell them: the reverse of `case_fields`."""
    return {name: _told(getattr(image, name)) for name in names}


def _told(value: Any) -> Any:
    if isinstance(value, (Party, Right, Goods)):
        return asdict(value)
    if isinstance(value, tuple):
        return [_told(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _strings(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _as_is(value: Any) -> Any:
    return value


def maybe_date(value: str | None) -> date | None:
    """Return a date, or None where none is told."""
    return date.fromisoformat(value) if value else None


_CASE_FIELDS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        (
            "id",
            "title",
            "organ",
            "division",
            "external_id",
            "number",
            "lead_number",
            "source",
            "channel",
            "summary",
            "amounts",
            "restricted",
            "demo",
            "origin",
            "extra",
        ),
        _as_is,
    ),
    "ip_types": _strings,
    "campaigns": _strings,
    "officers": _strings,
    "parties": lambda value: tuple(Party(**item) for item in value),
    "rights": lambda value: tuple(Right(**item) for item in value),
    "goods": lambda value: tuple(Goods(**item) for item in value),
    "act_from": maybe_date,
    "act_to": maybe_date,
}
