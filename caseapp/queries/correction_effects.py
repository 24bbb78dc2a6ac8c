"""What a correction means, before it is signed: old and new words, the clocks that move, the figures that change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import Message
from caseapp.domain.events import Entry, EntryKind, legal_date
from caseapp.domain.facts import CaseImage, DocumentRecord
from caseapp.domain.metrics import closure as formulas
from caseapp.domain.metrics.closure import Period
from caseapp.domain.metrics.history import CaseHistory, DivisionFact, fact_of
from caseapp.domain.metrics.policy import Dimension
from caseapp.domain.workflow.corrections import Proposal, corrected
from caseapp.domain.workflow.definition import Action, FieldKind, Procedure, Text
from caseapp.domain.workflow.folding import fields_told
from caseapp.domain.workflow.replay import fold
from caseapp.domain.workflow.timing import clocks_of
from caseapp.queries.case_images import entries_of
from caseapp.queries.closure import closure_rate
from caseapp.queries.matter_changes import changes_of
from caseapp.queries.party_details import Masks
from caseapp.queries.timeline_items import Change
from caseapp.queries.told_values import ToldValue, people_in, told_values
from caseapp.queries.users import names_of

Words = Mapping[str, str]
HEADLINE = "R2"
"""The policy whose figures are told."""
MOST_MONTHS = 24
"""Months told at most, the latest ones."""
_DAY = Text("办理日期", "Date of the act")
_NOTE = Text("备注", "Note")


@dataclass(frozen=True, slots=True)
class ValuePair:
    """One entered value before and after; None: there was, or will be, none."""

    label: Text
    before: ToldValue | None
    after: ToldValue | None


@dataclass(frozen=True, slots=True)
class ClockMove:
    """A clock that a correction starts, ends or moves. due_on, status: None on the side on which it does not run."""

    name: Words
    rule: str
    due_before: date | None
    due_after: date | None
    status_before: str | None
    status_after: str | None


@dataclass(frozen=True, slots=True)
class FigureMove:
    """A month's closure rate as it stands, and as it will with the correction. Numerators and denominators."""

    month: str
    division: Words
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LaterAct:
    """Another entry that falls, or is put right, with the one the correction is about.

    because, article  what it no longer meets, where that is why it falls
    """

    seq: int
    title: object
    kind: str
    on: date
    because: Message | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class StandingAct:
    """A later act that stands though it no longer meets a condition: which, by what article; why, by what article."""

    seq: int
    title: object
    on: date
    message: Message
    article: str
    reason: Words
    ground: str


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything a signer must see of a correction.

    title, kind, on   of the entry it is about
    values, details, fields  what changes: of an act or note, of a milestone, of the case
    voided, reissued  papers that become void; ids of those issued anew
    later             entries voided with it; carried: later ones that repeat what was wrong, put right with it
    stands            later acts that will stand with an irregularity on record
    number            of the case, where it goes to the void register
    states            (before, after) where the state of the proceeding changes
    lawful            False: the history is no longer lawful with it (somebody acted meanwhile)
    """

    seq: int
    title: object
    kind: str
    on: date
    void: bool
    reason: str
    values: tuple[ValuePair, ...] = ()
    details: tuple[Change, ...] = ()
    fields: tuple[Change, ...] = ()
    later: tuple[LaterAct, ...] = ()
    carried: tuple[LaterAct, ...] = ()
    stands: tuple[StandingAct, ...] = ()
    voided: tuple[DocumentRecord, ...] = ()
    reissued: tuple[str, ...] = ()
    number: str | None = None
    states: tuple[Text, Text] | None = None
    clocks: tuple[ClockMove, ...] = ()
    figures: tuple[FigureMove, ...] = ()


def effects_of(ctx: Context, case_id: str, proposal: Proposal) -> Effects:
    """Return what a correction that was proposed for a case means now.

    raises  ActionRefused where the history is no longer lawful with it
    """
    entries = entries_of(ctx, case_id)
    planned = [*entries, *proposal.entries(entries, by=ctx.actor.id, at=ctx.now())]
    before, after = fold(entries, ctx.law.procedures), fold(planned, ctx.law.procedures)
    assert before is not None
    assert after is not None
    told, then = corrected(entries), corrected(planned)
    was = next(entry for entry in told.history if entry.seq == proposal.entry)
    now = None if proposal.void else next(entry for entry in then.history if entry.seq == proposal.entry)
    teller = _Teller(ctx, before, _names(ctx, before, was, now))
    others = {int(item["entry"]): item for item in proposal.corrections if int(item["entry"]) != proposal.entry}
    gone = {item.id for item in after.documents if item.voided_by} - {
        item.id for item in before.documents if item.voided_by
    }
    return Effects(
        seq=proposal.entry,
        title=teller.title(was),
        kind=was.kind,
        on=day_of(was),
        void=proposal.void,
        reason=proposal.reason,
        values=teller.values(was, now),
        details=_details(was, now),
        fields=_fields(ctx, was, now, after),
        later=tuple(teller.others(told.history, {seq: item for seq, item in others.items() if item["void"]})),
        carried=tuple(teller.others(told.history, {seq: item for seq, item in others.items() if not item["void"]})),
        stands=tuple(teller.standing(told.history, proposal.stands)),
        voided=tuple(item for item in before.documents if item.id in gone),
        reissued=proposal.reissue,
        number=before.number if before.number != after.number else None,
        states=teller.states(before, after, was),
        clocks=_clock_moves(ctx, before, after),
        figures=_figure_moves(ctx, before, after),
    )


def day_of(entry: Entry) -> date:
    """Return the legal date of what an entry says."""
    payload: Mapping[str, Any] = entry.payload
    told = (payload.get("milestone") or {}).get("on") or payload.get("on")
    return date.fromisoformat(told) if told else legal_date(entry.occurred_at)


def definition_of(ctx: Context, image: CaseImage, entry: Entry) -> tuple[Procedure | None, Action | None]:
    """Return the procedure and the action that an entry is of, as far as it is of any."""
    payload: Mapping[str, Any] = entry.payload
    proceeding = image.proceeding(str(payload.get("proceeding")))
    if proceeding is None:
        return None, None
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    return procedure, procedure.action(str(payload.get("action", "")))


def _names(ctx: Context, image: CaseImage, *entries: Entry | None) -> dict[str, str]:
    people: set[str] = set()
    for entry in entries:
        if entry is not None:
            _procedure, action = definition_of(ctx, image, entry)
            payload: Mapping[str, Any] = entry.payload
            people |= people_in(action, payload.get("facts", {})) if action else set()
    return names_of(ctx, people)


@dataclass(frozen=True, slots=True)
class _Teller:
    ctx: Context
    image: CaseImage
    names: Mapping[str, str]

    def title(self, entry: Entry) -> object:
        payload: Mapping[str, Any] = entry.payload
        _procedure, action = definition_of(self.ctx, self.image, entry)
        if action is not None:
            return action.name
        if entry.kind == EntryKind.DOCUMENT_ISSUED:
            document = payload["document"]
            return " ".join(part for part in (document["title"], document["number"]) if part)
        return str((payload.get("milestone") or {}).get("kind") or payload.get("action") or "")

    def others(self, history: Sequence[Entry], chosen: Mapping[int, Mapping[str, Any]]) -> Iterator[LaterAct]:
        for entry in history:
            because: Mapping[str, Any] = chosen.get(entry.seq, {}).get("because") or {}
            # A paper that goes with its act is told among the papers.
            if entry.seq in chosen and (because or entry.kind != EntryKind.DOCUMENT_ISSUED):
                why = Message(because["text"], because["values"]) if because else None
                article = str(because.get("article", ""))
                yield LaterAct(entry.seq, self.title(entry), entry.kind, day_of(entry), why, article)

    def standing(self, history: Sequence[Entry], told: Sequence[Mapping[str, Any]]) -> Iterator[StandingAct]:
        for item in told:
            entry = next(one for one in history if one.seq == item["entry"])
            message = Message(item["message"]["text"], item["message"]["values"])
            yield StandingAct(
                entry.seq, self.title(entry), day_of(entry), message, item["article"], item["reason"], item["ground"]
            )

    def values(self, was: Entry, now: Entry | None) -> tuple[ValuePair, ...]:
        sides = (self._told(was), self._told(now) if now is not None else {})
        labels = list(dict.fromkeys((*sides[0], *sides[1])))
        pairs = [ValuePair(label, sides[0].get(label), sides[1].get(label)) for label in labels]
        return tuple(pair for pair in pairs if pair.before != pair.after)

    def _told(self, entry: Entry) -> dict[Text, ToldValue]:
        payload: Mapping[str, Any] = entry.payload
        found = {_DAY: ToldValue(_DAY, (day_of(entry),), FieldKind.DATE)}
        if entry.kind == EntryKind.NOTED:
            found[_NOTE] = ToldValue(_NOTE, (payload["text"],), FieldKind.LONG_TEXT)
        _procedure, action = definition_of(self.ctx, self.image, entry)
        if action is not None:
            facts = payload.get("facts", {})
            found.update({value.label: value for value in told_values(action, facts, self.names)})
        return found

    def states(self, before: CaseImage, after: CaseImage, entry: Entry) -> tuple[Text, Text] | None:
        procedure, _action = definition_of(self.ctx, self.image, entry)
        proceeding_id = str(entry.payload.get("proceeding"))
        one, other = before.proceeding(proceeding_id), after.proceeding(proceeding_id)
        if procedure is None or one is None or other is None or one.state == other.state:
            return None
        return procedure.state(one.state).name, procedure.state(other.state).name


def _details(was: Entry, now: Entry | None) -> tuple[Change, ...]:
    if was.kind != EntryKind.MILESTONE:
        return ()
    one, other = _told_details(was), _told_details(now)
    return tuple(
        Change(name, one.get(name), other.get(name))
        for name in dict.fromkeys((*one, *other))
        if one.get(name) != other.get(name)
    )


def _told_details(entry: Entry | None) -> Mapping[str, Any]:
    payload: Mapping[str, Any] = entry.payload if entry is not None else {}
    return (payload.get("milestone") or {}).get("details") or {}


def _fields(ctx: Context, was: Entry, now: Entry | None, after: CaseImage) -> tuple[Change, ...]:
    """Return what changes of the case's fields; of a change that is voided, what the case then reads."""
    if was.kind != EntryKind.FACTS_CHANGED:
        return ()
    one: Any = was.payload["case"]
    names = [name for name in one if name != "extra"]
    other: Any = now.payload["case"] if now is not None else fields_told(after, names)
    found = (change for name in names for change in changes_of(name, one[name], other.get(name)))
    return Masks(ctx, after.id).over(found)


def _clock_moves(ctx: Context, before: CaseImage, after: CaseImage) -> tuple[ClockMove, ...]:
    today = ctx.today()
    moves = []
    for proceeding in before.proceedings:
        other = after.proceeding(proceeding.id)
        sides: list[dict[tuple[str, int], Any]] = []
        for image in (proceeding, other):
            found: dict[tuple[str, int], Any] = {}
            for clock in clocks_of(image, ctx.law.rules, ctx.law.calendar) if image is not None else ():
                times = sum(1 for rule, _time in found if rule == clock.rule.id)
                found[clock.rule.id, times] = (clock, clock.run.due.on, clock.status(today).value)
            sides.append(found)
        for key in dict.fromkeys((*sides[0], *sides[1])):
            one, two = sides[0].get(key), sides[1].get(key)
            if (one and one[1:]) == (two and two[1:]):
                continue
            (clock, *_times) = sides[0][key] if key in sides[0] else sides[1][key]
            moves.append(
                ClockMove(
                    clock.rule.name,
                    clock.rule.id,
                    one[1] if one else None,
                    two[1] if two else None,
                    one[2] if one else None,
                    two[2] if two else None,
                )
            )
    return tuple(moves)


def _figure_moves(ctx: Context, before: CaseImage, after: CaseImage) -> tuple[FigureMove, ...]:
    policy = ctx.law.policy(HEADLINE, ctx.today())
    first = min(
        (item.on for image in (before, after) for item in image.milestones if item.proceeding == image.main.id),
        default=None,
    )
    today = ctx.today()
    if policy is None or first is None or first > today:
        return ()
    first = max(first, today - timedelta(days=31 * MOST_MONTHS)).replace(day=1)
    period = Period(first, today)
    by = (Dimension.DIVISION, Dimension.MONTH)
    seats: list[dict[tuple[str | None, str | None], tuple[int, int]]] = []
    for image in (before, after):
        figure = formulas.closure_rate([history_of(ctx, image)], policy, period, known_at=ctx.now(), by=by)
        seats.append({_place(row): (row.numerator, row.denominator) for row in figure.rows})
    changed = [key for key in dict.fromkeys((*seats[0], *seats[1])) if seats[0].get(key) != seats[1].get(key)]
    if not changed:
        return ()
    whole = {
        _place(row): (row.numerator, row.denominator)
        for row in closure_rate(ctx, HEADLINE, period, by=by, only_by=True).rows
    }
    moves = []
    for division, month in sorted(changed, key=lambda key: (key[1] or "", key[0] or ""), reverse=True)[:MOST_MONTHS]:
        now = whole.get((division, month), (0, 0))
        one, two = (side.get((division, month), (0, 0)) for side in seats)
        then = (now[0] + two[0] - one[0], now[1] + two[1] - one[1])
        moves.append(FigureMove(month or "", ctx.law.divisions.name(division or ""), now, then))
    return tuple(moves)


def _place(row: formulas.RateRow) -> tuple[str | None, str | None]:
    return row.key[Dimension.DIVISION], row.key[Dimension.MONTH]


def history_of(ctx: Context, image: CaseImage) -> CaseHistory:
    """Return what the figures read of a case, from its image."""
    main = image.main
    procedure = ctx.law.procedures.pinned(main.procedure, main.version)
    return CaseHistory(
        case_key=image.display_number(),
        procedure=main.procedure,
        counts=procedure.counts,
        handling_clock=procedure.handling_clock,
        ip_types=image.ip_types,
        source=image.source,
        divisions=tuple(DivisionFact(item.code, item.on, item.recorded_at) for item in image.divisions),
        milestones=tuple(fact_of(item) for item in image.milestones if item.proceeding == main.id),
    )


def planned_papers(entries: Sequence[Entry], documents: Sequence[str]) -> tuple[str, ...]:
    """Return the titles and numbers of documents by id, as their entries tell them."""
    found = []
    for entry in entries:
        if entry.kind == EntryKind.DOCUMENT_ISSUED:
            document: Any = entry.payload["document"]
            if document["id"] in documents:
                found.append(" ".join(part for part in (document["title"], document["number"]) if part))
    return tuple(found)
