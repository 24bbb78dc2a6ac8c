"""Nothing is written outside a unit of work, and no case changes in one without an entry in the ledger."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from caseapp.context import Context
from caseapp.db import WRITABLE, WriteOutsideUnitOfWork, lined_up
from caseapp.models.case_file import CaseFile
from caseapp.models.setting import Setting
from caseapp.services.case_store import CaseEdit, begin
from caseapp.services.unit_of_work import UnrecordedChange, late_unit_of_work, one_transaction, unit_of_work
from caseapp.turns import Turns
from tests.support.spine import House

WRITES = [
    "INSERT INTO setting (name, value) VALUES ('a', 'b')",
    "\n   insert into setting (name, value) values ('a', 'b')",
    "UPDATE setting SET value = 'x'",
    "DELETE FROM setting",
]


@pytest.mark.parametrize("statement", WRITES)
def test_a_write_outside_a_unit_of_work_is_refused(house: House, statement: str) -> None:
    with Session(house.engine) as session, pytest.raises(WriteOutsideUnitOfWork):
        session.connection().exec_driver_sql(statement)


def test_an_object_cannot_be_flushed_outside_a_unit_of_work(house: House) -> None:
    with house.context() as ctx:
        ctx.session.add(Setting(name="a", value="b"))
        with pytest.raises(WriteOutsideUnitOfWork):
            ctx.session.flush()


def test_a_unit_of_work_may_write_and_the_session_may_not_afterwards(house: House) -> None:
    with house.context() as ctx:
        with unit_of_work(ctx) as unit:
            unit.connection.execute(insert(Setting), {"name": "a", "value": "b"})
        assert ctx.session.execute(select(Setting.value).where(Setting.name == "a")).scalar() == "b"
        with pytest.raises(WriteOutsideUnitOfWork):
            ctx.session.execute(update(Setting).values(value="c"))


def write_and_fail(ctx: Context) -> None:
    with unit_of_work(ctx) as unit:
        unit.connection.execute(insert(Setting), {"name": "a", "value": "b"})
        raise ZeroDivisionError


def change_unrecorded(ctx: Context, case_id: str) -> None:
    with unit_of_work(ctx) as unit:
        unit.changed.add(case_id)
        unit.connection.execute(update(CaseFile).values(title="x"))


def test_an_error_rolls_everything_back(house: House) -> None:
    with house.context() as ctx:
        with pytest.raises(ZeroDivisionError):
            write_and_fail(ctx)
        assert ctx.session.execute(select(Setting.value).where(Setting.name == "a")).scalar() is None


def test_a_case_that_changed_without_an_entry_is_refused_and_stays_as_it_was(house: House) -> None:
    case_id = house.register().id
    with house.context() as ctx:
        with pytest.raises(UnrecordedChange, match=case_id):
            change_unrecorded(ctx, case_id)
        assert ctx.session.execute(select(CaseFile.title)).scalar() != "x"


def test_an_edit_without_entries_writes_nothing(house: House) -> None:
    case_id = house.register().id
    with house.context() as ctx, unit_of_work(ctx) as unit:
        edit: CaseEdit = begin(ctx, case_id)
        edit.save(unit)
        assert (unit.changed, unit.recorded) == (set(), set())


def value_of(house: House, name: str) -> str | None:
    with house.context() as ctx:
        return ctx.session.execute(select(Setting.value).where(Setting.name == name)).scalar()


def write(house: House, name: str) -> None:
    with house.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(insert(Setting), {"name": name, "value": "kept"})


def test_a_late_unit_keeps_nobody_waiting_before_its_first_write(house: House) -> None:
    with house.context() as ctx:
        ctx.session.execute(select(Setting)).all()
        with late_unit_of_work(ctx) as unit:
            write(house, "other")
            unit.connection.execute(insert(Setting), {"name": "own", "value": "kept"})
            seen = unit.connection.execute(select(Setting.value).where(Setting.name == "other")).scalar()
            assert seen == "kept", "what was read before is no longer sure, what is read now is"
    assert value_of(house, "own") == "kept"


def test_a_late_unit_that_writes_nothing_ends_as_well(house: House) -> None:
    with house.context() as ctx:
        ctx.session.execute(select(Setting)).all()
        with late_unit_of_work(ctx):
            pass
        assert not ctx.session.in_transaction()


def test_a_read_with_a_snapshot_of_its_own_does_not_bind_the_write(house: House) -> None:
    level = {"isolation_level": "REPEATABLE READ" if house.engine.dialect.name == "postgresql" else "SERIALIZABLE"}
    with house.context() as ctx:
        ctx.session.connection(execution_options=level).execute(select(Setting)).all()
        write(house, "other")
        with unit_of_work(ctx) as unit:
            assert unit.connection.execute(select(Setting.value).where(Setting.name == "other")).scalar() == "kept"
            unit.connection.execute(insert(Setting), {"name": "own", "value": "kept"})
    assert value_of(house, "own") == "kept"


def test_writers_of_one_database_take_turns(house: House) -> None:
    with house.context() as ctx:
        with unit_of_work(ctx) as unit:
            unit.connection.execute(insert(Setting), {"name": "first", "value": "kept"})
            second = Thread(target=write, args=(house, "second"))
            second.start()
            if house.engine.dialect.name == "sqlite":
                second.join(0.2)
                assert second.is_alive(), "it waits for the first"
            assert value_of(house, "first") is None
        second.join(30)
        assert not second.is_alive()
    assert (value_of(house, "first"), value_of(house, "second")) == ("kept", "kept")


def test_one_connection_writes_twice_without_waiting_for_itself(house: House) -> None:
    with house.engine.connect().execution_options(**{WRITABLE: True}) as connection:
        for name in ("first", "second"):
            connection.execute(insert(Setting), {"name": name, "value": "kept"})
            connection.commit()
            if house.engine.dialect.name == "sqlite":
                assert "huhang_turn" not in connection.info, "the next one writes while this one clears up"
    write(house, "third")
    assert value_of(house, "second") == value_of(house, "third") == "kept"


def test_who_lines_up_writes_in_his_place_and_inside_others_transactions(house: House) -> None:
    with house.context() as ctx, lined_up(ctx.session):
        with one_transaction(ctx), lined_up(ctx.session), unit_of_work(ctx) as unit:
            unit.connection.execute(insert(Setting), {"name": "first", "value": "kept"})
        second = Thread(target=write, args=(house, "second"))
        second.start()
        if house.engine.dialect.name == "sqlite":
            second.join(0.2)
            assert second.is_alive(), "it waits although nobody writes: the first one still prepares"
        with unit_of_work(ctx) as unit:
            unit.connection.execute(insert(Setting), {"name": "third", "value": "kept"})
    second.join(30)
    assert {name: value_of(house, name) for name in ("first", "second", "third")} == dict.fromkeys(
        ("first", "second", "third"), "kept"
    )


def test_the_turn_goes_on_in_the_order_in_which_it_was_asked_for(tmp_path: Path) -> None:
    turns = Turns(str(tmp_path / "a.db"))
    assert turns.line_up()
    assert not turns.line_up(), "who has it does not wait for himself"
    order: list[int] = []
    crew: list[Thread] = []

    def wait(number: int) -> None:
        turn = turns.take()
        assert turn is not None
        order.append(number)
        turn.give()

    for number in range(5):
        crew.append(Thread(target=wait, args=(number,)))
        crew[-1].start()
        while turns.waiting <= number:
            crew[-1].join(0.001)
    turns.step_out()
    for thread in crew:
        thread.join(30)
    assert order == [0, 1, 2, 3, 4]


def test_who_waits_too_long_is_told_and_stands_in_nobodys_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caseapp.turns._PATIENCE_SECONDS", 0.01)
    turns = Turns(str(tmp_path / "a.db"))
    assert turns.line_up()
    got: list[object] = []
    late = Thread(target=lambda: got.extend((turns.take(), turns.line_up())))
    late.start()
    late.join(30)
    assert got == [None, False]
    assert turns.waiting == 0
    turns.step_out()
    turn = turns.take()
    assert turn is not None
    turn.give()


def test_a_turn_is_given_back_by_who_failed(house: House) -> None:
    with house.context() as ctx:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                write_and_fail(ctx)
        write(house, "next")
    assert value_of(house, "next") == "kept"
