"""Reading files of the exchange format: JSON Lines, one case a line, plain or gzip, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from caseapp.adapters.outside_files import BROKEN, Progress, opened, unreadable
from caseapp.domain.divisions import DivisionTable
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.exchange.parse import PartyCheck, RightCheck, external_id_of, parse_record
from caseapp.domain.exchange.record import ExchangeLine

MAX_LINE_BYTES = 4 * 1024 * 1024
"""A case takes a few kilobytes; a longer line is refused without being kept in memory."""

_BOM = b"\xef\xbb\xbf"
_LONGEST_NUMBER = 64
"""Digits of a number; Python would spend minutes on a million of them."""


def read_exchange(
    path: Path,
    *,
    now: datetime,
    divisions: DivisionTable,
    check_party: PartyCheck | None = None,
    check_right: RightCheck | None = None,
    progress: Progress | None = None,
) -> Iterator[ExchangeLine]:
    """Give every line of a file that is not blank: a checked record, or why it is none. A bad line never stops the
    rest.

    raises  InputError when nothing of the file can be read; one that breaks off later ends with a refused line
    """
    read = False
    number = 0
    try:
        with opened(path, progress=progress) as stream:
            for number, line in _lines(stream):
                read = True
                told: object = None
                try:
                    told = _parsed(line)
                    record = parse_record(
                        told, now=now, divisions=divisions, check_party=check_party, check_right=check_right
                    )
                except InputError as error:
                    yield ExchangeLine(number, external_id_of(told), error=error)
                else:
                    yield ExchangeLine(number, record.external_id, record)
    except BROKEN as wrong:
        if not read:
            raise unreadable(path, wrong) from wrong
        broken = InputError("", Message(N_("文件在此处损坏，其后的内容无法读取")))
        yield ExchangeLine(number + 1, "", error=broken)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Give (line number, line) of every line that is not blank; None for one that is too long."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(_BOM)
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            _skip_line(stream)
            yield number, None
        elif line.strip():
            yield number, line


def _skip_line(stream: BinaryIO) -> None:
    while rest := stream.readline(MAX_LINE_BYTES):
        if rest.endswith(b"\n"):
            return


def _parsed(line: bytes | None) -> dict[str, object]:
    if line is None:
        megabytes = MAX_LINE_BYTES // 1024 // 1024
        raise InputError("", Message(N_("该行超过 %(size)s MB"), {"size": megabytes}))
    try:
        told = DECODER.decode(line.decode("utf-8").strip())
    except UnicodeDecodeError as wrong:
        raise InputError(
            "", Message(N_("该行不是 UTF-8 编码（第 %(byte)s 字节处）"), {"byte": wrong.start + 1})
        ) from wrong
    except json.JSONDecodeError as wrong:
        raise InputError(
            "", Message(N_("该行不是有效的 JSON（第 %(column)s 个字符处）"), {"column": wrong.pos + 1})
        ) from wrong
    except RecursionError as wrong:
        raise InputError("", Message(N_("嵌套层数过多"))) from wrong
    if not isinstance(told, dict):
        raise InputError("", Message(N_("该行应为一个 JSON 对象（{…}）")))
    return told


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        # Python would keep the last silently, another reader the first.
        raise InputError("", Message(N_("键名“%(name)s”重复出现"), {"name": twice[:60]}))
    return told


def _decimal(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise InputError("", Message(N_("数字过长")))
    try:
        return Decimal(text)
    except ArithmeticError as wrong:
        raise InputError("", Message(N_("数字过长"))) from wrong


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise InputError("", Message(N_("数字过长")))
    return int(text)


def _no_number(text: str) -> object:
    raise InputError("", Message(N_("“%(value)s”不是数字"), {"value": text}))


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=_no_number
)
"""Reads JSON of others: fractions as decimals, and nothing that two readers would understand differently."""
