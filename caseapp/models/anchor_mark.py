"""Up to where each chain was anchored in a signed file; only saves work, the files are what counts."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class AnchorMark(Model):
    __tablename__ = "anchor_mark"

    chain: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int]
