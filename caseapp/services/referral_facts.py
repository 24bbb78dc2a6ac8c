"""Facts of papers of a referral: what goes to the police with it, what is asked of them and of the procuratorate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from caseapp.context import Context
from caseapp.domain.events import Json
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.definition import Action, Peer, Procedure
from caseapp.domain.workflow.referrals import REFERRAL
from caseapp.domain.workflow.situation import Officer
from caseapp.services.document_texts import items_of, lines_of

Facts = dict[str, Any]
_NOTHING = ("无", "没有")


def gathered(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    """Return what only papers of a referral speak of; nothing for any other proceeding."""
    if proceeding.procedure != REFERRAL:
        return {}
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    told = procedure.action("appoint_team")
    letter = next((item for item in reversed(image.documents) if item.type == "referral_letter"), None)
    signed = proceeding.last_act("sign_receipt")
    team = known.get("team")
    return {
        "referral": {
            "offence": known.get("offence_other") or _choice(told, "offence", known.get("offence")),
            "grounds": _choices(told, "limb", known.get("limb")),
            "suspicion": known.get("suspicion_reasons"),
            "team": [people[str(one)].name for one in (team if isinstance(team, list) else []) if str(one) in people],
            "facts": known.get("referral_facts"),
            "amounts": known.get("referral_amounts"),
            "law": known.get("referral_law"),
            "proposal": known.get("referral_proposal"),
            "verdict": known.get("referral_verdict"),
            "opinion": known.get("referral_opinion"),
            "not_referred_reasons": known.get("not_referred_reasons"),
            "decided_by": ctx.actor.name if action.id == "decide_referral" else None,
            "police": _organ(ctx, known, Peer.POLICE),
            "procuratorate": _organ(ctx, known, Peer.PROCURATORATE),
            "parts": _parts(procedure, known),
            "goods": _things(known.get("referral_goods")),
            "attachments": lines_of(known.get("referral_attachments")),
            "earlier_penalty": known.get("earlier_penalty"),
            "letter": letter.number if letter else None,
            "letter_on": letter.issued_on.isoformat() if letter else None,
            "signer": known.get("receipt_signer"),
            "received_on": (on if action.id == "sign_receipt" else signed.on if signed else on).isoformat(),
            "refusal_number": known.get("refusal_number"),
            "refused_on": known.get("refused_on"),
            "refusal_reasons": known.get("refusal_reasons"),
            "review_number": known.get("review_number"),
            "review_grounds": known.get("review_grounds"),
            "supervision_grounds": known.get("supervision_grounds"),
            "handed_on": known.get("handed_on"),
            "handed_goods": _things(known.get("handed_goods")),
            "handed_papers": lines_of(known.get("handed_papers")),
            "kept_goods": _things(known.get("kept_goods")),
            "opinion_number": known.get("opinion_number"),
            "opinion_text": known.get("opinion_text"),
            "reply": known.get("reply_text"),
            "reply_attachments": lines_of(known.get("reply_attachments")),
        }
    }


def _things(text: Json) -> list[Facts]:
    return [] if str(text or "").strip() in _NOTHING else items_of(text)


def _organ(ctx: Context, known: Mapping[str, Json], peer: Peer) -> str | None:
    organ = known.get(peer.organ_fact)
    return ctx.law.organs.get(organ).name_zh if isinstance(organ, str) and organ in ctx.law.organs else None


def _choices(action: Action | None, field_id: str, value: Json) -> list[str]:
    names = _names(action, field_id)
    return [names.get(str(one), str(one)) for one in (value if isinstance(value, list) else [])]


def _choice(action: Action | None, field_id: str, value: Json) -> str | None:
    return _names(action, field_id).get(str(value)) if value else None


def _names(action: Action | None, field_id: str) -> dict[str, str]:
    field = next((item for item in action.fields if item.id == field_id), None) if action is not None else None
    return {choice: name.zh for choice, name in field.choices} if field is not None else {}


def _parts(procedure: Procedure, known: Mapping[str, Json]) -> list[str]:
    return _choices(procedure.action("complete_dossier"), "dossier_parts", known.get("dossier_parts"))
