"""`flask keys`, `flask referral`: a case goes to another installation as files, and the answers come back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from caseapp.cli import keys, referral
from caseapp.services import matter_send, package_answer
from caseapp.services.matter_send import MatterDraft
from caseapp.wiring import Huhang
from tests.factories.cases import Course, course
from tests.factories.referrals import PROCURATORATE, RECEIPT, handed_over, liaisons
from tests.factories.sides import side_of
from tests.support.app import Installations, enrol

__all__ = ["course"]


class Shell:
    """The commands of one installation."""

    def __init__(self, parts: Huhang) -> None:
        self.app = Flask("commands")
        self.app.extensions["huhang"] = parts

    def run(self, group: Any, *arguments: object, status: int = 0) -> Result:
        with self.app.app_context():
            found = CliRunner().invoke(group.command, [str(one) for one in arguments], catch_exceptions=False)
        assert found.exit_code == status, found.output
        return found

    def json(self, group: Any, *arguments: object, status: int = 0) -> Any:
        return json.loads(self.run(group, *arguments, "--json", status=status).stdout)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_a_case_goes_to_another_installation_and_the_receipt_comes_back(
    course: Course, installations: Installations, tmp_path: Path
) -> None:
    there = Course(installations.new(course.clock), {}, course.clock)
    there.people = enrol(there.parts)
    office, police = Shell(course.parts), Shell(there.parts)

    made = office.json(keys, "create", "320612-ip")
    assert (made["organ"], made["algorithm"], made["created"]) == ("320612-ip", "ed25519", True)
    assert office.json(keys, "create", "--organ", "320612-ip")["created"] is False
    police.run(keys, "create", "320612-police")
    ours, theirs = tmp_path / "ours.json", tmp_path / "theirs.json"
    office.run(keys, "export", "--out", ours)
    theirs.write_text(police.run(keys, "export", "320612-police").stdout)
    assert [one["new"] for one in police.json(keys, "trust", ours)["trusted"]] == [True]
    assert [one["new"] for one in office.json(keys, "trust", theirs)["trusted"]] == [True]
    assert "早已信任" in office.run(keys, "trust", theirs).stdout
    listed = office.json(keys, "list")
    assert [[one["organ"] for one in listed[part]] for part in ("own", "trusted")] == [["320612-ip"], ["320612-police"]]
    assert "指纹" in office.run(keys, "list").stdout

    case_id = course.filed()
    number = course.image(case_id).display_number()
    package, receipt, answer = tmp_path / "F.zip", tmp_path / "R.zip", tmp_path / "A.zip"
    assert "还没有" in office.run(referral, "package", number, "--out", package, status=2).stderr
    handed_over(course, case_id)
    told = office.json(referral, "package", number, "--out", package)
    assert (told["step"], told["sequence"], told["receiver"], told["left"]) == ("hand_over", 1, "320612-police", 0)
    first = package.read_bytes()
    assert "已打包第 1 步" in office.run(referral, "package", case_id, "--out", package).stdout
    assert package.read_bytes() == first

    for shell, more in (
        (office, ()),
        (police, ()),
        (police, ("--trust", ours)),
        (office, ("--receiver", "320612-police")),
    ):
        found = shell.json(referral, "verify", package, *more)
        assert (found["sound"], found["problems"], found["package"]) == (True, [], told["package"])
    assert "完好" in office.run(referral, "verify", package).stdout
    assert office.json(referral, "verify", package, "--trust", theirs, status=1)["problems"][0]["code"] == "foreign_key"
    wrong = office.json(referral, "verify", package, "--receiver", "320613-police", status=1)
    assert [one["code"] for one in wrong["problems"]] == ["wrong_receiver"]

    program = tmp_path / "verify.py"
    digest = office.json(keys, "verifier", "--out", program)["sha256"]
    assert digest in office.run(keys, "verifier").stdout
    alone = [sys.executable, "-I", "-S", str(program), str(package), "--trust"]
    assert subprocess.run([*alone, str(ours)], capture_output=True, check=False).returncode == 0
    assert subprocess.run([*alone, str(theirs)], capture_output=True, check=False).returncode == 1

    came = police.json(referral, "receive", package, "--receipt", receipt)
    assert (came["status"], came["applied"], came["receipt"]) == (
        "taken",
        [{"sequence": 1, "step": "hand_over", "refused": None}],
        str(receipt),
    )
    assert police.json(referral, "receive", package)["status"] == "unchanged"
    assert office.json(referral, "receive", receipt)["status"] == "taken"
    assert "没有变化" in office.run(referral, "receive", receipt).stdout
    again = police.json(referral, "package", number, "--out", tmp_path / "R2.zip")
    assert (again["kind"], (tmp_path / "R2.zip").read_bytes()) == ("receipt", receipt.read_bytes())

    with there.as_("police") as ctx:
        package_answer.answer(ctx, came["matter"], "sign_receipt", RECEIPT, seen_acts=1)
    assert police.json(referral, "package", came["matter"], "--out", answer)["step"] == "sign_receipt"
    assert "第 1 步 sign_receipt" in office.run(referral, "receive", answer).stdout
    assert side_of(course, case_id, "referral").state == "received"
    back = office.json(referral, "package", number, "--out", tmp_path / "B.zip")
    assert (back["kind"], back["sequence"]) == ("answer", 2)
    assert police.json(referral, "receive", tmp_path / "B.zip")["status"] == "taken"

    gone = police.json(keys, "revoke", made["key"], "--reason", "介质遗失")
    assert gone["revoked_reason"] == "介质遗失"
    refused = police.json(referral, "receive", package, status=1)
    assert (refused["status"], refused["problems"][0]["code"]) == ("refused", "revoked_key")
    assert "已撤销" in police.run(keys, "list").stdout


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_a_matter_begun_at_another_installation_comes_as_a_package(
    course: Course, installations: Installations, tmp_path: Path
) -> None:
    there = Course(installations.new(course.clock), {}, course.clock)
    there.people = enrol(there.parts)
    office, procuratorate = Shell(course.parts), Shell(there.parts)
    ours, theirs = tmp_path / "ours.json", tmp_path / "theirs.json"
    for shell, organ, keyfile, other in (
        (office, "320612-ip", ours, procuratorate),
        (procuratorate, PROCURATORATE, theirs, office),
    ):
        shell.run(keys, "create", organ)
        shell.run(keys, "export", "--out", keyfile)
        other.run(keys, "trust", keyfile)
    draft = MatterDraft(
        fields={"reverse_ground": "exempted", "reverse_number": "检意1号", "reverse_opinion": "依法应当给予行政处罚。"},
        organ="320612-ip",
        ip_types=("trademark",),
        respondent="某家纺有限公司",
    )
    with there.parts.context(liaisons(there)["procurator"]) as ctx:
        of_id = matter_send.send(ctx, draft).proceeding
    package, receipt = tmp_path / "B.zip", tmp_path / "R.zip"
    told = procuratorate.json(referral, "package", of_id, "--out", package)
    assert (told["kind"], told["step"], told["receiver"]) == ("beginning", "send_matter", "320612-ip")
    assert office.json(referral, "verify", package)["sound"] is True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("caseapp.services.package_opening.unknown_version", lambda _ctx, _about: True)
        refused = office.json(referral, "receive", package, "--receipt", receipt, status=1)
    assert (refused["problems"][0]["code"], refused["receipt"]) == ("unknown_procedure", str(receipt))
    assert procuratorate.json(referral, "verify", receipt, "--receiver", PROCURATORATE)["kind"] == "refusal"
    assert procuratorate.json(referral, "receive", receipt)["status"] == "taken"
    assert procuratorate.json(referral, "receive", receipt)["status"] == "unchanged"
    came = office.json(referral, "receive", package, "--receipt", receipt)
    applied = [{"sequence": 1, "step": "send_matter", "refused": None}]
    assert (came["status"], came["applied"], came["matter"]) == ("taken", applied, of_id)
    assert office.json(referral, "receive", package)["status"] == "unchanged"
    assert procuratorate.json(referral, "receive", receipt)["status"] == "taken"
    back = office.json(referral, "package", came["case"], "--out", tmp_path / "A.zip")
    assert (back["kind"], back["receiver"]) == ("answer", PROCURATORATE)
    assert procuratorate.json(referral, "receive", tmp_path / "A.zip")["case"] == came["case"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_wrong_use_is_told_in_one_line_and_changes_nothing(parts: Huhang, tmp_path: Path) -> None:
    shell = Shell(parts)
    nothing, text, cut = tmp_path / "nothing.zip", tmp_path / "text.zip", tmp_path / "cut.zip"
    text.write_text("not a package")
    cut.write_bytes(b"PK\x03\x04 and no more")
    wrong: tuple[tuple[object, ...], ...] = (
        (keys, "create"),
        (keys, "create", "nowhere"),
        (keys, "export"),
        (keys, "trust", nothing),
        (keys, "revoke", "ed25519-0"),
        (referral, "package", "nobody", "--out", nothing),
        (referral, "receive", nothing),
        (referral, "verify", cut, "--trust", text),
    )
    for group, *arguments in wrong:
        told = shell.run(group, *arguments, status=2).stderr
        assert len(told.strip().splitlines()) == 1, told
    assert shell.json(referral, "verify", cut, status=1)["problems"][0]["code"] == "truncated"
    assert shell.json(referral, "receive", cut, status=1)["status"] == "refused"
    for content in (b"", b"QK" + cut.read_bytes()[2:]):  # the very first byte may be the one that was changed
        text.write_bytes(content)
        assert shell.json(referral, "verify", text, status=1)["problems"][0]["code"] == "not_a_package"
        assert shell.json(referral, "receive", text, status=1)["status"] == "refused"
    empty = tmp_path / "empty.json"
    empty.write_text("{}")
    assert "没有公钥" in shell.run(keys, "trust", empty, status=2).stderr
    assert shell.json(keys, "list") == {"own": [], "trusted": []}
