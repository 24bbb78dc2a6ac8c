"""What both drawings are made of: sizes, colours, words, boxes and arrow heads."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from caseapp.domain.workflow.definition import Category, Text

INK: Final = {
    Category.LEAD: ("#f3f4f6", "#6b7280"),
    Category.OPEN: ("#e8f0fb", "#1f4e8c"),
    Category.SUSPENDED: ("#fdf3e1", "#b45309"),
    Category.DECIDED: ("#eaf5ee", "#2f7d4f"),
    Category.CLOSED: ("#e5e7eb", "#1b2433"),
}
WORDS: Final[Mapping[str, Text]] = {
    "lead": Text("线索", "Lead"),
    "open": Text("办理中", "Open"),
    "suspended": Text("中止", "Suspended"),
    "decided": Text("已决定", "Decided"),
    "closed": Text("已办结", "Closed"),
    "any": Text("办理中任一状态", "Any open state"),
    "many": Text("可在多个状态办理的事项", "Actions that may be taken in many states"),
    "back": Text("中止前的状态", "the state before suspension"),
    "states": Text("个状态", "states"),
    "here": Text("当前", "now"),
    "done": Text("已经过", "passed"),
    "next": Text("可进入", "may follow"),
    "map": Text("流程图", "Map of the procedure"),
    "all_of": Text("各状态", "states"),
    "except": Text("除外", "except"),
}

FONT: Final = "'PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC',sans-serif"
BOX_WIDTH: Final = 136
BOX_HEIGHT: Final = 42
BOX_GAP: Final = 28
LANE: Final = 22
LINE: Final = 15
TEXT: Final = 13
SMALL: Final = 11
MARGIN: Final = 24


def say(text: Text, language: str) -> str:
    return text.en if language == "en" else text.zh


def word(name: str, language: str) -> str:
    return say(WORDS[name], language)


def width_of(text: str, size: int = SMALL) -> float:
    """Return about how wide a text is: a hanzi is one em, other characters a good half."""
    return sum(size if ord(letter) > 0x2E80 else size * 0.56 for letter in text)


def wrapped(text: str, room: float, size: int) -> list[str]:
    """Break a text into lines that fit: hanzi anywhere, in lines of even length; other words only between them."""
    if any(ord(letter) > 0x2E80 for letter in text):
        count = max(1, -int(-width_of(text, size) // room))
        each = -(-len(text) // count)
        return [text[start : start + each] for start in range(0, len(text), each)]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def arrows(drawing: str) -> str:
    """Return the arrow heads of one drawing; their ids carry its name, so that two may stand on one page."""
    return (
        f'<defs><marker id="{drawing}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" fill="#4b5563"/></marker>'
        f'<marker id="{drawing}-back" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" '
        'orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" fill="#b45309"/></marker>'
        "</defs>"
    )


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    name: str,
    ink: tuple[str, str],
    kind: str,
    *,
    heavy: bool = False,
    marked: bool = False,
    dash: bool = False,
    size: int = TEXT,
) -> str:
    fill, stroke = ink
    weight = 3 if heavy else 2 if marked else 1.2
    dashed = ' stroke-dasharray="5 4"' if dash else ""
    lines = wrapped(name, width - 8, size)
    if len(lines) * (size + 3) > height - 4:
        size -= 2
        lines = wrapped(name, width - 6, size)
    top = y - (len(lines) - 1) * (size + 3) / 2 + size * 0.36
    words = "".join(
        f'<tspan x="{x:.1f}" y="{top + index * (size + 3):.1f}">{escape(line)}</tspan>'
        for index, line in enumerate(lines)
    )
    bold = ' font-weight="700"' if heavy else ""
    return (
        f'<g class="{kind}"><title>{escape(name)}</title>'
        f'<rect x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width}" height="{height}" rx="9" '
        f'fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{weight}"{dashed}/>'
        f'<text text-anchor="middle" font-size="{size}" fill="#1b2433"{bold}>{words}</text></g>'
    )


def role_of(links: Mapping[str, str]) -> str:
    """Return the role of a drawing: what holds links is no picture, or a screen reader would not find them."""
    return "group" if links else "img"


def linked(drawn: str, address: str | None) -> str:
    return f'<a href="{escape(address)}">{drawn}</a>' if address else drawn
