"""Writing to an organ, or to the police, about a row of the list "should have been transferred"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotPermitted
from caseapp.domain.events import Json
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.supervision.ranking import FindingKind
from caseapp.domain.supervision.rules import Held
from caseapp.domain.workflow.definition import Peer
from caseapp.domain.workflow.referrals import REFERRAL
from caseapp.queries.case_images import load
from caseapp.queries.supervision_list import FindingLine, finding
from caseapp.queries.visibility import is_procurator
from caseapp.services.case_act import Outcome
from caseapp.services.proceeding_open import open_proceeding
from caseapp.services.supervision_rows import LETTER

TO_ORGAN: Final = "send_letter"
TO_POLICE: Final = "ask_police"


def letter_action(line: FindingLine) -> str:
    """Return the act by which a letter about a row is sent: to the police where they are the ones held to something."""
    return TO_POLICE if line.held == Held.POLICE.value and line.kind is not FindingKind.LIMB else TO_ORGAN


def send_letter(
    ctx: Context,
    case_id: str,
    kind: FindingKind,
    subject: str,
    fields: Mapping[str, Json],
    *,
    idempotency_key: str | None = None,
) -> Outcome:
    """Send a letter about a row, in the name of the actor's procuratorate.

    fields  letter_number, letter_facts, letter_opinion

    raises  NotPermitted, NotFound (also: a row the actor may not know of), ActionRefused, InputErrors
    """
    require(ctx.actor.roles, Permission.SUPERVISION_WRITE)
    if not is_procurator(ctx):
        raise NotPermitted(Message(N_("检察监督函由人民检察院发出")))
    line = finding(ctx, case_id, kind, subject)
    action = letter_action(line)
    told: dict[str, Json] = {
        **fields,
        Peer.PROCURATORATE.organ_fact: ctx.actor.organ,
        "finding_kind": kind.value,
        "finding_subject": subject,
    }
    if action == TO_POLICE:
        told[Peer.POLICE.organ_fact] = _police_of(ctx, case_id)
    return open_proceeding(ctx, case_id, LETTER, action, told, seen_version=None, idempotency_key=idempotency_key)


def _police_of(ctx: Context, case_id: str) -> str:
    """Return the police that have the referral of a case, '' where it went to none."""
    sides = [side for side in load(ctx, case_id).image.proceedings[1:] if side.procedure == REFERRAL]
    named = [side.facts.get(Peer.POLICE.organ_fact) for side in sides]
    return next((organ for organ in reversed(named) if isinstance(organ, str)), "")
