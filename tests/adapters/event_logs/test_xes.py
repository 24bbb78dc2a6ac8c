from __future__ import annotations

import gzip
import re
import resource
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from caseapp.adapters.event_logs.mapping_files import load_mapping
from caseapp.adapters.event_logs.reading import LogFormat, read_event_log
from caseapp.domain.errors import InputError
from caseapp.domain.events import Precision
from tests.adapters.event_logs.conftest import MAPPING, event, text, xes
from tests.support.exchange_samples import DIVISIONS, NOW

FILED = event("Create Fine", "2024-05-01T08:00:00+02:00")


def told(line):
    return [(item.kind.value, item.milestone.kind.value if item.milestone else item.name) for item in line.case.items]


def test_a_trace_becomes_a_case_with_milestones_actions_and_notes(read_log):
    trace = (
        text("concept:name", "A1")
        + text("label", "罚单")
        + '<date key="enddate" value="2024-06-01T00:00:00+02:00"/>'
        + FILED
        + event("Insert Fine Notification", "2024-05-02T08:00:00+02:00")
        + event("Payment", "2024-05-03T08:00:00+02:00")
    )
    (line,) = read_log(xes(trace), LogFormat.XES)
    record = line.case.record
    assert told(line) == [("milestone", "filed"), ("action", "notify"), ("note", "Payment"), ("milestone", "closed")]
    assert (record.external_id, record.procedure, record.division) == ("A1", "traffic_fine", "320612")
    assert record.title == "罚单"
    filed, closed = record.milestones
    assert (filed.on, filed.at) == (date(2024, 5, 1), datetime(2024, 5, 1, 6, tzinfo=UTC))
    assert filed.details == {"zone": "Europe/Rome"}
    assert (closed.on, closed.at, closed.precision) == (date(2024, 6, 1), None, Precision.DAY)
    assert closed.details == {"manner": "other"}


def test_the_legal_date_is_the_local_date_of_the_mapping(read_log):
    trace = text("concept:name", "A1") + event("Create Fine", "2024-05-01T23:30:00Z")
    (line,) = read_log(xes(trace), LogFormat.XES)
    assert line.case.record.milestones[0].on == date(2024, 5, 2)


def test_events_stand_by_time_and_ties_in_the_order_of_the_file(read_log):
    trace = (
        text("concept:name", "A1")
        + event("Payment", "2024-05-01T09:00:00+02:00")
        + event("Insert Fine Notification", "2024-05-01T08:00:00+02:00")
        + event("Create Fine", "2024-05-01T06:00:00Z")
    )
    (line,) = read_log(xes(trace), LogFormat.XES)
    assert told(line) == [("action", "notify"), ("milestone", "filed"), ("note", "Payment")]
    places = [item.occurred_at for item in line.case.items]
    assert places == sorted(places)


def test_only_the_first_or_last_event_is_taken_where_the_mapping_says_so(read_log):
    trace = text("concept:name", "A1") + "".join(
        event(activity, f"2024-05-0{day}T08:00:00+02:00")
        for activity, day in [("Create Fine", 2), ("Create Fine", 1), ("Appeal", 3), ("Appeal", 4)]
    )
    (line,) = read_log(xes(trace), LogFormat.XES)
    assert [(item.on.day, name) for item, (_, name) in zip(line.case.items, told(line), strict=True)] == [
        (1, "filed"),
        (2, "Create Fine"),
        (3, "Appeal"),
        (4, "suspended"),
    ]
    assert line.case.record.milestones[1].details["reason"] == "appeal"


def test_a_case_level_date_is_a_day_so_that_filed_and_closed_on_one_day_do_not_cross(read_log, mapping_file):
    both = MAPPING.replace("attributes:\n", "attributes:\n  startdate: {milestone: filed}\n")
    trace = (
        '<date key="enddate" value="2024-05-01T00:00:00+02:00"/>'
        '<date key="startdate" value="2024-05-01T01:06:40+02:00"/>'
        + text("concept:name", "A1")
        + event("Payment", "2024-05-01T12:00:00+02:00")
    )
    (line,) = read_log(xes(trace), LogFormat.XES, mapping=load_mapping(mapping_file(both), divisions=DIVISIONS))
    assert told(line) == [("milestone", "filed"), ("note", "Payment"), ("milestone", "closed")]


@pytest.mark.parametrize("enddate", ["", '<date key="enddate" value=""/>'], ids=["absent", "empty"])
def test_a_date_that_is_missing_did_not_happen_whatever_the_log_declares(read_log, enddate):
    declared = '<global scope="trace"><date key="enddate" value="1970-01-01T00:00:00+01:00"/></global>'
    content = xes(text("concept:name", "A1") + enddate + FILED).replace(b"<trace>", declared.encode() + b"<trace>", 1)
    (line,) = read_log(content, LogFormat.XES)
    assert told(line) == [("milestone", "filed")]


def test_attributes_of_attributes_are_not_those_of_the_case(read_log):
    inner = text("concept:name", "INNER") + '<date key="enddate" value="2024-06-01T00:00:00+02:00"/>'
    (line,) = read_log(xes(text("concept:name", "A1", inner=inner) + FILED), LogFormat.XES)
    assert line.external_id == "A1"
    assert told(line) == [("milestone", "filed")]


@pytest.mark.parametrize(
    ("trace", "external_id", "says"),
    [
        (text("concept:name", "A1") + FILED + event("Send Fine", "2024-05-02T08:00:00Z"), "A1", "Send Fine"),
        (text("concept:name", "A1") + event("Payment", "2024-05-02T08:00:00Z"), "A1", "附注"),
        (text("concept:name", "A1"), "A1", "附注"),
        (
            text("concept:name", "A1") + event("Create Fine", "Wed 1 May 2024"),
            "A1",
            "“Wed 1 May 2024”不是可以识别的时间",
        ),
        (text("concept:name", "A1") + event("Create Fine", "01/05/2024"), "A1", "YYYY-MM-DD"),
        (text("concept:name", "A1") + event("Create Fine", "2026-09-26T02:00:01Z"), "A1", "未来"),
        (text("concept:name", "A1") + f"<event>{text('concept:name', 'Create Fine')}</event>", "A1", "没有时间"),
        (text("concept:name", "A1") + '<event><date key="time:timestamp" value="2024"/></event>', "A1", "没有活动名称"),
        (FILED, "", "缺少必填内容"),
        (text("concept:name", "A1") + '<date key="enddate" value="soon"/>' + FILED, "A1", "YYYY-MM-DD"),
        (text("concept:name", "A1") + '<date key="enddate" value="2026-09-27"/>' + FILED, "A1", "未来"),
    ],
)
def test_a_bad_case_is_refused_with_the_reason_and_the_others_are_read(read_log, trace, external_id, says):
    bad, good = read_log(xes(trace, text("concept:name", "A2") + FILED), LogFormat.XES)
    assert bad.external_id == external_id
    assert says in str(bad.error)
    assert good.external_id == "A2"
    assert good.error is None


def test_a_value_that_a_case_lacks_or_that_is_none_refuses_the_case(read_log, mapping_file):
    content = MAPPING.replace('division: "320612"', "division: {attribute: place}").replace(
        "ip_types: [trademark]", "ip_types: {attribute: right}"
    )
    mapping = load_mapping(mapping_file(content), divisions=DIVISIONS)
    lines = read_log(
        xes(
            text("concept:name", "A1") + text("place", "320611") + text("right", "gi; trademark") + FILED,
            text("concept:name", "A2") + text("right", "gi") + FILED,
            text("concept:name", "A3") + text("place", "320612") + text("right", "mark") + FILED,
        ),
        LogFormat.XES,
        mapping=mapping,
    )
    assert (lines[0].case.record.division, lines[0].case.record.ip_types) == ("320613", ("gi", "trademark"))
    assert lines[1].error.field == "division"
    assert lines[2].error.field == "ip_types[0]"


def test_the_same_log_gives_the_same_digest_and_another_another(read_log):
    content = xes(text("concept:name", "A1") + FILED)
    first, again = (read_log(content, LogFormat.XES)[0].case.digest for _ in range(2))
    other = read_log(content.replace(b"08:00", b"08:01"), LogFormat.XES)[0].case.digest
    assert first == again != other


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "XML"),
        (b"not xml", "XML"),
        (b"<html><trace/></html>", "不是 XES"),
        (b"<rows><log/></rows>", "不是 XES"),
        (xes(FILED, head='<!DOCTYPE log [<!ENTITY a "b">]>'), "DOCTYPE"),
        (xes(FILED, head='<!DOCTYPE log SYSTEM "file:///etc/passwd">'), "DOCTYPE"),
    ],
    ids=["empty", "no xml", "html", "log inside", "entities", "outside type"],
)
def test_what_is_no_log_is_refused_as_a_whole(read_log, content, says):
    with pytest.raises(InputError) as refused:
        read_log(content, LogFormat.XES)
    assert says in str(refused.value)


def test_an_entity_never_reaches_a_value(read_log):
    hidden = '<!DOCTYPE log [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(InputError):
        read_log(xes(f"<string key='concept:name' value='A1'/>&secret;{FILED}", head=hidden), LogFormat.XES)


def test_a_log_that_breaks_off_gives_the_cases_before_and_says_so(read_log):
    whole = xes(*(text("concept:name", f"A{number}") + FILED for number in range(50)))
    lines = read_log(whole[: len(whole) // 2], LogFormat.XES)
    assert all(line.error is None for line in lines[:-1])
    assert len(lines) > 10
    assert "损坏" in str(lines[-1].error)


def test_a_packed_log_that_breaks_off_gives_the_cases_before_and_says_so(read_log):
    whole = gzip.compress(xes(*(text("concept:name", f"A{number * 7919}") + FILED for number in range(9000))))
    lines = read_log(whole[: len(whole) // 2], LogFormat.XES)
    assert lines[0].external_id == "A0"
    assert "损坏" in str(lines[-1].error)


def test_a_name_with_the_prefix_of_tables_is_found_in_the_log_too(read_log, mapping_file):
    prefixed = MAPPING.replace("case: concept:name", "case: case:concept:name").replace("enddate:", "case:enddate:")
    mapping = load_mapping(mapping_file(prefixed), divisions=DIVISIONS)
    trace = text("concept:name", "A1") + '<date key="enddate" value="2024-06-01"/>' + FILED
    (line,) = read_log(xes(trace), LogFormat.XES, mapping=mapping)
    assert told(line) == [("milestone", "filed"), ("milestone", "closed")]


def test_the_real_permit_log_is_read_in_full(shared_data, tmp_path):
    path = shared_data("receipt.xes")
    mapping = receipt_mapping(path, tmp_path)
    lines = list(read_event_log(path, mapping, form=LogFormat.XES, now=NOW, divisions=DIVISIONS))
    assert len(lines) == 1434
    assert all(line.error is None for line in lines)
    kinds = [name for line in lines for name in told(line)]
    assert sum(kind == "note" for kind, _ in kinds) == 8577
    assert kinds.count(("milestone", "filed")) == 1434
    assert kinds.count(("milestone", "closed")) == 1329


def test_the_real_permit_log_says_the_same_as_a_table(shared_data, tmp_path):
    mapping = receipt_mapping(shared_data("receipt.xes"), tmp_path)
    by_form = {}
    for form in LogFormat:
        path = shared_data(f"receipt.{form}")
        lines = read_event_log(path, mapping, form=form, now=NOW, divisions=DIVISIONS)
        by_form[form] = {line.external_id: line.case.digest for line in lines}
    assert by_form[LogFormat.XES] == by_form[LogFormat.CSV]


def receipt_mapping(path, folder):
    """A mapping of the permit log that keeps every activity as a note."""
    content = path.read_text(encoding="utf-8")
    names = sorted(set(re.findall(r'<string key="concept:name" value="([^"]+)"/>', content)))
    mapping = folder / "receipt.yaml"
    mapping.write_text(
        "case: concept:name\nactivity: concept:name\ntime: time:timestamp\ntimezone: Europe/Amsterdam\n"
        'procedure: receipt\ndivision: "320612"\nip_types: [other]\n'
        "attributes:\n  startdate: {milestone: filed}\n  enddate: {milestone: closed, manner: other}\n"
        "activities:\n" + "".join(f'  "{name}": null\n' for name in names),
        encoding="utf-8",
    )
    return load_mapping(mapping, divisions=DIVISIONS)


@pytest.mark.slow
def test_a_long_log_is_read_in_little_memory(tmp_path, mapping):
    path = tmp_path / "long.xes.gz"
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as stream:
        stream.write('<log xmlns="http://www.xes-standard.org/">')
        for number in range(8_000):
            stream.write(f"<trace>{text('concept:name', f'A{number}')}")
            stream.write(FILED + event("Payment", "2024-05-03T08:00:00Z") * 4)
            stream.write("</trace>\n")
        stream.write("</log>")
    seen = []
    # tracemalloc does not see libxml2, so the resident size is watched as well.
    before = resident_kib()
    tracemalloc.start()
    count = resident = 0
    log = read_event_log(
        path, mapping, form=LogFormat.XES, now=NOW, divisions=DIVISIONS, progress=lambda *told: seen.append(told)
    )
    for line in log:
        count += len(line.case.items)
        if count % 5_000 == 0:
            resident = max(resident, resident_kib())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40_000
    assert peak < 3 << 20
    assert resident - before < 24 << 10
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)


def resident_kib():
    """Resident size of this process now, in KiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024
