"""Files named by the hash of their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from caseapp.domain.errors import N_, ExternalError, Message


class ContentStore:
    """The `FileStore` port on a folder: <first two digits>/<sha256>. Written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ExternalError(Message(N_("文件标识无效")))
        return self._folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return sha256

    def get(self, sha256: str) -> bytes:
        try:
            content = self._path(sha256).read_bytes()
        except OSError as error:
            raise ExternalError(Message(N_("文件已缺失，请联系系统管理员"))) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ExternalError(Message(N_("文件内容与其校验值不符，请联系审计管理员")))
        return content
