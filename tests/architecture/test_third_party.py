"""Nothing of other people's is used without its name, version and licence, or changed behind their back."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.tree import REPOSITORY


def test_third_party_paper_names_every_library_font_and_asset() -> None:
    command = [sys.executable, ".ci/third_party.py"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
