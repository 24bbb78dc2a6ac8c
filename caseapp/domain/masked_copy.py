"""The masked copy of a decision for publication (市场监督管理行政处罚信息公示规定 art 6; LAW.md §10).

It is made from the frozen facts of the decision, never from its printed text. The rule finds what must be hidden:
names, identity numbers, telephones and addresses of natural persons wherever they stand, and numbers of that shape in
running text. People may hide more; what the rule hides they may only show with a ground, which is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caseapp.domain.masking import MaskedKind, mask

Facts = Mapping[str, Any]

HIDDEN = "***"
UNTOUCHED = frozenset({"organ", "remedies", "payment", "number", "notice", "rights", "issued_on", "demo", "officers"})
"""Parts of the facts that speak of the organ and the register, not of persons."""

_PATTERNS = (
    (MaskedKind.ID_NUMBER, re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")),
    (MaskedKind.BANK_ACCOUNT, re.compile(r"(?<![0-9])[0-9]{16,17}(?![0-9])|(?<![0-9])[0-9]{19}(?![0-9])")),
    (MaskedKind.PHONE, re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|(?<![0-9])0[0-9]{2,3}-[0-9]{7,8}(?![0-9])")),
    (MaskedKind.EMAIL, re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")),
)
_OF_PERSON = (
    ("name", MaskedKind.PERSON_NAME),
    ("id_number", MaskedKind.ID_NUMBER),
    ("phone", MaskedKind.PHONE),
    ("address", MaskedKind.ADDRESS),
    ("email", MaskedKind.EMAIL),
)
_OF_ORGANISATION = (
    ("legal_representative", MaskedKind.PERSON_NAME),
    ("id_number", MaskedKind.ID_NUMBER),
    ("phone", MaskedKind.PHONE),
    ("email", MaskedKind.EMAIL),
)
"""Name, code and seat of an organisation are public (企业信息公示暂行条例)."""


@dataclass(frozen=True, slots=True)
class Mask:
    """One thing that the rule hides. `key` names it in forms."""

    key: str
    kind: MaskedKind
    original: str
    shown: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the decision before and after. `path` says where it stands."""

    path: str
    before: str
    after: str


def masks_of(facts: Facts) -> tuple[Mask, ...]:
    """Return what the rule hides, each value once: the parties' own values first, then what running text betrays."""
    found: dict[str, MaskedKind] = {}
    for party in facts.get("parties", ()):
        if not isinstance(party, Mapping):
            continue
        for key, kind in _OF_PERSON if party.get("kind") == "person" else _OF_ORGANISATION:
            value = party.get(key)
            if isinstance(value, str) and value.strip():
                found.setdefault(value.strip(), kind)
    for _, text in _texts(facts):
        for kind, pattern in _PATTERNS:
            for match in pattern.finditer(text):
                found.setdefault(match[0], kind)
    masks = [(original, kind, mask(kind, original)) for original, kind in found.items()]
    return tuple(
        Mask(f"m{number}", kind, original, shown)
        for number, (original, kind, shown) in enumerate(masks, start=1)
        if shown != original
    )


def masked(facts: Facts, masks: Sequence[Mask], extra: Sequence[str]) -> dict[str, Any]:
    """Return the facts with every mask applied wherever its value stands, and the extra passages hidden.

    masks  those that apply: what is shown with a ground has been left out
    extra  passages to hide, as they stand in the decision
    """
    swaps = {item.original: item.shown for item in masks}
    swaps.update({passage: HIDDEN for passage in extra if passage})
    pattern = re.compile("|".join(re.escape(text) for text in sorted(swaps, key=len, reverse=True))) if swaps else None

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(lambda match: swaps[match[0]], value) if pattern else value
        if isinstance(value, Mapping):
            return {key: hide(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [hide(item) for item in value]
        return value

    return {key: value if key in UNTOUCHED else hide(value) for key, value in facts.items()}


def passages(before: Facts, after: Facts) -> tuple[Passage, ...]:
    """Return the texts side by side, those that differ first."""
    told = dict(_texts(after))
    both = [Passage(path, text, told.get(path, "")) for path, text in _texts(before)]
    return tuple(sorted(both, key=lambda item: item.before == item.after))


def not_found(facts: Facts, extra: Sequence[str]) -> tuple[str, ...]:
    """Return the passages that stand nowhere in the decision: nothing would be hidden by them."""
    every = [text for _, text in _texts(facts)]
    return tuple(passage for passage in extra if not any(passage in text for text in every))


def _texts(facts: Facts) -> Iterator[tuple[str, str]]:
    for key, value in facts.items():
        if key not in UNTOUCHED:
            yield from _inside(value, key)


def _inside(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _inside(item, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _inside(item, f"{path}.{index}")
