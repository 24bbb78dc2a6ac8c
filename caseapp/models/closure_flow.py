"""How many plain cases were filed and closed in each month, by all that closure figures are split by.

Rows only add up: triggers on `closure_case` append what changed (+1, -1) in the transaction that changes it, so that
nobody waits for anybody; a nightly job joins rows of the same kind. What the rows of a kind add up to is always true.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class ClosureFlow(Model):
    __tablename__ = "closure_flow"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    month: Mapped[int]
    """12 × year + month - 1."""
    closing: Mapped[bool]
    """Closed in that month; else filed in it."""
    division: Mapped[str] = mapped_column(String(6))
    procedure: Mapped[str] = mapped_column(String(60))
    source: Mapped[str | None] = mapped_column(String(60))
    ip_types: Mapped[str] = mapped_column(String(200))
    cases: Mapped[int]

    # Holds all that most figures ask for, in the order in which they group it: nothing is sorted, no row is looked up.
    __table_args__ = (Index("ix_closure_flow_sums", "month", "closing", "division", "ip_types", "cases"),)
