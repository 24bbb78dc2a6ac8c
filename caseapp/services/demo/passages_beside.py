"""What runs beside a case: goods seized, books preserved, samples appraised, things given back."""

from __future__ import annotations

from datetime import timedelta

from caseapp.domain.events import Json
from caseapp.services.demo.actor import Course, Hand


def goods_listed(c: Hand) -> str:
    """Return the goods of the matter as a list is typed."""
    lines = [
        "——".join((item.name, item.spec or "规格见实物", f"{item.quantity or 1}{item.unit or '件'}"))
        for item in c.matter.goods
    ]
    return "\n".join(lines) or "涉嫌侵权商品——规格见实物——1批"


def _basis(c: Hand) -> str:
    """Return the provision that lets the organ seize what this kind of case is about."""
    kind = c.matter.ip_types[0]
    if kind.startswith("patent"):
        return "中华人民共和国专利法 第六十九条第一款第（五）项"
    if kind == "copyright":
        return "中华人民共和国著作权法 第五十五条"
    return "中华人民共和国商标法 第六十二条第一款第（四）项"


def seized(c: Hand) -> Course:
    """The goods are seized with the head's approval."""
    asked: dict[str, Json] = {
        "measure_kind": "detain",
        "measure_facts": "现场检查发现涉嫌侵权商品，当事人不能提供合法来源。",
        "measure_basis": _basis(c),
        "measure_proposed": goods_listed(c),
    }
    crew = c.crew
    yield from c.beside_approved("seizure", "apply_measure", asked, crew.heads[0], crew.leaders[0])
    imposed: dict[str, Json] = {
        "imposed_on": c.today.isoformat(),
        "measure_place": "当事人经营场所",
        "measure_items": goods_listed(c),
        "seals": c.chance.randint(1, 4),
        "custody": "organ",
        "party_present": "当事人（经营者）",
        "certificates_shown": True,
    }
    c.beside("seizure", "impose", imposed)


def given_back(c: Hand, ground: str = "unrelated") -> Course:
    """The measure is lifted and the goods are given back."""
    form: dict[str, Json] = {
        "lift_ground": ground,
        "returned_items": goods_listed(c),
        "returned_to": "当事人（经营者）",
    }
    yield from c.beside_approved("seizure", "lift", form, c.crew.leaders[0])


def sent_for_appraisal(c: Hand) -> Course:
    """A sample goes to an institute; that time does not count."""
    form: dict[str, Json] = {
        "appraisal_kind": "inspection",
        "appraisal_body": "委托检验机构（演示）",
        "appraisal_items": goods_listed(c).splitlines()[0],
        "appraisal_questions": "是否符合注册人提供的真品特征",
        "appraisal_until": (c.today + timedelta(days=60)).isoformat(),
    }
    yield from c.beside_approved("appraisal", "commission", form, c.crew.heads[0])


def result_told(c: Hand) -> Course:
    """The result comes in and is told to the party."""
    c.beside(
        "appraisal",
        "receive",
        {
            "result_on": c.today.isoformat(),
            "result_number": f"检（演示）{c.today.year}-{c.chance.randint(100, 999)}",
            "result_text": "送检样品与注册人提供的真品特征不符。",
        },
    )
    yield c.later(0, 2)
    c.beside("appraisal", "tell_result", {"told_on": c.today.isoformat(), "told_to": "当事人（经营者）"})


def preserved(c: Hand) -> Course:
    """The books are preserved with the head's approval."""
    asked: dict[str, Json] = {
        "kept_reason": "账簿单据可能被转移或者销毁。",
        "kept_proposed": "购销账簿、单据",
    }
    crew = c.crew
    yield from c.beside_approved("evidence_preservation", "apply_preservation", asked, crew.heads[0], crew.leaders[0])
    kept: dict[str, Json] = {
        "kept_on": c.today.isoformat(),
        "kept_place": "当事人经营场所",
        "kept_items": "购销账簿——本年度——2册\n送货单据——本年度——1箱",
        "kept_by": "place",
        "party_present": "当事人（经营者）",
        "certificates_shown": True,
    }
    c.beside("evidence_preservation", "preserve", kept)


def copied(c: Hand) -> Course:
    """The books are copied in time, and the preservation ends."""
    yield c.later(1, 3)
    form: dict[str, Json] = {
        "followed_on": c.today.isoformat(),
        "follow_up": "copied",
        "follow_up_note": "已复制、拍照并由当事人核对签字，原件退还。",
    }
    c.beside("evidence_preservation", "follow_up", form)
