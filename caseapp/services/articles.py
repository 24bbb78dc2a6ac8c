"""Articles of law as people type them: one a line, 《law》 article."""

from __future__ import annotations

import re
from typing import Any

from caseapp.domain.events import Json

_ARTICLE = re.compile(r"^《?(?P<law>[^》]+?)》?\s*(?P<article>第.+)$")


def articles_of(text: Json) -> list[dict[str, Any]]:
    """Return law and article of every line; a line without an article is a law alone."""
    found: list[dict[str, Any]] = []
    for line in str(text or "").splitlines():
        match = _ARTICLE.match(line.strip())
        if match:
            found.append({"law": match["law"].strip(), "article": match["article"].strip()})
        elif line.strip():
            found.append({"law": line.strip().strip("《》"), "article": None})
    return found
