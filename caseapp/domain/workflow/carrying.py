"""What a corrected entry said of the case's matter, said again by later entries: the right words are carried into them.

A patch of the case holds whole lists (all parties, all amounts), so who adds a second party says the first one again.
A correction of the first must reach those repetitions, or the case would fall back to the wrong value. What a later
entry said differently is its own and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

Patch = Mapping[str, Any]

CARRIED = ("amounts", "parties", "rights", "goods")
"""Fields of the case that patches repeat as a whole."""


def carry(later: Patch, was: Patch, now: Patch, *, own: Collection[str] = ()) -> dict[str, Any]:
    """Return a later patch with what changed between `was` and `now` carried into it.

    later     the case patch of a later entry
    was, now  what the case read as before and after the correction where that entry began, by field; JSON values
    own       keys of the amounts that the later entry states itself, whatever stood there
    """
    found = dict(later)
    for name in CARRIED:
        if name not in later or name not in was or name not in now or was[name] == now[name]:
            continue
        if name == "amounts":
            found[name] = _amounts(later[name], was[name], now[name], own)
        elif name == "parties":
            found[name] = _parties(later[name], was[name], now[name])
        else:
            found[name] = _rows(later[name], was[name], now[name])
    return found


def _amounts(later: Patch, was: Patch, now: Patch, own: Collection[str]) -> dict[str, Any]:
    found = dict(later)
    for key in {**was, **now}:
        if key in own or was.get(key) == now.get(key) or later.get(key) != was.get(key):
            continue
        if key in now:
            found[key] = now[key]
        else:
            found.pop(key, None)
    return found


def _parties(later: Sequence[Patch], was: Sequence[Patch], now: Sequence[Patch]) -> list[Patch]:
    before, after = ({item["id"]: item for item in side} for side in (was, now))
    found: list[Patch] = []
    for item in later:
        old, new = before.get(item["id"]), after.get(item["id"])
        if old is None or old == new:
            found.append(item)
        elif new is not None:
            found.append({name: _value(item.get(name), old.get(name), new.get(name)) for name in {**item, **new}})
        elif item != old:
            found.append(item)
    known = {item["id"] for item in later}
    return [*found, *(item for item in now if item["id"] not in before and item["id"] not in known)]


def _value(later: Any, old: Any, new: Any) -> Any:
    """Return what one property of a party reads: personal values are looked at one by one."""
    if isinstance(later, Mapping) and isinstance(old, Mapping) and isinstance(new, Mapping):
        values = {name: _value(later.get(name), old.get(name), new.get(name)) for name in {**later, **new}}
        return {name: value for name, value in values.items() if value is not None}
    return new if later == old else later


def _rows(later: Sequence[Patch], was: Sequence[Patch], now: Sequence[Patch]) -> list[Patch]:
    """Carry rows without ids: one in the place of another where as many are left, else what fell and what came."""
    if len(was) == len(now):
        found = list(later)
        for old, new in zip(was, now, strict=True):
            if old != new and old in found:
                found[found.index(old)] = new
        return found
    fallen = [item for item in was if item not in now]
    kept = [item for item in later if item not in fallen]
    return [*kept, *(item for item in now if item not in was and item not in kept)]
