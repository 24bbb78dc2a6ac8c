"""Putting what somebody had typed back into the form of a page, without scripts: the page is drawn as ever, then the
values of one of its forms are replaced in the finished HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

Attributes = Mapping[str, str | None]
Fields = Iterable[tuple[str, str]]

_LEFT_ALONE: Final = frozenset({"submit", "button", "image", "reset", "file", "password"})
NEVER: Final = frozenset({"csrf_token"})
"""Fields of the page itself: what they held before is worth nothing now."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A page with the values put back.

    found   whether the page has the form at all
    left    what had no place in it, to be shown beside
    """

    page: str
    found: bool
    left: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Control:
    """A part of a form that holds a value: where it stands in the page, and what it is."""

    kind: str
    name: str
    attributes: Attributes
    start: int
    end: int
    inner_end: int = 0
    """Where the text of a textarea ends."""
    options: list[_Control] = field(default_factory=list)


@dataclass(slots=True)
class _Form:
    path: str
    end_of_tag: int
    controls: list[_Control] = field(default_factory=list)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(control.name for control in self.controls if control.name)


def fill_form(page: str, *, address: str, path: str, fields: Fields) -> Filled:
    """Fill the form of a page that is sent to `path`; of several the one that has most of the names.

    address  where the page itself stands: a form without an action is sent there
    """
    typed: dict[str, list[str]] = {}
    for name, value in fields:
        if name not in NEVER:
            typed.setdefault(name, []).append(value)
    target = urlsplit(path).path
    forms = [one for one in _forms(page) if (one.path or urlsplit(address).path) == target and one.names & set(typed)]
    if not forms:
        return Filled(page, found=False, left=_flat(typed))
    form = max(forms, key=lambda one: len(one.names & set(typed)))
    edits: list[tuple[int, int, str]] = []
    for control in form.controls:
        edits += _edits(page, control, typed)
    for start, end, text in sorted(edits, reverse=True):
        page = page[:start] + text + page[end:]
    return Filled(page, found=True, left=_flat(typed))


def _flat(typed: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, values in typed.items() for value in values if value.strip())


def _edits(page: str, control: _Control, typed: dict[str, list[str]]) -> list[tuple[int, int, str]]:
    """Return the changes that put the value of one control back, and take the value from what is still to be placed."""
    sort = (control.attributes.get("type") or "text").lower() if control.kind == "input" else control.kind
    if sort in _LEFT_ALONE:
        typed.pop(control.name, None)  # which button was pressed is no text, and what is secret is typed anew
        return []
    if not control.name or control.name in NEVER:
        return []
    if sort in ("checkbox", "radio"):
        value = control.attributes.get("value") or "on"
        chosen = value in typed.get(control.name, ())
        if chosen:
            typed[control.name].remove(value)
        return [(control.start, control.end, _tag("input", control.attributes, "checked", on=chosen))]
    if sort == "select":
        edits = []
        for option in control.options:
            told = option.attributes.get("value")
            value = unescape(page[option.end : option.inner_end]).strip() if told is None else told
            chosen = value in typed.get(control.name, ())
            if chosen:
                typed[control.name].remove(value)
            edits.append((option.start, option.end, _tag("option", option.attributes, "selected", on=chosen)))
        return edits
    if not typed.get(control.name):
        return []
    value = typed[control.name].pop(0)
    if sort == "textarea":
        return [(control.end, control.inner_end, "\n" + escape(value.replace("\r\n", "\n")))]
    return [(control.start, control.end, _tag("input", {**control.attributes, "value": value}))]


def _tag(kind: str, attributes: Attributes, flag: str = "", *, on: bool = False) -> str:
    """Return a start tag with its attributes, with or without a flag such as `checked`."""
    kept = {name: value for name, value in attributes.items() if name != flag}
    written = [name if value is None else f'{name}="{escape(value)}"' for name, value in kept.items()]
    return f"<{' '.join([kind, *written, *([flag] if on else [])])}>"


def _forms(page: str) -> list[_Form]:
    reader = _Reader(page)
    reader.feed(page)
    reader.close()
    return reader.forms


class _Reader(HTMLParser):
    """Notes where the forms of a page and their controls stand."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[_Form] = []
        self._form: _Form | None = None
        self._select: _Control | None = None
        self._open: _Control | None = None
        self._lines = [0]
        for line in page.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._here()
        end = start + len(self.get_starttag_text() or "")
        told = dict(attrs)
        if tag == "form":
            self._form = None
            if (told.get("method") or "get").lower() == "post":
                self._form = _Form(urlsplit(told.get("action") or "").path, end)
                self.forms.append(self._form)
            return
        if self._form is None:
            return
        control = _Control(tag, told.get("name") or "", told, start, end)
        if tag == "option" and self._select is not None:
            self._close(start)
            self._select.options.append(control)
            self._open = control
        elif tag in ("input", "textarea", "select", "button"):
            self._form.controls.append(control)
            self._select = control if tag == "select" else None
            self._open = control if tag == "textarea" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = self._select = self._open = None
        elif tag == "select":
            self._close(self._here())
            self._select = None
        elif tag in ("textarea", "option"):
            self._close(self._here())

    def _close(self, at: int) -> None:
        if self._open is not None:
            self._open.inner_end = at
            self._open = None
