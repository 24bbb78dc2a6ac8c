"""The keys of organs, kept in files: private ones that only their owner can read, public ones as JSON beside them."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from caseapp.domain.errors import N_, ExternalError, Message
from caseapp.domain.packages.keys import OrganKey, key_name, told


class FileKeyRing:
    """The `KeyRing` port on a folder: organs/<key>.pem (0600) and organs/<key>.json are this installation's own,
    trusted/<key>.json those of others.
    """

    def __init__(self, folder: Path) -> None:
        self._own = folder / "organs"
        self._trusted = folder / "trusted"

    def own(self) -> tuple[OrganKey, ...]:
        return _keys(self._own, own=True)

    def trusted(self) -> tuple[OrganKey, ...]:
        return _keys(self._trusted, own=False)

    def make(self, organ: str, *, at: str) -> OrganKey:
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        made = OrganKey(organ, key_name(public), public, at, own=True)
        self._own.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        handle = os.open(self._own / f"{made.key}.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        _write(self._own, made)
        return made

    def sign(self, key: str, message: bytes) -> bytes:
        if key not in {known.key for known in self.own()}:
            raise ExternalError(Message(N_("没有这把密钥")))
        try:
            private = load_pem_private_key((self._own / f"{key}.pem").read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise ExternalError(Message(N_("私钥文件不能读取，请联系系统管理员"))) from error
        assert isinstance(private, Ed25519PrivateKey)
        return private.sign(message)

    def is_signed(self, public_key: str, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def trust(self, key: OrganKey) -> None:
        self._trusted.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(self._trusted, replace(key, own=False))

    def revoke(self, key: str, *, at: str, reason: str) -> OrganKey:
        for folder, keys in ((self._own, self.own()), (self._trusted, self.trusted())):
            for known in keys:
                if known.key == key:
                    gone = replace(known, revoked_at=known.revoked_at or at, revoked_reason=reason)
                    _write(folder, gone)
                    return gone
        raise ExternalError(Message(N_("没有这把密钥")))


def _keys(folder: Path, *, own: bool) -> tuple[OrganKey, ...]:
    found = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        document = json.loads(path.read_text(encoding="utf-8"))
        found.append(
            OrganKey(
                organ=document["organ"],
                key=document["key"],
                public_key=document["public_key"],
                made_at=document["made_at"],
                own=own,
                revoked_at=document.get("revoked_at", ""),
                revoked_reason=document.get("revoked_reason", ""),
            )
        )
    return tuple(sorted(found, key=lambda key: (key.organ, key.made_at, key.key)))


def _write(folder: Path, key: OrganKey) -> None:
    path = folder / f"{key.key}.json"
    made = path.with_suffix(f".{os.getpid()}")
    made.write_text(json.dumps(told(key), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    made.replace(path)  # whoever reads meanwhile sees the old file or the new one
