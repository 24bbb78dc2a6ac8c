"""Loading a case, adding entries to it, and writing entry and projection together.

A case is loaded as its folded image (one row). Entries are sealed and folded in memory before the write transaction
begins wherever no number has to be taken inside it; the write is guarded by the version that was loaded.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.db import Prepared, Sent, WritingList, sent_together, table_of
from caseapp.domain.errors import N_, InputError, Message, StaleCase
from caseapp.domain.events import Entry, EntryKind, Json, Precision, Stream, legal_date, start_of
from caseapp.domain.facts import CaseImage
from caseapp.domain.ledger import GENESIS, SealedEntry
from caseapp.domain.workflow.corrections import corrected
from caseapp.domain.workflow.replay import apply, fold
from caseapp.domain.workflow.sides import Lapse, next_lapse
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_images import LoadedCase, entries_of, image_text, load_stored
from caseapp.services import case_rows, search_index, search_rows
from caseapp.services.ledger import INSERT_ENTRY, row_of, seal
from caseapp.services.unit_of_work import Unit

_CASE = table_of(CaseFile)
_COLUMNS = [column.name for column in _CASE.columns]
_INSERT = Prepared(insert(_CASE).values({name: bindparam(name) for name in _COLUMNS}).inline())
_UPDATE = Prepared(
    update(_CASE)
    .where(_CASE.c.id == bindparam("of_case"), _CASE.c.version == bindparam("of_version"))
    .values({name: bindparam(name) for name in _COLUMNS if name != "id"})
)


def new_id(ctx: Context) -> str:
    """Return a fresh id: 32 hexadecimal digits, random unless the Context brings a source of its own."""
    return ctx.ids() if ctx.ids is not None else secrets.token_hex(16)


def told_for(principal: str) -> dict[str, Json]:
    """Return what an entry of a deputy's act tells beside: for whom it was done; nothing for an act of one's own."""
    return {"for": principal} if principal else {}


@dataclass(frozen=True, slots=True)
class Told:
    """An entry to be added together with others; fields as in `Entry`."""

    kind: EntryKind
    payload: Mapping[str, Json]
    occurred_at: datetime
    precision: Precision
    recorded_at: datetime | None = None
    actor: str | None = None


@dataclass(slots=True)
class CaseEdit:
    """A case being changed: entries added so far, folded into `image`, not yet written.

    seen  the version the user's form was made from; None = whatever was loaded
    """

    ctx: Context
    case_id: str
    before: LoadedCase | None
    image: CaseImage | None = None
    _sealed: list[SealedEntry] = field(default_factory=list)
    _saved: bool = False
    _extra_rows: list[tuple[Prepared, Mapping[str, object]]] = field(default_factory=list)
    _document_facts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.before is not None:
            self.image = self.before.image

    @property
    def current(self) -> CaseImage:
        """Return the image with every entry added so far."""
        assert self.image is not None
        return self.image

    def occurred(self, on: date | None) -> tuple[datetime, Precision]:
        """Return the instant that orders an act of that day: now for today, else the day's first instant.

        An act told only by its day comes after what is already known of the same day.
        """
        now = self.ctx.now()
        if on is None or on == legal_date(now):
            last = self.image.last_occurred_at if self.image else None
            return (max(now, last) if last and legal_date(last) == legal_date(now) else now), Precision.INSTANT
        return self.after_same_day(start_of(on)), Precision.DAY

    def after_same_day(self, instant: datetime) -> datetime:
        """Return the instant, moved up to the last known act of its local day."""
        last = self.image.last_occurred_at if self.image else None
        day = legal_date(instant)
        if last is None or legal_date(last) < day:
            return instant
        if legal_date(last) == day:
            return max(instant, last)
        told = corrected(self.all_entries()).history
        of_the_day = (entry.occurred_at for entry in told if legal_date(entry.occurred_at) == day)
        return max([instant, *of_the_day])

    def append(
        self,
        kind: EntryKind,
        payload: Mapping[str, Json],
        *,
        occurred_at: datetime,
        precision: Precision = Precision.INSTANT,
        recorded_at: datetime | None = None,
        actor: str | None = None,
    ) -> Entry:
        """Add one entry: fold it (the whole case anew where it is back-dated or a correction) and seal it.

        raises  ActionRefused where the case would not be lawful with it
        """
        entry = self._entry(kind, payload, occurred_at, precision, recorded_at, actor)
        self._fold([entry])
        self._seal(entry)
        return entry

    def append_all(self, told: Sequence[Told]) -> None:
        """Add entries that only make sense together (a history taken over): sealed in this order, folded by time.

        raises  ActionRefused where the whole is not lawful
        """
        added = []
        for item in told:
            entry = self._entry(item.kind, item.payload, item.occurred_at, item.precision, item.recorded_at, item.actor)
            self._seal(entry)
            added.append(entry)
        self._fold(added)

    def _entry(
        self,
        kind: EntryKind,
        payload: Mapping[str, Json],
        occurred_at: datetime,
        precision: Precision,
        recorded_at: datetime | None,
        actor: str | None,
    ) -> Entry:
        last = self._sealed[-1] if self._sealed else None
        known = last.recorded_at if last else self.image.last_recorded_at if self.image else None
        claimed = recorded_at if recorded_at is not None else self.ctx.now()
        return Entry(
            seq=(last.seq if last else self.before.version if self.before else 0) + 1,
            kind=kind,
            occurred_at=occurred_at,
            recorded_at=max(claimed, known) if known else claimed,
            actor=actor or self.ctx.actor.id,
            payload=payload,
            precision=precision,
        )

    def _fold(self, added: Sequence[Entry]) -> None:
        procedures = self.ctx.law.procedures
        latest = self.image.last_occurred_at if self.image else None
        image = self.image
        for entry in added:
            if entry.kind == EntryKind.CORRECTED or (latest is not None and entry.occurred_at < latest):
                known = {entry.seq for entry in added}
                others = [entry for entry in self.all_entries() if entry.seq not in known]
                self.image = fold([*others, *added], procedures)
                return
            latest = entry.occurred_at
        for entry in added:
            image = apply(image, entry, procedures)
        self.image = image

    def _seal(self, entry: Entry) -> None:
        last = self._sealed[-1] if self._sealed else None
        floor = last.appended_at if last else self.before.appended_at if self.before else None
        now = self.ctx.ports.clock.now()  # never a claimed time: it says when the entry was really appended
        self._sealed.append(
            seal(
                entry,
                chain=self.case_id,
                stream=Stream.CASE,
                case_id=self.case_id,
                prev_hash=last.hash if last else self.before.head_hash if self.before else GENESIS,
                appended_at=max(now, floor) if floor else now,
            )
        )

    def all_entries(self) -> list[Entry]:
        """Return the stored entries and those added here, in the order of the chain."""
        stored = entries_of(self.ctx, self.case_id) if self.before else []
        added = [
            Entry(
                item.seq,
                item.kind,
                item.occurred_at,
                item.recorded_at,
                item.actor,
                msgspec.json.decode(item.payload),
                Precision(item.precision),
            )
            for item in self._sealed
        ]
        return [*stored, *added]

    def beside(self, statement: Prepared, row: Mapping[str, object]) -> None:
        """Write one more row in the same transaction (an issued document, a personal value)."""
        self._extra_rows.append((statement, row))

    def document_says(self, document_id: str, facts: str) -> None:
        """Tell what an issued document is printed from (canonical JSON), so that its text can be found."""
        self._document_facts[document_id] = facts

    def save(self, unit: Unit) -> None:
        """Write entries and projections, once. raises StaleCase where somebody else changed the case since it was
        loaded.
        """
        if not self._sealed or self._saved:
            return
        self._saved = True
        image = self.current
        last = self._sealed[-1]
        clocks = case_rows.clocks_by_proceeding(image, self.ctx.law)
        columns = case_rows.columns_of(image, self.ctx.law, clocks)
        columns.update(
            id=self.case_id,
            version=last.seq,
            head_hash=last.hash,
            updated_at=last.appended_at,
            image=image_text(image),
        )
        before = self.before.image if self.before else None
        writing = WritingList(self.ctx.session.get_bind().dialect)
        INSERT_ENTRY.run(writing, [row_of(sealed) for sealed in self._sealed])
        if any(sealed.kind == EntryKind.CORRECTED for sealed in self._sealed):
            case_rows.rewrite(writing, image, self.ctx.law, clocks)
        else:
            case_rows.write(writing, before, image, self.ctx.law, clocks)
        for statement, row in self._extra_rows:
            statement.run(writing, row)
        texts = self._texts_of_entries()
        # Nothing was written so far, nobody waits for it; from here on others do.
        unit.changed.add(self.case_id)
        connection = unit.connection
        stored: Sent | None = None
        try:
            with sent_together(connection):
                if self.before is None:
                    _INSERT.run(connection, columns)
                else:
                    columns.update(of_case=self.case_id, of_version=self.before.version)
                    stored = _UPDATE.send(connection, columns)
                    if stored.touched == 0:  # known at once where nothing is sent together
                        raise self._stale()
                writing.run(connection)
                unit.recorded.add(self.case_id)
                search_index.follow(connection, before, image)
                search_index.add(connection, texts)
        except IntegrityError:
            if stored is not None and stored.touched == 0:  # the entry's number was taken by who changed the case
                self.ctx.session.rollback()  # nothing can be asked in a transaction that was refused
                raise self._stale() from None
            raise
        if stored is not None and stored.touched != 1:
            raise self._stale()

    def _stale(self) -> StaleCase:
        assert self.before is not None
        return StaleCase(self.before.version, load_stored(self.ctx, self.case_id).version)

    def _texts_of_entries(self) -> list[dict[str, Any]]:
        told = [
            (sealed.seq, sealed.kind, msgspec.json.decode(sealed.payload))
            for sealed in self._sealed
            if sealed.kind in (EntryKind.NOTED, EntryKind.DOCUMENT_ISSUED, EntryKind.CORRECTED)
        ]
        return search_rows.entry_rows(self.current, told, self._document_facts) if told else []


def begin(ctx: Context, case_id: str, *, seen_version: int | None = None) -> CaseEdit:
    """Load a case for changing. What the law has ended by itself meanwhile is written down with the change.

    raises  NotFound, StaleCase where it is no longer the version that the form was made from
    """
    edit = begin_plain(ctx, case_id)
    assert edit.before is not None
    if seen_version is not None and seen_version != edit.before.version:
        raise StaleCase(seen_version, edit.before.version)
    add_lapses(edit)
    return edit


def begin_plain(ctx: Context, case_id: str) -> CaseEdit:
    """Load a case for changing, exactly as it is stored. raises NotFound"""
    return CaseEdit(ctx, case_id, load_stored(ctx, case_id))


def add_lapses(edit: CaseEdit) -> tuple[Lapse, ...]:
    """Add what the law has ended by itself to the edit, and return it."""
    law, today = edit.ctx.law, edit.ctx.today()
    found: list[Lapse] = []
    while len(edit.current.proceedings) > 1:
        lapse = next_lapse(edit.current, law.procedures, law.rules, law.calendar, today)
        if lapse is None or lapse in found:
            break
        edit.append(
            EntryKind.LAPSED,
            lapse.payload,
            occurred_at=edit.after_same_day(lapse.occurred_at),
            precision=Precision.DAY,
            actor=SYSTEM_ACTOR.id,
        )
        found.append(lapse)
    return tuple(found)


def require_text(field_name: str, text: str, longest: int) -> str:
    """Return the text stripped. raises InputError where it is empty or too long."""
    stripped = text.strip()
    if not stripped:
        raise InputError(field_name, Message(N_("请填写内容")))
    if len(stripped) > longest:
        raise InputError(field_name, Message(N_("不得超过 %(longest)s 字"), {"longest": longest}))
    return stripped
