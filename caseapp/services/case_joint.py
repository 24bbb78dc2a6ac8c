"""Handling a case together with other organs (联合办案): it stays with its main organ and is counted there once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, InputError, InputErrors, Message, NotPermitted
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.organs import ENFORCEMENT_KINDS
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.roles import Role
from caseapp.domain.workflow.transfers import obstacles_to_move
from caseapp.queries.staff import staff_of
from caseapp.services import effects, submissions
from caseapp.services.case_intake import CaseRef
from caseapp.services.case_store import begin, require_text
from caseapp.services.unit_of_work import unit_of_work

INVESTIGATES = frozenset({Role.OFFICER, Role.SECTION_HEAD})


@submissions.once(CaseRef)
def set_joint(
    ctx: Context,
    case_id: str,
    joint: Mapping[str, Sequence[str]],
    *,
    reason: str,
    seen_version: int | None,
    idempotency_key: str | None = None,
) -> CaseRef:
    """Say which other organs handle the case jointly, and which of their officers; {} ends joint handling.

    Their officers see and act as those in charge do; approvals stay with the main organ. New officers are told.

    joint  organ id -> ids of its officers, at least one each

    raises  NotPermitted (not by a leader of the main organ or above it), NotFound, StaleCase, ActionRefused (decided,
            closed, under way to another organ), InputError, InputErrors
    """
    require(ctx.actor.roles, Permission.TRANSFER_SEND)
    reason = require_text("reason", reason, 500)
    edit = begin(ctx, case_id, seen_version=seen_version)
    image = edit.current
    if ctx.actor.organ not in ctx.law.organs.upward(image.organ):
        raise NotPermitted(Message(N_("由主办机关或者其上级机关的负责人决定")))
    obstacles = tuple(one for one in obstacles_to_move(image) if one.guard in ("transfer", "category"))
    if obstacles:
        raise ActionRefused("joint", obstacles)
    _check(ctx, image.organ, joint)
    told: list[Json] = [
        {"organ": organ, "officers": list(dict.fromkeys(officers))} for organ, officers in sorted(joint.items())
    ]
    if told == [{"organ": item.organ, "officers": list(item.officers)} for item in image.joint]:
        raise InputError("joint", Message(N_("没有任何更改")))
    before = set(image.handlers)
    occurred_at, precision = edit.occurred(None)
    edit.append(EntryKind.JOINT_SET, {"joint": told, "reason": reason}, occurred_at=occurred_at, precision=precision)
    reference = CaseRef(case_id, edit.current.display_number(), edit.current.version)
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        effects.officers_told(ctx, unit, edit.current, [one for one in edit.current.handlers if one not in before])
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


def _check(ctx: Context, main: str, joint: Mapping[str, Sequence[str]]) -> None:
    errors: list[InputError] = []
    for organ, officers in joint.items():
        if organ == main or organ not in ctx.law.organs or ctx.law.organs.get(organ).kind not in ENFORCEMENT_KINDS:
            errors.append(InputError("joint", Message(N_("联合办案的机关应当是本系统内另一有处罚权的机关"))))
            continue
        staff = staff_of(ctx, organ)
        able = {one.id for one in staff.values() if one.organ == organ and one.active and one.roles & INVESTIGATES}
        if not officers or not set(officers) <= able:
            errors.append(InputError("joint", Message(N_("请为每个联合办案机关指定其在岗办案人员"))))
    if errors:
        raise InputErrors(errors)
