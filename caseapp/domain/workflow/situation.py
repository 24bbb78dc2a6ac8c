"""What a guard may look at: the case, the proceeding, the actor, what was entered, the day, the clocks, the staff."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from caseapp.domain.events import Json
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.organs import OrganTable
from caseapp.domain.roles import Role
from caseapp.domain.thresholds.assess import Assessment
from caseapp.domain.workflow.catalogue import ProcedureSet


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of staff as rules see one: certificate of enforcement (执法证) and its validity, roles, organ."""

    id: str
    name: str
    organ: str
    roles: frozenset[Role]
    certificate_number: str | None = None
    certificate_from: date | None = None
    certificate_until: date | None = None
    active: bool = True

    def is_certified(self, on: date) -> bool:
        """Return whether the person holds a certificate of enforcement valid on that day (行政处罚法 art 42, 55)."""
        if not self.certificate_number or not self.active:
            return False
        started = self.certificate_from is None or self.certificate_from <= on
        return started and (self.certificate_until is None or on <= self.certificate_until)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: user id, the roles held, the organ acted for. The system itself acts with role `system`."""

    id: str
    name: str
    organ: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock of the proceeding as it stands on the day of the act; due_on is None while it is paused without end."""

    rule: str
    started_on: date
    due_on: date | None
    ended_on: date | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that guards of one proceeding read.

    fields  what was entered for the action, by FACT name; None while the form has not been filled in yet: guards that
            can only be judged from the form then report nothing
    staff   every active member of staff of the case's organ, and whoever is named in the case, by id
    law     named numbers of `workflows/` that guards use (e.g. hearing amounts in fen), by id
    deputy  id of who really acts, where `actor` is the principal the deputy stands in for; '' where nobody does
    procedures  the definitions, by which guards call other proceedings of the case by their names; None: by their ids
    organs  the organs, by which guards know what an organ that is named is for; None: not judged
    due_on  last day of a rule that starts on a given day (for rules that no clock runs for yet, such as the notice
            before a hearing); None where nobody counts days, and what needs it is then not judged
    crime   holds the case against the limits of crime when a guard asks; None where nobody does, likewise
    """

    case: CaseImage
    proceeding: ProceedingImage
    actor: Actor
    on: date
    fields: Mapping[str, Json] | None = None
    clocks: Sequence[ClockView] = ()
    staff: Mapping[str, Officer] = field(default_factory=dict)
    law: Mapping[str, int] = field(default_factory=dict)
    procedures: ProcedureSet | None = None
    organs: OrganTable | None = None
    due_on: Callable[[str, date], date | None] | None = None
    crime: Callable[[], Assessment] | None = None
    deputy: str = ""

    def fact(self, name: str) -> Json:
        """Return what was just entered, else the proceeding's fact of that name, else None."""
        if self.fields is not None and name in self.fields:
            return self.fields[name]
        return self.proceeding.facts.get(name)

    def clock(self, *rules: str) -> ClockView | None:
        """Return the latest clock of that rule, or of any of several (an old and a new text), on this proceeding."""
        return next((view for view in reversed(self.clocks) if view.rule in rules), None)
