"""The officer's room: the desk, the list, new cases, the case page and the forms of acts."""

from caseapp.web.officer import case_list, desk, words
from caseapp.web.officer.room import blueprint

words.install(blueprint)

__all__ = ["blueprint", "case_list", "desk"]
