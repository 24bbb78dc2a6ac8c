"""Notes: in the ledger like everything else, bound to no version."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from caseapp.domain.errors import InputError, NotFound, StaleCase
from caseapp.queries.case_images import entries_of
from caseapp.services import case_note
from tests.factories.cases import Course


def test_a_note_is_kept_as_it_was_written(course: Course) -> None:
    case_id = course.lead().id
    with course.as_("officer") as ctx:
        reference = case_note.add(ctx, case_id, "  当事人来电。\n明日到场。 ", idempotency_key="k")
        assert case_note.add(ctx, case_id, "又一条", idempotency_key="k") == reference
    assert reference.version == 2
    assert course.image(case_id).notes == 1
    with course.parts.context() as ctx:
        entry = entries_of(ctx, case_id)[-1]
    assert (entry.kind, entry.payload, entry.actor) == (
        "noted",
        {"text": "当事人来电。\n明日到场。"},
        course.officers[0],
    )


def test_an_empty_note_and_one_without_end_are_refused(course: Course) -> None:
    case_id = course.lead().id
    before = course.everything()
    with course.as_("officer") as ctx:
        for text in ("", " \n\u3000", "字" * (case_note.LONGEST_NOTE + 1)):
            with pytest.raises(InputError) as why:
                case_note.add(ctx, case_id, text)
            assert why.value.field == "text"
        with pytest.raises(NotFound):
            case_note.add(ctx, "f" * 32, "x")
    assert course.everything() == before
    with course.as_("officer") as ctx:
        assert case_note.add(ctx, case_id, "字" * case_note.LONGEST_NOTE).version == 2


def test_notes_written_at_once_are_each_kept_or_sent_again(course: Course) -> None:
    case_id = course.lead().id

    def write(index: int) -> bool:
        with course.as_("officer" if index % 2 else "officer2") as ctx:
            for _ in range(20):
                try:
                    case_note.add(ctx, case_id, f"第{index}条")
                except StaleCase:
                    continue
                return True
        return False

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(write, range(6)))
    with course.parts.context() as ctx:
        texts = [entry.payload["text"] for entry in entries_of(ctx, case_id) if entry.kind == "noted"]
    assert sorted(texts) == [f"第{index}条" for index in range(6)]
    assert course.image(case_id).version == 7
