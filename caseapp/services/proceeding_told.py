"""What a paper of a proceeding can speak of, with the ways in which its texts are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from caseapp.context import Context
from caseapp.domain.events import Json
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.definition import Action, Procedure
from caseapp.domain.workflow.situation import Officer
from caseapp.services.document_texts import items_of, lines_of

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A proceeding on the day of an act that issues a paper.

    known   what the proceeding knows and the act's form says, by fact name
    people  officers by id
    """

    ctx: Context
    image: CaseImage
    proceeding: ProceedingImage
    action: Action
    known: Mapping[str, Json]
    people: Mapping[str, Officer]
    on: date

    @property
    def procedure(self) -> Procedure:
        """Return the definition on which the proceeding runs."""
        return self.ctx.law.procedures.pinned(self.proceeding.procedure, self.proceeding.version)

    def get(self, fact: str) -> Json:
        """Return what is known of a fact; None where nothing is."""
        return self.known.get(fact)

    def lines(self, fact: str) -> list[str]:
        """Return what was typed one a line."""
        return lines_of(self.known.get(fact))

    def things(self, fact: str) -> list[Facts]:
        """Return a list of things, each with specification, quantity and remark."""
        return items_of(self.known.get(fact))

    def names(self, fact: str) -> list[str]:
        """Return the names of the people that a fact lists, as far as they are known."""
        users = self.known.get(fact)
        listed = users if isinstance(users, list) else []
        return [self.people[str(user)].name for user in listed if str(user) in self.people]

    def number_of(self, type_id: str) -> str | None:
        """Return the number of the first paper of a type that the proceeding issued; None where there is none yet."""
        papers = (item for item in self.image.documents if item.type == type_id)
        return next((item.number for item in papers if item.proceeding == self.proceeding.id), None)

    def limit(self, on: date, *rules: str) -> int | None:
        """Return the number of the first of the rules that is in force on the day."""
        found = (self.ctx.law.rules.find(rule, on) for rule in rules)
        return next((rule.limit for rule in found if rule is not None), None)
