"""Real cases on their way through the services, by the people of `tests.support.app`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select

from caseapp.adapters.clock import SetClock
from caseapp.context import Context
from caseapp.db import Model
from caseapp.domain.events import legal_date
from caseapp.domain.facts import CaseImage, Right
from caseapp.domain.workflow.situation import Actor
from caseapp.models.organ import Organ
from caseapp.queries.case_images import load
from caseapp.queries.organ_tree import OrganContact
from caseapp.services import case_act, case_approve, organ_contacts
from caseapp.services.case_act import Outcome
from caseapp.services.case_intake import CaseRef, LeadDraft, PartyDraft, register_lead
from caseapp.wiring import Huhang
from tests.support.app import ORGAN

DIVISION = "320612"
RESPONDENT = PartyDraft(
    "respondent", "organisation", "南通锦屏家纺有限公司", None, {"address": "通州区川姜镇1号", "phone": "13800000001"}
)
CONTACT = OrganContact("通州区世纪大道1号", "0513-80000000", "226300", "某银行通州支行")
SIGNERS = {"section_head": "head", "legal_review": "legal", "leader": "leader"}
"""Step of an approval -> login of who signs it."""

FILING: dict[str, Any] = {
    "case_name": "南通锦屏家纺有限公司涉嫌侵犯注册商标专用权案",
    "filing_findings": "经核查，当事人仓库内有侵权床品200件。",
    "filing_reasons": "符合立案条件。",
    "filing_evidence": True,
    "filing_punishable": True,
    "filing_jurisdiction": True,
    "filing_in_time": True,
}
FINDINGS: dict[str, Any] = {
    "course": "接举报后立案调查。",
    "facts_found": "当事人销售侵权床品200件。",
    "evidence": "现场笔录——证明侵权商品数量",
    "nature": "当事人的行为构成销售侵犯注册商标专用权的商品的违法行为。",
    "violated": "中华人民共和国商标法 第五十七条第（三）项",
    "basis": "中华人民共和国商标法 第六十条第二款",
    "reasons": "初次违法。",
}
REPORT: dict[str, Any] = {
    **FINDINGS,
    "handling": "建议罚款。",
    "proposed_outcome": "penalty",
    "proposed_kinds": ["fine"],
    "proposed_fine": 500_000,
}
SERVICE: dict[str, Any] = {"service_method": "direct", "service_receiver": "张某", "service_place": "通州区川姜镇1号"}
CLOSING: dict[str, Any] = {
    "closing_summary": "当事人已缴清罚款。",
    "closing_execution": "已缴清。",
    "closing_manner": "executed",
}


@dataclass
class Course:
    """Drives cases: every method acts as one of the people and returns what the service returned."""

    parts: Huhang
    people: Mapping[str, Actor]
    clock: SetClock

    @contextmanager
    def as_(self, login: str) -> Iterator[Context]:
        with self.parts.context(self.people[login]) as ctx:
            yield ctx

    @property
    def today(self) -> date:
        return legal_date(self.clock.at)

    @property
    def officers(self) -> list[str]:
        return [self.people["officer"].id, self.people["officer2"].id]

    def reached_at(self, contact: OrganContact) -> None:
        """Say how the organ is reached."""
        with self.as_("sysadmin") as ctx:
            known = ctx.session.execute(
                select(Organ.address, Organ.phone, Organ.postcode, Organ.fee_bank).where(Organ.id == ORGAN)
            ).one()
            organ_contacts.change(ctx, ORGAN, contact, seen=OrganContact(*(part or "" for part in known)).mark)

    def later(self, **span: float) -> Course:
        self.clock.at += timedelta(**span)
        return self

    def lead(self, *, by: str = "intake", key: str | None = None, **changes: Any) -> CaseRef:
        """Register a lead received today."""
        draft: dict[str, Any] = {
            "division": DIVISION,
            "ip_types": ("trademark",),
            "source": "complaint",
            "channel": "12315平台",
            "summary": "举报人称当事人销售侵权床品。",
            "received_on": self.today,
            "parties": (RESPONDENT,),
            "rights": (Right("trademark", "12345678", "澜庭", "南通澜庭家纺有限公司"),),
        }
        with self.as_(by) as ctx:
            return register_lead(ctx, LeadDraft(**{**draft, **changes}), idempotency_key=key)

    def image(self, case_id: str) -> CaseImage:
        with self.parts.context() as ctx:
            return load(ctx, case_id).image

    def act(
        self, login: str, case_id: str, action: str, fields: Mapping[str, Any] | None = None, **more: Any
    ) -> Outcome:
        """Submit an action from a form made now; `seen_version=…` for an older one."""
        with self.as_(login) as ctx:
            image = load(ctx, case_id).image
            settings: dict[str, Any] = {"seen_version": image.version, **more}
            return case_act.act(ctx, case_id, image.main.id, action, fields or {}, **settings)

    def sign(self, login: str, outcome: Outcome, *, verdict: str = "signed", opinion: str = "", **more: Any) -> Outcome:
        assert outcome.approval is not None
        with self.as_(login) as ctx:
            settings: dict[str, Any] = {"seen_version": load(ctx, outcome.case_id).version, **more}
            return case_approve.sign(ctx, outcome.approval, verdict=verdict, opinion=opinion, **settings)

    def approved(
        self, login: str, case_id: str, action: str, fields: Mapping[str, Any] | None = None, **more: Any
    ) -> Outcome:
        """Submit an action and have every step signed."""
        outcome = self.act(login, case_id, action, fields, **more)
        while outcome.status != "acted":
            request = self.image(case_id).pending_approval(self.image(case_id).main.id)
            assert request is not None
            assert request.step is not None
            outcome = self.sign(SIGNERS[request.step], outcome)
        return outcome

    # --- on the way of a fine ----------------------------------------------------------------------------------------

    def checking(self, **lead: Any) -> str:
        case_id = self.lead(**lead).id
        self.act("head", case_id, "assign_check", {"officers": self.officers})
        return case_id

    def filing(self) -> dict[str, Any]:
        return {**FILING, "officers": self.officers}

    def rights_told(self) -> dict[str, Any]:
        told = self.today.isoformat()
        return {"rights_told_on": told, "rights_told_to": "张某", "rights_told_how": "site", "certificates_shown": True}

    def filed(self, **lead: Any) -> str:
        case_id = self.checking(**lead)
        self.act("officer", case_id, "tell_rights", self.rights_told())
        self.approved("officer", case_id, "file_case", self.filing())
        return case_id

    def concluded(self, **lead: Any) -> str:
        case_id = self.filed(**lead)
        self.act("officer", case_id, "conclude_investigation", REPORT)
        return case_id

    def review(self) -> dict[str, Any]:
        return {"review_received_on": self.today.isoformat(), "review_verdict": "agree", "review_opinion": "同意。"}

    def service(self, on: str) -> dict[str, Any]:
        return {"served_on": on, **SERVICE, "service_servers": self.officers}

    def deciding(self, **lead: Any) -> str:
        case_id = self.concluded(**lead)
        self.act("legal", case_id, "review_case", self.review())
        self.approved("officer", case_id, "issue_prior_notice")
        self.act("officer", case_id, "serve_prior_notice", self.service(self.today.isoformat()))
        self.later(days=10)
        self.act("officer", case_id, "submit_for_decision")
        return case_id

    def decision(self) -> dict[str, Any]:
        return {**FINDINGS, "decided_kinds": ["fine"], "fine": 500_000, "payment_bank": "某银行"}

    def performing(self, **lead: Any) -> str:
        case_id = self.deciding(**lead)
        self.approved("officer", case_id, "decide_penalty", self.decision())
        self.act("officer", case_id, "serve_decision", self.service(self.today.isoformat()))
        return case_id

    def closed(self, **lead: Any) -> str:
        case_id = self.performing(**lead)
        self.later(days=1)
        done = {"performed_on": self.today.isoformat(), "paid_total": 500_000}
        self.act("officer", case_id, "confirm_performance", done)
        self.approved("officer", case_id, "close_executed", CLOSING)
        return case_id

    # --- what is stored ----------------------------------------------------------------------------------------------

    def rows(self, table: str, *columns: str) -> list[Any]:
        """Return the rows of a table by primary key: mappings, or the named columns (one: its values)."""
        found: Table = Model.metadata.tables[table]
        query = select(*([found.c[name] for name in columns] or [found])).order_by(*found.primary_key.columns)
        with self.parts.context() as ctx:
            rows = ctx.session.execute(query).all()
        if not columns:
            return [dict(row._mapping) for row in rows]
        return [row[0] for row in rows] if len(columns) == 1 else [tuple(row) for row in rows]

    def everything(self) -> dict[str, list[str]]:
        """Return all that is stored, to be compared: what was refused must have left it as it was."""
        tables = Model.metadata.sorted_tables
        with self.parts.context() as ctx:
            return {table.name: sorted(map(str, ctx.session.execute(select(table)))) for table in tables}

    def ledger(self, chain: str) -> list[str]:
        """Return the kinds of the entries of a chain, in order."""
        rows = [(row["seq"], row["kind"]) for row in self.rows("ledger_entry") if row["chain"] == chain]
        return [kind for _, kind in sorted(rows)]


@pytest.fixture
def course(parts: Huhang, people: Mapping[str, Actor], clock: SetClock) -> Course:
    """Cases driven by the people of an installation; their organ can be reached, as its papers must say."""
    made = Course(parts, people, clock)
    made.reached_at(CONTACT)
    return made
