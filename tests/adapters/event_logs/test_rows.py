from __future__ import annotations

import gzip
import tracemalloc
from datetime import date

import pytest

from caseapp.adapters.event_logs.reading import LogFormat, read_event_log
from caseapp.adapters.event_logs.rows import read_rows
from caseapp.domain.errors import InputError
from caseapp.domain.events import Precision
from tests.support.exchange_samples import DIVISIONS, NOW

HEADER = "case:concept:name,concept:name,time:timestamp,label,enddate\n"


@pytest.fixture
def read_table(read_log):
    def reading(rows, *, header=HEADER, **options):
        return read_log((header + rows).encode(), LogFormat.CSV, **options)

    return reading


def told(line):
    return [item.milestone.kind.value if item.milestone else item.name for item in line.case.items]


def test_rows_of_one_case_need_not_stand_together(read_table):
    lines = read_table(
        "B,Create Fine,2024-05-02 08:00:00+02:00,乙,\n"
        "A,Payment,2024-05-03T08:00:00+02:00,甲,2024-06-01\n"
        "B,Payment,2024-05-04 08:00,乙,\n"
        "A,Create Fine,2024-05-01T08:00:00+02:00,,2024-06-01\n"
    )
    assert [(line.number, line.external_id, line.case.record.title) for line in lines] == [
        (2, "B", "乙"),
        (3, "A", "甲"),
    ]
    assert told(lines[0]) == ["filed", "Payment"]
    assert told(lines[1]) == ["filed", "Payment", "closed"]


def test_ties_stand_in_the_order_of_the_file(read_table):
    (line,) = read_table(
        "A,Insert Fine Notification,2024-05-01T08:00:00Z,,\nA,Create Fine,2024-05-01T10:00:00+02:00,,\n"
    )
    assert told(line) == ["notify", "filed"]


def test_a_time_that_is_only_a_day_gives_a_day(read_table):
    (line,) = read_table("A,Create Fine,2024/05/01,,\n")
    milestone = line.case.record.milestones[0]
    assert (milestone.on, milestone.at, milestone.precision) == (date(2024, 5, 1), None, Precision.DAY)


def test_a_time_without_an_offset_is_local_time_of_the_mapping(read_table):
    (line,) = read_table("A,Create Fine,2024/05/01 23:30:00.5,,\n")
    assert line.case.record.milestones[0].at.isoformat() == "2024-05-01T21:30:00.500000+00:00"


@pytest.mark.parametrize(("delimiter", "name"), [(";", "semicolon"), ("\t", "tab")])
def test_the_delimiter_is_told_by_the_header(read_table, delimiter, name):
    rows = 'A,Create Fine,2024-05-01,"甲",\n'.replace(",", delimiter)
    (line,) = read_table(rows, header="\ufeff" + HEADER.replace(",", delimiter))
    assert line.case.record.title == "甲"


def test_quoted_cells_may_hold_delimiters_and_line_ends(read_table):
    first, second = read_table('A,Create Fine,2024-05-01,"甲,\n乙",\n\nB,Create Fine,2024-05-01,,\n')
    assert first.case.record.title == "甲,\n乙"
    assert (second.number, second.external_id) == (5, "B")


def test_gzip_is_read_as_it_is(read_log):
    content = gzip.compress((HEADER + "A,Create Fine,2024-05-01,,\n").encode())
    assert read_log(content, LogFormat.CSV)[0].external_id == "A"


@pytest.mark.parametrize(
    ("row", "external_id", "says"),
    [
        ("A,Send Fine,2024-05-01,,", "A", "Send Fine"),
        ("A,,2024-05-01,,", "A", "没有活动名称"),
        ("A,Create Fine,,,", "A", "没有时间"),
        ("A,Create Fine,2024-05-01,", "A", "列数"),
        ("A,Create Fine,2024-05-01,,,", "A", "列数"),
        (",Create Fine,2024-05-01,,", "", "没有案件编号"),
        ("A,Create Fine,2024-05-01,甲,\nA,Payment,2024-05-01,乙,", "A", "label"),
    ],
)
def test_a_bad_row_refuses_its_case_and_no_other(read_table, row, external_id, says):
    bad, good = read_table(f"{row}\nB,Create Fine,2024-05-01,,\n")
    assert bad.external_id == external_id
    assert says in str(bad.error)
    assert (good.external_id, good.error) == ("B", None)


def test_bytes_of_another_encoding_refuse_their_case_and_no_other(read_log):
    content = HEADER.encode() + b"A,Create Fine,2024-05-01,\xc4\xcf\xcd\xa8,\nB,Create Fine,2024-05-01,,\n"
    bad, good = read_log(content, LogFormat.CSV)
    assert "UTF-8" in str(bad.error)
    assert good.error is None


@pytest.mark.parametrize(
    ("header", "rows", "says"),
    [
        ("case:concept:name,concept:name,label\n", "", "time:timestamp, enddate"),
        ("", "", "缺少"),
        ("concept:name,concept:name,time:timestamp,label,enddate\n", "", "重复"),
        (HEADER, 'A,"Create Fine,2024-05-01,,\n', "引号"),
        (HEADER, f"A,{'x' * 200_000},2024-05-01,,\n", "单元格过长"),
    ],
    ids=["columns missing", "empty", "a column twice", "quote without end", "endless cell"],
)
def test_what_is_no_table_is_refused_as_a_whole(read_table, header, rows, says):
    with pytest.raises(InputError) as refused:
        read_table(rows, header=header)
    assert says in str(refused.value)


def test_a_packed_table_that_breaks_off_is_refused_as_a_whole(read_log):
    rows = "".join(f"A{number * 7919},Create Fine,2024-05-01,,\n" for number in range(20_000))
    with pytest.raises(InputError):
        read_log(gzip.compress((HEADER + rows).encode())[:-2000], LogFormat.CSV)


def test_nothing_is_left_behind_even_when_reading_is_broken_off(tmp_path, mapping):
    path = tmp_path / "log.csv"
    path.write_text(HEADER + "A,Create Fine,2024-05-01,,\nB,Create Fine,2024-05-01,,\n")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    cases = read_rows(path, mapping, workspace=workspace)
    assert next(cases).case_id == "A"
    assert [entry.stat().st_mode & 0o077 for entry in workspace.iterdir()] == [0]
    cases.close()
    assert list(workspace.iterdir()) == []


@pytest.mark.slow
def test_a_long_table_in_any_order_is_read_in_little_memory(tmp_path, mapping):
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER)
        for activity, day in [("Create Fine", 1), *[("Payment", day) for day in range(2, 6)]]:
            for number in range(8_000):
                stream.write(f"A{number},{activity},2024-05-0{day}T08:00:00Z,罚单,\n")
    tracemalloc.start()
    count = cases = 0
    for line in read_event_log(path, mapping, form=LogFormat.CSV, now=NOW, divisions=DIVISIONS):
        cases += 1
        count += len(line.case.items)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (cases, count) == (8_000, 40_000)
    assert peak < 6 << 20
