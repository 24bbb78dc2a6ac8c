"""Personal values that may have to be erased; the ledger holds only salted commitments to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
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
    sought: Mapped[str | None] = mapped_column(String(90), index=True)
    """By what an identity number or a telephone is looked up: a fingerprint that only the installation's key makes
    (`domain.personal_numbers`, `ports.Vault`).
    """
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        # Whoever erases a value erases what it could be found by: the database takes nothing else.
        CheckConstraint("value IS NOT NULL OR sought IS NULL", name="sought_goes_with_the_value"),
    )
