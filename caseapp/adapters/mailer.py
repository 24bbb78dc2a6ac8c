"""E-mail over SMTP. Whether a failed message may be sent again depends on how far the talk with the server got."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from hashlib import sha256
from urllib.parse import SplitResult, unquote, urlsplit

from caseapp.domain.errors import N_, ExternalError, Message
from caseapp.ports import MailMessage, MailRefused, MailUnsure

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_PERMANENT = 500
_SECONDS = 30.0
_STARTS_DATA = 354
_TAKEN = (250, 251)


class SmtpMailer:
    """Sends through one server.

    server  smtp://, smtp+starttls:// or smtps:// with user:password@host:port; user and password URL-quoted
    sender  address that messages come from
    """

    def __init__(self, server: str, sender: str, *, seconds: float = _SECONDS) -> None:
        self._server = urlsplit(server)
        self._sender = sender
        self._seconds = seconds

    def send(self, message: MailMessage) -> None:
        """Send one message, as `caseapp.ports.Mailer` says."""
        content = self._content(message)
        try:
            smtp = self._connection()
        except (OSError, smtplib.SMTPException) as error:
            raise ExternalError(Message(N_("邮件服务器无法连接：%(why)s"), {"why": _words(error)})) from error
        try:
            self._hand_over(smtp, message.to, content)
        except (OSError, smtplib.SMTPException) as error:
            raise ExternalError(Message(N_("邮件服务器无法连接：%(why)s"), {"why": _words(error)})) from error
        finally:
            _leave(smtp)

    def _hand_over(self, smtp: smtplib.SMTP, to: str, content: bytes) -> None:
        code, answer = smtp.mail(self._sender)
        if code not in _TAKEN:  # our own address: for the administrator to settle, not the receiver's doing
            raise _later(code, answer)
        code, answer = smtp.rcpt(to)
        if code not in _TAKEN:
            raise MailRefused(_said(code, answer), address=True) if code >= _PERMANENT else _later(code, answer)
        code, answer = smtp.docmd("data")
        if code != _STARTS_DATA:
            raise MailRefused(_said(code, answer)) if code >= _PERMANENT else _later(code, answer)
        # From here on the server may have taken the message although no answer comes: it must not be sent again.
        try:
            smtp.send(content)
            code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnsure(_words(error)) from error
        if code not in _TAKEN:
            raise MailRefused(_said(code, answer)) if code >= _PERMANENT else _later(code, answer)

    def _connection(self) -> smtplib.SMTP:
        server, scheme = self._server, self._server.scheme
        port = server.port or _PORTS[scheme]
        host = server.hostname or ""
        smtp: smtplib.SMTP
        if scheme == "smtps":
            smtp = smtplib.SMTP_SSL(host, port, timeout=self._seconds, context=ssl.create_default_context())
        else:
            smtp = smtplib.SMTP(host, port, timeout=self._seconds)
        try:
            if scheme == "smtp+starttls":
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            _sign_in(smtp, server)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _content(self, message: MailMessage) -> bytes:
        mail = EmailMessage()
        mail["From"] = Address("护航", addr_spec=self._sender)
        mail["To"] = Address(addr_spec=message.to)
        mail["Subject"] = message.subject
        mail["Date"] = formatdate(localtime=False)
        domain = self._sender.rpartition("@")[2]
        mail["Message-ID"] = f"<{sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text, cte="base64")
        lines = mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        if not lines.endswith(b"\r\n"):
            lines += b"\r\n"
        return lines.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _sign_in(smtp: smtplib.SMTP, server: SplitResult) -> None:
    if server.username:
        smtp.login(unquote(server.username), unquote(server.password or ""))


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye; whatever goes wrong with that changes nothing about the message."""
    with suppress(OSError, smtplib.SMTPException):
        smtp.docmd("QUIT")
    smtp.close()


def _later(code: int, answer: bytes | str) -> ExternalError:
    return ExternalError(Message(N_("邮件服务器暂不接收：%(why)s"), {"why": _said(code, answer)}))


def _said(code: int, answer: bytes | str) -> str:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(said.split())}"[:300]


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__
