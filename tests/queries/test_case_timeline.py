"""The timeline tells every entry in words, with what a change replaced, and who looked into the file."""

from __future__ import annotations

from datetime import timedelta

from caseapp.domain.errors import Message
from caseapp.queries.case_timeline import since, timeline
from caseapp.queries.timeline_items import Timeline
from caseapp.services.access_log import note_personal_read, note_read
from caseapp.services.case_assign import assign
from caseapp.services.case_facts import change
from caseapp.services.case_note import add
from tests.support.office import Office, count, office

__all__ = ["office"]


def told(office: Office, case_id: str) -> Timeline:
    with office.context("officer") as ctx:
        return timeline(ctx, case_id)


def test_every_entry_is_told_newest_first_with_its_actor(office: Office) -> None:
    case = office.filed()
    items = told(office, case.id).items
    assert [item.seq for item in items] == sorted((item.seq for item in items), reverse=True)
    assert len(items) == office.version(case.id)
    kinds = [item.kind for item in reversed(items)]
    assert kinds[0] == "opened"
    assert {"acted", "approval_requested", "approval_signed", "document_issued"} <= set(kinds)
    assert all(item.actor for item in items)


def test_a_step_tells_from_where_to_where_and_what_was_entered(office: Office) -> None:
    case = office.filed()
    (filed,) = [
        item
        for item in told(office, case.id).items
        if item.kind == "acted" and item.led_to and item.led_to[1].zh == "调查取证"
    ]
    assert filed.led_to is not None
    assert filed.led_to[0].zh == "线索核查"
    assert {value.label.zh for value in filed.values} >= {"核查情况", "立案理由"}
    officers = next(value for value in filed.values if "办案人员" in value.label.zh)
    assert officers.parts == ("顾海宁", "陆文珺")
    assert "《行政处罚法》第54条" in filed.citations
    changed = {change.field: (change.before, change.after) for change in filed.changes}
    assert changed["number"][0] is None
    assert str(changed["number"][1]).endswith("号")


def test_a_changed_fact_shows_before_and_after_and_the_reason(office: Office) -> None:
    case = office.checking()
    for amount in (100, 250):
        with office.context("officer") as ctx:
            fields = {"amounts": {"turnover": amount}}
            change(ctx, case.id, fields, reason="重新核算", seen_version=office.version(case.id))
    first, second = [item for item in reversed(told(office, case.id).items) if item.kind == "facts_changed"]
    assert [(one.field, one.before, one.after) for one in second.changes] == [("amounts.turnover", 100, 250)]
    assert first.changes[0].before == 9735300
    assert second.note == "重新核算"


def test_officers_are_named_before_and_after(office: Office) -> None:
    case = office.checking()
    with office.context("head") as ctx:
        assign(ctx, case.id, [office.people["officer2"].id], seen_version=office.version(case.id), reason="工作调整")
    item = told(office, case.id).items[0]
    assert [(one.before, one.after) for one in item.changes] == [(("顾海宁", "陆文珺"), ("陆文珺",))]


def test_both_times_are_told_where_they_differ(office: Office) -> None:
    case = office.register(received_on=office.today() - timedelta(days=2))
    (opened,) = told(office, case.id).items
    assert opened.recorded_at is not None
    assert opened.precision == "day"
    today = office.register()
    assert told(office, today.id).items[-1].recorded_at is None


def test_reads_are_told_beside_the_acts(office: Office) -> None:
    case = office.checking()
    with office.context("officer") as ctx:
        note_read(ctx, case.id, "page")
    office.later(minutes=1)
    with office.context("head") as ctx:
        note_personal_read(ctx, case.id, "")
    reads = told(office, case.id).reads
    assert [(read.actor, read.kind, read.what) for read in reads] == [
        ("钱立新", "personal_read", ""),
        ("顾海宁", "read", "page"),
    ]


def test_what_a_stale_form_missed_is_what_came_after_its_version(office: Office) -> None:
    case = office.checking()
    seen = office.version(case.id)
    with office.context("officer") as ctx:
        assert since(ctx, case.id, seen) == ()
        add(ctx, case.id, "第一条")
        add(ctx, case.id, "第二条")
        assert [item.note for item in since(ctx, case.id, seen)] == ["第一条", "第二条"]


def test_titles_are_finished_words(office: Office) -> None:
    case, approval = office.asked()
    office.sign(case.id, approval, "head")
    signed = told(office, case.id).items[0]
    assert isinstance(signed.title, Message)
    assert str(signed.title) == "同意：立案（办案机构负责人意见）"
    assert signed.note == "同意。"


def test_names_are_read_in_one_query_however_long_the_file(office: Office) -> None:
    short, long = office.register(), office.filed()

    def read(case_id: str) -> int:
        return count(office.parts.engine, lambda: told(office, case_id))

    assert read(short.id) == read(long.id)
