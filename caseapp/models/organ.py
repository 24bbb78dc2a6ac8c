"""Agencies, as `workflows/organs.yaml` and the administrator keep them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class Organ(Model):
    __tablename__ = "organ"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160))
    short_zh: Mapped[str] = mapped_column(String(40))
    short_en: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    division: Mapped[str] = mapped_column(String(6), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organ.id"))
    path: Mapped[str] = mapped_column(String(400), index=True)
    """Ids from the root down, each followed by '/': an organ and all below it share a prefix."""
    document_word: Mapped[str] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    postcode: Mapped[str | None] = mapped_column(String(10))
    fee_bank: Mapped[str | None] = mapped_column(String(200))
    """Bank or system that fines are paid to. These four are the administrator's to keep, not `workflows/`."""
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
