"""The rules for corrections as `workflows/` says them, for people to read."""

from __future__ import annotations

from dataclasses import dataclass

from caseapp.context import Context
from caseapp.domain.workflow.correction_rules import CorrectionRule
from caseapp.domain.workflow.definition import Citation, Text
from caseapp.domain.workflow.guards import GUARDS


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A condition that a later act may lack: what it asks, why the act stands, the article of that."""

    guard: str
    about: Text
    reason: Text
    citation: Citation


@dataclass(frozen=True, slots=True)
class CorrectionRuleLine:
    """A rule. procedures: names of those it is for; () = every procedure that no other rule names."""

    rule: CorrectionRule
    procedures: tuple[Text, ...]
    stands: tuple[StandingLine, ...]


def correction_rules(ctx: Context) -> tuple[CorrectionRuleLine, ...]:
    """Return every rule, the shipped ones first."""
    return tuple(
        CorrectionRuleLine(
            rule,
            tuple(_name(ctx, name) for name in rule.procedures),
            tuple(
                StandingLine(item.guard, GUARDS[item.guard].about, item.reason, item.citation) for item in rule.stands
            ),
        )
        for rule in ctx.law.corrections
    )


def _name(ctx: Context, procedure_id: str) -> Text:
    known = ctx.law.procedures
    return known.get(procedure_id).name if procedure_id in known else Text(procedure_id, procedure_id)
