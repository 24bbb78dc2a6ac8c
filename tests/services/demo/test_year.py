"""The demonstration year is varied, lawful and believable."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import func, select

from caseapp.adapters import identifiers
from caseapp.adapters.hasher import Argon2Hasher
from caseapp.domain.events import ClosingManner, EntryKind, MilestoneKind, legal_date
from caseapp.domain.facts import CaseImage, IpType
from caseapp.domain.identifiers import IdentifierKind
from caseapp.domain.roles import ADMINISTRATORS, Role
from caseapp.domain.supervision.ranking import FindingKind
from caseapp.domain.workflow.referrals import referral_standing
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.models.approval import Approval
from caseapp.models.case_file import CaseFile
from caseapp.models.clock_run import ClockRun
from caseapp.models.deputy import Deputy
from caseapp.models.issued_document import IssuedDocument
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.notification import Notification
from caseapp.models.personal_value import PersonalValue
from caseapp.models.referral_share import ReferralShare
from caseapp.models.setting import Setting
from caseapp.queries.crime import crime_warning
from caseapp.queries.demonstration import PASSWORD_SETTING, demo_people
from caseapp.queries.joint_work import work_list
from caseapp.queries.ledger_check import verify
from caseapp.queries.referral_inbox import InboxFilter, Tab, every_line
from caseapp.queries.supervision_list import finding_list
from caseapp.services.demo.between_organs import FOUND_LATE
from caseapp.services.demo.people import OFFICES, PASSWORD
from caseapp.services.ledger_rebuild import differences
from caseapp.services.supervision_refresh import refresh_all
from tests.services.demo.conftest import SINCE, UNTIL, Year

HANDOFFS = ("referral", "reverse_referral")
DIVISIONS = {"320600", "320612", "320613", "320614", "320623", "320671", "320681", "320682", "320685"}


def milestones(case: CaseImage) -> Counter[str]:
    return Counter(item.kind.value for item in case.milestones)


def facts(case: CaseImage) -> dict[str, object]:
    return dict(case.main.facts)


def money(case: CaseImage, name: str) -> int:
    value = facts(case).get(name)
    return value if isinstance(value, int) else 0


def penalised(year: Year) -> Iterator[CaseImage]:
    return (case for case in year.cases if "decided_kinds" in case.main.facts)


# --- Variety ---------------------------------------------------------------------------------------------------------


def test_every_division_of_the_city_has_cases(year: Year) -> None:
    assert {case.division for case in year.cases} == DIVISIONS
    assert {case.organ for case in year.cases} == set(OFFICES)


def test_every_kind_of_right_occurs_and_some_cases_have_several(year: Year) -> None:
    assert {kind for case in year.cases for kind in case.ip_types} == {kind.value for kind in IpType}
    assert any(len(case.ip_types) > 1 for case in year.cases)
    assert Counter(kind for case in year.cases for kind in case.ip_types).most_common(1)[0][0] == "trademark"


def test_every_way_in_is_used(year: Year) -> None:
    assert {case.source for case in year.cases} == {
        "inspection",
        "complaint",
        "report",
        "transfer",
        "assigned",
        "request",
    }
    assert {item for case in year.cases for item in case.campaigns} == {"huhang", "shandian", "shuangda"}
    assert len({case.channel for case in year.cases}) > 8


def test_cases_are_closed_in_every_manner(year: Year) -> None:
    manners = {item.detail("manner") for case in year.cases for item in case.milestones if item.kind == "closed"}
    assert manners == set(ClosingManner)


def test_every_milestone_is_reached(year: Year) -> None:
    kinds = {item.kind for case in year.cases for item in case.milestones}
    assert kinds == set(MilestoneKind)


NOT_IN_THE_YEAR = {"skip_publication", "application_at_court"}


def test_every_action_of_the_general_procedure_is_taken_but_a_few(year: Year) -> None:
    procedure = year.parts.procedures.get("penalty_general")
    taken = {act.action for case in year.cases for act in case.main.acts}
    requested = {request.action for case in year.cases for request in case.approvals}
    never = {action.id for action in procedure.actions} - taken - requested
    assert never <= NOT_IN_THE_YEAR


def test_approvals_end_in_every_way(year: Year) -> None:
    statuses = {request.status for case in year.cases for request in case.approvals}
    assert statuses == {"granted", "pending", "returned", "withdrawn", "void"}


def test_excluded_time_has_every_reason_that_occurs_here(year: Year) -> None:
    reasons = {item.detail("reason") for case in year.cases for item in case.milestones if item.kind == "excluded_from"}
    assert reasons >= {"appraisal", "identification", "public_notice", "hearing", "remedy"}


def test_cases_are_reopened_and_come_back_from_the_police(year: Year) -> None:
    assert sum(1 for case in year.cases if milestones(case)["reopened"] or milestones(case)["returned"]) >= 5
    again = [case for case in year.cases if milestones(case)["closed"] > 1]
    assert len(again) >= 3


def test_measures_were_taken_beside_cases_and_some_still_run(year: Year) -> None:
    sides = [one for image in year.cases for one in image.proceedings[1:]]
    ended = {(one.procedure, one.state) for one in sides if one.category == "closed"}
    assert ended >= {
        ("seizure", "released"),
        ("evidence_preservation", "followed"),
        ("appraisal", "told"),
        ("recusal", "granted"),
        ("recusal", "refused"),
    }
    assert {one.procedure for one in sides if one.category != "closed"} >= {"seizure", "appraisal"}


def test_referrals_are_in_every_stage_and_liaisons_see_some(year: Year) -> None:
    sides = [one for case in year.cases for one in case.proceedings[1:]]
    states = {procedure: {one.state for one in sides if one.procedure == procedure} for procedure in HANDOFFS}
    assert states["referral"] >= {
        "reported", "not_referred", "handed_over", "received", "supplementing", "refused", "reconsidering",
        "reasons_asked", "filed", "prosecuting", "under_review", "on_trial", "settled", "returned",
    }  # fmt: skip
    assert states["reverse_referral"] == {"sent", "handling", "done"}
    done = {act.action for one in sides for act in one.acts}
    assert done >= {"send_supplements", "file_after_review", "tell_to_file", "judge", "not_prosecute_with_opinion"}
    assert any(one.facts.get("fine_set_off") for one in sides)
    assert any(case.documents and case.proceedings[-1].state == "handed_over" for case in year.cases)
    shared = set(year.ctx.session.execute(select(ReferralShare.organ_id)).scalars())
    assert shared >= {"320612-police", "320612-procuratorate", "320612-court", "320614-police"}


def test_on_an_officers_desk_one_case_nears_a_limit_of_crime_and_one_is_over_it(year: Year) -> None:
    officer = select(Account).where(Account.login == "officer")
    account = year.ctx.session.execute(officer).scalar_one()
    ctx = year.ctx.acting_as(Actor(account.id, account.name, account.organ_id, frozenset({Role.OFFICER})))
    own = [case for case in year.cases if account.id in case.officers and case.main.category == "open"]
    warnings = Counter(crime_warning(ctx, case, on=UNTIL) for case in own)
    assert warnings["near"] >= 1
    assert warnings["required"] >= 1


def test_somebody_stands_in_a_case_is_handled_jointly_and_one_is_under_way(year: Year) -> None:
    assert any(case.joint for case in year.cases)
    waiting = [case.waiting_transfer for case in year.cases if case.waiting_transfer is not None]
    assert [(item.kind, item.sender, item.receiver) for item in waiting] == [("move", "320612-ip", "320614-ip")]
    (sent,) = [case for case in year.cases if case.waiting_transfer is not None]
    assert sent.documents[-1].type == "transfer_letter"
    with year.parts.context() as ctx:
        assert ctx.session.execute(select(Deputy.allowed_by)).scalars().all() != []


def test_a_case_came_from_another_organ_with_letter_and_receipt(year: Year) -> None:
    (case,) = [case for case in year.cases if any(item.status == "received" for item in case.transfers)]
    assert (case.organ, case.transfers[-1].sender, case.officers) == ("320612-ip", "320681-ip", ())
    assert [item.type for item in case.documents[-2:]] == ["transfer_letter", "transfer_receipt"]
    assert case.kept_numbers


def test_cases_became_one_or_two_because_officers_asked_for_it(year: Year) -> None:
    links = Counter(link.kind for case in year.cases for link in case.links)
    assert links["split_from"] == links["split_into"] == 1
    assert links["merged_from"] == links["merged_into"] >= 1
    proposals = {(one.action, one.status) for case in year.cases for one in case.approvals if "propose" in one.action}
    assert proposals == {("propose_merge", "granted"), ("propose_merge", "pending"), ("propose_split", "granted")}


def test_a_case_changed_its_division(year: Year) -> None:
    assert any(len(case.divisions) > 1 for case in year.cases)


def test_something_is_overdue_and_something_due_soon(year: Year) -> None:
    running = select(ClockRun.rule).where(ClockRun.met.is_(None), ClockRun.due_on < UNTIL)
    assert set(year.ctx.session.execute(running).scalars()) >= {"P01", "P10", "P07", "P11", "P14", "P15a", "P20", "H01"}
    soon = select(func.count()).where(
        ClockRun.met.is_(None), ClockRun.due_on >= UNTIL, ClockRun.due_on <= UNTIL + timedelta(days=7)
    )
    assert year.ctx.session.execute(soon).scalar_one() >= 3


def test_every_signer_of_the_first_organ_has_something_to_sign(year: Year) -> None:
    waiting = select(Approval.step_role).where(Approval.status == "pending", Approval.organ_id == "320612-ip")
    assert set(year.ctx.session.execute(waiting).scalars()) == {"section_head", "legal_reviewer", "leader"}


# --- Lawfulness ------------------------------------------------------------------------------------------------------


def test_what_is_stored_is_what_the_ledger_says(year: Year) -> None:
    assert list(differences(year.ctx)) == []


def test_every_chain_is_whole(year: Year) -> None:
    checked = verify(year.ctx)
    assert checked["broken"] == []
    assert checked["cases"] == 150


def test_nobody_signs_his_own_request_or_his_own_case(year: Year) -> None:
    for case in year.cases:
        for request in case.approvals:
            signers = [signature.by for signature in request.signatures]
            assert request.by not in signers
            assert len(set(signers)) == len(signers)
            assert not set(signers) & set(case.officers)


def test_a_fine_is_never_above_the_one_proposed(year: Year) -> None:
    for case in penalised(year):
        if case.main.procedure == "penalty_general":
            assert money(case, "fine") <= money(case, "proposed_fine")


def test_fines_stay_inside_the_multiples_of_the_statutes(year: Year) -> None:
    """商标法 60: 5 x turnover, below 50 000 yuan at most 250 000; 52: 20 % or 10 000; 专利法 68: 5 x gains or 250 000."""
    for case in penalised(year):
        fine, turnover, gains = money(case, "fine"), money(case, "turnover"), money(case, "illegal_gains")
        if case.main.procedure == "penalty_simplified":
            person = next(party for party in case.parties if party.role == "respondent").kind == "person"
            assert fine <= (200_00 if person else 3_000_00)
            continue
        basis = str(facts(case)["basis"])
        if "第五十二条" in basis:
            assert fine <= (turnover // 5 if turnover >= 50_000_00 else 10_000_00)
        elif "专利法" in basis and gains > 50_000_00:
            assert fine <= 5 * gains
        elif turnover >= 50_000_00:
            assert fine <= 5 * turnover
        else:
            assert fine <= 250_000_00


def test_same_signs_sold_for_much_go_to_the_police_or_the_head_says_why_not(year: Year) -> None:
    """法释〔2025〕5号: sales of 50 000 yuan and more under the same sign are a matter of 刑法 213-214."""
    for case in penalised(year):
        if referral_standing(case).settled:
            continue
        if "第五十七条第（三）项" in str(facts(case).get("violated")) and not milestones(case)["transferred"]:
            assert money(case, "turnover") < 50_000_00


def test_amounts_of_the_case_are_those_of_the_report(year: Year) -> None:
    found_late = [case for case in year.cases if case.amounts.get("turnover") == FOUND_LATE["turnover"]]
    assert all(case.main.category == "closed" for case in found_late)
    for case in year.cases:
        if "turnover" in case.main.facts and case not in found_late:
            assert case.amounts["turnover"] == money(case, "turnover")
            assert case.amounts.get("unsold_value") == (money(case, "unsold_value") or None)


def test_numbers_have_no_gaps(year: Year) -> None:
    """通州市监知执字〔2026〕3号 comes after 1 and 2 of the same organ and year; likewise leads and papers."""
    documents = year.ctx.session.execute(select(IssuedDocument.number).where(IssuedDocument.number.is_not(None)))
    numbers = [number for case in year.cases for number in (case.number, case.lead_number) if number]
    numbers += [item.number for case in year.cases for item in case.kept_numbers]
    series: dict[str, list[int]] = {}
    for number in [*numbers, *documents.scalars()]:
        head, _, tail = number.partition("〕")
        series.setdefault(head, []).append(int(tail.removesuffix("号")))
    assert len(series) > 20
    for head, serials in series.items():
        assert sorted(serials) == list(range(1, len(serials) + 1)), head


def test_case_numbers_follow_the_order_of_filing(year: Year) -> None:
    filed = sorted(
        (next(item for item in case.milestones if item.kind == "filed").order_at, case.number)
        for case in year.cases
        if case.number
        and "知执字" in case.number
        and case.organ == "320612-ip"
        and milestones(case)["filed"] == 1
        and not case.transfers
    )
    this_year = [int(str(number).split("〕")[1][:-1]) for at, number in filed if legal_date(at).year == 2026]
    assert this_year == sorted(this_year)


# --- Belief ----------------------------------------------------------------------------------------------------------


def test_nothing_happens_after_the_end_or_before_the_beginning(year: Year) -> None:
    bounds = select(func.min(LedgerEntry.recorded_at), func.max(LedgerEntry.recorded_at)).where(
        LedgerEntry.stream == "case"
    )
    first, last = year.ctx.session.execute(bounds).one()
    assert legal_date(first) >= SINCE
    assert legal_date(last) < UNTIL
    assert all(SINCE <= case.opened_on < UNTIL for case in year.cases)


def test_people_rest_on_weekends_and_holidays_save_in_emergencies(year: Year) -> None:
    calendar = year.parts.calendar
    rows = year.ctx.session.execute(
        select(LedgerEntry.recorded_at, LedgerEntry.kind).where(LedgerEntry.stream == "case")
    ).all()
    resting = [row.kind for row in rows if not calendar.is_working(legal_date(row.recorded_at))]
    assert resting, "an evening market is inspected now and then"
    assert len(resting) < len(rows) // 100
    assert set(resting) <= {EntryKind.OPENED, EntryKind.ACTED, EntryKind.DOCUMENT_ISSUED}


def test_some_acts_are_recorded_days_later_and_some_lie_before_the_act_recorded_last(year: Year) -> None:
    rows = year.ctx.session.execute(
        select(LedgerEntry.chain, LedgerEntry.occurred_at, LedgerEntry.recorded_at)
        .where(LedgerEntry.stream == "case")
        .order_by(LedgerEntry.chain, LedgerEntry.seq)
    ).all()
    assert any((legal_date(row.recorded_at) - legal_date(row.occurred_at)).days >= 4 for row in rows)
    back = [b for a, b in pairwise(rows) if a.chain == b.chain and b.occurred_at < a.occurred_at]
    assert back


def test_only_the_newest_twenty_cases_have_papers(year: Year) -> None:
    with_papers = set(year.ctx.session.execute(select(IssuedDocument.case_id)).scalars())
    told = [case for case in year.cases if not any(link.kind == "split_from" for link in case.links)]
    newest = sorted(told, key=lambda case: case.opened_on)[-20:]
    # The very last lead waits to be assigned: its first paper comes with that.
    waiting = {case.id for case in newest if case.main.state == "lead"}
    assert with_papers == {case.id for case in newest} - waiting
    assert all(len(case.documents) == 0 for case in year.cases if case.id not in with_papers)


def test_one_of_the_newest_cases_is_closed_with_every_paper(year: Year) -> None:
    closed = [case for case in year.cases if case.documents and case.main.state == "archived"]
    wanted = {
        "lead_register",
        "filing_approval",
        "investigation_report",
        "review_form",
        "prior_notice",
        "matter_approval",
        "decision_approval",
        "penalty_decision",
        "service_receipt",
        "closing_approval",
        "masked_copy",
    }
    # One of them is sued against, and the defence is in its file as well.
    assert any({item.type for item in case.documents} - {"statement_of_defence"} == wanted for case in closed)


def test_every_paper_says_that_it_is_a_demonstration(year: Year) -> None:
    papers = year.ctx.session.execute(select(IssuedDocument.facts)).scalars().all()
    assert papers
    assert all(json.loads(paper)["demo"] is True for paper in papers)
    assert all(case.demo and case.origin == "demo" for case in year.cases)


def test_numbers_of_parties_and_rights_pass_their_checks(year: Year) -> None:
    for case in year.cases:
        for party in case.parties:
            if party.uscc:
                identifiers.check(IdentifierKind.USCC, party.uscc, field="uscc", on=UNTIL)
        for right in case.rights:
            if right.number:
                identifiers.check_right(IpType(right.kind), right.number, field="number", on=UNTIL)


def test_identity_numbers_are_well_formed_and_nobodys(year: Year) -> None:
    values = year.ctx.session.execute(select(PersonalValue.value).where(PersonalValue.field == "id_number")).scalars()
    numbers = [value for value in values if value]
    assert numbers
    for number in numbers:
        identifiers.check(IdentifierKind.RESIDENT_ID, number, field="id", on=UNTIL)
        assert number[14:17] == "000"


def test_old_notices_have_been_read(year: Year) -> None:
    unread = select(func.min(Notification.created_at)).where(Notification.read_at.is_(None))
    oldest = year.ctx.session.execute(unread).scalar_one()
    assert oldest is not None
    assert legal_date(oldest) >= UNTIL - timedelta(days=8)


def test_the_ledger_tells_when_it_was_really_written(year: Year) -> None:
    appended = select(func.min(LedgerEntry.appended_at)).where(LedgerEntry.stream == "case")
    assert legal_date(year.ctx.session.execute(appended).scalar_one()) == UNTIL


# --- People ----------------------------------------------------------------------------------------------------------


def test_the_first_organ_has_short_logins_and_one_password(year: Year) -> None:
    accounts = {row.login: row for row in year.ctx.session.execute(select(Account)).scalars()}
    for login in ("officer", "officer2", "intake", "head", "legal", "leader"):
        assert accounts[login].organ_id == "320612-ip"
    for login in ("supervisor", "police", "procurator", "court", "sysadmin", "secadmin", "audit"):
        assert login in accounts
    assert all(account.demo and not account.must_change_password for account in accounts.values())
    assert len({account.password_hash for account in accounts.values()}) == 1
    assert Argon2Hasher((1, 8, 1)).verify(accounts["officer"].password_hash, PASSWORD)
    assert len({account.name for account in accounts.values()}) == len(accounts)


def test_the_three_administrators_are_three_people_with_no_other_role(year: Year) -> None:
    rows = year.ctx.session.execute(select(Account.roles)).scalars()
    held = [{Role(part) for part in roles.split("|") if part} for roles in rows]
    for role in ADMINISTRATORS:
        assert [roles for roles in held if role in roles] == [{role}]


def test_one_certificate_has_run_out_and_one_will_soon(year: Year) -> None:
    ends = [
        end for end in year.ctx.session.execute(select(Account.certificate_until)).scalars() if isinstance(end, date)
    ]
    assert sum(1 for end in ends if end < UNTIL) == 1
    assert sum(1 for end in ends if UNTIL <= end <= UNTIL + timedelta(days=30)) == 1
    assert len(ends) >= 40, "the plan asks for forty core officers"


def test_the_sign_in_page_finds_people_and_their_password(year: Year) -> None:
    assert year.parts.demo
    setting = year.ctx.session.get(Setting, PASSWORD_SETTING)
    assert setting is not None
    assert setting.value == PASSWORD
    with year.parts.context() as ctx:
        offered = demo_people(ctx)
    assert offered is not None
    assert {"officer", "intake", "head", "legal", "leader", "supervisor", "audit"} <= {
        person.login for person in offered.people
    }


def test_an_officer_without_certificate_holds_up_his_case(year: Year) -> None:
    expired = select(Account.id).where(Account.certificate_until < UNTIL)
    person = year.ctx.session.execute(expired).scalar_one()
    held_up = [case for case in year.cases if person in case.officers]
    assert [case.main.state for case in held_up] == ["investigating"]


def test_the_counts_told_are_those_of_the_database(year: Year) -> None:
    loaded = year.loaded
    assert loaded.cases == 150
    assert loaded.filed == loaded.closed + loaded.open
    assert loaded.filed == sum(1 for case in year.cases if milestones(case)["filed"])
    entries = year.ctx.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one()
    assert loaded.entries == entries
    assert (
        loaded.leads
        == year.ctx.session.execute(
            select(func.count()).select_from(CaseFile).where(CaseFile.category == "lead")
        ).scalar_one()
    )


def test_those_of_the_other_organs_find_work_between_the_organs(year: Year) -> None:
    """Police, procuratorate and court of the first organ's place: what was sent, what waits, what is worked at."""
    seen = {}
    for kind in ("police", "procuratorate", "court"):
        with year.parts.context(Actor("x", "x", f"320612-{kind}", frozenset({Role.LIAISON}))) as ctx:
            seen[kind] = {line.procedure.zh for line in every_line(ctx, InboxFilter(tab=Tab.ALL))}
            assert work_list(ctx, tab="open").total >= 2
            if kind == "procuratorate":
                refresh_all(ctx)
                assert finding_list(ctx, kind=FindingKind.LIMB).lines, "a limit is met and the case was fined"
                assert finding_list(ctx, handling="asked").lines, "a letter waits for its reply"
    assert "涉嫌犯罪案件移送" in seen["police"]
    assert "检察监督函" in seen["procuratorate"]
    assert "行政复议与行政诉讼" in seen["court"]
    courts = [image for image in year.cases if any(one.procedure == "court_enforcement" for one in image.proceedings)]
    agreed = [image for image in year.cases if any(one.state == "confirmed" for one in image.proceedings)]
    assert courts
    assert agreed
