"""The stand-alone verifier: what is wrong with a package is named; nothing that was changed passes."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from caseapp.adapters import package_verifier as verifier
from caseapp.adapters.key_ring import FileKeyRing
from caseapp.adapters.packages import SealedPackages
from caseapp.domain.packages.keys import OrganKey, told

ITEMS = {"step.json": b'{"kind":"act"}', "papers/01.pdf": b"%PDF-1.7 letter", "evidence/001.jpg": b"\xff\xd8picture"}
MANIFEST = {
    "kind": "act",
    "package": "p" * 32,
    "matter": "m" * 32,
    "sender": "320612-ip",
    "receiver": "320612-police",
    "sequence": 1,
    "previous": "",
    "made_at": "2026-11-23T01:00:00+00:00",
}


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> FileKeyRing:
    return FileKeyRing(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def key(ring: FileKeyRing) -> OrganKey:
    return ring.make("320612-ip", at="2026-11-23T01:00:00+00:00")


@pytest.fixture(scope="module")
def seal(ring: FileKeyRing, key: OrganKey) -> Callable[..., bytes]:
    def make(**changes: Any) -> bytes:
        return SealedPackages().seal({**MANIFEST, **changes}, ITEMS, key, lambda text: ring.sign(key.key, text))

    return make


def codes(content: bytes, *keys: OrganKey, receivers: Any = None) -> set[str]:
    return {one.code for one in verifier.check(content, [told(key) for key in keys], receivers=receivers).problems}


def rezipped(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return the package with other members, as a ZIP file that is sound in itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    change(members)
    return verifier.build(members.pop("manifest.json"), members.pop("signature.json"), members)


def test_a_sealed_package_is_sound_and_its_bytes_depend_on_nothing_but_its_content(
    seal: Callable[..., bytes], key: OrganKey
) -> None:
    assert codes(seal(), key, receivers=["320612-police"]) == set()
    assert seal() == seal()


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_bit_can_be_changed(seal: Callable[..., bytes], key: OrganKey, place: float, bit: int) -> None:
    content = bytearray(seal())
    content[int(place * len(content))] ^= 1 << bit
    assert codes(bytes(content), key)


@given(share=st.floats(0.01, 0.999))
def test_a_package_that_was_cut_off_is_refused(seal: Callable[..., bytes], key: OrganKey, share: float) -> None:
    content = seal()
    assert codes(content[: int(share * len(content))], key) == {"truncated"}


def test_what_follows_or_precedes_the_file_is_refused(seal: Callable[..., bytes], key: OrganKey) -> None:
    assert codes(seal() + b"more", key)
    assert codes(b"PK" + seal(), key)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda members: members.update({"evidence/001.jpg": b"\xff\xd8Picture"}), "changed_item"),
        (lambda members: members.update({"evidence/001.jpg": b"longer than it was"}), "changed_item"),
        (lambda members: members.pop("papers/01.pdf"), "missing_item"),
        (lambda members: members.update({"papers/02.pdf": b"%PDF"}), "added_item"),
        (lambda members: members.update({"manifest.json": b"{}"}), "bad_manifest"),
        (lambda members: members.update({"signature.json": b"{}"}), "bad_signature"),
        (
            lambda members: members.update({"signature.json": members["signature.json"] + b" "}),
            "bad_signature",
        ),
    ],
    ids=["a byte", "the length", "a file gone", "a file more", "no manifest", "no signature", "words beside it"],
)
def test_each_change_is_named(
    seal: Callable[..., bytes], key: OrganKey, change: Callable[[dict[str, bytes]], None], code: str
) -> None:
    assert codes(rezipped(seal(), change), key) == {code}


def test_a_manifest_that_was_written_anew_does_not_fit_the_signature(seal: Callable[..., bytes], key: OrganKey) -> None:
    def to_others(members: dict[str, bytes]) -> None:
        manifest = {**json.loads(members["manifest.json"]), "receiver": "320613-police"}
        members["manifest.json"] = verifier.canonical(manifest)

    assert codes(rezipped(seal(), to_others), key) == {"bad_signature"}


def test_only_a_good_key_of_the_sender_counts(seal: Callable[..., bytes], key: OrganKey, tmp_path: Path) -> None:
    other = FileKeyRing(tmp_path).make("320612-ip", at="")
    assert codes(seal(), other) == {"foreign_key"}
    assert codes(seal()) == {"foreign_key"}
    assert codes(seal(sender="320613-ip"), key) == {"bad_signature"}
    gone = OrganKey(key.organ, key.key, key.public_key, "", own=False, revoked_at="2026-11-24T00:00:00+00:00")
    assert codes(seal(), gone) == {"revoked_key"}
    assert codes(seal(), key, receivers=["320613-police"]) == {"wrong_receiver"}


def zipped(*entries: tuple[str, bytes], mode: int = stat.S_IFREG, how: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", how) as package:
        for name, content in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (mode | 0o644) << 16
            entry.compress_type = how
            package.writestr(entry, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped(("../../etc/passwd.txt", b"x")), "unsafe_name"),
        (zipped(("/etc/passwd.txt", b"x")), "unsafe_name"),
        (zipped(("c:\\windows.ini", b"x")), "unsafe_name"),
        (zipped(("papers/../step.json", b"x")), "unsafe_name"),
        (zipped(("移送书.pdf", b"x")), "unsafe_name"),
        (zipped(("step.json", b"/etc/passwd"), mode=stat.S_IFLNK), "symlink"),
        (zipped(("papers/", b"")), "symlink"),
        (zipped(("step.json", b"\0" * 5_000_000), how=zipfile.ZIP_DEFLATED), "compressed"),
        (zipped(("step.json", b"x")), "no_manifest"),
        (b"GIF89a", "not_a_package"),
        (b"", "not_a_package"),
    ],
    ids=[
        "above the folder", "absolute", "a drive", "hidden way up", "not ascii", "a link", "a folder", "a bomb",
        "nothing signed", "a picture", "nothing",
    ],
)  # fmt: skip
def test_what_could_do_harm_is_refused_before_it_is_unpacked(content: bytes, code: str) -> None:
    assert code in codes(content)


def test_a_name_that_stands_twice_is_refused(seal: Callable[..., bytes], key: OrganKey) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped(("step.json", b"one"), ("step.json", b"two"))
    assert codes(twice, key) == {"duplicate_name"}


@given(message=st.binary(max_size=200), seed=st.binary(min_size=32, max_size=32))
def test_signatures_are_judged_as_the_library_makes_them(message: bytes, seed: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = private.sign(message)
    assert verifier.is_signed(public, message, signature)
    assert not verifier.is_signed(public, message + b"x", signature)
    scalar = int.from_bytes(signature[32:], "little") + verifier._Q
    if scalar < 1 << 256:
        assert not verifier.is_signed(public, message, signature[:32] + scalar.to_bytes(32, "little"))
    assert not verifier.is_signed(b"\x01" + b"\0" * 31, message, signature)
    assert not verifier.is_signed(b"\xff" * 32, message, signature)
    assert not verifier.is_signed(public[:31], message, signature)


def test_private_keys_are_for_their_owner_alone(ring: FileKeyRing, key: OrganKey, tmp_path: Path) -> None:
    mine = FileKeyRing(tmp_path / "keys")
    made = mine.make("320612-police", at="")
    (file,) = (tmp_path / "keys" / "organs").glob("*.pem")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made.fingerprint.replace(" ", "") == hashlib.sha256(bytes.fromhex(made.public_key)).hexdigest()


def test_the_file_runs_alone(seal: Callable[..., bytes], key: OrganKey, tmp_path: Path) -> None:
    """Nothing but the standard library: `-I -S` leaves out everything that was installed."""
    (tmp_path / "verify.py").write_bytes(SealedPackages().verifier())
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [told(key)]}))
    (tmp_path / "good.zip").write_bytes(seal())
    (tmp_path / "bad.zip").write_bytes(rezipped(seal(), lambda members: members.pop("step.json")))
    command = [sys.executable, "-I", "-S", str(tmp_path / "verify.py")]

    def run(name: str, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, str(tmp_path / name), *more], capture_output=True, text=True, check=False, encoding="utf-8"
        )

    trusted = ["--trust", str(tmp_path / "keys.json")]
    good = run("good.zip", *trusted)
    assert (good.returncode, "sound" in good.stdout) == (0, True)
    bad = run("bad.zip", *trusted, "--json")
    assert bad.returncode == 1
    assert [(one["code"], one["item"]) for one in json.loads(bad.stdout)["problems"]] == [("missing_item", "step.json")]
    assert run("nothing.zip", *trusted).returncode == 2
    assert run("good.zip").returncode == 2
