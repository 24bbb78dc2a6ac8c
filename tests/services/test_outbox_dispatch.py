"""What leaves the house leaves it at least once, and a failure only delays itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.context import Context
from caseapp.models.outbox import OutboxMessage
from caseapp.queries.notifications import notices
from caseapp.services import outbox
from caseapp.services.outbox_dispatch import HANDLERS, Dispatched, dispatch, pause_after
from caseapp.services.unit_of_work import unit_of_work
from tests.support.spine import ADMINISTRATOR, House


def put(house: House, *keys: str, topic: str = "test") -> None:
    with house.context() as ctx, unit_of_work(ctx) as unit:
        for key in keys:
            outbox.put(ctx, unit, topic=topic, key=key, payload={"key": key})


def rows(house: House) -> list[Any]:
    with house.context() as ctx:
        return list(ctx.session.execute(select(OutboxMessage.__table__).order_by(OutboxMessage.id)))


class Receiver:
    """Keeps what came, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.came: list[str] = []
        self._failures = failures
        self._lock = Lock()

    def __call__(self, ctx: Context, told: Mapping[str, Any]) -> None:
        with self._lock:
            self.came.append(told["key"])
            if self._failures > 0:
                self._failures -= 1
                raise ConnectionError("nobody there")


def run(house: House, receiver: Callable[[Context, Mapping[str, Any]], object], **more: Any) -> Dispatched:
    with house.context() as ctx:
        return dispatch(ctx, {"test": receiver}, **more)


def test_messages_are_carried_out_oldest_first_and_once(house: House) -> None:
    put(house, "a", "b")
    house.later(seconds=1)
    put(house, "c")
    receiver = Receiver()
    assert run(house, receiver) == Dispatched(done=3)
    assert run(house, receiver) == Dispatched()
    assert receiver.came == ["a", "b", "c"]


def test_what_was_never_committed_is_never_sent(house: House) -> None:
    with house.context() as ctx, pytest.raises(ZeroDivisionError):
        put_and_fail(ctx)
    receiver = Receiver()
    assert run(house, receiver) == Dispatched()


def put_and_fail(ctx: Context) -> None:
    with unit_of_work(ctx) as unit:
        outbox.put(ctx, unit, topic="test", key="a", payload={"key": "a"})
        raise ZeroDivisionError


def test_a_failure_is_tried_again_later_and_holds_nobody_up(house: House) -> None:
    put(house, "a", "b")
    receiver = Receiver(failures=1)
    assert run(house, receiver) == Dispatched(done=1, failed=1)
    first = rows(house)[0]
    assert (first.attempts, first.last_error, first.done_at) == (1, "ConnectionError: nobody there", None)
    assert run(house, receiver) == Dispatched(), "not yet"
    house.later(seconds=11)
    assert run(house, receiver) == Dispatched(done=1)
    assert receiver.came == ["a", "b", "a"]
    assert rows(house)[0].last_error is None


def test_the_pauses_between_attempts_double_up_to_an_hour() -> None:
    seconds = [pause_after(attempts).total_seconds() for attempts in range(1, 12)]
    assert seconds[:4] == [10, 20, 40, 80]
    assert seconds == sorted(seconds)
    assert pause_after(500) == timedelta(hours=1)


def test_administrators_hear_of_a_message_that_keeps_failing_once(house: House) -> None:
    put(house, "a")
    receiver = Receiver(failures=9)
    for _ in range(9):
        run(house, receiver)
        house.later(hours=1)
    with house.context(ADMINISTRATOR) as ctx:
        assert len(notices(ctx)) == 1
    assert run(house, receiver) == Dispatched(done=1)


def test_a_message_whose_worker_was_killed_is_free_again_after_its_lease(house: House) -> None:
    put(house, "a")

    def killed(ctx: Context, told: Mapping[str, Any]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(house, killed)
    receiver = Receiver()
    assert run(house, receiver) == Dispatched()
    house.later(minutes=6)
    assert run(house, receiver) == Dispatched(done=1)


def test_several_workers_share_the_work_without_doing_it_twice(house: House) -> None:
    put(house, *(str(number) for number in range(30)))
    receiver = Receiver()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: run(house, receiver), range(4)))
    assert sum(result.done for result in results) == 30
    assert set(Counter(receiver.came).values()) == {1}


def test_a_topic_that_nobody_knows_waits(house: House) -> None:
    put(house, "a", topic="from a later version")
    assert run(house, Receiver()) == Dispatched(failed=1)
    assert "from a later version" in rows(house)[0].last_error


def test_a_run_ends_at_its_limit(house: House) -> None:
    put(house, "a", "b", "c")
    assert run(house, Receiver(), limit=2) == Dispatched(done=2)


def test_papers_and_notices_have_somebody_who_carries_them_out() -> None:
    assert set(HANDLERS) == {"print_document", "notify", "bind_case_file", "draw_preview", "mail"}
