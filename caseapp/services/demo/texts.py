"""The sentences in which officers of the demonstration write up their cases."""

from __future__ import annotations

from datetime import date

from caseapp.services.demo.matter import YUAN, Matter

_CAME_BY = {
    "inspection": "执法人员在监督检查中发现",
    "complaint": "收到投诉，反映",
    "report": "收到举报，反映",
    "transfer": "收到其他机关移送的线索，反映",
    "assigned": "收到上级机关交办的线索，反映",
}


def yuan(fen: int) -> str:
    """Return an amount in running text: 12,600元 or 12,600.50元."""
    whole, rest = divmod(fen, YUAN)
    return f"{whole:,}元" if not rest else f"{whole:,}.{rest:02d}元"


def day(on: date) -> str:
    """Return a date in running text."""
    return f"{on.year}年{on.month}月{on.day}日"


def summary(matter: Matter, source: str, channel: str) -> str:
    """Return what a lead says."""
    where = f"在{matter.platform}网店" if matter.platform else f"在{matter.place}"
    about = "、".join(_right_words(matter))
    who = f"权利人{matter.holder.name}" if matter.holder else "消费者"
    opening = {
        "inspection": f"执法人员通过{channel}发现",
        "complaint": f"{who}通过{channel}反映",
        "report": f"消费者通过{channel}反映",
        "transfer": f"{channel}的材料反映",
        "assigned": f"{channel}的线索反映",
    }[source]
    ending = "拟进一步核查" if source == "inspection" else "请依法查处"
    return f"{opening}：{matter.respondent.name}{where}{matter.violation.verb}{matter.ware}，涉及{about}，{ending}。"


def _right_words(matter: Matter) -> list[str]:
    names = {
        "trademark": "商标",
        "copyright": "美术作品",
        "gi": "地理标志",
        "patent_design": "外观设计专利",
        "patent_utility": "实用新型专利",
        "patent_invention": "发明专利",
        "patent": "专利",
    }
    return [f"“{right.title}”{names.get(right.kind, '')}" for right in matter.rights]


def _established(matter: Matter) -> str:
    """Return what was established of each right."""
    return "".join(
        wrong.fact.format(title=right.title, number=right.number, holder=right.holder)
        for wrong, right in zip(matter.violations, matter.rights, strict=False)
    )


def findings(matter: Matter, on: date) -> str:
    """Return what the check of the lead found."""
    seen = matter.goods[0] if matter.goods else None
    stock = f"现场发现{seen.name}{seen.quantity}{seen.unit}，" if seen else "现场未发现库存商品，"
    online = f"并对其{matter.platform}网店页面作了截图固定，" if matter.platform else ""
    return f"{day(on)}，执法人员对{matter.respondent.name}进行核查，在{matter.place}{stock}{online}{_unproved(matter)}"


def _unproved(matter: Matter) -> str:
    return "当事人未能当场提供权利人的授权文件。" if matter.violation.others else "当事人未能当场提供有效的权利证书。"


def filing_reasons(matter: Matter, on: date) -> str:
    """Return why the case is filed."""
    articles = "、".join(provision(line) for line in violated(matter, on).splitlines())
    return f"当事人的行为涉嫌违反{articles}的规定，符合立案条件，建议立案调查。"


def provision(line: str) -> str:
    """Return one line of provisions as running text writes it."""
    law, _, article = line.partition(" ")
    return f"《{law}》{article}"


def violated(matter: Matter, on: date) -> str:
    """Return the provisions violated, one a line."""
    return "\n".join(dict.fromkeys(item.line(on) for wrong in matter.violations for item in wrong.violated))


def basis(matter: Matter, on: date) -> str:
    """Return the provisions that the penalty rests on, one a line."""
    return "\n".join(dict.fromkeys(item.line(on) for wrong in matter.violations for item in wrong.basis))


def nature(matter: Matter) -> str:
    """Return the legal character, as a full sentence."""
    acts = "、".join(dict.fromkeys(wrong.act for wrong in matter.violations))
    return f"当事人的上述行为构成{acts}的违法行为。"


def course(matter: Matter, *, source: str, registered: date, filed: date | None, officers: str) -> str:
    """Return where the case came from and how the investigation went."""
    opened = f"{day(filed)}，经批准立案调查，由{officers}办理。" if filed else ""
    return (
        f"{day(registered)}，本局{_CAME_BY[source]}{matter.respondent.name}涉嫌{matter.violation.act}。{opened}"
        "调查期间，执法人员依法进行现场检查、询问当事人并调取进销货凭证，未采取行政强制措施。"
    )


def facts_found(matter: Matter) -> str:
    """Return the facts."""
    money = matter.money
    first = matter.goods[0] if matter.goods else None
    where = f"{matter.platform}网店" if matter.platform else matter.place
    lines = [
        f"自{day(matter.act_from)}至{day(matter.act_to)}，当事人在{where}"
        f"{matter.violation.verb}{matter.ware}。{_established(matter)}"
    ]
    if first is not None:
        lines.append(
            f"至案发，尚有{first.name}（{first.spec}）{first.quantity}{first.unit}未售出，"
            f"按标价每{first.unit}{yuan(first.unit_price_fen or 0)}计，货值{yuan(first.value_fen or 0)}。"
        )
    gained = f"，违法所得{yuan(money.gains)}" if money.gains else "，无违法所得"
    lines.append(f"本案违法经营额共计{yuan(money.turnover)}{gained}。")
    return "\n".join(lines)


def evidence(matter: Matter) -> str:
    """Return the evidence, one item a line: name —— what it proves."""
    items = [
        f"{'营业执照' if matter.respondent.kind == 'organisation' else '身份证'}复印件——当事人的主体资格",
        "现场笔录及现场照片——查获涉案商品的情况",
        "询问笔录——当事人生产、销售涉案商品的经过",
        "进销货凭证及账目——涉案商品的数量、价格和违法经营额",
        "权利证书及权利人出具的鉴别意见——权利状况以及涉案商品未经许可"
        if matter.violation.others
        else "国家知识产权局官网查询记录——权利的法律状态",
    ]
    if matter.platform:
        items.append("网店页面截图及平台提供的交易记录——网络销售的数量和金额")
    if matter.violation.id == "cr_pattern":
        items.append("作品登记证书及花型比对说明——涉案花型与权利作品实质性相似，侵权商品公开销售损害公共利益")
    return "\n".join(items)


def kept_from_police(matter: Matter) -> str:
    """Return why the head decides that a case whose amounts reach a limit of crime is not transferred."""
    kind = matter.rights[0].kind
    why = {
        "trademark": "涉案标识与注册商标近似而不相同，不属于刑法所称“相同的商标”",
        "copyright": "现有证据不能证明当事人明知系侵权复制品，且花型系改动后使用",
    }.get(kind, "当事人标注的专利号系其本人失效专利，不属于假冒他人专利")
    return f"经研判，数额虽达到标准，但{why}，不符合移送条件，决定不移送公安机关；理由存卷备查，依法给予行政处罚。"


def discretion(matter: Matter, outcome: str) -> str:
    """Return the reasons for the discretion used."""
    if outcome != "penalty":
        return _NO_DISCRETION[outcome]
    extent = "违法经营额较小" if matter.money.turnover < 50_000 * YUAN else "违法经营额较大"
    course = "当事人系再次被查处，但案发后配合调查" if matter.repeated else "当事人系首次违法，案发后配合调查并如实陈述"
    return f"{course}，{extent}，社会危害程度一般，参照裁量权基准，给予一般行政处罚。"


_NO_DISCRETION = {
    "no_penalty": "涉案商品数量少、货值低，当事人及时改正，没有造成危害后果，符合不予行政处罚的情形。",
    "not_established": "证据不足，疑点不能排除，不得给予行政处罚。",
    "moved": "不属于本机关管辖，不涉及裁量。",
    "transferred": "涉案金额较大，是否构成犯罪应由司法机关认定，不得以罚代移。",
}


def handling(matter: Matter, on: date) -> str:
    """Return the handling proposed."""
    articles = "、".join(provision(line) for line in basis(matter, on).splitlines())
    parts = [matter.violation.orders]
    if "warning" in matter.money.kinds:
        parts.append("给予警告")
    if "confiscate_goods" in matter.money.kinds:
        parts.append(f"没收{confiscation(matter)}")
    if "confiscate_gains" in matter.money.kinds:
        parts.append(f"没收违法所得{yuan(matter.money.gains)}")
    if "fine" in matter.money.kinds:
        parts.append(f"罚款{yuan(matter.money.fine)}")
    return f"依据{articles}的规定，建议{'，'.join(parts)}。"


def confiscation(matter: Matter) -> str:
    """Return the goods to be confiscated."""
    return "、".join(f"{item.name}{item.quantity}{item.unit}" for item in matter.goods)


def request_summary(matter: Matter) -> str:
    """Return what the request of a patentee says in short."""
    right = matter.rights[0]
    return (
        f"请求人称：其系专利号{right.number}“{right.title}”的专利权人，被请求人未经许可在{matter.place}销售{matter.ware}，"
        "侵犯其专利权，请求依法处理。"
    )


def opinion(action: str) -> str:
    """Return what somebody who signs writes."""
    words = {
        "file_case": "同意立案调查。",
        "decline_filing": "同意不予立案。",
        "issue_prior_notice": "同意告知。",
        "decide_penalty": "同意处罚意见。",
        "decide_no_penalty": "同意不予处罚。",
    }
    return words.get(action, "同意结案。" if action.startswith("close_") else "同意。")
