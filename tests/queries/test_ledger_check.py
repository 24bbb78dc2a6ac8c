"""Whatever is done to the ledger behind the system's back is found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from caseapp.adapters.signer import FileSigner
from caseapp.domain.events import Stream
from caseapp.domain.ledger import GENESIS, entry_hash
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.anchor_files import path_of
from caseapp.queries.ledger_check import entry_estimate, verify
from caseapp.services import ledger
from caseapp.services.ledger_anchor import anchor
from caseapp.services.unit_of_work import unit_of_work
from tests.support.histories import DEEDS, live
from tests.support.spine import House

_ENTRY = LedgerEntry.__table__
_HASHED = (
    "chain",
    "seq",
    "stream",
    "kind",
    "case_id",
    "actor",
    "occurred_at",
    "precision",
    "recorded_at",
    "appended_at",
    "payload",
    "prev_hash",
)
FORGEABLE = ("kind", "actor", "payload", "occurred_at", "recorded_at", "appended_at", "precision")


def check(house: House, case_id: str | None = None, anchors: Path | None = None) -> dict[str, Any]:
    with house.context() as ctx:
        return verify(ctx, case_id, anchors)


def reasons(house: House, case_id: str | None = None, anchors: Path | None = None) -> set[str]:
    return {item["reason"] for item in check(house, case_id, anchors)["broken"]}


def make_anchor(house: House) -> None:
    with house.context() as ctx:
        anchor(ctx)


def case_with(house: House, notes: int) -> str:
    """Return a case with one opening and so many notes."""
    case_id = house.register().id
    for number in range(notes):
        house.later(hours=1)
        note(house, case_id, f"备注 {number}")
    return case_id


def note(house: House, case_id: str, text: str) -> None:
    from caseapp.services import case_note

    with house.context() as ctx:
        case_note.add(ctx, case_id, text)


class Forger:
    """Somebody who owns the database: no trigger holds him, and he knows how hashes are made."""

    def __init__(self, house: House, case_id: str) -> None:
        self.house, self.chain = house, case_id
        with Session(house.engine) as session:
            rows = session.execute(select(_ENTRY).where(_ENTRY.c.chain == case_id).order_by(_ENTRY.c.seq))
            self.rows: list[dict[str, Any]] = [dict(row._mapping) for row in rows]

    def rehash(self, first: int = 0) -> None:
        """Make hashes and links fit again from a place on."""
        for index in range(first, len(self.rows)):
            row = self.rows[index]
            row["seq"] = index + 1
            row["prev_hash"] = self.rows[index - 1]["hash"] if index else GENESIS
            row["hash"] = entry_hash(**{name: row[name] for name in _HASHED})

    def put(self, *, head: bool) -> None:
        """Write the chain back; with `head`, the case is made to fit as well."""
        with self.house.engine.connect().execution_options(huhang_writable=True) as connection, connection.begin():
            connection.execute(_ENTRY.delete().where(_ENTRY.c.chain == self.chain))
            rows = [{name: value for name, value in row.items() if name != "id"} for row in self.rows]
            if rows:
                connection.execute(insert(LedgerEntry), rows)
            if head:
                last = self.rows[-1]
                connection.exec_driver_sql(
                    f"UPDATE case_file SET version = {last['seq']}, head_hash = '{last['hash']}' "
                    f"WHERE id = '{self.chain}'"
                )


def forge(row: dict[str, Any], name: str) -> None:
    """Change one field of an entry to something else that the column can hold."""
    if name.endswith("_at"):
        row[name] = row[name].replace(microsecond=(row[name].microsecond + 1) % 1_000_000)
    else:
        row[name] = {"kind": "noted" if row["kind"] != "noted" else "opened", "precision": "year"}.get(
            name, row[name] + " "
        )


def test_a_ledger_that_nobody_touched_is_sound(house: House) -> None:
    case_with(house, 3)
    case_with(house, 1)
    found = check(house)
    assert (found["cases"], found["entries"], found["broken"]) == (2, 7, [])
    assert found["unanchored"] == 7, "the organs' entry in the system stream, and six of cases"


@given(deeds=st.lists(DEEDS, max_size=8))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_system_itself_writes_is_sound(house: House, deeds: list[Any]) -> None:
    case_id = live(house, deeds)
    found = check(house, case_id)
    assert (found["cases"], found["broken"]) == (1, [])


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_forgery_is_found(disarmed: House, data: st.DataObject) -> None:
    """Edit, insert, remove, reorder, cut; with hashes made to fit or not, with the head made to fit or not."""
    house = disarmed
    case_id = case_with(house, data.draw(st.integers(2, 5), label="notes"))
    make_anchor(house)
    forger = Forger(house, case_id)
    rows = forger.rows
    place = data.draw(st.integers(0, len(rows) - 1), label="place")
    deed = data.draw(st.sampled_from(("edit", "insert", "remove", "reorder", "cut")), label="deed")
    if deed == "edit":
        forge(rows[place], data.draw(st.sampled_from(FORGEABLE)))
    elif deed == "insert":
        rows.insert(place, {**rows[place], "payload": '{"text":"von anderer Hand"}', "kind": "noted"})
    elif deed == "remove":
        del rows[place]
    elif deed == "reorder":
        other = (place + 1) % len(rows)
        rows[place], rows[other] = rows[other], rows[place]
    else:
        del rows[max(1, place) :]
    if data.draw(st.booleans(), label="hashes made to fit"):
        forger.rehash(min(place, max(0, len(rows) - 1)))
    for index, row in enumerate(rows, start=1):
        row["seq"] = index
    forger.put(head=bool(rows) and data.draw(st.booleans(), label="head made to fit"))
    assert check(house, case_id)["broken"] != []


@pytest.fixture
def disarmed(house: House) -> House:
    """A house whose ledger has lost its triggers."""
    house.disarm()
    return house


def test_an_edited_entry_is_named(disarmed: House) -> None:
    case_id = case_with(disarmed, 3)
    disarmed.execute(f"UPDATE ledger_entry SET actor = 'x' WHERE chain = '{case_id}' AND seq = 2")
    assert check(disarmed)["broken"] == [{"chain": case_id, "seq": 2, "reason": "edited"}]


def test_an_edited_entry_with_a_new_hash_breaks_the_link_after_it(disarmed: House) -> None:
    case_id = case_with(disarmed, 3)
    forger = Forger(disarmed, case_id)
    forge(forger.rows[1], "payload")
    forger.rows[1]["hash"] = entry_hash(**{name: forger.rows[1][name] for name in _HASHED})
    forger.put(head=False)
    assert check(disarmed)["broken"] == [{"chain": case_id, "seq": 3, "reason": "broken-link"}]


def test_a_cut_tail_is_missed_by_the_head(disarmed: House) -> None:
    case_id = case_with(disarmed, 3)
    disarmed.execute(f"DELETE FROM ledger_entry WHERE chain = '{case_id}' AND seq > 2")
    assert check(disarmed)["broken"] == [{"chain": case_id, "seq": 4, "reason": "missing-tail"}]


def test_a_cut_tail_with_a_mended_head_is_found_by_the_anchors_alone(disarmed: House) -> None:
    case_id = case_with(disarmed, 3)
    make_anchor(disarmed)
    forger = Forger(disarmed, case_id)
    del forger.rows[2:]
    forger.put(head=True)
    assert check(disarmed)["broken"] == [{"chain": case_id, "seq": 4, "reason": "cut"}]
    shutil.rmtree(disarmed.anchors)
    assert "cut" not in reasons(disarmed), "without anchors a cut that mends the head cannot be seen …"
    assert reasons(disarmed) == {"anchor-missing"}, "… but that anchors are gone is seen"


def test_a_tail_that_was_written_anew_is_found_by_the_anchors(disarmed: House) -> None:
    case_id = case_with(disarmed, 3)
    make_anchor(disarmed)
    forger = Forger(disarmed, case_id)
    forge(forger.rows[2], "payload")
    forger.rehash(2)
    forger.put(head=True)
    assert check(disarmed)["broken"] == [{"chain": case_id, "seq": 4, "reason": "anchored-otherwise"}]


def test_a_whole_case_that_vanished_is_found(disarmed: House) -> None:
    case_id = case_with(disarmed, 1)
    make_anchor(disarmed)
    disarmed.execute(f"DELETE FROM ledger_entry WHERE chain = '{case_id}'")
    assert {(item["chain"], item["reason"]) for item in check(disarmed)["broken"]} == {
        (case_id, "no-entries"),
        (case_id, "cut"),
    }


def test_a_chain_that_no_case_knows_is_found(disarmed: House) -> None:
    case_id = case_with(disarmed, 1)
    disarmed.execute(f"UPDATE ledger_entry SET chain = '{'f' * 32}' WHERE chain = '{case_id}'")
    assert {"no-head", "no-entries", "edited"} == reasons(disarmed)


def test_entries_behind_the_head_of_another_stream_are_found(disarmed: House) -> None:
    disarmed.execute("UPDATE ledger_head SET seq = seq + 1 WHERE chain = 'system'")
    assert check(disarmed)["broken"] == [{"chain": "system", "seq": 2, "reason": "missing-tail"}]


def test_one_case_is_checked_with_those_who_read_it_and_nothing_else(disarmed: House) -> None:
    one, other = case_with(disarmed, 2), case_with(disarmed, 2)
    with disarmed.context() as ctx, unit_of_work(ctx) as unit:
        ledger.append_beside(ctx, unit, stream=Stream.ACCESS, kind="read", payload={}, case_id=one)
    disarmed.execute(f"UPDATE ledger_entry SET actor = 'x' WHERE chain = '{other}'")
    found = check(disarmed, one)
    assert (found["cases"], found["entries"], found["broken"]) == (1, 4, [])
    assert reasons(disarmed, other) == {"edited"}


def test_entries_after_the_last_anchor_are_counted(house: House) -> None:
    case_id = case_with(house, 2)
    make_anchor(house)
    assert check(house)["unanchored"] == 1, "the entry that tells of the anchor itself"
    note(house, case_id, "später")
    assert check(house)["unanchored"] == 2
    assert check(house, case_id)["unanchored"] == 1
    make_anchor(house)
    assert (check(house)["unanchored"], check(house, case_id)["unanchored"]) == (1, 0)


def test_anchors_kept_elsewhere_may_be_older_but_not_other(house: House, tmp_path: Path) -> None:
    case_id = case_with(house, 1)
    make_anchor(house)
    kept = tmp_path / "kept"
    shutil.copytree(house.anchors, kept)
    note(house, case_id, "später")
    make_anchor(house)
    found = check(house, anchors=kept)
    assert (found["broken"], found["anchors"]) == ([], 1)
    assert found["unanchored"] == 3, "one note and two entries about anchors"


def test_an_anchor_that_somebody_else_signed_is_broken(house: House, tmp_path: Path) -> None:
    case_with(house, 1)
    own, house.signer = house.signer, FileSigner(tmp_path / "other.pem")
    make_anchor(house)
    house.signer = own
    assert reasons(house) == {"anchor-key"}


def changed_anchor(house: House, **changes: Any) -> set[str]:
    path = path_of(house.anchors, 1)
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, **changes}), encoding="utf-8")
    return reasons(house)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"made_at": "2020-01-01T00:00:00.000000Z"}, "anchor-signature"),
        ({"signature": "zz"}, "anchor-signature"),
        ({"number": 7}, "anchor-number"),
        ({"chains": {}}, "anchor-root"),
        ({"algorithms": {"hash": "md5", "signature": "ed25519"}}, "anchor-algorithm"),
        ({"previous": "f" * 64}, "anchor-link"),
        ({"surprise": 1}, "anchor-unreadable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_changed_anchor_is_broken(house: House, changes: dict[str, Any], reason: str) -> None:
    case_with(house, 1)
    make_anchor(house)
    found = changed_anchor(house, **changes)
    assert {reason, "anchor-replaced"} <= found
    assert not found & {"cut", "anchored-otherwise"}, "what a changed anchor claims is not held against the ledger"


def test_a_missing_anchor_leaves_a_gap(house: House) -> None:
    case_id = case_with(house, 1)
    for number in range(3):
        note(house, case_id, str(number))
        make_anchor(house)
    path_of(house.anchors, 2).unlink()
    assert sorted((item["seq"], item["reason"]) for item in check(house)["broken"]) == [
        (2, "anchor-missing"),
        (3, "anchor-gap"),
    ]


def test_the_last_anchor_cannot_vanish_unseen(house: House) -> None:
    case_id = case_with(house, 1)
    make_anchor(house)
    note(house, case_id, "später")
    make_anchor(house)
    path_of(house.anchors, 2).unlink()
    assert [(item["seq"], item["reason"]) for item in check(house)["broken"]] == [(2, "anchor-missing")]


def test_a_time_that_runs_backwards_in_a_chain_is_found(disarmed: House) -> None:
    case_id = case_with(disarmed, 2)
    forger = Forger(disarmed, case_id)
    forger.rows[1]["appended_at"] = forger.rows[0]["appended_at"].replace(year=2020)
    forger.rehash(1)
    forger.put(head=True)
    assert check(disarmed)["broken"] == [{"chain": case_id, "seq": 2, "reason": "times"}]


def test_progress_counts_every_entry(house: House) -> None:
    case_with(house, 3)
    told: list[int] = []
    with house.context() as ctx:
        found = verify(ctx, progress=told.append)
        assert sum(told) == found["entries"] <= entry_estimate(ctx)
