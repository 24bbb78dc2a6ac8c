"""One invented case with every fact that official documents can print (docs/documents.md)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates" / "documents"
FONTS = ROOT / "caseapp" / "static" / "fonts"
DOCUMENTS_FILE = ROOT / "workflows" / "documents.yaml"

_FULL: dict[str, object] = {
    "organ": {
        "name": "南通市通州区知识产权局",
        "short": "通州区局",
        "document_word": "通知",
        "address": "江苏省南通市通州区金沙街道建设路8号",
        "phone": "0513-86500000",
        "postcode": "226300",
    },
    "case": {
        "number": "通知知执字〔2026〕12号",
        "lead_number": "通知知源字〔2026〕31号",
        "name": "南通锦屏家纺有限公司涉嫌销售侵犯注册商标专用权的商品案",
        "source": "complaint",
        "source_text": "2026年8月3日，江苏澜庭纺织集团有限公司书面投诉，称当事人在川姜镇家纺城销售侵犯其注册商标专用权的床上用品。",
        "received_on": "2026-08-03",
        "registered_on": "2026-08-03",
        "filed_on": "2026-08-17",
        "unit": "执法监督科",
        "ip_types": ["trademark"],
        "summary": "投诉人称：当事人在南通家纺城3区1208号店铺销售带有“澜庭”文字商标的四件套，价格明显低于正品，经其公证购买并辨认，"
        "系侵犯第12345678号“澜庭”注册商标专用权的商品，请求依法查处。",
    },
    "parties": [
        {
            "role": "respondent",
            "kind": "organisation",
            "name": "南通锦屏家纺有限公司",
            "uscc": "91320612MA1WAXYZ0T",
            "address": "江苏省南通市通州区川姜镇家纺城3区1208号",
            "legal_representative": "翟䶮",
            "phone": "13800000001",
        },
        {
            "role": "complainant",
            "kind": "organisation",
            "name": "江苏澜庭纺织集团有限公司",
            "address": "江苏省南通市海门区叠石桥路66号",
            "phone": "0513-82200000",
        },
    ],
    "rights": [
        {"kind": "trademark", "number": "12345678", "title": "澜庭", "holder": "江苏澜庭纺织集团有限公司"},
    ],
    "goods": [
        {
            "name": "“澜庭”牌全棉四件套",
            "spec": "1.8米床用",
            "quantity": 96,
            "unit": "套",
            "unit_price_fen": 26800,
            "value_fen": 2572800,
        },
        {
            "name": "“澜庭”牌夏凉被",
            "spec": "200×230厘米",
            "quantity": 40,
            "unit": "条",
            "unit_price_fen": 15800,
            "value_fen": 632000,
        },
    ],
    "amounts": {"turnover": 9735300, "gains": 1845000, "sales": 6530500, "unsold_value": 3204800},
    "officers": [
        {"name": "顾海宁", "certificate_no": "10060112001"},
        {"name": "陆文珺", "certificate_no": "10060112002"},
    ],
    "filing": {
        "result": "file",
        "findings": "2026年8月6日，本局执法人员对当事人的经营场所进行核查，现场发现标有“澜庭”字样的四件套96套、夏凉被40条，"
        "当事人未能提供商标注册人的授权文件和合法进货凭证。",
        "reasons": "现有证据初步证明当事人存在销售侵犯注册商标专用权的商品的行为，依法应当给予行政处罚，属于本局管辖，"
        "且在给予行政处罚的法定期限内，符合《市场监督管理行政处罚程序规定》第十九条规定的立案条件，建议立案。",
    },
    "course": "2026年8月3日，本局收到江苏澜庭纺织集团有限公司的书面投诉。8月6日，本局执法人员出示执法证件，对当事人位于南通家纺城3区1208号的"
    "经营场所进行检查。8月17日，经本局负责人批准，对当事人涉嫌销售侵犯注册商标专用权的商品的行为立案调查。其间，执法人员制作现场笔录，"
    "询问当事人法定代表人，调取销售单据，并由商标注册人对涉案商品进行了辨认。",
    "measures": "2026年8月6日，本局依据《中华人民共和国商标法》第六十二条第一款第（四）项的规定，对上述四件套96套、夏凉被40条予以扣押，"
    "并当场交付《实施行政强制措施决定书》和财物清单。",
    "facts_found": "当事人于2026年3月至8月间，从流动商贩处购进标有“澜庭”字样的四件套、夏凉被，在其经营场所对外销售，已售出的销售金额为"
    "65,305.00元，尚未销售的货值金额为32,048.00元，违法经营额共计97,353.00元，违法所得18,450.00元。\n"
    "经商标注册人辨认，上述商品均不是其生产或者许可生产的商品。当事人不能证明该商品是自己合法取得，也不能说明提供者。",
    "evidence": [
        {"name": "当事人营业执照复印件1份、法定代表人身份证复印件1份", "proves": "当事人的主体资格"},
        {"name": "现场笔录1份、现场照片12张、财物清单1份", "proves": "涉案商品的种类、数量和存放、销售的情况"},
        {"name": "法定代表人询问笔录2份", "proves": "涉案商品的来源、进价、售价和销售经过"},
        {"name": "商标注册证复印件和商标注册人出具的辨认意见各1份", "proves": "涉案商品系侵犯注册商标专用权的商品"},
        {"name": "销售单据38张、电子账目1份", "proves": "违法经营额和违法所得"},
    ],
    "nature": "当事人未经商标注册人许可，销售在同一种商品上使用与其注册商标相同的商标的商品，构成销售侵犯注册商标专用权的商品的行为。",
    "violated": [{"law": "中华人民共和国商标法", "article": "第五十七条第（三）项"}],
    "basis": [{"law": "中华人民共和国商标法", "article": "第六十条第二款"}],
    "reasons": "当事人系初次实施该违法行为，积极配合调查，违法经营额为五万元以上，综合其违法行为的事实、性质、情节和社会危害程度，"
    "决定予以从轻处罚。",
    "handling": "建议责令当事人立即停止侵权行为，没收、销毁侵权商品，并处罚款97,353.00元。",
    "proposed": {
        "kinds": ["confiscate_goods", "fine"],
        "orders": ["责令立即停止侵权行为"],
        "confiscation_text": "没收、销毁侵权的四件套96套、夏凉被40条",
        "fine_fen": 9735300,
    },
    "review": {
        "kind": "legal",
        "ground": "案件情况疑难复杂、涉及多个法律关系",
        "received_on": "2026-10-09",
        "completed_on": "2026-10-16",
        "checks": [
            {"code": code, "ok": True}
            for code in ("jurisdiction", "parties", "facts", "nature", "basis", "procedure", "handling")
        ],
        "verdict": "agree",
        "opinion": "本案事实清楚，证据充分，定性准确，适用依据正确，程序合法，处理适当，同意案件处理意见。",
        "reviewer": "季彧",
        "qualification": "法律职业资格证书A20203206010001",
    },
    "notice": {"number": "通知知告字〔2026〕9号", "served_on": "2026-10-21"},
    "defence": {
        "working_days": 5,
        "status": "made",
        "summary": "当事人称其已停止销售并主动联系商标注册人赔偿，请求减轻处罚。",
        "finding": "本局经复核认为，当事人停止销售的情节在裁量时已予考虑，其尚未与商标注册人达成赔偿协议，对减轻处罚的请求不予采纳。",
    },
    "hearing": {
        "entitled": True,
        "working_days": 5,
        "held": False,
        "on": "2026-10-30",
        "time": "9时30分",
        "place": "本局二楼听证室",
        "public": True,
        "presider": "季彧",
        "clerk": "沈意",
        "held_on": "2026-10-30",
        "present": ["当事人法定代表人翟䶮", "委托代理人律师王某"],
        "record": "主持人：现在开始听证。\n调查人员：当事人销售侵权商品的事实清楚。\n当事人：我们对数额没有异议。",
        "report": "听证程序合法，双方意见已充分陈述，建议按告知的意见处理。",
        "finding": "当事人关于减轻处罚的意见没有依据，不予采纳。",
    },
    "discussion": {
        "on": "2026-11-02",
        "members": ["姜㛃（局长）", "丁卫东（副局长）"],
        "minutes": "丁卫东：同意办案机构意见。\n姜㛃：同意。",
        "result": "同意办案机构的处理意见。",
    },
    "reminder": {"amount_fen": 9735300, "days": 10, "number": "通知知催字〔2026〕1号", "served_on": "2027-05-20"},
    "court": {"name": "南通市通州区人民法院", "amount_fen": 19470600, "on": "2027-06-08"},
    "assistance": {"working_days": 15},
    "transfer": {
        "kind": "move",
        "sender": "南通市通州区知识产权局",
        "receiver": "南通市海门区知识产权局",
        "decided_by": "南通市知识产权局",
        "reason": "当事人的经营场所和违法行为发生地均在海门区",
        "demands": "请于三十日内报告办理情况",
        "materials": ["案件来源登记表", "立案审批表"],
        "letter": "通知知移字〔2026〕3号",
        "letter_title": "案件移送函",
        "received_on": "2026-08-20",
        "received_by": "钱立新",
        "number": "海知知执字〔2026〕8号",
    },
    "original": {
        "id": "0" * 32,
        "template": "penalty_decision.html",
        "title": "行政处罚决定书",
        "digest": "sha256:" + "ab" * 32,
    },
    "volume": {
        "name": "正卷",
        "cover": "行政处罚案卷",
        "pages": 3,
        "items": [
            {"n": 1, "title": "立案审批表", "on": "2026-08-17", "first": 1, "last": 1},
            {
                "n": 2,
                "title": "行政处罚决定书",
                "number": "通知知罚字〔2026〕7号",
                "on": "2026-11-06",
                "first": 2,
                "last": 3,
            },
        ],
    },
    "binding": {
        "on": "2026-12-01",
        "by": "顾海宁",
        "missing": [{"label": "现场笔录", "reason": "当事人主动送交商品，未作现场检查"}],
        "notes": [],
    },
    "measure": {
        "kind": "detain",
        "facts": "当事人在其经营场所销售标有“澜庭”字样的四件套、夏凉被，未能提供商标注册人的授权文件。",
        "basis": [{"law": "中华人民共和国商标法", "article": "第六十二条第一款第（四）项"}],
        "days": 30,
        "from": "2026-08-06",
        "until": "2026-09-05",
        "place": "江苏省南通市通州区川姜镇家纺城3区1208号",
        "items": [
            {"name": "“澜庭”牌全棉四件套", "spec": "1.8米床用", "quantity": "96套", "note": "原包装"},
            {"name": "“澜庭”牌夏凉被", "quantity": "40条"},
        ],
        "seals": 2,
        "custody": "entrusted",
        "custodian": "南通家纺城仓储有限公司",
        "present": "翟䶮",
        "number": "通知知强措字〔2026〕3号",
        "extension_days": 30,
        "extension_reason": "涉案商品种类较多，需要向注册人逐一核实",
        "extended_from": "2026-09-06",
        "extended_until": "2026-10-05",
        "lift_ground": "unrelated",
        "returned": [{"name": "“澜庭”牌夏凉被", "quantity": "40条"}],
        "returned_to": "翟䶮",
        "handed_to": "南通市公安局通州分局",
        "handed": [{"name": "“澜庭”牌全棉四件套", "spec": "1.8米床用", "quantity": "96套"}],
        "handed_reason": "该案涉嫌构成犯罪",
        "custody_items": [{"name": "“澜庭”牌全棉四件套", "spec": "1.8米床用", "quantity": "96套"}],
        "custody_duties": ["防潮防火", "单独存放"],
        "carrier": "南通某物流有限公司",
        "carrier_items": [{"name": "“澜庭”牌夏凉被", "quantity": "40条", "note": "运单号1001"}],
        "carrier_reason": "该批货物由当事人交你单位托运，涉嫌侵犯注册商标专用权，请协助扣押七日",
    },
    "early": {
        "items": [{"name": "羽绒半成品", "quantity": "30千克"}],
        "reason": "羽绒半成品受潮后霉变，不易保管",
        "owner": "consents",
        "consent": "翟䶮，2026年8月20日书面同意",
        "way": "留样、拍照后依法变卖，所得款项3,000.00元存入本局涉案款专户。",
        "where": "本局门户网站",
        "until": "2026-09-20",
    },
    "matter": {
        "item": "延长查封、扣押期限",
        "beside": "查封、扣押",
        "content": [
            {"label": "延长日数", "text": "30"},
            {"label": "情况复杂、需要延长的理由", "text": "涉案商品种类较多\n需要向注册人逐一核实"},
        ],
        "basis": [{"law": "行政强制法", "article": "25"}, {"law": "市场监督管理行政处罚程序规定", "article": "38"}],
    },
    "announcement": {
        "paper": "行政处罚决定书",
        "number": "通知知罚字〔2026〕7号",
        "paper_on": "2026-11-06",
        "on": "2026-11-20",
        "where": "本局门户网站",
        "days": 30,
    },
    "deferral": {
        "asked_on": "2026-11-12",
        "kind": "instalments",
        "until": "2027-02-28",
        "plan": ["2026年12月31日前缴纳50,000.00元", "2027年2月28日前缴纳47,353.00元"],
    },
    "preservation": {
        "reason": "有关账簿可能被转移",
        "days": 7,
        "on": "2026-08-06",
        "place": "江苏省南通市通州区川姜镇家纺城3区1208号",
        "items": [{"name": "销售账簿", "spec": "2026年", "quantity": "3册", "note": "手写"}],
        "kept_by": "organ",
        "present": "翟䶮",
        "number": "通知知登存字〔2026〕2号",
        "release_reason": "已经复制完毕，不需要继续保存",
        "returned_to": "翟䶮",
    },
    "appraisal": {
        "kind": "appraisal",
        "body": "江苏省纺织产品质量监督检验研究院",
        "qualification": "CMA200000",
        "items": [{"name": "“澜庭”牌全棉四件套", "spec": "1.8米床用", "quantity": "1套"}],
        "questions": ["是否与注册人的产品同一", "面料成分是否与标识相符"],
        "from": "2026-08-10",
        "until": "2026-09-10",
        "result": "送检样品的面料成分与标识不符，不是注册人的产品。",
        "result_number": "苏纺鉴〔2026〕88号",
        "result_on": "2026-09-01",
    },
    "recusal": {
        "of": "陆文珺",
        "by": "party",
        "asked_on": "2026-08-20",
        "reason": "该执法人员与投诉人的代理人是近亲属",
        "decider": "leader",
        "verdict": "granted",
        "opinion": "该情形可能影响公正执法",
        "evidence": "此前由该执法人员收集的证据，经核实后仍可使用。",
    },
    "paper": {
        "interview_begun": "2026-08-20T09:00:00+08:00",
        "interview_ended": "2026-08-20T10:30:00+08:00",
        "interview_nth": 1,
        "interview_place": "本局询问室",
        "officers_asking": [
            {"name": "顾海宁", "certificate_no": "10060112001"},
            {"name": "陆文珺", "certificate_no": "10060112002"},
        ],
        "interview_clerk": "陆文珺",
        "interviewee_name": "翟䶮",
        "interviewee_id": "320612198001011234",
        "interviewee_job": "南通锦屏家纺有限公司法定代表人",
        "interviewee_relation": "当事人法定代表人",
        "interviewee_phone": "13800000001",
        "interviewee_address": "江苏省南通市通州区金沙街道新金路1号",
        "interview_text": "问：这批四件套从哪里购进？\n答：从流动商贩处购进，没有进货凭证。",
        "interview_confirmed": "read",
        "site_begun": "2026-08-06T09:10:00+08:00",
        "site_ended": "2026-08-06T11:00:00+08:00",
        "site_place": "江苏省南通市通州区川姜镇家纺城3区1208号",
        "site_officers": [
            {"name": "顾海宁", "certificate_no": "10060112001"},
            {"name": "陆文珺", "certificate_no": "10060112002"},
        ],
        "site_clerk": "陆文珺",
        "site_presence": "present",
        "site_person": "翟䶮",
        "site_person_job": "法定代表人",
        "site_refusal": "当事人经通知未到场，由市场管理方人员见证。",
        "site_witness": "陈某，市场管理员",
        "site_text": "该店铺内货架上摆放标有“澜庭”字样的四件套96套、夏凉被40条。",
        "assistance_to": "常熟市市场监督管理局",
        "assistance_facts": "当事人称涉案商品购自常熟招商城某商铺。",
        "assistance_matters": ["该商铺的主体资格和经营情况", "该商铺2026年3月至8月的销售记录"],
        "assistance_attachments": ["涉案商品照片3张"],
        "correction_findings": "销售侵犯“澜庭”注册商标专用权的四件套、夏凉被",
        "correction_violated": [{"law": "中华人民共和国商标法", "article": "第五十七条第（三）项"}],
        "correction_basis": [{"law": "中华人民共和国行政处罚法", "article": "第二十八条第一款"}],
        "correction_when": "by_day",
        "correction_by": "2026-08-31",
        "correction_demand": "停止销售标有“澜庭”字样的侵权商品，并将整改情况书面报告本局。",
    },
    "decision": {
        "number": "通知知罚字〔2026〕7号",
        "on": "2026-11-06",
        "served_on": "2026-11-08",
        "kinds": ["confiscate_goods", "fine"],
        "orders": ["责令立即停止侵权行为"],
        "confiscation_text": "没收、销毁侵权的四件套96套、夏凉被40条",
        "fine_fen": 9735300,
        "public": True,
        "ground_text": "当事人违法行为轻微并及时改正，没有造成危害后果。",
        "education": "本局已对当事人进行教育，当事人应当引以为戒，依法经营。",
        "place": "江苏省南通市通州区川姜镇家纺城3区1208号",
        "at": "2026-11-06T10:05:00+08:00",
    },
    "payment": {
        "mode": "bank",
        "bank": "江苏省非税收入收缴系统或者中国建设银行南通通州支行",
        "account": "3200 1234 5678 9012",
        "days": 15,
        "surcharge_percent": 3,
    },
    "remedies": {
        "reconsideration_organ": "南通市通州区人民政府",
        "days": 60,
        "lawsuit_court": "南通市通州区人民法院",
        "months": 6,
        "reconsideration_first": False,
        "after_reconsideration_days": 15,
    },
    "service": {
        "documents": [{"name": "行政处罚决定书", "number": "通知知罚字〔2026〕7号"}],
        "receiver": "南通锦屏家纺有限公司",
        "method": "direct",
        "place": "江苏省南通市通州区川姜镇家纺城3区1208号",
        "servers": ["顾海宁", "陆文珺"],
    },
    "closing": {
        "manner": "executed",
        "summary": "当事人销售侵犯注册商标专用权的商品，本局于2026年11月6日作出通知知罚字〔2026〕7号行政处罚决定：责令立即停止侵权行为，"
        "没收、销毁侵权商品，罚款97,353.00元。",
        "execution": "当事人已于2026年11月18日缴纳全部罚款，侵权行为已停止。",
        "goods_disposal": "侵权的四件套96套、夏凉被40条已于2026年11月20日监督销毁。",
    },
    "approvals": [
        {"step": "intake_clerk", "name": "沈意", "on": "2026-08-03"},
        {"step": "officer", "name": "顾海宁", "on": "2026-08-14"},
        {
            "step": "section_head",
            "name": "丁卫东",
            "opinion": "情况属实，建议立案，由顾海宁、陆文珺办理。",
            "on": "2026-08-14",
        },
        {"step": "leader", "name": "姜㛃", "opinion": "同意。", "on": "2026-08-17"},
    ],
    "evidence_list": [
        {
            "number": "1",
            "title": "现场照片",
            "kind": "视听资料",
            "source": "当事人店铺货架",
            "acquired_on": "2026-08-05",
            "acquired_at": "09:30",
            "place": "南通家纺城3区1208号",
            "how": "现场检查提取",
            "officers": ["顾海宁", "陆文珺"],
            "proves": "当事人销售侵权商品",
            "file_name": "现场照片.jpg",
            "size": "2.3 MB",
            "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        },
    ],
    "withdrawn": ["2"],
    "custody": [
        {
            "number": "1",
            "name": "四件套",
            "spec": "1.8米",
            "quantity": 96,
            "unit": "套",
            "state": "由顾海宁保管，存放于证物室",
        },
    ],
    "attachments": ["投诉书1份", "商标注册证复印件1份", "公证购买文书1份"],
    "number": "通知知罚字〔2026〕7号",
    "issued_on": "2026-11-06",
    "issued_at": "2026-11-06T09:30:00+08:00",
    "demo": False,
}


def full_facts(**changes: object) -> dict[str, object]:
    """Return the whole case afresh; `changes` replace top-level facts, None removes one."""
    facts = copy.deepcopy(_FULL)
    for key, value in changes.items():
        if value is None:
            facts.pop(key, None)
        else:
            facts[key] = value
    return facts


def on_spot_facts() -> dict[str, object]:
    """Return the facts of a small case decided on the spot; reconsideration comes before a lawsuit."""
    facts = full_facts(
        facts_found="当事人在其经营场所的宣传单上标注“专利产品”，但不能提供专利权有效的证明；经查询，其所标注的专利权已于2025年终止。",
        evidence=[{"name": "现场笔录1份"}, {"name": "宣传单1份"}],
        violated=[{"law": "中华人民共和国专利法实施细则", "article": "第一百零一条第一款第（一）项"}],
        basis=[{"law": "中华人民共和国专利法", "article": "第六十八条"}],
        number="通知知当罚字〔2026〕3号",
    )
    part(facts, "decision").update(kinds=["warning", "fine"], orders=[], fine_fen=300000)
    part(facts, "remedies").update(reconsideration_first=True)
    return facts


_DISPUTE: dict[str, object] = {
    "case": {
        "number": "通知知纠字〔2026〕4号",
        "name": "江苏澜庭纺织集团有限公司与南通锦屏家纺有限公司外观设计专利侵权纠纷案",
        "registered_on": "2026-08-03",
        "filed_on": "2026-08-07",
    },
    "parties": [
        {
            "role": "complainant",
            "kind": "organisation",
            "name": "江苏澜庭纺织集团有限公司",
            "uscc": "91320612MA1WAXYZ0T",
            "address": "江苏省南通市海门区叠石桥路66号",
            "legal_representative": "翟䶮",
        },
        {
            "role": "respondent",
            "kind": "organisation",
            "name": "南通锦屏家纺有限公司",
            "address": "江苏省南通市通州区川姜镇家纺城3区1208号",
        },
    ],
    "facts_found": "涉案专利于2024年5月授权，现行有效。被请求人在其店铺展示并销售被控侵权四件套。",
    "evidence": [
        {"name": "专利登记簿副本1份", "proves": "专利权有效"},
        {"name": "公证书1份", "proves": "销售被控侵权产品"},
    ],
    "dispute": {
        "mediation": False,
        "patents": [{"kind": "patent_design", "number": "ZL202330380182.4", "title": "被套（缠枝莲）"}],
        "request_items": "责令被请求人立即停止制造、销售侵权产品",
        "request_reasons": "被请求人未经许可销售侵权产品",
        "claims": "外观设计图片（主视图、后视图）",
        "panel": ["顾海宁", "陆文珺", "季彧"],
        "clerk": "沈意",
        "answer_days": 15,
        "answer_days_abroad": 30,
        "requester_case": "被请求人销售的四件套与专利设计相同",
        "respondent_case": "花型系市场通用花型",
        "comparison": [
            {"patent": "缠枝莲环绕的中心团花", "accused": "相同"},
            {"patent": "四角对称的云纹", "accused": "云纹方向相反"},
        ],
        "verdict": "infringement",
        "orders": ["立即停止销售被控侵权的四件套", "立即停止许诺销售，下架网店商品链接"],
        "reasons": "两者整体视觉效果无实质性差异，落入专利权的保护范围",
        "basis": [{"law": "中华人民共和国专利法", "article": "第六十四条第二款、第六十五条"}],
        "suit_days": 15,
        "suit_court": "南通市中级人民法院",
        "refusal_reasons": "请求人不是专利权人，也不是利害关系人",
    },
    "correction": {"items": ["提交专利登记簿副本", "补齐副本"], "until": "2026-08-20"},
    "oral": {
        "on": "2026-09-08",
        "time": "9时30分",
        "place": "本局四楼审理室",
        "public": True,
        "held_on": "2026-09-08",
        "attendance": "both",
        "attendants": ["张某，请求人的委托代理人", "李某，被请求人的法定代表人"],
        "record": "请求人陈述请求事项。被请求人答辩。双方质证、辩论。",
    },
    "suspension": {
        "ground": "涉案外观设计专利的无效宣告请求已被受理",
        "reason": "被请求人请求中止处理",
        "proof": "2026年8月25日无效宣告请求受理通知书",
        "refused_ground": "专利权评价报告未发现不符合授予专利权条件的缺陷",
        "refused_reason": "评价报告初步结论良好",
        "suspended_on": "2026-09-01",
        "resumed_on": "2026-10-20",
        "resume_reason": "无效宣告请求审查决定维持专利权有效",
    },
    "cancellation": {"ground": "请求人撤回请求", "reason": "双方自行和解，请求人书面撤回请求"},
    "agreement": {
        "on": "2026-09-15",
        "facts": "双方就四件套花型是否侵犯外观设计专利权发生纠纷",
        "terms": ["被请求人停止销售并销毁库存", "被请求人于2026年10月31日前支付50,000.00元"],
        "payment": True,
    },
    "mediation": {
        "subject": "侵犯专利权的赔偿数额",
        "ownership": True,
        "opinion_days": 15,
        "session_on": "2026-09-15",
        "session_time": "9时30分",
        "session_place": "本局调解室",
        "helpers": "南通家纺产业知识产权保护联盟",
    },
    "filing": {"result": "file", "reasons": "请求人不是专利权人，也不是利害关系人"},
    "jurisdiction": {
        "objected_on": "2026-08-24",
        "objection": "被控侵权行为地和被请求人所在地均不在南通市",
        "verdict": "upheld",
        "finding": "被请求人所在地在苏州市，本局没有管辖权",
        "receiver": "苏州市知识产权局",
    },
    "evidence_period": {"until": "2026-09-20", "minimum_days": 15, "reason": "被请求人申请延长，需要调取进货单据"},
    "joined": {
        "panel_reason": "原组长工作调动",
        "party": "南通云帆电子商务有限公司",
        "party_as": "third_party",
        "party_reason": "请求人申请追加，网店由该公司经营",
        "numbers": ["通知知纠字〔2026〕2号", "通知知纠字〔2026〕3号"],
        "because": "same_patent",
        "into": "通知知纠字〔2026〕2号",
        "merge_reason": "两案专利和被控侵权产品相同",
    },
    "extension": {
        "what": "superior",
        "n": 2,
        "unit": "months",
        "reason": "案情复杂，需要等待技术鉴定意见",
        "superior": "江苏省知识产权局",
        "superior_number": "苏知〔2026〕18号",
        "granted_months": 1,
        "due_on": "2026-12-07",
    },
    "deliberation": {
        "on": "2026-09-10",
        "minutes": "组长：请各位就侵权是否成立发表意见。\n多数意见：侵权成立。",
        "members": ["顾海宁", "陆文珺", "季彧"],
        "dissenters": ["季彧"],
        "dissent": "云纹方向相反，整体视觉效果有差异",
    },
    "changed": {
        "correction": "裁决书第二页“四件套”误写为“三件套”，更正为“四件套”。",
        "invalidity_number": "第561234号",
        "text": "权利要求1被宣告无效，裁决第二项不再执行",
    },
    "enforcement": {"items": ["停止销售被控侵权的四件套", "下架网店商品链接"], "period_over_on": "2026-11-24"},
    "court": {"name": "南通市中级人民法院"},
    "registration": {
        "reason": "被控侵权四件套即将转移",
        "proposed": ["四件套样品", "进货台账"],
        "on": "2026-08-20",
        "place": "南通家纺城3区1208号",
        "days": 7,
        "items": [{"name": "四件套", "spec": "1.8米", "quantity": "2套", "note": "缠枝莲"}],
        "kept_by": "place",
        "present": "施国平",
        "number": "通知知登存字〔2026〕5号",
        "release_reason": "已经拍照、测绘",
        "returned_to": "施国平",
    },
    "sampling": {
        "reason": "需要比对被控侵权产品的设计特征",
        "on": "2026-08-20",
        "place": "南通家纺城3区1208号",
        "items": [{"name": "四件套", "quantity": "1套"}],
        "present": "施国平",
    },
}

_DISPUTE_PAPER: dict[str, object] = {
    "report_until": "2026-08-20",
    "report_reason": "涉案专利为外观设计专利。",
    "inquiry_by": "request",
    "inquiry_reason": "请求人客观上不能自行收集",
    "inquiry_matters": "调取网店2026年1月至7月的销售记录",
    "inquiry_place": "南通家纺城3区1208号",
    "inquiry_to": "南通云帆电子商务有限公司",
    "inquiry_agent": "张某",
    "inquiry_licence": "13206202610000001",
    "inquiry_items": ["销售记录", "发货地址"],
    "inquiry_until": "2026-09-01",
    "superior_name": "江苏省知识产权局",
    "more_months": 2,
    "more_reason": "技术鉴定尚未完成",
    "cooperation_to": "南通云帆电子商务有限公司",
    "cooperation_kind": "platform",
    "cooperation_demands": ["删除涉案商品链接", "终止对被请求人涉案商品的交易和服务"],
    "clue_to": "苏州市知识产权局",
    "clue_text": "请求人反映苏州某公司制造被控侵权产品。",
    "clue_reason": "制造行为地和行为人所在地均在苏州市。",
    "clue_attachments": ["请求书副本"],
    "publication_way": "本局网站",
    "publication_masked": "自然人住址、银行账号",
}


def dispute_facts(**changes: object) -> dict[str, object]:
    """Return the facts of a design-patent dispute, with everything that any of its papers can print."""
    facts = full_facts(**copy.deepcopy(_DISPUTE))
    part(facts, "paper").update(copy.deepcopy(_DISPUTE_PAPER))
    for name in (
        "rights",
        "goods",
        "course",
        "nature",
        "violated",
        "notice",
        "hearing",
        "defence",
        "proposed",
        "review",
    ):
        facts.pop(name, None)
    facts.update(changes)
    return facts


DISPUTE_PAPERS = (
    "correction_notice",
    "dispute_filing_notice",
    "dispute_refusal_notice",
    "answer_notice",
    "oral_hearing_notice",
    "oral_hearing_record",
    "suspension_notice",
    "no_suspension_notice",
    "resumption_notice",
    "adjudication",
    "mediation_agreement",
    "cancellation_decision",
    "opinion_notice",
    "mediation_filing_notice",
    "mediation_refusal_notice",
    "dispute_filing_approval",
    "jurisdiction_decision",
    "evidence_period_notice",
    "evidence_extension_notice",
    "panel_notice",
    "added_party_notice",
    "joint_hearing_notice",
    "merging_notice",
    "extension_approval",
    "deliberation_record",
    "adjudication_correction",
    "adjudication_change",
    "adjudication_revocation",
    "dispute_court_application",
    "report_demand",
    "dispute_interview_record",
    "dispute_site_record",
    "investigation_approval",
    "inquiry_notice",
    "extension_request",
    "cooperation_notice",
    "clue_letter",
    "publication_approval",
    "registration_approval",
    "registration_decision",
    "registration_release",
    "sampling_decision",
)


def facts_for(kind: str) -> dict[str, object]:
    """Return a whole case of the sort that the kind of paper belongs to."""
    if kind in DISPUTE_PAPERS:
        return dispute_facts()
    return on_spot_facts() if kind == "on_spot_decision" else full_facts()


def part(facts: Mapping[str, object], key: str) -> dict[str, object]:
    """Return a mapping inside the facts, to be changed in place."""
    value = facts[key]
    assert isinstance(value, dict)
    return value
