"""Histories of disputes and mediations of which only the milestones are known."""

from __future__ import annotations

import pytest

from caseapp.domain.workflow.definition import Category
from tests.workflows.test_milestone_sequences import state_after
from tests.workflows.walking import procedures

LAWFUL = {
    "decided": ("registered filed decided:infringement closed:adjudicated", "closed"),
    "served twice": ("registered filed served suspended:invalidity resumed decided:infringement served closed:adjudicated", "closed"),
    "another office's word for the outcome": ("filed decided:侵权成立 closed:adjudicated", "closed"),
    "an outcome that nobody told": ("filed decided closed:adjudicated", "closed"),
    "performed": ("filed decided:infringement served served closed:executed", "closed"),
    "rejected": ("filed served decided:rejected served served closed:adjudicated", "closed"),
    "mediated": ("registered filed served mediated closed:mediated", "closed"),
    "mediated without saying so": ("filed closed:mediated", "closed"),
    "mediated after a suspension": ("filed suspended resumed mediated closed:mediated", "closed"),
    "withdrawn": ("filed withdrawn closed:withdrawn", "closed"),
    "withdrawn in suspension": ("filed suspended withdrawn closed:withdrawn", "closed"),
    "withdrawn without saying so": ("filed closed:withdrawn", "closed"),
    "cancelled": ("filed served closed:terminated", "closed"),
    "cancelled in suspension": ("filed suspended closed:terminated", "closed"),
    "decision revoked": ("filed decided:infringement served closed:terminated", "closed"),
    "merged": ("filed merged:NT-1 closed:merged", "closed"),
    "moved": ("filed excluded_from:jurisdiction_objection transferred:南京市知识产权局 closed:moved", "closed"),
    "objection rejected": ("filed served excluded_from:jurisdiction_objection excluded_until decided closed:adjudicated", "closed"),
    "not filed": ("registered not_filed", "not_filed"),
    "not filed, examined again": ("registered not_filed reopened filed", "serving"),
    "extended": ("filed extended:1m extended:2m decided:partly closed:adjudicated", "closed"),
    "appraisal": ("filed served excluded_from:appraisal excluded_until decided:rejected closed:adjudicated", "closed"),
    "annulled and decided anew": ("filed decided:infringement served decided:rejected served closed:adjudicated", "closed"),
    "moved and sent back": ("filed transferred closed:moved returned decided closed:adjudicated", "closed"),
    "split": ("split:NT-1 filed decided closed:adjudicated", "closed"),
    "another ground": ("filed closed:other", "closed"),
    "reopened and closed again": ("filed decided:infringement closed:adjudicated reopened closed:adjudicated", "closed"),
    "reopened and decided anew": ("filed decided:infringement closed:adjudicated reopened decided:rejected closed:adjudicated", "closed"),
    "mediated reopened": ("filed mediated closed:mediated reopened closed:mediated", "closed"),
    "published half way": ("registered", "received"),
    "filed only": ("filed", "serving"),
    "filed and served": ("filed served", "answering"),
}  # fmt: skip

UNLAWFUL = {
    "closed before filed": "registered closed:adjudicated",
    "decided before filed": "registered decided:infringement",
    "closed as decided without a decision": "filed closed:adjudicated",
    "executed without a decision": "filed closed:executed",
    "filed twice": "filed filed",
    "resumed without suspension": "filed resumed",
    "decided while suspended": "filed suspended decided:infringement",
    "served before filing": "registered served",
    "served after closing": "filed decided closed:adjudicated served",
    "mediated after closing": "filed mediated closed:mediated mediated",
    "no penalty": "filed decided closed:no_penalty",
    "transferred for prosecution": "filed closed:transferred",
    "moved but never handed over": "filed closed:moved",
    "extended after closing": "filed decided closed:adjudicated extended:1m",
    "a request suspended": "registered suspended",
    "extended by days": "filed extended:30 decided closed:adjudicated",
    "reopened to another manner": "filed mediated closed:mediated reopened closed:withdrawn reopened closed:adjudicated",
}  # fmt: skip

MEDIATIONS = {
    "registered filed mediated closed:mediated": "closed",
    "filed closed:mediated": "closed",
    "filed closed:terminated": "closed",
    "filed withdrawn closed:withdrawn": "closed",
    "filed merged:NT-1 closed:merged": "closed",
    "registered not_filed": "not_filed",
    "registered not_filed reopened filed": "mediating",
    "filed extended:1m mediated closed:mediated": "closed",
    "filed mediated closed:mediated reopened closed:mediated": "closed",
    "filed closed:other": "closed",
    "filed": "mediating",
    "filed decided closed:adjudicated": None,
    "registered mediated": None,
    "filed closed:executed": None,
    "filed suspended": None,
    "closed:mediated": None,
}


@pytest.mark.parametrize(("sequence", "state"), LAWFUL.values(), ids=LAWFUL)
def test_a_dispute_allows(sequence: str, state: str) -> None:
    assert state_after(procedures(), "patent_dispute", sequence) == state


@pytest.mark.parametrize("sequence", UNLAWFUL.values(), ids=UNLAWFUL)
def test_a_dispute_refuses(sequence: str) -> None:
    assert state_after(procedures(), "patent_dispute", sequence) is None


@pytest.mark.parametrize(("sequence", "state"), MEDIATIONS.items())
def test_a_mediation(sequence: str, state: str | None) -> None:
    assert state_after(procedures(), "mediation", sequence) == state


def test_a_closed_history_ends_in_a_closed_state() -> None:
    dispute = procedures().get("patent_dispute")
    for sequence, state in LAWFUL.values():
        if sequence.rpartition(" ")[2].startswith("closed"):
            assert dispute.state(state).category is Category.CLOSED
