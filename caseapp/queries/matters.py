"""To whom a liaison may send a matter, and out of which case of his it may come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import exists, select

from caseapp.context import Context
from caseapp.domain.workflow.definition import Procedure
from caseapp.models.case_file import CaseFile
from caseapp.models.package_line import PackageLine
from caseapp.models.package_step import PackageStep
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.liaison import liaison_desk
from caseapp.queries.visibility import received_lines, shared_referrals

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
    organs = enforcing_organs(ctx)
    rows = ctx.session.execute(
        select(ReferralShare.proceeding_id, ReferralShare.procedure, CaseFile.title)
        .join(CaseFile, CaseFile.id == ReferralShare.case_id)
        .where(shared_referrals(ctx), ReferralShare.opened_on.is_not(None), ReferralShare.until_on.is_(None))
        .order_by(ReferralShare.sent_on.desc(), ReferralShare.proceeding_id)
        .limit(_MOST)
    ).all()
    found = [(proceeding, _named(title, ctx.law.procedures.get(procedure))) for proceeding, procedure, title in rows]
    return MatterChoices(organs, (*found, *_received(ctx))[:_MOST])


def enforcing_organs(ctx: Context) -> tuple[tuple[str, Words], ...]:
    """Return (id, name) of the enforcing organs of the reader's place."""
    return tuple((line.id, {"zh": line.name.zh, "en": line.name.en}) for line in liaison_desk(ctx).contacts)


def _received(ctx: Context) -> Iterator[tuple[str, Words]]:
    """Give what came as packages and is open to the reader's organ."""
    answered = exists().where(PackageStep.matter_id == PackageLine.matter_id, PackageStep.ours.is_(False))
    rows = ctx.session.execute(
        select(PackageLine.matter_id, PackageLine.procedure, PackageLine.title)
        .where(received_lines(ctx), PackageLine.opened_on.is_not(None), PackageLine.until_on.is_(None), answered)
        .order_by(PackageLine.sent_on.desc(), PackageLine.matter_id)
        .limit(_MOST)
    )
    for of_id, procedure, title in rows:
        yield of_id, _named(title, ctx.law.procedures.get(procedure))


def _named(title: str, procedure: Procedure) -> Words:
    return {"zh": f"{title}（{procedure.name.zh}）", "en": f"{title} ({procedure.name.en})"}
