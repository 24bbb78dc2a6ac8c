"""Forms of a page as a browser without scripts sends them."""

from __future__ import annotations

from typing import Any

from lxml import html

from tests.web.shell import Visitor


def fields(text: str, action: str = "") -> dict[str, Any]:
    """Return what the form of a page would send, untouched: hidden fields, chosen options, texts.

    action  how the form's address ends, where a page has several; without it the last form of the main part
    """
    main = html.fromstring(text).get_element_by_id("content")
    forms = [form for form in main.iter("form") if form.method == "POST"]
    form = next(one for one in reversed(forms) if not action or (one.action or "").endswith(action))
    sent: dict[str, Any] = {}
    texts = {area.get("name") for area in form.iter("textarea")}
    for name, value in form.form_values():
        value = value.removeprefix("\n") if name in texts else value  # which a browser drops, too
        known = sent.get(name)
        sent[name] = value if known is None else [*known, value] if isinstance(known, list) else [known, value]
    return sent


def send(visitor: Visitor, path: str, sent: dict[str, Any], **changes: Any) -> Any:
    """Send a form with some fields filled in; None takes a field out."""
    whole = {name: value for name, value in {**sent, **changes}.items() if value is not None}
    return visitor.post(path, fields=whole)


def words(text: str) -> str:
    """Return the words of the main part of a page, blanks evened."""
    return " ".join(html.fromstring(text).get_element_by_id("content").text_content().split())
