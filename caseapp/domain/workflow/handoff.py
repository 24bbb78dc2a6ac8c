"""A handoff as two communicating sides: ours, and theirs (police, procuratorate and court together).

Each side keeps the state it believes in and moves it by its own acts and by the messages it gets. Messages may be on
their way while the other side acts. Where both act before either knows, one act must yield to the other (`yields_to`
of the definition); both sides settle it alike, without asking: who yielded goes back to where he was and follows the
message, who won leaves the other's act unheeded. `check_handoff` searches everything the two can do; packages between
separated networks are settled by the same functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from caseapp.domain.workflow.definition import SAME, Action, Category, Peer, Procedure
from caseapp.domain.workflow.ways import Ways


class Party(StrEnum):
    """One of the two sides."""

    OURS = "ours"
    THEIRS = "theirs"

    @property
    def other(self) -> Party:
        """Return the side across."""
        return Party.THEIRS if self is Party.OURS else Party.OURS


@dataclass(frozen=True, slots=True)
class Done:
    """An act of one side, and the state it was done in."""

    action: str
    before: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way.

    unseen  the first act of its receiver that its sender did not know of when he acted; None: he knew of all
    void    its sender has meanwhile yielded to the other side: nobody goes by it any more
    """

    action: str
    source: str
    target: str
    unseen: Done | None = None
    void: bool = False


class Unexpected(Exception):
    """A side got a message that its state knows no answer to."""

    def __init__(self, party: Party, letter: Letter, state: str) -> None:
        super().__init__(f"{party} in {state!r} get {letter.action!r}")
        self.party, self.letter, self.state = party, letter, state


@dataclass(frozen=True, slots=True)
class Talk:
    """Both sides and what is under way: the state each believes in, and the messages to each, the oldest first."""

    ours: str
    theirs: str
    to_ours: tuple[Letter, ...] = ()
    to_theirs: tuple[Letter, ...] = ()

    def state(self, party: Party) -> str:
        """Return the state a side believes in."""
        return self.ours if party is Party.OURS else self.theirs

    def waiting(self, party: Party) -> tuple[Letter, ...]:
        """Return what is on its way to a side."""
        return self.to_ours if party is Party.OURS else self.to_theirs

    def with_(self, party: Party, *, state: str | None = None, waiting: tuple[Letter, ...] | None = None) -> Talk:
        """Return the talk with a side's state, or with what is on its way to it, replaced."""
        talk = self
        if state is not None:
            talk = replace(talk, **{party.value: state})  # type: ignore[arg-type]
        if waiting is not None:
            talk = replace(talk, **{f"to_{party.value}": waiting})  # type: ignore[arg-type]
        return talk


@dataclass(frozen=True, slots=True)
class Protocol:
    """The two automata of a procedure.

    quiet  states that are reached before anything was sent: the other side takes them all for the initial one
    """

    procedure: Procedure
    quiet: frozenset[str]
    _moves: dict[tuple[Party, str], tuple[tuple[Action, str], ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, procedure: Procedure) -> Protocol:
        """Return the protocol of a procedure some of whose acts are messages."""
        quiet = {procedure.initial}
        edges = [edge for edge in Ways(procedure).edges if edge[1].sends is None]
        while more := {target for source, _, target in edges if source in quiet} - quiet:
            quiet |= more
        return cls(procedure, frozenset(quiet))

    def begin(self) -> Talk:
        """Return both sides before anything happened."""
        return Talk(self.procedure.initial, self.procedure.initial)

    def moves(self, party: Party, state: str) -> tuple[tuple[Action, str], ...]:
        """Return what a side may do in the state it believes in: actions, each with a state it may lead to.

        Acts that change no state are left out: they cross with anything.
        """
        known = self._moves.get((party, state))
        if known is None:
            known = self._moves[party, state] = tuple(self._all_moves(party, state))
        return known

    def _all_moves(self, party: Party, state: str) -> Iterator[tuple[Action, str]]:
        for action in self.procedure.actions_from(state):
            if side_of(action) is party:
                for target in dict.fromkeys(post.to for post in action.posts):
                    if target not in (SAME, state):
                        yield action, target

    def take(self, talk: Talk, party: Party, action: Action, target: str) -> Talk:
        """Return the talk after a side acted; the other one has not heard of it yet."""
        before = talk.state(party)
        talk = talk.with_(party, state=target)
        if action.sends is None:
            return talk
        done = Done(action.id, before)
        coming = talk.waiting(party)
        known = next((item for item in coming if not item.void), None)
        unseen = Done(known.action, known.source) if known is not None else None
        talk = talk.with_(party, waiting=tuple(item if item.unseen else replace(item, unseen=done) for item in coming))
        letter = Letter(action.id, before, target, unseen)
        return talk.with_(party.other, waiting=(*talk.waiting(party.other), letter))

    def deliver(self, talk: Talk, party: Party) -> Talk:
        """Return the talk after a side got the next message that is on its way to it. raises Unexpected"""
        letter, *rest = talk.waiting(party)
        here, mine = talk.state(party), letter.unseen
        if mine is None:
            if letter.void or not self._is(here, letter.source):
                raise Unexpected(party, letter, here)
            return talk.with_(party, state=letter.target, waiting=tuple(rest))
        if mine.action in self._yields(letter.action):
            return talk.with_(party, waiting=tuple(rest))
        if letter.void or letter.action not in self._yields(mine.action) or not self._is(mine.before, letter.source):
            raise Unexpected(party, letter, here)
        # All that this side did since is void, and what is on its way here was sent without knowing of it.
        talk = talk.with_(party, state=letter.target, waiting=tuple(replace(item, unseen=None) for item in rest))
        return talk.with_(party.other, waiting=tuple(replace(item, void=True) for item in talk.waiting(party.other)))

    def agree(self, talk: Talk) -> bool:
        """Return whether both sides believe in the same state."""
        return self._is(talk.theirs, talk.ours)

    def has_ended(self, talk: Talk) -> bool:
        """Return whether it is over for both, and nothing is under way."""
        closed = self.procedure.state(talk.ours).category is Category.CLOSED
        return closed and self.agree(talk) and not talk.to_ours and not talk.to_theirs

    def _is(self, believed: str, state: str) -> bool:
        return believed == state or (believed in self.quiet and state in self.quiet)

    def _yields(self, action_id: str) -> tuple[str, ...]:
        action = self.procedure.action(action_id)
        return action.sends.yields_to if action is not None and action.sends is not None else ()


def side_of(action: Action) -> Party:
    """Return which side takes an action."""
    if action.sends is None or action.sends.sender is Peer.ORGAN:
        return Party.OURS
    return Party.THEIRS


@dataclass(slots=True)
class Order:
    """Takes numbered messages of one direction as they come, in any order and any number of times, and gives each out
    once, in the order in which they were sent.
    """

    next: int = 1
    _held: dict[int, object] = field(default_factory=dict)

    def accept(self, number: int, message: object) -> list[object]:
        """Return the messages that can be taken now; [] for one that is early or was here before."""
        if number >= self.next:
            self._held.setdefault(number, message)
        ready = []
        while self.next in self._held:
            ready.append(self._held.pop(self.next))
            self.next += 1
        return ready
