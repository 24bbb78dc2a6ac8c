"""Referrals of real cases, moved on by the people of a `Course` and by the liaisons of the other organs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caseapp.context import Context
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor
from caseapp.services import referral_answer
from caseapp.services.case_act import Outcome
from caseapp.services.installation import AccountDraft, create_accounts
from tests.factories.cases import Course
from tests.factories.sides import act_in, open_side, side_of
from tests.support.app import PASSWORD

POLICE, PROCURATORATE, COURT = "320612-police", "320612-procuratorate", "320612-court"
SUSPECTED: dict[str, Any] = {
    "limb": ["threshold"],
    "offence": "a214",
    "suspicion_reasons": "当事人明知是假冒注册商标的商品而销售，销售金额九万余元。",
}
REPORTED: dict[str, Any] = {
    "referral_facts": "接举报后查获侵权床品200件，当事人承认进货渠道不明。",
    "referral_amounts": "销售金额97353元，依据微信、支付宝流水和账册认定。",
    "referral_law": "《刑法》第二百一十四条；法释〔2025〕5号第五条第一款。",
    "referral_proposal": "建议移送公安机关。",
}
DOSSIER: dict[str, Any] = {
    "dossier_parts": ["letter", "report", "goods_list", "appraisal"],
    "offence": "a214",
    "proof_mark": ["right", "no_licence", "same_mark", "same_goods", "amount", "knowledge"],
    "earlier_penalty": "none",
    "goods": "全棉四件套——1.8米床用——200套——标有“澜庭”，存放于本局仓库",
    "attachments": "现场笔录\n询问笔录\n商标注册证复印件",
}
OUTLINE = "某家纺经营者涉嫌销售假冒注册商标的商品，查获床品200件，销售金额九万余元。"
HANDED: dict[str, Any] = {"police_organ": POLICE, "preview": OUTLINE, "goods_when": "after_filing"}
RECEIPT: dict[str, Any] = {"receipt_signer": "丁卫东"}
REFUSAL: dict[str, Any] = {
    "refusal_number": "通公（经）不立字〔2026〕3号",
    "refusal_ground": "no_crime",
    "refusal_reasons": "现有证据不足以证明当事人明知。",
}
GOODS: dict[str, Any] = {"handed_goods": "全棉四件套——1.8米床用——200套", "handed_papers": "证据卷一册"}


def liaisons(course: Course) -> Mapping[str, Actor]:
    """Return one liaison of each organ: police, other police, procuratorate, court."""
    seats = {
        "police2": "320613-police",
        "procurator": PROCURATORATE,
        "court": COURT,
    }
    with course.parts.context() as ctx:
        drafts = [
            AccountDraft(
                login=login,
                name=f"联络员{number}",
                organ=organ,
                roles=(Role.LIAISON,),
                scope=Scope.SENT_TO_US,
                password=PASSWORD,
                must_change_password=False,
            )
            for number, (login, organ) in enumerate(seats.items())
        ]
        ids = create_accounts(ctx, drafts)
    found = {
        login: Actor(user, f"联络员{number}", organ, frozenset({Role.LIAISON}))
        for number, ((login, organ), user) in enumerate(zip(seats.items(), ids, strict=True))
    }
    return {"police": course.people["police"], **found}


def proposed(course: Course, case_id: str, **changes: Any) -> Outcome:
    """Have the head appoint the special team."""
    return open_side(
        course, case_id, "referral", "appoint_team", {"team": course.officers, **SUSPECTED, **changes}, by="leader"
    )


def reported(course: Course, case_id: str) -> None:
    """The team reports to the head."""
    proposed(course, case_id)
    act_in(course, case_id, "referral", "report_to_head", REPORTED)


def ready(course: Course, case_id: str) -> None:
    """The head approves and the dossier is complete."""
    reported(course, case_id)
    act_in(course, case_id, "referral", "decide_referral", {"referral_verdict": "refer"}, by="leader")
    act_in(course, case_id, "referral", "complete_dossier", DOSSIER)


def handed_over(course: Course, case_id: str) -> str:
    """Hand the case over to the police; returns the id of the proceeding."""
    ready(course, case_id)
    act_in(course, case_id, "referral", "hand_over", HANDED)
    return side_of(course, case_id, "referral").id


def answered(
    course: Course, who: Actor, proceeding: str, action: str, fields: Mapping[str, Any] | None = None, **more: Any
) -> Outcome:
    """Take an act of another organ by one of its liaisons."""
    with course.parts.context(who) as ctx:
        return _answer(ctx, proceeding, action, fields or {}, **more)


def _answer(ctx: Context, proceeding: str, action: str, fields: Mapping[str, Any], **more: Any) -> Outcome:
    settings: dict[str, Any] = {"seen_acts": None, **more}
    return referral_answer.answer(ctx, proceeding, action, fields, **settings)


def received(course: Course, case_id: str) -> str:
    """Have the police sign the receipt; returns the id of the proceeding."""
    proceeding = handed_over(course, case_id)
    answered(course, course.people["police"], proceeding, "sign_receipt", RECEIPT)
    return proceeding


def refused(course: Course, case_id: str) -> str:
    """Have the police refuse to file; returns the id of the proceeding."""
    proceeding = received(course, case_id)
    on = {"refused_on": course.today.isoformat()}
    answered(course, course.people["police"], proceeding, "refuse_to_file", {**on, **REFUSAL})
    return proceeding


def filed(course: Course, case_id: str) -> str:
    """Have the police file; returns the id of the proceeding."""
    proceeding = received(course, case_id)
    told = {"filed_on": course.today.isoformat(), "filing_number": "通公（经）立字〔2026〕8号"}
    answered(course, course.people["police"], proceeding, "file_case", told)
    return proceeding


def prosecuting(course: Course, case_id: str) -> str:
    """Hand the goods over and have the police sign for them; returns the id of the proceeding."""
    proceeding = filed(course, case_id)
    act_in(course, case_id, "referral", "hand_over_goods", {"handed_on": course.today.isoformat(), **GOODS})
    answered(course, course.people["police"], proceeding, "sign_goods", {"goods_signer": "丁卫东"})
    return proceeding
