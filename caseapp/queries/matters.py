"""To whom a liaison may send a matter, and out of which case of his it may come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from caseapp.context import Context
from caseapp.models.case_file import CaseFile
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.liaison import liaison_desk
from caseapp.queries.visibility import shared_referrals

Words = Mapping[str, str]
_MOST = 200
"""How many cases the list offers, the latest first."""


@dataclass(frozen=True, slots=True)
class MatterChoices:
    """organs: (id, name) of enforcing organs of the place; matters: (id of the proceeding, name of its case)."""

    organs: tuple[tuple[str, Words], ...]
    matters: tuple[tuple[str, Words], ...]


def matter_choices(ctx: Context) -> MatterChoices:
    """Return what the form of a matter offers. Cases that are not open to the reader's organ are not named."""
    organs = tuple((line.id, {"zh": line.name.zh, "en": line.name.en}) for line in liaison_desk(ctx).contacts)
    rows = ctx.session.execute(
        select(ReferralShare.proceeding_id, ReferralShare.procedure, CaseFile.title)
        .join(CaseFile, CaseFile.id == ReferralShare.case_id)
        .where(shared_referrals(ctx), ReferralShare.opened_on.is_not(None), ReferralShare.until_on.is_(None))
        .order_by(ReferralShare.sent_on.desc(), ReferralShare.proceeding_id)
        .limit(_MOST)
    ).all()
    found = []
    for proceeding, procedure, title in rows:
        name = ctx.law.procedures.get(procedure).name
        found.append((proceeding, {"zh": f"{title}（{name.zh}）", "en": f"{title} ({name.en})"}))
    return MatterChoices(organs, tuple(found))
