"""Commands: one click group per noun; outsiders call them as INTERFACES says."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

GROUPS = ("clocks", "cases", "metrics", "workflows", "ledger", "demo", "jobs", "serve", "database", "users")
"""Modules of this package; each has a click command or group named `command`."""


def register(app: Flask) -> None:
    """Give the application its commands."""
    for name in GROUPS:
        app.cli.add_command(import_module(f"{__name__}.{name}").command)
