"""Recounting the closure figures from the ledger finds every number that it does not bear out, and only those."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select, update

from caseapp.context import Context
from caseapp.domain.events import ClosingManner
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.models.case_file import CaseFile
from caseapp.models.closure_case import ClosureCase
from caseapp.models.figure_check import FigureCheck
from caseapp.models.notification import Notification
from caseapp.queries.figure_checks import last_check
from caseapp.services.figure_check import check_figures
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course, course

__all__ = ["course"]


def tamper(ctx: Context, **changes: object) -> None:
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(ClosureCase).values(**changes))


def notices(ctx: Context) -> list[str]:
    return list(ctx.session.execute(select(Notification.kind)).scalars())


def test_figures_that_the_ledger_bears_out_are_told_so(course: Course) -> None:
    course.closed()
    course.filed()
    course.lead()
    progress: list[int] = []
    with course.parts.context() as ctx:
        found = check_figures(ctx, progress=progress.append)
        assert (found.cases, found.faults, sum(progress)) == (3, 0, 3)
        assert found.figures > 5 * 12
        told = last_check(ctx)
        assert told is not None
        assert (told.cases, told.figures, told.faults) == (3, found.figures, 0)
        assert "figures_differ" not in notices(ctx)


def test_a_row_of_the_read_model_that_drifted_is_found_in_each_figure_it_falsifies_and_told(course: Course) -> None:
    case_id = course.closed()
    with course.parts.context() as ctx:
        assert check_figures(ctx).faults == 0
        tamper(ctx, division="320613", closed_on=None, manner=None)
        found = check_figures(ctx)
        told = {(item.policy, item.window, item.cell is None) for item in found.differences}
        year = str(course.image(case_id).main.closed_on)[:4]
        assert {("R1", year, True), ("R2", year, True), ("R3", year, True), ("R2", year, False)} <= told
        assert not [item for item in found.differences if item.shown == item.ledger]
        assert "figures_differ" in notices(ctx)
        latest = last_check(ctx)
        assert latest is not None
        assert latest.faults == len(found.differences)


def test_a_case_that_the_read_model_lost_or_invented_is_found(course: Course) -> None:
    course.filed()
    with course.parts.context() as ctx:
        tamper(ctx, filed_on=date(2020, 5, 5))
        told = {(item.policy, item.window) for item in check_figures(ctx).differences}
        assert {("R1", "2020"), ("R2", "2020-05"), ("R3", "2020")} <= told
        with unit_of_work(ctx) as unit:
            unit.connection.execute(ClosureCase.__table__.delete())  # type: ignore[attr-defined]
        assert {item.shown for item in check_figures(ctx).differences} == {(0, 0, 0)}


def test_a_version_of_a_policy_that_was_altered_after_it_was_checked_is_told(course: Course) -> None:
    course.filed()
    with course.parts.context() as ctx:
        r2 = ctx.law.policies["R2"]
        check_figures(ctx)
        altered = replace(r2, manners={**r2.manners, ClosingManner.WITHDRAWN: False})
        others = tuple(policy for policy in ctx.law.policy_versions if policy != r2)
        law = replace(ctx.law, policies={**ctx.law.policies, "R2": altered}, policy_versions=(altered, *others))
        changed = replace(ctx, law=law)
        for _night in range(2):  # the digest of the first check is kept, not that of the last
            found = check_figures(changed)
            assert (found.altered, found.differences) == ((r2.reference,), ())
        assert check_figures(ctx).faults == 0


def test_a_case_whose_entries_cannot_be_folded_is_named(course: Course) -> None:
    case_id = course.filed()
    with course.parts.context() as ctx:
        broken = replace(ctx, law=replace(ctx.law, procedures=ProcedureSet(())))
        found = check_figures(broken)
        assert found.unread == (case_id,)
        row = ctx.session.execute(select(FigureCheck.detail).order_by(FigureCheck.known_at.desc())).scalars().first()
        assert row is not None
        assert case_id in row
        assert ctx.session.execute(select(CaseFile.id)).scalars().all() == [case_id]


def test_an_empty_ledger_has_nothing_to_compare(course: Course) -> None:
    course.clock.at += timedelta(days=1)
    with course.parts.context() as ctx:
        found = check_figures(ctx)
        assert (found.cases, found.figures, found.faults) == (0, 0, 0)
