"""The two requests that the journeys of disputes tell: what people fill in, act by act."""

from __future__ import annotations

from typing import Final

from tests.journeys.pages import Values
from tests.journeys.story import CREDIT_CODE, OFFICE, RESPONDENT

__all__ = ["OFFICE"]

REQUESTER: Final = "江苏澜庭纺织集团有限公司"
PATENT: Final = "ZL202430380182.4"
TITLE: Final = f"{REQUESTER}与{RESPONDENT}外观设计专利侵权纠纷案"
PANEL: Final = ["顾海宁", "陆文珺", "季彧"]
"""The officers of the house, and a third one who holds a certificate."""

PARTIES: Final[Values] = {
    "parties-0-role": "complainant",
    "parties-0-name": REQUESTER,
    "parties-0-address": "南通市海门区叠石桥路66号",
    "parties-1-role": "respondent",
    "parties-1-name": RESPONDENT,
    "parties-1-uscc": CREDIT_CODE,
    "parties-1-legal_representative": "施国平",
    "parties-1-address": "南通市通州区川姜镇家纺城三期12幢106号",
    "rights-0-number": PATENT,
    "rights-0-title": "被套（缠枝莲）",
    "rights-0-holder": REQUESTER,
    "goods-0-name": "四件套",
}
REQUEST: Final[Values] = {
    "received_on": "2026-03-02",
    "ip_types": ["patent_design"],
    "request_items": "责令被请求人立即停止制造、销售、许诺销售侵权产品。",
    "summary": "请求人系涉案外观设计专利的专利权人，被请求人未经许可销售与专利相同的四件套。",
    **PARTIES,
}
DISPUTE: Final[Values] = {
    **REQUEST,
    "claims_relied": "图片所示的外观设计",
    "infringement_known_on": "2025-11-03",
    "papers": ["request", "identity", "register", "evidence", "copies"],
}
FILING: Final[Values] = {
    "request_reasons": "未经许可销售与专利相同的产品。",
    "cond_requester": True,
    "cond_respondent": True,
    "cond_claims": True,
    "cond_jurisdiction": True,
    "cond_no_suit": True,
    "officers": PANEL,
    "clerk": "沈意",
}
SERVICE: Final[Values] = {
    "service_method": "direct",
    "service_receiver": "施国平",
    "service_place": "当事人经营场所",
    "service_servers": PANEL[:2],
}
SUSPENSION: Final[Values] = {
    "suspension_ground": "invalidity",
    "suspension_by": "respondent",
    "suspension_reason": "被请求人就涉案专利提出无效宣告请求，请求中止处理。",
}
HEARING: Final[Values] = {"hearing_time": "9时30分", "hearing_place": "本局四楼审理室"}
RECORD: Final[Values] = {
    "attendance": "both",
    "attendants": "张某，请求人的委托代理人\n施国平，被请求人的法定代表人",
    "hearing_record": "请求人陈述请求事项；被请求人答辩；双方举证、质证、辩论。",
    "clerk": "沈意",
}
DECISION: Final[Values] = {
    "verdict": "infringement",
    "requester_case": "被请求人销售的四件套与专利设计相同。",
    "respondent_case": "花型系市场通用花型，来源合法。",
    "facts_found": "请求人的专利权有效。被请求人在其门店销售被控侵权四件套。",
    "evidence": "专利登记簿副本——专利权有效\n公证书——销售的事实",
    "comparison": "缠枝莲环绕的中心团花——相同\n四角对称的云纹——云纹方向相反",
    "reasons": "两者整体视觉效果无实质性差异，落入专利权的保护范围。",
    "basis": "中华人民共和国专利法 第六十四条第二款、第六十五条",
    "suit_before": "南京市中级人民法院",
    "orders": "立即停止销售被控侵权的四件套\n立即停止许诺销售，下架网店商品链接",
}
CLOSING: Final[Values] = {
    "closing_manner": "executed",
    "closing_execution": "被请求人已停止侵权，商品链接已删除。",
    "closing_summary": "侵权成立，裁决已履行。",
}
MEDIATION: Final[Values] = {
    **REQUEST,
    "mediation_subject": "damages",
    "infringement_decision": "通知知裁字〔2025〕3号",
}
SESSION: Final[Values] = {
    "case_name": f"{REQUESTER}与{RESPONDENT}侵权赔偿纠纷调解案",
    "session_time": "14时",
    "session_place": "本局调解室",
    "officers": PANEL[:2],
}
AGREEMENT: Final[Values] = {
    "dispute_facts": "双方就侵权赔偿数额发生纠纷。",
    "agreement_terms": "被请求人于2026年4月30日前支付50,000.00元\n双方就本案再无争议",
    "payment_duty": True,
}
CONFIRMATION: Final[Values] = {
    "confirmation": "court",
    "confirmed_by": "南通市中级人民法院",
    "confirmation_number": "（2026）苏06诉前调确18号",
}
REGISTRATION: Final[Values] = {
    "kept_reason": "库存四件套正在转移，数量较多，无法抽样取证。",
    "kept_proposed": "被控侵权四件套\n2026年进货台账",
}
REGISTERED: Final[Values] = {
    "kept_place": "南通市通州区川姜镇家纺城三期12幢106号",
    "kept_items": "四件套（缠枝莲）——1.8米床用——96套——原包装\n进货台账——2026年——1册",
    "kept_by": "place",
    "party_present": "施国平",
    "certificates_shown": True,
}
SAMPLED: Final[Values] = {
    "sampled_place": "南通市通州区川姜镇家纺城三期12幢106号",
    "sampled_items": "四件套（缠枝莲）——1.8米床用——1套",
    "sampled_present": "施国平",
    "certificates_shown": True,
}
