"""Who may ask for a correction of the ledger, who signs it, and what a later act may lack and stand nevertheless.

The rules are data (`workflows/corrections.yaml`). A correction is no step of a procedure: every procedure has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from caseapp.domain.errors import N_, ActionRefused, Message, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Action, ApprovalStep, Citation, Text

CORRECT = "correct_entry"
"""What a request for a correction asks for, in the ledger."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A condition without which a later act stands, with the irregularity on record.

    guard   name of the condition, as definitions name it
    reason  why the act stands
    """

    guard: str
    reason: Text
    citation: Citation


@dataclass(frozen=True, slots=True)
class CorrectionRule:
    """How entries of cases of some procedures are corrected.

    procedures  ids of those; () = every procedure that no other rule names
    action      what is asked for: who may ask (its roles) and who signs (its approval), in words
    stands      what a later act may lack; anything else must be voided or corrected with it
    """

    id: str
    procedures: tuple[str, ...]
    action: Action
    stands: tuple[Standing, ...] = ()

    def standing(self, guard: str) -> Standing | None:
        """Return why an act that does not meet a condition stands, or None where it does not."""
        return next((item for item in self.stands if item.guard == guard), None)

    def steps_for(self, roles: frozenset[Role]) -> tuple[ApprovalStep, ...]:
        """Return who signs what somebody of these roles asks for: nobody is asked for his own word.

        The last step is always signed: `caseapp.domain.workflow.approvals` bars the person himself.
        """
        *before, last = self.action.approval
        return (*(step for step in before if step.role not in roles), last)


@dataclass(frozen=True, slots=True)
class CorrectionRules:
    """Every rule, the shipped ones first."""

    rules: tuple[CorrectionRule, ...] = ()
    _by_procedure: dict[str, CorrectionRule] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_procedure", {name: rule for rule in self.rules for name in rule.procedures})

    def __iter__(self) -> Iterator[CorrectionRule]:
        return iter(self.rules)

    def of(self, procedure: str) -> CorrectionRule:
        """Return the rule for cases of a procedure. raises ActionRefused where `workflows/` has none"""
        named = self._by_procedure.get(procedure)
        found = named or next((rule for rule in self.rules if not rule.procedures), None)
        if found is None:
            text = N_("没有规定该程序的更正由谁审批，请系统管理员检查 workflows/corrections.yaml")
            raise ActionRefused(CORRECT, [Unmet(Message(text), cure=Role.SYSTEM_ADMINISTRATOR.value, guard="rule")])
        return found


def problems_of(rule: CorrectionRule, guards: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Give what is wrong with a rule, as (place within it, what, name of the rule broken).

    guards  the names of the conditions that exist
    """
    known = frozenset(guards)
    steps: Sequence[ApprovalStep] = rule.action.approval
    seen: set[str] = set()
    for place, step in enumerate(steps):
        if step.id in seen:
            yield f"approval/{place}/id", f"step {step.id} is there twice", "unique"
        seen.add(step.id)
    if steps and steps[-1].role in rule.action.roles:
        yield (
            f"approval/{len(steps) - 1}/role",
            f"{steps[-1].role.value} may ask and would sign last: the last word is of a role that does not ask",
            "own_word",
        )
    for place, item in enumerate(rule.stands):
        if item.guard not in known:
            yield f"stands/{place}/guard", f"there is no condition {item.guard}", "guard"
