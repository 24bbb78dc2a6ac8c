"""Packages as bytes: sealed here, checked by the same file that outsiders use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from caseapp.adapters import package_verifier
from caseapp.domain.packages.keys import OrganKey
from caseapp.domain.packages.parcel import Fault, Parcel


class SealedPackages:
    """The `PackageSeals` port on `package_verifier`."""

    def seal(
        self, manifest: Mapping[str, Any], items: Mapping[str, bytes], key: OrganKey, sign: Callable[[bytes], bytes]
    ) -> bytes:
        listed = [
            {
                "name": name,
                "media": _MEDIA.get(name.rpartition(".")[2], "application/octet-stream"),
                "size": len(content),
                "sha256": f"sha256:{hashlib.sha256(content).hexdigest()}",
            }
            for name, content in sorted(items.items())
        ]
        told = {
            "format": package_verifier.FORMAT,
            "algorithms": package_verifier.ALGORITHMS,
            "key": key.key,
            "items": listed,
            **manifest,
        }
        text = package_verifier.canonical(told)
        signature = {
            "algorithm": key.algorithm,
            "organ": key.organ,
            "key": key.key,
            "public_key": key.public_key,
            "signature": sign(text).hex(),
            "manifest": f"sha256:{hashlib.sha256(text).hexdigest()}",
        }
        return package_verifier.build(text, package_verifier.canonical(signature), items)

    def check(self, content: bytes, keys: Iterable[OrganKey], receivers: Iterable[str] | None = None) -> Parcel:
        found = package_verifier.check(content, [asdict(key) for key in keys], receivers=receivers)
        return Parcel(
            faults=tuple(Fault(one.code, one.item, *package_verifier.PROBLEMS[one.code]) for one in found.problems),
            manifest=found.manifest,
            items=found.items,
            digest=found.manifest_sha256,
        )

    def verifier(self) -> bytes:
        return Path(package_verifier.__file__).read_bytes()

    def keys_of(self, document: object) -> tuple[Mapping[str, Any], ...]:
        return tuple(package_verifier.keys_of(document))


_MEDIA = {
    "json": "application/json",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain",
}
