"""Reminding those who can sign that somebody waits (催办): once a day for a request."""

from __future__ import annotations

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, Message, NotFound, NotPermitted, Unmet
from caseapp.domain.workflow.approvals import asked_action
from caseapp.models.approval import Approval
from caseapp.queries.case_images import load
from caseapp.services import notify
from caseapp.services.effects import holders
from caseapp.services.unit_of_work import unit_of_work


def nudge(ctx: Context, approval_id: str) -> int:
    """Remind the people who may sign the step that a request waits for. Returns how many were told; 0 where they were
    told today already.

    raises  NotFound, NotPermitted (somebody else's request), ActionRefused (no longer pending)
    """
    row = ctx.session.execute(select(Approval.case_id, Approval.requested_by).where(Approval.id == approval_id)).first()
    if row is None:
        raise NotFound(Message(N_("没有这项审批")))
    if row.requested_by != ctx.actor.id:
        raise NotPermitted(Message(N_("只有申请人本人可以催办")))
    image = load(ctx, row.case_id).image
    request = next(one for one in image.approvals if one.id == approval_id)
    proceeding = image.proceeding(request.proceeding)
    assert proceeding is not None
    action = asked_action(
        ctx.law.procedures.pinned(proceeding.procedure, proceeding.version), request.action, ctx.law.corrections
    )
    step = next((one for one in action.approval if one.id == request.step), None) if action else None
    if action is None or step is None:
        raise ActionRefused(request.action, [Unmet(Message(N_("该审批已经办结")), guard="pending")])
    barred = {request.by, *image.officers, *(one.by for one in request.signatures)}
    with unit_of_work(ctx) as unit:
        return notify.tell_with_deputies(
            ctx,
            unit,
            holders(ctx, image.organ, step.role),
            but_not=barred,
            kind="nudge",
            key=f"nudge:{approval_id}:{step.id}:{ctx.today().isoformat()}",
            message=Message(
                N_("%(name)s 催办 %(number)s：“%(action)s”等候您审批"),
                {
                    "name": ctx.actor.name,
                    "number": image.display_number(),
                    "action": {"zh": action.name.zh, "en": action.name.en},
                },
            ),
            case_id=image.id,
        )
