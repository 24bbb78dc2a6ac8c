"""The case folder: its folded image, and the columns that lists filter and sort by. A projection of the ledger."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class CaseFile(Model):
    __tablename__ = "case_file"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int]
    """Number of entries in the case's chain: the optimistic lock."""
    head_hash: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    number: Mapped[str | None] = mapped_column(String(80), unique=True)
    lead_number: Mapped[str | None] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(400))
    organ_id: Mapped[str] = mapped_column(String(40))
    division: Mapped[str] = mapped_column(String(6))
    procedure: Mapped[str] = mapped_column(String(60))
    procedure_version: Mapped[int]
    proceeding_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(60))
    category: Mapped[str] = mapped_column(String(20))
    counts: Mapped[bool]
    source: Mapped[str | None] = mapped_column(String(60))
    channel: Mapped[str | None] = mapped_column(String(60))
    ip_types: Mapped[str] = mapped_column(String(200))
    """Ids in bars: '|trademark|gi|'."""
    campaigns: Mapped[str] = mapped_column(String(200))
    respondent: Mapped[str] = mapped_column(String(200))
    lead_officer: Mapped[str | None] = mapped_column(String(32))
    opened_on: Mapped[date]
    filed_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    manner: Mapped[str | None] = mapped_column(String(20))
    next_due_on: Mapped[date | None]
    next_due_rule: Mapped[str | None] = mapped_column(String(20))
    restricted: Mapped[bool]
    demo: Mapped[bool]
    origin: Mapped[str] = mapped_column(String(20))
    updated_at: Mapped[datetime] = mapped_column(Instant)
    image: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_case_file_updated", "updated_at", "id"),
        Index("ix_case_file_opened", "opened_on", "id"),
        Index("ix_case_file_filed", "filed_on", "id"),
        Index("ix_case_file_due", "next_due_on", "id"),
        Index("ix_case_file_number", "number", "id"),
        Index("ix_case_file_title", "title", "id"),
        Index("ix_case_file_organ_opened", "organ_id", "opened_on", "id"),
        Index("ix_case_file_organ_due", "organ_id", "next_due_on", "id"),
        Index("ix_case_file_category_opened", "category", "opened_on", "id"),
        Index("ix_case_file_procedure_opened", "procedure", "opened_on", "id"),
        Index(
            "ix_case_file_campaigns",
            "campaigns",
            "id",
            sqlite_where=text("campaigns <> ''"),
            postgresql_where=text("campaigns <> ''"),
        ),
        Index("ix_case_file_division_opened", "division", "opened_on", "id"),
        Index("ix_case_file_demo", "demo", sqlite_where=text("demo"), postgresql_where=text("demo")),
    )
