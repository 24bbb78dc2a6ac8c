"""The room of the three administrators; what each of them may open and change is in the table of rights."""

from caseapp.web.admin import (
    access,
    calendars,
    definitions,
    home,
    keys,
    ledger,
    letterheads,
    mail,
    organs,
    people,
    person,
    rules,
    security,
)
from caseapp.web.admin.room import blueprint

__all__ = [
    "access",
    "blueprint",
    "calendars",
    "definitions",
    "home",
    "keys",
    "ledger",
    "mail",
    "letterheads",
    "organs",
    "people",
    "person",
    "rules",
    "security",
]
