"""The configuration of what seals secrets."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from config import Config


def test_the_sealing_key_is_thirty_two_bytes_or_kept_in_a_file(tmp_path: Path) -> None:
    given = base64.b64encode(bytes(range(32))).decode()
    known = {"SECRET_KEY": "x", "CASEAPP_VAR": str(tmp_path)}
    assert Config.from_env({**known, "CASEAPP_VAULT_KEY": given}).vault_key == given
    assert Config.from_env(known).vault_key == ""


@pytest.mark.parametrize("wrong", ["short", base64.b64encode(bytes(16)).decode(), "密钥"])
def test_another_key_is_refused_before_anything_starts(
    tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        Config.from_env({"SECRET_KEY": "x", "CASEAPP_VAR": str(tmp_path), "CASEAPP_VAULT_KEY": wrong})
    assert "CASEAPP_VAULT_KEY" in capsys.readouterr().err


def test_nothing_from_outside_turns_the_second_factor_off(tmp_path: Path) -> None:
    known = {"SECRET_KEY": "x", "CASEAPP_VAR": str(tmp_path), "CASEAPP_SECOND_FACTOR_REQUIRED": "0"}
    assert Config.from_env(known).second_factor_required
