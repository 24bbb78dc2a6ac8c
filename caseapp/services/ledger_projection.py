"""The rows that a case's ledger entries mean, and those that are stored: made comparable, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import msgspec
from sqlalchemy import Table, insert, select

from caseapp.context import Context, Law
from caseapp.domain.documents import FrozenFacts
from caseapp.domain.errors import CaseAppError
from caseapp.domain.events import Entry, Precision
from caseapp.domain.facts import CaseImage
from caseapp.domain.ledger import SealedEntry, commitment, verify_chain
from caseapp.domain.workflow.replay import fold
from caseapp.domain.workflow.timing import clocks_of
from caseapp.models.approval import Approval
from caseapp.models.case_division import CaseDivision
from caseapp.models.case_evidence import CaseEvidence
from caseapp.models.case_file import CaseFile
from caseapp.models.case_ip_type import CaseIpType
from caseapp.models.case_item import CaseItem
from caseapp.models.case_joint import CaseJoint
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.case_party import CaseParty
from caseapp.models.case_right import CaseRight
from caseapp.models.clock_run import ClockRun
from caseapp.models.closure_case import ClosureCase
from caseapp.models.correction import Correction
from caseapp.models.issued_document import IssuedDocument
from caseapp.models.item_move import ItemMoveRow
from caseapp.models.kept_number import KeptNumberRow
from caseapp.models.milestone import MilestoneRow
from caseapp.models.organ_transfer import OrganTransfer
from caseapp.models.personal_value import PersonalValue
from caseapp.models.referral_course import ReferralCourse
from caseapp.models.referral_share import ReferralShare
from caseapp.models.search_entry import SearchEntry
from caseapp.models.side_proceeding import SideProceeding
from caseapp.models.void_number import VoidNumber
from caseapp.queries.case_images import image_of, image_text
from caseapp.services import (
    case_rows,
    closure_rows,
    connection_rows,
    correction_rows,
    evidence_rows,
    part_rows,
    search_index,
    search_rows,
    share_rows,
)
from caseapp.services.unit_of_work import Unit

Row = Mapping[str, Any]
Key = tuple[Any, ...]

_ROW_MODELS = (
    MilestoneRow,
    ClockRun,
    CaseOfficer,
    CaseIpType,
    CaseDivision,
    CaseParty,
    CaseRight,
    Approval,
    ClosureCase,
    SearchEntry,
    OrganTransfer,
    CaseJoint,
    KeptNumberRow,
    SideProceeding,
    ReferralShare,
    ReferralCourse,
    CaseEvidence,
    CaseItem,
    ItemMoveRow,
    Correction,
    VoidNumber,
)
ROW_TABLES: tuple[Table, ...] = tuple(CaseFile.metadata.tables[model.__tablename__] for model in _ROW_MODELS)
"""The tables that follow from the image alone and can be written anew at any time."""
_CASE = CaseFile.metadata.tables[CaseFile.__tablename__]
_DOCUMENT_COLUMNS = (
    "type",
    "number",
    "title",
    "proceeding_id",
    "action",
    "issued_on",
    "facts_digest",
    "template_version",
)
GUARDS = ("version", "head_hash", "updated_at")
"""Columns of a case that tell where its chain ends. They are evidence: nothing but a write of the case moves them."""
_BROKEN_PAYLOAD = (CaseAppError, KeyError, TypeError, ValueError, StopIteration, AttributeError, AssertionError)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where what is stored is not what the ledger says.

    table, key, field  which value; key is '' for the case itself, field '' for a whole row
    stored, folded     both values as JSON has them; None also where there is no such row
    """

    case: str
    table: str
    key: str
    field: str
    stored: Any
    folded: Any


@dataclass(frozen=True, slots=True)
class Projection:
    """What the entries of one case mean: columns of the case, its image, and rows by table and key."""

    columns: Row
    image: CaseImage
    rows: Mapping[str, Mapping[Key, Row]]


class Unfoldable(Exception):
    """The entries of a case cannot be folded: the ledger was damaged, or a definition was removed."""


def project(case_id: str, sealed: Sequence[SealedEntry], law: Law, documents: Mapping[str, Row]) -> Projection:
    """Return what the entries of a case mean.

    documents  its issued documents by id: their text is what the entries only hold a digest of

    raises  Unfoldable
    """
    try:
        entries = [_entry(item) for item in sealed]
        image = fold(entries, law.procedures)
        if image is None:
            raise Unfoldable("no entry opens the case")
        last = sealed[-1]
        columns = {
            **case_rows.columns_of(image, law),
            "id": case_id,
            "version": last.seq,
            "head_hash": last.hash,
            "updated_at": last.appended_at,
        }
        facts = {key: row["facts"] for key, row in documents.items()}
        texts = [*search_rows.rows_of(image), *search_rows.things_rows(image)]
        texts += search_rows.entry_rows(image, [(item.seq, item.kind, item.payload) for item in entries], facts)
        rows = {table.name: _by_key(table, found) for table, found in _rows_of(case_id, image, law, texts)}
    except _BROKEN_PAYLOAD as error:
        raise Unfoldable(f"{type(error).__name__}: {error}") from error
    return Projection(columns, image, rows)


def _entry(sealed: SealedEntry) -> Entry:
    return Entry(
        sealed.seq,
        sealed.kind,
        sealed.occurred_at,
        sealed.recorded_at,
        sealed.actor,
        msgspec.json.decode(sealed.payload),
        Precision(sealed.precision),
    )


def _rows_of(case_id: str, image: CaseImage, law: Law, texts: Iterable[Row]) -> Iterator[tuple[Table, Iterable[Row]]]:
    clocks = [
        row
        for proceeding in image.proceedings
        for row in case_rows.clock_rows(case_id, proceeding, clocks_of(proceeding, law.rules, law.calendar)).values()
    ]
    found: tuple[Iterable[Row], ...] = (
        case_rows.milestone_rows(image),
        clocks,
        part_rows.officer_rows(image),
        part_rows.ip_type_rows(image),
        part_rows.division_rows(image),
        part_rows.party_rows(image),
        part_rows.right_rows(image),
        case_rows.approval_rows(image, law),
        closure_rows.closure_rows(image, law),
        texts,
        connection_rows.transfer_rows(image),
        connection_rows.joint_rows(image),
        connection_rows.kept_number_rows(image),
        part_rows.side_rows(image),
        share_rows.share_rows(image, law),
        share_rows.course_rows(image, law),
        evidence_rows.evidence_rows(image),
        evidence_rows.item_rows(image),
        evidence_rows.move_rows(image),
        correction_rows.correction_rows(image),
        correction_rows.void_rows(image),
    )
    return zip(ROW_TABLES, found, strict=True)


def _by_key(table: Table, rows: Iterable[Row]) -> dict[Key, Row]:
    names = table.info.get("key") or [column.name for column in table.primary_key if column.name != "case_id"]
    return {tuple(row[name] for name in names): row for row in rows}


@dataclass(slots=True)
class Stored:
    """What the database holds of some cases, by case id."""

    cases: dict[str, Row]
    rows: dict[str, dict[str, dict[Key, Row]]]
    documents: dict[str, dict[str, Row]]
    personal: dict[str, dict[str, Row]]


def stored_of(ctx: Context, case_ids: Sequence[str]) -> Stored:
    """Read what is stored of the cases named, one query a table."""
    session = ctx.session
    cases: dict[str, Row] = {
        row.id: dict(row._mapping) for row in session.execute(select(_CASE).where(_CASE.c.id.in_(case_ids)))
    }
    rows: dict[str, dict[str, dict[Key, Row]]] = {case_id: {} for case_id in case_ids}
    for table in ROW_TABLES:
        by_case: dict[str, list[Row]] = {case_id: [] for case_id in case_ids}
        for row in session.execute(select(table).where(table.c.case_id.in_(case_ids))):
            by_case[row.case_id].append(dict(row._mapping))
        for case_id, found in by_case.items():
            rows[case_id][table.name] = _by_key(table, found)
    return Stored(
        cases,
        rows,
        _grouped(ctx, IssuedDocument.metadata.tables[IssuedDocument.__tablename__], "id", case_ids),
        _grouped(ctx, PersonalValue.metadata.tables[PersonalValue.__tablename__], "commitment", case_ids),
    )


def _grouped(ctx: Context, table: Table, key: str, case_ids: Sequence[str]) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {case_id: {} for case_id in case_ids}
    for row in ctx.session.execute(select(table).where(table.c.case_id.in_(case_ids))):
        found[row.case_id][row._mapping[key]] = dict(row._mapping)
    return found


def compare(case_id: str, projection: Projection, stored: Stored) -> Iterator[Difference]:
    """Yield every difference between what the ledger says of a case and what is stored."""
    row = stored.cases.get(case_id)
    if row is None:
        yield Difference(case_id, _CASE.name, "", "", None, _plain(projection.columns))
        return
    for name, folded in projection.columns.items():
        if row[name] != folded:
            yield Difference(case_id, _CASE.name, "", name, _plain(row[name]), _plain(folded))
    yield from _compare_image(case_id, projection.image, row["image"])
    for table, folded_rows in projection.rows.items():
        yield from _compare_rows(case_id, table, stored.rows[case_id][table], folded_rows)
    yield from _compare_documents(case_id, projection.image, stored.documents[case_id])
    yield from _compare_personal(case_id, projection.image, stored.personal[case_id])


def _compare_image(case_id: str, folded: CaseImage, text: str) -> Iterator[Difference]:
    try:
        image = image_of(text)
    except msgspec.MsgspecError as error:
        yield Difference(case_id, _CASE.name, "", "image", str(error), _plain(folded))
        return
    for item in fields(CaseImage):
        one, other = getattr(image, item.name), getattr(folded, item.name)
        if one != other:
            yield Difference(case_id, _CASE.name, "", f"image.{item.name}", _plain(one), _plain(other))


def _compare_rows(
    case_id: str, table: str, stored: Mapping[Key, Row], folded: Mapping[Key, Row]
) -> Iterator[Difference]:
    for key in sorted(stored.keys() | folded.keys(), key=str):
        one, other = stored.get(key), folded.get(key)
        shown = "/".join(str(part) for part in key)
        if one is None or other is None:
            yield Difference(case_id, table, shown, "", _plain(one), _plain(other))
            continue
        for name, value in other.items():
            if one[name] != value:
                yield Difference(case_id, table, shown, name, _plain(one[name]), _plain(value))
        if table == SearchEntry.__tablename__ and not search_index.is_in_step(one):
            yield Difference(case_id, table, shown, "vector", one["vector"], None)


def _compare_documents(case_id: str, image: CaseImage, stored: Mapping[str, Row]) -> Iterator[Difference]:
    table = IssuedDocument.__tablename__
    folded = {
        record.id: dict(
            zip(
                _DOCUMENT_COLUMNS,
                (
                    record.type,
                    record.number,
                    record.title,
                    record.proceeding,
                    record.action,
                    record.issued_on,
                    record.facts_digest,
                    record.template_version,
                ),
                strict=True,
            )
        )
        for record in image.documents
    }
    for document_id in sorted(stored.keys() | folded.keys()):
        one, other = stored.get(document_id), folded.get(document_id)
        if one is None or other is None:
            shown = None if one is None else {name: one[name] for name in _DOCUMENT_COLUMNS}
            yield Difference(case_id, table, document_id, "", _plain(shown), _plain(other))
            continue
        for name, value in other.items():
            if one[name] != value:
                yield Difference(case_id, table, document_id, name, _plain(one[name]), _plain(value))
        frozen = FrozenFacts(one["type"], one["template_version"], one["facts"], str(other["facts_digest"]))
        if not frozen.intact:
            yield Difference(case_id, table, document_id, "facts", one["facts"], str(other["facts_digest"]))


def _compare_personal(case_id: str, image: CaseImage, stored: Mapping[str, Row]) -> Iterator[Difference]:
    """Yield the commitments whose value is gone without having been erased, or is another. Values are never shown."""
    for party in image.parties:
        for name, promised in party.personal.items():
            row = stored.get(promised)
            if row is None:
                yield Difference(case_id, PersonalValue.__tablename__, promised, name, None, promised)
            elif row["value"] is not None and commitment(row["salt"], row["value"]) != promised:
                actual = commitment(row["salt"], row["value"])
                yield Difference(case_id, PersonalValue.__tablename__, promised, name, actual, promised)


def chain_is_sound(sealed: Sequence[SealedEntry], row: Row | None) -> bool:
    """Return whether a case's chain is unbroken and ends where the case says; where not, nothing may be rebuilt on
    it.
    """
    breaches, seq, last = verify_chain(sealed)
    return not breaches and seq > 0 and (row is None or (row["version"], row["head_hash"]) == (seq, last))


def write_projection(unit: Unit, case_id: str, projection: Projection, *, exists: bool) -> None:
    """Write the rows of a case anew from its projection. The guards of an existing case are left as they are."""
    columns = {**projection.columns, "image": image_text(projection.image)}
    if exists:
        values = {name: value for name, value in columns.items() if name != "id" and name not in GUARDS}
        unit.connection.execute(_CASE.update().where(_CASE.c.id == case_id).values(values))
    else:
        unit.connection.execute(insert(_CASE), columns)
    for table in ROW_TABLES:
        rows = [dict(row) for row in projection.rows[table.name].values()]
        if table.name == SearchEntry.__tablename__:
            search_index.remove(unit.connection, case_id)
            search_index.add(unit.connection, rows)
            continue
        unit.connection.execute(table.delete().where(table.c.case_id == case_id))
        if rows:
            unit.connection.execute(insert(table), rows)


def _plain(value: object) -> Any:
    return msgspec.to_builtins(dict(value) if isinstance(value, Mapping) else value)
