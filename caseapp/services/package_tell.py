"""Turning what happened in a referral into the steps that the other organ is told, in order, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from caseapp.context import Context
from caseapp.domain.events import Entry, Json
from caseapp.domain.facts import ActRecord, CaseImage, ProceedingImage, ShareRecord
from caseapp.domain.packages.conversation import StepKind
from caseapp.domain.workflow.corrections import corrected
from caseapp.domain.workflow.definition import Action, Procedure
from caseapp.domain.workflow.share_folds import known_acts
from caseapp.queries.case_images import entries_of, load
from caseapp.queries.package_matters import Matter, matter, matter_id
from caseapp.queries.users import names_of
from caseapp.services import package_rows
from caseapp.services.unit_of_work import Unit

_PAYLOAD = ("action", "from", "to", "saved", "facts", "starts", "meets", "ends", "extends")
"""What of an entry the other organ is told: nothing of our own case."""


def tell(ctx: Context, unit: Unit, case_id: str) -> tuple[Matter, ...]:
    """Bring the steps of every matter of a case up to what the case says now, and return them; the newest
    proceeding first.
    """
    image = load(ctx, case_id).image
    history = {entry.seq: entry for entry in corrected(entries_of(ctx, case_id)).history}
    found = []
    for proceeding in reversed(image.proceedings[1:]):
        procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
        for share in {one.organ: one for one in proceeding.shares}.values():
            teller = _Teller(ctx, unit, image, proceeding, procedure, share, history)
            found.append(teller.tell())
    return tuple(found)


class _Teller:
    """Tells one organ of one proceeding."""

    def __init__(
        self,
        ctx: Context,
        unit: Unit,
        image: CaseImage,
        proceeding: ProceedingImage,
        procedure: Procedure,
        share: ShareRecord,
        history: Mapping[int, Entry],
    ) -> None:
        self.ctx, self.unit, self.image = ctx, unit, image
        self.proceeding, self.procedure, self.share = proceeding, procedure, share
        self.history = history
        self.id = matter_id(image.organ, proceeding.id, share.organ)
        self.about: dict[str, Json] = {
            "house": image.organ,
            "peer_organ": share.organ,
            "peer": share.peer,
            "proceeding": proceeding.id,
            "procedure": proceeding.procedure,
            "version": proceeding.version,
            "reference": image.display_number(),
            "title": image.title,
            "main_procedure": image.main.procedure,
            "main_version": image.main.version,
            "sent_on": share.since_on.isoformat(),
        }

    def tell(self) -> Matter:
        ctx, unit = self.ctx, self.unit
        kept = matter(ctx, self.id)
        state = {"state": self.proceeding.state, "category": self.proceeding.category}
        if kept is None:
            package_rows.add_matter(ctx, unit, self.id, self.about, case_id=self.image.id, **state)
            kept = matter(ctx, self.id)
            assert kept is not None
        new = list(self._new(kept))
        if not new:
            return kept
        new[-1][1].update(state)  # where all of it was read, the proceeding stands there
        sequence = len(kept.ours)
        for kind, body, act_seq in new:
            sequence += 1
            package_rows.add_step(
                ctx,
                unit,
                self.id,
                ours=True,
                sequence=sequence,
                package=package_rows.package_id(self.id, kept.house, sequence, "step"),
                kind=kind,
                body={"matter": self.about, **body},
                seen=len(kept.theirs),
                status="made",
                act_seq=act_seq,
            )
        package_rows.change_matter(ctx, unit, self.id, reference=self.image.display_number(), **state)
        told = matter(ctx, self.id)
        assert told is not None
        return told

    def _new(self, kept: Matter) -> Iterator[tuple[StepKind, dict[str, Any], int | None]]:
        """Give (kind, body, entry of the ledger) of what was not told yet."""
        now = {"state": self.proceeding.state, "category": self.proceeding.category}
        acts = known_acts(self.proceeding, self.procedure, self.share)
        inside = {act.seq for act in acts}
        gone = {int(one.step.body["of"]) for one in kept.ours if one.step.kind is StepKind.VOID}
        told: set[int] = set()
        for one in kept.ours:
            if one.act_seq is None or one.step.sequence in gone:
                continue
            entry = self.history.get(one.act_seq)
            if one.act_seq in inside and entry is not None and one.step.body.get("wording") == entry.told_by:
                told.add(one.act_seq)
            else:
                yield StepKind.VOID, {"of": one.step.sequence, **now}, None
        answered = {int(one.step.body["to"]) for one in kept.ours if one.step.kind is StepKind.ANSWER}
        for one in kept.theirs:
            if one.status == "refused" and one.step.sequence not in answered:
                yield StepKind.ANSWER, {"to": one.step.sequence, "taken": False, "reason": one.reason, **now}, None
        came = {one.act_seq: one.step.sequence for one in kept.theirs if one.act_seq is not None}
        names = names_of(self.ctx, {act.actor for act in acts})
        for act in acts:
            if act.seq in told:
                continue
            body = self._act(act, names)
            if act.seq in came and came[act.seq] not in answered:
                yield StepKind.ANSWER, {**body, "to": came[act.seq], "taken": True}, act.seq
            else:
                yield StepKind.ACT, body, act.seq

    def _act(self, act: ActRecord, names: Mapping[str, str]) -> dict[str, Any]:
        entry = self.history[act.seq]
        action = self.procedure.action(act.action)
        assert action is not None
        assert action.sends is not None
        payload: Any = entry.payload
        state = self.procedure.state(act.to)
        return {
            "action": act.action,
            "by": action.sends.sender.value,
            "person": names.get(act.actor, ""),
            "on": act.on.isoformat(),
            "at": entry.occurred_at.isoformat(),
            "precision": entry.precision.value,
            "recorded_at": entry.recorded_at.isoformat(),
            "wording": entry.told_by,
            "payload": {name: payload[name] for name in _PAYLOAD if name in payload},
            "carried": self._carried(act, action),
            "state": act.to,
            "category": state.category.value,
        }

    def _carried(self, act: ActRecord, action: Action) -> list[dict[str, Json]]:
        """Return the acts of the house that the act takes along."""
        assert action.sends is not None
        found: list[dict[str, Json]] = []
        for earlier in self.proceeding.acts:
            if earlier.seq < act.seq and earlier.action in action.sends.carries:
                payload: Any = self.history[earlier.seq].payload
                facts = {name: value for name, value in (payload.get("facts") or {}).items() if name != "team"}
                found.append({"action": earlier.action, "on": earlier.on.isoformat(), "facts": facts})
        return found
