"""The text of e-mails. It names no party, no title and nothing of the matter (docs/decisions/006)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from babel.support import NullTranslations, Translations

from caseapp.domain.errors import N_
from caseapp.ports import LetterLine


class QuietLetters:
    """Writes e-mails in Chinese, the language of the source texts, or in a language that has a catalogue.

    url  how people reach the installation
    """

    def __init__(self, url: str, catalogues: Path) -> None:
        self._url = url
        self._catalogues = catalogues
        self._known: dict[str, NullTranslations] = {}

    def write(self, lines: Sequence[LetterLine], *, language: str, daily: bool) -> tuple[str, str]:
        """Return (subject, text)."""
        say = self._catalogue(language).ugettext
        count = len(lines)
        subject = say(N_("护航：今日 %(n)s 条未读消息")) if daily else say(N_("护航：%(n)s 条新消息"))
        parts = [say(N_("您在护航系统中有以下消息：")), ""]
        for line in lines:
            parts.append(f"- {say(line.hint)} {line.number}".rstrip())
            if line.case_id:
                parts.append(f"  {self._url}/cases/{line.case_id}")
        parts += [
            "",
            say(N_("全部消息：%(url)s")) % {"url": f"{self._url}/notices"},
            say(N_("邮件不写当事人和案件内容，请登录后查看。")),
            say(N_("更改接收方式：%(url)s")) % {"url": f"{self._url}/account"},
        ]
        return subject % {"n": count}, "\n".join(parts) + "\n"

    def _catalogue(self, language: str) -> NullTranslations:
        if language not in self._known:
            self._known[language] = Translations.load(str(self._catalogues), [language])
        return self._known[language]
