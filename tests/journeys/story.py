"""The case that the journeys tell: a shop in Tongzhou sells bed linen under another's trademark. What people fill in, act by act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from caseapp.domain.events import Json
from caseapp.domain.facts import Right
from caseapp.queries.case_images import load
from caseapp.services import case_act, case_approve, case_intake
from tests.journeys.pages import Values
from tests.journeys.site import Site

RESPONDENT: Final = "南通锦屏家纺有限公司"
CREDIT_CODE: Final = "91320612MA27LQ4X8J"
TITLE: Final = f"{RESPONDENT}涉嫌销售侵犯注册商标专用权的商品案"
TRADEMARK: Final = "9278465"
FINE: Final = "25800"
FINE_IN_WORDS: Final = "贰万伍仟捌佰元整"
GAINS: Final = "3120.50"
OFFICERS: Final = ["顾海宁", "陆文珺"]

OFFICE: Final[Values] = {
    "address": "南通市通州区金沙街道新世纪大道",
    "phone": "0513-86512345",
    "fee_bank": "江苏银行通州支行",
}

LEAD: Final[Values] = {
    "source": "complaint",
    "received_on": "2026-03-02",
    "division": "320612",
    "channel": "12315 平台",
    "ip_types": ["trademark"],
    "summary": "权利人反映：南通锦屏家纺有限公司在川姜镇门店销售标有“澜缦”商标的四件套，与其注册商标相同，请依法查处。",
    "campaigns": ["huhang"],
    "parties-0-role": "respondent",
    "parties-0-kind": "organisation",
    "parties-0-name": RESPONDENT,
    "parties-0-uscc": CREDIT_CODE,
    "parties-0-legal_representative": "施国平",
    "parties-0-address": "南通市通州区川姜镇家纺城三期12幢106号",
    "rights-0-kind": "trademark",
    "rights-0-number": TRADEMARK,
    "rights-0-title": "澜缦",
    "rights-0-holder": "上海澜缦家居用品有限公司",
    "goods-0-name": "四件套",
    "goods-0-spec": "200×230cm",
    "goods-0-quantity": "86",
    "goods-0-unit": "套",
    "goods-0-unit_price": "188",
}

ASSIGN: Final[Values] = {"officers": OFFICERS, "assignment_note": "请于本周内完成现场核查。"}

RIGHTS: Final[Values] = {
    "rights_told_to": "施国平",
    "rights_told_how": "site",
    "certificates_shown": True,
}

FILING: Final[Values] = {
    "case_name": TITLE,
    "filing_findings": "现场发现标有“澜缦”商标的四件套86套，当事人未能提供授权文件。",
    "filing_reasons": "当事人的行为涉嫌违反《中华人民共和国商标法》第五十七条第（三）项的规定，符合立案条件。",
    "filing_evidence": True,
    "filing_punishable": True,
    "filing_jurisdiction": True,
    "filing_in_time": True,
    "act_from": "2025-12-01",
    "act_to": "2026-03-03",
    "officers": OFFICERS,
}

COURSE: Final = "2026年3月2日，本局收到投诉线索。3月9日，经批准立案调查。调查期间未采取行政强制措施。"

FINDINGS: Final[Values] = {
    "facts_found": "当事人自2025年12月起购进标有“澜缦”商标的四件套120套，已售34套，库存86套，违法经营额22560元，违法所得3120.50元。",
    "evidence": "现场笔录——现场查获侵权商品86套\n询问笔录——进货渠道与销售数量\n权利人出具的鉴别意见——商品侵犯注册商标专用权",
    "nature": "当事人的上述行为构成销售侵犯注册商标专用权的商品的违法行为。",
    "violated": "中华人民共和国商标法 第五十七条第（三）项",
    "basis": "中华人民共和国商标法 第六十条第二款",
    "reasons": "当事人积极配合调查，没有从轻、从重情节。",
}

PROPOSAL: Final[Values] = {
    "proposed_outcome": "penalty",
    "proposed_kinds": ["fine", "confiscate_gains", "confiscate_goods"],
    "proposed_fine": FINE,
    "proposed_gains": GAINS,
    "proposed_confiscation_text": "标有“澜缦”商标的四件套86套",
    "proposed_goods_value": "16168",
}

REPORT: Final[Values] = {
    "course": COURSE,
    **FINDINGS,
    "turnover": "22560",
    "illegal_gains": GAINS,
    "unsold_value": "16168",
    "handling": "责令立即停止侵权行为，没收侵权商品和违法所得，并处罚款25800元。",
    **PROPOSAL,
    "legal_review_grounds": ["complex"],
}

REVIEW: Final[Values] = {
    "review_verdict": "agree",
    "review_opinion": "事实清楚，证据确凿，定性准确，程序合法，同意处理意见。",
}

NOTICE: Final[Values] = {"notice_note": "随告知书送达陈述申辩须知。"}

SERVICE: Final[Values] = {
    "service_method": "direct",
    "service_receiver": "施国平",
    "service_place": "当事人经营场所",
    "service_servers": OFFICERS,
}

DISCUSSION: Final[Values] = {
    "discussion_members": "施明远、钱立新、沈思齐",
    "discussion_minutes": "一致同意办案机构的处理意见。",
    "discussion_result": "agree",
}

DECISION: Final[Values] = {
    "orders": "责令立即停止侵权行为",
    "decided_kinds": ["fine", "confiscate_gains", "confiscate_goods"],
    "fine": FINE,
    "gains": GAINS,
    "confiscation_text": "标有“澜缦”商标的四件套86套",
}

PUBLICATION: Final[Values] = {"published_url": "国家企业信用信息公示系统（江苏）"}

PERFORMANCE: Final[Values] = {"paid_total": "28920.50", "others_performed": True}

CLOSING: Final[Values] = {
    "closing_execution": "罚没款28920.50元已于2026年4月20日缴清，侵权商品已没收。",
    "closing_summary": "当事人销售侵犯注册商标专用权的商品，处罚决定已执行完毕。",
    "goods_disposal": "没收的四件套86套已按规定销毁。",
}

ARCHIVE: Final[Values] = {"archive_number": "2026-通-0001", "archive_volumes": 2}


# --- the same, through the services: for journeys that begin in the middle -------------------------------------------


@dataclass
class Prepared:
    """A case that others have brought to where a journey begins."""

    site: Site
    id: str = ""
    number: str = ""
    proceeding: str = ""
    officers: list[Json] = field(default_factory=list)

    def register(self, *, respondent: str = RESPONDENT, received_on: date | None = None) -> Prepared:
        """Register the lead, as the intake clerk."""
        with self.site.parts.context(self.site.people["intake"]) as ctx:
            reference = case_intake.register_lead(
                ctx,
                case_intake.LeadDraft(
                    division="320612",
                    ip_types=("trademark",),
                    source="complaint",
                    summary=str(LEAD["summary"]),
                    received_on=received_on or ctx.today(),
                    channel="12315 平台",
                    parties=(
                        case_intake.PartyDraft(
                            "respondent", "organisation", respondent, personal={"address": "南通市通州区川姜镇"}
                        ),
                    ),
                    rights=(Right("trademark", TRADEMARK, "澜缦", "上海澜缦家居用品有限公司"),),
                ),
            )
            self.id, self.number = reference.id, reference.number
            self.proceeding = load(ctx, self.id).image.main.id
        self.officers = [self.site.people[login].id for login in ("officer", "officer2")]
        return self

    def assign(self) -> Prepared:
        """Put both officers in charge, as the section head."""
        return self._act("head", "assign_check", {"officers": self.officers})

    def file(self) -> Prepared:
        """Have the case filed: both signatures, and the party told of his rights."""
        self._act("officer", "file_case", {**FILING, "officers": self.officers}, signed_by=("head", "leader"))
        return self._act("officer", "tell_rights", {**RIGHTS, "rights_told_on": self._today()})

    def conclude(self, **changes: Json) -> Prepared:
        """Hand in the report."""
        report = {**REPORT, **_MONEY, **changes}
        return self._act("officer", "conclude_investigation", report)

    def review(self) -> Prepared:
        """Have the case reviewed legally."""
        return self._act("legal", "review_legally", {**REVIEW, "review_received_on": self._today()})

    def _today(self) -> str:
        with self.site.parts.context() as ctx:
            return ctx.today().isoformat()

    def _act(
        self, login: str, action: str, fields: Values | dict[str, Json], *, signed_by: tuple[str, ...] = ()
    ) -> Prepared:
        with self.site.parts.context(self.site.people[login]) as ctx:
            done = case_act.act(ctx, self.id, self.proceeding, action, dict(fields), seen_version=None)
        for signer in signed_by:
            assert done.approval is not None, action
            with self.site.parts.context(self.site.people[signer]) as ctx:
                number = case_approve.sign(ctx, done.approval, verdict="signed", opinion="同意。").number
                self.number = number
        return self


_MONEY: Final[dict[str, Json]] = {
    "turnover": 2_256_000,
    "illegal_gains": 312_050,
    "unsold_value": 1_616_800,
    "proposed_fine": 2_580_000,
    "proposed_gains": 312_050,
    "proposed_goods_value": 1_616_800,
}
"""Amounts of the report as services take them: fen."""
