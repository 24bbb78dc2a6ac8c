"""What became of a package that was taken in, and opening one with the keys of this installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from caseapp.context import Context
from caseapp.domain.packages.parcel import Fault, Parcel
from caseapp.services import organ_keys


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of a package.

    status   taken | unchanged | held | refused
    refusal  digest by which the refusal that goes back is found; '' where none does
    applied  (number, action, '' or why it could not take effect) of the steps that took effect now, in order
    """

    status: str
    faults: tuple[Fault, ...] = ()
    package: str = ""
    matter: str = ""
    case_id: str | None = None
    kind: str = ""
    sequence: int = 0
    sender: str = ""
    receiver: str = ""
    reference: str = ""
    applied: tuple[tuple[int, str, str], ...] = ()
    made_here: bool = False
    refusal: str = ""

    def told(self) -> dict[str, Any]:
        """Return it as commands write it."""
        return {
            "status": self.status,
            "package": self.package,
            "matter": self.matter,
            "case": self.reference,
            "kind": self.kind,
            "sequence": self.sequence,
            "sender": self.sender,
            "receiver": self.receiver,
            "applied": [{"sequence": n, "step": action, "refused": why or None} for n, action, why in self.applied],
            "problems": [fault.told() for fault in self.faults],
        }


def opened(ctx: Context, content: bytes, *, addressed: bool = True) -> Parcel:
    """Open a package with the keys of this installation. addressed: it must be for an organ that works here"""
    ring = organ_keys.ring(ctx)
    here = {key.organ for key in ring.own() if key.good}
    receivers = tuple(sorted(here)) if addressed else None
    return organ_keys.seals(ctx).check(content, (*ring.own(), *ring.trusted()), receivers)
