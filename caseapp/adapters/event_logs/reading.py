"""Reading an event log in whichever form it comes: a stream of cases, refused ones among them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from caseapp.adapters.event_logs.rows import read_rows
from caseapp.adapters.event_logs.xes import read_xes
from caseapp.adapters.outside_files import Progress
from caseapp.domain.divisions import DivisionTable
from caseapp.domain.exchange.event_log import EventLine, EventMapping, assemble_all


class LogFormat(StrEnum):
    """Forms of an event log."""

    XES = "xes"
    CSV = "csv"


def read_event_log(
    path: Path,
    mapping: EventMapping,
    *,
    form: LogFormat,
    now: datetime,
    divisions: DivisionTable,
    progress: Progress | None = None,
) -> Iterator[EventLine]:
    """Give every case of an event log as the mapping makes it, in the order of the file. A bad case never stops the
    rest.

    raises  InputError when nothing of the file can be read (a table: when it cannot be read to its end)
    """
    read = read_xes if form is LogFormat.XES else read_rows
    return assemble_all(read(path, mapping, progress=progress), mapping, now=now, divisions=divisions)
