"""Judging the acts and papers that a correction leaves standing: what each no longer meets, and whether it may stand
without.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import Message
from caseapp.domain.events import Entry, EntryKind, Json
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.correction_rules import CorrectionRule, Standing
from caseapp.domain.workflow.rejudging import Finding, no_longer_lawful
from caseapp.domain.workflow.situation import Actor, Officer, Situation
from caseapp.queries.situations import people_of, situation_of
from caseapp.queries.staff import staff_of
from caseapp.services.document_reissue import form_of


def findings_of(
    ctx: Context,
    image: CaseImage,
    before: Sequence[Entry],
    planned: Sequence[Entry],
    *,
    decided_anew: Collection[int],
) -> tuple[Finding, ...]:
    """Return what later acts and papers no longer meet with the corrections planned; both histories are lawful in
    their order.

    image   the case with the corrections
    before  the entries as they are; planned: with the `corrected` ones that would be written
    """
    staff = staff_of(ctx, image.organ, people_of(image) | {entry.actor for entry in before})
    said = _Said(ctx, staff)

    def view(case: CaseImage, proceeding: ProceedingImage, entry: Entry, on: date) -> Situation:
        principal = str(entry.payload.get("for") or "")
        actor = _actor(staff, principal or entry.actor)
        seen = situation_of(ctx.acting_as(actor), case, proceeding, on=on, staff=staff)
        if entry.kind == EntryKind.DOCUMENT_ISSUED:
            seen = replace(seen, fields=said.by(proceeding, entry))
        return replace(seen, deputy=entry.actor) if principal else seen

    return no_longer_lawful(before, planned, ctx.law.procedures, view, decided_anew=decided_anew)


@dataclass(slots=True)
class _Said:
    """What the forms of papers said, by fact name; each is read once."""

    ctx: Context
    staff: Mapping[str, Officer]
    known: dict[str, Mapping[str, Json]] = field(default_factory=dict)

    def by(self, proceeding: ProceedingImage, entry: Entry) -> Mapping[str, Json]:
        document: Any = entry.payload["document"]
        if document["id"] not in self.known:
            procedure = self.ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
            action = procedure.action(document["action"])
            assert action is not None
            form = form_of(self.ctx, document["id"], action, self.staff)
            self.known[document["id"]] = {
                item.fact_name: form[item.id] for item in action.fields if form.get(item.id) is not None
            }
        return self.known[document["id"]]


def _actor(staff: Mapping[str, Officer], person: str) -> Actor:
    known = staff.get(person)
    if known is None:
        return Actor(person, person, "", frozenset())
    return Actor(known.id, known.name, known.organ, known.roles)


def proceeding_of(image: CaseImage, entry: Entry) -> ProceedingImage:
    """Return the proceeding that an act or a paper is of; the main one for what is of none."""
    payload: Mapping[str, Any] = entry.payload
    named = payload.get("proceeding") or (payload.get("document") or {}).get("proceeding")
    return (image.proceeding(str(named)) if named else None) or image.main


def rule_of(ctx: Context, image: CaseImage, entry: Entry) -> CorrectionRule:
    """Return the rule for the proceeding that an act or a paper is of."""
    return ctx.law.corrections.of(proceeding_of(image, entry).procedure)


def irregularity(finding: Finding, standing: Standing) -> dict[str, Any]:
    """Return what the ledger keeps of an act that stands without meeting a condition: fields of `Irregularity`."""
    return {
        "entry": finding.seq,
        "on": finding.on.isoformat(),
        "guard": finding.guard,
        "message": message_told(finding.unmet.message),
        "article": finding.unmet.article,
        "reason": {"zh": standing.reason.zh, "en": standing.reason.en},
        "ground": str(standing.citation),
    }


def message_told(message: Message) -> dict[str, Json]:
    """Return a sentence as JSON: its msgid and its values; a sentence within it in Chinese."""
    return {"text": message.text, "values": {name: _value(value) for name, value in message.values.items()}}


def _value(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(key): str(part) for key, part in value.items()}
    if isinstance(value, bool) or not isinstance(value, int):
        return str(value)
    return value
