"""What a liaison does in a matter that was received as a package: it is kept, and travels back as the next package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound, StaleCase
from caseapp.domain.events import Json
from caseapp.domain.packages.conversation import StepKind
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.attached import KeptFile, with_files
from caseapp.domain.workflow.definition import Peer
from caseapp.domain.workflow.engine import decide
from caseapp.domain.workflow.share_folds import known_acts, share_of
from caseapp.queries.package_matters import Matter, ReceivedImage, received_image, received_matter
from caseapp.queries.situations import situation_of
from caseapp.services import package_lines, package_rows
from caseapp.services.case_act import Outcome, act_payload
from caseapp.services.unit_of_work import unit_of_work


def is_received(ctx: Context, of_id: str) -> bool:
    """Return whether that is a matter that came to the actor's organ as packages."""
    try:
        received_matter(ctx, of_id)
    except NotFound:
        return False
    return True


def answer(
    ctx: Context,
    of_id: str,
    action: str,
    fields: Mapping[str, Json],
    *,
    seen_acts: int | None,
    occurred_on: date | None = None,
    files: Sequence[KeptFile] = (),
    idempotency_key: str | None = None,
) -> Outcome:
    """Take an act of the actor's organ in a received matter, or refuse with reasons. The organ that has the case judges
    it once more when the package arrives.

    seen_acts, occurred_on, files, idempotency_key  as for `referral_answer.answer`

    raises  NotPermitted, NotFound, StaleCase, ActionRefused, InputErrors
    """
    require(ctx.actor.roles, Permission.REFERRAL_ANSWER)
    with unit_of_work(ctx) as unit:
        kept = received_matter(ctx, of_id)
        done = next((one for one in kept.ours if one.step.body.get("key") == idempotency_key), None)
        if done is not None and idempotency_key:
            return _outcome(kept, done.step.body["payload"]["from"], kept.state)
        seen = received_image(ctx, kept)
        share = share_of(seen.proceeding, ctx.actor.organ) if seen is not None else None
        if seen is None or share is None or share.until is not None:
            raise NotFound(Message(N_("没有这项移送")))
        known = len(known_acts(seen.proceeding, seen.procedure, share))
        if seen_acts is not None and seen_acts != known:
            raise StaleCase(seen_acts, known)
        taken = seen.procedure.action(action)
        if taken is None or taken.sends is None or taken.sends.sender != Peer(share.peer):
            raise NotFound(Message(N_("没有这一事项")))
        situation = situation_of(ctx, seen.image, seen.proceeding, on=occurred_on or ctx.today())
        decision = with_files(decide(seen.procedure, situation, action, fields, today=ctx.today()), files)
        now = ctx.now().isoformat(timespec="seconds")
        body: dict[str, Json] = {
            "matter": dict(kept.about),
            "action": action,
            "by": share.peer,
            "organ": ctx.actor.organ,
            "person": ctx.actor.name,
            "on": decision.on.isoformat(),
            "at": now,
            "recorded_at": now,
            "fields": dict(fields),
            "payload": {
                name: value
                for name, value in act_payload(seen.procedure, kept.proceeding_id, decision, {}, None).items()
                if name not in ("proceeding", "procedure", "version", "milestone", "tells")
            },
            "key": idempotency_key or "",
        }
        sequence = len(kept.ours) + 1
        package_rows.add_step(
            ctx,
            unit,
            kept.id,
            ours=True,
            sequence=sequence,
            package=package_rows.package_id(kept.id, kept.here, sequence, "step"),
            kind=StepKind.ACT,
            body=body,
            seen=len(kept.theirs),
            status="made",
        )
        after = _after(ctx, kept.id)
        state = {"state": after.proceeding.state, "category": after.proceeding.category}
        package_rows.change_matter(ctx, unit, kept.id, **state)
        package_lines.relist(ctx, unit, kept.id)
    return _outcome(kept, decision.from_state, after.proceeding.state)


def _after(ctx: Context, of_id: str) -> ReceivedImage:
    found = received_image(ctx, received_matter(ctx, of_id))
    assert found is not None
    return found


def _outcome(kept: Matter, from_state: str, to_state: str) -> Outcome:
    return Outcome(
        case_id=kept.id,
        version=0,
        status="acted",
        from_state=from_state,
        to_state=to_state,
        number=kept.reference,
        proceeding=kept.proceeding_id,
    )
