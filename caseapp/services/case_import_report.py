"""What an import is asked to do, and what it did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from caseapp.domain.errors import Message
from caseapp.domain.exchange.record import ExchangeRecord


class Mode(StrEnum):
    """strict: a sequence that the procedure allows; archive: gaps are accepted and marked irregular."""

    STRICT = "strict"
    ARCHIVE = "archive"


@dataclass(slots=True)
class Report:
    """What an import did (INTERFACES §2)."""

    read: int = 0
    imported: int = 0
    appended: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejections: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    """Numbers of parties and rights that break their rule: taken over as they are, and told."""

    def refuse(self, line: int, external_id: str, message: Message) -> None:
        """Count a refusal and keep why."""
        self.rejected += 1
        self.rejections.append({"line": line, "external_id": external_id, "reason": str(message)})

    def warn(self, line: int, record: ExchangeRecord) -> None:
        """Keep the faults that do not stop a case."""
        for lapse in record.lapses:
            self.warnings.append(
                {"line": line, "external_id": record.external_id, "field": lapse.field, "reason": str(lapse.message)}
            )

    def told(self) -> dict[str, Any]:
        """Return the JSON document of the command."""
        self.rejections.sort(key=lambda refusal: refusal["line"])
        return asdict(self)
