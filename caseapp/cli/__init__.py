"""Commands: one click group per noun; outsiders call them as INTERFACES says."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from flask import Flask

from caseapp.cli.answers import in_one_line

GROUPS = (
    "clocks",
    "cases",
    "files",
    "metrics",
    "thresholds",
    "workflows",
    "ledger",
    "keys",
    "backup",
    "referral",
    "evidence",
    "demo",
    "jobs",
    "serve",
    "database",
    "users",
)
"""Modules of this package; each has a click command or group named `command`."""


def register(app: Flask, *, only: Sequence[str] = GROUPS) -> None:
    """Give the application its commands, or some of them."""
    for name in only:
        command = import_module(f"{__name__}.{name}").command
        in_one_line(command)
        app.cli.add_command(command)
