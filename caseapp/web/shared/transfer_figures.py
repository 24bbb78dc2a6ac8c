"""Figures of transfers as pages and files: the same for those who read of whole cases and for those who read of what
was sent to them. Each room says whose sight it is and where its own pages are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import Response, request, url_for
from flask_babel import gettext as _

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import LEGAL_ZONE, start_of
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.transfers import Cell, Outcome, Part, Side, Standing, Step, TransferFigures, TransferRow
from caseapp.queries.case_page import organ_name
from caseapp.queries.referral_inbox import offences_of
from caseapp.queries.transfer_figures import (
    Sight,
    TransferLine,
    TransferQuestion,
    figures_of_transfers,
    transfers_behind,
)
from caseapp.queries.transfers_restated import restated_transfers
from caseapp.services.access_log import note_export
from caseapp.web.shared.context import ctx
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.days_asked import day_of, instant_of
from caseapp.web.shared.language import say

NO_OFFENCE: Final = "none"
"""Word in an address for transfers whose offence is not stated, or not known to the reader."""
SHOWN: Final = 200

STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.ACCEPTED: N_("已立案"),
    Standing.REFUSED: N_("不予立案"),
    Standing.PENDING: N_("公安机关审查中"),
    Standing.WITHDRAWN: N_("签收前撤回"),
}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.FILED: N_("公安机关立案"),
    Outcome.NOT_FILED: N_("未立案"),
    Outcome.ORDERED: N_("检察机关通知立案"),
    Outcome.DROPPED: N_("公安机关撤销案件"),
    Outcome.NOT_PROSECUTED: N_("不起诉"),
    Outcome.JUDGED: N_("已有生效判决"),
    Outcome.RETURNED: N_("退回继续办理"),
    Outcome.PENALISED: N_("退回后作出行政处罚"),
}
STEPS: Final[Mapping[Step, str]] = {
    Step.DECIDE: N_("负责人决定是否移送"),
    Step.HAND_OVER: N_("批准后移送"),
    Step.SIGN: N_("公安机关签收"),
    Step.EXAMINE: N_("公安机关立案审查"),
    Step.SUPPLEMENT: N_("补送材料"),
    Step.RECONSIDER: N_("公安机关复议"),
    Step.SUPERVISE: N_("检察机关立案监督"),
    Step.GOODS: N_("移交涉案物品"),
}
SIDES: Final[Mapping[Side, str]] = {
    Side.HOUSE: N_("行政执法机关"),
    Side.POLICE: N_("公安机关"),
    Side.PROCURATORATE: N_("人民检察院"),
}
_PARTS: Final[Mapping[Part, Mapping[Any, str]]] = {
    Part.STANDING: STANDINGS,
    Part.OUTCOME: OUTCOMES,
    Part.STEP: STEPS,
    Part.WAITING: STEPS,
    Part.OVERDUE: SIDES,
    Part.LATE: SIDES,
}
_COLOURS: Final[Mapping[Standing, str]] = {
    Standing.ACCEPTED: "#2f7d4f",
    Standing.REFUSED: "#b45309",
    Standing.PENDING: "#1f4e8c",
    Standing.WITHDRAWN: "#5f6b7c",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a room's pages of these figures are, by endpoint, and whose sight they show."""

    sight: Sight
    figures: str
    table: str
    cases: str
    lines: str


def figures_page(place: Place) -> dict[str, Any]:
    """Return what the page of the figures is given."""
    question = _asked(place)
    found = figures_of_transfers(ctx(), question)
    is_past = question.as_of < ctx().today() or bool(request.args.get("since"))
    since = instant_of("since") if request.args.get("since", "").strip() else start_of(ctx().today().replace(day=1))
    return {
        "known_at": question.known_at or ctx().now(),
        "since": since,
        "restated": restated_transfers(ctx(), question, since) if is_past else None,
        "place": place,
        "question": question,
        "found": found,
        "period": _period_of(question),
        "drill": lambda part, name="", row=None: _drill(place, question, part, name, row),
        "organ": _organ,
        "offence": _offence,
        "standings": _told(STANDINGS),
        "outcomes": _told(OUTCOMES),
        "steps": _told(STEPS),
        "sides": _told(SIDES),
        "organ_chart": _organ_chart(place, question, found),
        "step_chart": _step_chart(found),
    }


def figures_table(place: Place) -> Response:
    """Hand out the figures by organ and offence; the export is in the ledger."""
    question = _asked(place)
    found = figures_of_transfers(ctx(), question)
    _note("transfers", len(found.rows))
    heads = [
        _("移送机关"),
        _("涉嫌罪名"),
        _("移送"),
        *_told(STANDINGS).values(),
        *(name for name in _told(OUTCOMES).values()),
        *(_("%(side)s逾期未办", side=name) for name in _told(SIDES).values()),
        *(_("%(side)s逾期办理", side=name) for name in _told(SIDES).values()),
        *_how_heads(),
    ]
    how = _how_counted(question)

    def cells(row: TransferRow) -> Iterator[str]:
        yield str(row.count(Part.ALL))
        for part, names in (
            (Part.STANDING, STANDINGS),
            (Part.OUTCOME, OUTCOMES),
            (Part.OVERDUE, SIDES),
            (Part.LATE, SIDES),
        ):
            yield from (str(row.count(part, name)) for name in names)

    rows = [(_organ(row.organ), _offence(row.offence), *cells(row), *how) for row in found.rows]
    return csv_answer("transfers", heads, [*rows, (_("合计"), "", *cells(found.total), *how)])


def cases_page(place: Place) -> dict[str, Any]:
    """Return what the page of the transfers behind one number is given."""
    question, cell = _asked(place), _cell()
    lines = transfers_behind(ctx(), question, cell)
    return {
        "place": place,
        "question": question,
        "known_at": question.known_at or ctx().now(),
        "title": _cell_name(cell),
        "row": _row_name(question),
        "lines": lines[:SHOWN],
        "total": len(lines),
        "organ": _organ,
        "offence": _offence,
        "back": url_for(place.figures, **_period_of(question)),
    }


def cases_file(place: Place) -> Response:
    """Hand out the transfers behind one number; the export is in the ledger."""
    question = _asked(place)
    lines = transfers_behind(ctx(), question, _cell())
    _note("transfer_cases", len(lines))
    heads = [_("案号"), _("案件名称"), _("移送机关"), _("涉嫌罪名"), _("移送日期"), _("状态"), *_how_heads()]
    how = _how_counted(question)
    return csv_answer("transfer-cases", heads, ((*line, *how) for line in _lines(lines)))


def _lines(lines: Iterable[TransferLine]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        state = say(line.state) if line.state is not None else ""
        yield line.name, line.title, say(line.organ), _offence(line.offence), line.sent_on.isoformat(), state


def _how_heads() -> tuple[str, ...]:
    """Return the heads of what `_how_counted` says."""
    return _("期间自"), _("期间至"), _("截至"), _("所知时刻")


def _how_counted(question: TransferQuestion) -> tuple[str, ...]:
    """Return by what a number was counted, for every line of a file: a line that is cut out still says so."""
    known_at = question.known_at or ctx().now()
    return (
        question.period.first.isoformat(),
        question.period.last.isoformat(),
        question.as_of.isoformat(),
        known_at.astimezone(LEGAL_ZONE).isoformat(timespec="seconds"),
    )


def _note(what: str, rows: int) -> None:
    note_export(ctx(), what, {name: text for name, text in request.args.items() if text}, rows=rows)


def _asked(place: Place) -> TransferQuestion:
    today = ctx().today()
    first = day_of("from") or date(today.year, 1, 1)
    last = day_of("to") or max(first, today)
    if last < first:
        raise InputError("to", Message(N_("期间的终止日不能早于起始日")))
    offence = request.args.get("offence")
    return TransferQuestion(
        sight=place.sight,
        period=Period(first, last),
        as_of=day_of("as_of") or max(first, today),
        organ=request.args.get("organ") or None,
        offence="" if offence == NO_OFFENCE else offence or None,
        known_at=instant_of("known_at") if request.args.get("known_at", "").strip() else None,
    )


def _cell() -> Cell:
    told, name = request.args.get("part") or Part.ALL.value, request.args.get("name", "")
    known = told in set(Part)
    if not known or (Part(told) is not Part.ALL and name not in _PARTS[Part(told)]):
        raise InputError("part", Message(N_("没有这种明细")))
    return Part(told), "" if told == Part.ALL else name


def _cell_name(cell: Cell) -> str:
    part, name = cell
    if part is Part.ALL:
        return _("移送的案件")
    word = _(_PARTS[part][name])
    if part is Part.STEP:
        return _("已经过“%(step)s”的移送", step=word)
    if part is Part.WAITING:
        return _("正在“%(step)s”的移送", step=word)
    if part is Part.OVERDUE:
        return _("%(side)s逾期未办", side=word)
    if part is Part.LATE:
        return _("%(side)s逾期办理", side=word)
    return word


def _row_name(question: TransferQuestion) -> str:
    words = [_organ(question.organ)] if question.organ else []
    if question.offence is not None:
        words.append(_offence(question.offence))
    return " · ".join(words)


def _period_of(question: TransferQuestion) -> dict[str, Any]:
    return {
        "from": question.period.first.isoformat(),
        "to": question.period.last.isoformat(),
        "as_of": question.as_of.isoformat(),
        "known_at": question.known_at.isoformat() if question.known_at else None,
    }


def _drill(
    place: Place, question: TransferQuestion, part: str, name: str = "", row: TransferRow | None = None, organ: str = ""
) -> str:
    """Return the address of the transfers behind a number."""
    of_row: dict[str, Any] = {"organ": row.organ, "offence": row.offence or NO_OFFENCE} if row is not None else {}
    of_organ: dict[str, Any] = {"organ": organ} if organ else {}
    named: dict[str, Any] = {"name": str(name)} if name else {}
    return url_for(place.cases, part=str(part), **named, **of_row, **of_organ, **_period_of(question))


def _organ(organ: str) -> str:
    return say(organ_name(ctx(), organ))


def _offence(offence: str) -> str:
    if not offence:
        return _("罪名未载明")
    known = offences_of(ctx())
    return say(known[offence]) if offence in known else offence


def _told(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): _(word) for key, word in words.items()}


_FRAME = {
    "grid": {"left": 8, "right": 24, "top": 32, "bottom": 8, "containLabel": True},
    "legend": {
        "type": "scroll",  # on a phone its lines would lie over the bars
        "top": 0,
        "left": 0,
        "right": 0,
        "icon": "roundRect",
        "itemWidth": 12,
        "itemHeight": 12,
    },
}
"""What bars that lie share: where they stand, and their legend on one line."""


def _organ_chart(place: Place, question: TransferQuestion, found: TransferFigures) -> dict[str, object]:
    organs: dict[str, dict[Standing, int]] = {}
    for row in found.rows:
        sums = organs.setdefault(row.organ, dict.fromkeys(Standing, 0))
        for standing in Standing:
            sums[standing] += row.count(Part.STANDING, standing)
    order = sorted(organs, key=lambda organ: -sum(organs[organ].values()))
    return {
        **_FRAME,
        "tooltip": {"trigger": "item"},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [_short(organ) for organ in order],
            "axisLabel": {"interval": 0, "width": 132, "overflow": "truncate"},
            "axisLine": {"show": False},
            "axisTick": {"show": False},
        },
        "xAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": name,
                "type": "bar",
                "stack": "all",
                "barMaxWidth": 18,
                "itemStyle": {"color": _COLOURS[standing]},
                "data": [
                    {
                        "value": organs[organ][standing],
                        "url": _drill(place, question, Part.STANDING, standing, organ=organ),
                    }
                    for organ in order
                ],
            }
            for standing, name in ((standing, _(word)) for standing, word in STANDINGS.items())
        ],
    }


def _short(organ: str) -> str:
    known = ctx().law.organs
    return say(known.get(organ).short) if organ in known else organ


def _step_chart(found: TransferFigures) -> dict[str, object]:
    shown: Sequence[Step] = [step for step in Step if found.steps[step].count]
    return {
        **_FRAME,
        "tooltip": {"trigger": "axis"},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [_(STEPS[step]) for step in shown],
            "axisLabel": {"interval": 0, "width": 132, "overflow": "break"},
            "axisLine": {"show": False},
            "axisTick": {"show": False},
        },
        "xAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": name,
                "type": "bar",
                "barMaxWidth": 9,
                "itemStyle": {"color": colour},
                "data": [getattr(found.steps[step], measure) for step in shown],
            }
            for name, measure, colour in (
                (_("中位数（天）"), "median_days", "#1f4e8c"),
                (_("九成不超过（天）"), "p90_days", "#6b87ab"),
            )
        ],
    }
