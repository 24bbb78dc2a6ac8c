"""Sendings of a case to another organ of the system, and what came of them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class OrganTransfer(Model):
    __tablename__ = "organ_transfer"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    sender: Mapped[str] = mapped_column(String(40))
    receiver: Mapped[str] = mapped_column(String(40))
    decided_by: Mapped[str] = mapped_column(String(40))
    sent_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(20))
    answered_on: Mapped[date | None]
    dispute: Mapped[bool]
    reported_to: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        Index("ix_organ_transfer_receiver", "receiver", "status"),
        Index("ix_organ_transfer_sender", "sender", "sent_on"),
        Index("ix_organ_transfer_reported", "reported_to", "status"),
    )
