"""Judging a handoff as what it is: two organs that write to each other, and neither sees the other's desk.

All that both can do is searched, with messages under way in both directions: there is no deadlock, nobody gets a
message that he has no answer to, both end up in the same state, and every offer can come to its end. Conditions are
not asked: what holds without them holds with them. A part of `check`; each fault comes with the row of acts and
deliveries that leads to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Action, Kind, Peer, Procedure
from caseapp.domain.workflow.handoff import Letter, Party, Protocol, Talk, Unexpected, side_of
from caseapp.domain.workflow.ways import Ways

_Wrong = Callable[..., DefinitionProblem]

MOST_UNDER_WAY: Final = 2
"""How many messages may be under way in one direction while the search goes on."""
_MOST_TALKS: Final = 200_000
"""A definition whose search does not end is refused: nobody could say what it does."""


def handoff_problems(procedure: Procedure) -> Iterator[DefinitionProblem]:
    """Yield the faults of a procedure as a handoff between organs; nothing for one that stays in the house."""
    if not procedure.is_handoff:
        return
    wrong = partial(DefinitionProblem, procedure.source_file)
    shape = [*_shape(procedure, wrong)]
    yield from shape
    if not shape:
        yield from _product(procedure, wrong)


def _shape(procedure: Procedure, wrong: _Wrong) -> Iterator[DefinitionProblem]:
    if procedure.kind is not Kind.SIDE:
        yield wrong("/kind", "only a side procedure is shared with another organ", "handoff")
    facts = {field.fact_name for action in procedure.actions for field in action.fields}
    for action in procedure.actions:
        use = action.sends
        if use is None:
            continue
        at = f"/actions/{action.id}/sends"
        if not use.receivers or use.sender in use.receivers:
            yield wrong(at, "a message goes from one side to others", "handoff")
        for peer in (use.sender, *use.receivers, *use.opens):
            if peer is not Peer.ORGAN and peer.organ_fact not in facts:
                text = f"no form asks which organ is the {peer}: a field with the fact {peer.organ_fact!r} is missing"
                yield wrong(at, text, "handoff")
        if use.sender is not Peer.ORGAN and Role.LIAISON not in action.roles:
            yield wrong(f"/actions/{action.id}/by", "an act of another organ is taken by its liaisons", "handoff")
        for name in use.carries:
            carried = procedure.action(name)
            if carried is None or carried.sends is not None:
                yield wrong(f"{at}/carries", f"{name!r} is no act of the house", "handoff")
        for name in use.yields_to:
            other = procedure.action(name)
            if other is None or other.sends is None or side_of(other) is side_of(action):
                yield wrong(f"{at}/yields_to", f"{name!r} is no act of the other side", "handoff")
    told = _told_states(procedure)
    for state in sorted(told & Protocol.of(procedure).quiet):
        text = f"{state!r} is reached with and without anything being sent: the other side could not tell"
        yield wrong(f"/states/{state}", text, "handoff-silent")
    for source, action, target in Ways(procedure).edges:
        if source in told and action.sends is None and source != target:
            text = f"{action.id!r} changes what was sent to another organ without telling it"
            yield wrong(f"/actions/{action.id}/sends", text, "handoff-silent")
            return


def _told_states(procedure: Procedure) -> set[str]:
    """Return the states that something was sent on the way to."""
    edges = Ways(procedure).edges
    found = {target for _, action, target in edges if action.sends is not None}
    while more := {target for source, _, target in edges if source in found} - found:
        found |= more
    return found


def _product(procedure: Procedure, wrong: _Wrong) -> Iterator[DefinitionProblem]:
    """Search all talks. Of each fault the shortest example is told."""
    protocol = Protocol.of(procedure)
    start = protocol.begin()
    came: dict[Talk, tuple[Talk, str] | None] = {start: None}
    back: dict[Talk, list[Talk]] = {}
    waiting = deque([start])
    seen: set[str] = set()
    while waiting:
        talk = waiting.popleft()
        following = list(_following(protocol, talk))
        for label, after in following:
            if isinstance(after, Unexpected):
                if "unexpected" not in seen:
                    seen.add("unexpected")
                    example = (*_path(came, talk), label)
                    yield wrong(f"/actions/{after.letter.action}", _unexpected(after), "handoff-unexpected", example)
                continue
            back.setdefault(after, []).append(talk)
            if after not in came:
                came[after] = (talk, label)
                waiting.append(after)
        quiet = not talk.to_ours and not talk.to_theirs
        if quiet and not protocol.agree(talk) and "diverged" not in seen:
            seen.add("diverged")
            text = f"with nothing under way one side is in {talk.ours!r} and the other in {talk.theirs!r}"
            yield wrong(f"/states/{talk.ours}", text, "handoff-diverged", _path(came, talk))
        elif not following and not protocol.has_ended(talk) and "deadlock" not in seen:
            seen.add("deadlock")
            text = f"in {talk.ours!r} neither side can act, and it is not over"
            yield wrong(f"/states/{talk.ours}", text, "handoff-deadlock", _path(came, talk))
        if len(came) > _MOST_TALKS:
            yield wrong("/actions", "there is no end to what the two sides can do", "handoff")
            return
    if not seen:
        yield from _endless(protocol, came, back, wrong)


def _following(protocol: Protocol, talk: Talk) -> Iterator[tuple[str, Talk | Unexpected]]:
    for party in Party:
        coming = talk.waiting(party)
        if coming:
            label = f"{party} get {coming[0].action}"
            try:
                yield label, protocol.deliver(talk, party)
            except Unexpected as unexpected:
                yield label, unexpected
        if len(talk.waiting(party.other)) < MOST_UNDER_WAY:
            for action, target in protocol.moves(party, talk.state(party)):
                yield _label(party, action), protocol.take(talk, party, action, target)


def _label(party: Party, action: Action) -> str:
    return f"{party} {action.id}"


def _unexpected(found: Unexpected) -> str:
    letter: Letter = found.letter
    crossed = f" after {letter.unseen.action!r}, which neither yields to it nor wins" if letter.unseen else ""
    return f"{found.party} are in {found.state!r} and get {letter.action!r}{crossed}"


def _endless(
    protocol: Protocol, came: dict[Talk, tuple[Talk, str] | None], back: dict[Talk, list[Talk]], wrong: _Wrong
) -> Iterator[DefinitionProblem]:
    """Every talk that can be reached must still be able to end."""
    good = {talk for talk in came if protocol.has_ended(talk)}
    waiting = deque(good)
    while waiting:
        for before in back.get(waiting.popleft(), ()):
            if before not in good:
                good.add(before)
                waiting.append(before)
    endless = next((talk for talk in came if talk not in good), None)
    if endless is not None:
        text = f"what is in {endless.ours!r} can never come to its end"
        yield wrong(f"/states/{endless.ours}", text, "handoff-endless", _path(came, endless))


def _path(came: dict[Talk, tuple[Talk, str] | None], talk: Talk) -> tuple[str, ...]:
    found: list[str] = []
    step = came[talk]
    while step is not None:
        before, label = step
        found.append(label)
        step = came[before]
    return tuple(reversed(found))
