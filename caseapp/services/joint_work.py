"""Joint work of several organs: begun, answered, written about, ended. Every act is an entry in the system stream.

The entry says who did what with which organs and cases, and holds the digest of what was written; the words are for the
organs that take part and for nobody who keeps the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound, RuleRefused, StaleCase
from caseapp.domain.events import Json, Stream
from caseapp.domain.joint_work import Answer, JointKind, PostKind, refuse_closing, refuse_opening
from caseapp.domain.organs import OrganKind
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import POLICY, Permission
from caseapp.models.case_file import CaseFile
from caseapp.models.joint_work import JointWork
from caseapp.models.joint_work_case import JointWorkCase
from caseapp.models.joint_work_organ import JointWorkOrgan
from caseapp.models.joint_work_post import JointWorkPost
from caseapp.queries.staff import staff_of
from caseapp.queries.visibility import joint_work_of, visible_cases
from caseapp.services import joint_work_files, ledger, notify, submissions
from caseapp.services.case_store import new_id, require_text
from caseapp.services.joint_work_files import KeptWorkFile, Upload
from caseapp.services.unit_of_work import Unit, unit_of_work

LONGEST_SUBJECT: Final = 120
LONGEST_TEXT: Final = 8000


@dataclass(frozen=True, slots=True)
class WorkDraft:
    """What a joint work begins with. invited: ids of organs; cases: numbers of cases that the actor sees."""

    kind: str
    topic: str
    subject: str
    body: str
    invited: tuple[str, ...]
    wanted_on: date | None = None
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkRef:
    """A joint work that was begun or written in."""

    id: str


@submissions.once(WorkRef)
def begin_work(
    ctx: Context, draft: WorkDraft, *, files: Sequence[Upload] = (), idempotency_key: str | None = None
) -> WorkRef:
    """Begin a joint work in the name of the actor's organ.

    raises  NotPermitted, NotFound (kind), InputError (also field 'files'), RuleRefused
    """
    require(ctx.actor.roles, Permission.JOINT_WRITE)
    kind = ctx.law.joint_work.kind(draft.kind)
    subject = require_text("subject", draft.subject, LONGEST_SUBJECT)
    body = require_text("body", draft.body, LONGEST_TEXT)
    invited = _organs(ctx, draft.invited)
    own = (ctx.actor.organ, ctx.law.organs.get(ctx.actor.organ).kind)
    refuse_opening(kind, own, invited, ctx.law.joint_work.topics, draft.topic)
    if draft.wanted_on is not None and draft.wanted_on < ctx.today():
        raise InputError("wanted_on", Message(N_("希望答复的日期不能早于今天")))
    cases = _cases(ctx, draft.cases)
    kept = joint_work_files.keep_files(ctx, files)
    work_id = new_id(ctx)
    answers = [(own[0], Answer.ACCEPTED), *((organ, Answer.AWAITED) for organ in invited)]
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            insert(JointWork).values(
                id=work_id, kind=kind.id, topic=draft.topic, subject=subject, body=body, organ_id=own[0],
                opened_by=ctx.actor.id, opened_on=ctx.today(), wanted_on=draft.wanted_on, closed_on=None, version=1,
                updated_at=ctx.now(),
            )
        )  # fmt: skip
        unit.connection.execute(
            insert(JointWorkOrgan),
            [{"work_id": work_id, "organ_id": organ, "answer": answer.value, "answered_on": None}
             for organ, answer in answers],
        )  # fmt: skip
        if cases:
            unit.connection.execute(insert(JointWorkCase), [{"work_id": work_id, "case_id": one} for one in cases])
        _record(
            ctx,
            unit,
            "joint_work_begun",
            work_id,
            body,
            kind=kind.id,
            organs=list[Json](sorted(invited)),
            cases=list[Json](sorted(cases)),
            **joint_work_files.digests(kept),
        )
        joint_work_files.enter(unit, work_id, 0, kept)
        _tell(ctx, unit, work_id, 1, kind, invited)
        made = WorkRef(work_id)
        submissions.keep(ctx, unit, idempotency_key, {"id": work_id})
    return made


@submissions.once(WorkRef)
def answer_work(
    ctx: Context,
    work_id: str,
    answer: Answer,
    text: str,
    *,
    files: Sequence[Upload] = (),
    idempotency_key: str | None = None,
) -> WorkRef:
    """Accept or decline an invitation; who declines says why. Files go along.

    raises  NotPermitted, NotFound, RuleRefused (answered already, over), InputError (also field 'files')
    """
    work, kind = _open(ctx, work_id)
    text = require_text("text", text, LONGEST_TEXT) if answer is Answer.DECLINED else text.strip()[:LONGEST_TEXT]
    mine = ctx.session.execute(
        select(JointWorkOrgan.answer).where(
            JointWorkOrgan.work_id == work_id, JointWorkOrgan.organ_id == ctx.actor.organ
        )
    ).scalar_one()
    if mine != Answer.AWAITED or answer is Answer.AWAITED:
        raise RuleRefused(Message(N_("本机关已经答复")))
    kept = joint_work_files.keep_files(ctx, files)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(JointWorkOrgan)
            .where(JointWorkOrgan.work_id == work_id, JointWorkOrgan.organ_id == ctx.actor.organ)
            .values(answer=answer.value, answered_on=ctx.today())
        )
        _post(ctx, unit, work, kind, PostKind(answer.value), text, kept)
        submissions.keep(ctx, unit, idempotency_key, {"id": work_id})
    return WorkRef(work_id)


@submissions.once(WorkRef)
def write_in_work(
    ctx: Context,
    work_id: str,
    text: str,
    *,
    minutes: bool,
    files: Sequence[Upload] = (),
    idempotency_key: str | None = None,
) -> WorkRef:
    """Write a reply, or keep minutes; files go along.

    raises  NotPermitted, NotFound, RuleRefused (over), InputError (also field 'files')
    """
    work, kind = _open(ctx, work_id)
    text = require_text("text", text, LONGEST_TEXT)
    kept = joint_work_files.keep_files(ctx, files)
    with unit_of_work(ctx) as unit:
        _post(ctx, unit, work, kind, PostKind.MINUTES if minutes else PostKind.REPLY, text, kept)
        submissions.keep(ctx, unit, idempotency_key, {"id": work_id})
    return WorkRef(work_id)


@submissions.once(WorkRef)
def end_work(ctx: Context, work_id: str, text: str, *, idempotency_key: str | None = None) -> WorkRef:
    """End a joint work with its result.

    raises  NotPermitted, NotFound, RuleRefused (not by the opener, without minutes, over), InputError
    """
    work, kind = _open(ctx, work_id)
    kept = ctx.session.execute(
        select(func.count()).where(JointWorkPost.work_id == work_id, JointWorkPost.kind == PostKind.MINUTES.value)
    ).scalar_one()
    refuse_closing(kind, is_opener=work.organ_id == ctx.actor.organ, has_minutes=bool(kept))
    text = require_text("text", text, LONGEST_TEXT)
    with unit_of_work(ctx) as unit:
        _post(ctx, unit, work, kind, PostKind.CLOSED, text)
        unit.connection.execute(update(JointWork).where(JointWork.id == work_id).values(closed_on=ctx.today()))
        submissions.keep(ctx, unit, idempotency_key, {"id": work_id})
    return WorkRef(work_id)


def _open(ctx: Context, work_id: str) -> tuple[Any, JointKind]:
    """Return a joint work in which the actor's organ may write. raises NotPermitted, NotFound, RuleRefused"""
    require(ctx.actor.roles, Permission.JOINT_WRITE)
    work = ctx.session.execute(
        select(JointWork.id, JointWork.kind, JointWork.organ_id, JointWork.version, JointWork.closed_on).where(
            JointWork.id == work_id, joint_work_of(ctx)
        )
    ).first()
    if work is None:
        raise NotFound(Message(N_("没有这项协作事项")))
    if work.closed_on is not None:
        raise RuleRefused(Message(N_("协作事项已经办结")))
    return work, ctx.law.joint_work.kind(work.kind)


def _post(
    ctx: Context,
    unit: Unit,
    work: Any,
    kind: JointKind,
    what: PostKind,
    text: str,
    files: Sequence[KeptWorkFile] = (),
) -> None:
    """Write one word of the board; whoever wrote at the same moment comes first."""
    moved = unit.connection.execute(
        update(JointWork)
        .where(JointWork.id == work.id, JointWork.version == work.version)
        .values(version=work.version + 1, updated_at=ctx.now())
    )
    if moved.rowcount != 1:
        raise StaleCase(work.version, work.version + 1)
    unit.connection.execute(
        insert(JointWorkPost).values(
            work_id=work.id, number=work.version, kind=what.value, organ_id=ctx.actor.organ, author=ctx.actor.id,
            written_at=ctx.now(), text=text,
        )
    )  # fmt: skip
    joint_work_files.enter(unit, work.id, work.version, files)
    _record(ctx, unit, f"joint_work_{what.value}", work.id, text, **joint_work_files.digests(files))
    others = unit.connection.execute(select(JointWorkOrgan.organ_id).where(JointWorkOrgan.work_id == work.id)).scalars()
    _tell(ctx, unit, work.id, work.version + 1, kind, [organ for organ in others if organ != ctx.actor.organ])


def _record(ctx: Context, unit: Unit, entry: str, work_id: str, text: str, **told: Json) -> None:
    digest = f"sha256:{sha256(text.encode()).hexdigest()}"
    payload: dict[str, Json] = {"work": work_id, "organ": ctx.actor.organ, "text": digest, **told}
    ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind=entry, payload=payload)


def _tell(ctx: Context, unit: Unit, work_id: str, number: int, kind: JointKind, organs: Iterable[str]) -> None:
    """Tell the people of other organs who may answer, without a word of what it is about."""
    text = Message(
        N_("%(organ)s：协作事项“%(kind)s”有新的内容，请到“协作”中查看"),
        {"organ": ctx.law.organs.get(ctx.actor.organ).short, "kind": dict(kind.name)},
    )
    for organ in organs:
        people = [
            one.id
            for one in staff_of(ctx, organ).values()
            if one.active and any(Permission.JOINT_WRITE in POLICY[role] for role in one.roles)
        ]
        notify.tell(ctx, unit, people, kind="joint", key=f"joint:{work_id}:{number}", message=text)


def _organs(ctx: Context, organs: Sequence[str]) -> Mapping[str, OrganKind]:
    """Return the organs of today by id, with their kinds. raises InputError"""
    known = {one.id: one.kind for one in ctx.law.organs if one.in_force(ctx.today())}
    if any(organ not in known for organ in organs):
        raise InputError("invited", Message(N_("没有这个机关")))
    return {organ: known[organ] for organ in dict.fromkeys(organs)}


def _cases(ctx: Context, numbers: Sequence[str]) -> list[str]:
    """Return the ids of cases that the actor sees, by their numbers. raises InputError"""
    wanted = [one.strip() for one in numbers if one.strip()]
    if not wanted:
        return []
    rows = ctx.session.execute(
        select(CaseFile.id, CaseFile.number).where(CaseFile.number.in_(wanted), visible_cases(ctx))
    ).all()
    missing = [one for one in wanted if one not in {row.number for row in rows}]
    if missing:
        raise InputError("cases", Message(N_("没有找到案件：%(numbers)s"), {"numbers": "、".join(missing)}))
    return [row.id for row in rows]
