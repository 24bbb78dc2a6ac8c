"""A real SMTP server on this machine, which keeps what it was given and refuses as it is told."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


@dataclass
class Received:
    """One message as it came."""

    to: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        return self.message.get_content()


@dataclass
class MailServer:
    """The server. recipients, contents: answers to give instead of taking, oldest first; '!' hangs up."""

    received: list[Received] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    url: str = ""

    async def handle_RCPT(  # noqa: N802 - the name the library asks for
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.recipients:
            return self.recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Any
    ) -> str:
        said = self.contents.pop(0) if self.contents else "250 OK"
        if said in ("250 OK", "!"):
            message = cast(EmailMessage, email.message_from_bytes(envelope.content, policy=policy.default))
            self.received.append(Received(list(envelope.rcpt_tos), message))
        if said == "!":
            assert server.transport is not None
            server.transport.close()
        return said


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A server that takes everything until a test says otherwise."""
    made = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    made.url = f"smtp://127.0.0.1:{port}"
    yield made
    controller.stop()
