"""Signing in and out, the own account, the language."""

from caseapp.web.auth import account, language_choice, sign_in
from caseapp.web.auth.room import blueprint

__all__ = ["account", "blueprint", "language_choice", "sign_in"]
