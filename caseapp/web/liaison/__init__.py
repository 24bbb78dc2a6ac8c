"""The room of those who work with the police, the procuratorates and the courts."""

from caseapp.web.liaison import console, inbox, letters, packages, referrals
from caseapp.web.liaison.room import blueprint

__all__ = ["blueprint", "console", "inbox", "letters", "packages", "referrals"]
