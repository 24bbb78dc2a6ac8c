"""What officers of the demonstration bring back from the scene: pictures, papers, goods. Drawn, and marked as such."""

from __future__ import annotations

import io
from dataclasses import replace

from caseapp.context import Context
from caseapp.domain.evidence import EvidenceDraft
from caseapp.domain.items import Keeper
from caseapp.queries.case_images import load
from caseapp.services import evidence_add, evidence_change, evidence_move
from caseapp.services.demo.actor import Hand
from caseapp.services.demo.people import Person
from caseapp.services.evidence_move import ItemDraft, MoveDraft

_STORE = "二楼证物室"


def brought_in(c: Hand) -> None:
    """Attach pictures and a paper to a case whose papers are issued, and take its goods into custody."""
    if not c.plan.papers:
        return
    _pictures(c)
    if c.plan.ordinal % 3 == 0 and c.stage.prints:
        _paper(c)
    if c.matter.goods and "closed" not in c.plan.story:
        _goods(c)
    c.version = load(c.stage.ctx, c.case_id).version


def _pictures(c: Hand) -> None:
    pieces = (
        ("店铺门头照片", "当事人经营场所的位置和字号", "#dfe6ee"),
        ("货架商品照片", "现场销售侵权商品的情况", "#e9e4d8"),
    )
    for title, proves, tone in pieces:
        card = c.stage.ctx.ports.pictures.card(["演示", title, c.number, c.today.isoformat()], tone=tone)
        _attach(c, card, f"{title}.jpg", title=title, proves=proves)
    if c.plan.ordinal % 4 == 0:
        card = c.stage.ctx.ports.pictures.card(["演示", "拍摄不清的照片", c.number])
        added = _attach(c, card, "IMG_0007.jpg", title="拍摄不清的照片")
        evidence_change.withdraw(_acting(c, c.officer), c.case_id, added, reason="拍摄不清，已另行拍摄")


def _paper(c: Hand) -> None:
    words = "".join(
        f"<p>{line}</p>"
        for line in ("演示", "进货单", c.matter.title, "本页为演示数据生成的样张，不是真实单据。", c.today.isoformat())
    )
    content = c.stage.ctx.ports.pdf.render(f"<html lang='zh'><body>{words}</body></html>", title="进货单（演示）")
    _attach(
        c, content, "进货单.pdf", title="进货单", how="submitted", proves="商品的进货渠道和数量", source="当事人提交"
    )


def _goods(c: Hand) -> None:
    item = c.matter.goods[0]
    held = _acting(c, c.officer)
    draft = ItemDraft(
        name=item.name,
        quantity=item.quantity or 1,
        unit=item.unit or "件",
        place=_STORE,
        taken_on=c.today,
        source="当事人，现场清点",
        spec=item.spec or "",
    )
    taken = evidence_move.take(held, c.case_id, draft)
    keeper = c.officers[1] if len(c.officers) > 1 and c.plan.ordinal % 2 else None
    if keeper is not None and draft.quantity > 1:
        to = Keeper(officer=keeper.actor.id)
        evidence_move.ask(held, c.case_id, taken.id, MoveDraft(1, to, "留作样品辨认", place="样品柜"))


def _attach(c: Hand, content: bytes, name: str, *, how: str = "scene", source: str = "现场检查", **told: str) -> str:
    officers = tuple(person.actor.id for person in c.officers)
    draft = EvidenceDraft(
        source=source,
        acquired_on=c.today,
        place=c.matter.place,
        how=how,
        officers=officers,
        title=told.get("title", ""),
        proves=told.get("proves", ""),
    )
    return evidence_add.add(_acting(c, c.officer), c.case_id, io.BytesIO(content), name, draft).id


def _acting(c: Hand, person: Person) -> Context:
    return replace(c.stage.ctx, actor=person.actor, scope=person.scope.value)
