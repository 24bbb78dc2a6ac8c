"""What a board's address asks for: period and filters. Everything lives in the URL and can be shared."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import request, url_for
from flask_babel import gettext as _

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.signs import Sign
from caseapp.queries.board import FILTERS, BoardQuestion, By, Measure
from caseapp.queries.board_cases import Cell, Side
from caseapp.queries.list_choices import list_choices
from caseapp.web.shared.context import ctx
from caseapp.web.shared.days_asked import day_of
from caseapp.web.shared.labels import LABELS, label
from caseapp.web.shared.language import say
from caseapp.web.supervisor.board_words import dimension_name, names_for

_CHOSEN_IN_FORM: Final = (By.DIVISION, By.ORGAN, By.PROCEDURE, By.IP_TYPE, By.SOURCE, By.CAMPAIGN)


def board_question() -> BoardQuestion:
    """Read the question from the address; the present year where it says nothing. raises InputError"""
    today = ctx().today()
    first = day_of("from") or date(today.year, 1, 1)
    last = day_of("to") or max(first, today)
    if last < first:
        raise InputError("to", Message(N_("期间的终止日不能早于起始日")))
    if first > today:
        raise InputError("from", Message(N_("期间还没有开始")))
    filters = {by.value: request.args.get(by.value, "").strip() for by in FILTERS}
    return BoardQuestion(period=Period(first, last), today=today, **filters)


def address_of(asked: BoardQuestion) -> dict[str, Any]:
    """Return the question as the arguments of an address."""
    period = {"from": asked.period.first.isoformat(), "to": asked.period.last.isoformat()}
    return {**period, **{by.value: value for by, value in asked.filters().items()}}


def cell_asked() -> Cell:
    """Read which number of a board is to be opened. raises InputError"""
    try:
        measure = request.args.get("measure", "")
        side = request.args.get("side", "")
        sign = request.args.get("sign", "")
        by = request.args.get("by", "")
        month = request.args.get("month", "")
        if month:
            date.fromisoformat(f"{month}-01")
        cell = Cell(
            measure=Measure(measure) if measure else None,
            side=Side(side) if side else None,
            sign=Sign(sign) if sign else None,
            by=By(by) if by else None,
            value=request.args.get("value", ""),
            month=month,
            stayed=request.args.get("stayed") == "1",
        )
    except ValueError as wrong:
        raise InputError("measure", Message(N_("没有这种明细"))) from wrong
    if sum((cell.measure is not None, cell.side is not None, cell.sign is not None, cell.stayed)) != 1:
        raise InputError("measure", Message(N_("没有这种明细")))
    return cell


def drill(asked: BoardQuestion, cell: Cell, endpoint: str = "supervisor.board_cases") -> str:
    """Return the address of the cases behind a number."""
    told: dict[str, Any] = {
        "measure": cell.measure.value if cell.measure else None,
        "side": cell.side.value if cell.side else None,
        "sign": cell.sign.value if cell.sign else None,
        "stayed": "1" if cell.stayed else None,
        "month": cell.month or None,
        "by": cell.by.value if cell.by else None,
        "value": cell.value or None,
    }
    return url_for(endpoint, **{name: text for name, text in told.items() if text}, **address_of(asked))


def filter_form(asked: BoardQuestion) -> dict[str, Any]:
    """Return the filters a board offers, and those that are set as chips with the addresses without them."""
    choices = list_choices(ctx(), organ=asked.organ)
    offered: dict[By, list[tuple[str, object]]] = {
        By.DIVISION: list(choices.divisions),
        By.ORGAN: list(choices.organs),
        By.PROCEDURE: [one for one in choices.procedures if _counts(one[0])],
        By.IP_TYPE: [(word, label(word, "ip_type")) for word in LABELS["ip_type"]],
        By.SOURCE: [(word, label(word, "source")) for word in LABELS["source"]],
        By.CAMPAIGN: [(word, label(word, "campaign")) for word in LABELS["campaign"]],
    }
    set_here = asked.filters()
    chips = []
    for by, value in set_here.items():
        words = f"{dimension_name(by)}{_('：')}{say(names_for(by, [value])[value])}"
        without = {name: text for name, text in address_of(asked).items() if name != by.value}
        chips.append((words, url_for(str(request.endpoint), **without)))
    return {
        "selects": [
            (by.value, dimension_name(by), offered[by], set_here.get(by, "")) for by in _CHOSEN_IN_FORM if offered[by]
        ],
        "kept": [(by.value, value) for by, value in set_here.items() if by not in _CHOSEN_IN_FORM],
        "chips": chips,
    }


def _counts(procedure: str) -> bool:
    return ctx().law.procedures.get(procedure).counts
