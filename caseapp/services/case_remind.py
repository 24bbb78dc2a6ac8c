"""Reminding the officer who leads a case to close it by a day (提醒): once a day for a case."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.models.case_file import CaseFile
from caseapp.queries.visibility import visible_cases
from caseapp.services import notify
from caseapp.services.unit_of_work import unit_of_work

MOST_AT_ONCE = 200


def remind(ctx: Context, case_ids: list[str], *, by: date) -> int:
    """Remind the lead officers of cases that they are to be closed by a day, and those who stand in for them. Returns
    how many notices that made; 0 where everybody was told today already. Cases that the actor may not see, that are
    closed or that nobody leads are passed over.

    raises  InputError  no case was named, or too many
    """
    if not case_ids:
        raise InputError("case", Message(N_("请选择要提醒的案件")))
    if len(case_ids) > MOST_AT_ONCE:
        raise InputError("case", Message(N_("一次最多提醒 %(n)s 件"), {"n": MOST_AT_ONCE}))
    wanted = select(
        CaseFile.id, CaseFile.number, CaseFile.lead_number, CaseFile.external_id, CaseFile.title, CaseFile.lead_officer
    ).where(
        CaseFile.id.in_(case_ids), CaseFile.category != "closed", CaseFile.lead_officer.is_not(None), visible_cases(ctx)
    )
    rows = ctx.rows(wanted.order_by(CaseFile.id)).all()
    told = 0
    with unit_of_work(ctx) as unit:
        for row in rows:
            number = row.number or row.lead_number or row.external_id or row.id
            told += notify.tell_with_deputies(
                ctx,
                unit,
                [row.lead_officer],
                kind="reminder",
                key=f"reminder:{row.id}:{ctx.today().isoformat()}",
                message=Message(
                    N_("%(name)s 提醒：请抓紧办理 %(number)s %(title)s，争取 %(by)s 前办结"),
                    {"name": ctx.actor.name, "number": number, "title": row.title, "by": by.isoformat()},
                ),
                case_id=row.id,
            )
    return told
