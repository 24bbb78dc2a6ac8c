"""Heads of the chains that are not cases (a case keeps its own head)."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class LedgerHead(Model):
    __tablename__ = "ledger_head"

    chain: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
