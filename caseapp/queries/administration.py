"""What needs an administrator's attention, and how the installation runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, func, or_, select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message
from caseapp.domain.events import Stream
from caseapp.domain.roles import ADMINISTRATORS, ROLE_NAMES, Role
from caseapp.models.account import Account
from caseapp.models.job_run import JobRun
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.accounts import CERTIFICATE_WARNING, AccountFilter, AccountTab, account_count
from caseapp.queries.calendar_year import missing_years
from caseapp.queries.health import SCHEDULER_SILENT_AFTER
from caseapp.queries.law_book import unsettled
from caseapp.queries.mails import lost_mails
from caseapp.queries.organ_tree import organ_tree
from caseapp.queries.scheduler import lease
from caseapp.queries.staff import roles_of

ANCHOR_LATE_AFTER = timedelta(hours=3)
"""Anchors are made every hour; entries that wait longer than this are told of."""
COUNT_CAP = 1000
_ANCHORED = "anchored"


class Topic(StrEnum):
    """What a matter is about, and so where it is dealt with."""

    LOCKED = "locked"
    UNSEATED = "unseated"
    CERTIFICATES = "certificates"
    FACTORS = "factors"
    SEATS = "seats"
    ORGANS = "organs"
    CALENDAR = "calendar"
    LAW = "law"
    SCHEDULER = "scheduler"
    JOBS = "jobs"
    ANCHORS = "anchors"
    MAIL = "mail"


class Weight(StrEnum):
    """How pressing a matter is."""

    URGENT = "urgent"
    SOON = "soon"
    KNOWN = "known"
    """Nothing goes wrong today; it is to be settled before it matters."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that needs attention. role: who can settle it; None where it is settled outside the system."""

    topic: Topic
    weight: Weight
    text: Message
    detail: Message
    role: Role | None


@dataclass(frozen=True, slots=True)
class JobState:
    """The newest run of a scheduled job. status: running | done | failed."""

    job: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    detail: str


@dataclass(frozen=True, slots=True)
class Running:
    """How the installation runs.

    scheduler   when the scheduler last gave a sign of life
    anchored    when the ledger was last anchored
    unanchored  entries since then, counted no further than the cap + 1
    """

    scheduler: datetime | None
    scheduler_alive: bool
    anchored: datetime | None
    unanchored: int
    jobs: tuple[JobState, ...]


def running(ctx: Context) -> Running:
    """Return how the installation runs now."""
    beat = lease(ctx)
    anchored = ctx.session.execute(
        select(LedgerEntry.appended_at)
        .where(LedgerEntry.chain == Stream.SYSTEM.value, LedgerEntry.kind == _ANCHORED)
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    ).scalar()
    return Running(
        scheduler=beat,
        scheduler_alive=beat is not None and ctx.now() - beat <= SCHEDULER_SILENT_AFTER,
        anchored=anchored,
        unanchored=_unanchored(ctx, anchored),
        jobs=_jobs(ctx),
    )


def matters(ctx: Context, state: Running) -> tuple[Matter, ...]:
    """Return what needs attention, the most pressing first."""
    found = [*_accounts(ctx), *_access(ctx), *_organs(ctx), *_law(ctx), *_machinery(ctx, state)]
    order = list(Weight)
    return tuple(sorted(found, key=lambda matter: order.index(matter.weight)))


def _accounts(ctx: Context) -> list[Matter]:
    found = []
    locked = account_count(ctx, AccountFilter(AccountTab.LOCKED))
    if locked:
        found.append(
            Matter(
                Topic.LOCKED,
                Weight.SOON,
                Message(N_("%(n)s 个账号因登录失败被锁定"), {"n": locked}),
                Message(N_("核实本人身份后解锁；到时也会自动解除")),
                Role.SYSTEM_ADMINISTRATOR,
            )
        )
    unseated = account_count(ctx, AccountFilter(AccountTab.UNSEATED))
    if unseated:
        found.append(
            Matter(
                Topic.UNSEATED,
                Weight.SOON,
                Message(N_("%(n)s 个账号尚未授予角色"), {"n": unseated}),
                Message(N_("授予之前，本人不能办理任何事项")),
                Role.SECURITY_ADMINISTRATOR,
            )
        )
    certificates = account_count(ctx, AccountFilter(AccountTab.CERTIFICATE))
    if certificates:
        found.append(
            Matter(
                Topic.CERTIFICATES,
                Weight.SOON,
                Message(
                    N_("%(n)s 人的执法证缺失、过期或者将在 %(days)s 日内到期"),
                    {"n": certificates, "days": CERTIFICATE_WARNING.days},
                ),
                Message(N_("执法证不在有效期内的，不能作为办案人员（行政处罚法第四十二条）")),
                Role.SYSTEM_ADMINISTRATOR,
            )
        )
    return found


def _access(ctx: Context) -> list[Matter]:
    found = []
    factors = account_count(ctx, AccountFilter(AccountTab.FACTOR))
    if factors:
        found.append(
            Matter(
                Topic.FACTORS,
                Weight.SOON,
                Message(N_("%(n)s 人尚未启用岗位要求的二次验证，或者在等待确认重置"), {"n": factors}),
                Message(N_("启用之前，本人登录后只能办理启用")),
                None,
            )
        )
    held = ctx.session.execute(
        select(Account.roles).where(
            Account.active.is_(True), or_(*(Account.roles.contains(f"|{role.value}|") for role in ADMINISTRATORS))
        )
    ).scalars()
    missing = ADMINISTRATORS - frozenset().union(*(roles_of(roles) for roles in held))
    found += [
        Matter(
            Topic.SEATS,
            Weight.URGENT,
            Message(N_("没有在用的%(role)s"), {"role": ROLE_NAMES[role]}),
            Message(N_("系统、安全、审计三类管理员应各有其人；缺少时其职责无人履行，应尽快设置")),
            Role.SECURITY_ADMINISTRATOR if role is not Role.SECURITY_ADMINISTRATOR else None,
        )
        for role in sorted(missing)
    ]
    return found


def _organs(ctx: Context) -> list[Matter]:
    incomplete = sum(row.incomplete for row in organ_tree(ctx))
    if not incomplete:
        return []
    return [
        Matter(
            Topic.ORGANS,
            Weight.SOON,
            Message(N_("%(n)s 个制发文书的机关没有登记地址或者电话"), {"n": incomplete}),
            Message(N_("文书须写明机关地址和联系电话，缺少时不能制发")),
            Role.SYSTEM_ADMINISTRATOR,
        )
    ]


def _law(ctx: Context) -> list[Matter]:
    found = [
        Matter(
            Topic.CALENDAR,
            Weight.URGENT if year == ctx.today().year else Weight.KNOWN,
            Message(N_("%(year)s 年放假安排尚未载入"), {"year": year}),
            Message(N_("跨入该年的期限只按周末计算，均标为“暂定”；国务院办公厅通知发布后补入日历")),
            None,
        )
        for year in missing_years(ctx)
    ]
    open_rows = unsettled(ctx)
    if open_rows.total:
        found.append(
            Matter(
                Topic.LAW,
                Weight.KNOWN,
                Message(N_("%(n)s 处法律依据尚未对照原文核对"), {"n": open_rows.total}),
                Message(
                    N_(
                        "时限 %(clocks)s 个版本、法定数额 %(amounts)s 个版本、入罪标准 %(limits)s 项、程序引用 %(citations)s 处，须经法律专业人员确认"
                    ),
                    {
                        "clocks": open_rows.clocks,
                        "amounts": open_rows.amounts,
                        "limits": open_rows.limits,
                        "citations": open_rows.citations,
                    },
                ),
                None,
            )
        )
    return found


def _machinery(ctx: Context, state: Running) -> list[Matter]:
    found = []
    if not state.scheduler_alive:
        found.append(
            Matter(
                Topic.SCHEDULER,
                Weight.URGENT,
                Message(N_("后台任务进程没有运行迹象")),
                Message(N_("到期提醒和文书打印会推迟，期限本身不受影响；请在服务器上检查 flask jobs run")),
                Role.SYSTEM_ADMINISTRATOR,
            )
        )
    failed = [job.job for job in state.jobs if job.status == "failed"]
    if failed:
        found.append(
            Matter(
                Topic.JOBS,
                Weight.URGENT,
                Message(N_("后台任务最近一次运行失败：%(jobs)s"), {"jobs": "、".join(failed)}),
                Message(N_("失败原因见下方“后台任务”")),
                Role.SYSTEM_ADMINISTRATOR,
            )
        )
    lost = lost_mails(ctx)
    if lost:
        found.append(
            Matter(
                Topic.MAIL,
                Weight.SOON,
                Message(N_("%(n)s 封邮件未能送达"), {"n": lost}),
                Message(N_("原因见“邮件”；系统内的消息不受影响")),
                Role.SYSTEM_ADMINISTRATOR,
            )
        )
    late = state.anchored is None or ctx.now() - state.anchored > ANCHOR_LATE_AFTER
    if state.unanchored and late:
        shown = f"{COUNT_CAP:,}+" if state.unanchored > COUNT_CAP else f"{state.unanchored:,}"
        found.append(
            Matter(
                Topic.ANCHORS,
                Weight.SOON,
                Message(N_("%(n)s 条台账尚未锚定"), {"n": shown}),
                Message(N_("锚定之前，末尾的台账被删去不能被发现；任务每小时锚定一次，也可运行 flask ledger anchor")),
                Role.SYSTEM_ADMINISTRATOR,
            )
        )
    return found


def _unanchored(ctx: Context, since: datetime | None) -> int:
    query = select(LedgerEntry.id).where(LedgerEntry.kind != _ANCHORED)
    if since is not None:
        query = query.where(LedgerEntry.appended_at > since)
    limited = query.limit(COUNT_CAP + 1).subquery()
    return ctx.session.execute(select(func.count()).select_from(limited)).scalar_one()


def _jobs(ctx: Context) -> tuple[JobState, ...]:
    newest = select(JobRun.job, func.max(JobRun.due_at).label("due_at")).group_by(JobRun.job).subquery()
    rows = ctx.session.execute(
        select(JobRun.job, JobRun.started_at, JobRun.finished_at, JobRun.status, JobRun.detail)
        .join(newest, and_(newest.c.job == JobRun.job, newest.c.due_at == JobRun.due_at))
        .order_by(JobRun.job)
    )
    return tuple(JobState(row.job, row.started_at, row.finished_at, row.status, row.detail or "") for row in rows)
