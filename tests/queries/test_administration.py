"""What needs an administrator's attention."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from caseapp.adapters.clock import SetClock
from caseapp.context import Context
from caseapp.domain.events import Stream
from caseapp.models import Account, Organ, SecondFactor
from caseapp.models.job_run import JobRun
from caseapp.queries.administration import Matter, Topic, Weight, matters, running
from caseapp.services.job_runs import beat
from caseapp.services.ledger import append_beside
from caseapp.services.ledger_anchor import anchor
from caseapp.services.unit_of_work import unit_of_work

pytestmark = pytest.mark.usefixtures("people")


def of(ctx: Context, topic: Topic) -> list[Matter]:
    return [matter for matter in matters(ctx, running(ctx)) if matter.topic is topic]


def change(ctx: Context, login: str, **values: Any) -> None:
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.login == login).values(**values))


def ran(ctx: Context, job: str, status: str, *, minutes_ago: int, detail: str = "") -> None:
    at = ctx.now() - timedelta(minutes=minutes_ago)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            insert(JobRun),
            {"job": job, "due_at": at, "started_at": at, "finished_at": at, "status": status, "detail": detail},
        )


def test_people_who_need_something_are_counted(ctx: Context) -> None:
    assert [*of(ctx, Topic.LOCKED), *of(ctx, Topic.UNSEATED), *of(ctx, Topic.CERTIFICATES)] == []
    change(ctx, "head", locked_until=ctx.now() + timedelta(minutes=1))
    change(ctx, "legal", roles="|")
    change(ctx, "officer", certificate_until=ctx.today())
    change(ctx, "officer2", certificate_number=None)
    for topic, count in ((Topic.LOCKED, 1), (Topic.UNSEATED, 1), (Topic.CERTIFICATES, 2)):
        (matter,) = of(ctx, topic)
        assert matter.text.values["n"] == count


def test_who_lacks_the_second_factor_that_the_role_demands_is_counted(ctx: Context) -> None:
    (matter,) = of(ctx, Topic.FACTORS)
    assert matter.text.values["n"] == 6  # head, legal reviewer, leader, three administrators
    for login in ("legal", "leader", "sysadmin", "secadmin", "audit"):
        with unit_of_work(ctx) as unit:
            user = unit.connection.execute(select(Account.id).where(Account.login == login)).scalar_one()
            factor = {"user_id": user, "secret": "x", "begun_at": ctx.now(), "confirmed_at": ctx.now(), "last_step": 0}
            unit.connection.execute(insert(SecondFactor), factor)
    (matter,) = of(ctx, Topic.FACTORS)
    assert matter.text.values["n"] == 1
    change(ctx, "head", demo=True)
    assert of(ctx, Topic.FACTORS) == []


def test_an_office_of_control_without_anybody_is_urgent(ctx: Context) -> None:
    assert of(ctx, Topic.SEATS) == []
    change(ctx, "audit", active=False)
    change(ctx, "secadmin", roles="|officer|")
    found = of(ctx, Topic.SEATS)
    assert [matter.weight for matter in found] == [Weight.URGENT] * 2
    assert {matter.text.values["role"]["zh"] for matter in found} == {"审计管理员", "安全管理员"}


def test_organs_without_contact_data_are_told_until_they_have_it(ctx: Context) -> None:
    (matter,) = of(ctx, Topic.ORGANS)
    assert matter.text.values["n"] == 14
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(Organ).values(address="某路1号", phone="0513"))
    assert of(ctx, Topic.ORGANS) == []


def test_a_missing_calendar_is_urgent_in_its_year_and_known_before(ctx: Context, clock: SetClock) -> None:
    (matter,) = of(ctx, Topic.CALENDAR)
    assert (matter.text.values["year"], matter.weight) == (2027, Weight.KNOWN)
    clock.at += timedelta(days=60)
    assert [(matter.text.values["year"], matter.weight) for matter in of(ctx, Topic.CALENDAR)] == [
        (2027, Weight.URGENT),
        (2028, Weight.KNOWN),
    ]


def test_rows_of_law_that_nobody_has_read_are_told(ctx: Context) -> None:
    (matter,) = of(ctx, Topic.LAW)
    assert matter.text.values["n"] == sum(
        matter.detail.values[part] for part in ("clocks", "amounts", "limits", "citations")
    )


def test_a_scheduler_is_missed_when_it_has_been_silent(ctx: Context, clock: SetClock) -> None:
    assert running(ctx).scheduler is None
    assert of(ctx, Topic.SCHEDULER)[0].weight is Weight.URGENT
    beat(ctx)
    assert of(ctx, Topic.SCHEDULER) == []
    clock.at += timedelta(minutes=16)
    assert len(of(ctx, Topic.SCHEDULER)) == 1
    assert running(ctx).scheduler == clock.at - timedelta(minutes=16)


def test_only_the_newest_run_of_a_job_counts(ctx: Context) -> None:
    ran(ctx, "deadlines", "failed", minutes_ago=10, detail="OSError: full")
    ran(ctx, "deadlines", "done", minutes_ago=5)
    assert of(ctx, Topic.JOBS) == []
    ran(ctx, "anchor", "failed", minutes_ago=1, detail="OSError: full")
    (matter,) = of(ctx, Topic.JOBS)
    assert matter.text.values["jobs"] == "anchor"
    assert [(job.job, job.status, job.detail) for job in running(ctx).jobs] == [
        ("anchor", "failed", "OSError: full"),
        ("deadlines", "done", ""),
    ]


def test_entries_wait_for_an_anchor_and_are_told_of_when_they_wait_too_long(ctx: Context, clock: SetClock) -> None:
    state = running(ctx)
    assert (state.anchored, state.unanchored) == (None, 2)
    assert len(of(ctx, Topic.ANCHORS)) == 1
    anchor(ctx)
    state = running(ctx)
    assert (state.anchored, state.unanchored) == (clock.at, 0)
    clock.at += timedelta(hours=4)
    assert of(ctx, Topic.ANCHORS) == []
    beat(ctx)
    with unit_of_work(ctx) as unit:
        append_beside(ctx, unit, stream=Stream.SYSTEM, kind="signed_in", payload={})
    assert running(ctx).unanchored == 1
    assert len(of(ctx, Topic.ANCHORS)) == 1


def test_the_most_pressing_stands_first(ctx: Context) -> None:
    weights = [matter.weight for matter in matters(ctx, running(ctx))]
    assert weights == sorted(weights, key=list(Weight).index)
    assert weights[0] is Weight.URGENT
