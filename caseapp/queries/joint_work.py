"""The board of joint work, as far as the reader's organ takes part in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, true

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.joint_work import Answer, JointKind, PostKind
from caseapp.domain.policies.permits import permits
from caseapp.domain.policies.policy_map import Permission
from caseapp.models.case_file import CaseFile
from caseapp.models.joint_work import JointWork
from caseapp.models.joint_work_case import JointWorkCase
from caseapp.models.joint_work_file import JointWorkFile
from caseapp.models.joint_work_organ import JointWorkOrgan
from caseapp.models.joint_work_post import JointWorkPost
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.case_page import organ_name
from caseapp.queries.users import names_of
from caseapp.queries.visibility import joint_work_of, visible_cases

PAGE: Final = 50
CAP: Final = 1000
TABS: Final = ("waiting", "open", "closed", "all")
Words = Mapping[str, str]

# Every page's navigation asks it, so it is built once. Who is invited takes part, so it keeps within `joint_work_of`.
_INVITED = select(func.count()).select_from(
    select(JointWorkOrgan.work_id)
    .join(JointWork, JointWork.id == JointWorkOrgan.work_id)
    .where(
        JointWorkOrgan.organ_id == bindparam("organ"),
        JointWorkOrgan.answer == Answer.AWAITED.value,
        JointWork.closed_on.is_(None),
    )
    .limit(CAP + 1)
    .subquery()
)


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One joint work in the list. mine: it waits for the reader's organ; late: the day asked for is over."""

    id: str
    kind: Words
    topic: Words
    subject: str
    opener: Words
    opened_on: date
    wanted_on: date | None
    closed_on: date | None
    mine: bool
    late: bool


@dataclass(frozen=True, slots=True)
class WorkList:
    """A page of joint work, the newest first. after: key of the last row where more follow."""

    lines: tuple[WorkLine, ...]
    after: tuple[str, str] | None
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OrganLine:
    """An organ that takes part."""

    name: Words
    opener: bool
    answer: Answer
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class WorkFile:
    """A file beside a post. post: its number, 0 for what the joint work began with; size in bytes."""

    post: int
    place: int
    name: str
    digest: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Post:
    """One word of the board."""

    number: int
    kind: PostKind
    organ: Words
    author: str
    at: datetime
    text: str
    files: tuple[WorkFile, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A case that it is about. number: '' where the reader may not know of it; case_id: '' where he may not open it."""

    case_id: str
    number: str
    organ: Words


@dataclass(frozen=True, slots=True)
class WorkPage:
    """One joint work, and what the reader may do in it now."""

    line: WorkLine
    kind: JointKind
    body: str
    author: str
    organs: tuple[OrganLine, ...]
    posts: tuple[Post, ...]
    cases: tuple[LinkedCase, ...]
    files: tuple[WorkFile, ...]
    may_answer: bool
    may_write: bool
    may_end: bool
    lacks_minutes: bool
    version: int


def work_list(
    ctx: Context,
    *,
    tab: str = "open",
    kind: str | None = None,
    words: str = "",
    after: tuple[str, str] | None = None,
) -> WorkList:
    """Return joint work in which the reader's organ takes part.

    tab    waiting (an answer of the reader's organ is awaited) | open | closed | all
    words  as `works_with`
    after  (day, id) of the last row of the page before
    """
    conditions = _conditions(ctx, tab, kind, words)
    total = _count(ctx, conditions)
    query = (
        select(JointWork, _awaited(ctx).label("mine"))
        .where(*conditions)
        .order_by(JointWork.opened_on.desc(), JointWork.id.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        day = date.fromisoformat(after[0])
        query = query.where(or_(JointWork.opened_on < day, and_(JointWork.opened_on == day, JointWork.id < after[1])))
    rows = ctx.session.execute(query).all()
    lines = tuple(_line(ctx, row.JointWork, mine=bool(row.mine)) for row in rows[:PAGE])
    more = len(rows) > PAGE
    return WorkList(
        lines,
        (lines[-1].opened_on.isoformat(), lines[-1].id) if more else None,
        total,
        {name: _count(ctx, [joint_work_of(ctx), narrowed(ctx)]) for name, narrowed in _TABS.items()},
    )


def every_work(ctx: Context, *, tab: str, kind: str | None, words: str) -> tuple[WorkLine, ...]:
    """Return the whole list as it is filtered, the newest first, no more than `CAP` of them."""
    rows = ctx.session.execute(
        select(JointWork, _awaited(ctx).label("mine"))
        .where(*_conditions(ctx, tab, kind, words))
        .order_by(JointWork.opened_on.desc(), JointWork.id.desc())
        .limit(CAP)
    ).all()
    return tuple(_line(ctx, row.JointWork, mine=bool(row.mine)) for row in rows)


def works_with(ctx: Context, words: str, *, limit: int) -> tuple[tuple[WorkLine, ...], int]:
    """Return the newest joint work of the reader's organ in which all words stand, and how many there are.

    words  parted by blanks; each may stand in the subject, in what it is about, or in anything written since
    """
    if not words.split():
        return (), 0
    found = every_work(ctx, tab="all", kind=None, words=words)
    return found[:limit], len(found)


def work_file(ctx: Context, work_id: str, post: int, place: int) -> WorkFile:
    """Return one file of a joint work. raises NotFound (also: the reader's organ takes no part)"""
    row = ctx.session.execute(
        select(JointWorkFile)
        .join(JointWork, JointWork.id == JointWorkFile.work_id)
        .where(
            JointWorkFile.work_id == work_id,
            JointWorkFile.post == post,
            JointWorkFile.place == place,
            joint_work_of(ctx),
        )
    ).scalar()
    if row is None:
        raise NotFound(Message(N_("没有这份文件")))
    return _file(row)


def waiting_for_us(ctx: Context) -> int:
    """Return how many invitations wait for the reader's organ."""
    return int(ctx.rows(_INVITED, {"organ": ctx.actor.organ}).scalar_one())


def work_page(ctx: Context, work_id: str) -> WorkPage:
    """Return one joint work. raises NotFound (also: the reader's organ takes no part)"""
    row = ctx.session.execute(
        select(JointWork, _awaited(ctx).label("mine")).where(JointWork.id == work_id, joint_work_of(ctx))
    ).first()
    if row is None:
        raise NotFound(Message(N_("没有这项协作事项")))
    work: JointWork = row.JointWork
    posts = ctx.session.execute(
        select(JointWorkPost).where(JointWorkPost.work_id == work_id).order_by(JointWorkPost.number)
    ).scalars()
    told = list(posts)
    names = names_of(ctx, {work.opened_by, *(post.author for post in told)})
    organs = ctx.session.execute(
        select(JointWorkOrgan).where(JointWorkOrgan.work_id == work_id).order_by(JointWorkOrgan.organ_id)
    ).scalars()
    files: dict[int, list[WorkFile]] = {}
    for one in ctx.session.execute(
        select(JointWorkFile).where(JointWorkFile.work_id == work_id).order_by(JointWorkFile.post, JointWorkFile.place)
    ).scalars():
        files.setdefault(one.post, []).append(_file(one))
    kind = ctx.law.joint_work.kind(work.kind)
    writes = permits(ctx.actor.roles, Permission.JOINT_WRITE) and work.closed_on is None
    return WorkPage(
        line=_line(ctx, work, mine=bool(row.mine)),
        kind=kind,
        body=work.body,
        author=names.get(work.opened_by, ""),
        organs=tuple(
            OrganLine(organ_name(ctx, one.organ_id), one.organ_id == work.organ_id, Answer(one.answer), one.answered_on)
            for one in sorted(organs, key=lambda one: one.organ_id != work.organ_id)
        ),
        posts=tuple(
            Post(
                post.number,
                PostKind(post.kind),
                organ_name(ctx, post.organ_id),
                names.get(post.author, ""),
                post.written_at,
                post.text,
                tuple(files.get(post.number, ())),
            )
            for post in told
        ),
        cases=_cases(ctx, work_id),
        files=tuple(files.get(0, ())),
        may_answer=writes and bool(row.mine),
        may_write=writes,
        may_end=writes and work.organ_id == ctx.actor.organ,
        lacks_minutes=kind.minutes and not any(post.kind == PostKind.MINUTES for post in told),
        version=work.version,
    )


def _cases(ctx: Context, work_id: str) -> tuple[LinkedCase, ...]:
    """Return the cases it is about: each told only as far as it is the reader's to know."""
    opened = (
        select(ReferralShare.case_id)
        .where(
            ReferralShare.case_id == CaseFile.id,
            ReferralShare.organ_id == ctx.actor.organ,
            ReferralShare.opened_on.is_not(None),
        )
        .exists()
    )
    rows = ctx.session.execute(
        select(
            CaseFile.id, CaseFile.number, CaseFile.organ_id, visible_cases(ctx).label("seen"), opened.label("opened")
        )
        .join(JointWorkCase, JointWorkCase.case_id == CaseFile.id)
        .where(JointWorkCase.work_id == work_id)
        .order_by(CaseFile.number)
    )
    return tuple(
        LinkedCase(
            row.id if row.seen else "",
            (row.number or "") if row.seen or row.opened else "",
            organ_name(ctx, row.organ_id),
        )
        for row in rows
    )


def _conditions(ctx: Context, tab: str, kind: str | None, words: str) -> list[ColumnElement[bool]]:
    conditions = [joint_work_of(ctx), _TABS[tab](ctx)]
    if kind:
        conditions.append(JointWork.kind == kind)
    for word in words.split():
        said = select(JointWorkPost.work_id).where(
            JointWorkPost.work_id == JointWork.id, JointWorkPost.text.contains(word, autoescape=True)
        )
        texts = (JointWork.subject, JointWork.body)
        conditions.append(or_(*(text.contains(word, autoescape=True) for text in texts), said.exists()))
    return conditions


def _file(row: JointWorkFile) -> WorkFile:
    return WorkFile(row.post, row.place, row.name, row.digest, row.kind, row.size)


def _awaited(ctx: Context) -> ColumnElement[bool]:
    return (
        select(JointWorkOrgan.work_id)
        .where(
            JointWorkOrgan.work_id == JointWork.id,
            JointWorkOrgan.organ_id == ctx.actor.organ,
            JointWorkOrgan.answer == Answer.AWAITED.value,
        )
        .exists()
    )


def _waiting(ctx: Context) -> ColumnElement[bool]:
    return and_(JointWork.closed_on.is_(None), _awaited(ctx))


def _still_open(_ctx: Context) -> ColumnElement[bool]:
    return JointWork.closed_on.is_(None)


def _over(_ctx: Context) -> ColumnElement[bool]:
    return JointWork.closed_on.is_not(None)


def _any(_ctx: Context) -> ColumnElement[bool]:
    return true()


_TABS: Final[Mapping[str, Callable[[Context], ColumnElement[bool]]]] = {
    "waiting": _waiting,
    "open": _still_open,
    "closed": _over,
    "all": _any,
}


def _count(ctx: Context, conditions: list[ColumnElement[bool]]) -> int:
    rows = select(JointWork.id).where(*conditions).limit(CAP + 1).subquery()
    return int(ctx.session.execute(select(func.count()).select_from(rows)).scalar_one())


def _line(ctx: Context, work: Any, *, mine: bool) -> WorkLine:
    rules, open_still = ctx.law.joint_work, work.closed_on is None
    return WorkLine(
        id=work.id,
        kind=rules.kind(work.kind).name,
        topic=rules.topics.get(work.topic, {"zh": work.topic, "en": work.topic}),
        subject=work.subject,
        opener=organ_name(ctx, work.organ_id),
        opened_on=work.opened_on,
        wanted_on=work.wanted_on,
        closed_on=work.closed_on,
        mine=mine and open_still,
        late=mine and open_still and work.wanted_on is not None and work.wanted_on < ctx.today(),
    )
