"""Frozen quarters stay as they were signed, whatever is learned later."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from caseapp.domain.errors import ExternalError, InputError, NotFound, NotPermitted
from caseapp.domain.metrics.quarters import Quarter
from caseapp.domain.organs import OrganTable
from caseapp.models.closure_case import ClosureCase
from caseapp.models.figure_snapshot import FigureSnapshot
from caseapp.queries.figure_snapshots import signed_document, snapshot, snapshots
from caseapp.services.figure_snapshot import freeze, freeze_last
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course, course

__all__ = ["course"]

Frozen = Callable[..., Any]


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month - 1) // 3 + 1)


def test_a_quarter_is_frozen_once_signed_and_stays_while_today_moves_on(course: Course) -> None:
    course.filed()
    quarter = quarter_of(course.today)
    course.later(days=100)
    with course.parts.context() as ctx:
        assert freeze(ctx, quarter)
        assert not freeze(ctx, quarter)
        [line] = snapshots(ctx, "R2")
        assert (line.quarter, line.total.numerator, line.total.denominator) == (quarter.name, 0, 1)
        found = snapshot(ctx, quarter.name)
        assert found.sound
        assert (found.period, found.organ) == (quarter.period, "320600-ip")
        assert {policy.id for policy in found.policies} == {"R1", "R2", "R3", "R4", "R5"}
        assert not any(row.differs for policy in found.policies for row in (policy.total, *policy.divisions))
        told = signed_document(ctx, quarter.name)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told["public_key"]))
        key.verify(bytes.fromhex(told["signature"]), told["document"].encode())
        with pytest.raises(InvalidSignature):
            key.verify(bytes.fromhex(told["signature"]), told["document"].encode() + b" ")
        assert json.loads(told["document"])["figures"][1]["total"] == {"numerator": 0, "denominator": 1, "imprecise": 0}
        assert any("figures_frozen" in row for row in course.ledger("system"))
        ctx.session.rollback()
        with unit_of_work(ctx) as unit:
            unit.connection.execute(update(ClosureCase).values(closed_on=quarter.period.last, manner="executed"))
        after = snapshot(ctx, quarter.name)
        r2 = after.policies[1]
        assert r2.total.differs
        assert (r2.total.frozen.numerator, r2.total.today.numerator) == (0, 1)
        assert [row.differs for row in r2.divisions] == [True]
        assert after.sound


def test_the_database_refuses_to_change_or_remove_what_was_frozen(course: Course) -> None:
    course.later(days=100)
    with course.parts.context() as ctx:
        assert freeze_last(ctx) is not None
        assert freeze_last(ctx) is None
        for statement in (update(FigureSnapshot).values(digest="x"), delete(FigureSnapshot)):
            with pytest.raises(DatabaseError), unit_of_work(ctx) as unit:
                unit.connection.execute(statement)
        assert len(ctx.session.execute(select(FigureSnapshot)).all()) == 1


def test_what_is_not_over_has_no_signer_or_is_not_seen_whole_is_refused(course: Course) -> None:
    with course.parts.context() as ctx:
        with pytest.raises(InputError):
            freeze(ctx, quarter_of(course.today))
        past = Quarter(course.today.year - 1, 1)
        nobody = replace(ctx, law=replace(ctx.law, organs=OrganTable(())))
        with pytest.raises(ExternalError):
            freeze(nobody, past)
        assert freeze(ctx, past)
        with pytest.raises(NotFound):
            snapshot(ctx, "1999-Q1")
        keyless = replace(ctx, ports=replace(ctx.ports, keys=None))
        assert not snapshot(keyless, past.name).sound
        gone = replace(ctx, law=replace(ctx.law, policies={}, policy_versions=()))
        assert {policy.reference for policy in snapshot(gone, past.name).policies} == {None}
    with course.as_("head") as head, pytest.raises(NotPermitted):
        snapshots(head, "R2")
