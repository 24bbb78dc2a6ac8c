"""Opening a case file: may the person see it, and that he looked is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import request

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import LEGAL_ZONE
from caseapp.queries.case_page import CasePage, case_page
from caseapp.queries.visibility import require_visible
from caseapp.services.access_log import note_read
from caseapp.web.shared.context import ctx


@dataclass(frozen=True, slots=True)
class Moment:
    """The day a page looks back to, and the instant up to which it knows; both None is today."""

    as_of: date | None = None
    known_at: datetime | None = None

    @property
    def is_past(self) -> bool:
        """Return whether the page looks back."""
        return self.as_of is not None or self.known_at is not None


def open_case(case_id: str, what: str = "page") -> CasePage:
    """Return a case for its page. raises NotFound, also where the person may not know that it exists; InputError"""
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, what)
    when = moment_asked()
    return case_page(ctx(), case_id, as_of=when.as_of, known_at=when.known_at)


def moment_asked() -> Moment:
    """Read `as_of` (a day) and `known_at` (an instant, local without a zone) from the address. raises InputError"""
    return Moment(_day("as_of"), _instant("known_at"))


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(name, Message(N_("“%(text)s”不是有效的日期"), {"text": text})) from None
    if day is not None and day > ctx().today():
        raise InputError(name, Message(N_("只能查看今天以前的情况")))
    return None if day == ctx().today() else day


def _instant(name: str) -> datetime | None:
    text = request.args.get(name, "").strip()
    # The + of an offset comes as a blank where an address was typed by hand.
    text = f"{text[:-6]}+{text[-5:]}" if text[-6:-5] == " " and "T" in text else text
    try:
        instant = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(name, Message(N_("“%(text)s”不是有效的时刻"), {"text": text})) from None
    if instant is None:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=LEGAL_ZONE)
