"""Documents that were issued: frozen facts in the transaction, printed afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class IssuedDocument(Model):
    __tablename__ = "issued_document"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    proceeding_id: Mapped[str] = mapped_column(String(32))
    type: Mapped[str] = mapped_column(String(60))
    number: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(Instant)
    facts: Mapped[str] = mapped_column(Text)
    facts_digest: Mapped[str] = mapped_column(String(80))
    template_version: Mapped[str] = mapped_column(String(80))
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    printed_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("number"),)
