"""The agencies that work on a case, from the province down to stations in the markets (四级联动)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from caseapp.domain.divisions import DivisionTable
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.numbering import STANDARD_STYLE, NumberStyle

_ID = re.compile(r"[0-9]{6}-[a-z][a-z0-9-]*")
_DOCUMENT_WORD = re.compile(r"[\u3400-\u9fff]{1,8}")


class OrganLevel(StrEnum):
    """How high an organ stands; the order of the members is the order of rank."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    PARK = "park"
    """A development zone: below the city, beside the counties."""
    STATION = "station"
    """A work station in a town or market."""


_RANK = {
    OrganLevel.PROVINCE: 0,
    OrganLevel.CITY: 1,
    OrganLevel.COUNTY: 2,
    OrganLevel.PARK: 2,
    OrganLevel.STATION: 3,
}


class OrganKind(StrEnum):
    """What an organ is for."""

    IP_AUTHORITY = "ip_authority"
    MARKET_REGULATION = "market_regulation"
    COPYRIGHT_ENFORCEMENT = "copyright_enforcement"
    CUSTOMS = "customs"
    POLICE = "police"
    PROCURATORATE = "procuratorate"
    COURT = "court"
    JUDICIAL_ADMINISTRATION = "judicial_administration"
    """司法行政机关: people's mediation, legal aid, notaries; no part of the police, the procuratorate or a court."""
    MEDIATION_BODY = "mediation_body"
    FAST_RIGHTS_CENTRE = "fast_rights_centre"
    RIGHTS_AID = "rights_aid"
    """维权援助: the aid centre and its stations."""


ENFORCEMENT_KINDS = frozenset({OrganKind.IP_AUTHORITY, OrganKind.MARKET_REGULATION, OrganKind.COPYRIGHT_ENFORCEMENT})
"""Kinds that file and decide penalty cases of their own."""
JUDICIAL_KINDS = frozenset({OrganKind.POLICE, OrganKind.PROCURATORATE, OrganKind.COURT})
"""Kinds whose people are liaisons here: they see what was sent to them."""


@dataclass(frozen=True, slots=True)
class OrganRecord:
    """One agency.

    id             division and role, e.g. 320612-ip; never reused
    parent         id of the organ above it, None at the top
    document_word  机关代字 before its document numbers; None where it issues none here
    number_style   how it writes serials
    valid_from, valid_to  first and last day of its life; None = open
    """

    id: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    level: OrganLevel
    kind: OrganKind
    division: str
    parent: str | None = None
    document_word: str | None = None
    number_style: NumberStyle = STANDARD_STYLE
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    @property
    def name(self) -> Mapping[str, str]:
        """Return the full names by language."""
        return {"zh": self.name_zh, "en": self.name_en}

    @property
    def short(self) -> Mapping[str, str]:
        """Return the short names by language."""
        return {"zh": self.short_zh, "en": self.short_en}

    def in_force(self, on: date) -> bool:
        """Say whether the organ existed on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class OrganTable:
    """All organs, in the order of the file; a checked tree."""

    records: tuple[OrganRecord, ...]
    _by_id: Mapping[str, OrganRecord] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {record.id: record for record in self.records})

    def __iter__(self) -> Iterator[OrganRecord]:
        return iter(self.records)

    def __contains__(self, organ_id: object) -> bool:
        return organ_id in self._by_id

    def get(self, organ_id: str) -> OrganRecord:
        """Return one organ; raise NotFound when there is none of that id."""
        record = self._by_id.get(organ_id)
        if record is None:
            raise NotFound(Message(N_("没有编号为 %(organ)s 的机关"), {"organ": organ_id}))
        return record

    def children(self, organ_id: str) -> tuple[OrganRecord, ...]:
        """Return the organs directly below one."""
        return tuple(record for record in self.records if record.parent == organ_id)

    def with_below(self, organ_id: str) -> tuple[OrganRecord, ...]:
        """Return an organ and everything below it: the scope of sight 'below'."""
        found = [self.get(organ_id)]
        for record in found:
            found.extend(self.children(record.id))
        return tuple(found)

    def upward(self, organ_id: str) -> tuple[str, ...]:
        """Return the id of an organ and of every organ above it, from below to the top; just the id where it is
        unknown.
        """
        found = [organ_id]
        record = self._by_id.get(organ_id)
        while record is not None and record.parent is not None:
            found.append(record.parent)
            record = self._by_id.get(record.parent)
        return tuple(found)

    def is_below(self, organ_id: str, superior: str) -> bool:
        """Say whether an organ stands anywhere below another (not: is the same)."""
        above = self.get(organ_id).parent
        while above is not None:
            if above == superior:
                return True
            above = self.get(above).parent
        return False

    def of(self, kind: OrganKind, division: str) -> OrganRecord | None:
        """Return the organ of a kind that sits in a division, None where there is none: the addressee of a referral."""
        return next((item for item in self.records if item.kind is kind and item.division == division), None)

    def document_words(self) -> tuple[str, ...]:
        """Return every 机关代字, for reading numbers that people type."""
        return tuple(record.document_word for record in self.records if record.document_word)


def organ_problems(records: Iterable[OrganRecord], divisions: DivisionTable) -> list[tuple[str, str]]:
    """Return what is wrong with a list of organs as (place, problem).

    Checked: ids; parents that exist, rank no lower and never run in a circle; divisions that the table knows and the
    parent's contains; and that no two organs share a 机关代字 (they would number their documents in one series).
    """
    problems: list[tuple[str, str]] = []
    by_id: dict[str, OrganRecord] = {}
    words: dict[str, str] = {}
    for record in records:
        place = f"organs/{record.id}"
        if record.id in by_id:
            problems.append((place, "the id is listed twice"))
        by_id[record.id] = record
        problems.extend((place, problem) for problem in _own_problems(record, divisions))
        if record.document_word is not None:
            owner = words.setdefault(record.document_word, record.id)
            if owner != record.id:
                problems.append((f"{place}/document_word", f"{record.document_word} belongs to {owner} already"))
    for record in by_id.values():
        if record.parent is not None:
            place = f"organs/{record.id}/parent"
            problems.extend((place, problem) for problem in _parent_problems(record, by_id, divisions))
    return problems


def _own_problems(record: OrganRecord, divisions: DivisionTable) -> Iterator[str]:
    if not _ID.fullmatch(record.id):
        yield "an id is a division code, a hyphen and a word, e.g. 320612-ip"
    elif not record.id.startswith(record.division):
        yield f"the id does not begin with its division {record.division}"
    if not divisions.is_well_formed(record.division):
        yield f"{record.division} is no division"
    elif divisions.is_nantong(record.division) and record.division not in divisions.divisions:
        yield f"division {record.division} of the home city is not in the table of divisions"
    if record.document_word is not None and not _DOCUMENT_WORD.fullmatch(record.document_word):
        yield "a 机关代字 is one to eight Chinese characters"
    if record.valid_from and record.valid_to and record.valid_to < record.valid_from:
        yield "it ends before it begins"


def _parent_problems(record: OrganRecord, by_id: Mapping[str, OrganRecord], divisions: DivisionTable) -> Iterator[str]:
    parent = by_id.get(record.parent or "")
    if parent is None:
        yield f"parent {record.parent} does not exist"
        return
    if _RANK[parent.level] > _RANK[record.level]:
        yield f"parent {parent.id} ({parent.level}) stands below a {record.level}"
    if _runs_in_a_circle(record, by_id):
        yield "the parents run in a circle"
    known = divisions.is_well_formed(record.division) and divisions.is_well_formed(parent.division)
    if known and not divisions.within(record.division, parent.division):
        yield f"{record.division} does not lie in {parent.division} of its parent"


def _runs_in_a_circle(start: OrganRecord, by_id: Mapping[str, OrganRecord]) -> bool:
    seen: set[str] = set()
    record: OrganRecord | None = start
    while record is not None:
        if record.id in seen:
            return True
        seen.add(record.id)
        record = by_id.get(record.parent) if record.parent else None
    return False
