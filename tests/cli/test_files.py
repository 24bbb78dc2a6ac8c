"""`flask files`: a case file is bound and written out; what was sealed is checked, and what was harmed is named."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from caseapp.cli.files import command
from caseapp.services import case_file_request
from caseapp.services.outbox_dispatch import dispatch
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course, course

__all__ = ["course"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_a_file_is_bound_written_and_checked(course: Course, tmp_path: Path) -> None:
    app = Flask("commands")
    app.extensions["huhang"] = course.parts

    def run(of: click.Command, *arguments: str) -> Result:
        with app.app_context():
            return CliRunner().invoke(of, list(arguments), catch_exceptions=False)

    case_id = course.filed()
    number = course.image(case_id).display_number()
    out = tmp_path / "案卷.zip"
    told: dict[str, Any] = json.loads(run(command, "bind", number, "--out", str(out), "--json").stdout)
    assert told["out"] == str(out)
    assert told["manifest"].startswith("sha256:")
    with zipfile.ZipFile(out) as package:
        assert package.namelist() == ["main.pdf", "side.pdf", "manifest.json", "signature.json"]
    assert f"共 {told['pages']} 页" in run(command, "bind", case_id, "--out", str(out)).stdout
    assert "封存案卷 0 份，异常 0 处" in run(command, "verify", number).stdout

    with course.as_("officer") as ctx, unit_of_work(ctx) as unit:
        case_file_request.queue(ctx, unit, case_id, to_seal=True)
    with course.parts.context() as ctx:
        dispatch(ctx)
    whole = run(command, "verify", number, "--json")
    assert (whole.exit_code, json.loads(whole.stdout)) == (0, {"sealed": 1, "broken": []})
    (sealed,) = course.image(case_id).sealed_files
    file = course.parts.config.var / "documents" / sealed.main[:2] / sealed.main
    file.chmod(0o600)
    file.write_bytes(b"changed")
    harmed = run(command, "verify", number, "--json")
    assert harmed.exit_code == 1
    assert [(one["file"], one["part"]) for one in json.loads(harmed.stdout)["broken"]] == [(sealed.id, "main")]
    assert f"{sealed.id} main" in run(command, "verify", number).stdout
    for arguments in (("verify", "nobody"), ("bind", "nobody", "--out", str(out))):
        wrong = run(command, *arguments)
        assert (wrong.exit_code, bool(wrong.stderr)) == (2, True)
