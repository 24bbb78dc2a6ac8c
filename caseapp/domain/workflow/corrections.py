"""Corrections: an entry is never edited; a later `corrected` entry voids it or gives it other words from then on.

Before a history is folded its corrections are applied (`corrected`): an entry then reads as its last correction says,
or is gone. What the earlier wording told the figures (milestones, divisions) is kept beside the image as superseded,
so that a figure by earlier knowledge comes out as it did then (`with_corrections`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from caseapp.domain.correction_records import CorrectionRecord, DivisionRecord, Irregularity, VoidRecord
from caseapp.domain.events import Entry, EntryKind, Milestone, Precision, legal_date
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.folding import milestone_told

Payload = Mapping[str, Any]

REPLACEABLE = frozenset({EntryKind.ACTED, EntryKind.MILESTONE, EntryKind.FACTS_CHANGED, EntryKind.NOTED})
"""Entries that may be given other words."""
CORRECTABLE = REPLACEABLE | {EntryKind.DOCUMENT_ISSUED}
"""Entries that may be voided. Not openings (the case would be gone), not approvals (a signature is what it was), not
corrections: whoever errs again corrects the same entry again."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction as it is asked for and signed: what will be written is fixed when it is asked for.

    entry        seq of the entry it is about; `void` or to be given other words
    corrections  payloads of the `corrected` entries it writes, but for the approval: of that entry, of later acts that
                 fall with it, of papers that become void
    reissue      ids of the voided papers that are issued anew
    stands       what later acts no longer meet and stand without, as the entry of the correction keeps it
    """

    entry: int
    void: bool
    reason: str
    corrections: tuple[Payload, ...]
    reissue: tuple[str, ...] = ()
    stands: tuple[Payload, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return it as the facts of a request for approval."""
        return {
            "entry": self.entry,
            "void": self.void,
            "reason": self.reason,
            "corrections": [dict(item) for item in self.corrections],
            "reissue": list(self.reissue),
            "stands": [dict(item) for item in self.stands],
        }

    @classmethod
    def of(cls, facts: Payload) -> Proposal:
        """Return the proposal that a request for approval holds."""
        return cls(
            int(facts["entry"]),
            bool(facts["void"]),
            str(facts["reason"]),
            tuple(facts["corrections"]),
            tuple(facts["reissue"]),
            tuple(facts.get("stands", ())),
        )

    def entries(self, after: Sequence[Entry], *, by: str, at: datetime) -> tuple[Entry, ...]:
        """Return the entries it would write after those of a case, for looking ahead."""
        last = max(entry.seq for entry in after)
        return tuple(
            Entry(last + number, EntryKind.CORRECTED, at, at, by, payload)
            for number, payload in enumerate(self.written(), start=1)
        )

    def written(self) -> Iterator[Payload]:
        """Give the payloads as they are written: that of the entry it is about keeps what stands."""
        for payload in self.corrections:
            main = self.stands and payload["entry"] == self.entry
            yield {**payload, "stands": [dict(item) for item in self.stands]} if main else payload


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of an entry.

    entry  as it read; None: it was void
    since  when this was recorded (aware)
    by     the correction that said so; None: the entry as first written
    """

    entry: Entry | None
    since: datetime
    by: Entry | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A history as it reads with its corrections.

    history   every entry as it reads now, voided ones left out (papers stay: they are shown as void); corrections too
    versions  seq -> the wordings of each entry that was ever corrected, the first one first
    """

    history: tuple[Entry, ...]
    versions: Mapping[int, tuple[Version, ...]]

    def is_void(self, seq: int) -> bool:
        """Return whether an entry was voided."""
        known = self.versions.get(seq)
        return known is not None and known[-1].entry is None


def corrected(entries: Iterable[Entry]) -> Corrected:
    """Apply the corrections among the entries, in the order of the chain."""
    told = tuple(entries)
    corrections = [entry for entry in told if entry.kind == EntryKind.CORRECTED]
    if not corrections:
        return Corrected(told, {})
    first = {entry.seq: entry for entry in told}
    versions: dict[int, tuple[Version, ...]] = {}
    for correction in sorted(corrections, key=lambda item: item.seq):
        original = first.get(int(correction.payload["entry"]))  # type: ignore[arg-type]
        if original is not None:
            known = versions.get(original.seq) or (Version(original, original.recorded_at),)
            reworded = _reworded(original, known, correction)
            versions[original.seq] = (*known, Version(reworded, correction.recorded_at, correction))
    history = []
    for entry in told:
        known = versions.get(entry.seq, ())
        now = known[-1].entry if known else entry
        if now is not None:
            history.append(now)
        elif entry.kind == EntryKind.DOCUMENT_ISSUED:
            history.append(entry)
    return Corrected(tuple(history), versions)


def _reworded(original: Entry, known: Sequence[Version], correction: Entry) -> Entry | None:
    payload: Payload = correction.payload
    if payload["void"]:
        return None
    last = known[-1].entry
    stood = last if last is not None else original  # an entry moved earlier stays where that put it
    occurred = payload.get("occurred_at")
    fresh = replace(
        original,
        payload=payload["payload"],
        occurred_at=datetime.fromisoformat(occurred) if occurred else stood.occurred_at,
        precision=Precision(payload["precision"]) if payload.get("precision") else stood.precision,
        recorded_at=correction.recorded_at,
        told_by=correction.seq,
    )
    if last is not None and _for_figures(last) == _for_figures(fresh):
        # Nothing that a figure reads has changed, so it is known for as long as it was.
        return replace(fresh, recorded_at=last.recorded_at, told_by=last.told_by)
    return fresh


def _for_figures(entry: Entry) -> tuple[object, ...]:
    payload: Payload = entry.payload
    milestone, tells = payload.get("milestone"), payload.get("tells")
    moved = (payload.get("case") or {}).get("division")
    return (
        (entry.occurred_at, milestone, tells) if milestone or tells else None,
        (moved, _division_day(entry)) if moved else None,
    )


def _division_day(entry: Entry) -> date:
    payload: Payload = entry.payload
    told = payload.get("milestone")
    day = told["on"] if told else payload.get("on")
    return date.fromisoformat(day) if day else legal_date(entry.occurred_at)


def with_corrections(image: CaseImage, told: Corrected) -> CaseImage:
    """Return the image with what its corrections did: the list of them, void numbers, what earlier knowledge reads."""
    if not told.versions:
        return image
    records: list[CorrectionRecord] = []
    voids: list[VoidRecord] = []
    voided_papers: dict[str, int] = {}
    superseded: list[Milestone] = []
    moves: list[DivisionRecord] = []
    for known in told.versions.values():
        for earlier, later in _steps(known):
            assert later.by is not None
            records.append(_record(known[0], later.by))
            voids.extend(_void_numbers(earlier, later))
            document = _paper(known[0]) if later.entry is None else None
            if document is not None:
                voided_papers[document["id"]] = later.by.seq
            if earlier.entry is not None and _differ(earlier.entry, later.entry):
                superseded.extend(_milestones(earlier.entry, image.main.id, later.since))
                moves.extend(_moves(earlier.entry, later.since))
    return replace(
        image,
        corrections=tuple(sorted(records, key=lambda item: item.seq)),
        voids=tuple(sorted(voids, key=lambda item: item.seq)),
        superseded=tuple(sorted(superseded, key=lambda item: (item.seq, item.told_by or 0))),
        superseded_divisions=tuple(sorted(moves, key=lambda item: (item.recorded_at, item.on, item.code))),
        documents=tuple(
            replace(item, voided_by=voided_papers[item.id]) if item.id in voided_papers else item
            for item in image.documents
        ),
    )


def _steps(known: Sequence[Version]) -> Iterator[tuple[Version, Version]]:
    yield from pairwise(known)


def _record(first: Version, correction: Entry) -> CorrectionRecord:
    payload: Payload = correction.payload
    assert first.entry is not None
    return CorrectionRecord(
        seq=correction.seq,
        entry=first.entry.seq,
        kind=first.entry.kind,
        void=bool(payload["void"]),
        reason=str(payload.get("reason", "")),
        by=correction.actor,
        recorded_at=correction.recorded_at,
        approval=payload.get("approval"),
        irregularities=tuple(
            Irregularity(**{**item, "on": date.fromisoformat(item["on"])}) for item in payload.get("stands", ())
        ),
    )


def _paper(version: Version) -> Payload | None:
    if version.entry is None or version.entry.kind != EntryKind.DOCUMENT_ISSUED:
        return None
    payload: Payload = version.entry.payload
    document: Payload = payload["document"]
    return document


def _void_numbers(earlier: Version, later: Version) -> Iterator[VoidRecord]:
    assert later.by is not None
    if earlier.entry is None:
        return
    document = _paper(earlier)
    if document is not None:
        yield VoidRecord(
            what="document",
            number=document["number"],
            title=document["title"],
            document=document["id"],
            taken_on=date.fromisoformat(document["issued_on"]),
            seq=later.by.seq,
        )
    number, kept = (_case_number(version.entry) for version in (earlier, later))
    if number is not None and number != kept:
        taken_on = legal_date(earlier.entry.occurred_at)
        yield VoidRecord("case", number, "", None, taken_on, later.by.seq)


def _case_number(entry: Entry | None) -> str | None:
    patch: Any = entry.payload.get("case") if entry is not None else None
    number = patch.get("number") if patch else None
    return str(number) if number else None


def _differ(earlier: Entry, later: Entry | None) -> bool:
    return later is None or _for_figures(earlier) != _for_figures(later)


def _milestones(entry: Entry, main: str, until: datetime) -> Iterator[Milestone]:
    """Yield the milestones that an entry told: its own, and what it told the main proceeding of from beside it."""
    payload: Payload = entry.payload
    if payload.get("milestone"):
        yield replace(milestone_told(payload["milestone"], entry, payload["proceeding"]), superseded_at=until)
    for telling in payload.get("tells", ()):
        if main in telling["proceedings"]:
            yield replace(milestone_told(telling["milestone"], entry, main), superseded_at=until)


def _moves(entry: Entry, until: datetime) -> Iterator[DivisionRecord]:
    patch: Any = entry.payload.get("case") or {}
    if patch.get("division"):
        yield DivisionRecord(patch["division"], _division_day(entry), entry.recorded_at, until)


def papers_of(entries: Sequence[Entry], seq: int) -> tuple[str, ...]:
    """Return the ids of the standing documents that an act issued, and of those issued in their place.

    An act's papers follow it in the chain at once, before anything else is written but what it moved in the main
    proceeding.
    """
    told = corrected(entries)
    issued = [entry for entry in told.history if entry.kind == EntryKind.DOCUMENT_ISSUED]
    found: list[str] = []
    following = {entry.seq: entry for entry in issued}
    act: Any = next(entry.payload for entry in entries if entry.seq == seq)
    at = seq + 1 + len(moved_by(entries, seq))
    while at in following and _document(following[at])["action"] == act.get("action"):
        found.append(_document(following[at])["id"])
        at += 1
    for entry in issued:
        document = _document(entry)
        if document.get("replaces") in found:
            found.append(document["id"])
    gone = {
        _document(known[0].entry)["id"]
        for known in told.versions.values()
        if known[0].entry is not None and known[0].entry.kind == EntryKind.DOCUMENT_ISSUED and known[-1].entry is None
    }
    return tuple(item for item in found if item not in gone)


def moved_by(entries: Iterable[Entry], seq: int) -> tuple[Entry, ...]:
    """Return the acts that the main proceeding took because of an act beside it: they stand and fall with it."""
    return tuple(entry for entry in entries if entry.kind == EntryKind.ACTED and entry.payload.get("moved_by") == seq)


def _document(entry: Entry) -> Payload:
    payload: Payload = entry.payload
    document: Payload = payload["document"]
    return document


def issuing_entry(entries: Sequence[Entry], document_id: str) -> Entry | None:
    """Return the entry by which a document was issued."""
    return next(
        (
            entry
            for entry in entries
            if entry.kind == EntryKind.DOCUMENT_ISSUED and _document(entry)["id"] == document_id
        ),
        None,
    )
