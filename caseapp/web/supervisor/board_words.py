"""What the boards call their dimensions, values and measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from flask_babel import gettext as _

from caseapp.domain.errors import N_
from caseapp.domain.metrics.signs import Sign
from caseapp.queries.board import AGES, DUES, LATER, SOON_DAYS, UNSTATED, By, Measure
from caseapp.queries.board_cases import Cell, Side
from caseapp.queries.case_page import organ_name
from caseapp.queries.users import names_of
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.labels import label
from caseapp.web.shared.language import say

_DIMENSIONS: Final[Mapping[By, str]] = {
    By.CATEGORY: N_("阶段"),
    By.STATE: N_("状态"),
    By.DIVISION: N_("区划"),
    By.ORGAN: N_("机关"),
    By.OFFICER: N_("承办人"),
    By.PROCEDURE: N_("程序"),
    By.IP_TYPE: N_("权利类型"),
    By.SOURCE: N_("案件来源"),
    By.CHANNEL: N_("来源说明"),
    By.CAMPAIGN: N_("专项行动"),
    By.AGE: N_("立案以来"),
    By.DUE: N_("最近到期"),
    By.SUSPENDED_FOR: N_("中止以来"),
    By.MANNER: N_("结案方式"),
}
_MEASURES: Final[Mapping[Measure, str]] = {
    Measure.LEAD: N_("未立案的线索"),
    Measure.OPEN: N_("在办案件"),
    Measure.OVERDUE: N_("逾期案件"),
    Measure.DUE_SOON: N_("临期案件"),
    Measure.SUSPENDED: N_("中止案件"),
    Measure.FILED: N_("本期立案"),
    Measure.CLOSED: N_("本期结案"),
    Measure.REOPENED: N_("本期重新办理"),
}
_SIGNS: Final[Mapping[Sign, str]] = {
    Sign.MONTH_END: N_("月末集中结案"),
    Sign.REOPENED_SOON: N_("结案不久又恢复办理"),
    Sign.SUSPENDED_LATE: N_("临近届满才中止"),
    Sign.SPLIT: N_("分案"),
    Sign.KEPT_LEAD: N_("线索逾期未决定立案"),
    Sign.UNEXECUTED: N_("处罚未履行完毕即结案"),
}
_SIDES: Final[Mapping[Side, str]] = {
    Side.NUMERATOR: N_("已结案件"),
    Side.DENOMINATOR: N_("应结案件"),
    Side.OPEN: N_("未结案件"),
    Side.IMPRECISE: N_("日期不精确未计入的案件"),
}


def dimension_name(by: By) -> str:
    """Return what a dimension is called."""
    return _(_DIMENSIONS[by])


def measure_name(measure: Measure) -> str:
    """Return what a measure is called."""
    return _(_MEASURES[measure])


def sign_name(sign: Sign) -> str:
    """Return what a sign is called."""
    return _(_SIGNS[sign])


def cell_name(cell: Cell) -> str:
    """Return what a number of a board is about, its value left out."""
    if cell.measure is not None:
        return measure_name(cell.measure)
    if cell.sign is not None:
        return sign_name(cell.sign)
    return _(_SIDES[cell.side]) if cell.side is not None else _("经过该状态的案件")


def value_name(cell: Cell) -> str:
    """Return the value (and month) of a number in words; '' where it is about the whole."""
    words = [cell.month] if cell.month else []
    if cell.stayed:
        words.append(names_for(By.STATE, [cell.value])[cell.value])
    elif cell.by is not None:
        words.append(names_for(cell.by, [cell.value])[cell.value])
    return " · ".join(words)


def names_for(by: By, values: Iterable[str]) -> dict[str, str]:
    """Return what the values of a dimension are called; one that is not known is shown as it is."""
    wanted = list(values)
    people = names_of(ctx(), {*wanted} - {UNSTATED}) if by is By.OFFICER else {}
    return {value: _unstated(by) if value == UNSTATED else _name(by, value, people) for value in wanted}


def _unstated(by: By) -> str:
    words = {By.DUE: _("没有在计的时限"), By.OFFICER: _("未指派"), By.CAMPAIGN: _("不属专项行动")}
    return words.get(by) or _("未注明")


def _name(by: By, value: str, people: Mapping[str, str]) -> str:
    match by:
        case By.CATEGORY:
            return label(value, "category")
        case By.STATE:
            return _state(value)
        case By.DIVISION:
            return say(huhang().divisions.name(value))
        case By.ORGAN:
            organs = ctx().law.organs
            return say(organs.get(value).short if value in organs else organ_name(ctx(), value))
        case By.OFFICER:
            return people.get(value, value)
        case By.PROCEDURE:
            return _procedure(value)
        case By.IP_TYPE:
            return label(value, "ip_type")
        case By.SOURCE:
            return label(value, "source")
        case By.CAMPAIGN:
            return label(value, "campaign")
        case By.MANNER:
            return label(value, "manner")
        case By.AGE | By.SUSPENDED_FOR:
            return _ages().get(value, value)
        case By.DUE:
            return _dues().get(value, value)
        case _:
            return value


def _procedure(value: str) -> str:
    known = ctx().law.procedures
    return say(known.get(value).name) if value in known else value


def _state(place: str) -> str:
    procedure, _slash, state = place.partition("/")
    known = ctx().law.procedures
    if procedure not in known:
        return place
    definition = known.get(procedure)
    names = {one.id: say(one.name) for one in definition.states}
    return f"{say(definition.name)} · {names.get(state, state)}"


def short_state(place: str) -> str:
    """Return what a state is called within its procedure."""
    return _state(place).rpartition(" · ")[2]


def order_of(by: By) -> tuple[str, ...]:
    """Return the fixed order of a dimension's groups; () where the most frequent comes first."""
    if by in (By.AGE, By.SUSPENDED_FOR):
        return tuple(_ages())
    if by is By.DUE:
        return (*_dues(), UNSTATED)
    if by is By.CATEGORY:
        return "lead", "open", "suspended", "decided", "closed"
    return ()


def _ages() -> dict[str, str]:
    words = {str(AGES[0]): _("%(n)s 天以内", n=AGES[0])}
    words |= {str(last): _("%(first)s–%(last)s 天", first=before + 1, last=last) for before, last in pairwise(AGES)}
    return words | {LATER: _("超过 %(n)s 天", n=AGES[-1])}


def _dues() -> dict[str, str]:
    late, past, near, soon, later = DUES
    return {
        str(late): _("逾期超过 %(n)s 天", n=-late - 1),
        str(past): _("逾期 1–%(n)s 天", n=-late - 1),
        str(near): _("%(n)s 天内到期", n=near),
        str(soon): _("%(first)s–%(last)s 天后到期", first=near + 1, last=SOON_DAYS),
        str(later): _("%(first)s–%(last)s 天后到期", first=soon + 1, last=later),
        LATER: _("%(n)s 天以后到期", n=later),
    }
