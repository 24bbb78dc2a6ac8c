"""What a case is at one moment: the image that folding its ledger entries yields.

Every class here is frozen, JSON-able by field (dates and instants as ISO 8601) and holds raw facts only: nothing that
depends on a calendar or on today is kept, so an image never goes stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from caseapp.domain.connections import CaseLink, JointOrgan, KeptNumber, TransferRecord, TransferStatus
from caseapp.domain.correction_records import CorrectionRecord, DivisionRecord, VoidRecord
from caseapp.domain.events import Json, Milestone, Precision
from caseapp.domain.evidence import Evidence
from caseapp.domain.items import Custody


class IpType(StrEnum):
    """Kinds of right a case is about (INTERFACES §2)."""

    PATENT_INVENTION = "patent_invention"
    PATENT_UTILITY = "patent_utility"
    PATENT_DESIGN = "patent_design"
    PATENT = "patent"
    TRADEMARK = "trademark"
    COPYRIGHT = "copyright"
    GI = "gi"
    PLANT_VARIETY = "plant_variety"
    TRADE_SECRET = "trade_secret"  # noqa: S105 - a kind of right
    OTHER = "other"


MONEY_AMOUNTS = ("turnover", "gains", "service_gains", "sales", "unsold_value", "loss")
"""Amounts kept in integer fen; in the exchange format they are yuan with at most two decimals."""
COUNT_AMOUNTS = (
    "marks",
    "patents",
    "copies",
    "unsold_copies",
    "pieces",
    "unsold_pieces",
    "works",
    "downloads",
    "clicks",
    "members",
)
"""Amounts that are whole numbers of things."""


@dataclass(frozen=True, slots=True)
class Party:
    """A party of a case.

    role      respondent | complainant | right_holder | agent | witness | third_party | reporter
    kind      organisation | person
    personal  field -> salted commitment (sha256) of a value kept in the erasable table: id_number, phone, address,
              legal_representative, email
    extra     keys an imported record carried that this program has no use for; exported again unchanged
    """

    id: str
    role: str
    kind: str
    name: str
    uscc: str | None = None
    personal: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Right:
    """A right the case is about; kind is an `IpType`, number as registered, holder in words."""

    kind: str
    number: str | None = None
    title: str | None = None
    holder: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods concerned. quantity in `unit` (a whole number), money in fen."""

    name: str
    spec: str | None = None
    quantity: int | None = None
    unit: str | None = None
    unit_price_fen: int | None = None
    value_fen: int | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActRecord:
    """That an action took effect: who, when (legal date), and where it led.

    principal  for whom a deputy acted; '' where the actor acted himself
    precision  month | year | unknown where no more is known of the day; '' where the day is known
    """

    action: str
    actor: str
    on: date
    seq: int
    to: str
    principal: str = ""
    precision: str = ""

    @property
    def on_text(self) -> str:
        """Return the date as precisely as it is known: '2023', '2023-04', a day; '' where nothing is."""
        lengths = {Precision.MONTH.value: 7, Precision.YEAR.value: 4, Precision.UNKNOWN.value: 0}
        return self.on.isoformat()[: lengths.get(self.precision, 10)]


@dataclass(frozen=True, slots=True)
class PauseRecord:
    """Time the law does not count in a proceeding: from `first` up to and including the day before `until`.

    reason  suspension, or what excludes the time: appraisal, identification, hearing, public_notice, refund_order …
    of      id of the side proceeding that told of it; '' where the proceeding's own act did
    """

    reason: str
    first: date
    until: date | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionRecord:
    """An extension granted to a clock: n in `unit` (days | working_days | months)."""

    n: int
    unit: str
    on: date


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """A clock of a proceeding, as acts started and ended it; its due date is derived, never stored here.

    started_on/at  local date and, for clocks in hours, the instant
    ended_on       when it was met or ended
    met            True: the awaited act was done; False: it ended without being judged; None: still running
    governed_on    day whose law governs it where that is not the day it started (a limitation: that of the request)
    """

    rule: str
    started_on: date
    started_at: datetime | None = None
    ended_on: date | None = None
    ended_at: datetime | None = None
    met: bool | None = None
    extensions: tuple[ExtensionRecord, ...] = ()
    governed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ShareRecord:
    """That another organ takes part in a proceeding: it sees what was sent to it, and nothing else of the case.

    peer        police | procuratorate | court | authority
    since       seq of the first act that was sent to it; since_on: its legal date
    opened      seq of the act from which on it sees the whole of what was sent; None: a preview
    until       seq of the act that sent the matter on to another organ of its kind; it sees nothing later
    """

    peer: str
    organ: str
    since: int
    since_on: date
    opened: int | None = None
    opened_on: date | None = None
    until: int | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One state a proceeding may be in when only milestones are known; `cost` counts the unrecorded acts before it."""

    state: str
    saved: str | None
    cost: int


@dataclass(frozen=True, slots=True)
class ProceedingImage:
    """One running instance of a procedure inside the case.

    saved     the state it was suspended from, where an action leads back to it
    facts     fact name -> value, set by the fields of its actions (money in fen, dates ISO, officers list of ids)
    branches  empty once an explicit action was taken; else the states that the known milestones allow
    shares    other organs that take part in it, the first that was told first
    """

    id: str
    procedure: str
    version: int
    state: str
    category: str
    opened_on: date
    entered_on: date
    saved: str | None = None
    closed_on: date | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)
    acts: tuple[ActRecord, ...] = ()
    pauses: tuple[PauseRecord, ...] = ()
    clocks: tuple[ClockRecord, ...] = ()
    branches: tuple[Branch, ...] = ()
    irregular: bool = False
    shares: tuple[ShareRecord, ...] = ()

    def last_act(self, action: str) -> ActRecord | None:
        """Return the latest act of that action, or None."""
        return next((act for act in reversed(self.acts) if act.action == action), None)


@dataclass(frozen=True, slots=True)
class Signature:
    """One step of an approval: signed or returned, by whom, when, with which opinion; `principal`: for whom."""

    step: str
    by: str
    on: date
    verdict: str
    opinion: str = ""
    principal: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalImage:
    """A request that an action take effect, going through its steps.

    steps    ids of the steps that apply, in order; those signed are in `signatures` (verdict 'signed')
    status   pending | granted | returned | withdrawn | void
    fields   what was entered, by fact name; frozen while pending
    frozen   sha256 of the facts the signers see; a change voids the request
    principal  for whom a deputy asked; '' where `by` asked himself
    """

    id: str
    proceeding: str
    action: str
    by: str
    on: date
    steps: tuple[str, ...]
    fields: Mapping[str, Json]
    status: str = "pending"
    signatures: tuple[Signature, ...] = ()
    frozen: str = ""
    occurred_on: date | None = None
    principal: str = ""

    @property
    def step(self) -> str | None:
        """Return the step that is waited for, or None when the request is not pending."""
        signed = sum(1 for signature in self.signatures if signature.verdict == "signed")
        return self.steps[signed] if self.status == "pending" and signed < len(self.steps) else None


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """An issued document: number taken and facts frozen; the PDF is printed from the facts afterwards.

    scan  sha256 of the copy signed on paper, which stands for it in the file; scan_media its MIME type
    replaces   id of the voided document in whose place it was issued
    voided_by  seq of the correction that voided it; None: it stands
    """

    id: str
    type: str
    number: str | None
    title: str
    proceeding: str
    action: str
    issued_on: date
    facts_digest: str
    template_version: str
    scan: str = ""
    scan_media: str = ""
    replaces: str | None = None
    voided_by: int | None = None


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed case file: sha256 of its manifest and volumes ('' = none), and the signature over the manifest (hex)."""

    id: str
    on: date
    manifest: str
    main: str
    side: str
    pages: int
    algorithm: str
    public_key: str
    signature: str


@dataclass(frozen=True, slots=True)
class CaseImage:
    """A case folder as it stands after folding some of its entries.

    version   number of case-stream entries folded, = the optimistic lock
    amounts   MONEY_AMOUNTS in fen and COUNT_AMOUNTS as numbers; None = unknown
    officers  ids of the officers in charge, the first is the lead officer
    origin    user | strict | archive | demo
    proceedings  the first is the main proceeding
    transfers   every sending to another organ of the system, answered or not
    joint       organs that handle the case with its own
    links       cases it was merged with or split from
    kept_numbers  what it was called at organs that had it before
    corrections  in the order in which they were recorded; voids: the numbers and papers they made void
    superseded   milestones (and divisions) that corrections took back: earlier knowledge still reads them
    """

    id: str
    version: int
    opened_on: date
    title: str
    organ: str
    division: str
    ip_types: tuple[str, ...]
    external_id: str | None = None
    number: str | None = None
    lead_number: str | None = None
    source: str | None = None
    channel: str | None = None
    campaigns: tuple[str, ...] = ()
    summary: str = ""
    parties: tuple[Party, ...] = ()
    rights: tuple[Right, ...] = ()
    goods: tuple[Goods, ...] = ()
    amounts: Mapping[str, int | None] = field(default_factory=dict)
    act_from: date | None = None
    act_to: date | None = None
    officers: tuple[str, ...] = ()
    restricted: bool = False
    demo: bool = False
    origin: str = "user"
    extra: Mapping[str, Json] = field(default_factory=dict)
    proceedings: tuple[ProceedingImage, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    documents: tuple[DocumentRecord, ...] = ()
    approvals: tuple[ApprovalImage, ...] = ()
    divisions: tuple[DivisionRecord, ...] = ()
    sealed_files: tuple[SealedFile, ...] = ()
    notes: int = 0
    evidence: tuple[Evidence, ...] = ()
    custody: Custody = field(default_factory=Custody)
    last_occurred_at: datetime | None = None
    last_recorded_at: datetime | None = None
    transfers: tuple[TransferRecord, ...] = ()
    joint: tuple[JointOrgan, ...] = ()
    links: tuple[CaseLink, ...] = ()
    kept_numbers: tuple[KeptNumber, ...] = ()
    corrections: tuple[CorrectionRecord, ...] = ()
    voids: tuple[VoidRecord, ...] = ()
    superseded: tuple[Milestone, ...] = ()
    superseded_divisions: tuple[DivisionRecord, ...] = ()

    @property
    def waiting_transfer(self) -> TransferRecord | None:
        """Return the transfer whose receipt is waited for, or None."""
        return next((item for item in self.transfers if item.status == TransferStatus.SENT), None)

    @property
    def handlers(self) -> tuple[str, ...]:
        """Return the officers in charge, then those of joint organs."""
        return (*self.officers, *(one for item in self.joint for one in item.officers if one not in self.officers))

    @property
    def main(self) -> ProceedingImage:
        """Return the main proceeding."""
        return self.proceedings[0]

    def proceeding(self, proceeding_id: str) -> ProceedingImage | None:
        """Return one proceeding by id."""
        return next((item for item in self.proceedings if item.id == proceeding_id), None)

    def piece(self, evidence_id: str) -> Evidence | None:
        """Return one piece of evidence by id."""
        return next((item for item in self.evidence if item.id == evidence_id), None)

    def document(self, document_id: str) -> DocumentRecord | None:
        """Return one issued document by id."""
        return next((item for item in self.documents if item.id == document_id), None)

    def pending_approval(self, proceeding_id: str) -> ApprovalImage | None:
        """Return the approval that a proceeding waits for, if any."""
        return next(
            (item for item in self.approvals if item.proceeding == proceeding_id and item.status == "pending"), None
        )

    def display_number(self) -> str:
        """Return the case number, else the lead number, else the external id, else the id."""
        return self.number or self.lead_number or self.external_id or self.id
