"""Reading `sends` of an action: between which organs it is a message. A part of `parse`."""

from __future__ import annotations

from caseapp.domain.workflow.definition import Peer, Sending
from caseapp.domain.workflow.shapes import Place, Shapes


def sending(reader: Shapes, value: object, place: Place) -> Sending | None:
    """Read {from, to, yields_to, opens, carries, papers}; None where the act stays in the house."""
    if value is None:
        return None
    row = reader.mapping(value, place)
    return Sending(
        sender=reader.word(Peer, row.get("from"), place / "from", Peer.ORGAN),
        receivers=_peers(reader, row.get("to"), place / "to"),
        yields_to=reader.one_or_many(row.get("yields_to"), place / "yields_to"),
        opens=_peers(reader, row.get("opens"), place / "opens"),
        carries=reader.one_or_many(row.get("carries"), place / "carries"),
        papers=reader.one_or_many(row.get("papers"), place / "papers"),
    )


def _peers(reader: Shapes, value: object, place: Place) -> tuple[Peer, ...]:
    return tuple(reader.word(Peer, item, place, Peer.ORGAN) for item in reader.one_or_many(value, place))
