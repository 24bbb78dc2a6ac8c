"""Names of what an officer enters: sources, campaigns, amounts, fields of the file; and changed values in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint

from caseapp.domain.documents import is_blank
from caseapp.domain.errors import N_
from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS
from caseapp.web.shared import filters, labels
from caseapp.web.shared.context import huhang
from caseapp.web.shared.language import gettext as _
from caseapp.web.shared.language import language, say

SOURCES: Mapping[str, str] = labels.LABELS["source"]
"""市场监督管理行政处罚程序规定 art 18; a request is that of a party to a dispute."""

CAMPAIGNS: Mapping[str, str] = labels.LABELS["campaign"]
"""专项行动: a tag on the case; another office's tag is shown as it is."""

AMOUNTS: Mapping[str, str] = labels.LABELS["measure"]

FIELDS: Mapping[str, str] = {
    "title": N_("案件名称"),
    "summary": N_("线索内容"),
    "channel": N_("来源说明"),
    "source": N_("案件来源"),
    "campaigns": N_("专项行动"),
    "ip_types": N_("权利类型"),
    "division": N_("行政区划"),
    "act_from": N_("违法行为开始"),
    "act_to": N_("违法行为终了"),
    "amounts": N_("数额"),
    "parties": N_("当事人"),
    "rights": N_("权利"),
    "goods": N_("涉案物品"),
    "officers": N_("办案人员"),
    "restricted": N_("限制查阅"),
    "number": N_("案号"),
    "lead_number": N_("线索编号"),
}

PERSONAL: Mapping[str, str] = {
    "id_number": N_("身份证件号码"),
    "legal_representative": N_("法定代表人或者负责人"),
    "phone": N_("电话"),
    "address": N_("住所（住址）"),
    "email": N_("电子邮箱"),
}
"""Personal values of a party."""

PARTY: Mapping[str, str] = {
    "role": N_("身份"),
    "kind": N_("类别"),
    "name": N_("名称或者姓名"),
    "uscc": N_("统一社会信用代码"),
}
"""What a party says openly."""

DETAILS: Mapping[str, str] = {
    "outcome": N_("结果"),
    "manner": N_("结案方式"),
    "reason": N_("事由"),
    "n": N_("延长"),
    "to": N_("接收机关"),
    "into": N_("并入"),
    "from": N_("来自"),
}
"""Details of a milestone."""

READS: Mapping[str, str] = {
    "page": N_("查阅案卷"),
    "approval": N_("查阅审批"),
    "document": N_("打开文书"),
    "print": N_("打印案卷摘要"),
    "form": N_("打开办理表单"),
    "referral": N_("查阅移送材料"),
    "evidence": N_("查阅证据"),
    "download": N_("下载证据文件"),
    "view": N_("查看证据文件"),
}


def named(word: str | None, names: Mapping[str, str]) -> str:
    """Return the name of a word; another office's own word is shown as it is."""
    if not word:
        return ""
    return _(names[word]) if word in names else word


def source_name(word: str | None) -> str:
    """Return what a source is called."""
    return named(word, SOURCES)


def campaign_name(word: str) -> str:
    """Return what a campaign is called."""
    return named(word, CAMPAIGNS)


def role_name(role: str, procedure: str) -> str:
    """Return what a party is called in a procedure: 请求人 where others have 投诉人."""
    procedures = huhang().procedures
    named_there = procedures.get(procedure).party_names.get(role) if procedure in procedures else None
    return say(named_there) if named_there is not None else labels.label(role, "party_role")


def role_choices(procedure: str) -> list[tuple[str, str]]:
    """Return (role, name) pairs for a select, as the procedure calls them."""
    return [(role, role_name(role, procedure)) for role in labels.LABELS["party_role"]]


def amount_name(key: str) -> str:
    """Return what an amount is called."""
    return named(key, AMOUNTS)


def amount_text(key: str, value: int | None) -> str:
    """Return an amount with its unit."""
    return filters.money(value) if key in MONEY_AMOUNTS else filters.number(value)


def field_name(name: str) -> str:
    """Return what a field of the file is called; `amounts.turnover`, `parties.name` and the like by their part."""
    whole, _dot, part = name.partition(".")
    if whole == "amounts" and part:
        return amount_name(part)
    if whole == "parties" and part:
        return named(part.removeprefix("personal."), {**PARTY, **PERSONAL})
    return named(whole, FIELDS)


def detail_text(name: str, value: object) -> str:
    """Return a detail of a milestone in words."""
    kinds = {"outcome": "outcome", "manner": "manner"}
    if name in kinds:
        return labels.label(str(value), kinds[name])
    if name == "reason" and str(value) in labels.LABELS["exclusion"]:
        return labels.label(str(value), "exclusion")
    return str(value)


def value_text(name: str, value: Any) -> str:
    """Return the value of a field of the file in words, for what was changed; '—' for nothing."""
    if is_blank(value):
        return filters.NONE_SHOWN
    whole, _dot, part = name.partition(".")
    if whole == "amounts" and part:
        return amount_text(part, value)
    say_it = _VALUES.get(name, say)
    return say_it(value)


def _listed(parts: Iterable[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(part for part in parts if part)


def _amounts(value: Mapping[str, int | None]) -> str:
    order = (*MONEY_AMOUNTS, *COUNT_AMOUNTS)
    shown = [key for key in order if value.get(key) is not None]
    return _listed(f"{amount_name(key)} {amount_text(key, value[key])}" for key in shown) or filters.NONE_SHOWN


def _party(party: Mapping[str, Any]) -> str:
    return _("%(name)s（%(role)s）", name=party["name"], role=labels.label(party["role"], "party_role"))


def _right(right: Mapping[str, Any]) -> str:
    return " ".join(
        str(part) for part in (labels.label(right["kind"], "ip_type"), right.get("number"), right.get("title")) if part
    )


def _goods(item: Mapping[str, Any]) -> str:
    quantity = (
        f"{filters.number(item['quantity'])} {item.get('unit') or ''}".strip()
        if item.get("quantity") is not None
        else ""
    )
    return " ".join(part for part in (str(item["name"]), quantity) if part)


def _right_in_full(right: Mapping[str, Any]) -> str:
    holder = right.get("holder")
    return _listed((_right(right), _("权利人：%(name)s", name=holder) if holder else ""))


def _goods_in_full(item: Mapping[str, Any]) -> str:
    price, value = item.get("unit_price_fen"), item.get("value_fen")
    return _listed(
        (
            _goods(item),
            str(item.get("spec") or ""),
            _("单价 %(amount)s", amount=filters.money(price)) if price is not None else "",
            _("价值 %(amount)s", amount=filters.money(value)) if value is not None else "",
        )
    )


_VALUES: Mapping[str, Any] = {
    "amounts": _amounts,
    "source": source_name,
    "campaigns": lambda value: _listed(campaign_name(one) for one in value),
    "ip_types": lambda value: _listed(labels.label(one, "ip_type") for one in value),
    "division": lambda value: say(huhang().divisions.name(value)),
    "parties": lambda value: _listed(_party(one) for one in value),
    "rights": lambda value: _listed(_right(one) for one in value),
    "goods": lambda value: _listed(_goods(one) for one in value),
    "parties.role": lambda value: labels.label(value, "party_role"),
    "parties.kind": lambda value: labels.label(value, "party_kind"),
    "rights.": _right_in_full,
    "goods.": _goods_in_full,
    "officers": _listed,
    "act_from": filters.day,
    "act_to": filters.day,
    "restricted": lambda value: _("是") if value else _("否"),
}


def install(blueprint: Blueprint) -> None:
    """Give the words to this room's templates."""
    for function in (
        source_name,
        campaign_name,
        amount_name,
        amount_text,
        role_name,
        field_name,
        detail_text,
        value_text,
    ):
        blueprint.add_app_template_global(function)
    blueprint.add_app_template_global(lambda what: named(what, READS), "read_name")
    blueprint.add_app_template_global(lambda name: named(name, DETAILS), "detail_name")
    blueprint.add_app_template_global(lambda name: named(name, PERSONAL), "personal_name")
