"""Turns frozen facts into the HTML of an official document: Jinja over templates/documents, no web framework.

In a preview a fact that is missing shows as 【缺：…】 and a character that the fonts lack as 【缺字 U+…】; for issuing and
printing either of them is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import wraps
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from caseapp.domain import money
from caseapp.domain.documents import (
    DocumentNotReady,
    DocumentType,
    Facts,
    MissingFact,
    is_blank,
    missing_facts,
    unprintable_characters,
)
from caseapp.domain.events import LEGAL_ZONE

GlyphCheck = Callable[[str], Sequence[str]]
"""The characters of a text that no font has, see `PdfRenderer.glyphs_missing`."""

IP_NAMES = {
    "patent_invention": "发明专利",
    "patent_utility": "实用新型专利",
    "patent_design": "外观设计专利",
    "patent": "专利",
    "trademark": "注册商标",
    "copyright": "著作权",
    "gi": "地理标志",
    "plant_variety": "植物新品种",
    "trade_secret": "商业秘密",
    "other": "其他知识产权",
}
SOURCE_NAMES = {
    "inspection": "监督检查",
    "complaint": "投诉",
    "report": "举报",
    "transfer": "其他部门移送",
    "assigned": "上级交办",
    "request": "当事人请求",
}
"""Sources as 程序规定 art 18 names them; another source is printed as it was entered."""

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_LETTERHEAD_POINTS = 40.0
_LETTERHEAD_WIDTH_POINTS = 430.0
"""A letterhead is as large as the type area allows, but never larger than on a usual red head."""


class DocumentRenderer:
    """Renders every kind of document from the templates of one folder.

    templates_dir   templates/documents
    glyphs_missing  the printer's check; by default every character is taken to be printable
    """

    def __init__(self, templates_dir: Path, *, glyphs_missing: GlyphCheck = lambda text: ()) -> None:
        self._glyphs_missing = glyphs_missing
        self._environment = Environment(
            loader=FileSystemLoader(templates_dir),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self._finalize,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        )
        self._environment.filters.update(
            cn_date=_over_missing(cn_date),
            cn_time=_over_missing(cn_time),
            cn_number=_over_missing(cn_number),
            yuan=_over_missing(lambda fen: f"{money.yuan_text(fen)}元"),
            yuan_plain=_over_missing(money.yuan_text),
            capital=_over_missing(money.capital),
            lines=_lines,
            sentence=_over_missing(sentence),
            confiscating=_over_missing(confiscating),
            ip_name=_over_missing(lambda kind: IP_NAMES.get(kind, kind)),
            source_name=_over_missing(lambda source: SOURCE_NAMES.get(source, source)),
            where=_where,
            letterhead_points=_over_missing(letterhead_points),
        )

    def render_html(self, doc_type: DocumentType, facts: Facts, *, preview: bool) -> str:
        """Return the document as HTML, ready for the PDF printer.

        facts    see docs/documents.md; `number` and `issued_on` are set by issuing and may be absent in a preview
        preview  True: a draft, what is missing is shown in place; False: the paper itself
        raises   DocumentNotReady (preview=False only): facts are missing or the fonts lack a character
        """
        if not preview:
            self._refuse_unready(doc_type, facts)
        page = _Page(doc_type, strict=not preview)
        root = _View(facts, "", page)
        template = self._environment.get_template(doc_type.template)
        return template.render(
            facts=root,
            document=doc_type,
            respondents=_where(root["parties"], "role", "respondent"),
            missing=page.missing,
            preview=preview,
            watermarks=[word for word, shown in (("演示", facts.get("demo") is True), ("草稿", preview)) if shown],
            created=_created(facts),
        )

    def _refuse_unready(self, doc_type: DocumentType, facts: Facts) -> None:
        missing = list(missing_facts(doc_type, facts))
        if doc_type.numbered and is_blank(facts.get("number")):
            missing.append(MissingFact("number", "文号"))
        if is_blank(facts.get("issued_on")):
            missing.append(MissingFact("issued_on", "签发日期"))
        unprintable = unprintable_characters(doc_type, facts, self._glyphs_missing)
        if missing or unprintable:
            raise DocumentNotReady(doc_type, missing, unprintable)

    def _finalize(self, value: object) -> object:
        """Mark, in every text that is put out, the characters that would print as boxes."""
        if not isinstance(value, str) or isinstance(value, Markup):
            return value
        lacking = set(self._glyphs_missing(value))
        if not lacking:
            return value
        return Markup("").join(
            Markup('<mark class="missing">【缺字&nbsp;U+{:04X}】</mark>').format(ord(character))
            if character in lacking
            else escape(character)
            for character in value
        )


class _Page:
    """What one rendering knows: the kind of document, and whether a missing fact may be shown."""

    __slots__ = ("doc_type", "strict")

    def __init__(self, doc_type: DocumentType, *, strict: bool) -> None:
        self.doc_type = doc_type
        self.strict = strict

    def missing(self, path: str) -> _Missing:
        return _Missing(path, self)


class _Missing:
    """A fact that is not there. False, empty, and every part of it is missing too; printing it marks or refuses."""

    __slots__ = ("_page", "_path")

    def __init__(self, path: str, page: _Page) -> None:
        self._path = path
        self._page = page

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __getitem__(self, key: object) -> _Missing:
        return _Missing(f"{self._path}.{key}", self._page)

    def __html__(self) -> str:
        label = self._page.doc_type.label(self._path)
        if self._page.strict:
            raise DocumentNotReady(self._page.doc_type, [MissingFact(self._path, label)])
        return str(Markup('<mark class="missing">【缺：{}】</mark>').format(label))

    def __str__(self) -> str:
        return self.__html__()


class _View:
    """A mapping among the facts as templates see it: `facts.case.name`, blank values and unknown keys are missing."""

    __slots__ = ("_page", "_path", "_values")

    def __init__(self, values: Mapping[str, object], path: str, page: _Page) -> None:
        self._values = values
        self._path = path
        self._page = page

    def __getitem__(self, key: str) -> object:
        path = f"{self._path}.{key}" if self._path else key
        return _view(self._values.get(key), path, self._page)


class _ListView:
    """A list among the facts as templates see it."""

    __slots__ = ("_items", "_page", "_path")

    def __init__(self, items: Sequence[tuple[int, object]], path: str, page: _Page) -> None:
        self._items = items
        self._path = path
        self._page = page

    def __iter__(self) -> Iterator[object]:
        return (_view(item, f"{self._path}.{index}", self._page) for index, item in self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, value: object) -> bool:
        return any(item == value for _, item in self._items)

    def where(self, key: str, value: object) -> _ListView | _Missing:
        found = [(index, item) for index, item in self._items if isinstance(item, Mapping) and item.get(key) == value]
        return _ListView(found, self._path, self._page) if found else self._page.missing(f"{self._path}[{key}={value}]")


def _view(value: object, path: str, page: _Page) -> object:
    if is_blank(value):
        return page.missing(path)
    if isinstance(value, Mapping):
        return _View(value, path, page)
    if isinstance(value, (list, tuple)):
        return _ListView(list(enumerate(value)), path, page)
    return value


def _over_missing(filter_: Callable[..., object]) -> Callable[..., object]:
    """Let a filter pass a missing fact through, so that it is marked under its own name."""

    @wraps(filter_)
    def wrapped(value: object, *arguments: object) -> object:
        return value if isinstance(value, _Missing) else filter_(value, *arguments)

    return wrapped


def _where(items: object, key: str, value: object) -> object:
    return items.where(key, value) if isinstance(items, _ListView) else items


def _lines(text: object) -> list[object]:
    """Return the paragraphs of a text; a missing text is one paragraph that says so."""
    if not isinstance(text, str):
        return [text]
    return [line.strip() for line in text.splitlines() if line.strip()]


def sentence(text: str) -> str:
    """Return a text closed as a sentence: what people typed without a full stop gets one."""
    closed = text.strip()
    return closed if closed.endswith(("。", "！", "？", "；", "：", ".")) else f"{closed}。"


def confiscating(goods: str) -> str:
    """Return the penalty of confiscation: the verb is put before goods that were entered without it."""
    text = goods.strip().rstrip("。；")
    return text if text.startswith(("没收", "收缴")) else f"没收{text}"


def cn_date(text: str) -> str:
    """Return an ISO date (or the date of an ISO instant, in legal time) as 2026年11月22日; no zero is put before a
    digit.
    """
    day = _legal_time(text).date() if "T" in text else date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def cn_time(text: str) -> str:
    """Return an ISO instant in legal time as 2026年11月22日9时05分; a mere date stays a date."""
    if "T" not in text:
        return cn_date(text)
    moment = _legal_time(text)
    return f"{cn_date(moment.date().isoformat())}{moment.hour}时{moment.minute:02d}分"


def _legal_time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(LEGAL_ZONE) if moment.tzinfo else moment


def cn_number(number: int) -> str:
    """Return 0..9999 in Chinese numerals as terms are written in statutes: 5 → 五, 15 → 十五, 60 → 六十, 105 → 一百零五.

    raises  ValueError outside that range
    """
    if not 0 <= number <= 9999:
        raise ValueError(f"{number} is no number of days or months")
    if number < 10:
        return _DIGITS[number]
    words = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += f"{_DIGITS[digit]}{_PLACES[place]}"
        elif words and not words.endswith("零"):
            words += "零"
    words = words.rstrip("零")
    return words.removeprefix("一") if words.startswith("一十") else words


def letterhead_points(name: str) -> float:
    """Return the type size at which an organ's name fills at most the width of the type area."""
    return round(min(_LETTERHEAD_POINTS, _LETTERHEAD_WIDTH_POINTS / max(len(name), 1)), 1)


def _created(facts: Facts) -> str:
    """Return when the paper was made, for the file's properties: the instant of issue, else its day, else nothing."""
    at, on = facts.get("issued_at"), facts.get("issued_on")
    if isinstance(at, str) and at:
        return _legal_time(at).isoformat(timespec="seconds")
    return on if isinstance(on, str) else ""
