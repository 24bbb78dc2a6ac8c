"""Puts the parts together: reads and checks `workflows/`, builds the adapters, hands out Contexts.

The only module that names adapters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Protocol

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from caseapp.adapters import identifiers as identifier_checks
from caseapp.adapters.amount_files import load_amounts
from caseapp.adapters.backup_files import BackupFolder
from caseapp.adapters.calendar_files import load_calendar
from caseapp.adapters.case_file_files import load_binding_rules
from caseapp.adapters.clock import SystemClock
from caseapp.adapters.clock_files import load_rule_book
from caseapp.adapters.common_passwords import PasswordList
from caseapp.adapters.correction_files import load_corrections
from caseapp.adapters.definition_files import check_definitions, load_procedures
from caseapp.adapters.division_files import load_divisions
from caseapp.adapters.document_files import load_document_types
from caseapp.adapters.document_renderer import DocumentRenderer
from caseapp.adapters.event_logs.mapping_files import load_mapping
from caseapp.adapters.event_logs.reading import LogFormat, read_event_log
from caseapp.adapters.evidence_store import LocalEvidenceStore
from caseapp.adapters.exchange_files import read_exchange
from caseapp.adapters.file_store import ContentStore
from caseapp.adapters.hasher import Argon2Hasher
from caseapp.adapters.indicator_files import load_indicators
from caseapp.adapters.joint_work_files import load_joint_work
from caseapp.adapters.key_ring import FileKeyRing
from caseapp.adapters.letters import QuietLetters
from caseapp.adapters.mailer import SmtpMailer
from caseapp.adapters.metric_files import load_policy_versions, newest_policies
from caseapp.adapters.name_readings import PinyinReadings
from caseapp.adapters.one_time_codes import TotpCodes
from caseapp.adapters.organ_files import load_organs
from caseapp.adapters.outside_files import Progress
from caseapp.adapters.packages import SealedPackages
from caseapp.adapters.pdf import WeasyPdfRenderer
from caseapp.adapters.pdf_binder import PikeBinder
from caseapp.adapters.pictures import PreviewMaker
from caseapp.adapters.qr_codes import qr_svg
from caseapp.adapters.signer import FileSigner
from caseapp.adapters.supervision_files import load_supervision
from caseapp.adapters.threshold_facts import read_threshold_facts
from caseapp.adapters.threshold_files import load_thresholds
from caseapp.adapters.vault import KeyVault
from caseapp.context import SYSTEM_ACTOR, Context, Law, Ports
from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.clocks.rules import RuleBook
from caseapp.domain.divisions import DivisionTable
from caseapp.domain.documents import DocumentType
from caseapp.domain.errors import DefinitionProblem, InputError, Message
from caseapp.domain.events import legal_date
from caseapp.domain.exchange.event_log import EventLine
from caseapp.domain.exchange.record import ExchangeLine, ExchangeParty
from caseapp.domain.facts import IpType, Right
from caseapp.domain.identifiers import IdentifierKind
from caseapp.domain.metrics.policy import MetricPolicy
from caseapp.domain.organs import OrganTable
from caseapp.domain.policies.security import SecurityPolicy
from caseapp.domain.thresholds.matter import Matter
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.situation import Actor
from caseapp.models.setting import Setting
from caseapp.ports import Clock
from caseapp.queries.health import DatabaseState, database_state, revision_of_unused
from caseapp.queries.security import KnownPolicy, known_policy

_CATALOGUES = Path(__file__).resolve().parent / "translations"
_DEMO = select(Setting.name).where(Setting.name == "demo")
SECONDS_UNTIL_ASKED_AGAIN = 10


class Configuration(Protocol):
    """What of the configuration the parts need; `config.Config` is one."""

    @property
    def var(self) -> Path: ...
    @property
    def workflow_folders(self) -> tuple[Path, ...]: ...
    @property
    def static(self) -> Path: ...
    @property
    def templates(self) -> Path: ...
    @property
    def migrations(self) -> Path: ...
    @property
    def password_cost(self) -> tuple[int, int, int]: ...
    @property
    def document_font(self) -> Path | None: ...
    @property
    def session_idle_minutes(self) -> int: ...
    @property
    def session_hours(self) -> int: ...
    @property
    def lock_after(self) -> int: ...
    @property
    def lock_minutes(self) -> int: ...
    @property
    def second_factor_required(self) -> bool: ...
    @property
    def vault_key(self) -> str: ...
    @property
    def evidence_megabytes(self) -> int: ...
    @property
    def picture_megapixels(self) -> int: ...
    @property
    def mail_server(self) -> str | None: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def public_url(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...


def load_law(folders: Sequence[Path], *, templates: Path, cache: Path | None = None) -> Law:
    """Read everything that `workflows/` says. raises DefinitionError: the process must not start"""
    divisions = load_divisions(folders)
    rules = load_rule_book(folders)
    versions = load_policy_versions(folders)
    documents = load_document_types(folders[0] / "documents.yaml", templates_dir=templates / "documents")
    procedures = load_procedures(folders, rules=rules, documents=frozenset(documents), cache=cache)
    return Law(
        procedures=procedures,
        rules=rules,
        calendar=load_calendar(folders),
        divisions=divisions,
        organs=load_organs(folders, divisions),
        documents=documents,
        policies=newest_policies(versions),
        policy_versions=versions,
        indicators=load_indicators(folders[0]),
        amounts=load_amounts(folders),
        corrections=load_corrections(folders),
        binding=load_binding_rules(folders[0] / "case_file.yaml", documents=frozenset(documents)),
        thresholds=load_thresholds(folders),
        supervision=load_supervision(
            folders[0] / "supervision.yaml",
            clocks=frozenset(rules),
            actions=frozenset((one.id, action.id) for one in procedures.all() for action in one.actions),
        ),
        joint_work=load_joint_work(folders[0] / "joint_work.yaml"),
    )


_IP_TYPES = frozenset(ip_type.value for ip_type in IpType)


def _check_party(now: datetime) -> Callable[[ExchangeParty], Message | None]:
    def check(party: ExchangeParty) -> Message | None:
        if not party.uscc:
            return None
        try:
            identifier_checks.check(IdentifierKind.USCC, party.uscc, field="uscc", on=legal_date(now))
        except InputError as error:
            return error.message
        return None

    return check


def _check_right(now: datetime) -> Callable[[Right], Message | None]:
    def check(right: Right) -> Message | None:
        if not right.number or right.kind not in _IP_TYPES:
            return None
        try:
            identifier_checks.check_right(IpType(right.kind), right.number, field="number", on=legal_date(now))
        except InputError as error:
            return error.message
        return None

    return check


def check_workflow_files(files: Sequence[Path], folders: Sequence[Path]) -> tuple[DefinitionProblem, ...]:
    """Check definitions without the running application, broken sets included."""
    return check_definitions(files, folders)


@dataclass(slots=True)
class Huhang:
    """The parts of the running application."""

    config: Configuration
    law: Law
    ports: Ports
    engine: Engine
    _sessions: sessionmaker[Session] = field(init=False)
    _demo: bool = False
    _ask_again: float = 0.0
    _security: KnownPolicy | None = None

    def __post_init__(self) -> None:
        self._sessions = sessionmaker(bind=self.engine, expire_on_commit=False)

    @property
    def procedures(self) -> ProcedureSet:
        return self.law.procedures

    @property
    def rules(self) -> RuleBook:
        return self.law.rules

    @property
    def calendar(self) -> WorkingCalendar:
        return self.law.calendar

    @property
    def divisions(self) -> DivisionTable:
        return self.law.divisions

    @property
    def organs(self) -> OrganTable:
        return self.law.organs

    @property
    def documents(self) -> dict[str, DocumentType]:
        return dict(self.law.documents)

    @property
    def policies(self) -> dict[str, MetricPolicy]:
        return dict(self.law.policies)

    @property
    def identifiers(self) -> object:
        """Return the checks of identifying numbers (`check`, `check_right`)."""
        return identifier_checks

    @contextmanager
    def context(self, actor: Actor | None = None, *, time: Clock | None = None) -> Iterator[Context]:
        """Give out a Context with a session of its own, closed at the end. Without an actor the system itself acts."""
        session = self._sessions()
        try:
            yield Context(
                session=session,
                actor=actor or SYSTEM_ACTOR,
                law=self.law,
                ports=self.ports,
                scope="city" if actor is None or actor is SYSTEM_ACTOR else None,
                demo=self.demo,
                time=time,
            )
        finally:
            session.close()

    def read_exchange(self, file: Path, *, now: datetime, progress: Progress | None = None) -> Iterator[ExchangeLine]:
        """Read a file of the exchange format. raises InputError where nothing of it can be read"""
        return read_exchange(
            file,
            now=now,
            divisions=self.law.divisions,
            check_party=_check_party(now),
            check_right=_check_right(now),
            progress=progress,
        )

    def read_event_log(
        self, file: Path, mapping: Path, *, shape: str, now: datetime, progress: Progress | None = None
    ) -> Iterator[EventLine]:
        """Read an event log by its mapping. raises InputError where either cannot be read"""
        told = load_mapping(mapping, divisions=self.law.divisions)
        return read_event_log(
            file, told, form=LogFormat(shape), now=now, divisions=self.law.divisions, progress=progress
        )

    def read_threshold_facts(self, file: Path) -> Matter:
        """Read the facts of a matter to be held against the criminal limits. raises InputError"""
        return read_threshold_facts(file, self.law.thresholds)

    @property
    def demo(self) -> bool:
        """Return whether the database holds a demonstration; once it does, it always will."""
        if not self._demo and monotonic() >= self._ask_again:
            with self.engine.connect() as connection:
                self._demo = connection.execute(_DEMO).first() is not None
            self._ask_again = monotonic() + SECONDS_UNTIL_ASKED_AGAIN
        return self._demo

    def database_state(self) -> DatabaseState:
        """Return what the database holds: the tables of this version, none, others; or that it does not answer."""
        return database_state(self.engine, self.config.migrations)

    def revision_of_unused(self) -> str | None:
        """Return the revision of tables without rows, '' for no tables, None for a database in use."""
        return revision_of_unused(self.engine)

    @property
    def security(self) -> SecurityPolicy:
        """Return the numbers of signing in that are in force, asked of the database."""
        with self.context() as system:
            known = self._security = known_policy(system, self.configured_security)
        return known.policy

    def security_at(self, version: str) -> SecurityPolicy:
        """Return the numbers in force, asked of the database only where they are not yet known in this version.

        version  what the query of the session has just told (`queries.sessions.KnownSession.settings`), so that a
                 change in another process is in force here at the next request and costs no statement of its own
        """
        known = self._security
        return known.policy if known is not None and known.version == version else self.security

    @property
    def configured_security(self) -> SecurityPolicy:
        """Return the numbers of signing in where the security administrator sets none."""
        return SecurityPolicy(
            lock_after=self.config.lock_after,
            lock_minutes=self.config.lock_minutes,
            idle_minutes=self.config.session_idle_minutes,
            session_hours=self.config.session_hours,
        )

    def qr_svg(self, text: str) -> bytes:
        """Return a text as the picture of a QR code (SVG)."""
        return qr_svg(text)

    def demonstrates_now(self) -> None:
        """Take note that this process has just made the database a demonstration."""
        self._demo = True


def build(config: Configuration, engine: Engine, *, clock: Clock | None = None) -> Huhang:
    """Build every part for an installation. raises DefinitionError"""
    law = load_law(config.workflow_folders, templates=config.templates, cache=config.var / "cache")
    pdf = WeasyPdfRenderer(
        config.static / "fonts",
        config.document_font,
        resources_dirs=(config.templates / "documents",),
        work_dir=config.var / "cache" / "pdf",
    )
    ports = Ports(
        clock=clock or SystemClock(),
        pdf=pdf,
        pages=DocumentRenderer(config.templates / "documents", glyphs_missing=pdf.glyphs_missing),
        files=ContentStore(config.var / "documents"),
        hasher=Argon2Hasher(config.password_cost),
        signer=FileSigner(config.var / "keys" / "anchor.pem"),
        evidence=LocalEvidenceStore(config.var / "evidence", most_bytes=config.evidence_megabytes << 20),
        pictures=PreviewMaker(
            config.var / "cache" / "previews",
            config.static / "fonts" / "NotoSerifSC-Regular-gb2312.ttf",
            most_pixels=config.picture_megapixels * 1_000_000,
        ),
        codes=TotpCodes(),
        readings=PinyinReadings(),
        common_passwords=PasswordList(),
        anchors_folder=str(config.var / "anchors"),
        vault=KeyVault(config.var / "keys" / "vault.key", config.vault_key),
        binder=PikeBinder(config.static / "fonts" / "NotoSerifSC-Regular-gb2312.ttf"),
        mailer=SmtpMailer(config.mail_server, config.mail_from) if config.mail_server else None,
        letters=QuietLetters(config.public_url, _CATALOGUES) if config.mail_server else None,
        keys=FileKeyRing(config.var / "keys"),
        seals=SealedPackages(),
        backups=BackupFolder(config.var),
    )
    return Huhang(config=config, law=law, ports=ports, engine=engine)
