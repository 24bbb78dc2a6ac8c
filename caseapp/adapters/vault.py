"""Sealing with AES-256-GCM, fingerprints with HMAC-SHA256; the key is in a file that only its owner can read, or comes
from the configuration.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caseapp.adapters.secret_files import kept_secret
from caseapp.domain.errors import N_, ExternalError, Message

ALGORITHM = "aes-256-gcm"
FINGERPRINT = "hmac-sha256"
KEY_BYTES = 32
NONCE_BYTES = 12


class KeyVault:
    """The `Vault` port. A sealed text is '<algorithm>:<base64 of nonce and ciphertext>'.

    given   32 bytes in base64, or '': then the key in the file is used, which is made at first use
    """

    def __init__(self, path: Path, given: str = "") -> None:
        self._path = path
        self._given = given
        self._secret: bytes | None = None
        self._cipher: AESGCM | None = None

    def seal(self, secret: bytes, *, purpose: str) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._sealing().encrypt(nonce, secret, purpose.encode())
        return f"{ALGORITHM}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, purpose: str) -> bytes:
        algorithm, _, text = sealed.partition(":")
        try:
            if algorithm != ALGORITHM:
                raise ValueError(algorithm)
            kept = base64.b64decode(text, validate=True)
            return self._sealing().decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], purpose.encode())
        except (ValueError, InvalidTag) as wrong:
            raise ExternalError(Message(N_("加密内容不能打开：密钥不符或者内容被改动"))) from wrong

    def fingerprint(self, text: str, *, purpose: str) -> str:
        # A key of its own for each purpose: no fingerprint says anything about one made for something else.
        key = hmac.digest(self._key(), f"fingerprint:{purpose}".encode(), "sha256")
        return f"{FINGERPRINT}:{hmac.digest(key, text.encode(), 'sha256').hex()}"

    def _sealing(self) -> AESGCM:
        if self._cipher is None:
            self._cipher = AESGCM(self._key())
        return self._cipher

    def _key(self) -> bytes:
        if self._secret is None:
            self._secret = base64.b64decode(self._given) if self._given else self._from_file()
        return self._secret

    def _from_file(self) -> bytes:
        return base64.b64decode(kept_secret(self._path, lambda: base64.b64encode(secrets.token_bytes(KEY_BYTES))))
