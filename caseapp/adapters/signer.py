"""The installation's own Ed25519 key, kept in a file that only its owner can read."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


class FileSigner:
    """The `Signer` port on a PEM file; the key is made at first use."""

    algorithm = "ed25519"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loaded: Ed25519PrivateKey | None = None

    def _key(self) -> Ed25519PrivateKey:
        if self._loaded is None:
            if not self._path.exists():
                self._make()
            from_file = _private_key(self._path.read_bytes())
            self._loaded = from_file
        return self._loaded

    def _make(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)

    def sign(self, message: bytes) -> bytes:
        return self._key().sign(message)

    def verify(self, message: bytes, signature: bytes, public_key: str = "") -> bool:
        keys = (public_key,) if public_key else self.public_keys()
        return any(_is_of(key, message, signature) for key in keys)

    def public_key(self) -> str:
        return self._key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def public_keys(self) -> tuple[str, ...]:
        earlier = sorted(path.stem for path in (self._path.parent / "anchors").glob("*.pub"))
        return tuple(dict.fromkeys((self.public_key(), *earlier)))


def _is_of(public_key: str, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private_key(pem: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the anchor key must be Ed25519")
    return key
