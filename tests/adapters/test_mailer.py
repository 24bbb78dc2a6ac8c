"""How far the talk with a mail server got decides whether a message may be sent again."""

from __future__ import annotations

import pytest

from caseapp.adapters.mailer import SmtpMailer
from caseapp.domain.errors import ExternalError
from caseapp.ports import MailMessage, MailRefused, MailUnsure
from config import Config
from tests.support.mail_server import MailServer

MESSAGE = MailMessage("notice:1", "gu@example.cn", "护航：1 条新消息", "- 时限将满\n.\n..two\n结束")


def test_a_message_arrives_as_it_was_written(mail_server: MailServer) -> None:
    mailer = SmtpMailer(mail_server.url, "huhang@example.cn")
    mailer.send(MESSAGE)
    mailer.send(MESSAGE)
    first, second = mail_server.received
    assert first.text == MESSAGE.text + "\n"
    assert first.message["Subject"] == MESSAGE.subject
    assert first.message["From"].addresses[0].addr_spec == "huhang@example.cn"
    assert first.message["Message-ID"] == second.message["Message-ID"]


@pytest.mark.parametrize(
    ("recipients", "contents", "raised", "of_address"),
    [
        (["550 unknown"], [], MailRefused, True),
        (["451 later"], [], ExternalError, None),
        ([], ["554 spam"], MailRefused, False),
        ([], ["452 full"], ExternalError, None),
        ([], ["!"], MailUnsure, None),
    ],
)
def test_a_failure_says_whether_it_may_be_sent_again(
    mail_server: MailServer,
    recipients: list[str],
    contents: list[str],
    raised: type[Exception],
    of_address: bool | None,
) -> None:
    mail_server.recipients, mail_server.contents = recipients, contents
    with pytest.raises(raised) as caught:
        SmtpMailer(mail_server.url, "huhang@example.cn", seconds=5).send(MESSAGE)
    assert getattr(caught.value, "address", None) is of_address


@pytest.mark.parametrize("server", ["smtp://127.0.0.1:1", "smtps://127.0.0.1:1", "smtp+starttls://127.0.0.1:1"])
def test_a_server_that_is_away_may_be_tried_again(server: str) -> None:
    with pytest.raises(ExternalError):
        SmtpMailer(server, "huhang@example.cn", seconds=1).send(MESSAGE)


@pytest.mark.parametrize("server", ["smtp+starttls://{}", "smtp://user:pass%20word@{}"])
def test_a_server_that_offers_no_encryption_or_sign_in_is_not_used(mail_server: MailServer, server: str) -> None:
    with pytest.raises(ExternalError):
        SmtpMailer(server.format(mail_server.url.removeprefix("smtp://")), "huhang@example.cn", seconds=5).send(MESSAGE)
    assert mail_server.received == []


def test_the_configuration_of_mail_is_complete_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    whole = {
        "CASEAPP_MAIL_SERVER": "smtps://u:p@mail.example.cn",
        "CASEAPP_MAIL_FROM": "huhang@example.cn",
        "CASEAPP_URL": "https://huhang.example.cn/",
        "SECRET_KEY": "x",
    }
    config = Config.from_env(whole)
    assert (config.mail_server, config.public_url) == (whole["CASEAPP_MAIL_SERVER"], "https://huhang.example.cn")
    with pytest.raises(SystemExit):
        Config.from_env({"CASEAPP_MAIL_SERVER": "mail.example.cn", "SECRET_KEY": "x"})
    told = capsys.readouterr().err
    assert all(name in told for name in whole if name.startswith("CASEAPP_"))
    assert Config.from_env({"SECRET_KEY": "x"}).mail_server is None
