"""The reader's language: Chinese, which the source texts are written in, or English."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime

from babel.support import NullTranslations
from flask import Flask, Response, has_request_context, request, session
from flask_babel import Babel, get_locale, get_translations
from flask_login import current_user
from markupsafe import Markup

from caseapp.domain.clocks.status import Remaining, in_words
from caseapp.domain.errors import Message
from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.roles import ROLE_NAMES, Role
from caseapp.domain.workflow.definition import Text

LANGUAGES = {"zh": "中文", "en": "English"}  # not translated: each language by its own name
DEFAULT = "zh"
SEPARATOR = {"zh": "、", "en": ", "}
"""What stands between the items of a list, by language."""


def select_language() -> str:
    """Return the language of this request: what the person chose, else what the browser prefers, else Chinese."""
    if not has_request_context():
        return DEFAULT
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if current_user.is_authenticated and current_user.language in LANGUAGES:
        return str(current_user.language)
    return DEFAULT


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads this page: the language, and its catalogue (None for Chinese: the message ids are Chinese)."""

    language: str
    catalogue: NullTranslations | None


_READER: ContextVar[Reader | None] = ContextVar("huhang_reader", default=None)
"""The reader of the request at hand. Not in `g`: a page says hundreds of texts, each would go through two proxies."""


def reader() -> Reader:
    """Return the reader of this request, asked once for each."""
    known = _READER.get()
    if known is None:
        locale = get_locale()
        english = locale is not None and locale.language == "en"
        known = Reader("en" if english else DEFAULT, get_translations() if english else None)
        if has_request_context():
            _READER.set(known)
    return known


def language() -> str:
    """Return 'zh' or 'en'."""
    return reader().language


def gettext(text: str, /, **values: object) -> str:
    """Return a text in the reader's language, with its values filled in."""
    catalogue = reader().catalogue
    told = text if catalogue is None else catalogue.ugettext(text)
    return told % values if values else str(told)


def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
    """Return the form of a text that fits a number, in the reader's language, with its values filled in."""
    catalogue = reader().catalogue
    if catalogue is None:
        told = singular if num == 1 else plural
    else:
        told = catalogue.ungettext(singular, plural, num)
    return told % values if values else str(told)


def _page_gettext(text: str, /, **values: object) -> Markup:
    """Return a text of a template; its values are escaped, the text is the product's own.

    Jinja's own wrapper asks its context and formats each text again; a page of fifty rows says hundreds.
    """
    catalogue = reader().catalogue
    told = Markup(text if catalogue is None else catalogue.ugettext(text))  # noqa: S704 - our own text, no input
    return told % values if values else told


def _page_ngettext(singular: str, plural: str, num: int, /, **values: object) -> Markup:
    catalogue = reader().catalogue
    if catalogue is None:
        told = singular if num == 1 else plural
    else:
        told = catalogue.ungettext(singular, plural, num)
    return Markup(told) % {"num": num, **values}  # noqa: S704 - our own text, no input


def language_tag() -> str:
    """Return the tag for `<html lang>`."""
    return "en" if language() == "en" else "zh-CN"


def say(value: object) -> str:
    """Return any finished word in the reader's language.

    Takes a `Message` (its values are said too), a `Text` or {"zh": …, "en": …}, a role, what is left of a clock, a day,
    a text, several of these, None ('').
    """
    if value is None:
        return ""
    if isinstance(value, Message):
        sentence = gettext(value.text)
        return sentence % {name: say(part) for name, part in value.values.items()} if value.values else sentence
    if isinstance(value, Text):
        return value.en if language() == "en" and value.en else value.zh
    if isinstance(value, Remaining):
        return say(in_words(value))
    if isinstance(value, Role):
        return ROLE_NAMES[value][language()]
    if isinstance(value, Mapping):
        return str(value.get(language()) or value.get("zh", ""))
    if isinstance(value, datetime):
        return value.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return SEPARATOR[language()].join(say(part) for part in value)
    return str(value)


def install(app: Flask) -> None:
    """Set up translation; a Chinese reader needs no catalogue, for the message ids are Chinese."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Asia/Shanghai",
        default_translation_directories=f"{app.root_path}/translations",
        locale_selector=select_language,
    )
    env = app.jinja_env
    env.install_gettext_callables(_page_gettext, _page_ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.globals["_"] = _page_gettext  # Jinja's own alias looks `gettext` up in the context for each text
    app.after_request(_vary)

    @app.teardown_request
    def forget_reader(_error: BaseException | None) -> None:
        _READER.set(None)


def _vary(response: Response) -> Response:
    # A fault may be the database's: who reads is then not asked again, and that page is in both languages.
    if request.endpoint != "static" and response.status_code < 500:
        response.vary.add("Cookie")
        response.content_language.add(language_tag())
    return response
