"""Evidence and goods that follow a merger or a split into the other case.

They travel in the two `linked` entries by which the cases are tied, so that neither case is ever written without the
other. Payload keys (JSON):

evidence  pieces that came along: {Evidence fields without seq}
items     items that came along: {Item fields}
gone      {"evidence": {id: Counterpart}, "items": {id: Counterpart}}: what went along into the other case

What comes along gets an id and a number of its own, since a thing may come back one day; `came_from` tells where it
was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from caseapp.domain.connections import Counterpart
from caseapp.domain.errors import N_, ActionRefused, Message, Unmet
from caseapp.domain.events import Entry, Json
from caseapp.domain.evidence import Evidence, EvidenceFile
from caseapp.domain.facts import CaseImage
from caseapp.domain.items import Custody, Item, Keeper, come_along, go_along, next_number, on_the_way
from caseapp.domain.roles import Role

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Following:
    """What goes along, as the two entries tell it: the one of the case it comes into, and the one of the other."""

    coming: Mapping[str, Json]
    going: Mapping[str, Json]


def follow(
    source: CaseImage,
    into: CaseImage,
    *,
    pieces: Collection[str],
    items: Collection[str],
    new_id: Callable[[], str],
    stays_too: bool = False,
) -> Following:
    """Return what is told of evidence and goods that go from one case into another.

    pieces     ids of standing pieces; one whose file stands in the other case already is the same piece there
    items      ids; what was split from an item keeps its place under it where both go
    new_id     gives a fresh id
    stays_too  the pieces are evidence in both cases from now on; goods are only ever in one
    """
    standing = {piece.file.digest: piece for piece in into.evidence if piece.stands}
    number = max((piece.number for piece in into.evidence), default=0)
    ids: dict[str, str] = {}
    came: list[Json] = []
    gone: dict[str, Json] = {}
    for piece in source.evidence:
        if piece.id not in pieces or not piece.stands:
            continue
        twin = standing.get(piece.file.digest)
        if twin is None:
            number += 1
            known = Counterpart(source.id, source.display_number(), str(piece.number))
            arrived = replace(piece, id=new_id(), number=number, came_from=known)
            came.append(_told(asdict(arrived), drop="seq"))
            ids[piece.id] = arrived.id
            gone[piece.id] = _place(into, str(number))
        else:
            ids[piece.id] = twin.id
            gone[piece.id] = _place(into, str(twin.number))
    moved = _renumbered(source, into, [item for item in source.custody.items if item.id in items], ids, new_id)
    coming: dict[str, Json] = {}
    going: dict[str, Json] = {}
    if came:
        coming["evidence"] = came
    if moved:
        coming["items"] = [_told(asdict(item)) for _old, item in moved]
    left = {
        "evidence": {} if stays_too else gone,
        "items": {old.id: _place(into, item.number) for old, item in moved},
    }
    if any(left.values()):
        going["gone"] = _told({name: value for name, value in left.items() if value})
    return Following(coming, going)


def _renumbered(
    source: CaseImage, into: CaseImage, going: Sequence[Item], pieces: Mapping[str, str], new_id: Callable[[], str]
) -> list[tuple[Item, Item]]:
    """Return each item beside what it is in the other case."""
    ids = {item.id: new_id() for item in going}
    first = int(next_number(into.custody))
    numbers: dict[str, str] = {}
    found = []
    for item in going:  # what was split from an item stands behind it
        if item.parent in numbers:
            numbers[item.id] = f"{numbers[item.parent]}-{item.number.rpartition('-')[2]}"
        else:
            numbers[item.id] = str(first)
            first += 1
        arrived = replace(
            item,
            id=ids[item.id],
            number=numbers[item.id],
            parent=ids.get(item.parent) if item.parent else None,
            evidence=tuple(pieces[one] for one in item.evidence if one in pieces),
            came_from=Counterpart(source.id, source.display_number(), item.number),
        )
        found.append((item, arrived))
    return found


def _place(into: CaseImage, number: str) -> Json:
    return _told(asdict(Counterpart(into.id, into.display_number(), number)))


def _told(value: Any, drop: str = "") -> Json:
    """Return a value as JSON carries it: days as text, tuples as lists."""
    if isinstance(value, dict):
        return {name: _told(part) for name, part in value.items() if name != drop}
    if isinstance(value, list | tuple):
        return [_told(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def held(custody: Custody) -> tuple[str, ...]:
    """Return the ids of the items that a merger takes along: all that have not gone along elsewhere."""
    return tuple(item.id for item in custody.items if item.went_to is None)


def obstacles_on_the_way(image: CaseImage, items: Sequence[str]) -> tuple[Unmet, ...]:
    """Return why items cannot go along now: a move of them waits to be confirmed."""
    text = N_("%(case)s 的物品 %(number)s 有一次移交尚未确认，请先由双方确认或者取消")
    return tuple(
        Unmet(
            Message(text, {"case": image.display_number(), "number": item.number}),
            cure=Role.OFFICER.value,
            guard="custody",
        )
        for item in on_the_way(image.custody, items)
    )


def followed(image: CaseImage, entry: Entry) -> CaseImage:
    """Fold in what a `linked` entry tells of evidence and goods. raises ActionRefused"""
    payload: Payload = entry.payload
    if came := payload.get("evidence"):
        image = replace(image, evidence=(*image.evidence, *(_piece(told, entry.seq) for told in came)))
    if came := payload.get("items"):
        image = replace(image, custody=come_along(image.custody, [_item(told) for told in came]))
    gone: Payload = payload.get("gone") or {}
    if "evidence" in gone:
        image = _gone(image, {key: Counterpart(**told) for key, told in gone["evidence"].items()})
    if "items" in gone:
        left = {key: Counterpart(**told) for key, told in gone["items"].items()}
        image = replace(image, custody=go_along(image.custody, left))
    return image


def _gone(image: CaseImage, gone: Mapping[str, Counterpart]) -> CaseImage:
    standing = {piece.id for piece in image.evidence if piece.stands}
    if not standing.issuperset(gone):
        message = Message(N_("案件中没有这份证据，或者它已经撤回"))
        raise ActionRefused("evidence", [Unmet(message, guard="evidence")])
    return replace(
        image,
        evidence=tuple(
            replace(piece, went_to=gone[piece.id]) if piece.id in gone else piece for piece in image.evidence
        ),
    )


def _piece(told: Payload, seq: int) -> Evidence:
    days = {name: date.fromisoformat(told[name]) for name in ("acquired_on", "added_on")}
    known = {
        "file": EvidenceFile(**told["file"]),
        "officers": tuple(told["officers"]),
        "came_from": Counterpart(**told["came_from"]),
        "seq": seq,
    }
    return Evidence(**{**told, **days, **known})


def _item(told: Payload) -> Item:
    known = {
        "keeper": Keeper(**told["keeper"]) if told["keeper"] else None,
        "taken_on": date.fromisoformat(told["taken_on"]),
        "evidence": tuple(told["evidence"]),
        "came_from": Counterpart(**told["came_from"]),
    }
    return Item(**{**told, **known})
