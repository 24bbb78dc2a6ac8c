"""Claims about one person and one case: who may know that it exists (DESIGN §5).

`queries.visibility` says the same as a WHERE clause; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from caseapp.domain.roles import ADMINISTRATORS, Role, Scope

BLIND_ROLES = ADMINISTRATORS | {Role.LIAISON, Role.RIGHT_HOLDER}
"""Roles that see no case of their own accord: the three administrators (GB/T 22239-2019, 8.1.5), and outsiders, who see
what was sent to them."""


class Sight(StrEnum):
    """How far a person sees. Everything from `OWN` on includes the cases the person is in charge of."""

    NOTHING = "nothing"
    OWN = "own"
    LEADS_OF_ORGAN = "leads_of_organ"
    ORGAN_UNRESTRICTED = "organ_unrestricted"
    """The organ's list without the cases marked as restricted."""
    ORGAN = "organ"
    BELOW = "below"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Outline:
    """What decides whether a person may know of a case.

    organ_path  ids of the case's organ and of all organs above it, that of the case first
    officers    ids of those in charge, officers of joint organs included
    joint_paths  the same path for each organ that handles the case jointly
    is_lead     still a lead, not yet a case
    """

    organ_path: tuple[str, ...]
    officers: frozenset[str]
    is_lead: bool = False
    restricted: bool = False
    joint_paths: tuple[tuple[str, ...], ...] = ()


def sight_of(roles: Iterable[Role], scope: Scope) -> Sight:
    """Return how far somebody with these roles and this scope sees. The narrower of the two decides."""
    held = frozenset(roles)
    if Role.SYSTEM in held:
        return Sight.EVERYTHING
    if not held - BLIND_ROLES or scope is Scope.SENT_TO_US:
        return Sight.NOTHING
    if scope is Scope.CITY:
        return Sight.EVERYTHING
    if scope is Scope.BELOW:
        return Sight.BELOW
    if scope is Scope.OWN:
        return Sight.OWN
    if held == {Role.INTAKE_CLERK}:
        return Sight.LEADS_OF_ORGAN
    if Role.OFFICER in held and held <= {Role.OFFICER, Role.INTAKE_CLERK}:
        return Sight.ORGAN_UNRESTRICTED
    return Sight.ORGAN


def actor_is_assigned(actor_id: str, case: Outline) -> bool:
    """Whether the person is in charge of the case."""
    return actor_id in case.officers


def actor_sees_case(actor_id: str, organ: str, sight: Sight, case: Outline) -> bool:
    """Whether a person of the organ, seeing so far, may know that the case exists."""
    if sight is Sight.NOTHING:
        return False
    if sight is Sight.EVERYTHING or actor_is_assigned(actor_id, case):
        return True
    paths = (case.organ_path, *case.joint_paths)
    if sight is Sight.BELOW:
        return any(organ in path for path in paths)
    if sight is Sight.OWN or all(organ != path[0] for path in paths):
        return False
    if sight is Sight.LEADS_OF_ORGAN:
        return case.is_lead
    return sight is Sight.ORGAN or not case.restricted


def actor_keeps_organ(organ: str, path: Iterable[str]) -> bool:
    """Whether an administrator of `organ` keeps what belongs to another one: his own organ and those below it.

    path  ids of that organ and of all organs above it
    """
    return organ in path
