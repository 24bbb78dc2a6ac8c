"""What runs beside a case, on its page: opened, taken further, seen under way."""

from __future__ import annotations

import re

from tests.journeys.pages import CasePage, Values, fill, unfold
from tests.support.browser import follow


def card(case: CasePage, procedure: str) -> str:
    """Return what the column beside the case says of a side proceeding under way."""
    return case.page.locator(".hh-beside", has=case.page.locator("h2", has_text=procedure)).inner_text()


def open_side(case: CasePage, act: str, values: Values) -> str:
    """Open a side proceeding from the case page with its first act; return what the page says then."""
    case.open()
    openings = case.page.locator("section", has=case.page.locator("#open-title"))
    link = openings.locator("a", has_text=re.compile(f"^{act}$"))
    unfold(link)
    follow(link)
    return finish(case, values)


def take(case: CasePage, procedure: str, act: str, values: Values) -> str:
    """Take a step in a side proceeding under way."""
    case.open()
    beside = case.page.locator(".hh-beside", has=case.page.locator("h2", has_text=procedure))
    link = beside.locator("a", has_text=re.compile(rf"^\s*{act}\s*$"))
    unfold(link)
    follow(link)
    return finish(case, values)


def finish(case: CasePage, values: Values) -> str:
    fill(case.form, values)
    case.check()
    return case.send()
