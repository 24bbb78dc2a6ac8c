"""The rooms: one package for each kind of user, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from flask import Flask
from flask_wtf import CSRFProtect

from caseapp.web.shared import (
    context,
    errors,
    filters,
    guard,
    headers,
    language,
    login,
    navigation,
    outlived,
    uploads,
)

ROOMS = ("auth", "officer", "approver", "liaison", "supervisor", "fast_channel", "admin", "public", "api")
"""Packages of this one, in the order in which they are registered; each has a `blueprint`."""

csrf = CSRFProtect()


def register(app: Flask, rooms: Sequence[str] = ROOMS) -> None:
    """Give the application its pages.

    The order matters: who it is, then whether the door is open, and only then whether the form's token is right, so
    that a form whose session has ended is kept instead of refused.
    """
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    language.install(app)
    context.install(app)
    login.install(app)
    guard.install(app)
    uploads.install(app)
    csrf.init_app(app)
    headers.install(app)
    outlived.install(app)
    errors.install(app)
    filters.install(app)
    navigation.install(app)
    for room in rooms:
        if find_spec(f"{__name__}.{room}") is not None:
            app.register_blueprint(import_module(f"{__name__}.{room}").blueprint)
