"""Figures of transfers to the police: where each stands, how long every step took, who is late, what became of it.

行政执法机关移送涉嫌犯罪案件的规定 art 5-12 (whose steps they are), art 14 (supervision). Amounts are in no figure
(行政处罚法 art 74). Everything is told of one day: acts after it have not happened yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil
from statistics import median

from caseapp.domain.clocks.status import ClockRun, Status, status
from caseapp.domain.metrics.periods import Period


class Standing(StrEnum):
    """Where a transfer stands: exactly one of these from its handing over on."""

    PENDING = "pending"
    """The police have not decided."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Taken back by the sender before the receipt."""


_STATES: Mapping[str, Standing] = {
    "handed_over": Standing.PENDING,
    "received": Standing.PENDING,
    "supplementing": Standing.PENDING,
    "refused": Standing.REFUSED,
    "reconsidering": Standing.REFUSED,
    "upheld": Standing.REFUSED,
    "supervising": Standing.REFUSED,
    "reasons_asked": Standing.REFUSED,
    "reasons_given": Standing.REFUSED,
    "told_to_file": Standing.REFUSED,
    "supervision_over": Standing.REFUSED,
    "returned": Standing.REFUSED,
    "filed": Standing.ACCEPTED,
    "goods_sent": Standing.ACCEPTED,
    "prosecuting": Standing.ACCEPTED,
    "under_review": Standing.ACCEPTED,
    "on_trial": Standing.ACCEPTED,
    "came_back": Standing.ACCEPTED,
    "replying": Standing.ACCEPTED,
    "settled": Standing.ACCEPTED,
    "withdrawn": Standing.WITHDRAWN,
}
"""What the states of the procedure `referral` mean."""


class Outcome(StrEnum):
    """What became of a transfer; several may be true of one."""

    FILED = "filed"
    NOT_FILED = "not_filed"
    """Refused, and not filed after all."""
    ORDERED = "ordered"
    """The procuratorate told the police to file."""
    DROPPED = "dropped"
    """The police withdrew the criminal case."""
    NOT_PROSECUTED = "not_prosecuted"
    JUDGED = "judged"
    RETURNED = "returned"
    """It came back to the sender, who goes on with it."""
    PENALISED = "penalised"
    """It came back, and the sender decided on a penalty."""


_ACTS: Mapping[Outcome, frozenset[str]] = {
    Outcome.FILED: frozenset({"file_case", "file_after_review"}),
    Outcome.ORDERED: frozenset({"tell_to_file", "tell_silent_to_file"}),
    Outcome.DROPPED: frozenset({"withdraw_criminal_case"}),
    Outcome.NOT_PROSECUTED: frozenset({"not_prosecute", "not_prosecute_with_opinion"}),
    Outcome.JUDGED: frozenset({"judge"}),
    Outcome.RETURNED: frozenset({"accept_refusal", "resume_case"}),
}


class Side(StrEnum):
    """Whom a term binds."""

    HOUSE = "house"
    POLICE = "police"
    PROCURATORATE = "procuratorate"


class Step(StrEnum):
    """A stretch of the way, in its order."""

    DECIDE = "decide"
    HAND_OVER = "hand_over"
    SIGN = "sign"
    EXAMINE = "examine"
    SUPPLEMENT = "supplement"
    RECONSIDER = "reconsider"
    SUPERVISE = "supervise"
    GOODS = "goods"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Which acts begin a step and end it, which let it lapse, and whose step it is."""

    begins: frozenset[str]
    ends: frozenset[str]
    side: Side
    lapses: frozenset[str] = frozenset()


_FILED = _ACTS[Outcome.FILED]
STEPS: Mapping[Step, _Stretch] = {
    Step.DECIDE: _Stretch(frozenset({"report_to_head"}), frozenset({"decide_referral"}), Side.HOUSE),
    Step.HAND_OVER: _Stretch(
        frozenset({"decide_referral"}), frozenset({"hand_over"}), Side.HOUSE, frozenset({"revoke_approval"})
    ),
    Step.SIGN: _Stretch(
        frozenset({"hand_over", "forward"}), frozenset({"sign_receipt"}), Side.POLICE, frozenset({"withdraw_referral"})
    ),
    Step.EXAMINE: _Stretch(
        frozenset({"sign_receipt"}), frozenset({"file_case", "refuse_to_file"}), Side.POLICE, frozenset({"forward"})
    ),
    Step.SUPPLEMENT: _Stretch(
        frozenset({"ask_supplements"}),
        frozenset({"send_supplements"}),
        Side.HOUSE,
        frozenset({"file_case", "refuse_to_file"}),
    ),
    Step.RECONSIDER: _Stretch(
        frozenset({"ask_reconsideration"}), frozenset({"file_after_review", "uphold_refusal"}), Side.POLICE
    ),
    Step.SUPERVISE: _Stretch(
        frozenset({"ask_supervision"}),
        frozenset({"tell_to_file", "tell_silent_to_file", "end_supervision"}),
        Side.PROCURATORATE,
        _FILED,
    ),
    Step.GOODS: _Stretch(_FILED, frozenset({"hand_over_goods"}), Side.HOUSE),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One act: which, the state it led to, its legal day.

    exact  whether the day is known; if not, `on` is the last day that it may have been, as far as that is known
    """

    action: str
    to: str
    on: date
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """One clock of the transfer, and whom it binds."""

    side: Side
    run: ClockRun


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer as far as the reader may know of it.

    organ        that sent it; offence: as last stated, '' where the reader does not know it
    sent_on      day on which it was sent to another organ (of a reader there: to his)
    sent_exactly whether that day is known; if not, the transfer is left out of every figure, and said to be
    penalties    days on which the sender decided on a penalty in the case
    """

    key: str
    organ: str
    offence: str
    sent_on: date
    acts: tuple[Act, ...]
    terms: tuple[Term, ...] = ()
    penalties: tuple[date, ...] = ()
    sent_exactly: bool = True


class Part(StrEnum):
    """What a cell tells of a transfer."""

    ALL = "all"
    STANDING = "standing"
    OUTCOME = "outcome"
    STEP = "step"
    """The step is over; its days are counted."""
    WAITING = "waiting"
    """The step is under way."""
    OVERDUE = "overdue"
    """A term of that side has run out and is not met."""
    LATE = "late"
    """A term of that side was met after it had run out."""


Cell = tuple[Part, str]
"""A number of the figures: every transfer that it counts has the cell."""
ALL: Cell = (Part.ALL, "")


@dataclass(frozen=True, slots=True)
class Stretch:
    """How long a step took. count: transfers' steps that are over; median_days, p90_days: calendar days, None of none;
    waiting: transfers in which it is under way.
    """

    side: Side
    count: int
    median_days: float | None
    p90_days: int | None
    waiting: int


@dataclass(frozen=True, slots=True)
class TransferRow:
    """The transfers of one organ for one offence, by cell."""

    organ: str
    offence: str
    counts: Mapping[Cell, int]

    def count(self, part: str, name: str = "") -> int:
        """Return one number."""
        return self.counts.get((Part(part), name), 0)


@dataclass(frozen=True, slots=True)
class TransferFigures:
    """All figures of a period, as of a day. rows: by organ and offence; they add up to the total.

    imprecise  transfers of the period that are left out, for the day on which they were sent is not known
    """

    period: Period
    as_of: date
    rows: tuple[TransferRow, ...]
    total: TransferRow
    steps: Mapping[Step, Stretch]
    imprecise: int = 0


def transfer_figures(transfers: Iterable[Transfer], period: Period, as_of: date) -> TransferFigures:
    """Count the transfers that were sent in the period, as they stood at the end of a day."""
    by_row: dict[tuple[str, str], Counter[Cell]] = {}
    total: Counter[Cell] = Counter()
    lengths: dict[Step, list[int]] = {step: [] for step in Step}
    every = list(transfers)
    for transfer in counted(every, period, as_of):
        cells = cells_of(transfer, as_of)
        by_row.setdefault((transfer.organ, transfer.offence), Counter()).update(cells)
        total.update(cells)
        for step in Step:
            lengths[step] += (length for length in lengths_of(transfer, step, as_of) if length is not None)
    return TransferFigures(
        period=period,
        as_of=as_of,
        rows=tuple(TransferRow(organ, offence, by_row[organ, offence]) for organ, offence in sorted(by_row)),
        total=TransferRow("", "", total),
        steps={step: _stretch(step, lengths[step], total[Part.WAITING, step.value]) for step in Step},
        imprecise=sum(not transfer.sent_exactly for transfer in every if _is_within(transfer, period, as_of)),
    )


def counted(transfers: Iterable[Transfer], period: Period, as_of: date) -> Iterator[Transfer]:
    """Yield the transfers that a figure of the period counts."""
    return (transfer for transfer in transfers if transfer.sent_exactly and _is_within(transfer, period, as_of))


def _is_within(transfer: Transfer, period: Period, as_of: date) -> bool:
    return period.first <= transfer.sent_on <= min(period.last, as_of)


def cells_of(transfer: Transfer, as_of: date) -> frozenset[Cell]:
    """Return every number in which a transfer is counted: what a drill-down asks, and what is added up."""
    acts = [act for act in transfer.acts if act.on <= as_of]
    found: set[Cell] = {ALL, (Part.STANDING, standing_of(acts).value)}
    found |= {(Part.OUTCOME, outcome.value) for outcome in _outcomes(acts, transfer.penalties, as_of)}
    for step in Step:
        lengths = lengths_of(transfer, step, as_of)
        if any(length is not None for length in lengths):
            found.add((Part.STEP, step.value))
        if lengths and lengths[-1] is None:
            found.add((Part.WAITING, step.value))
    for term in transfer.terms:
        stands = status(term.run, as_of) if term.run.started_on <= as_of else Status.RUNNING
        if stands is Status.OVERDUE:
            found.add((Part.OVERDUE, term.side.value))
        elif stands is Status.MET_LATE:
            found.add((Part.LATE, term.side.value))
    return frozenset(found)


def standing_of(acts: Sequence[Act]) -> Standing:
    """Return where a transfer stands after these acts: as the last state after handing over says."""
    return next((_STATES[act.to] for act in reversed(acts) if act.to in _STATES), Standing.PENDING)


def lengths_of(transfer: Transfer, step: Step, as_of: date) -> tuple[int | None, ...]:
    """Return the calendar days of each time the step was gone through; None for the one under way, always the last. Of
    one whose first or last day is not known nothing is told.
    """
    stretch = STEPS[step]
    found: list[int | None] = []
    since: Act | None = None
    for act in transfer.acts:
        if act.on > as_of:
            continue
        if since is not None and act.action in stretch.ends:
            if since.exact and act.exact:
                found.append((act.on - since.on).days)
            since = None
        elif act.action in stretch.lapses:
            since = None
        if since is None and act.action in stretch.begins and not _is_refusal_to_refer(act):
            since = act
    return (*found, None) if since is not None else tuple(found)


def _is_refusal_to_refer(act: Act) -> bool:
    return act.to == "not_referred"


def _outcomes(acts: Sequence[Act], penalties: Sequence[date], as_of: date) -> Iterator[Outcome]:
    done = {act.action for act in acts}
    yield from (outcome for outcome, actions in _ACTS.items() if done & actions)
    if standing_of(acts) is Standing.REFUSED:
        yield Outcome.NOT_FILED
    came_back = [act.on for act in acts if act.action in _ACTS[Outcome.RETURNED]]
    if came_back and any(came_back[0] <= day <= as_of for day in penalties):
        yield Outcome.PENALISED


def _stretch(step: Step, lengths: Sequence[int], waiting: int) -> Stretch:
    ordered = sorted(lengths)
    return Stretch(
        side=STEPS[step].side,
        count=len(ordered),
        median_days=float(median(ordered)) if ordered else None,
        p90_days=ordered[ceil(len(ordered) * 9 / 10) - 1] if ordered else None,
        waiting=waiting,
    )
