"""The liaison's room: which terms bind both sides of a handoff, and whom to ask. Nothing here tells of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from caseapp.context import Context
from caseapp.domain.organs import ENFORCEMENT_KINDS, OrganKind, OrganLevel, OrganRecord
from caseapp.domain.workflow.definition import Text
from caseapp.queries.clock_book import VersionLine, version_line
from caseapp.queries.law_book import RuleName
from caseapp.queries.organ_tree import OrganContact, contacts_of


class Side(StrEnum):
    """Whom a term binds."""

    ADMINISTRATION = "administration"
    """The organ that handles the administrative case."""
    POLICE = "police"
    COURT = "court"


_TRANSFER: Final[Mapping[str, Side]] = {
    "T04": Side.ADMINISTRATION,
    "T05": Side.ADMINISTRATION,
    "T07": Side.POLICE,
    "T08": Side.POLICE,
    "T15": Side.ADMINISTRATION,
    "T09": Side.ADMINISTRATION,
    "T10": Side.POLICE,
    "T11": Side.ADMINISTRATION,
}
"""Whom each term of 行政执法机关移送涉嫌犯罪案件的规定 addresses, in the order in which they run."""
_ENFORCEMENT: Final[Mapping[str, Side]] = {
    "P18": Side.ADMINISTRATION,
    "P19a": Side.COURT,
    "P19b": Side.COURT,
    "P19c": Side.COURT,
    "C03": Side.ADMINISTRATION,
    "C05": Side.COURT,
    "C04": Side.ADMINISTRATION,
    "C06": Side.COURT,
    "C02": Side.COURT,
    "C07": Side.ADMINISTRATION,
    "C10": Side.COURT,
}
"""The same for enforcement by the court (行政强制法 ch. 5), for agreements that it confirms (民事诉讼法) and for suits against
our decisions (行政诉讼法).
"""
_DUTIES: Final = ("T02", "T06", "T12", "T13", "T16", "T17")
"""Rules of the handoff that bind without a number of days."""

_TERMS: Final[Mapping[OrganKind, Mapping[str, Side]]] = {
    OrganKind.POLICE: _TRANSFER,
    OrganKind.PROCURATORATE: _TRANSFER,
    OrganKind.COURT: _ENFORCEMENT,
}
_OWN_SIDE: Final[Mapping[OrganKind, Side]] = {OrganKind.POLICE: Side.POLICE, OrganKind.COURT: Side.COURT}


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term. own: it binds the reader's organ."""

    id: str
    name: Text
    side: Side
    own: bool
    version: VersionLine


@dataclass(frozen=True, slots=True)
class ContactLine:
    """An organ to be asked, and how it is reached."""

    id: str
    name: Text
    kind: OrganKind
    contact: OrganContact


@dataclass(frozen=True, slots=True)
class LiaisonDesk:
    """What a liaison sees."""

    organ: OrganRecord
    terms: tuple[TermLine, ...]
    duties: tuple[RuleName, ...]
    contacts: tuple[ContactLine, ...]


def liaison_desk(ctx: Context) -> LiaisonDesk:
    """Return the room of the actor's organ. raises NotFound where the organ is unknown"""
    organ = ctx.law.organs.get(ctx.actor.organ)
    return LiaisonDesk(
        organ=organ,
        terms=_terms(ctx, organ.kind),
        duties=_duties(ctx, organ.kind),
        contacts=_contacts(ctx, organ),
    )


def _terms(ctx: Context, kind: OrganKind) -> tuple[TermLine, ...]:
    today = ctx.today()
    found = []
    for rule_id, side in _TERMS.get(kind, _TRANSFER).items():
        rule = ctx.law.rules.find(rule_id, today)
        if rule is not None:
            name = Text(rule.name["zh"], rule.name["en"])
            found.append(TermLine(rule_id, name, side, _OWN_SIDE.get(kind) is side, version_line(ctx, rule, today)))
    return tuple(found)


def _duties(ctx: Context, kind: OrganKind) -> tuple[RuleName, ...]:
    if kind is OrganKind.COURT:
        return ()
    named = ctx.law.rules.no_clock
    return tuple(RuleName(item, Text(named[item]["zh"], named[item]["en"])) for item in _DUTIES if item in named)


def _contacts(ctx: Context, organ: OrganRecord) -> tuple[ContactLine, ...]:
    """Return the enforcing organs that may send to this one: those of its division, and of the city above it."""
    divisions, today = ctx.law.divisions, ctx.today()
    found = [
        record
        for record in ctx.law.organs
        if record.kind in ENFORCEMENT_KINDS
        and record.in_force(today)
        and record.level is not OrganLevel.PROVINCE
        and (divisions.within(record.division, organ.division) or divisions.within(organ.division, record.division))
    ]
    found.sort(key=lambda record: record.division != organ.division)
    contacts = contacts_of(ctx, [record.id for record in found])
    return tuple(
        ContactLine(
            record.id, Text(record.name_zh, record.name_en), record.kind, contacts.get(record.id, OrganContact())
        )
        for record in found
    )
