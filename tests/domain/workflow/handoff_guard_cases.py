"""Situations in which each condition of a handoff is met and not met; `test_guards` tries them with all the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from caseapp.adapters.division_files import load_divisions
from caseapp.adapters.organ_files import load_organs
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Actor, Situation
from tests.domain.workflow.situations import TODAY, situation
from tests.workflows.walking import WORKFLOWS

Case = tuple[str, dict[str, Any], Situation]

ORGANS = load_organs([WORKFLOWS], load_divisions([WORKFLOWS]))
POLICE = {"police_organ": "320612-police"}
ASKED = {"peer": "police", "paper": "paper_ref"}
LIST = {"fact": "parts", "items": ["a", "b"], "reason": "gap", "when": {"offence": ["a214"]}}
NAMED = {"field": "o", "paper": "p"}
OUTLINE = {"fact": "text"}
PARTY = situation().case.parties[0].name
LOCAL = {"field": "police_organ", "reason": "why"}


def of(actor: str = "a", organ: str = "320612-ip", role: Role = Role.OFFICER, **more: Any) -> Situation:
    """Return a situation of a case of Tongzhou, for an actor of an organ."""
    where = situation(actor=actor, **more)
    return replace(
        where,
        case=replace(where.case, organ="320612-ip"),
        actor=Actor(actor, actor, organ, frozenset({role})),
        organs=ORGANS,
        on=TODAY,
    )


def liaison(organ: str = "320612-police", **more: Any) -> Situation:
    return of("x", organ, Role.LIAISON, **more)


MET: dict[str, Case] = {
    "the police that it was sent to": ("speaks_for", ASKED, liaison(facts=POLICE)),
    "the system speaks for anybody": ("speaks_for", ASKED, of("x", role=Role.SYSTEM)),
    "entered from a paper": ("speaks_for", ASKED, of(facts=POLICE, form={"paper_ref": "回执1号"})),
    "an officer before the form": ("speaks_for", ASKED, of(facts=POLICE)),
    "the police are police": ("organ_fits", {"field": "police_organ", "kind": "police"}, of(form=POLICE)),
    "a court is one of them": ("organ_fits", {"field": "x"}, of(form={"x": "320612-court"})),
    "an outline that names nobody": ("outline_names_nobody", OUTLINE, of(form={"text": "某公司涉嫌销售。"})),
    "no outline yet": ("outline_names_nobody", OUTLINE, of(form={})),
    "no organs at hand": ("organ_fits", {"field": "x"}, replace(of(form={"x": "nowhere"}), organs=None)),
    "the police of the place": ("organ_is_local", LOCAL, of(form=POLICE)),
    "police elsewhere with a reason": ("organ_is_local", LOCAL, of(form={"police_organ": "320613-police", "why": "…"})),
    "no organ named": ("organ_is_local", LOCAL, of(form={})),
    "a whole list": ("list_complete", LIST, of(form={"parts": ["a", "b"], "offence": "a214"})),
    "a gap that is explained": ("list_complete", LIST, of(form={"parts": ["a"], "gap": "…", "offence": "a214"})),
    "a list of another offence": ("list_complete", LIST, of(form={"parts": [], "offence": "a216"})),
    "a member of the team": ("actor_in_team", {"fact": "team"}, of(facts={"team": ["a", "b"]})),
    "a head from outside": ("decider_outside_team", {"fact": "team"}, of("l", role=Role.LEADER, facts={"team": ["a"]})),
    "a liaison of the sender": ("sender_is_named", NAMED, liaison(form={"o": "320612-police"})),
    "a paper of the sender": ("sender_is_named", NAMED, of(form={"o": "320612-police", "p": "1"})),
}  # fmt: skip
UNMET: dict[str, Case] = {
    "an outline with a telephone": ("outline_names_nobody", OUTLINE, of(form={"text": "某人，13800000001"})),
    "an outline with a party": ("outline_names_nobody", OUTLINE, of(form={"text": f"{PARTY}涉嫌销售。"})),
    "police of another place": ("speaks_for", ASKED, liaison("320613-police", facts=POLICE)),
    "police that nothing was sent to": ("speaks_for", ASKED, liaison()),
    "an officer of another case": ("speaks_for", ASKED, of("z", facts=POLICE, form={"paper_ref": "1"})),
    "an officer without a paper": ("speaks_for", ASKED, of(facts=POLICE, form={})),
    "a court is no police": ("organ_fits", {"field": "x", "kind": "police"}, of(form={"x": "320612-court"})),
    "our own organ": ("organ_fits", {"field": "x"}, of(form={"x": "320612-ip"})),
    "an organ that is none": ("organ_fits", {"field": "x"}, of(form={"x": "nowhere"})),
    "police elsewhere": ("organ_is_local", LOCAL, of(form={"police_organ": "320613-police"})),
    "a gap": ("list_complete", LIST, of(form={"parts": ["a"], "offence": "a214"})),
    "not of the team": ("actor_in_team", {"fact": "team"}, of("z", facts={"team": ["a"]})),
    "a head who is of the team": ("decider_outside_team", {"fact": "team"}, of("l", facts={"team": ["l"]})),
    "a head who handles the case": ("decider_outside_team", {"fact": "team"}, of("a")),
    "a liaison of another organ": ("sender_is_named", NAMED, liaison(form={"o": "320613-police"})),
    "no paper": ("sender_is_named", NAMED, of(form={"o": "320612-police"})),
}  # fmt: skip
