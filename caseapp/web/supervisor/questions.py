"""Questions that a good figure leaves open: signs with their base rate, none of them an accusation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import render_template
from flask_babel import gettext as _

from caseapp.domain.errors import N_
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.proportions import Interval, wilson
from caseapp.domain.metrics.signs import (
    MONTH_END_DAYS,
    NEAR_DAYS,
    SOON_DAYS,
    Sign,
    share_of_month_ends,
)
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.board_cases import Cell
from caseapp.queries.signs import SignCount, sign_counts
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.supervisor import blueprint
from caseapp.web.supervisor.board_asked import board_question, drill
from caseapp.web.supervisor.board_words import sign_name
from caseapp.web.supervisor.boards import frame
from caseapp.web.supervisor.outlook_charts import share_chart

_QUESTIONS: Final[Mapping[Sign, str]] = {
    Sign.MONTH_END: N_("月末 %(end)s 天集中结案，是办理节奏如此，还是为赶数字？"),
    Sign.REOPENED_SOON: N_("结案后 %(soon)s 天内又恢复办理，结案时条件是否已经具备？"),
    Sign.SUSPENDED_LATE: N_("办案期限届满前 %(near)s 天内（或者届满后）才中止，中止的原因是何时出现的？"),
    Sign.SPLIT: N_("由他案分出，分案是办理需要，还是增加了件数？"),
    Sign.KEPT_LEAD: N_("核查期限已过，既未立案也未决定不予立案，是什么拖住了？"),
    Sign.UNEXECUTED: N_("作出处罚决定后未履行完毕即结案，依据的是哪一种法定情形？"),
}
_AMONG: Final[Mapping[Sign, str]] = {
    Sign.MONTH_END: N_("本期结案"),
    Sign.REOPENED_SOON: N_("本期结过的案件"),
    Sign.SUSPENDED_LATE: N_("本期中止的案件"),
    Sign.SPLIT: N_("本期立案"),
    Sign.KEPT_LEAD: N_("未立案的线索"),
    Sign.UNEXECUTED: N_("本期处罚后结案"),
}


@dataclass(frozen=True, slots=True)
class SignLine:
    """A sign as the page shows it. stands_out: the interval of the share lies wholly above the base rate."""

    sign: Sign
    name: str
    question: str
    among: str
    found: SignCount
    interval: Interval | None
    stands_out: bool
    url: str


@blueprint.get("/figures/questions")
@allow(Permission.FIGURE_SEE)
def questions() -> str:
    """Show the signs, each with its base rate over the whole city and the cases behind it."""
    asked = board_question()
    values = {"end": MONTH_END_DAYS, "soon": SOON_DAYS, "near": NEAR_DAYS}
    lines = []
    for found in sign_counts(ctx(), asked):
        interval = wilson(found.count, found.among)
        base = found.city_share
        lines.append(
            SignLine(
                found.sign,
                sign_name(found.sign),
                _(_QUESTIONS[found.sign]) % values,
                _(_AMONG[found.sign]),
                found,
                interval,
                interval is not None and base is not None and interval.low > base,
                drill(asked, Cell(sign=found.sign)),
            )
        )
    return render_template(
        "supervisor/questions.html",
        **frame(asked),
        lines=lines,
        even=share_of_month_ends(Period(asked.period.first, asked.cut)),
        chart_option=share_chart(
            [line.name for line in lines],
            (_("本页范围"), [line.found.share for line in lines], [line.url for line in lines]),
            (_("全市"), [line.found.city_share for line in lines], [""] * len(lines)),
        ),
    )
