"""The append-only ledger. Triggers refuse UPDATE, DELETE and TRUNCATE in both databases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class LedgerEntry(Model):
    __tablename__ = "ledger_entry"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    chain: Mapped[str] = mapped_column(String(60))
    """The case id for case acts; 'access:<case id>', 'access' or 'system' for the other streams."""
    seq: Mapped[int]
    stream: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[str | None] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(60))
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    precision: Mapped[str] = mapped_column(String(10))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    appended_at: Mapped[datetime] = mapped_column(Instant)
    payload: Mapped[str] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    algorithm: Mapped[str] = mapped_column(String(10))

    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        Index("ix_ledger_entry_appended", "appended_at", "id"),
        Index("ix_ledger_entry_actor", "actor", "id"),
    )
