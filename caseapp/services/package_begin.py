"""A matter that an organ begins which works on another network than the one that is to have the case (反向移送): it is
kept here, and travels as the first package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import Json
from caseapp.domain.packages.conversation import StepKind
from caseapp.domain.workflow.attached import KeptFile, with_files
from caseapp.domain.workflow.definition import Category, Peer
from caseapp.domain.workflow.engine import decide
from caseapp.domain.workflow.folding import find
from caseapp.domain.workflow.referrals import REVERSE
from caseapp.domain.workflow.share_folds import share_of
from caseapp.queries.package_matters import Matter, blank_image, matter, matter_id, received_image, received_matter
from caseapp.queries.situations import situation_of
from caseapp.services import package_lines, package_rows
from caseapp.services.case_act import act_payload
from caseapp.services.case_store import new_id
from caseapp.services.unit_of_work import Unit

_OF_OUR_LEDGER = ("proceeding", "procedure", "version", "milestone", "tells")
"""What of an act's payload is for the ledger of the house alone."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the house needs to open the matter.

    house   the organ that is to have the case
    action  with which the procedure opens; fields: its form, by field id
    opens   from what the house makes a lead, or the proceeding out of which the matter comes
    title   what the case is called until the house calls it otherwise
    main    procedure of the lead
    """

    house: str
    action: str
    fields: Mapping[str, Json]
    opens: Mapping[str, Json]
    title: str
    main: str


def works_elsewhere(ctx: Context, organ: str) -> bool:
    """Return whether an organ works on a network of its own: a key of it was trusted here, be it revoked by now."""
    if ctx.ports.keys is None:
        return False
    own = {key.organ for key in ctx.ports.keys.own()}
    return organ not in own and any(key.organ == organ for key in ctx.ports.keys.trusted())


def source_of(ctx: Context, of_id: str) -> Matter | None:
    """Return the matter that came as packages to the actor's organ and is open to it; None where it is none of those.

    raises  NotFound for one that is not open, or was sent on
    """
    try:
        kept = received_matter(ctx, of_id)
    except NotFound:
        return None
    seen = received_image(ctx, kept)
    share = share_of(seen.proceeding, ctx.actor.organ) if seen is not None else None
    if not kept.theirs or share is None or share.opened is None or share.until is not None:
        raise NotFound(Message(N_("没有这项移送")))
    return kept


def begin(ctx: Context, unit: Unit, told: Beginning, files: Sequence[KeptFile]) -> str:
    """Keep the first step of a matter, and return the matter's id. The house judges it once more when it arrives.

    raises  ActionRefused, InputErrors
    """
    procedure, main = ctx.law.procedures.get(REVERSE), ctx.law.procedures.get(told.main)
    proceeding, today = new_id(ctx), ctx.today()
    of_id = matter_id(told.house, proceeding, ctx.actor.organ)
    about: dict[str, Json] = {
        "house": told.house,
        "peer_organ": ctx.actor.organ,
        "peer": Peer.AUTHORITY.value,
        "proceeding": proceeding,
        "procedure": procedure.id,
        "version": procedure.version,
        "reference": "",
        "title": told.title,
        "main_procedure": main.id,
        "main_version": main.version,
        "sent_on": today.isoformat(),
    }
    state: dict[str, Any] = {"state": procedure.initial, "category": Category.LEAD.value}
    package_rows.add_matter(ctx, unit, of_id, about, case_id=None, **state)
    kept = matter(ctx, of_id)
    assert kept is not None
    image = blank_image(kept, about, procedure.initial, procedure)
    situation = situation_of(ctx, image, find(image, proceeding), on=today)
    decision = with_files(decide(procedure, situation, told.action, told.fields, today=today), files)
    payload = act_payload(procedure, proceeding, decision, {}, None)
    now = ctx.now().isoformat(timespec="seconds")
    body: dict[str, Json] = {
        "matter": about,
        "action": told.action,
        "by": Peer.AUTHORITY.value,
        "organ": ctx.actor.organ,
        "person": ctx.actor.name,
        "on": decision.on.isoformat(),
        "at": now,
        "recorded_at": now,
        "fields": dict(told.fields),
        "opens": dict(told.opens),
        "payload": {name: value for name, value in payload.items() if name not in _OF_OUR_LEDGER},
    }
    package_rows.add_step(
        ctx,
        unit,
        of_id,
        ours=True,
        sequence=1,
        package=package_rows.package_id(of_id, ctx.actor.organ, 1, "step"),
        kind=StepKind.BEGINNING,
        body=body,
        seen=0,
        status="made",
    )
    category = procedure.state(decision.to_state).category.value
    package_rows.change_matter(ctx, unit, of_id, state=decision.to_state, category=category)
    package_lines.relist(ctx, unit, of_id)
    return of_id
