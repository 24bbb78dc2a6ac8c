"""What two organs have told each other of one referral in files that may come late, twice, in any order, or never.

Each side numbers its own steps 1, 2, 3 … and names in each the one before it. The organ that has the case (the house)
decides in which order acts took effect: what the other (the peer) did is proposed to it, and it answers each proposal.
The peer shows what the house said, and on top what it did itself and the house has not answered yet. Where every file
has arrived both show the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class StepKind(StrEnum):
    """What a step tells."""

    ACT = "act"
    """An act of the procedure: of the house (or of a third organ, passed on by the house), or proposed by the peer."""
    ANSWER = "answer"
    """The house took an act of the peer into the case, or says why it could not."""
    VOID = "void"
    """The house takes back a step that it told before: a correction, or an act that gives way to one of the peer."""
    BEGINNING = "beginning"
    """The peer begins the matter (反向移送): an act like its others, and what the house makes a case of."""


RECEIPT = "receipt"
"""Kind of a package that is no step: it says up to which step the sender has everything."""
REFUSAL = "refusal"
"""Kind of a package that is no step: it says which step its sender could not take in, and why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one side.

    sequence  1, 2, 3 … of its sender
    previous  digest of its sender's step before, '' for the first
    digest    sha256 (hex) of the manifest of its package
    seen      how many steps of the other side its sender knew
    body      what it tells: for an act `action`, `payload`, `on`; for an answer `to` and `taken`; for a void `of`;
              for a beginning as for an act, and `opens`; from the house also `state`, `category`
    """

    kind: StepKind
    sequence: int
    previous: str
    digest: str
    seen: int
    body: Mapping[str, Any]


class Verdict(StrEnum):
    """What becomes of a step that arrives."""

    READY = "ready"
    REPEATED = "repeated"
    HELD = "held"
    """Its predecessor is not here yet."""
    REPLAYED = "replayed"
    """Its number was already used for something else."""
    BROKEN = "broken"
    """It does not follow what it says it follows."""
    UNHEARD = "unheard"
    """It answers steps that were never sent from here."""


def may_begin(step: Step, *, of_house: bool, peer_opens: bool) -> bool:
    """Return whether a matter that is not known yet may begin with a step, or keep it until the one comes that begins
    it.

    of_house    the house sent it, whose first step always begins; else the peer, who begins with a beginning
    peer_opens  the matter is of a procedure that the peer opens
    """
    if of_house:
        return True
    return peer_opens and (step.kind is StepKind.BEGINNING) == (step.sequence == 1)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a step stands. ready: the steps that are to be applied now, in order; useless: held ones found broken."""

    verdict: Verdict
    ready: tuple[Step, ...] = ()
    useless: tuple[Step, ...] = ()


def placed(known: Sequence[Step], waiting: Mapping[int, Step], step: Step, *, own: int) -> Placed:
    """Say what becomes of a step of the other side.

    known    its steps so far, without a gap
    waiting  its later steps that wait for one before them, by number
    own      how many steps this side has made
    """
    earlier = known[step.sequence - 1] if step.sequence <= len(known) else waiting.get(step.sequence)
    if earlier is not None:
        return Placed(Verdict.REPEATED if earlier.digest == step.digest else Verdict.REPLAYED)
    if step.seen > own:
        return Placed(Verdict.UNHEARD)
    if step.sequence > len(known) + 1:
        return Placed(Verdict.HELD)
    if not _follows(step, known):
        return Placed(Verdict.BROKEN)
    ready, useless = [step], []
    for number in sorted(waiting):
        if number != ready[-1].sequence + 1:
            break
        if waiting[number].previous == ready[-1].digest:
            ready.append(waiting[number])
        else:
            useless.append(waiting[number])
            break
    return Placed(Verdict.READY, tuple(ready), tuple(useless))


def _follows(step: Step, known: Sequence[Step]) -> bool:
    return step.previous == (known[-1].digest if known else "")


def agreed(house: Sequence[Step]) -> tuple[Step, ...]:
    """Return the acts that took effect by what the house has told, in its order: its own acts, and its answers that
    took one of the peer's; without what it took back.
    """
    gone = {int(step.body["of"]) for step in house if step.kind is StepKind.VOID}
    return tuple(
        step
        for step in house
        if step.sequence not in gone
        and (step.kind is StepKind.ACT or (step.kind is StepKind.ANSWER and step.body["taken"]))
    )


def unanswered(house: Sequence[Step], peer: Sequence[Step]) -> tuple[Step, ...]:
    """Return the acts of the peer that the house has not answered."""
    answered = {int(step.body["to"]) for step in house if step.kind is StepKind.ANSWER}
    return tuple(step for step in peer if step.sequence not in answered)


def refused(house: Sequence[Step]) -> Mapping[int, str]:
    """Return the acts of the peer that the house could not take: number -> reason."""
    return {
        int(step.body["to"]): str(step.body.get("reason", ""))
        for step in house
        if step.kind is StepKind.ANSWER and not step.body["taken"]
    }


def yielding(house: Sequence[Step], seen: int, yields: Mapping[str, Sequence[str]], action: str) -> tuple[Step, ...]:
    """Return the acts of the house that give way to one of the peer, who did not know of them: the last first.

    seen    how many steps of the house the peer knew
    yields  action of the house -> actions of others that it gives way to
    """
    gone = {int(step.body["of"]) for step in house if step.kind is StepKind.VOID}
    found = []
    for step in reversed(house[seen:]):
        if step.kind is not StepKind.ACT or step.sequence in gone:
            continue
        if action not in yields.get(str(step.body["action"]), ()):
            break
        found.append(step)
    return tuple(found)
