"""Days that an address asks for."""

from __future__ import annotations

from datetime import date

from flask import request

from caseapp.domain.errors import N_, InputError, Message


def day_of(name: str) -> date | None:
    """Return a day of the address, or None. raises InputError where it is no date"""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise InputError(name, Message(N_("“%(text)s”不是有效的日期"), {"text": text})) from wrong
