"""Identity numbers and telephones as they are compared when somebody looks for a person by one.

A number is found only whole and exact. How it was typed does not matter: full-width forms, blanks, hyphens and brackets
in it, small letters, the country code before a mobile telephone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from caseapp.domain.masking import MaskedKind, mask

PURPOSE: Mapping[str, str] = {"id_number": "personal:id_number", "phone": "personal:phone"}
"""Personal fields that are looked up -> for what their fingerprints are made."""

_BETWEEN = re.compile(r"[\s()\[\]\-‐-―−·.]+")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1[0-9]{10}$)")
_NUMBER = re.compile(r"[0-9]{7,30}|[0-9]{14,17}X|[A-Z][0-9]{6,10}|[A-Z]{2}[0-9]{7}")
"""Telephones with or without area code; resident identity numbers; passports and travel permits."""
_LONGEST_TELEPHONE = 12
_OF_A_PERSON = re.compile(r"[0-9]{17}[0-9X]|1[0-9]{10}|0[0-9]{9,11}|[A-Z][0-9]{6,10}|[A-Z]{2}[0-9]{7}")


def comparable(field: str, value: str) -> str | None:
    """Return a stored value as it is compared; None where the field is not looked up or the value is no number."""
    if field not in PURPOSE:
        return None
    plain = _plain(value)
    return plain if _NUMBER.fullmatch(plain) else None


def number_asked(text: str) -> str | None:
    """Return the number that a question as a whole is, None where it is something else."""
    plain = _plain(text)
    return plain if _NUMBER.fullmatch(plain) else None


def tells_of_a_person(text: str) -> bool:
    """Return whether a text as a whole looks like an identity number or a telephone, however it is written."""
    return _OF_A_PERSON.fullmatch(_plain(text)) is not None


def mask_number(text: str) -> str:
    """Return a number as it may be kept and shown, without what stood between its digits."""
    plain = _plain(text)
    return mask(MaskedKind.ID_NUMBER if len(plain) > _LONGEST_TELEPHONE else MaskedKind.PHONE, plain)


def _plain(text: str) -> str:
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    return _COUNTRY.sub("", bare)
