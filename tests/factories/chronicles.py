"""A case told entry by entry, without services or database: what folds and decisions are tried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from caseapp.domain.events import LEGAL_ZONE, Entry, EntryKind, Precision
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow import replay
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import Procedure
from caseapp.domain.workflow.engine import Decision
from caseapp.domain.workflow.situation import Actor, Officer, Situation

ORGAN = "320612-ip"
MAIN = "main"
OPENED = date(2026, 3, 2)
"""A Monday, with no holiday near."""

OFFICER, COLLEAGUE, HEAD, LEGAL, LEADER = "officer", "colleague", "head", "legal", "leader"
THIRD = "third"
ROLES = {
    OFFICER: Role.OFFICER,
    COLLEAGUE: Role.OFFICER,
    HEAD: Role.SECTION_HEAD,
    LEGAL: Role.LEGAL_REVIEWER,
    LEADER: Role.LEADER,
    THIRD: Role.OFFICER,
}


def actor(person: str, *roles: Role, organ: str = ORGAN) -> Actor:
    """Return a person of `ROLES`, or somebody with other roles."""
    return Actor(person, person, organ, frozenset(roles or {ROLES[person]}))


def staff() -> dict[str, Officer]:
    """Return everybody of `ROLES`, the officers and the head with a certificate."""
    certified = {OFFICER, COLLEAGUE, HEAD, THIRD}
    return {
        person: Officer(
            id=person,
            name=person,
            organ=ORGAN,
            roles=frozenset({role}),
            certificate_number=f"测{number}" if person in certified else None,
        )
        for number, (person, role) in enumerate(ROLES.items())
    }


def instant(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a time of day in China."""
    return datetime.combine(day, time(hour, minute), tzinfo=LEGAL_ZONE)


def day(offset: int) -> date:
    """Return the day so many days after the opening."""
    return OPENED + timedelta(days=offset)


@dataclass
class Chronicle:
    """One case: its entries, and the image that applying them one after the other gives."""

    procedures: ProcedureSet
    procedure: Procedure
    entries: list[Entry] = field(default_factory=list)
    image: CaseImage | None = None

    @property
    def case(self) -> CaseImage:
        assert self.image is not None
        return self.image

    @property
    def main(self) -> ProceedingImage:
        return self.case.main

    @property
    def state(self) -> str:
        return self.main.state

    def opened(self, on: date = OPENED, *, told: bool = True, **case: Any) -> Chronicle:
        """Open the folder. `told`: with the procedure's own opening; otherwise as an import opens it."""
        fields: dict[str, Any] = {
            "id": "case",
            "title": "某案",
            "organ": ORGAN,
            "division": "320612",
            "ip_types": ["trademark"],
            **case,
        }
        payload: dict[str, Any] = {
            "case": fields,
            "proceeding": {"id": MAIN, "procedure": self.procedure.id, "version": self.procedure.version},
        }
        opening = self.procedure.opening
        if told:
            payload["starts"] = list(self.procedure.opening_clocks.starts)
            if opening is not None:
                payload["milestone"] = {"kind": opening.kind.value, "on": on.isoformat(), "precision": "day"}
        else:
            payload["imported"] = True
        return self.add(EntryKind.OPENED, payload, instant(on), Precision.DAY)

    def told(
        self,
        kind: str,
        on: date,
        /,
        *,
        precision: str = "day",
        irregular: bool = False,
        at: datetime | None = None,
        **details: Any,
    ) -> Chronicle:
        """Add a milestone whose act is not known."""
        milestone: dict[str, Any] = {
            "kind": kind,
            "on": on.isoformat(),
            "precision": precision,
            "details": {name.rstrip("_"): value for name, value in details.items()},
        }
        if at is not None:
            milestone["at"] = at.isoformat()
        payload = {"proceeding": MAIN, "milestone": milestone, "irregular": irregular}
        return self.add(EntryKind.MILESTONE, payload, at or instant(on), Precision(precision))

    def acted(
        self, action_id: str, to: str, on: date, /, person: str = OFFICER, *, hour: int = 9, **payload: Any
    ) -> Chronicle:
        """Add an act. What it starts, meets and ends is read from the definition, `from` from the present state."""
        action = self.procedure.action(action_id)
        assert action is not None
        use = action.milestone
        told: dict[str, Any] = {
            "proceeding": MAIN,
            "action": action_id,
            "from": self.state,
            "to": to,
            "starts": list(action.clocks.starts),
            "meets": list(action.clocks.meets),
            "ends": list(action.clocks.ends),
            **payload,
        }
        if use is not None and "milestone" not in payload:
            told["milestone"] = {"kind": use.kind.value, "on": on.isoformat(), "details": dict(use.details)}
        return self.add(EntryKind.ACTED, told, instant(on, hour), Precision.INSTANT, person)

    def decided(self, decision: Decision, person: str, /, *, hour: int = 9, **more: Any) -> Chronicle:
        """Add the act that a decision allows."""
        return self.add(
            EntryKind.ACTED, payload_of(decision, **more), instant(decision.on, hour), Precision.DAY, person
        )

    def add(
        self,
        kind: EntryKind,
        payload: Mapping[str, Any],
        at: datetime,
        precision: Precision = Precision.INSTANT,
        person: str = OFFICER,
        *,
        recorded_at: datetime | None = None,
    ) -> Chronicle:
        """Add one entry: applied where it comes last, else everything is folded anew."""
        entry = Entry(len(self.entries) + 1, kind, at, recorded_at or at, person, payload, precision)
        last = self.image.last_occurred_at if self.image else None
        if last is not None and at < last:
            self.image = replay.fold([*self.entries, entry], self.procedures)
        else:
            self.image = replay.apply(self.image, entry, self.procedures)
        self.entries.append(entry)
        return self

    def situation(self, person: Actor | str = OFFICER, on: date = OPENED, **more: Any) -> Situation:
        """Return what guards see of the main proceeding."""
        who = actor(person) if isinstance(person, str) else person
        return Situation(case=self.case, proceeding=self.main, actor=who, on=on, **{"staff": staff(), **more})


def payload_of(decision: Decision, **more: Any) -> dict[str, Any]:
    """Return the payload under which a decision's act goes into the ledger."""
    clocks = decision.action.clocks
    return {
        "proceeding": MAIN,
        "action": decision.action.id,
        "from": decision.from_state,
        "to": decision.to_state,
        "saved": decision.saved,
        "facts": dict(decision.facts),
        "milestone": dict(decision.milestone) if decision.milestone else None,
        "starts": list(clocks.starts),
        "meets": list(clocks.meets),
        "ends": list(clocks.ends),
        "extends": [dict(item) for item in decision.extends],
        **more,
    }
