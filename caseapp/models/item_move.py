"""Moves of goods in custody, and whose confirmation each waits for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class ItemMoveRow(Model):
    __tablename__ = "item_move"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(32))
    quantity: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[str] = mapped_column(String(32))
    asked_on: Mapped[date]
    giver_awaited: Mapped[str | None] = mapped_column(String(32), index=True)
    taker_awaited: Mapped[str | None] = mapped_column(String(32), index=True)
