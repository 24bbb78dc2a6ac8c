"""What narrows a list of cases: the filters of the page, looked up in an index where they match little."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.search_text import terms_of
from caseapp.models.case_file import CaseFile
from caseapp.models.case_ip_type import CaseIpType
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.search_entry import SearchEntry
from caseapp.queries.own_cases import is_own, own_lookup
from caseapp.queries.search_lookup import holds, lookup_in_sight
from caseapp.queries.unindexed import unindexed

DUE_SOON_DAYS = 7
"""What lists call due soon: so many days ahead, today included as day nought."""
FEW = 5000
"""A filter that matches no more cases than this is looked up once; one that matches more is tested along the way."""
LONGEST_TEXT = 100

_BRACKETS = str.maketrans("[](){}（）［］【】「」", "〔〕〔〕〔〕〔〕〔〕〔〕〔〕")
_LAST_LETTER = "\U0010ffff"


class Tab(StrEnum):
    """The saved views of the case list."""

    ALL = "all"
    MINE = "mine"
    DUE = "due"
    LEADS = "leads"
    OPEN = "open"
    CLOSED = "closed"


class Due(StrEnum):
    """Where the next last day of a case lies."""

    OVERDUE = "overdue"
    SOON = "soon"


OPEN_CATEGORIES = ("open", "suspended", "decided")


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list shows; '' and None leave a thing open. Everything here stands in the page's address.

    text      found in what the case itself says (numbers, title, summary, rights, goods) or in a party's name or credit
              code, as `caseapp.domain.search_text` compares
    due       a word of `Due`, or one day (ISO): the next last day of the case falls on it
    officer   id of one of the officers in charge
    """

    text: str = ""
    tab: Tab = Tab.ALL
    category: str = ""
    procedure: str = ""
    organ: str = ""
    division: str = ""
    ip_type: str = ""
    source: str = ""
    campaign: str = ""
    officer: str = ""
    due: str = ""
    filed_from: date | None = None
    filed_to: date | None = None


Column = Callable[[Any], Any]
"""How a condition writes a column: as it is, or so that it does not choose the index (`queries.unindexed`)."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters of a list, those that match few cases looked up already.

    ids      for each of these its cases: a page never walks a long index in search of rare rows
    columns  conditions to be tested row by row, made when it is known which columns may choose the index
    """

    ids: tuple[list[str], ...]
    columns: tuple[Callable[[Column], ColumnElement[bool]], ...]

    def conditions(self, indexed: Container[str]) -> tuple[ColumnElement[bool], ...]:
        """Return everything as conditions on `case_file`.

        indexed  names of the columns on which an index serves the order that is asked for
        """

        def column(one: Any) -> Any:
            return one if one.key in indexed else unindexed(one)

        return (*(CaseFile.id.in_(ids) for ids in self.ids), *(make(column) for make in self.columns))


def narrowed(ctx: Context, asked: CaseFilter) -> Narrowed:
    """Look up what of the filters matches few cases. raises InputError for a day that cannot be read"""
    ids: list[list[str]] = []
    columns = list(_plain(asked))
    for wanted, along in _lookups(ctx, asked):
        found = few_ids(ctx, wanted)
        if found is None:
            columns.append(along)
        else:
            ids.append(found)
    return Narrowed(tuple(ids), tuple(columns))


def few_ids(ctx: Context, wanted: Select[Any]) -> list[str] | None:
    """Return the ids that a query finds, None where there are more than `FEW`; it is not followed further than that.

    wanted  may find a case several times; then it is given up the earlier
    """
    found = ctx.session.execute(wanted.limit(FEW + 1)).scalars().all()
    return sorted(set(found)) if len(found) <= FEW else None


def normal_text(text: str) -> str:
    """Return what was typed as it is compared: no blanks around, the brackets of case numbers all alike."""
    return " ".join(text.split())[:LONGEST_TEXT].translate(_BRACKETS)


Along = Callable[[Column], ColumnElement[bool]]


def _plain(asked: CaseFilter) -> Iterator[Along]:
    """Yield the filters on words so frequent that an index on them alone would help nobody."""
    if asked.tab is Tab.OPEN:
        yield lambda column: column(CaseFile.category).in_(OPEN_CATEGORIES)
    category = {Tab.LEADS: "lead", Tab.CLOSED: "closed"}.get(asked.tab, "")
    for attribute, value in (
        (CaseFile.category, category),
        (CaseFile.category, asked.category),
        (CaseFile.organ_id, asked.organ),
        (CaseFile.division, asked.division),
        (CaseFile.source, asked.source),
    ):
        if value:
            yield lambda column, attribute=attribute, value=value: column(attribute) == value  # type: ignore[misc]


def _lookups(ctx: Context, asked: CaseFilter) -> Iterator[tuple[Select[Any], Along]]:
    """Yield (the ids from an index, the same as a condition on one case) for every filter that may match few cases."""
    today = ctx.today()
    text = normal_text(asked.text)
    if text:
        yield _named(ctx, text, asked.organ), lambda _column: _is_named(ctx, text)
    if asked.tab is Tab.MINE:
        yield own_lookup(ctx), lambda _column: is_own(ctx)
    if asked.officer:
        assigned = select(CaseOfficer.case_id).where(CaseOfficer.user_id == asked.officer)
        yield assigned, lambda _column: exists(assigned.where(CaseOfficer.case_id == CaseFile.id))
    if asked.ip_type:
        yield (
            select(CaseIpType.case_id).where(CaseIpType.ip_type == asked.ip_type),
            lambda _column: CaseFile.ip_types.contains(f"|{asked.ip_type}|", autoescape=True),
        )
    spans: list[Along] = []
    if asked.procedure:
        spans.append(lambda column: column(CaseFile.procedure) == asked.procedure)
    if asked.campaign:
        tagged = CaseFile.campaigns.contains(f"|{asked.campaign}|", autoescape=True)
        spans.append(lambda column: and_(column(CaseFile.campaigns) != "", tagged))
    if asked.tab is Tab.DUE:
        spans.append(lambda column: column(CaseFile.next_due_on) <= today + timedelta(days=DUE_SOON_DAYS))
    if asked.due:
        spans.append(_due(asked.due, today))
    if asked.filed_from or asked.filed_to:
        spans.append(_between(asked.filed_from, asked.filed_to))
    for span in spans:
        yield select(CaseFile.id).where(span(_as_it_is)), span


def _as_it_is(column: Any) -> Any:
    return column


def _due(word: str, today: date) -> Along:
    if word == Due.OVERDUE:
        return lambda column: column(CaseFile.next_due_on) < today
    if word == Due.SOON:
        return lambda column: column(CaseFile.next_due_on).between(today, today + timedelta(days=DUE_SOON_DAYS))
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise InputError("due", Message(N_("期限应为“逾期”“将到期”或者某一日期"))) from None
    return lambda column: column(CaseFile.next_due_on) == day


def _between(first: date | None, last: date | None) -> Along:
    return lambda column: column(CaseFile.filed_on).between(first or date.min, last or date.max)


def begins_with(ctx: Context, column: Any, text: str) -> ColumnElement[bool]:
    """Return the condition that a column begins with a text, in the form that the database answers from an index."""
    if ctx.session.get_bind().dialect.name == "sqlite":
        return and_(column >= text, column < text + _LAST_LETTER)
    begins: ColumnElement[bool] = column.startswith(text, autoescape=True)
    return begins


_NAMED_IN = ("case", "party")
"""Texts of a case in which the list looks for what was typed: its own, and those of its parties."""


def _named(ctx: Context, text: str, organ: str) -> Select[Any]:
    """Return the ids of cases that answer to the text, all that the actor may see among them."""
    terms = terms_of(text)
    if not terms:
        return select(CaseFile.id).where(false())
    return lookup_in_sight(ctx, _NAMED_IN, terms, SearchEntry.case_id, organ=organ)


def _is_named(ctx: Context, text: str) -> ColumnElement[bool]:
    """Return the same as `_named`, asked of one case."""
    terms = terms_of(text)
    named = select(1).where(SearchEntry.case_id == CaseFile.id, SearchEntry.kind.in_(_NAMED_IN), holds(ctx, terms))
    return exists(named) if terms else false()
