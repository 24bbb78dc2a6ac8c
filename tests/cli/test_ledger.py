"""`flask ledger`: one document on standard output, and a status that a script can rely on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from caseapp.cli.ledger import command
from tests.cli.conftest import Run
from tests.support.spine import House


def test_a_sound_ledger_is_told_as_one_document(house: House, run: Run) -> None:
    house.register()
    done = run(command, "verify", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"cases": 1, "entries": 2, "broken": [], "unanchored": 2, "anchors": 0}


def test_a_broken_ledger_ends_with_status_1(house: House, run: Run) -> None:
    case_id = house.register().id
    house.disarm()
    house.execute(f"UPDATE ledger_entry SET actor = 'x' WHERE chain = '{case_id}'")
    done = run(command, "verify", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["broken"] == [{"chain": case_id, "seq": 1, "reason": "edited"}]
    told = run(command, "verify")
    assert told.exit_code == 1
    assert case_id in told.stdout


def test_one_case_is_named_by_any_of_its_names(house: House, run: Run) -> None:
    one, other = house.register(), house.register()
    house.disarm()
    house.execute(f"UPDATE ledger_entry SET actor = 'x' WHERE chain = '{other.id}'")
    assert run(command, "verify", "--case", one.number, "--json").exit_code == 0
    assert run(command, "verify", "--case", other.id, "--json").exit_code == 1


def test_wrong_use_is_one_line_and_status_2(house: House, run: Run, tmp_path: Path) -> None:
    for arguments in (["verify", "--case", "nobody"], ["verify", "--anchors", str(tmp_path / "none")]):
        done = run(command, *arguments, "--json")
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_anchoring_and_checking_against_a_copy_kept_elsewhere(house: House, run: Run, tmp_path: Path) -> None:
    case_id = house.register().id
    assert json.loads(run(command, "anchor", "--json").stdout) == {"numbers": [1], "chains": 2, "entries": 2}
    assert json.loads(run(command, "anchor", "--json").stdout) == {"numbers": [], "chains": 0, "entries": 0}
    assert "无须锚定" in run(command, "anchor").stdout
    copy = tmp_path / "copy"
    shutil.copytree(house.anchors, copy)
    house.disarm()
    house.execute(f"DELETE FROM ledger_entry WHERE chain = '{case_id}'")
    done = run(command, "verify", "--anchors", str(copy), "--json")
    assert done.exit_code == 1
    assert {"cut", "no-entries"} == {item["reason"] for item in json.loads(done.stdout)["broken"]}


def test_a_check_of_the_projections_lists_differences_and_changes_nothing(house: House, run: Run) -> None:
    case_id = house.register().id
    done = run(command, "rebuild", "--check", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"cases": 1, "differences": []})
    house.execute("UPDATE case_file SET state = 'open', category = 'open'")
    for _ in range(2):
        done = run(command, "rebuild", "--check", "--json")
        assert done.exit_code == 1
        assert json.loads(done.stdout) == {
            "cases": 1,
            "differences": [
                {
                    "case": case_id,
                    "table": "case_file",
                    "key": "",
                    "field": "state",
                    "stored": "open",
                    "folded": "lead",
                },
                {
                    "case": case_id,
                    "table": "case_file",
                    "key": "",
                    "field": "category",
                    "stored": "open",
                    "folded": "lead",
                },
            ],
        }
    told = run(command, "rebuild", "--check")
    assert "差异 2 处" in told.stdout


def test_a_rebuild_writes_the_projections_anew(house: House, run: Run) -> None:
    case_id = house.register().id
    house.execute("UPDATE case_file SET title = 'x'")
    done = run(command, "rebuild", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"cases": 1, "rewritten": [case_id], "differences": []}
    assert run(command, "rebuild", "--check", "--json").exit_code == 0


def test_a_rebuild_that_must_not_be_ends_with_status_1(house: House, run: Run) -> None:
    house.register()
    house.execute("UPDATE case_file SET head_hash = 'x', title = 'x'")
    done = run(command, "rebuild", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["rewritten"] == []
    assert run(command, "rebuild").exit_code == 1
