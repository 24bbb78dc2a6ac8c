"""Taking over cases from other systems: whole or not at all, and again without doing anything twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, CaseAppError, InputError, InputErrors, Message, StaleCase
from caseapp.domain.events import EntryKind, Json, Precision, Stream
from caseapp.domain.exchange.compare import difference
from caseapp.domain.exchange.emit import record_of, taken_back
from caseapp.domain.exchange.event_log import EventCase, EventLine
from caseapp.domain.exchange.history import contradictions, placed, recorded
from caseapp.domain.exchange.record import ExchangeLine, ExchangeParty, ExchangeRecord
from caseapp.domain.facts import CaseImage, Goods, Party, Right
from caseapp.domain.organs import ENFORCEMENT_KINDS
from caseapp.domain.workflow.definition import Kind, Procedure
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_images import entries_of, load
from caseapp.services import ledger, personal
from caseapp.services.case_import_entries import new_items, told_items, told_milestone
from caseapp.services.case_import_referrals import KEY, grown_referrals, told_referrals
from caseapp.services.case_import_report import Mode, Report
from caseapp.services.case_import_steps import replay_steps
from caseapp.services.case_store import CaseEdit, Told, begin, new_id
from caseapp.services.unit_of_work import unit_of_work

__all__ = ["Mode", "Report", "import_events", "import_records", "reason_of"]

BATCH = 200
"""Cases written in one transaction; where one of them fails, each is written on its own."""
CITY_AUTHORITY = "320600-ip"
"""Takes cases of places that have no organ here."""
LOG_DIGEST = "event_log_digest"


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One case to be taken over, from whichever format."""

    line: int
    record: ExchangeRecord
    case: EventCase | None = None


def import_records(ctx: Context, lines: Iterable[ExchangeLine], *, mode: Mode) -> Report:
    """Take over records of the exchange format. One bad record never stops the rest."""
    report = Report()
    _import(ctx, _arrivals(lines, report), mode, report)
    return report


def import_events(ctx: Context, lines: Iterable[EventLine], *, mode: Mode) -> Report:
    """Take over the cases of an event log."""
    report = Report()

    def arrivals() -> Iterator[_Arrival]:
        for line in lines:
            report.read += 1
            if line.case is None:
                assert line.error is not None
                report.refuse(line.number, line.external_id, line.error.message)
            else:
                yield _Arrival(line.number, line.case.record, line.case)

    _import(ctx, arrivals(), mode, report)
    return report


def _arrivals(lines: Iterable[ExchangeLine], report: Report) -> Iterator[_Arrival]:
    for line in lines:
        report.read += 1
        if line.record is None:
            assert line.error is not None
            message = line.error.message
            if line.error.field:
                message = Message("%(field)s：%(message)s", {"field": line.error.field, "message": message})
            report.refuse(line.number, line.external_id, message)
        else:
            yield _Arrival(line.number, line.record)


def _import(ctx: Context, arrivals: Iterator[_Arrival], mode: Mode, report: Report) -> None:
    while batch := list(islice(arrivals, BATCH)):
        for group in _without_repeats(batch):
            _import_group(ctx, group, mode, report)
    with unit_of_work(ctx) as unit:
        summary: dict[str, Json] = {
            "mode": mode.value,
            "read": report.read,
            "imported": report.imported,
            "appended": report.appended,
            "unchanged": report.unchanged,
            "rejected": report.rejected,
        }
        ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind="cases_imported", payload=summary)


def _without_repeats(batch: Sequence[_Arrival]) -> Iterator[list[_Arrival]]:
    """Cut a batch where an external id comes again: the second is compared with what the first left."""
    group: list[_Arrival] = []
    seen: set[str] = set()
    for arrival in batch:
        if arrival.record.external_id in seen:
            yield group
            group, seen = [], set()
        group.append(arrival)
        seen.add(arrival.record.external_id)
    if group:
        yield group


def _import_group(ctx: Context, group: Sequence[_Arrival], mode: Mode, report: Report) -> None:
    known = _known(ctx, [arrival.record.external_id for arrival in group])
    ready: list[tuple[_Arrival, CaseEdit, str]] = []
    for arrival in group:
        try:
            edit = _prepare(ctx, arrival, known.get(arrival.record.external_id), mode)
        except CaseAppError as error:
            report.refuse(arrival.line, arrival.record.external_id, reason_of(error))
            continue
        report.warn(arrival.line, arrival.record)
        if edit is None:
            report.unchanged += 1
        else:
            ready.append((arrival, edit, "imported" if edit.before is None else "appended"))
    try:
        with unit_of_work(ctx) as unit:
            for _, edit, _ in ready:
                edit.save(unit)
    except (IntegrityError, StaleCase):
        for arrival, edit, done in ready:
            try:
                with unit_of_work(ctx) as unit:
                    edit.save(unit)
            except (IntegrityError, StaleCase):
                message = Message(N_("该案同时被另一操作写入，请重新导入"))
                report.refuse(arrival.line, arrival.record.external_id, message)
            else:
                _count(report, done)
        return
    for _, _, done in ready:
        _count(report, done)


def _count(report: Report, done: str) -> None:
    if done == "imported":
        report.imported += 1
    else:
        report.appended += 1


def reason_of(error: CaseAppError) -> Message:
    """Return why a case was refused, in one sentence: every unmet condition of an act, the field of an input."""
    if isinstance(error, ActionRefused) and error.unmet:
        return Message("；".join(str(unmet.message) for unmet in error.unmet).replace("%", "%%"), {"_": ""})
    if isinstance(error, InputErrors):
        return Message("；".join(str(reason_of(one)) for one in error.errors).replace("%", "%%"), {"_": ""})
    if isinstance(error, InputError) and error.field:
        return Message("%(field)s：%(message)s", {"field": error.field, "message": error.message})
    return error.message


def _known(ctx: Context, external_ids: Sequence[str]) -> dict[str, str]:
    rows = ctx.session.execute(select(CaseFile.external_id, CaseFile.id).where(CaseFile.external_id.in_(external_ids)))
    return {row.external_id: row.id for row in rows}


def _prepare(ctx: Context, arrival: _Arrival, case_id: str | None, mode: Mode) -> CaseEdit | None:
    """Return the edit that takes the case over, or None where it says nothing new.

    raises  CaseAppError
    """
    record = arrival.record
    procedure = ctx.law.procedures.get(record.procedure)
    if procedure.kind is not Kind.MAIN:
        raise InputError("procedure", Message(N_("“%(procedure)s”不是主程序"), {"procedure": procedure.id}))
    contradiction = contradictions(record.milestones)
    if contradiction is not None:
        raise InputError("milestones", contradiction)
    if case_id is None:
        return _open(ctx, arrival, procedure, mode)
    return _add(ctx, arrival, case_id, mode)


def _open(ctx: Context, arrival: _Arrival, procedure: Procedure, mode: Mode) -> CaseEdit:
    record = arrival.record
    case_id, proceeding_id = new_id(ctx), new_id(ctx)
    edit = CaseEdit(ctx, case_id, None)
    now = ctx.now()
    case: dict[str, Any] = {
        "id": case_id,
        "external_id": record.external_id,
        "title": record.title or "",
        "organ": _organ(ctx, record),
        "division": record.division,
        "ip_types": list(record.ip_types),
        "source": record.source,
        "channel": record.channel,
        "campaigns": list(record.campaigns),
        "summary": record.summary,
        "parties": [asdict(_party(edit, party)) for party in record.parties],
        "rights": [asdict(right) for right in record.rights],
        "goods": [asdict(item) for item in record.goods],
        "amounts": dict(record.amounts),
        "act_from": record.act_from.isoformat() if record.act_from else None,
        "act_to": record.act_to.isoformat() if record.act_to else None,
        "demo": ctx.demo,
        "origin": mode.value,
        "extra": {**record.extra, **({LOG_DIGEST: arrival.case.digest} if arrival.case else {})},
    }
    first = min((item.occurred_at for item in _placed(arrival)), default=now)
    opened_recorded = min((item.recorded_at or now for item in record.milestones), default=now)
    opening = Told(
        EntryKind.OPENED,
        {
            "case": {
                name: value for name, value in case.items() if value not in (None, [], {}, "") or name in ("title",)
            },
            "proceeding": {"id": proceeding_id, "procedure": procedure.id, "version": procedure.version},
            "imported": True,
        },
        occurred_at=first,
        precision=Precision.DAY,
        recorded_at=opened_recorded,
    )
    if record.steps:
        return replay_steps(ctx, edit, opening, record, procedure, proceeding_id)
    edit.append_all([opening, *_told(arrival, procedure, proceeding_id, mode, now), *told_referrals(ctx, record)])
    return edit


def _placed(arrival: _Arrival) -> Sequence[Any]:
    return arrival.case.items if arrival.case is not None else placed(arrival.record.milestones)


def _told(arrival: _Arrival, procedure: Procedure, proceeding_id: str, mode: Mode, now: datetime) -> list[Told]:
    if arrival.case is not None:
        return told_items(arrival.case.items, procedure, proceeding_id, mode)
    return [
        told_milestone(item.milestone, item.occurred_at, item.recorded_at, proceeding_id, mode)
        for item in recorded(arrival.record.milestones, now=now)
    ]


def _add(ctx: Context, arrival: _Arrival, case_id: str, mode: Mode) -> CaseEdit | None:
    """Compare with what is known of the case; append what is new."""
    loaded = load(ctx, case_id)
    image = loaded.image
    record = arrival.record
    if arrival.case is not None and image.extra.get(LOG_DIGEST) == arrival.case.digest:
        return None
    known = image
    if arrival.case is not None:
        # Milestones that are acts of the log come again as acts, not as milestones.
        acted = {act.seq for act in image.main.acts}
        known = replace(image, milestones=tuple(item for item in image.milestones if item.seq not in acted))
    found = difference(
        record_of(known, personal=_personal(ctx, image)),
        record,
        last_recorded_at=image.last_recorded_at,
        taken_back=taken_back(image),
    )
    if found.conflict is not None:
        raise InputError("", found.conflict)
    unseen = new_items(ctx, arrival.case, case_id) if arrival.case is not None else []
    changed = _changed_since(ctx, record, case_id, found.changed)
    if (found.is_none and not unseen) or (record.steps and not (changed or found.appended)):
        return None
    procedure = ctx.law.procedures.pinned(image.main.procedure, image.main.version)
    edit = begin(ctx, case_id, seen_version=loaded.version)
    now = ctx.now()
    told: list[Told] = []
    if arrival.case is not None:
        fresh = {id(item) for item in unseen}
        every = told_items(arrival.case.items, procedure, image.main.id, mode)
        told = [entry for item, entry in zip(arrival.case.items, every, strict=True) if id(item) in fresh]
    else:
        appended = {id(item) for item in found.appended}
        order = {id(item.milestone): item.occurred_at for item in placed(record.milestones)}
        for item in recorded(found.appended, now=now):
            if id(item.milestone) in appended:
                told.append(
                    told_milestone(item.milestone, order[id(item.milestone)], item.recorded_at, image.main.id, mode)
                )
    patch = _patch(edit, record, changed)
    if arrival.case is not None:
        patch["extra"] = {**image.extra, **patch.get("extra", {}), LOG_DIGEST: arrival.case.digest}
    if KEY in record.extra and record.extra[KEY] != image.extra.get(KEY):
        told += grown_referrals(ctx, record, entries_of(ctx, case_id))
    if told:
        edit.append_all(told)
    if patch:
        occurred_at, precision = edit.occurred(None)
        edit.append(
            EntryKind.FACTS_CHANGED, {"case": patch, "reason": "import"}, occurred_at=occurred_at, precision=precision
        )
    return edit


def _changed_since(ctx: Context, record: ExchangeRecord, case_id: str, names: Sequence[str]) -> Sequence[str]:
    """Return which of the fields that differ from the case the record itself has changed. A record with acts tells how
    the case was opened; what its acts have made of it since (its name, say) is no change of the record.
    """
    if not record.steps or not names:
        return names
    opened = entries_of(ctx, case_id)[0].payload.get("case", {})
    assert isinstance(opened, dict)
    return [name for name in names if opened.get(name) != _plain(getattr(record, name))]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _patch(edit: CaseEdit, record: ExchangeRecord, changed: Sequence[str]) -> dict[str, Any]:
    patch: dict[str, Any] = {}
    image = edit.current
    for name in changed:
        value = getattr(record, name)
        if name == "parties":
            patch[name] = [asdict(_party(edit, party)) for party in value]
        elif name in ("rights", "goods"):
            items: Sequence[Right | Goods] = value
            patch[name] = [asdict(item) for item in items]
        elif name in ("amounts", "extra"):
            patch[name] = {**getattr(image, name), **value}
        elif name in ("act_from", "act_to"):
            patch[name] = value.isoformat() if value else None
        elif isinstance(value, tuple):
            patch[name] = list(value)
        elif name == "organ":
            patch[name] = _organ(edit.ctx, record)
        else:
            patch[name] = value
    return patch


def _party(edit: CaseEdit, party: ExchangeParty) -> Party:
    party_id = new_id(edit.ctx)
    return Party(
        id=party_id,
        role=party.role,
        kind=party.kind.value,
        name=party.name,
        uscc=party.uscc,
        personal=personal.commit_values(edit, party_id, party.personal),
        extra=dict(party.extra),
    )


def _personal(ctx: Context, image: CaseImage) -> dict[str, dict[str, str | None]]:
    values = personal.values_of(ctx, image.id)
    return {
        party.id: {name: values.get(commitment) for name, commitment in party.personal.items()}
        for party in image.parties
    }


def _organ(ctx: Context, record: ExchangeRecord) -> str:
    """Return the organ that keeps the case: the one named, else that of the division, else the city's.

    raises  InputError for an organ that does not exist
    """
    organs = ctx.law.organs
    if record.organ:
        if record.organ not in organs:
            raise InputError("organ", Message(N_("没有编号为 %(organ)s 的机关"), {"organ": record.organ}))
        return record.organ
    local = f"{record.division}-ip"
    if local in organs and organs.get(local).kind in ENFORCEMENT_KINDS:
        return local
    return CITY_AUTHORITY
