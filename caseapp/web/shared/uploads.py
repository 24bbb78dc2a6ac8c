"""Views that take files: how much may come, told before anything is read, and where it is put while it comes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from caseapp.web.shared.context import huhang

View = TypeVar("View", bound=Callable[..., Any])

_TAKES_FILES = "huhang_takes_files"
WORDS_BYTES = 1 << 20
"""What a form with files may hold beside them."""


def takes_files(view: View) -> View:
    """Mark a view whose forms bring evidence files; all others keep the ordinary limit."""
    setattr(view, _TAKES_FILES, True)
    return view


class UploadRequest(Request):
    """A request whose files are written below `var` as they come in, nameless: they are gone with the process."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if not _is_upload():
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        folder = huhang().config.var / "evidence" / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile("rb+", dir=folder)


def _is_upload() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, _TAKES_FILES, False))


def install(app: Flask) -> None:
    """Raise the limit for views that take files, for people who are signed in. A larger body is refused by its length,
    without being read: the server in front (cli/http_server.py) hands on only the length of what is beyond any limit.
    """
    app.request_class = UploadRequest
    app.config["MOST_BODY_BYTES"] = _most_bytes(app.extensions["huhang"].config.evidence_megabytes)

    @app.before_request
    def allow_large_bodies() -> None:
        if _is_upload() and current_user.is_authenticated:
            request.max_content_length = _most_bytes(huhang().config.evidence_megabytes)
        most = request.max_content_length
        if most is not None and (request.content_length or 0) > most:
            raise RequestEntityTooLarge


def _most_bytes(megabytes: int) -> int:
    return (megabytes << 20) + WORDS_BYTES
