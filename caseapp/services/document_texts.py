"""What officers type line by line, read for papers: evidence and what it proves, features, orders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from caseapp.domain.events import Json

_PARTS = ("name", "spec", "quantity", "note")
_DASHES = re.compile(r"\s*(?:——|--)\s*")


def lines_of(text: Json) -> list[str]:
    """Return the lines in which something was typed, without the full stop or semicolon that closes one."""
    return [line.strip().rstrip("。；;") for line in str(text or "").splitlines() if line.strip()]


def pairs_of(text: Json, first: str, second: str) -> list[dict[str, Any]]:
    """Return lines of two parts with —— (or --) between them as mappings; the second part may be missing (None)."""
    found = []
    for line in str(text or "").splitlines():
        # —— wins over -- where a line has both: the latter may stand inside a name.
        left, _, right = line.strip().partition("——")
        if "——" not in line and _DASHES.search(line):
            left, right = _DASHES.split(line.strip(), maxsplit=1)
        if left.strip():
            found.append({first: left.strip(), second: right.strip() or None})
    return found


def items_of(text: Json) -> list[dict[str, Any]]:
    """Return the things of a list, one a line: name——specification——quantity——remark; later parts may be missing."""
    found = []
    for line in lines_of(text):
        parts = [part.strip() for part in line.split("——")]
        told = [*parts[:3], "，".join(parts[3:])] if len(parts) > len(_PARTS) else parts
        found.append({name: part or None for name, part in zip(_PARTS, told, strict=False)})
    return found


def things_told(items: Sequence[Mapping[str, Any]]) -> str:
    """Return a list of things as it is typed, one a line: the reverse of `items_of`."""
    return "\n".join("——".join(str(item.get(part) or "") for part in _PARTS).rstrip("—") for item in items)
