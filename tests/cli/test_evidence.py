"""`flask evidence verify`: every file is read again, and what was harmed is named."""

from __future__ import annotations

import io
import json
from functools import partial
from typing import Any

import pytest

from caseapp.cli.evidence import command
from caseapp.domain.events import EntryKind
from caseapp.services.evidence_entry import record
from tests.cli.conftest import Run
from tests.support.spine import OFFICER, House


def _told(entry: Any, _edit: object) -> Any:
    return entry


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_a_harmed_file_is_named_and_ends_with_status_1(house: House, run: Run) -> None:
    case_id = house.register().id
    with house.context(OFFICER) as ctx:
        with ctx.ports.evidence.receive(io.BytesIO(b"words")) as came:
            came.keep()
        for number in (1, 2):
            told = {
                "id": f"{number:032x}",
                "number": number,
                "title": "聊天记录",
                "kind": "electronic",
                "file": {"name": "a.txt", "digest": came.digest, "size": came.size, "kind": "text"},
                "source": "当事人",
                "acquired_on": "2026-03-02",
                "place": "店铺",
                "how": "submitted",
                "officers": [OFFICER.id],
            }
            entry = (EntryKind.EVIDENCE_ADDED, {"evidence": told})
            record(ctx, case_id, partial(_told, entry))
    done = run(command, "verify", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"pieces": 2, "files": 1, "broken": []})
    [kept] = [one for one in (house.folder / "evidence" / "sha256").rglob("*") if one.is_file()]
    kept.unlink()
    done = run(command, "verify", "--case", case_id, "--json")
    assert done.exit_code == 1
    broken = json.loads(done.stdout)["broken"]
    assert [(one["case"], one["number"], one["digest"]) for one in broken] == [
        (case_id, 1, came.digest),
        (case_id, 2, came.digest),
    ]
    told = run(command, "verify")
    assert "证据 2“聊天记录”" in told.stdout
    assert run(command, "verify", "--case", "nobody", "--json").exit_code == 2
