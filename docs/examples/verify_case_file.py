"""Checks a bound case file without the system: python verify_case_file.py PACKAGE.zip [PUBLIC_KEY_HEX]

Needs Python's standard library and `cryptography`. PACKAGE is what the page of a case gives out: main.pdf, side.pdf,
manifest.json and signature.json. Without a key the signature is only checked against the key it names itself: compare
that key with the one the office has published. Status 0: everything fits; 1: something does not; 2: wrong use.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def problems(package: zipfile.ZipFile, trusted: str = "") -> list[str]:
    """Return everything that does not fit."""
    found = []
    manifest = package.read("manifest.json")
    told = json.loads(manifest)
    for volume in told["volumes"]:
        if f"sha256:{hashlib.sha256(package.read(volume['volume'] + '.pdf')).hexdigest()}" != volume["sha256"]:
            found.append(f"{volume['volume']}.pdf is not the volume that was listed")
        pages = 0
        for item in volume["items"]:
            if item["pages"][0] != pages + 1:
                found.append(f"{volume['volume']}: the pages of {item['title']} do not follow")
            pages = item["pages"][1]
        if pages != volume["pages"]:
            found.append(f"{volume['volume']}: the list does not cover every page")
    signature = json.loads(package.read("signature.json"))
    if not signature:
        return [*found, "the file is not sealed"]
    if trusted and signature["public_key"] != trusted:
        found.append("signed with another key than the trusted one")
    if signature["algorithm"] != "ed25519":
        return [*found, f"unknown algorithm {signature['algorithm']}"]
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
        key.verify(bytes.fromhex(signature["signature"]), manifest)
    except (InvalidSignature, ValueError):
        found.append("the signature does not fit the list")
    return found


def main(words: list[str]) -> int:
    if len(words) not in (1, 2):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    with zipfile.ZipFile(words[0]) as package:
        found = problems(package, words[1] if len(words) == 2 else "")
    for line in found:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write("broken\n" if found else "everything fits\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
