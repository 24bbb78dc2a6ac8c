"""Facts of papers of a referral: what goes to the police with it, what is asked of them and of the procuratorate."""

from __future__ import annotations

from caseapp.domain.events import Json
from caseapp.domain.workflow.definition import Action, Peer
from caseapp.domain.workflow.referrals import REFERRAL, REVERSE
from caseapp.services.proceeding_told import Facts, Told

_NOTHING = ("无", "没有")


def gathered(told: Told) -> Facts:
    """Return what only papers of a referral speak of; nothing for any other proceeding."""
    if told.proceeding.procedure == REVERSE:
        return {"referral": _of_a_reverse_one(told)}
    if told.proceeding.procedure != REFERRAL:
        return {}
    first = told.procedure.action("appoint_team")
    letter = next((item for item in reversed(told.image.documents) if item.type == "referral_letter"), None)
    signed = told.proceeding.last_act("sign_receipt")
    received_on = signed.on if signed and told.action.id != "sign_receipt" else told.on
    return {
        "referral": {
            "offence": told.get("offence_other") or _choice(first, "offence", told.get("offence")),
            "grounds": _choices(first, "limb", told.get("limb")),
            "suspicion": told.get("suspicion_reasons"),
            "team": told.names("team"),
            "facts": told.get("referral_facts"),
            "amounts": told.get("referral_amounts"),
            "law": told.get("referral_law"),
            "proposal": told.get("referral_proposal"),
            "verdict": told.get("referral_verdict"),
            "opinion": told.get("referral_opinion"),
            "not_referred_reasons": told.get("not_referred_reasons"),
            "decided_by": told.ctx.actor.name if told.action.id == "decide_referral" else None,
            "police": _organ(told, Peer.POLICE),
            "procuratorate": _organ(told, Peer.PROCURATORATE),
            "parts": _choices(told.procedure.action("complete_dossier"), "dossier_parts", told.get("dossier_parts")),
            "goods": _things(told, "referral_goods"),
            "attachments": told.lines("referral_attachments"),
            "earlier_penalty": told.get("earlier_penalty"),
            "letter": letter.number if letter else None,
            "letter_on": letter.issued_on.isoformat() if letter else None,
            "signer": told.get("receipt_signer"),
            "received_on": received_on.isoformat(),
            "refusal_number": told.get("refusal_number"),
            "refused_on": told.get("refused_on"),
            "refusal_reasons": told.get("refusal_reasons"),
            "review_number": told.get("review_number"),
            "review_grounds": told.get("review_grounds"),
            "supervision_grounds": told.get("supervision_grounds"),
            "handed_on": told.get("handed_on"),
            "handed_goods": _things(told, "handed_goods"),
            "handed_papers": told.lines("handed_papers"),
            "kept_goods": _things(told, "kept_goods"),
            "opinion_number": told.get("opinion_number"),
            "opinion_text": told.get("opinion_text"),
            "reply": told.get("reply_text"),
            "reply_attachments": told.lines("reply_attachments"),
        }
    }


def _of_a_reverse_one(told: Told) -> Facts:
    """Return what the reply to a matter that was sent to us speaks of."""
    return {
        "procuratorate": _organ(told, Peer.AUTHORITY),
        "opinion_number": told.get("reverse_number"),
        "opinion_text": told.get("reverse_opinion"),
        "reply": told.get("reply_text"),
        "reply_attachments": told.lines("reply_attachments"),
    }


def _things(told: Told, fact: str) -> list[Facts]:
    return [] if str(told.get(fact) or "").strip() in _NOTHING else told.things(fact)


def _organ(told: Told, peer: Peer) -> str | None:
    organ, organs = told.get(peer.organ_fact), told.ctx.law.organs
    return organs.get(organ).name_zh if isinstance(organ, str) and organ in organs else None


def _choices(action: Action | None, field_id: str, value: Json) -> list[str]:
    names = _names(action, field_id)
    return [names.get(str(one), str(one)) for one in (value if isinstance(value, list) else [])]


def _choice(action: Action | None, field_id: str, value: Json) -> str | None:
    return _names(action, field_id).get(str(value)) if value else None


def _names(action: Action | None, field_id: str) -> dict[str, str]:
    field = next((item for item in action.fields if item.id == field_id), None) if action is not None else None
    return {choice: name.zh for choice, name in field.choices} if field is not None else {}
