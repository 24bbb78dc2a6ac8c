"""A warning of duplicates tells what resembles a new lead, and nothing that is not the reader's to know."""

from __future__ import annotations

from caseapp.queries.duplicates import SHOWN, Likeness, likenesses
from caseapp.services.case_facts import change
from caseapp.services.case_intake import PartyDraft
from tests.support.office import MARK, RESPONDENT, Office, office

__all__ = ["office"]


def found(
    office: Office, login: str = "officer", *, names: tuple[str, ...] = (RESPONDENT,), marks: tuple[str, ...] = (MARK,)
) -> tuple[Likeness, ...]:
    with office.context(login) as ctx:
        return likenesses(ctx, respondents=names, credit_codes=(), right_numbers=marks)


def test_the_same_right_and_respondent_come_first(office: Office) -> None:
    same = office.register()
    other = office.register(rights=())
    assert [(one.case_id, one.same_right) for one in found(office)] == [(same.id, True), (other.id, False)]


def test_another_respondent_is_no_duplicate(office: Office) -> None:
    office.register(respondent="南通悦绒纺织科技有限公司")
    assert found(office) == ()


def test_a_complainant_of_the_same_name_is_no_duplicate(office: Office) -> None:
    office.register(respondent="某公司", parties=(PartyDraft("complainant", "organisation", RESPONDENT),))
    assert found(office) == ()


def test_a_credit_code_finds_a_respondent_under_another_name(office: Office) -> None:
    code = "91320612MA1WAXYT01"
    case = office.register(parties=(PartyDraft("respondent", "organisation", "旧名称有限公司", code),))
    with office.context("officer") as ctx:
        like = likenesses(ctx, respondents=("新名称有限公司",), credit_codes=(code,), right_numbers=())
    assert [one.case_id for one in like] == [case.id]


def test_cases_out_of_sight_are_neither_shown_nor_counted(office: Office) -> None:
    seen = office.checking()
    hidden = office.checking()
    with office.context("officer") as ctx:
        change(ctx, hidden.id, {"restricted": True}, reason="涉密", seen_version=office.version(hidden.id))
    with office.context("head") as ctx:  # neither case is his as an officer, both lie in his organ
        assert len(likenesses(ctx, respondents=(RESPONDENT,), credit_codes=(), right_numbers=(MARK,))) == 2
    with office.context("intake") as ctx:
        assert {
            one.case_id for one in likenesses(ctx, respondents=(RESPONDENT,), credit_codes=(), right_numbers=())
        } <= {
            seen.id,
            hidden.id,
        }
    assert found(office, "sysadmin") == ()
    assert found(office, "police") == ()


def test_nothing_is_looked_for_without_a_respondent(office: Office) -> None:
    office.register()
    assert found(office, names=("  ",)) == ()


def test_the_warning_is_short(office: Office) -> None:
    for _ in range(SHOWN + 2):
        office.register()
    assert len(found(office)) == SHOWN
