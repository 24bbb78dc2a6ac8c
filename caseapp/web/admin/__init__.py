"""The room of the three administrators; what each of them may open and change is in the table of rights."""

from caseapp.web.admin import calendars, definitions, home, ledger, organs, people, person, rules
from caseapp.web.admin.room import blueprint

__all__ = ["blueprint", "calendars", "definitions", "home", "ledger", "organs", "people", "person", "rules"]
