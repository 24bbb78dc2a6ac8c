"""Personal values that may have to be erased; the ledger holds only salted commitments to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class PersonalValue(Model):
    __tablename__ = "personal_value"

    commitment: Mapped[str] = mapped_column(String(80), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    subject: Mapped[str] = mapped_column(String(32))
    """Id of the party (or other person) it belongs to."""
    field: Mapped[str] = mapped_column(String(40))
    salt: Mapped[str] = mapped_column(String(64))
    value: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
