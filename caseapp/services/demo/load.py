"""Loading the demonstration year: every case goes its course, all of them together in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import islice
from random import Random
from typing import Final

from sqlalchemy import func, select

from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.domain.errors import N_, CaseAppError, InputError, Message
from caseapp.domain.events import legal_date, start_of
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.issued_document import IssuedDocument
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.staff import staff_of
from caseapp.services import notify
from caseapp.services.demo.actor import Course, Hand, Stage
from caseapp.services.demo.between_organs import show_between_organs
from caseapp.services.demo.clock import SettableClock, instant
from caseapp.services.demo.handovers import MANY, show_handovers
from caseapp.services.demo.people import settle
from caseapp.services.demo.plan import Telling, plan_year
from caseapp.services.unit_of_work import one_transaction

MOST_CASES: Final = 100_000
_STEPS_TOGETHER: Final = 400
_READ_UNTIL: Final = timedelta(days=7)
"""What is older than this has been read by those it was for."""

Progress = Callable[[date], None]
"""Told of every day that is over."""


@dataclass(frozen=True, slots=True)
class LoadedYear:
    """What was loaded: counts of the whole database."""

    cases: int
    filed: int
    closed: int
    open: int
    leads: int
    entries: int
    documents: int
    accounts: int
    seed: int
    since: date
    until: date


@dataclass(order=True, slots=True)
class _Due:
    """A case's next step: when, whose, and the course that takes it."""

    at: datetime
    ordinal: int
    course: Iterator[datetime]
    about: str


def load_year(
    ctx: Context, *, cases: int, seed: int, since: date, until: date, progress: Progress | None = None
) -> LoadedYear:
    """Fill an empty database with a year of cases, up to the morning of `until`. The same arguments make the same year.

    ctx  the system's; what is recorded claims the demonstration's time, what was appended tells the real one. Where
         documents cannot be printed (`PdfRenderer.ready`), no case has any

    raises  InputError where there are cases or people already, or the arguments make no sense
    """
    _check(ctx, cases, since, until)
    clock = SettableClock(instant(since, 0))
    ids = Random(f"{seed}:ids")  # noqa: S311 - the same demonstration again, not a secret
    stage_ctx = replace(
        ctx,
        actor=SYSTEM_ACTOR,
        scope="city",
        demo=True,
        time=clock,
        ids=lambda: f"{ids.getrandbits(128):032x}",
        issues_documents=False,
    )
    with one_transaction(stage_ctx):
        crews, liaisons = settle(stage_ctx, since=since, until=until, chance=Random(f"{seed}:people"))  # noqa: S311
    everybody = [*(person for crew in crews.values() for person in crew.everybody), *liaisons.values()]
    people = staff_of(stage_ctx, "", [person.actor.id for person in everybody])
    stage = Stage(replace(stage_ctx, staff=people), clock, crews, liaisons, prints=ctx.ports.pdf.ready())
    split = cases >= MANY
    tellings = plan_year(ctx.law, cases=cases - split, seed=seed, since=since, until=until)
    _play(stage, _beginnings(stage, tellings, until), start_of(until), progress)
    with one_transaction(stage.ctx):
        show_handovers(stage, split=split)
        show_between_organs(stage)
    return _counted(ctx, seed, since, until)


def _check(ctx: Context, cases: int, since: date, until: date) -> None:
    if not 1 <= cases <= MOST_CASES:
        raise InputError("cases", Message(N_("案件数应为 1 至 %(most)s"), {"most": MOST_CASES}))
    if since >= until:
        raise InputError("from", Message(N_("开始日期应早于结束日期")))
    if until > ctx.today():
        raise InputError("to", Message(N_("结束日期不能晚于今天（%(today)s）"), {"today": ctx.today().isoformat()}))
    if ctx.session.execute(select(CaseFile.id).limit(1)).first() is not None:
        raise InputError("database", Message(N_("数据库中已有案件，演示数据只能载入空的数据库")))


def _beginnings(stage: Stage, tellings: list[Telling], until: date) -> list[_Due]:
    """Return the first step of every case, and the reading of notices near the end."""
    beginnings = []
    for telling in tellings:
        plan = telling.plan
        hand = Hand(stage, plan, Random(plan.seed), plan.matter)  # noqa: S311
        beginnings.append(_Due(plan.registered_at, plan.ordinal, telling.tell(hand), f"{plan.story} {plan.organ}"))
    read = instant(until - _READ_UNTIL, 17, 40)
    if read > stage.clock.at:
        beginnings.append(_Due(read, 0, _read_notices(stage), "notices"))
    return beginnings


def _read_notices(stage: Stage) -> Course:
    """Let everybody read what has come so far."""
    for person in (*(one for crew in stage.crews.values() for one in crew.everybody), *stage.liaisons.values()):
        notify.mark_read(replace(stage.ctx, actor=person.actor))
    yield from ()


def _play(stage: Stage, due: list[_Due], end: datetime, progress: Progress | None) -> None:
    """Take every step that is due before the end, in the order of time; some hundred at once are committed together."""
    heapify(due)
    steps = _steps(stage, due, end, progress)
    while True:
        with one_transaction(stage.ctx):
            taken = sum(1 for _ in islice(steps, _STEPS_TOGETHER))
        if taken < _STEPS_TOGETHER:
            return


def _steps(stage: Stage, due: list[_Due], end: datetime, progress: Progress | None) -> Iterator[None]:
    today = legal_date(stage.clock.at)
    while due and due[0].at < end:
        step = heappop(due)
        stage.clock.at = step.at
        while progress is not None and today < legal_date(step.at):
            progress(today)
            today += timedelta(days=1)
        try:
            goes_on = next(step.course, None)
        except CaseAppError as refused:
            refused.add_note(f"demonstration: {step.about}, {step.at.isoformat()}")
            raise
        if goes_on is not None:
            heappush(due, replace(step, at=goes_on))
        yield
    while progress is not None and today < legal_date(end):
        progress(today)
        today += timedelta(days=1)


def _counted(ctx: Context, seed: int, since: date, until: date) -> LoadedYear:
    def count(*where: object) -> int:
        counting = select(func.count()).select_from(CaseFile).where(*where)  # type: ignore[arg-type]
        return int(ctx.session.execute(counting).scalar_one())

    session = ctx.session
    filed = CaseFile.filed_on.is_not(None)
    return LoadedYear(
        cases=count(),
        filed=count(filed),
        closed=count(filed, CaseFile.closed_on.is_not(None)),
        open=count(filed, CaseFile.closed_on.is_(None)),
        leads=count(CaseFile.category == "lead"),
        entries=session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one(),
        documents=session.execute(select(func.count()).select_from(IssuedDocument)).scalar_one(),
        accounts=session.execute(select(func.count()).select_from(Account)).scalar_one(),
        seed=seed,
        since=since,
        until=until,
    )
