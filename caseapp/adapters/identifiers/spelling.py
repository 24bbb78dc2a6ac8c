"""What people type, brought to one spelling before a rule looks at it."""

from __future__ import annotations

import re
import unicodedata

from caseapp.domain.errors import N_, Message
from caseapp.domain.identifiers import IdentifierKind, IdentifierRefused

LONGEST = 200
"""No identifier, not even a name of a geographical indication, is longer; longer input is refused unread."""

_DASHES = re.compile(r"[‐‑‒–—―−﹣－]")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]")


def spelled(text: str, *, field: str, kind: IdentifierKind) -> str:
    """Return the text in half-width capitals, without spaces or invisible characters, every dash as '-'.

    raises  IdentifierRefused when nothing is left or it is too long to be an identifier
    """
    if len(text) > LONGEST:
        raise IdentifierRefused(field, kind, Message(N_("内容过长，最多 %(longest)s 个字符"), {"longest": LONGEST}))
    compact = _INVISIBLE.sub("", _DASHES.sub("-", unicodedata.normalize("NFKC", text))).upper()
    if not compact:
        raise IdentifierRefused(field, kind, Message(N_("请填写号码")))
    return compact
