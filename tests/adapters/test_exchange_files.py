from __future__ import annotations

import gzip
import json
import tracemalloc
from decimal import Decimal

import pytest

from caseapp.adapters import exchange_files
from caseapp.adapters.exchange_files import read_exchange
from caseapp.domain.errors import InputError
from caseapp.domain.exchange.emit import line_of
from tests.support.exchange_samples import DIVISIONS, EXAMPLE, NOW


def case(external_id, **changes):
    return line_of({**EXAMPLE, "external_id": external_id, **changes}).encode()


@pytest.fixture
def lines(tmp_path):
    """Read a file of these bytes: [(line number, external id, amounts or reason)]."""

    def reading(content, **options):
        path = tmp_path / "cases.jsonl"
        path.write_bytes(content)
        return list(read_exchange(path, now=NOW, divisions=DIVISIONS, **options))

    return reading


def test_a_bad_line_never_stops_the_rest(lines):
    read = lines(b"\n".join([case("A"), b"{", case("B", division="99"), b"", case("C")]))
    assert [(line.number, line.external_id, line.error is None) for line in read] == [
        (1, "A", True),
        (2, "", False),
        (3, "B", False),
        (5, "C", True),
    ]
    assert read[2].error.field == "division"


def test_amounts_are_read_as_decimals_and_never_as_floats(lines):
    line = case("A").replace(b"97353.00", b"90071992547409.93")
    assert lines(line)[0].record.amounts["turnover"] == 9_007_199_254_740_993


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"[]", "JSON 对象"),
        (b'"text"', "JSON 对象"),
        (b'{"external_id": "A" "x"}', "不是有效的 JSON"),
        (b'{"external_id": "\xff"}', "UTF-8"),
        (b'{"amounts": {"turnover": NaN}}', "不是数字"),
        (b'{"amounts": {"turnover": -Infinity}}', "不是数字"),
        (b'{"external_id": "A", "external_id": "B"}', "重复"),
        (b'{"n": ' + b"9" * 5000 + b"}", "数字过长"),
        (b'{"n": 1e99999999999999999999}', "数字过长"),
        (b"[" * 100_000, "嵌套层数过多"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, "嵌套层数过多"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_a_line_that_is_no_clean_json_object_is_refused_with_the_reason(lines, line, says):
    read = lines(line + b"\n" + case("B"))
    assert says in str(read[0].error)
    assert read[1].external_id == "B"


def test_a_byte_order_mark_blank_lines_and_windows_line_ends_do_no_harm(lines):
    read = lines(b"\xef\xbb\xbf" + case("A") + b"\r\n  \r\n" + case("B") + b"\r\n")
    assert [(line.number, line.external_id) for line in read] == [(1, "A"), (3, "B")]


def test_gzip_is_told_by_its_bytes_and_progress_by_those_on_disk(lines):
    seen = []
    packed = gzip.compress(case("A") + b"\n" + case("B"))
    read = lines(packed, progress=lambda done, whole: seen.append((done, whole)))
    assert [line.external_id for line in read] == ["A", "B"]
    assert seen[-1] == (len(packed), len(packed))


def test_a_line_without_end_is_refused_without_being_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(exchange_files, "MAX_LINE_BYTES", 1 << 16)
    path = tmp_path / "cases.jsonl"
    path.write_bytes(case("A") + b'\n{"external_id": "' + b"A" * (8 << 20) + b'"}\n' + case("B"))
    tracemalloc.start()
    read = list(read_exchange(path, now=NOW, divisions=DIVISIONS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(line.number, line.external_id) for line in read] == [(1, "A"), (2, ""), (3, "B")]
    assert "MB" in str(read[1].error)
    assert peak < 2 << 20


def test_a_line_as_long_as_allowed_is_read(lines, monkeypatch):
    monkeypatch.setattr(exchange_files, "MAX_LINE_BYTES", len(case("A")) + 1)
    assert [line.error for line in lines(case("A") + b"\n" + case("B"))] == [None, None]


@pytest.mark.parametrize("name", ["absent.jsonl", "."], ids=["absent", "a folder"])
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(tmp_path, name):
    with pytest.raises(InputError) as refused:
        list(read_exchange(tmp_path / name, now=NOW, divisions=DIVISIONS))
    assert "无法读取" in str(refused.value)


def test_another_encoding_is_refused_as_a_whole(lines):
    with pytest.raises(InputError) as refused:
        lines(case("A").decode().encode("utf-16"))
    assert "UTF-16" in str(refused.value)


def test_a_packed_file_that_breaks_off_gives_what_it_has_and_says_so(lines):
    content = b"\n".join(case(f"{number:05}", note=str(number) * 40) for number in range(3000))
    packed = gzip.compress(content)
    read = lines(packed[: len(packed) // 2])
    assert all(line.error is None for line in read[:-1])
    assert len(read) > 100
    assert "损坏" in str(read[-1].error)


def test_a_packed_file_that_is_damaged_from_the_start_is_refused_as_a_whole(lines):
    with pytest.raises(InputError):
        lines(gzip.compress(case("A"))[:12])


def test_an_empty_file_has_no_lines(lines):
    assert lines(b"") == []
    assert lines(b"\n \n") == []


def test_what_is_written_is_read_back_line_by_line(lines):
    first = lines(case("A", note="第一行\n第二行", score=Decimal("0.10")))[0].record
    assert first.extra == {"note": "第一行\n第二行", "score": {"$number": "0.10"}}
    assert json.loads(case("A", note="第一行\n第二行"))["note"] == "第一行\n第二行"
