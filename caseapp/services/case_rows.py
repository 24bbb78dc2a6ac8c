"""The projection of a case image into rows: pure translation, and writing only what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, update

from caseapp.context import Law
from caseapp.db import Prepared, WritingList
from caseapp.domain.clocks.status import Ending
from caseapp.domain.events import Milestone, MilestoneKind, start_of
from caseapp.domain.facts import CaseImage, ClockRecord, ProceedingImage
from caseapp.domain.ledger import canonical
from caseapp.domain.metrics.plain import STANDING
from caseapp.domain.workflow.approvals import asked_action
from caseapp.domain.workflow.timing import ProceedingClock, clocks_of
from caseapp.models.approval import Approval
from caseapp.models.case_division import CaseDivision
from caseapp.models.case_ip_type import CaseIpType
from caseapp.models.case_joint import CaseJoint
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.case_party import CaseParty
from caseapp.models.case_right import CaseRight
from caseapp.models.clock_run import ClockRun
from caseapp.models.closure_case import ClosureCase
from caseapp.models.correction import Correction
from caseapp.models.kept_number import KeptNumberRow
from caseapp.models.milestone import MilestoneRow
from caseapp.models.organ_transfer import OrganTransfer
from caseapp.models.referral_course import ReferralCourse
from caseapp.models.referral_share import ReferralShare
from caseapp.models.side_proceeding import SideProceeding
from caseapp.models.void_number import VoidNumber
from caseapp.services import evidence_rows, share_rows
from caseapp.services.closure_rows import barred, closure_rows
from caseapp.services.correction_rows import correction_rows
from caseapp.services.part_rows import PARTS

Row = dict[str, Any]


def _insert(table: Any) -> Prepared:
    return Prepared(insert(table).values({column.name: bindparam(column.name) for column in table.columns}).inline())


def _delete(table: Any) -> Any:
    return delete(table).where(table.c.case_id == bindparam("of_case"))


_TABLES: dict[str, Table] = {
    "milestone": MilestoneRow.__table__,  # type: ignore[dict-item]
    "clock": ClockRun.__table__,  # type: ignore[dict-item]
    "officer": CaseOfficer.__table__,  # type: ignore[dict-item]
    "ip_type": CaseIpType.__table__,  # type: ignore[dict-item]
    "division": CaseDivision.__table__,  # type: ignore[dict-item]
    "party": CaseParty.__table__,  # type: ignore[dict-item]
    "right": CaseRight.__table__,  # type: ignore[dict-item]
    "approval": Approval.__table__,  # type: ignore[dict-item]
    "closure": ClosureCase.__table__,  # type: ignore[dict-item]
    "transfer": OrganTransfer.__table__,  # type: ignore[dict-item]
    "joint": CaseJoint.__table__,  # type: ignore[dict-item]
    "kept_number": KeptNumberRow.__table__,  # type: ignore[dict-item]
    "side": SideProceeding.__table__,  # type: ignore[dict-item]
    "share": ReferralShare.__table__,  # type: ignore[dict-item]
    "course": ReferralCourse.__table__,  # type: ignore[dict-item]
    **evidence_rows.TABLES,
    "correction": Correction.__table__,  # type: ignore[dict-item]
    "void": VoidNumber.__table__,  # type: ignore[dict-item]
}
_INSERTS = {name: _insert(table) for name, table in _TABLES.items()}
_DELETES = {name: Prepared(_delete(table)) for name, table in _TABLES.items()}

_CLOCK = _TABLES["clock"]
_UPDATE_CLOCK = Prepared(
    update(_CLOCK)
    .where(
        _CLOCK.c.case_id == bindparam("of_case"),
        _CLOCK.c.proceeding_id == bindparam("of_proceeding"),
        _CLOCK.c.ordinal == bindparam("of_ordinal"),
    )
    .values(
        {
            column.name: bindparam(column.name)
            for column in _CLOCK.columns
            if column.name not in ("case_id", "proceeding_id", "ordinal")
        }
    )
)
_DELETE_CLOCKS = Prepared(_delete(_CLOCK).where(_CLOCK.c.proceeding_id == bindparam("of_proceeding")))
_CLOCK_KEYS = frozenset({"case_id", "proceeding_id", "ordinal"})
_CLOCK_KEY_NAMES = (("case", "case_id"), ("proceeding", "proceeding_id"), ("ordinal", "ordinal"))
_APPROVAL = _TABLES["approval"]
_UPDATE_APPROVAL = Prepared(
    update(_APPROVAL)
    .where(_APPROVAL.c.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in ("organ_id", "step", "step_role", "step_since", "status")})
)


_CLOSURE_FIELDS = ("divisions", "ip_types", "source")
_WATCHED = tuple(
    dict.fromkeys(
        [*(field for _name, fields, _rows in PARTS for field in fields), *_CLOSURE_FIELDS, *share_rows.FIELDS]
    )
)
_values_of = attrgetter(*_WATCHED)


Clocks = dict[str, tuple[ProceedingClock, ...]]
"""Proceeding id -> its clocks as they stand."""


def clocks_by_proceeding(image: CaseImage, law: Law) -> Clocks:
    """Return every proceeding's clocks."""
    return {item.id: clocks_of(item, law.rules, law.calendar) for item in image.proceedings}


def columns_of(image: CaseImage, law: Law, clocks: Clocks | None = None) -> Row:
    """Return the list columns of a case, without those that guard the write."""
    main = image.main
    procedure = law.procedures.pinned(main.procedure, main.version)
    filed = _first(image.milestones, MilestoneKind.FILED)
    closed = image.main.closed_on is not None
    last_closing = _last(image.milestones, MilestoneKind.CLOSED) if closed else None
    due = next_due(clocks if clocks is not None else clocks_by_proceeding(image, law))
    respondent = next((party.name for party in image.parties if party.role == "respondent"), "")
    decided = _last(image.milestones, MilestoneKind.DECIDED)
    return {
        "external_id": image.external_id,
        "number": image.number,
        "lead_number": image.lead_number,
        "title": image.title,
        "organ_id": image.organ,
        "division": image.division,
        "procedure": main.procedure,
        "procedure_version": main.version,
        "proceeding_id": main.id,
        "state": main.state,
        "category": main.category,
        "counts": procedure.counts,
        "source": image.source,
        "channel": image.channel,
        "ip_types": barred(image.ip_types),
        "campaigns": barred(image.campaigns),
        "respondent": respondent,
        "lead_officer": image.officers[0] if image.officers else None,
        "opened_on": image.opened_on,
        "filed_on": filed.on if filed else None,
        "decided_on": decided.on if decided else None,
        "closed_on": image.main.closed_on,
        "manner": last_closing.detail("manner") if last_closing else None,
        "next_due_on": due[0] if due else None,
        "next_due_rule": due[1] if due else None,
        "restricted": image.restricted,
        "demo": image.demo,
        "origin": image.origin,
    }


def next_due(clocks: Clocks) -> tuple[date, str] | None:
    """Return the earliest due date among running clocks, with its rule; None where nothing runs."""
    found: tuple[date, str] | None = None
    for running in clocks.values():
        for clock in running:
            on = clock.run.due.on
            if clock.run.ending is None and on is not None and (found is None or on < found[0]):
                found = (on, clock.rule.id)
    return found


def _first(milestones: Iterable[Milestone], kind: MilestoneKind) -> Milestone | None:
    return next((milestone for milestone in milestones if milestone.kind is kind), None)


def _last(milestones: tuple[Milestone, ...], kind: MilestoneKind) -> Milestone | None:
    return _first(reversed(milestones), kind)


def write(
    writing: WritingList, before: CaseImage | None, after: CaseImage, law: Law, clocks: Clocks | None = None
) -> None:
    """Bring the rows of a case from one image to the next."""
    old_milestones = before.milestones if before else ()
    if after.milestones != old_milestones:
        kept = len(old_milestones)
        if before is not None and (not kept or after.milestones[:kept] != old_milestones):
            _DELETES["milestone"].run(writing, {"of_case": after.id})
            kept = 0
        _insert_all(writing, "milestone", milestone_rows(after, since=kept))
    _write_clocks(writing, before, after, clocks if clocks is not None else clocks_by_proceeding(after, law))
    _write_approvals(writing, before, after, law)
    moved = _moved(before, after)
    for name, fields, rows_of in PARTS:
        if not moved.isdisjoint(fields):
            _write_part(writing, name, rows_of, before, after)
    if not moved.isdisjoint(_CLOSURE_FIELDS) or _stands_otherwise(before, after):
        _write_part(writing, "closure", partial(closure_rows, law=law), before, after)
    if not moved.isdisjoint(share_rows.FIELDS):
        _write_part(writing, "share", partial(share_rows.share_rows, law=law), before, after)
        _write_part(writing, "course", partial(share_rows.course_rows, law=law), before, after)


def _write_part(
    writing: WritingList,
    name: str,
    rows_of: Callable[[CaseImage], list[Row]],
    before: CaseImage | None,
    after: CaseImage,
) -> None:
    rows = rows_of(after)
    if before is None:
        _insert_all(writing, name, rows)
    elif rows != rows_of(before):
        _DELETES[name].run(writing, {"of_case": after.id})
        _insert_all(writing, name, rows)


def _moved(before: CaseImage | None, after: CaseImage) -> set[str]:
    """Return the watched fields that are not the very same in both images."""
    if before is None:
        return set(_WATCHED)
    values = zip(_WATCHED, _values_of(before), _values_of(after), strict=True)
    return {name for name, old, new in values if old is not new}


def _stands_otherwise(before: CaseImage | None, after: CaseImage) -> bool:
    """Return whether a milestone that figures read was added, or one was taken back."""
    old = before.milestones if before else ()
    if after.milestones[: len(old)] != old:
        return True
    return any(milestone.kind in STANDING for milestone in after.milestones[len(old) :])


def rewrite(writing: WritingList, after: CaseImage, law: Law, clocks: Clocks) -> None:
    """Write all rows of a case anew: a correction may have changed any of them, the oldest too."""
    for delete_rows in reversed(_DELETES.values()):
        delete_rows.run(writing, {"of_case": after.id})
    write(writing, None, after, law, clocks)
    _insert_all(writing, "correction", correction_rows(after))


def _insert_all(writing: WritingList, name: str, rows: list[Row]) -> None:
    if rows:
        _INSERTS[name].run(writing, rows if len(rows) > 1 else rows[0])


def milestone_rows(image: CaseImage, *, since: int = 0) -> list[Row]:
    """Return the rows of milestones from index `since` on; from the first one on, those of earlier wordings as well."""
    earlier = () if since else image.superseded
    return [
        {
            "case_id": image.id,
            "seq": milestone.told_by or milestone.seq,
            "corrects": milestone.seq if milestone.told_by else None,
            "proceeding_id": milestone.proceeding,
            "kind": milestone.kind.value,
            "on_date": milestone.on,
            "order_at": milestone.order_at,
            "precision": milestone.precision.value,
            "recorded_at": milestone.recorded_at,
            "outcome": milestone.detail("outcome"),
            "manner": milestone.detail("manner"),
            "detail": canonical(dict(milestone.details)) if milestone.details else None,
            "irregular": milestone.irregular,
            "superseded_at": milestone.superseded_at,
        }
        for milestone in (*image.milestones[since:], *earlier)
    ]


def clock_rows(case_id: str, proceeding: ProceedingImage, clocks: Iterable[ProceedingClock]) -> dict[int, Row]:
    """Return the rows of a proceeding's clocks by ordinal."""
    return {
        clock.ordinal: {
            "case_id": case_id,
            "proceeding_id": proceeding.id,
            "ordinal": clock.ordinal,
            "rule": clock.run.rule_id,
            "started_on": clock.run.started_on,
            "started_at": clock.run.started_at,
            "due_on": clock.run.due.on,
            "due_at": clock.run.due.at,
            "provisional": clock.run.due.provisional,
            "paused": clock.paused(),
            "ended_on": clock.run.stopped_on,
            "ended_at": clock.run.stopped_at,
            "met": None if clock.run.ending is None else clock.run.ending is Ending.MET,
        }
        for clock in clocks
    }


def _write_clocks(writing: WritingList, before: CaseImage | None, after: CaseImage, clocks: Clocks) -> None:
    for proceeding in after.proceedings:
        old = before.proceeding(proceeding.id) if before else None
        if old is not None and old.clocks == proceeding.clocks and old.pauses == proceeding.pauses:
            continue
        rows = clock_rows(after.id, proceeding, clocks[proceeding.id])
        known = old.clocks if old is not None else ()
        if len(known) > len(proceeding.clocks):
            _DELETE_CLOCKS.run(writing, {"of_case": after.id, "of_proceeding": proceeding.id})
            known = ()
        paused_since = _first_new_pause(old, proceeding) if old is not None else None
        fresh = [row for ordinal, row in rows.items() if ordinal >= len(known)]
        for ordinal, row in rows.items():
            if ordinal < len(known) and (
                known[ordinal] != proceeding.clocks[ordinal] or _is_touched(proceeding.clocks[ordinal], paused_since)
            ):
                values = {name: value for name, value in row.items() if name not in _CLOCK_KEYS}
                values.update({f"of_{name}": row[column] for name, column in _CLOCK_KEY_NAMES})
                _UPDATE_CLOCK.run(writing, values)
        _insert_all(writing, "clock", fresh)


def _first_new_pause(old: ProceedingImage, new: ProceedingImage) -> date | None:
    """Return the first day of the pauses in which the two differ; None where they are the same."""
    return min((pause.first for pause in {*old.pauses} ^ {*new.pauses}), default=None)


def _is_touched(clock: ClockRecord, paused_since: date | None) -> bool:
    """Return whether a pause from that day on can move a clock's due date: it cannot once the clock has ended."""
    return paused_since is not None and (clock.ended_on is None or clock.ended_on >= paused_since)


def approval_rows(image: CaseImage, law: Law) -> list[Row]:
    """Return the rows of a case's approval requests, with the step and role that each waits for."""
    rows = []
    for request in image.approvals:
        proceeding = image.proceeding(request.proceeding)
        assert proceeding is not None
        action = asked_action(
            law.procedures.pinned(proceeding.procedure, proceeding.version), request.action, law.corrections
        )
        step = next((item for item in action.approval if item.id == request.step), None) if action else None
        since = request.signatures[-1].on if request.signatures else request.on
        rows.append(
            {
                "id": request.id,
                "case_id": image.id,
                "proceeding_id": request.proceeding,
                "organ_id": image.organ,
                "action": request.action,
                "requested_by": request.by,
                "requested_at": start_of(request.on),
                "step": request.step,
                "step_role": step.role.value if step else None,
                "step_since": start_of(since),
                "status": request.status,
            }
        )
    return rows


def _write_approvals(writing: WritingList, before: CaseImage | None, after: CaseImage, law: Law) -> None:
    if before is not None and before.approvals == after.approvals and before.organ == after.organ:
        return
    if not after.approvals:
        return
    known = {row["id"]: row for row in approval_rows(before, law)} if before else {}
    for row in approval_rows(after, law):
        if row["id"] not in known:
            _INSERTS["approval"].run(writing, row)
        elif known[row["id"]] != row:
            _UPDATE_APPROVAL.run(
                writing,
                {
                    "of_id": row["id"],
                    "organ_id": row["organ_id"],
                    "step": row["step"],
                    "step_role": row["step_role"],
                    "step_since": row["step_since"],
                    "status": row["status"],
                },
            )
