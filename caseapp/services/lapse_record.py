"""Writing down what the law has ended by itself: measures whose time ran out.

Nothing depends on it: whoever reads or changes a case finds the lapse reckoned from its clock. It brings lists up to
date and tells those responsible.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, StaleCase
from caseapp.domain.facts import CaseImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.sides import Lapse, lapsing_rules
from caseapp.models.clock_run import ClockRun
from caseapp.services import effects, notify
from caseapp.services.case_store import add_lapses, begin_plain
from caseapp.services.unit_of_work import Unit, unit_of_work

_CASES_AT_ONCE = 500


def record_lapses(ctx: Context) -> int:
    """Write down every lapse up to today. Returns how many.

    A case that somebody changes at the same moment is left to his change: that writes the lapse down as well.
    """
    recorded = 0
    last = ""
    while cases := _candidates(ctx, ctx.today(), last):
        for case_id in cases:
            edit = begin_plain(ctx, case_id)
            found = add_lapses(edit)
            if not found:
                continue
            try:
                with unit_of_work(ctx) as unit:
                    edit.save(unit)
                    for lapse in found:
                        _tell(ctx, unit, edit.current, lapse)
            except StaleCase:
                continue
            recorded += len(found)
        last = cases[-1]
    return recorded


def _candidates(ctx: Context, today: date, after: str) -> list[str]:
    rules = sorted(lapsing_rules(ctx.law.procedures))
    found = ctx.session.execute(
        select(ClockRun.case_id)
        .where(ClockRun.rule.in_(rules), ClockRun.met.is_(None), ClockRun.due_on < today, ClockRun.case_id > after)
        .distinct()
        .order_by(ClockRun.case_id)
        .limit(_CASES_AT_ONCE)
    )
    return list(found.scalars())


def _tell(ctx: Context, unit: Unit, image: CaseImage, lapse: Lapse) -> None:
    proceeding = image.proceeding(lapse.proceeding)
    assert proceeding is not None
    name = lapse.action.name
    people = [*image.officers, *effects.holders(ctx, image.organ, Role.SECTION_HEAD)]
    notify.tell_with_deputies(
        ctx,
        unit,
        people,
        kind="lapsed",
        key=f"lapsed:{image.id}:{lapse.proceeding}:{lapse.on.isoformat()}",
        message=Message(
            N_("%(number)s：%(action)s（%(on)s）"),
            {
                "number": image.display_number(),
                "action": {"zh": name.zh, "en": name.en},
                "on": lapse.on.isoformat(),
            },
        ),
        case_id=image.id,
    )
