"""Which columns a person wants to see in a list."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class ListColumns(Model):
    __tablename__ = "list_columns"

    user_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    list_name: Mapped[str] = mapped_column(String(20), primary_key=True)
    columns: Mapped[str] = mapped_column(String(300))
    """Ids in bars, in the order of the list: '|state|due|'."""
