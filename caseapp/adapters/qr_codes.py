"""QR codes as pictures that a page shows without inline code."""

from __future__ import annotations

import io

import segno

SCALE = 5
QUIET_ZONE = 4


def qr_svg(text: str) -> bytes:
    """Return the text as an SVG file, black on white, error correction M."""
    picture = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(picture, kind="svg", scale=SCALE, border=QUIET_ZONE, dark="#000", light="#fff", svgclass=None)
    return picture.getvalue()
