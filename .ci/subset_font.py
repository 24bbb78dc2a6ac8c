"""Makes NotoSerifSC-Regular-gb2312.ttf from the GBK face: the characters of the bold face, which official papers need
daily.

A PDF printer reads a whole face for every document that uses it; with a third of the glyphs a page is printed faster.
Run once when a face changes: `.venv/bin/python .ci/subset_font.py`.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "caseapp" / "static" / "fonts"


def main() -> None:
    with TTFont(FONTS / "NotoSerifSC-Bold-gb2312.ttf", lazy=True) as bold:
        wanted = set(bold.getBestCmap())
    # The file keeps its own date, so that the same faces give the same bytes.
    regular = TTFont(FONTS / "NotoSerifSC-Regular-gbk.ttf", recalcTimestamp=False)
    options = subset.Options(hinting=False, notdef_outline=True)
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(regular)
    target = FONTS / "NotoSerifSC-Regular-gb2312.ttf"
    regular.save(target)
    print(f"{target.name}: {target.stat().st_size // 1024} KiB, {len(regular.getGlyphOrder())} glyphs")


if __name__ == "__main__":
    main()
