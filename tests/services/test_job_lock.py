"""One scheduler leads; when it ends, however it ends, another may."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from caseapp.services.job_lock import SchedulerLock, scheduler_lock
from tests.support.spine import House, open_engine


def lock_of(house: House) -> SchedulerLock:
    with house.context() as ctx:
        return scheduler_lock(ctx)


def test_only_one_holds_the_lock(house: House) -> None:
    one, other = lock_of(house), lock_of(house)
    assert one.take()
    assert one.is_held()
    assert not other.take()
    assert not other.is_held()
    one.release()
    one.release()
    assert not one.is_held()
    assert other.take()
    other.release()


def test_installations_do_not_stand_in_each_other_s_way(house: House, furnished: str, databases: object) -> None:
    url = databases.create(template=furnished)  # type: ignore[attr-defined]
    elsewhere = House(house.kind, url, open_engine(url), house.folder)
    one, other = lock_of(house), lock_of(elsewhere)
    assert one.take()
    assert other.take()
    one.release()
    other.release()
    elsewhere.engine.dispose()
    databases.drop(url)  # type: ignore[attr-defined]


@pytest.mark.postgres
def test_a_lock_whose_connection_was_cut_is_known_to_be_lost(house: House) -> None:
    if house.kind != "postgres":
        return
    lock = lock_of(house)
    assert lock.take()
    with house.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    assert not lock.is_held()
    other = lock_of(house)
    assert other.take()
    other.release()
