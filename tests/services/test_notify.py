"""People are told once, in their own language when they read it."""

from __future__ import annotations

from caseapp.domain.errors import Message
from caseapp.queries.notifications import message_of, message_text, notices, unread
from caseapp.services import notify
from caseapp.services.unit_of_work import unit_of_work
from tests.support.spine import ADMINISTRATOR, COLLEAGUE, OFFICER, House


def tell(house: House, key: str, *people: str, text: str = "有新事项") -> int:
    with house.context() as ctx, unit_of_work(ctx) as unit:
        return notify.tell(ctx, unit, people, kind="test", key=key, message=Message(text))


def test_the_same_thing_is_told_to_a_person_once(house: House) -> None:
    assert tell(house, "a", OFFICER.id, OFFICER.id, COLLEAGUE.id) == 2
    assert tell(house, "a", OFFICER.id) == 0
    assert tell(house, "b", OFFICER.id) == 1
    with house.context(OFFICER) as ctx:
        assert unread(ctx) == 2


def test_notices_come_newest_first_page_by_page(house: House) -> None:
    for number in range(5):
        tell(house, str(number), OFFICER.id, text=f"第 {number}")
    tell(house, "other", COLLEAGUE.id)
    with house.context(OFFICER) as ctx:
        page = notices(ctx, limit=2)
        rest = notices(ctx, before=page[-1].id)
    assert [str(item.message) for item in (*page, *rest)] == ["第 4", "第 3", "第 2", "第 1", "第 0"]


def test_a_person_marks_only_his_own_notices_as_read(house: House) -> None:
    tell(house, "a", OFFICER.id, COLLEAGUE.id)
    tell(house, "b", OFFICER.id)
    with house.context(COLLEAGUE) as ctx:
        own = notices(ctx)[0].id
    with house.context(OFFICER) as ctx:
        notify.mark_read(ctx, [own])
        assert unread(ctx) == 2
        notify.mark_read(ctx, [notices(ctx)[0].id])
        assert [item.read_at is None for item in notices(ctx)] == [False, True]
        assert len(notices(ctx, unread_only=True)) == 1
        notify.mark_read(ctx)
        assert unread(ctx) == 0
    with house.context(COLLEAGUE) as ctx:
        assert unread(ctx) == 1


def test_a_message_keeps_its_parts_for_the_reader_s_language() -> None:
    message = Message(
        "%(clock)s，%(left)s", {"clock": {"zh": "办案期限", "en": "limit"}, "left": Message("还剩 %(n)s 天", {"n": 3})}
    )
    again = message_of(message_text(message))
    assert again == message
    assert str(again) == "办案期限，还剩 3 天"


def test_system_administrators_can_be_told_as_such(house: House) -> None:
    with house.context() as ctx, unit_of_work(ctx) as unit:
        assert notify.tell_system_administrators(ctx, unit, kind="x", key="x", message=Message("故障")) == 1
    with house.context(ADMINISTRATOR) as ctx:
        assert unread(ctx) == 1


def test_an_outbox_message_is_delivered_once_however_often_it_comes(house: House) -> None:
    told = {"users": [OFFICER.id], "kind": "x", "key": "k", "message": message_text(Message("到了")), "case": None}
    with house.context() as ctx:
        notify.deliver(ctx, told)
        notify.deliver(ctx, told)
    with house.context(OFFICER) as ctx:
        assert [str(item.message) for item in notices(ctx)] == ["到了"]
