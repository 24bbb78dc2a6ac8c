"""A mapping, and small logs written for one test."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseapp.adapters.event_logs.mapping_files import load_mapping
from caseapp.adapters.event_logs.reading import LogFormat, read_event_log
from caseapp.domain.exchange.event_log import EventMapping
from tests.support.exchange_samples import DIVISIONS, NOW

MAPPING = """
case: concept:name
activity: concept:name
time: time:timestamp
timezone: Europe/Rome
procedure: traffic_fine
division: "320612"
ip_types: [trademark]
title: {attribute: label}
attributes:
  enddate: {milestone: closed, manner: other}
activities:
  Create Fine: {milestone: filed, take: first}
  Insert Fine Notification: {action: notify}
  Appeal: {milestone: suspended, take: last, reason: appeal}
  Payment: null
"""


@pytest.fixture
def mapping_file(tmp_path):
    """Write a mapping and return its path; by default the sample."""

    def writing(text: str = MAPPING) -> Path:
        path = tmp_path / "map.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return writing


@pytest.fixture
def mapping(mapping_file) -> EventMapping:
    return load_mapping(mapping_file(), divisions=DIVISIONS)


@pytest.fixture
def read_log(tmp_path, mapping):
    """Read a log of these bytes by the sample mapping (or another)."""

    def reading(content: bytes, form: LogFormat, **changes):
        path = tmp_path / f"log.{form}"
        path.write_bytes(content)
        used = changes.pop("mapping", mapping)
        return list(read_event_log(path, used, form=form, now=NOW, divisions=DIVISIONS, **changes))

    return reading


def xes(*traces: str, head: str = "") -> bytes:
    """An XES file of these traces."""
    body = "".join(f"<trace>{trace}</trace>" for trace in traces)
    return f'<?xml version="1.0"?>{head}<log xmlns="http://www.xes-standard.org/">{body}</log>'.encode()


def text(key: str, value: str, *, inner: str = "") -> str:
    return f'<string key="{key}" value="{value}">{inner}</string>'


def event(activity: str, time: str) -> str:
    return f'<event>{text("concept:name", activity)}<date key="time:timestamp" value="{time}"/></event>'
