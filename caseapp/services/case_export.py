"""Handing cases out as files; every export is in the ledger with its actor, count and hash."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.events import EntryKind, Stream
from caseapp.domain.exchange.emit import emit_record, line_of
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.corrections import corrected
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_images import entries_of, image_of
from caseapp.queries.visibility import visible_cases
from caseapp.services import ledger, personal
from caseapp.services.unit_of_work import unit_of_work

PAGE = 500


def export_cases(
    ctx: Context, file: Path, *, shape: str, progress: Callable[[], object] = lambda: None
) -> dict[str, Any]:
    """Write every case the actor may see to a file.

    shape  'exchange' (JSON Lines that `cases import` takes back) or 'xes' (IEEE 1849: a trace a case, an event an act);
           a name ending in .gz is compressed

    Returns {"exported": n, "file": name, "sha256": hex}.
    """
    count = 0
    with gzip.open(file, "wb") if file.suffix == ".gz" else file.open("wb") as stream:
        lines = _xes(ctx) if shape == "xes" else _exchange(ctx)
        for text, is_case in lines:
            stream.write(text.encode())
            if is_case:
                count += 1
                progress()
    digest = hashlib.sha256(file.read_bytes()).hexdigest() if file.stat().st_size < 1 << 28 else _digest(file)
    with unit_of_work(ctx) as unit:
        ledger.append_beside(
            ctx,
            unit,
            stream=Stream.ACCESS,
            kind="cases_exported",
            payload={"format": shape, "cases": count, "sha256": digest, "file": file.name},
        )
    return {"exported": count, "file": file.name, "sha256": digest}


def _digest(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while part := stream.read(1 << 20):
            found.update(part)
    return found.hexdigest()


def _images(ctx: Context) -> Iterator[CaseImage]:
    """Give the visible cases by id, a page of them at a time."""
    last = ""
    while True:
        rows = ctx.session.execute(
            select(CaseFile.id, CaseFile.image)
            .where(visible_cases(ctx), CaseFile.id > last)
            .order_by(CaseFile.id)
            .limit(PAGE)
        ).all()
        if not rows:
            return
        for row in rows:
            yield image_of(row.image)
        last = rows[-1].id


def _exchange(ctx: Context) -> Iterator[tuple[str, bool]]:
    for image in _images(ctx):
        values = personal.values_of(ctx, image.id) if any(party.personal for party in image.parties) else {}
        known = {
            party.id: {name: values.get(commitment) for name, commitment in party.personal.items()}
            for party in image.parties
        }
        yield line_of(emit_record(image, personal=known)) + "\n", True


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <classifier name="Activity" keys="concept:name"/>
"""


def _xes(ctx: Context) -> Iterator[tuple[str, bool]]:
    yield _HEAD, False
    for image in _images(ctx):
        yield _trace(ctx, image), True
    yield "</log>\n", False


def _trace(ctx: Context, image: CaseImage) -> str:
    parts = ["  <trace>\n", _string("    ", "concept:name", image.display_number())]
    for name, value in (
        ("procedure", image.main.procedure),
        ("division", image.division),
        ("organ", image.organ),
        ("ip_types", "|".join(image.ip_types)),
        ("source", image.source or ""),
    ):
        parts.append(_string("    ", name, value))
    told = corrected(entries_of(ctx, image.id)).history
    for entry in sorted(told, key=lambda item: (item.occurred_at, item.seq)):
        payload: Any = entry.payload
        if entry.kind in (EntryKind.ACTED, EntryKind.LAPSED):
            name = payload["action"]
        elif entry.kind == EntryKind.MILESTONE:
            name = payload["milestone"]["kind"]
        else:
            name = entry.kind
        milestone = payload.get("milestone") or {}
        parts.append("    <event>\n")
        parts.append(_string("      ", "concept:name", name))
        parts.append(f'      <date key="time:timestamp" value={quoteattr(entry.occurred_at.isoformat())}/>\n')
        parts.append(_string("      ", "org:resource", entry.actor))
        parts.append(_string("      ", "lifecycle:transition", "complete"))
        if milestone:
            parts.append(_string("      ", "milestone", milestone["kind"]))
            for key, value in (milestone.get("details") or {}).items():
                parts.append(_string("      ", f"milestone:{key}", str(value)))
        parts.append("    </event>\n")
    parts.append("  </trace>\n")
    return "".join(parts)


def _string(indent: str, key: str, value: str) -> str:
    return f"{indent}<string key={quoteattr(key)} value={quoteattr(value)}/>\n"
