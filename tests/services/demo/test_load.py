"""What the loader refuses, how it reports, and how it fares with little time or few cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from caseapp.adapters.pdf import WeasyPdfRenderer
from caseapp.context import Context
from caseapp.domain.errors import ExternalError, InputError, Message
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.models.case_evidence import CaseEvidence
from caseapp.models.case_file import CaseFile
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.setting import Setting
from caseapp.queries.organ_tree import OrganContact, organ
from caseapp.services.case_intake import LeadDraft, register_lead
from caseapp.services.demo.load import load_year
from caseapp.services.demo.people import FEE_BANK
from caseapp.services.organ_contacts import change
from caseapp.wiring import Huhang
from tests.services.demo.conftest import SINCE, UNTIL, load


def lead(ctx: Context) -> None:
    draft = LeadDraft(
        division="320612",
        ip_types=("trademark",),
        source="report",
        summary="真实线索",
        received_on=ctx.today(),
        organ="320612-ip",
    )
    register_lead(ctx, draft)


def test_a_database_with_cases_is_left_alone(parts: Huhang) -> None:
    with parts.context() as ctx:
        lead(ctx)
        before = ctx.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one()
    with pytest.raises(InputError, match="空的数据库"):
        load(parts, 10)
    with parts.context() as ctx:
        assert ctx.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one() == before
        assert ctx.session.get(Setting, "demo") is None


def test_a_demonstration_is_not_loaded_twice(parts: Huhang) -> None:
    load(parts, 2)
    with pytest.raises(InputError, match="空的数据库"):
        load(parts, 2)


@pytest.mark.parametrize(
    ("cases", "since", "until"),
    [
        pytest.param(0, SINCE, UNTIL, id="no cases"),
        pytest.param(-5, SINCE, UNTIL, id="fewer than none"),
        pytest.param(1_000_000, SINCE, UNTIL, id="more than anybody needs"),
        pytest.param(10, UNTIL, SINCE, id="ends before it begins"),
        pytest.param(10, UNTIL, UNTIL, id="ends when it begins"),
        pytest.param(10, SINCE, UNTIL + timedelta(days=1), id="ends in the future"),
    ],
)
def test_arguments_that_make_no_sense_change_nothing(parts: Huhang, cases: int, since: date, until: date) -> None:
    with pytest.raises(InputError):
        load(parts, cases, since=since, until=until)
    with parts.context() as ctx:
        assert ctx.session.execute(select(func.count()).select_from(Account)).scalar_one() == 0


@pytest.mark.parametrize(
    ("cases", "since", "until"),
    [
        pytest.param(1, SINCE, UNTIL, id="one case"),
        pytest.param(24, date(2026, 11, 1), date(2026, 11, 5), id="four days"),
        pytest.param(6, date(2026, 10, 1), date(2026, 10, 3), id="a holiday"),
        pytest.param(30, date(2026, 2, 1), date(2026, 2, 25), id="around the Spring Festival"),
        pytest.param(30, date(2023, 6, 8), date(2024, 2, 9), id="under older law"),
    ],
)
def test_few_cases_and_short_times_are_loaded_whole(parts: Huhang, cases: int, since: date, until: date) -> None:
    assert load(parts, cases, since=since, until=until).cases == cases
    with parts.context() as ctx:
        assert (
            ctx.session.execute(select(func.count()).select_from(CaseFile).where(CaseFile.demo)).scalar_one() == cases
        )


def test_without_pango_the_year_is_loaded_without_papers(parts: Huhang, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library(_printer: WeasyPdfRenderer) -> None:
        raise ExternalError(Message("libgobject"))

    monkeypatch.setattr(WeasyPdfRenderer, "_load", no_library)
    monkeypatch.setattr(parts.ports.pdf, "_printer", None)
    loaded = load(parts, 60)
    assert (loaded.cases, loaded.documents) == (60, 0)
    with parts.context() as ctx:
        assert ctx.session.execute(select(func.count()).select_from(CaseEvidence)).scalar_one() > 10, "pictures stay"


def test_every_day_that_is_over_is_told_once(parts: Huhang) -> None:
    days: list[date] = []
    with parts.context() as ctx:
        load_year(ctx, cases=3, seed=1, since=SINCE, until=UNTIL, progress=days.append)
    assert days == [SINCE + timedelta(days=offset) for offset in range((UNTIL - SINCE).days)]


def test_contact_data_that_an_administrator_has_entered_stay(parts: Huhang) -> None:
    own = OrganContact("通州区人民路1号", "0513-12345", "226300", "通州支行")
    with parts.context() as ctx:
        administrator = Actor("0" * 32, "管理员", "320600-ip", frozenset({Role.SYSTEM_ADMINISTRATOR}))
        change(ctx.acting_as(administrator), "320612-ip", own, seen=OrganContact().mark)
    load(parts, 1)
    with parts.context() as ctx:
        assert organ(ctx, "320612-ip").row.contact == own
        assert organ(ctx, "320614-ip").row.contact.fee_bank == FEE_BANK


def test_the_demonstration_claims_its_own_time_and_the_ledger_the_real_one(parts: Huhang) -> None:
    load(parts, 5)
    with parts.context() as ctx:
        rows = ctx.session.execute(
            select(LedgerEntry.recorded_at, LedgerEntry.appended_at).where(LedgerEntry.stream == "case")
        ).all()
    assert min(row.recorded_at for row in rows) < datetime(2026, 11, 1, tzinfo=UTC)
    assert all(row.appended_at >= datetime(2026, 11, 23, tzinfo=UTC) for row in rows)
