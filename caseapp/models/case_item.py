"""Goods and samples in custody: where each is and who holds it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class CaseItem(Model):
    __tablename__ = "case_item"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(200))
    keeper_id: Mapped[str | None] = mapped_column(String(32), index=True)
    keeper_name: Mapped[str | None] = mapped_column(String(200))
    fate: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[str | None] = mapped_column(String(32))
