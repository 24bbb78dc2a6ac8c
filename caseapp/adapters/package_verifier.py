#!/usr/bin/env python3
"""Checks a package of a referral (移送数据包) without the system that made it. One file, Python 3.11, nothing else.

    python3 package_verifier.py PACKAGE.zip --trust KEYS [--trust KEYS …] [--receiver ORGAN] [--json]

KEYS is a file (or a folder of files) of public keys as `flask keys export` or `flask keys list --json` writes it. Exit
status: 0 sound, 1 something is wrong (each problem is named), 2 wrong use or unreadable input.

A package is a ZIP file with stored (not compressed) members in a fixed order and with fixed dates:

manifest.json    canonical JSON: format, kind, package, matter, sender, receiver, sequence, previous, key, made_at,
                 algorithms, items [{name, media, size, sha256}]
signature.json   algorithm, organ, key, public_key, signature (Ed25519 over the bytes of manifest.json, hex), manifest
step.json and the other items of the manifest, sorted by name

Nothing else may be in the file: the bytes of the whole are those that `build` makes of manifest, signature and items.
The system that sends and receives packages checks them with this same file.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import stat
import struct
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = "huhang-package-1"
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
ALGORITHMS = {"hash": "sha256", "signature": "ed25519"}
MOST_BYTES = 1 << 30
"""A package that is larger is not opened."""
MOST_ITEMS = 5000
MOST_MANIFEST_BYTES = 4 << 20
_NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/){0,2}[a-z0-9][a-z0-9_-]*\.[a-z0-9]{1,8}")
_STRINGS = ("format", "kind", "package", "matter", "sender", "receiver", "previous", "key", "made_at")

PROBLEMS = {
    "not_a_package": ("不是移送数据包（不是 ZIP 文件）", "not a package (no ZIP file)"),
    "truncated": ("文件不完整或者已损坏", "the file is cut off or damaged"),
    "too_large": ("超过允许的大小或者件数", "larger, or more items, than is allowed"),
    "unsafe_name": (
        "文件名不合规定（路径穿越、绝对路径或者其他字符）",
        "name not allowed (leaves the folder, absolute, …)",
    ),
    "duplicate_name": ("同一名称出现两次", "the same name twice"),
    "symlink": ("含有符号链接或者文件夹", "a symbolic link or a folder"),
    "compressed": ("内容被压缩（数据包不压缩，疑为压缩炸弹）", "compressed; a package never is (may be a bomb)"),
    "no_manifest": ("没有清单或者签名", "no manifest or no signature"),
    "bad_manifest": ("清单不能读取或者格式不符", "the manifest cannot be read or is of another format"),
    "bad_signature": (
        "签名与清单不符：清单或者签名被改动",
        "the signature does not fit: manifest or signature changed",
    ),
    "foreign_key": ("签名密钥不是受信任的发送机关密钥", "signed by a key that is not trusted for the sender"),
    "revoked_key": ("签名密钥已经撤销", "the key was revoked"),
    "missing_item": ("缺少清单所列的文件", "listed in the manifest, not there"),
    "added_item": ("多出清单未列的文件", "not listed in the manifest"),
    "changed_item": ("内容与清单的大小或者 SHA-256 不符", "size or SHA-256 is not that of the manifest"),
    "container": ("文件中有清单以外的内容或者结构被改动", "bytes beside the items, or another structure"),
    "wrong_receiver": ("收件机关不是本机关", "addressed to another organ"),
}
"""Code -> what it says in Chinese and in English."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: code as in `PROBLEMS`, and the item it is about ('' = the whole)."""

    code: str
    item: str = ""

    def told(self, language: str = "zh") -> str:
        """Return it as a sentence."""
        text = PROBLEMS[self.code][0 if language == "zh" else 1]
        return f"{self.item}: {text}" if self.item else text


@dataclass
class Checked:
    """What was found. manifest, items: only what could be read; to be used where there are no problems."""

    problems: list[Problem] = field(default_factory=list)
    manifest: dict[str, Any] = field(default_factory=dict)
    items: dict[str, bytes] = field(default_factory=dict)
    manifest_sha256: str = ""


class _Broken(ValueError):
    """The file cannot be read any further; problems are in args."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return JSON with sorted keys and no blanks, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def build(manifest: bytes, signature: bytes, items: Mapping[str, bytes]) -> bytes:
    """Return the package of a manifest, its signature and its items: always the same bytes for the same content."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, content in ((MANIFEST, manifest), (SIGNATURE, signature), *sorted(items.items())):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            package.writestr(entry, content)
    return target.getvalue()


def check(content: bytes, keys: Iterable[Mapping[str, Any]], *, receivers: Iterable[str] | None = None) -> Checked:
    """Check the bytes of a package; every problem that can be told is told.

    keys       trusted public keys: {organ, key, public_key (hex), revoked_at?}
    receivers  organs that it may be addressed to; None: any
    """
    found = Checked()
    try:
        members = _members(content)
    except _Broken as broken:
        found.problems += broken.args[0]
        return found
    manifest, signature = members.pop(MANIFEST, None), members.pop(SIGNATURE, None)
    if manifest is None or signature is None:
        found.problems.append(Problem("no_manifest"))
        return found
    document = _manifest(manifest)
    if document is None:
        found.problems.append(Problem("bad_manifest"))
        return found
    found.manifest, found.items = document, members
    found.manifest_sha256 = hashlib.sha256(manifest).hexdigest()
    found.problems += _signed(manifest, document, signature, keys)
    found.problems += _listed(document, members)
    if not found.problems and build(manifest, signature, members) != content:
        found.problems.append(Problem("container"))
    if receivers is not None and document["receiver"] not in set(receivers):
        found.problems.append(Problem("wrong_receiver", document["receiver"]))
    return found


def _members(content: bytes) -> dict[str, bytes]:
    """Return the members of the ZIP file by name; nothing is unpacked before every head was looked at."""
    if not content.startswith(b"PK"):
        raise _Broken([Problem("not_a_package")])
    if len(content) > MOST_BYTES:
        raise _Broken([Problem("too_large")])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            problems = list(_unsafe(entries, len(content)))
            if problems:
                raise _Broken(problems)
            return {entry.filename: _read(package, entry) for entry in entries}
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        struct.error,
        ValueError,
        RuntimeError,
    ) as error:
        if isinstance(error, _Broken):
            raise
        raise _Broken([Problem("truncated")]) from None


def _read(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return package.read(entry)
    except zipfile.BadZipFile:  # its own checksum: the head of the file is sound, this item was changed
        if not _NAME.fullmatch(entry.filename):
            raise
        raise _Broken([Problem("changed_item", entry.filename)]) from None


def _unsafe(entries: list[zipfile.ZipInfo], whole: int) -> Iterator[Problem]:
    if len(entries) > MOST_ITEMS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        yield Problem("too_large")
    seen: set[str] = set()
    for entry in entries:
        name, kind = entry.orig_filename, stat.S_IFMT(entry.external_attr >> 16)
        shown = name.encode("ascii", "backslashreplace").decode()
        if name in seen:
            yield Problem("duplicate_name", shown)
        seen.add(name)
        if entry.is_dir() or kind not in (0, stat.S_IFREG):
            yield Problem("symlink", shown)
        elif not _NAME.fullmatch(name):
            yield Problem("unsafe_name", shown)
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size or entry.flag_bits & 1:
            yield Problem("compressed", shown)
        elif entry.file_size > whole:
            yield Problem("truncated", shown)


def _manifest(content: bytes) -> dict[str, Any] | None:
    if len(content) > MOST_MANIFEST_BYTES:
        return None
    try:
        document = json.loads(content)
        sound = (
            isinstance(document, dict)
            and canonical(document) == content
            and document.get("format") == FORMAT
            and document.get("algorithms") == ALGORITHMS
            and all(isinstance(document.get(name), str) for name in _STRINGS)
            and type(document.get("sequence")) is int
            and document["sequence"] >= 0
            and isinstance(document.get("items"), list)
            and all(_is_item(item) for item in document["items"])
        )
    except (ValueError, RecursionError):
        return None
    return document if sound else None


def _is_item(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("name"), str)
        and _NAME.fullmatch(item["name"]) is not None
        and item["name"] not in (MANIFEST, SIGNATURE)
        and type(item.get("size")) is int
        and isinstance(item.get("sha256"), str)
    )


def _signed(
    manifest: bytes, document: Mapping[str, Any], content: bytes, keys: Iterable[Mapping[str, Any]]
) -> Iterator[Problem]:
    """Tell whether the signature fits, and whether its key is one that is trusted for the sender."""
    digest = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
    try:
        told = json.loads(content)
        public, signature = bytes.fromhex(told["public_key"]), bytes.fromhex(told["signature"])
        exact = {
            "algorithm": ALGORITHMS["signature"],
            "organ": document["sender"],
            "key": key_id(public),
            "public_key": public.hex(),
            "signature": signature.hex(),
            "manifest": digest,
        }
        fits = canonical(exact) == content and is_signed(public, manifest, signature)
    except (ValueError, TypeError, KeyError, RecursionError):
        fits = False
    if not fits:
        yield Problem("bad_signature")
        return
    known = [key for key in keys if key.get("public_key") == public.hex()]
    own = [key for key in known if key.get("organ") == document["sender"]]
    if document["key"] != key_id(public) or not own:
        yield Problem("foreign_key", f"{document['sender']} {key_id(public)}")
    elif any(key.get("revoked_at") for key in own):
        yield Problem("revoked_key", f"{document['sender']} {key_id(public)}")


def _listed(document: Mapping[str, Any], members: Mapping[str, bytes]) -> Iterator[Problem]:
    listed: set[str] = set()
    for item in document["items"]:
        name = item["name"]
        if name in listed:
            yield Problem("duplicate_name", name)
        listed.add(name)
        content = members.get(name)
        if content is None:
            yield Problem("missing_item", name)
        elif len(content) != item["size"] or f"sha256:{hashlib.sha256(content).hexdigest()}" != item["sha256"]:
            yield Problem("changed_item", name)
    for name in members:
        if name not in listed:
            yield Problem("added_item", name)


def key_id(public_key: bytes) -> str:
    """Return the short name of a public key: its algorithm and the first 16 digits of its SHA-256."""
    return f"ed25519-{hashlib.sha256(public_key).hexdigest()[:16]}"


# --- Ed25519 (RFC 8032, section 5.1), verification only ---------------------------------------------------------------

_P = 2**255 - 19
_Q = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether an Ed25519 signature (64 bytes) of a message fits a public key (32 bytes)."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, point = _decoded(public_key), _decoded(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= _Q or _same(_times(8, key), _NEUTRAL):
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % _Q
    return _same(_times(scalar, _BASE), _plus(point, _times(challenge, key)))


def _plus(one: _Point, two: _Point) -> _Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: _Point) -> _Point:
    found = _NEUTRAL
    while scalar > 0:
        if scalar & 1:
            found = _plus(found, point)
        point = _plus(point, point)
        scalar >>= 1
    return found


def _same(one: _Point, two: _Point) -> bool:
    return (one[0] * two[2] - two[0] * one[2]) % _P == 0 and (one[1] * two[2] - two[1] * one[2]) % _P == 0


def _decoded(content: bytes) -> _Point | None:
    y = int.from_bytes(content, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P != 0:
        x = x * _ROOT % _P
    if (x * x - square) % _P != 0 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


_BASE_POINT = _decoded((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))
assert _BASE_POINT is not None
_BASE: _Point = _BASE_POINT


# --- from the command line --------------------------------------------------------------------------------------------


def keys_in(path: Path) -> list[dict[str, Any]]:
    """Return every public key in a file, or in the files of a folder. raises OSError, ValueError"""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    return [key for file in files for key in keys_of(json.loads(file.read_text(encoding="utf-8")))]


def keys_of(document: Any) -> Iterator[dict[str, Any]]:
    """Give every public key of a JSON document, wherever it stands in it."""
    if isinstance(document, dict):
        if isinstance(document.get("public_key"), str) and isinstance(document.get("organ"), str):
            yield document
        for value in document.values():
            yield from keys_of(value)
    elif isinstance(document, list):
        for value in document:
            yield from keys_of(value)


def main(arguments: list[str] | None = None) -> int:
    """Check the package that the command line names; returns the exit status."""
    parser = argparse.ArgumentParser(description="Checks a package of a referral. 校验移送数据包。")
    parser.add_argument("package", type=Path)
    parser.add_argument("--trust", type=Path, action="append", required=True, help="public keys, a file or a folder")
    parser.add_argument("--receiver", action="append", help="organ that it must be addressed to")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args(arguments)
    try:
        keys = [key for path in asked.trust for key in keys_in(path)]
        content = asked.package.read_bytes()
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    found = check(content, keys, receivers=asked.receiver)
    told = {name: found.manifest[name] for name in (*_STRINGS, "sequence") if name in found.manifest}
    if asked.json:
        problems = [{"code": one.code, "item": one.item, "reason": one.told()} for one in found.problems]
        answer = {"sound": not found.problems, "problems": problems, **told}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        for problem in found.problems:
            sys.stdout.write(f"{problem.told()} / {problem.told('en')}\n")
        if not found.problems:
            sys.stdout.write(
                f"完好 / sound: {told['sender']} → {told['receiver']} #{told['sequence']} {told['package']}\n"
            )
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
