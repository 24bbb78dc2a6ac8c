"""What every service and query is given: a session, the actor, the time, the law in force, the outside world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.orm import Session

from caseapp.domain.bound_file import BindingRules
from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.clocks.rules import RuleBook
from caseapp.domain.divisions import DivisionTable
from caseapp.domain.documents import DocumentType
from caseapp.domain.errors import N_, ExternalError, Message
from caseapp.domain.events import legal_date
from caseapp.domain.indicators import Indicator
from caseapp.domain.joint_work import JointWorkRules
from caseapp.domain.metrics.policy import MetricPolicy, policy_asked
from caseapp.domain.organs import OrganTable
from caseapp.domain.roles import Role
from caseapp.domain.supervision.rules import SupervisionRules
from caseapp.domain.thresholds.rules import ThresholdBook
from caseapp.domain.workflow.amounts import AmountTable
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.correction_rules import CorrectionRules
from caseapp.domain.workflow.situation import Actor, Officer
from caseapp.ports import (
    Backups,
    Clock,
    CommonPasswords,
    DocumentRenderer,
    EvidenceStore,
    FileStore,
    KeyRing,
    LetterWriter,
    Mailer,
    NameReadings,
    OneTimeCodes,
    PackageSeals,
    PasswordHasher,
    PdfBinder,
    PdfRenderer,
    Pictures,
    Signer,
    Vault,
)


@dataclass(frozen=True, slots=True)
class Law:
    """Everything that `workflows/` says, read and checked once at start."""

    procedures: ProcedureSet
    rules: RuleBook
    calendar: WorkingCalendar
    divisions: DivisionTable
    organs: OrganTable
    documents: Mapping[str, DocumentType]
    policies: Mapping[str, MetricPolicy]
    amounts: AmountTable
    binding: BindingRules = field(default_factory=BindingRules)
    thresholds: ThresholdBook = field(default_factory=ThresholdBook)
    corrections: CorrectionRules = field(default_factory=CorrectionRules)
    supervision: SupervisionRules = field(default_factory=SupervisionRules)
    joint_work: JointWorkRules = field(default_factory=JointWorkRules)
    policy_versions: tuple[MetricPolicy, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    def policy(self, asked: str, on: date) -> MetricPolicy | None:
        """Return a metric policy: 'R2' the version in force on that day, 'R2@2026-1' that version; None: no such."""
        return policy_asked(self.policies, self.policy_versions, asked, on)


class NoVault:
    """The vault of an installation that was given none: it keeps nothing."""

    def seal(self, secret: bytes, *, purpose: str) -> str:
        raise ExternalError(Message(N_("没有配置加密密钥，不能保存")))

    def open(self, sealed: str, *, purpose: str) -> bytes:
        raise ExternalError(Message(N_("没有配置加密密钥，不能读取")))

    def fingerprint(self, text: str, *, purpose: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside world behind protocols. mailer, letters: None where the installation sends no e-mail."""

    clock: Clock
    pdf: PdfRenderer
    pages: DocumentRenderer
    files: FileStore
    hasher: PasswordHasher
    signer: Signer
    evidence: EvidenceStore
    pictures: Pictures
    codes: OneTimeCodes
    readings: NameReadings
    common_passwords: CommonPasswords
    anchors_folder: str = ""
    vault: Vault = field(default_factory=NoVault)
    binder: PdfBinder | None = None
    mailer: Mailer | None = None
    letters: LetterWriter | None = None
    keys: KeyRing | None = None
    seals: PackageSeals | None = None
    backups: Backups | None = None


SYSTEM_ACTOR = Actor(id="system", name="系统", organ="", roles=frozenset({Role.SYSTEM}))
"""Who acts when no person does: lapsed clocks, imports, jobs."""


@dataclass(frozen=True, slots=True)
class Context:
    """One caller's hold on the system.

    scope         how far the actor sees (`caseapp.domain.roles.Scope` value); None: as the account says, asked when
                  needed
    issues_documents  False where acts are taken over in bulk and their papers are not printed again
    time          tells the time instead of the installation's clock: what is recorded claims that time (demonstration)
    ids           gives new identifiers instead of chance, so that the same demonstration can be made again
    staff         everybody by id, where it is known beforehand that nobody joins or leaves meanwhile (bulk loads)
    memory        what queries keep for the rest of this Context's life, by keys of their own; shared with `acting_as`
    """

    session: Session
    actor: Actor
    law: Law
    ports: Ports
    scope: str | None = None
    demo: bool = False
    issues_documents: bool = True
    time: Clock | None = field(default=None)
    ids: Callable[[], str] | None = None
    staff: Mapping[str, Officer] | None = None
    memory: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    def rows(self, statement: Executable, values: Mapping[str, object] | None = None) -> CursorResult[Any]:
        """Execute a Core statement on the session's own connection: what a prebuilt statement costs least."""
        return self.session.connection().execute(statement, values)

    def now(self) -> datetime:
        """Return the present instant (aware, UTC)."""
        return (self.time or self.ports.clock).now()

    def today(self) -> date:
        """Return the present legal date."""
        return legal_date(self.now())

    def acting_as(self, actor: Actor, *, scope: str | None = None) -> Context:
        """Return the same hold for another actor."""
        return replace(self, actor=actor, scope=scope)
