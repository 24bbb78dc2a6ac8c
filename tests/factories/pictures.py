"""Small pictures, byte by byte."""

from __future__ import annotations

import struct
import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one piece of a PNG with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 120, height: int = 40, *, ink: bool = True) -> bytes:
    """Return a transparent pad, with a stroke across it where `ink`."""
    rows = b""
    for line in range(height):
        row = bytearray(width * 4)
        if ink and line == height // 2:
            for place in range(width // 4, width // 2):
                row[place * 4 : place * 4 + 4] = b"\x10\x18\x28\xff"
        rows += b"\0" + bytes(row)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
