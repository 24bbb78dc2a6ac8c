"""Days and instants that an address asks for."""

from __future__ import annotations

from datetime import date, datetime

from flask import request

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import LEGAL_ZONE


def day_of(name: str) -> date | None:
    """Return a day of the address, or None. raises InputError where it is no date"""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise InputError(name, Message(N_("“%(text)s”不是有效的日期"), {"text": text})) from wrong


def instant_of(name: str) -> datetime:
    """Return an instant of the address; without a zone it is Chinese time, and a bare day is its beginning.

    raises  InputError  it is none
    """
    text = request.args.get(name, "").strip()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise InputError(name, Message(N_("“%(text)s”不是有效的时刻"), {"text": text})) from wrong
    return instant if instant.tzinfo else instant.replace(tzinfo=LEGAL_ZONE)
