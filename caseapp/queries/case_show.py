"""One case as outside programs read it, on any day and by any day's knowledge."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from caseapp.context import Context
from caseapp.domain.clocks.status import Status
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import LEGAL_ZONE, Milestone
from caseapp.domain.exchange.emit import record_of, to_json
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.timing import clocks_of
from caseapp.queries.case_images import image_at


def told_case(
    ctx: Context, case_id: str, *, as_of: date | None = None, known_at: datetime | None = None
) -> dict[str, Any]:
    """Return a case as a JSON-able mapping: the exchange record's keys, and state, clocks and documents beside them.

    raises  NotFound where it was not there on that day, or not known then
    """
    image = image_at(ctx, case_id, as_of=as_of, known_at=known_at)
    if image is None:
        raise NotFound(Message(N_("该日期、该时点时还没有这件案件")))
    day = as_of or ctx.today()
    main = image.main
    procedure = ctx.law.procedures.pinned(main.procedure, main.version)
    record = to_json(record_of(image))
    state = procedure.state(main.state)
    return {
        **record,
        "external_id": image.external_id,
        "id": image.id,
        "number": image.number,
        "lead_number": image.lead_number,
        "version": image.version,
        "as_of": as_of.isoformat() if as_of else None,
        "known_at": known_at.isoformat() if known_at else None,
        "organ": image.organ,
        "division": image.division,
        "title": image.title,
        "procedure": main.procedure,
        "procedure_version": main.version,
        "state": main.state,
        "state_name": {"zh": state.name.zh, "en": state.name.en},
        "category": main.category,
        "irregular": main.irregular,
        "opened_on": image.opened_on.isoformat(),
        "closed_on": main.closed_on.isoformat() if main.closed_on else None,
        "officers": list(image.officers),
        "milestones": [_milestone(item) for item in image.milestones],
        "clocks": _clocks(ctx, image, day),
        "proceedings": [_proceeding(item) for item in image.proceedings],
        "documents": [
            {
                "type": item.type,
                "number": item.number,
                "issued_on": item.issued_on.isoformat(),
                "facts": item.facts_digest,
                **({"void": True} if item.voided_by is not None else {}),
            }
            for item in image.documents
        ],
        "corrections": [
            {
                "entry": item.entry,
                "kind": item.kind,
                "void": item.void,
                "reason": item.reason,
                "recorded_at": item.recorded_at.astimezone(LEGAL_ZONE).isoformat(),
            }
            for item in image.corrections
        ],
    }


def _milestone(item: Milestone) -> dict[str, Any]:
    shown = item.on.isoformat()
    if item.precision.value == "year":
        shown = shown[:4]
    elif item.precision.value == "month":
        shown = shown[:7]
    told: dict[str, Any] = {"kind": item.kind.value, "on": shown, **(item.details or {})}
    if item.at is not None:
        told["at"] = item.at.isoformat()
    told["recorded_at"] = item.recorded_at.astimezone(LEGAL_ZONE).isoformat()
    if item.irregular:
        told["irregular"] = True
    return told


def _proceeding(item: ProceedingImage) -> dict[str, Any]:
    return {
        "id": item.id,
        "procedure": item.procedure,
        "version": item.version,
        "state": item.state,
        "category": item.category,
        "acts": [{"action": act.action, "on": act.on.isoformat(), "to": act.to} for act in item.acts],
    }


def _clocks(ctx: Context, image: CaseImage, day: date) -> list[dict[str, Any]]:
    found = []
    for proceeding in image.proceedings:
        for clock in clocks_of(proceeding, ctx.law.rules, ctx.law.calendar):
            run = clock.run
            status: Status = clock.status(day)
            found.append(
                {
                    "rule": clock.rule.id,
                    "started_on": run.started_on.isoformat(),
                    "due_on": run.due.on.isoformat() if run.due.on else None,
                    "stopped_on": run.stopped_on.isoformat() if run.stopped_on else None,
                    "provisional": run.due.provisional,
                    "status": status.value,
                }
            )
    return found
