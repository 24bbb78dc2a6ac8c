"""What definitions may name, and what the law asks of them: the words against which `check` judges."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Text
from caseapp.domain.workflow.effects import EFFECTS, EffectSpec
from caseapp.domain.workflow.guards import GUARDS, GuardSpec

EXCLUDED_REASONS: Final = frozenset(
    {
        "appraisal",
        "identification",
        "hearing",
        "public_notice",
        "refund_order",
        "remedy",
        "jurisdiction_objection",
        "evidence_extension",
        "settlement",
        "other",
    }
)
"""Reasons of excluded time that an action may fix. What a party chooses in a form is the definition's own."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """A demand of the law on every action that is a certain milestone (`workflows/invariants.yaml`).

    procedures  ids of the procedures it binds
    milestone   kind and, where not empty, details that such an action fixes
    guards      conditions the action must carry
    approvers   roles that must sign it
    clocks      rule ids it must meet
    documents   papers it must issue
    """

    id: str
    about: Text
    article: str
    procedures: tuple[str, ...]
    milestone: MilestoneKind
    details: Mapping[str, str | int] = field(default_factory=dict)
    guards: tuple[str, ...] = ()
    approvers: tuple[Role, ...] = ()
    clocks: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What definitions may name. None where a word list is not at hand: such names are then not judged."""

    guards: Mapping[str, GuardSpec] = field(default_factory=lambda: GUARDS)
    effects: Mapping[str, EffectSpec] = field(default_factory=lambda: EFFECTS)
    documents: Collection[str] | None = None
    clocks: Collection[str] | None = None
    amounts: Collection[str] | None = None
    invariants: tuple[Invariant, ...] = ()
