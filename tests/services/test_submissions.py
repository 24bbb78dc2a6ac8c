"""The same submission counts once: sent again later, or twice at once."""

from __future__ import annotations

import threading

import pytest

from caseapp.context import Context
from caseapp.domain.errors import NotPermitted, StaleCase
from caseapp.services import case_note, submissions
from caseapp.services.case_act import act
from caseapp.services.case_intake import CaseRef
from tests.support.spine import COLLEAGUE, OFFICER, House, ctx_proceeding

KEY = "made with the form"


def test_the_same_key_again_does_nothing_and_gets_the_same_answer(house: House) -> None:
    case = house.register()
    with house.context(OFFICER) as ctx:
        first = case_note.add(ctx, case.id, "电话核实", idempotency_key=KEY)
        assert case_note.add(ctx, case.id, "电话核实", idempotency_key=KEY) == first


def test_of_two_sent_at_once_the_second_gets_the_answer_of_the_first(house: House) -> None:
    case = house.register()
    answers: list[str] = []
    ready = threading.Barrier(2)

    def send() -> None:
        with house.context(OFFICER) as ctx:
            proceeding = ctx_proceeding(ctx, case.id)
            ready.wait()
            done = act(ctx, case.id, proceeding, "file", {}, seen_version=case.version, idempotency_key=KEY)
            answers.append(f"{done.status} {done.version}")

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [f"acted {case.version + 1}"] * 2


def test_the_second_of_two_is_answered_even_where_it_looked_before_the_first_was_kept(house: House) -> None:
    case = house.register()

    @submissions.once(CaseRef)
    def too_late(ctx: Context, *, idempotency_key: str | None = None) -> CaseRef:
        with house.context(OFFICER) as other:
            case_note.add(other, case.id, "先到", idempotency_key=idempotency_key)
        raise StaleCase(case.version, case.version + 1)

    with house.context(OFFICER) as ctx:
        assert too_late(ctx, idempotency_key=KEY).version == case.version + 1


def test_a_case_changed_by_somebody_else_is_still_refused(house: House) -> None:
    case = house.register()
    with house.context(COLLEAGUE) as ctx:
        case_note.add(ctx, case.id, "我先看过")
    with house.context(OFFICER) as ctx, pytest.raises(StaleCase):
        act(ctx, case.id, ctx_proceeding(ctx, case.id), "file", {}, seen_version=case.version, idempotency_key=KEY)


def test_a_key_of_somebody_else_is_refused(house: House) -> None:
    case = house.register()
    with house.context(OFFICER) as ctx:
        case_note.add(ctx, case.id, "电话核实", idempotency_key=KEY)
    with house.context(COLLEAGUE) as ctx, pytest.raises(NotPermitted):
        case_note.add(ctx, case.id, "电话核实", idempotency_key=KEY)
