"""One office at work: leads come in, are checked, filed and investigated, through the same services as users."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from caseapp.adapters.clock import SetClock
from caseapp.context import Context
from caseapp.domain.facts import CaseImage, Goods, Right
from caseapp.domain.workflow.situation import Actor
from caseapp.queries.case_images import load
from caseapp.services.case_act import Outcome, act
from caseapp.services.case_approve import sign
from caseapp.services.case_intake import CaseRef, LeadDraft, PartyDraft, register_lead
from caseapp.wiring import Huhang

RESPONDENT = "南通锦屏家纺有限公司"
COMPLAINANT = "江苏澜庭纺织集团有限公司"
MARK = "12345678"
PHONE = "13800000001"


@dataclass
class Office:
    """The office, its people and its clock."""

    parts: Huhang
    people: Mapping[str, Actor]
    clock: SetClock

    def context(self, login: str) -> AbstractContextManager[Context]:
        """Return a Context in which that person acts."""
        return self.parts.context(self.people[login])

    def image(self, case_id: str) -> CaseImage:
        """Return a case as it stands."""
        with self.parts.context() as ctx:
            return load(ctx, case_id).image

    def version(self, case_id: str) -> int:
        """Return the version of a case."""
        with self.parts.context() as ctx:
            return load(ctx, case_id).version

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**span)

    def register(self, *, respondent: str = RESPONDENT, login: str = "intake", **changes: Any) -> CaseRef:
        """Register a lead about goods under somebody else's mark."""
        with self.context(login) as ctx:
            draft: dict[str, Any] = {
                "division": "320612",
                "ip_types": ("trademark",),
                "source": "complaint",
                "summary": "投诉人称：当事人在南通家纺城销售带有“澜庭”商标的四件套。",
                "received_on": ctx.today(),
                "campaigns": ("huhang",),
                "parties": (
                    PartyDraft(
                        "respondent",
                        "organisation",
                        respondent,
                        personal={
                            "phone": PHONE,
                            "address": "江苏省南通市通州区川姜镇家纺城3区1208号",
                            "legal_representative": "翟小宁",
                        },
                    ),
                    PartyDraft("complainant", "organisation", COMPLAINANT),
                ),
                "rights": (Right("trademark", MARK, "澜庭", COMPLAINANT),),
                "goods": (Goods("全棉四件套", "1.8米床用", 96, "套", 26800, 2572800),),
                "amounts": {"turnover": 9735300},
            }
            return register_lead(ctx, LeadDraft(**{**draft, **changes}))

    def act(self, case_id: str, login: str, action: str, fields: Mapping[str, Any], **more: Any) -> Outcome:
        """Take a step in the main proceeding."""
        with self.context(login) as ctx:
            loaded = load(ctx, case_id)
            return act(ctx, case_id, loaded.image.main.id, action, fields, seen_version=loaded.version, **more)

    def officers(self) -> list[str]:
        """Return the ids of the two officers; the first leads."""
        return [self.people["officer"].id, self.people["officer2"].id]

    def checking(self, **changes: Any) -> CaseRef:
        """Return a lead that is being checked."""
        case = self.register(**changes)
        self.act(case.id, "head", "assign_check", {"officers": self.officers()})
        return case

    def told(self, **changes: Any) -> CaseRef:
        """Return a lead being checked whose respondent was told of his rights."""
        case = self.checking(**changes)
        fields = {
            "rights_told_on": self.today().isoformat(),
            "rights_told_to": "翟小宁",
            "rights_told_how": "site",
            "certificates_shown": True,
        }
        self.act(case.id, "officer", "tell_rights", fields)
        return case

    def asked(self, **changes: Any) -> tuple[CaseRef, str]:
        """Return a lead whose filing was asked for, and the id of the request."""
        case = self.told(**changes)
        outcome = self.act(case.id, "officer", "file_case", self.filing())
        assert outcome.approval is not None
        return case, outcome.approval

    def filed(self, **changes: Any) -> CaseRef:
        """Return a case under investigation."""
        case, approval = self.asked(**changes)
        self.sign(case.id, approval, "head", "leader")
        return case

    def filing(self) -> dict[str, Any]:
        """Return the fields of the request to file."""
        return {
            "case_name": f"{RESPONDENT}涉嫌销售侵犯注册商标专用权的商品案",
            "filing_findings": "现场发现标有“澜庭”字样的四件套96套。",
            "filing_reasons": "现有证据初步证明当事人存在违法行为，建议立案。",
            "filing_evidence": True,
            "filing_punishable": True,
            "filing_jurisdiction": True,
            "filing_in_time": True,
            "officers": self.officers(),
        }

    def sign(self, case_id: str, approval: str, *logins: str) -> None:
        """Sign the steps of a request one after the other."""
        for login in logins:
            with self.context(login) as ctx:
                sign(ctx, approval, verdict="signed", opinion="同意。", seen_version=self.version(case_id))

    def today(self) -> date:
        """Return the legal date."""
        with self.parts.context() as ctx:
            return ctx.today()


@pytest.fixture
def office(parts: Huhang, people: Mapping[str, Actor], clock: SetClock) -> Office:
    """The office at work."""
    return Office(parts, people, clock)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect what is sent to the database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


Counted = Callable[[], object]


def count(engine: Engine, work: Counted) -> int:
    """Return how many statements a piece of work sends."""
    with statements(engine) as sent:
        work()
    return len(sent)
