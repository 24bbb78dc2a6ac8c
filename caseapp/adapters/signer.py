"""The installation's own Ed25519 key, kept in a file that only its owner can read."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from caseapp.adapters.secret_files import kept_secret


class FileSigner:
    """The `Signer` port on a PEM file; the key is made at first use."""

    algorithm = "ed25519"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loaded: Ed25519PrivateKey | None = None

    def _key(self) -> Ed25519PrivateKey:
        if self._loaded is None:
            self._loaded = _private_key(kept_secret(self._path, _new_key))
        return self._loaded

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


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


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
