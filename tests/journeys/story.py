"""The case that the journeys tell: a shop in Tongzhou sells bed linen under another's trademark. What people fill in,
act by act.
"""

from __future__ import annotations

from typing import Final

from tests.journeys.pages import Values

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
