"""Which cases must be reviewed by the legal reviewer, and whether they were."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import texts_of, was_done
from caseapp.domain.workflow.guards.registry import PENALTY_LAW, PROCEDURE_RULES, Params, guard, unmet
from caseapp.domain.workflow.situation import Situation


def grounds_of_legal_review(situation: Situation) -> bool:
    return bool(texts_of(situation.fact("legal_review_grounds")))


def hearing_was_held(situation: Situation, params: Params) -> bool:
    return was_done(situation, texts_of(params["hearing"]), texts_of(params["since"]))


@guard(
    "属于应当法制审核的案件",
    "legal review is mandatory",
    optional=("stage",),
    acts={"hearing": "hold_hearing", "since": "conclude_investigation"},
    otherwise=N_("本案属于应当法制审核的案件，须由法制审核机构审核"),
)
def legal_review_mandatory(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """`stage`: before_notice (grounds other than a hearing), after_hearing (a hearing was held), any (default)."""
    stage = str(params.get("stage", "any"))
    if stage in ("any", "before_notice") and grounds_of_legal_review(situation):
        return ()
    if stage in ("any", "after_hearing") and hearing_was_held(situation, params):
        return ()
    return unmet(
        N_("本案不属于应当法制审核的案件，由审核机构作案件审核"), Role.LEGAL_REVIEWER, PROCEDURE_RULES.format("50")
    )


@guard(
    "应当法制审核的案件已经法制审核",
    "legal review was done where it is mandatory",
    acts={
        "review": "review_legally",
        "review_after_hearing": "review_after_hearing",
        "hearing": "hold_hearing",
        "since": "conclude_investigation",
    },
)
def legal_review_passed(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """A review counts from the last end of investigation; one after a hearing from that hearing (程序规定 art 50)."""
    since, review = texts_of(params["since"]), texts_of(params["review"])
    after = texts_of(params["review_after_hearing"])
    article = f"{PROCEDURE_RULES.format('50')}、{PENALTY_LAW.format('58')}"
    if hearing_was_held(situation, params):
        if not was_done(situation, after, texts_of(params["hearing"])):
            return unmet(N_("经过听证的案件，应当在听证后法制审核；未经审核不得作出决定"), Role.LEGAL_REVIEWER, article)
        return ()
    if grounds_of_legal_review(situation) and not was_done(situation, (*review, *after), since):
        return unmet(N_("本案应当法制审核；未经审核或者审核未通过不得作出决定"), Role.LEGAL_REVIEWER, article)
    return ()
