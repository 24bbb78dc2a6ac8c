"""Names in letters, by pypinyin: every reading of every character, for names are often read otherwise than words."""

from __future__ import annotations

import os


class PinyinReadings:
    """The `NameReadings` port. The dictionaries are loaded when a name is first asked for: few processes ever ask."""

    def readings(self, name: str) -> tuple[tuple[str, ...], ...]:
        os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # the library's own switch: phrases take 45 MB
        from pypinyin import Style, pinyin

        return tuple(
            tuple(dict.fromkeys(found))
            for sign in name
            for found in pinyin(sign, style=Style.NORMAL, heteronym=True, errors="ignore")
        )
