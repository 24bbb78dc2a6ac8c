"""Whatever both organs do, in any order and with repeats, the case stays one that the ledger can tell again.

The automata themselves are searched whole (`tests/domain/workflow/test_handoff.py`); here random rows of acts go
through the services of both sides: what is allowed happens once, what is not changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from caseapp.domain.errors import CaseAppError
from caseapp.domain.workflow.referrals import referral_standing
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import Course
from tests.factories.referrals import GOODS, HANDED, PROCURATORATE, RECEIPT, REFUSAL, answered, liaisons, ready
from tests.factories.sides import act_in, side_of

ROWS, STEPS = 4, 14


def forms(course: Course) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Return what may be tried: act -> (by whom, its form)."""
    day = course.today.isoformat()
    filed = {"filed_on": day, "filing_number": "立1号", "review_number": "复1号"}
    return {
        "hand_over": ("officer", HANDED),
        "withdraw_referral": ("leader", {"withdrawal_reasons": "有误。"}),
        "sign_receipt": ("police", RECEIPT),
        "ask_supplements": ("police", {"missing_parts": ["other"], "missing_detail": "补充。"}),
        "send_supplements": ("officer", {"supplements": "流水"}),
        "refuse_to_file": ("police", {"refused_on": day, **REFUSAL}),
        "file_case": ("police", {name: filed[name] for name in ("filed_on", "filing_number")}),
        "ask_reconsideration": ("officer", {"review_grounds": "应当立案。"}),
        "file_after_review": ("police", filed),
        "uphold_refusal": ("police", {"review_on": day, "review_number": "复1号", "review_reasons": "维持。"}),
        "ask_supervision": ("officer", {"procuratorate_organ": PROCURATORATE, "supervision_grounds": "应当立案。"}),
        "ask_reasons": ("procurator", {"reasons_asked_number": "1号"}),
        "end_supervision": ("procurator", {"supervision_reasons": "理由成立。"}),
        "accept_refusal": ("officer", {"file_back_on": day}),
        "hand_over_goods": ("officer", {"handed_on": day, **GOODS}),
        "sign_goods": ("police", {"goods_signer": "丁卫东"}),
    }


def possible(course: Course, case_id: str, acts: list[str]) -> list[str]:
    """Return those of the acts that the state of the referral knows; all of them where it knows none."""
    side = side_of(course, case_id, "referral")
    known = {act.id for act in course.parts.procedures.pinned(side.procedure, side.version).actions_from(side.state)}
    return [act for act in acts if act in known] or acts


@pytest.mark.parametrize("seed", range(ROWS))
def test_random_rows_of_both_sides_keep_one_case(course: Course, seed: int) -> None:
    chance = Random(seed)
    case_id = course.filed()
    who = {**liaisons(course), "officer": course.people["officer"]}
    ready(course, case_id)
    proceeding = side_of(course, case_id, "referral").id
    told = forms(course)
    taken = 0
    for step in range(STEPS):
        action = chance.choice(possible(course, case_id, list(told)) if chance.random() < 0.7 else list(told))
        by, form = told[action]
        before = (course.image(case_id).version, side_of(course, case_id, "referral").state)
        key = f"{seed:016d}{step:016d}"

        def attempt(action: str = action, by: str = by, form: Mapping[str, Any] = form, key: str = key) -> object:
            if by in ("police", "procurator"):
                return answered(course, who[by], proceeding, action, form, idempotency_key=key)
            return act_in(course, case_id, "referral", action, form, by=by, idempotency_key=key)

        try:
            outcome = attempt()
        except CaseAppError:
            assert (course.image(case_id).version, side_of(course, case_id, "referral").state) == before
            continue
        taken += 1
        assert attempt() == outcome, "a repeat of what was lost on the way does nothing twice"
        agree(course, case_id)
    assert taken
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def agree(course: Course, case_id: str) -> None:
    """Both sides' records say the same, and the main case goes with them."""
    image = course.image(case_id)
    side = image.proceedings[1]
    procedure = course.parts.procedures.pinned(side.procedure, side.version)
    sent = [act for act in side.acts if procedure.action(act.action).sends is not None]  # type: ignore[union-attr]
    rows = course.rows("referral_share")
    assert {row["organ_id"] for row in rows} == {share.organ for share in side.shares}
    assert bool(rows) == bool(sent)
    away = side.state not in ("ready", "withdrawn", "returned")
    assert (image.main.state == "transferred") == away, side.state
    assert referral_standing(image).settled == (side.state not in ("ready", "withdrawn"))
