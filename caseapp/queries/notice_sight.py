"""What a notice may tell its reader when he opens it, and where it leads: asked anew each time, in the list and before
an e-mail goes out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from caseapp.context import Context
from caseapp.domain.policies.permits import permits
from caseapp.domain.policies.policy_map import Permission
from caseapp.models.case_file import CaseFile
from caseapp.models.organ_transfer import OrganTransfer
from caseapp.queries.deputies import principals_of
from caseapp.queries.visibility import in_custody_of, visible_cases

TRANSFER = "transfer"
"""Kind of the notices about cases between organs: who answers them need not see the case yet, or any more."""
ABOUT_GOODS = frozenset({"item_waits", "item_off", "item_away"})
"""Kinds of the notices about goods in somebody's hands."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the actor sees of the cases that notices are about.

    cases      ids of cases that he may see
    transfers  case id -> id of the latest sending that concerns his organ, where he may see sendings
    goods      ids of cases of which he keeps goods, or has to confirm a move, wherever they are handled now
    """

    cases: frozenset[str]
    transfers: Mapping[str, str]
    goods: frozenset[str] = frozenset()

    def tells(self, kind: str, case_id: str | None) -> bool:
        """Return whether a notice of this kind about this case may be read."""
        if case_id is None or case_id in self.cases:
            return True
        return case_id in self.transfers if kind == TRANSFER else kind in ABOUT_GOODS and case_id in self.goods


def sight_of_notices(ctx: Context, case_ids: Collection[str]) -> Sight:
    """Return what the actor sees of these cases now."""
    if not case_ids:
        return Sight(frozenset(), {})
    visible = select(CaseFile.id).where(CaseFile.id.in_(case_ids), visible_cases(ctx))
    cases = frozenset(ctx.session.execute(visible).scalars())
    keepers = [ctx.actor.id, *(one.actor.id for one in principals_of(ctx))]
    kept = select(CaseFile.id).where(CaseFile.id.in_(case_ids), in_custody_of(keepers))
    goods = frozenset(ctx.session.execute(kept).scalars()) if cases != set(case_ids) else cases
    if not permits(ctx.actor.roles, Permission.TRANSFER_SEE):
        return Sight(cases, {}, goods)
    organ = ctx.actor.organ
    concerns = or_(
        OrganTransfer.receiver == organ,
        OrganTransfer.sender == organ,
        OrganTransfer.decided_by == organ,
        OrganTransfer.reported_to == organ,
    )
    rows = ctx.session.execute(
        select(OrganTransfer.case_id, OrganTransfer.id)
        .where(OrganTransfer.case_id.in_(case_ids), concerns)
        .order_by(OrganTransfer.sent_on, OrganTransfer.id)
    )
    return Sight(cases, {row.case_id: row.id for row in rows}, goods)
