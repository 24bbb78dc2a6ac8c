"""Sealing what the database keeps but must not tell."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from caseapp.adapters.qr_codes import qr_svg
from caseapp.adapters.vault import KeyVault
from caseapp.context import NoVault
from caseapp.domain.errors import ExternalError


def test_what_was_sealed_opens_again_and_is_not_to_be_read(tmp_path: Path) -> None:
    vault = KeyVault(tmp_path / "keys" / "vault.key")
    sealed = vault.seal(b"secret", purpose="totp:1")
    assert sealed.startswith("aes-256-gcm:")
    assert "secret" not in sealed
    assert vault.open(sealed, purpose="totp:1") == b"secret"
    assert vault.seal(b"secret", purpose="totp:1") != sealed, "the same secret twice looks different"


def test_the_key_is_kept_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    sealed = KeyVault(path).seal(b"x", purpose="p")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["vault.key"]
    assert KeyVault(path).open(sealed, purpose="p") == b"x"


def test_of_two_processes_that_start_at_once_both_use_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vault.key"
    first, second = KeyVault(path), KeyVault(path)
    sealed = first.seal(b"x", purpose="p")
    monkeypatch.setattr(Path, "exists", lambda self: False)  # the second looked before the first had written
    assert second.open(sealed, purpose="p") == b"x"


def test_a_key_may_come_from_the_configuration(tmp_path: Path) -> None:
    given = base64.b64encode(bytes(32)).decode()
    sealed = KeyVault(tmp_path / "none", given).seal(b"x", purpose="p")
    assert not (tmp_path / "none").exists()
    assert KeyVault(tmp_path / "other", given).open(sealed, purpose="p") == b"x"


@pytest.mark.parametrize("broken", ["another purpose", "another key", "changed", "another algorithm", "no text"])
def test_what_does_not_fit_opens_nothing(tmp_path: Path, broken: str) -> None:
    vault = KeyVault(tmp_path / "vault.key")
    sealed, purpose = vault.seal(b"secret", purpose="totp:1"), "totp:1"
    if broken == "another purpose":
        purpose = "totp:2"
    elif broken == "another key":
        vault = KeyVault(tmp_path / "another.key")
    elif broken == "changed":
        sealed = sealed[:-8] + ("AAAAAAA=" if not sealed.endswith("AAAAAAA=") else "BBBBBBB=")
    elif broken == "another algorithm":
        sealed = sealed.replace("aes-256-gcm", "none")
    else:
        sealed = "aes-256-gcm:???"
    with pytest.raises(ExternalError, match="不能打开"):
        vault.open(sealed, purpose=purpose)


def test_a_fingerprint_is_equal_for_equal_texts_and_tells_nothing_without_the_key(tmp_path: Path) -> None:
    vault, another = KeyVault(tmp_path / "vault.key"), KeyVault(tmp_path / "another.key")
    made = vault.fingerprint("13800000001", purpose="phone")
    assert made.startswith("hmac-sha256:")
    assert "138" not in made.removeprefix("hmac-sha256:")[:8]
    assert KeyVault(tmp_path / "vault.key").fingerprint("13800000001", purpose="phone") == made
    others = {
        vault.fingerprint("13800000002", purpose="phone"),
        vault.fingerprint("13800000001", purpose="id_number"),
        another.fingerprint("13800000001", purpose="phone"),
    }
    assert len({made, *others}) == 4


def test_an_installation_without_a_vault_keeps_no_secret() -> None:
    assert NoVault().fingerprint("x", purpose="p") == ""
    with pytest.raises(ExternalError):
        NoVault().seal(b"x", purpose="p")
    with pytest.raises(ExternalError):
        NoVault().open("x", purpose="p")


def test_a_qr_code_is_a_picture_without_inline_style_or_script() -> None:
    picture = qr_svg("otpauth://totp/x?secret=ABC").decode()
    assert picture.startswith("<?xml")
    assert "<svg" in picture
    assert "style=" not in picture
    assert "<script" not in picture
