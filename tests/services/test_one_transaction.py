"""Units of work inside one transaction are kept together, or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from caseapp.context import Context
from caseapp.db import WriteOutsideUnitOfWork
from caseapp.models.case_file import CaseFile
from caseapp.models.setting import Setting
from caseapp.services.unit_of_work import UnrecordedChange, one_transaction, unit_of_work
from tests.support.spine import House


def keep(ctx: Context, name: str) -> None:
    with unit_of_work(ctx) as unit:
        unit.connection.execute(insert(Setting), {"name": name, "value": "kept"})


def keep_and_fail(ctx: Context) -> None:
    with one_transaction(ctx):
        keep(ctx, "a")
        raise ZeroDivisionError


def change_unrecorded(ctx: Context, case_id: str) -> None:
    with one_transaction(ctx), unit_of_work(ctx) as unit:
        unit.connection.execute(update(CaseFile).where(CaseFile.id == case_id).values(title="x"))
        unit.changed.add(case_id)


def kept(house: House) -> set[str]:
    with house.context() as ctx:
        return set(ctx.session.execute(select(Setting.name).where(Setting.value == "kept")).scalars())


def test_units_inside_are_committed_with_it(house: House) -> None:
    with house.context() as ctx:
        with one_transaction(ctx):
            keep(ctx, "a")
            keep(ctx, "b")
            assert kept(house) == set(), "nobody else sees them before"
        assert kept(house) == {"a", "b"}


def test_what_an_inner_unit_wrote_is_seen_by_the_next(house: House) -> None:
    with house.context() as ctx, one_transaction(ctx):
        keep(ctx, "a")
        assert ctx.session.get(Setting, "a") is not None


def test_an_error_rolls_back_every_unit(house: House) -> None:
    with house.context() as ctx:
        with pytest.raises(ZeroDivisionError):
            keep_and_fail(ctx)
        assert kept(house) == set()
        keep(ctx, "b")
    assert kept(house) == {"b"}, "later units stand alone again"


def test_a_case_cannot_change_unrecorded_inside_either(house: House) -> None:
    case = house.register()
    with house.context() as ctx, pytest.raises(UnrecordedChange):
        change_unrecorded(ctx, case.id)
    with house.context() as ctx:
        assert ctx.session.execute(select(CaseFile.title).where(CaseFile.id == case.id)).scalar_one() != "x"


def test_writing_afterwards_is_refused_again(house: House) -> None:
    with house.context() as ctx:
        with one_transaction(ctx):
            keep(ctx, "a")
        with pytest.raises(WriteOutsideUnitOfWork):
            ctx.session.execute(insert(Setting), {"name": "b", "value": "kept"})
