"""Which check belongs to which kind of number, and to which kind of right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from caseapp.adapters.identifiers import bodies, contacts, patents, signs_and_works
from caseapp.adapters.identifiers.spelling import spelled
from caseapp.domain.errors import N_, Message
from caseapp.domain.facts import IpType
from caseapp.domain.identifiers import Identifier, IdentifierKind, IdentifierRefused


class _Check(Protocol):
    def __call__(self, text: str, *, field: str, on: date | None = None) -> Identifier: ...


_CHECKS: Mapping[IdentifierKind, _Check] = {
    IdentifierKind.USCC: bodies.unified_social_credit_code,
    IdentifierKind.RESIDENT_ID: bodies.resident_id,
    IdentifierKind.ORGANISATION_CODE: bodies.organisation_code,
    IdentifierKind.PATENT: patents.patent_number,
    IdentifierKind.PATENT_PUBLICATION: patents.patent_publication,
    IdentifierKind.TRADEMARK: signs_and_works.trademark,
    IdentifierKind.NICE_CLASS: signs_and_works.nice_class,
    IdentifierKind.COPYRIGHT: signs_and_works.work_registration,
    IdentifierKind.SOFTWARE: signs_and_works.software_registration,
    IdentifierKind.GI: signs_and_works.geographical_indication,
    IdentifierKind.PLANT_VARIETY: signs_and_works.plant_variety,
    IdentifierKind.MOBILE: contacts.mobile,
    IdentifierKind.LANDLINE: contacts.landline,
    IdentifierKind.PHONE: contacts.phone,
    IdentifierKind.EMAIL: contacts.email,
}

_PATENTS = frozenset({IpType.PATENT, IpType.PATENT_INVENTION, IpType.PATENT_UTILITY, IpType.PATENT_DESIGN})
_RIGHT_KINDS: Mapping[IpType, IdentifierKind] = {
    IpType.TRADEMARK: IdentifierKind.TRADEMARK,
    IpType.GI: IdentifierKind.GI,
    IpType.PLANT_VARIETY: IdentifierKind.PLANT_VARIETY,
}


def check(kind: IdentifierKind, text: str, *, field: str = "", on: date | None = None) -> Identifier:
    """Return the number normalised.

    field   where it was entered, for the refusal
    on      today: years and dates of birth inside the number may not lie after it; None = not compared
    raises  IdentifierRefused (an InputError) whose message names the rule that is broken
    """
    return _CHECKS[kind](text, field=field, on=on)


def check_right(ip_type: IpType, text: str, *, field: str = "", on: date | None = None) -> Identifier | None:
    """Return the number of a right of that kind, normalised; None for kinds that no register numbers.

    A patent or publication number must be of the kind that `ip_type` says; `patent` takes any. Copyright takes work and
    software registrations.
    raises  IdentifierRefused
    """
    if ip_type in _PATENTS:
        return _patent(ip_type, text, field=field, on=on)
    if ip_type is IpType.COPYRIGHT:
        software = any(sign in spelled(text, field=field, kind=IdentifierKind.COPYRIGHT) for sign in ("软著", "SR"))
        return check(IdentifierKind.SOFTWARE if software else IdentifierKind.COPYRIGHT, text, field=field, on=on)
    if ip_type in _RIGHT_KINDS:
        return check(_RIGHT_KINDS[ip_type], text, field=field, on=on)
    return None


def _patent(ip_type: IpType, text: str, *, field: str, on: date | None) -> Identifier:
    compact = spelled(text, field=field, kind=IdentifierKind.PATENT)
    published = compact.startswith("CN") and (compact[-1:].isalpha() or compact[-2:-1].isalpha()) and compact[-1] != "X"
    kind = IdentifierKind.PATENT_PUBLICATION if published else IdentifierKind.PATENT
    identifier = check(kind, text, field=field, on=on)
    if ip_type is not IpType.PATENT and identifier.ip_type is not ip_type:
        raise IdentifierRefused(field, kind, Message(N_("号码显示的专利种类与所选的权利类型不一致")))
    return identifier
