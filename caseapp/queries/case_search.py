"""What narrows a list of cases: the filters of the page, as conditions that an index can serve where they match little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true, union

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.models.case_file import CaseFile
from caseapp.models.case_ip_type import CaseIpType
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.case_party import CaseParty
from caseapp.models.case_right import CaseRight
from caseapp.queries.own_cases import is_own, own_lookup

DUE_SOON_DAYS = 7
"""What lists call due soon: so many days ahead, today included as day nought."""
FEW = 2000
"""A filter that matches no more cases than this is looked up first; one that matches more is tested along the way."""
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

    text      found in the title or a party's name, or how a number (case, lead, other system, right, credit code) begins
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


def conditions_of(ctx: Context, asked: CaseFilter) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on `case_file`. Every lookup that matches few cases comes as `id IN (…)`, for an index.

    raises  InputError for a day that cannot be read
    """
    conditions = list(_plain(asked))
    for lookup, along in _lookups(ctx, asked):
        conditions.append(CaseFile.id.in_(lookup) if matches_few(ctx, lookup) else along)
    return tuple(conditions)


def matches_few(ctx: Context, lookup: Select[Any]) -> bool:
    """Return whether the lookup finds at most `FEW` cases; it is not followed further than that."""
    found = select(func.count()).select_from(lookup.limit(FEW + 1).subquery())
    return ctx.session.execute(found).scalar_one() <= FEW


def normal_text(text: str) -> str:
    """Return what was typed as it is compared: no blanks around, the brackets of case numbers all alike."""
    return " ".join(text.split())[:LONGEST_TEXT].translate(_BRACKETS)


def _plain(asked: CaseFilter) -> Iterator[ColumnElement[bool]]:
    if asked.tab is Tab.LEADS:
        yield CaseFile.category == "lead"
    elif asked.tab is Tab.OPEN:
        yield CaseFile.category.in_(OPEN_CATEGORIES)
    elif asked.tab is Tab.CLOSED:
        yield CaseFile.category == "closed"
    for column, value in (
        (CaseFile.category, asked.category),
        (CaseFile.procedure, asked.procedure),
        (CaseFile.organ_id, asked.organ),
        (CaseFile.division, asked.division),
        (CaseFile.source, asked.source),
    ):
        if value:
            yield column == value
    if asked.campaign:
        yield CaseFile.campaigns.contains(f"|{asked.campaign}|", autoescape=True)


def _lookups(ctx: Context, asked: CaseFilter) -> Iterator[tuple[Select[Any], ColumnElement[bool]]]:
    """Yield (the ids from an index, the same as a condition on one case) for every filter that may match few cases."""
    today = ctx.today()
    text = normal_text(asked.text)
    if text:
        yield _named(ctx, text), _is_named(text)
    if asked.tab is Tab.MINE:
        yield own_lookup(ctx), is_own(ctx)
    if asked.officer:
        assigned = select(CaseOfficer.case_id).where(CaseOfficer.user_id == asked.officer)
        yield assigned, exists(assigned.where(CaseOfficer.case_id == CaseFile.id))
    if asked.ip_type:
        yield (
            select(CaseIpType.case_id).where(CaseIpType.ip_type == asked.ip_type),
            CaseFile.ip_types.contains(f"|{asked.ip_type}|", autoescape=True),
        )
    spans = []
    if asked.tab is Tab.DUE:
        spans.append(CaseFile.next_due_on <= today + timedelta(days=DUE_SOON_DAYS))
    if asked.due:
        spans.append(_due(asked.due, today))
    filed = _between(asked.filed_from, asked.filed_to)
    if filed is not None:
        spans.append(filed)
    for span in spans:
        yield select(CaseFile.id).where(span), span


def _due(word: str, today: date) -> ColumnElement[bool]:
    if word == Due.OVERDUE:
        return CaseFile.next_due_on < today
    if word == Due.SOON:
        return CaseFile.next_due_on.between(today, today + timedelta(days=DUE_SOON_DAYS))
    try:
        return CaseFile.next_due_on == date.fromisoformat(word)
    except ValueError:
        raise InputError("due", Message(N_("期限应为“逾期”“将到期”或者某一日期"))) from None


def _between(first: date | None, last: date | None) -> ColumnElement[bool] | None:
    if first is None and last is None:
        return None
    return and_(
        CaseFile.filed_on >= first if first else CaseFile.filed_on.is_not(None),
        CaseFile.filed_on <= last if last else true(),
    )


def begins_with(ctx: Context, column: Any, text: str) -> ColumnElement[bool]:
    """Return the condition that a column begins with a text, in the form that the database answers from an index."""
    if ctx.session.get_bind().dialect.name == "sqlite":
        return and_(column >= text, column < text + _LAST_LETTER)
    begins: ColumnElement[bool] = column.startswith(text, autoescape=True)
    return begins


def _named(ctx: Context, text: str) -> Select[Any]:
    """Return the ids of cases that answer to the text; every part is read from an index of its own."""
    number = text.upper() if text.isascii() else text
    parts: list[Select[Any]] = [
        select(CaseFile.id).where(begins_with(ctx, CaseFile.number, text)),
        select(CaseFile.id).where(begins_with(ctx, CaseFile.lead_number, text)),
        select(CaseFile.id).where(begins_with(ctx, CaseFile.external_id, text)),
        select(CaseRight.case_id).where(begins_with(ctx, CaseRight.number, number)),
        select(CaseParty.case_id).where(CaseParty.uscc == number),
        select(CaseParty.case_id).where(CaseParty.name.contains(text, autoescape=True)),
        select(CaseFile.id).where(CaseFile.title.contains(text, autoescape=True)),
    ]
    if "〔" in text:
        parts += [
            select(CaseFile.id).where(CaseFile.number.contains(text, autoescape=True)),
            select(CaseFile.id).where(CaseFile.lead_number.contains(text, autoescape=True)),
        ]
    found = union(*parts).subquery()
    return select(found.c[0])


def _is_named(text: str) -> ColumnElement[bool]:
    """Return the same as `_named`, asked of one case."""
    number = text.upper() if text.isascii() else text
    return or_(
        CaseFile.title.contains(text, autoescape=True),
        CaseFile.number.contains(text, autoescape=True) if "〔" in text else CaseFile.number.startswith(text, autoescape=True),
        CaseFile.lead_number.contains(text, autoescape=True)
        if "〔" in text
        else CaseFile.lead_number.startswith(text, autoescape=True),
        CaseFile.external_id.startswith(text, autoescape=True),
        exists(
            select(1).where(
                CaseParty.case_id == CaseFile.id,
                or_(CaseParty.name.contains(text, autoescape=True), CaseParty.uscc == number),
            )
        ),
        exists(
            select(1).where(CaseRight.case_id == CaseFile.id, CaseRight.number.startswith(number, autoescape=True))
        ),
    )
