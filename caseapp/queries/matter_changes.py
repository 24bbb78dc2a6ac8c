"""What differs between two readings of a case's field, amount by amount, party by party, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from caseapp.queries.timeline_items import Change

Row = Mapping[str, Any]
_PARTY = ("role", "kind", "name", "uscc")
"""What a party says openly, in the order in which it is told."""


def changes_of(name: str, before: Any, after: Any) -> Iterable[Change]:
    """Return how a field of the case changed, nothing where it did not.

    Parties, amounts, rights and goods are told one by one: `Change.field` is then `amounts.<key>`, `parties.<property>`
    (`parties.personal.<field>` holds commitments, never values), `rights.` or `goods.` (a whole row each).
    """
    if name == "amounts":
        return _amounts(before or {}, after or {})
    if name == "parties":
        return _parties(before or (), after or ())
    if name in ("rights", "goods"):
        return _rows(f"{name}.", before or (), after or ())
    if before == after or (not before and not after):
        return ()
    return (Change(name, before, after),)


def _amounts(before: Row, after: Row) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield Change(f"amounts.{key}", before.get(key), after.get(key))


def _parties(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    then, now = ({item["id"]: item for item in side} for side in (before, after))
    for party in dict.fromkeys((*then, *now)):
        one, other = then.get(party, {}), now.get(party, {})
        about = str((other or one)["name"])
        for name in _PARTY:
            if one.get(name) != other.get(name):
                yield Change(f"parties.{name}", one.get(name), other.get(name), about)
        kept, told = one.get("personal") or {}, other.get("personal") or {}
        for name in dict.fromkeys((*kept, *told)):
            if kept.get(name) != told.get(name):
                yield Change(f"parties.personal.{name}", kept.get(name), told.get(name), about)


def _rows(name: str, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    if len(before) == len(after):
        yield from (
            Change(name, one, other) for one, other in zip(before, after, strict=True) if _plain(one) != _plain(other)
        )
        return
    yield from (Change(name, one, None) for one in before if one not in after)
    yield from (Change(name, None, other) for other in after if other not in before)


def _plain(row: Row) -> dict[str, Any]:
    """Return a row without what other systems attached to it, and without what it does not say."""
    return {key: value for key, value in row.items() if key != "extra" and value is not None}
