"""Keys with which organs sign packages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

ALGORITHM = "ed25519"


@dataclass(frozen=True, slots=True)
class OrganKey:
    """A public key of an organ.

    key         its short name, as `key_name` gives it
    public_key  32 bytes, hex
    made_at     instant, ISO 8601: made here, or taken over from the other organ
    revoked_at  instant from which on nothing signed with it is taken any more, '' = it is good
    own         whether the private key is kept here
    """

    organ: str
    key: str
    public_key: str
    made_at: str
    own: bool
    algorithm: str = ALGORITHM
    revoked_at: str = ""
    revoked_reason: str = ""

    @property
    def fingerprint(self) -> str:
        """Return what two people compare by telephone: the SHA-256 of the key in groups of four digits."""
        digits = hashlib.sha256(bytes.fromhex(self.public_key)).hexdigest()
        return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))

    @property
    def good(self) -> bool:
        """Return whether it may sign, and what it signed is taken."""
        return not self.revoked_at


def key_name(public_key: str) -> str:
    """Return the short name of a public key (hex). raises ValueError where it is none"""
    content = bytes.fromhex(public_key)
    if len(content) != 32:
        raise ValueError(public_key)
    return f"{ALGORITHM}-{hashlib.sha256(content).hexdigest()[:16]}"


def told(key: OrganKey) -> dict[str, object]:
    """Return a key as files and commands write it."""
    found: dict[str, object] = {
        "organ": key.organ,
        "key": key.key,
        "algorithm": key.algorithm,
        "public_key": key.public_key,
        "fingerprint": f"sha256:{hashlib.sha256(bytes.fromhex(key.public_key)).hexdigest()}",
        "made_at": key.made_at,
    }
    if key.revoked_at:
        found.update(revoked_at=key.revoked_at, revoked_reason=key.revoked_reason)
    return found
