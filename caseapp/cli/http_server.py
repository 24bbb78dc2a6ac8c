"""The web server in front of the application: waitress, with its refusals of too large bodies left to the application.

waitress cuts a body off that is longer than it takes, with a line of plain text. Here such a request reaches the
application without its body and with its length: what was claimed, or how much of a body in chunks had come. The
application refuses it by that length, before anything is read, with a page (or JSON) that tells the limit.
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any, Final

from flask import Flask
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.utilities import RequestEntityTooLarge

THREADS: Final = 8
LINGER_SECONDS: Final = 30.0
"""How long what a refused client still sends is thrown away, so that it reads the answer and not of a broken line."""


def http_server(application: Flask, *, host: str, port: int) -> Any:
    """Return a server that listens already; `run()` serves until the process ends.

    port  0: any free one, told by `effective_port`
    """
    server = create_server(
        application,
        host=host,
        port=port,
        threads=THREADS,
        ident="huhang",
        channel_timeout=120,
        # A body is taken to disk before the application sees it: what it would refuse anyway is not.
        max_request_body_size=application.config["MOST_BODY_BYTES"] + 1,
    )
    for listening in (server, *getattr(server, "map", {}).values()):
        if isinstance(listening, BaseWSGIServer):
            listening.channel_class = _Channel
    return server


class _Request(HTTPRequestParser):
    """A request. One with too large a body is complete without it, and the last of its connection."""

    error: Any = None
    refused = False

    def received(self, data: bytes) -> int:
        """Take more of it. Returns how many of the bytes are dealt with."""
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.close()
            self.body_rcv = None
            self.refused, self.error, self.expect_continue = True, None, False
            self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
            self.headers["CONNECTION"] = "close"
            return len(data)
        return consumed


class _Channel(HTTPChannel):
    """A connection. After a refusal what still comes is dropped, and the client closes it once it has the answer."""

    parser_class = _Request
    will_close: bool = False
    _refused_at: float | None = None
    _lingering = False

    def readable(self) -> bool:
        """Return whether more is to be read."""
        return bool(super().readable() if self._refused_at is None else not self.will_close)

    def received(self, data: bytes) -> bool:
        """Take what came."""
        if self._refused_at is not None:
            self.will_close = self.will_close or time.monotonic() - self._refused_at > LINGER_SECONDS
            return False
        taken: bool = super().received(data)
        if self.requests and self.requests[-1].refused:
            self._refused_at = time.monotonic()
        return taken

    def handle_close(self) -> None:
        """Close the connection; after a refusal, at first only our side of it."""
        if self._refused_at is not None and not self._lingering:
            self._lingering, self.will_close = True, False
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
                return
        super().handle_close()
