"""Evidence and goods of a case, brought in and moved by its people over the services."""

from __future__ import annotations

import io
from typing import Any

from caseapp.domain.evidence import EvidenceDraft
from caseapp.domain.items import Fate, Keeper, Side
from caseapp.services import evidence_add, evidence_move
from caseapp.services.evidence_move import ItemDraft, MoveDraft
from tests.factories.cases import Course
from tests.support import evidence_files as files


def goods(course: Course, **changes: Any) -> ItemDraft:
    told: dict[str, Any] = {
        "name": "全棉四件套",
        "quantity": 96,
        "unit": "套",
        "place": "二楼证物室",
        "taken_on": course.today,
        "source": "当事人，扣押清单第1项",
    }
    return ItemDraft(**{**told, **changes})


def take(course: Course, case_id: str, *, by: str = "officer", **changes: Any) -> str:
    with course.as_(by) as ctx:
        return evidence_move.take(ctx, case_id, goods(course, **changes)).id


def ask(
    course: Course, case_id: str, item: str, to: str | Keeper | Fate, quantity: int = 96, *, by: str = "officer"
) -> str:
    taker: Keeper | None = None
    if isinstance(to, Keeper):
        taker = to
    elif not isinstance(to, Fate):
        taker = Keeper(officer=course.people[to].id)
    fate = to if isinstance(to, Fate) else Fate.HELD
    draft = MoveDraft(quantity, taker, "入库保管", fate.value, "地下库房" if taker else "")
    with course.as_(by) as ctx:
        return evidence_move.ask(ctx, case_id, item, draft).id


def confirm(course: Course, case_id: str, move: str, by: str, side: Side = Side.TAKING, receipt: str = "") -> None:
    with course.as_(by) as ctx:
        evidence_move.confirm(ctx, case_id, move, side, receipt=receipt)


def receipt(course: Course, case_id: str, content: bytes | None = None) -> str:
    told = EvidenceDraft("受托单位签收", course.today, "仓库", "submitted", (course.people["officer"].id,))
    with course.as_("officer") as ctx:
        return evidence_add.add(ctx, case_id, io.BytesIO(content or files.jpeg()), "收据.jpg", told).id


def attach(course: Course, case_id: str, content: bytes, name: str = "现场照片.jpg", *, by: str = "officer") -> str:
    """Add a piece of evidence got on the spot. Returns its id."""
    told = EvidenceDraft("店铺货架", course.today, "家纺城", "scene", tuple(course.officers), proves="销售侵权商品")
    with course.as_(by) as ctx:
        return evidence_add.add(ctx, case_id, io.BytesIO(content), name, told).id
