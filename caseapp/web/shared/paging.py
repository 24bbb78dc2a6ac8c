"""Keyset paging: a page is named by the key of its edge row, never by a number of rows to skip."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from caseapp.domain.errors import N_, InputError, Message

COUNT_CAP = 1000
"""Counting stops here; more is told as '1,000+'."""
MAX_CURSOR_LETTERS = 600

CursorPart = str | int | None


@dataclass(frozen=True, slots=True)
class Pager:
    """What stands under a list.

    earlier, later  addresses of the pages before and after, '' where there is none
    total           rows in all, counted no further than the cap; None where nobody counted
    capped          whether there are more rows than were counted
    """

    shown: int
    earlier: str = ""
    later: str = ""
    total: int | None = None
    capped: bool = False


def encode_cursor(key: Sequence[CursorPart]) -> str:
    """Return the key of an edge row as a short text for an address."""
    text = json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(text: str) -> tuple[CursorPart, ...]:
    """Return the key that an address names. raises InputError where it was not made by `encode_cursor`."""
    try:
        if len(text) > MAX_CURSOR_LETTERS:
            raise ValueError
        parts = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(parts, list) or not all(part is None or isinstance(part, (str, int)) for part in parts):
            raise ValueError
    except ValueError as wrong:
        raise InputError("after", Message(N_("分页位置无效，请从第一页重新打开"))) from wrong
    return tuple(parts)


def url_with(**changes: object) -> str:
    """Return the address of this page with parts of its query changed; None or '' drops a part.

    Changing anything but the page itself goes back to the first page.
    """
    arguments: dict[str, object] = {name: request.args.getlist(name) for name in request.args}
    if not changes.keys() & {"after", "before"}:
        changes |= {"after": None, "before": None}
    arguments.update(changes)
    kept = {name: value for name, value in arguments.items() if value not in (None, "", [])}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept})  # type: ignore[arg-type]


def pair_asked(name: str) -> tuple[str, str] | None:
    """Return a place in a list from the address: what is sorted by, as text, and an id. raises InputError"""
    text = request.args.get(name)
    if not text:
        return None
    parts = decode_cursor(text)
    if len(parts) != 2 or not isinstance(parts[0], str) or not isinstance(parts[1], str):
        raise InputError(name, Message(N_("分页位置无效，请从第一页重新打开")))
    return parts[0], parts[1]


def pager(
    shown: int,
    *,
    before: Sequence[CursorPart] | None = None,
    after: Sequence[CursorPart] | None = None,
    total: int | None = None,
    cap: int = COUNT_CAP,
) -> Pager:
    """Return the pager of a list; `before` and `after` are the keys of the edge rows where more rows lie beyond.

    total   rows counted, up to cap + 1
    """
    return Pager(
        shown=shown,
        earlier=url_with(before=encode_cursor(before), after=None) if before is not None else "",
        later=url_with(after=encode_cursor(after), before=None) if after is not None else "",
        total=min(total, cap) if total is not None else None,
        capped=total is not None and total > cap,
    )
