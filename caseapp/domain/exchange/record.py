"""One case of the exchange format as a frozen record: checked, normalised, not yet part of any ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from caseapp.domain.errors import InputError, Message
from caseapp.domain.events import Json, MilestoneKind, Precision
from caseapp.domain.facts import Goods, Right

ZONE_DETAIL = "zone"
"""Milestone key of its own: the IANA zone whose local date of `at` is the legal date; without it Asia/Shanghai.

Event logs of other countries need it; without it an export of their cases would come back with other dates.
"""


class PartyRole(StrEnum):
    """Roles of a party that this program has words for; others are kept and reported as a lapse."""

    RESPONDENT = "respondent"
    COMPLAINANT = "complainant"
    RIGHT_HOLDER = "right_holder"
    AGENT = "agent"
    WITNESS = "witness"
    THIRD_PARTY = "third_party"
    REPORTER = "reporter"


class PartyKind(StrEnum):
    """What a party is."""

    ORGANISATION = "organisation"
    PERSON = "person"


PERSONAL_FIELDS = ("id_number", "phone", "address", "legal_representative", "email")
"""Keys of a party that go to the erasable table, never into the ledger in clear."""


class LapseKind(StrEnum):
    """Faults that do not make a record unreadable: a legacy archive is full of them."""

    PARTY_NUMBER = "party_number"
    """A number of a party that breaks its rule (统一社会信用代码)."""
    RIGHT_NUMBER = "right_number"
    PARTY_ROLE = "party_role"
    """A role word that this program does not know."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """A fault that strict mode may refuse and archive mode accepts. `field` is the path, e.g. parties[0].uscc."""

    kind: LapseKind
    field: str
    message: Message


@dataclass(frozen=True, slots=True)
class ExchangeMilestone:
    """One milestone of a record.

    on           legal date; the first day of the month or year where only that is known (see `precision`)
    on_text      `on` as written ('2025-03-10', '2025-03', '2025'); '' where `at` was given instead
    at           the instant (aware, UTC), where it is given
    recorded_at  when the sender learned of it (aware, UTC); None = now
    details      MILESTONE_DETAILS, `zone`, and keys that only the sender knows (texts and whole numbers)
    """

    kind: MilestoneKind
    on: date
    precision: Precision
    on_text: str = ""
    at: datetime | None = None
    recorded_at: datetime | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def last_on(self) -> date:
        """Return the last day on which it may have happened: `on` itself unless only the month or year is known."""
        if self.precision is Precision.YEAR:
            return date(self.on.year, 12, 31)
        if self.precision is Precision.MONTH:
            # The 28th and four more days lie in the next month, whatever the length of this one.
            following = self.on.replace(day=28) + timedelta(days=4)
            return following - timedelta(days=following.day)
        return self.on

    @property
    def identity(self) -> tuple[str, str, tuple[tuple[str, str | int], ...]]:
        """What makes it the same milestone in another record: kind, date or instant as given, and details.

        `recorded_at` is no part of it: a record that leaves it out matches any.
        """
        when = self.on_text if self.at is None else self.at.astimezone(UTC).isoformat()
        return self.kind.value, when, tuple(sorted(self.details.items()))


@dataclass(frozen=True, slots=True)
class ExchangeStep:
    """An act with its form, to be replayed in full through the engine.

    fields  by field id, as a user would enter them: money in yuan, fractions as Decimal (the procedure knows which
            field is money, so whoever replays it turns yuan into fen)
    """

    action: str
    at: datetime
    actor: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExchangeParty:
    """A party of a record.

    personal  PERSONAL_FIELDS in clear; None where the value is known to have been erased. Never goes into the ledger
    extra     keys of the sender that have no meaning here; exported again
    """

    role: str
    kind: PartyKind
    name: str
    uscc: str | None = None
    personal: Mapping[str, str | None] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """One case of the exchange format.

    division   today's code: codes of the past are mapped to their successors
    ip_types   IpType values in the order given, none twice
    amounts    the keys that were given: MONEY_AMOUNTS in fen, COUNT_AMOUNTS as numbers, None = said to be unknown
    milestones in the order given, at least one
    extra      unknown top-level keys; fractions stand as {"$number": "0.5"}, for the ledger holds no floats
    given      top-level keys that were present, not null and not blank: a key that says nothing changes nothing
    lapses     faults that archive mode forgives
    """

    external_id: str
    procedure: str
    division: str
    ip_types: tuple[str, ...]
    milestones: tuple[ExchangeMilestone, ...]
    organ: str | None = None
    source: str | None = None
    channel: str | None = None
    title: str | None = None
    summary: str = ""
    campaigns: tuple[str, ...] = ()
    parties: tuple[ExchangeParty, ...] = ()
    rights: tuple[Right, ...] = ()
    goods: tuple[Goods, ...] = ()
    amounts: Mapping[str, int | None] = field(default_factory=dict)
    act_from: date | None = None
    act_to: date | None = None
    steps: tuple[ExchangeStep, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)
    given: frozenset[str] = field(default=frozenset(), compare=False)
    lapses: tuple[Lapse, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """One line of a file: a record, or why it is none. Exactly one of `record` and `error` is set.

    number       line number in the file, from 1; blank lines count but are not handed on
    external_id  as written, '' where it cannot be told
    """

    number: int
    external_id: str
    record: ExchangeRecord | None = None
    error: InputError | None = None
