"""A package that was opened: what it holds, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. code: as the verifier names it; item: the file it is about, '' = the whole."""

    code: str
    item: str
    zh: str
    en: str

    def told(self) -> dict[str, str]:
        """Return it as commands write it."""
        return {"code": self.code, "item": self.item, "reason": self.zh, "reason_en": self.en}


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package that was opened. What it holds may be used only where there are no faults.

    digest  sha256 (hex) of the manifest: what the next package of the same sender names as the one before it
    """

    faults: tuple[Fault, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    items: Mapping[str, bytes] = field(default_factory=dict)
    digest: str = ""

    @property
    def step(self) -> Mapping[str, Any]:
        """Return what it tells. raises ValueError where it tells nothing"""
        document = json.loads(self.items.get("step.json", b""))
        if not isinstance(document, dict):
            raise ValueError("step.json")
        return document
