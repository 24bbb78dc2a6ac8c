"""An installation to measure: tables, organs, one organ's people, and cases under investigation."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from caseapp.adapters.clock import SystemClock
from caseapp.domain.events import MilestoneKind, Precision
from caseapp.domain.exchange.record import ExchangeLine, ExchangeMilestone, ExchangeRecord
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_file import CaseFile
from caseapp.services.case_assign import assign
from caseapp.services.case_import import Mode, import_records
from caseapp.services.installation import AccountDraft, create_accounts, sync_organs
from caseapp.wiring import Huhang, build
from tests.support.app import configuration
from tests.support.databases import Databases
from tests.support.spine import migrate, open_engine

ORGAN = "320612-ip"
FILED_ON = date(2026, 3, 2)
PASSWORD = "Qinghe-lian-2026"


@dataclass(frozen=True, slots=True)
class BenchHouse:
    """The parts, two officers, and the ids of cases that wait for an act."""

    url: str
    parts: Huhang
    officers: tuple[Actor, ...]
    cases: tuple[str, ...]


def furnish(databases: Databases, cases: int, folder: Path) -> BenchHouse:
    """Make a new installation with that many filed cases in the charge of two officers."""
    url = databases.create()
    engine = open_engine(url)
    migrate(engine)
    parts = build(configuration(url, folder), engine, clock=SystemClock())
    with parts.context() as ctx:
        sync_organs(ctx)
        drafts = [
            AccountDraft(
                login=f"bench{number}",
                name=f"办案人员{number}",
                organ=ORGAN,
                roles=(Role.OFFICER,),
                scope=Scope.ORGAN,
                password=PASSWORD,
                certificate_number=f"32061200{number}",
                must_change_password=False,
            )
            for number in (1, 2)
        ]
        ids = create_accounts(ctx, drafts)
        import_records(ctx, (_line(number) for number in range(cases)), mode=Mode.STRICT)
        found = tuple(ctx.session.execute(select(CaseFile.id).order_by(CaseFile.external_id)).scalars())
        for case_id in found:
            assign(ctx, case_id, ids, seen_version=None)
    officers = tuple(
        Actor(user_id, draft.name, ORGAN, frozenset(draft.roles)) for user_id, draft in zip(ids, drafts, strict=True)
    )
    return BenchHouse(url, parts, officers, found)


def reopen(url: str, folder: Path) -> Huhang:
    """Return the parts over a database that exists already (another process, a copy)."""
    return build(configuration(url, folder), open_engine(url), clock=SystemClock())


def _line(number: int) -> ExchangeLine:
    record = ExchangeRecord(
        external_id=f"bench-{number:07d}",
        procedure="penalty_general",
        division="320612",
        ip_types=("trademark",),
        organ=ORGAN,
        source="complaint",
        title=f"第{number}号纺织品店涉嫌侵犯注册商标专用权案",
        milestones=(
            ExchangeMilestone(MilestoneKind.REGISTERED, FILED_ON, Precision.DAY, FILED_ON.isoformat()),
            ExchangeMilestone(MilestoneKind.FILED, FILED_ON, Precision.DAY, FILED_ON.isoformat()),
        ),
        given=frozenset({"organ", "source", "title"}),
    )
    return ExchangeLine(number + 1, record.external_id, record)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="huhang-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
