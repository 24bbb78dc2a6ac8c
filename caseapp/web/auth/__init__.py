"""Signing in and out, the second step, the own account and its sessions, the language."""

from caseapp.web.auth import account, kept_forms, language_choice, notices, second_factor, sessions, sign_in
from caseapp.web.auth.room import blueprint

__all__ = ["account", "blueprint", "kept_forms", "language_choice", "notices", "second_factor", "sessions", "sign_in"]
