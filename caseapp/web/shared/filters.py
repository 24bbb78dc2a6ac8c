"""Finished words for templates: days, instants, money, shares, counts, messages and names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from flask import Flask, current_app, request, url_for
from jinja2.environment import Template, TemplateModule
from jinja2.runtime import Context as RuntimeContext
from markupsafe import Markup, escape

from caseapp.domain.clocks.status import Remaining, in_words
from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.money import yuan_text
from caseapp.domain.roles import Role
from caseapp.queries.told_days import ToldDay
from caseapp.web.shared import labels, login, paging
from caseapp.web.shared.context import viewer
from caseapp.web.shared.language import LANGUAGES, language, language_tag, say
from caseapp.web.shared.language import gettext as _
from caseapp.web.shared.visitors import device_name

NONE_SHOWN = "—"
_WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),  # not translated: chosen by the language
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_PRECISION_LETTERS = {"month": 7, "year": 4}


def day(value: date | datetime | str | None, precision: str = "day") -> str:
    """Return '2026-11-22 周日'; a day known to the month or year only is shown so, without a weekday."""
    if isinstance(value, ToldDay):
        precision = value.precision
    if precision == "unknown":
        return _("日期不详")
    local = _local_date(value)
    if local is None:
        return NONE_SHOWN
    if precision in _PRECISION_LETTERS:
        return local.isoformat()[: _PRECISION_LETTERS[precision]]
    return f"{local.isoformat()} {_WEEKDAYS[language()][local.weekday()]}"


def short_day(value: date | datetime | str | None) -> str:
    """Return '2026-11-22' for dense tables."""
    local = _local_date(value)
    return NONE_SHOWN if local is None else local.isoformat()


def weekday(value: date | datetime | str | None) -> str:
    """Return '周日'."""
    local = _local_date(value)
    return "" if local is None else _WEEKDAYS[language()][local.weekday()]


def moment(value: datetime | str | None, seconds: bool = False) -> str:
    """Return an instant in local time: '2026-11-22 周日 09:30'."""
    if value is None or value == "":
        return NONE_SHOWN
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = instant.astimezone(LEGAL_ZONE)
    return f"{day(local)} {local:%H:%M:%S}" if seconds else f"{day(local)} {local:%H:%M}"


def _local_date(value: date | datetime | str | None) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(LEGAL_ZONE).date()
    return value


def money(amount_fen: int | None) -> str:
    """Return '97,353.00 元' for an amount in fen."""
    return NONE_SHOWN if amount_fen is None else _("%(amount)s 元", amount=yuan_text(amount_fen))


def percent(share: float | Decimal | None, digits: int = 1) -> str:
    """Return a share of one as '94.6%'; None (nothing to divide by) is a dash."""
    return NONE_SHOWN if share is None else f"{share * 100:.{digits}f}%"


def number(count: int | None) -> str:
    """Return '12,345'."""
    return NONE_SHOWN if count is None else f"{count:,}"


def capped(count: int, cap: int = paging.COUNT_CAP) -> str:
    """Return a count that was not taken further than the cap: '1,000+'."""
    return f"{cap:,}+" if count > cap else f"{count:,}"


def left(remaining: Remaining | None) -> str:
    """Return what is left of a clock in words: '还剩 3 个工作日'; '' where an open pause hides its end."""
    return "" if remaining is None else say(in_words(remaining))


def lines(text: str | None) -> Markup:
    """Return a text with its line breaks kept and everything else escaped."""
    return Markup("<br>").join(escape(part) for part in (text or "").splitlines())


def article(citation: object) -> str:
    """Return '《…》第…条' of a citation (or of an article already in words)."""
    return "" if citation is None else str(citation)


def role_name(role: str) -> str:
    """Return the name of a role id, as `Unmet.cure` carries it; another word is shown as it is."""
    return say(Role(role)) if role in set(Role) else role


def asset_of(app: Flask) -> Callable[[str], str]:
    """Return the function that tells the address of a file under static/, with a mark of its content's age so that it
    may be kept for a year.
    """
    known: dict[str, str] = {}

    def asset(path: str) -> str:
        if path not in known or app.debug:
            file = Path(app.static_folder or "") / path
            mark = f"{int(file.stat().st_mtime):x}" if file.is_file() else None
            known[path] = url_for("static", filename=path, v=mark)
        return known[path]

    return asset


def url_if(endpoint: str, **values: object) -> str:
    """Return the address of a view, or '' where this installation has no such room."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""  # type: ignore[arg-type]


def printed_at() -> datetime:
    """Return the instant for the head of a printed page."""
    return login.now()


def today() -> date:
    """Return the local date."""
    return login.now().astimezone(LEGAL_ZONE).date()


def here() -> str:
    """Return the address of this page, for coming back to it."""
    return request.full_path.rstrip("?")


class PageTemplate(Template):
    """A template whose macros are imported without comparing every name that templates know, once an import."""

    def _get_default_module(self, ctx: RuntimeContext | None = None) -> TemplateModule:
        # Jinja makes a module anew where the importing page knows more names; here all share those of the environment.
        if ctx is not None and not ctx.globals_keys.difference(*getattr(self.globals, "maps", ())):
            ctx = None
        return super()._get_default_module(ctx)


def install(app: Flask) -> None:
    """Give the filters and functions to the templates."""
    app.jinja_env.template_class = PageTemplate
    app.jinja_env.filters.update(
        say=say,
        label=labels.label,
        labels=labels.labels,
        day=day,
        short_day=short_day,
        weekday=weekday,
        moment=moment,
        money=money,
        percent=percent,
        number=number,
        capped=capped,
        left=left,
        lines=lines,
        article=article,
        role_name=role_name,
        same_site=login.same_site,
        device=device_name,
    )
    app.jinja_env.globals.update(
        asset=asset_of(app),
        url_if=url_if,
        url_with=paging.url_with,
        viewer=viewer,
        language=language,
        language_tag=language_tag,
        languages=LANGUAGES,
        printed_at=printed_at,
        today=today,
        here=here,
        choices_of=labels.choices,
        seconds_left=login.seconds_left,
        warn_seconds=login.warn_seconds,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
