"""What can be found by a search: one row for each text of a case, a projection like the other tables of cases.

Beside it stands an index of grams (`caseapp.domain.search_text`): on SQLite the full-text table `search_index`, its
rowid the id of the row; on PostgreSQL the column `vector`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class SearchEntry(Model):
    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    organ_id: Mapped[str] = mapped_column(String(40))
    """Of the case: the index can so be asked for what somebody sees by his place alone."""
    kind: Mapped[str] = mapped_column(String(10))
    """case | party | document | note | evidence"""
    place: Mapped[int]
    """Orders the texts of a kind: index of the party or document, sequence number of the note; 0 for the case;
    number of the piece of evidence, then the goods."""
    target: Mapped[str | None] = mapped_column(String(32))
    """Id of the document or of the piece of evidence."""
    text: Mapped[str] = mapped_column(Text)
    """As people wrote it, identity numbers and telephones masked."""
    folded: Mapped[str] = mapped_column(Text)
    """The normal form that is compared."""
    vector: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))

    __table_args__ = (
        UniqueConstraint("case_id", "kind", "place"),
        Index("ix_search_entry_vector", "vector", postgresql_using="gin").ddl_if(dialect="postgresql"),
        {"info": {"key": ("kind", "place")}},
    )
