"""Keeping the list "should have been transferred" at what the ledger says. Nobody writes on it but this.

A case is looked at when it has entries that were not looked at yet, in the order of their writing. Once a day all are
looked at anew, for days pass and calendars and limits change without an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import and_, delete, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.db import table_of
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import CaseImage
from caseapp.domain.supervision.ranking import FindingKind, Grounds, Handling, weight
from caseapp.models.case_file import CaseFile
from caseapp.models.case_party import CaseParty
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.setting import Setting
from caseapp.models.supervision_finding import SupervisionFinding
from caseapp.models.supervision_mark import SupervisionMark
from caseapp.queries.case_images import as_it_stands, image_of
from caseapp.queries.crime import may_penalise, read_others
from caseapp.services.supervision_rows import CaseShown, encoded, letter_key, shown_by
from caseapp.services.unit_of_work import Unit, unit_of_work

READ_TO: Final = "supervision:read_to"
AT_ONCE: Final = 200
_SLACK: Final = timedelta(minutes=2)
"""Writes that end a little later than they began are looked for again."""
_TELLING_AMOUNTS: Final = (EntryKind.OPENED.value, EntryKind.FACTS_CHANGED.value, EntryKind.ACTED.value)
_BY: Final = ("party", "officer", "organ")
_MOST_TOLD: Final = 10

_FINDING, _MARK, _SETTING = table_of(SupervisionFinding), table_of(SupervisionMark), table_of(Setting)
_INSERTS: Final[Mapping[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many cases were looked at, and whether others wait."""

    cases: int
    more: bool


def refresh(ctx: Context, *, most: int = AT_ONCE) -> Refreshed:
    """Look at cases that were changed since they were looked at, the first `most` of them."""
    system = _unseeing(ctx)
    at, after = _read_to(system)
    rows = _changed(system, at, after, most)
    waiting = [row for row in rows if row.version != row.seen]
    if waiting:
        _look_at(system, [row.id for row in waiting])
    if rows and (rows[-1].updated_at, rows[-1].id) > (at, after):
        with unit_of_work(system) as unit:
            _keep(unit, READ_TO, f"{rows[-1].updated_at.isoformat()} {rows[-1].id}")
    return Refreshed(len(waiting), more=len(rows) == most)


def refresh_all(ctx: Context, *, again: bool = False) -> int:
    """Look at every case that waits; again: at every case there is. Returns how many."""
    done, after = 0, ""
    if not again:
        while True:
            found = refresh(ctx)
            done += found.cases
            if not found.more:
                return done
    system = _unseeing(ctx)
    while True:
        query = select(CaseFile.id).where(CaseFile.id > after).order_by(CaseFile.id).limit(AT_ONCE)
        batch = list(system.session.execute(query).scalars())
        if not batch:
            return done
        _look_at(system, batch, with_others=False)
        done, after = done + len(batch), batch[-1]


def _unseeing(ctx: Context) -> Context:
    """Return the program's own hold: what a case shows does not depend on who asks, nor on what is kept for a page."""
    return Context(ctx.session, SYSTEM_ACTOR, ctx.law, ctx.ports, scope="city", demo=ctx.demo, time=ctx.time)


def _read_to(ctx: Context) -> tuple[datetime, str]:
    told = ctx.session.execute(select(Setting.value).where(Setting.name == READ_TO)).scalar()
    if told is None:
        return datetime.min.replace(tzinfo=ctx.now().tzinfo), ""
    at, _space, after = told.partition(" ")
    return datetime.fromisoformat(at), after


def _changed(ctx: Context, at: datetime, after: str, most: int) -> Sequence[Any]:
    """Return the next cases by their last write, with the version at which each was looked at; None: never."""
    query = (
        select(CaseFile.id, CaseFile.version, CaseFile.updated_at, SupervisionMark.version.label("seen"))
        .join(SupervisionMark, SupervisionMark.case_id == CaseFile.id, isouter=True)
        .order_by(CaseFile.updated_at, CaseFile.id)
        .limit(most)
    )
    later = or_(CaseFile.updated_at > at, and_(CaseFile.updated_at == at, CaseFile.id > after))
    found: list[Any] = []
    if after:
        missed = and_(CaseFile.updated_at > at - _SLACK, ~later)
        seen = or_(SupervisionMark.version.is_(None), SupervisionMark.version != CaseFile.version)
        found = list(ctx.session.execute(query.where(missed, seen)))
        query = query.where(later)
    return [*found, *ctx.session.execute(query)] if len(found) < most else found


# --- one batch --------------------------------------------------------------------------------------------------------


def _look_at(ctx: Context, case_ids: Sequence[str], *, with_others: bool = True) -> None:
    """Write the rows of some cases, and of other cases of their parties, whose amounts may count together."""
    wanted = [*case_ids, *(_of_same_parties(ctx, case_ids) if with_others else ())]
    rows = ctx.session.execute(
        select(CaseFile.id, CaseFile.version, CaseFile.organ_id, CaseFile.lead_officer, CaseFile.image).where(
            CaseFile.id.in_(wanted)
        )
    ).all()
    images = {row.id: as_it_stands(ctx, image_of(row.image), ctx.today()) for row in rows}
    penal = [one for one in images.values() if _may_penalise(ctx, one)]
    read_others(ctx, penal)
    highest = _highest(ctx, [one.id for one in penal])
    before = _met_before(ctx, wanted)
    shown = {one.id: shown_by(ctx, one, highest.get(one.id, {}), before.get(one.id, frozenset())) for one in penal}
    with unit_of_work(ctx) as unit:
        # One writer at a time: two that looked at the same case would both write its rows.
        _keep(unit, f"{READ_TO}:turn", ctx.now().isoformat())
        unit.connection.execute(
            delete(SupervisionFinding).where(
                SupervisionFinding.case_id.in_(wanted), SupervisionFinding.kind != FindingKind.REPEATED.value
            )
        )
        unit.connection.execute(delete(SupervisionMark).where(SupervisionMark.case_id.in_(wanted)))
        findings = [
            _finding(row.case_id, row.organ, one.kind.value, one.subject, one.weight, one.since_on, one.details, letter)
            for row, one, letter in _rows_of(rows, shown)
        ]
        if findings:
            unit.connection.execute(insert(_FINDING), findings)
        if rows:
            unit.connection.execute(insert(_MARK), [_mark(row, shown.get(row.id)) for row in rows])
        _repeated(ctx, unit, sorted({row.organ_id for row in rows}))


@dataclass(frozen=True, slots=True)
class _Place:
    case_id: str
    organ: str


def _rows_of(rows: Iterable[Any], shown: Mapping[str, CaseShown]) -> Iterable[tuple[_Place, Any, list[Json] | None]]:
    for row in rows:
        found = shown.get(row.id)
        for one in found.rows if found is not None else ():
            assert found is not None
            yield _Place(row.id, row.organ_id), one, found.letters.get(letter_key(one.kind.value, one.subject))


def _finding(
    case_id: str,
    organ: str,
    kind: str,
    subject: str,
    place: int,
    since_on: date,
    details: Mapping[str, Json],
    letter: list[Json] | None,
) -> dict[str, Any]:
    handling, proceeding, due = letter or [Handling.OPEN.value, "", None]
    return {
        "case_id": case_id,
        "kind": kind,
        "subject": subject,
        "organ_id": organ,
        "weight": place,
        "since_on": since_on,
        "handling": handling,
        "letter": proceeding,
        "reply_due_on": date.fromisoformat(str(due)) if due else None,
        "details": encoded(details),
    }


def _mark(row: Any, found: CaseShown | None) -> dict[str, Any]:
    return {
        "case_id": row.id,
        "version": row.version,
        "organ_id": row.organ_id,
        "party": found.party if found else "",
        "officer": row.lead_officer or "",
        "near": found.near if found else 0,
        "near_on": found.near_on if found else date.min,
        "letters": encoded(found.letters if found else {}),
    }


def _may_penalise(ctx: Context, image: CaseImage) -> bool:
    return may_penalise(ctx.law.procedures.pinned(image.main.procedure, image.main.version))


def _of_same_parties(ctx: Context, case_ids: Sequence[str]) -> list[str]:
    """Return other cases of the respondents of some cases."""
    mine = select(CaseParty.name, CaseParty.uscc).where(CaseParty.case_id.in_(case_ids), CaseParty.role == "respondent")
    parties = ctx.session.execute(mine).all()
    names, codes = {row.name for row in parties}, {row.uscc for row in parties if row.uscc}
    if not parties:
        return []
    same = select(CaseParty.case_id).where(
        CaseParty.role == "respondent", or_(CaseParty.name.in_(names), CaseParty.uscc.in_(codes))
    )
    known = set(case_ids)
    found = ctx.session.execute(same.distinct().order_by(CaseParty.case_id).limit(AT_ONCE)).scalars()
    return [one for one in found if one not in known]


def _highest(ctx: Context, case_ids: Sequence[str]) -> dict[str, dict[str, int | None]]:
    """Return for each case the highest of each amount ever entered, whatever was changed or corrected since."""
    query = select(LedgerEntry.chain, LedgerEntry.payload).where(
        LedgerEntry.chain.in_(case_ids),
        LedgerEntry.kind.in_(_TELLING_AMOUNTS),
        LedgerEntry.payload.contains('"amounts"'),
    )
    found: dict[str, dict[str, int | None]] = {}
    for chain, payload in ctx.session.execute(query):
        told = (msgspec.json.decode(payload).get("case") or {}).get("amounts") or {}
        highest = found.setdefault(chain, {})
        for name, value in told.items():
            if isinstance(value, int) and value > (highest.get(name) or -1):
                highest[name] = value
    return found


def _met_before(ctx: Context, case_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    query = select(SupervisionFinding.case_id, SupervisionFinding.details).where(
        SupervisionFinding.case_id.in_(case_ids), SupervisionFinding.kind == FindingKind.LIMB.value
    )
    return {
        case_id: frozenset(msgspec.json.decode(details)["limbs"]) for case_id, details in ctx.session.execute(query)
    }


# --- repetitions ------------------------------------------------------------------------------------------------------


def _repeated(ctx: Context, unit: Unit, organs: Sequence[str]) -> None:
    """Write the rows of repeated amounts just below a limit of some organs anew."""
    rule = ctx.law.supervision.repeated
    since = ctx.today() - timedelta(days=rule.within_days)
    query = (
        select(_MARK, CaseFile.number, CaseFile.lead_number, CaseFile.external_id)
        .join(CaseFile, CaseFile.id == _MARK.c.case_id)
        .where(_MARK.c.organ_id.in_(organs), _MARK.c.near_on >= since, _MARK.c.near > 0, CaseFile.filed_on.is_not(None))
        .order_by(_MARK.c.near_on.desc(), _MARK.c.case_id)
    )
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for row in unit.connection.execute(query):
        for by, known in (("party", row.party), ("officer", row.officer), ("organ", row.organ_id)):
            if known:
                groups.setdefault((row.organ_id, by, known), []).append(row)
    unit.connection.execute(
        delete(_FINDING).where(_FINDING.c.organ_id.in_(organs), _FINDING.c.kind == FindingKind.REPEATED.value)
    )
    found = [
        _group(by, known, rows, rule.citation, rule.confidence)
        for (_organ, by, known), rows in groups.items()
        if 0 < rule.least.get(by, 0) <= len(rows)
    ]
    if found:
        unit.connection.execute(insert(_FINDING), found)


def _group(by: str, known: str, rows: Sequence[Any], citation: str, confidence: str) -> dict[str, Any]:
    newest = rows[0]
    subject = f"{by}.{known}"
    grounds = Grounds(FindingKind.REPEATED, max(row.near for row in rows), cases=len(rows), confidence=confidence)
    details: dict[str, Json] = {
        "by": by,
        "cases": [
            {"number": row.number or row.lead_number or row.external_id or "", "share": row.near}
            for row in rows[:_MOST_TOLD]
        ],
        "count": len(rows),
        "article": citation,
        "confidence": confidence,
    }
    letter = msgspec.json.decode(newest.letters).get(letter_key(FindingKind.REPEATED.value, subject))
    return _finding(
        newest.case_id,
        newest.organ_id,
        FindingKind.REPEATED.value,
        subject,
        weight(grounds),
        newest.near_on,
        details,
        letter,
    )


def _keep(unit: Unit, name: str, value: str) -> None:
    statement = _INSERTS[unit.connection.dialect.name](_SETTING).values(name=name, value=value)
    unit.connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
