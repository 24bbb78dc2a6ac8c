"""Anchors: signed, numbered, linked, and written only where something happened."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.domain.errors import ExternalError
from caseapp.domain.ledger import GENESIS, canonical, merkle_root
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.anchor_files import numbers_in, path_of
from caseapp.queries.ledger_check import verify
from caseapp.services import ledger_anchor
from caseapp.services.case_note import add
from caseapp.services.ledger_anchor import AnchorResult, anchor
from tests.support.spine import House


def make(house: House) -> AnchorResult:
    with house.context() as ctx:
        return anchor(ctx)


def read(house: House, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path_of(house.anchors, number).read_text(encoding="utf-8"))
    return found


def note(house: House, case_id: str) -> None:
    with house.context() as ctx:
        add(ctx, case_id, "备注")


def sound(house: House) -> bool:
    with house.context() as ctx:
        return not verify(ctx)["broken"]


def test_an_anchor_tells_how_far_each_chain_has_come_and_names_its_algorithms(house: House) -> None:
    case_id = house.register().id
    note(house, case_id)
    assert make(house) == AnchorResult((1,), 2, 3)
    told = read(house, 1)
    with house.context() as ctx:
        heads = {
            row.chain: [row.seq, row.hash]
            for row in ctx.session.execute(
                select(LedgerEntry.chain, LedgerEntry.seq, LedgerEntry.hash)
                .where(LedgerEntry.kind != "anchored")
                .order_by(LedgerEntry.seq)
            )
        }
    assert told["chains"] == heads
    assert told["counts"] == {"chains": 2, "entries": 3}
    assert (told["number"], told["previous"]) == (1, GENESIS)
    assert told["algorithms"] == {"hash": "sha256", "signature": "ed25519"}
    assert told["root"] == merkle_root([f"{chain} {seq} {last}" for chain, (seq, last) in sorted(heads.items())])


def test_the_signature_covers_everything_else_in_the_file(house: House) -> None:
    house.register()
    make(house)
    told = read(house, 1)
    signature = bytes.fromhex(told.pop("signature"))
    assert told["public_key"] == house.signer.public_key()
    assert house.signer.verify(canonical(told).encode(), signature)


def test_only_what_grew_is_told_again_and_each_file_names_the_one_before(house: House) -> None:
    one, other = house.register().id, house.register().id
    make(house)
    note(house, one)
    assert make(house) == AnchorResult((2,), 2, 2), "the case, and the system stream that told of the first anchor"
    told = read(house, 2)
    assert set(told["chains"]) == {one, "system"}
    assert other not in told["chains"]
    assert told["previous"] == hashlib.sha256(path_of(house.anchors, 1).read_bytes()).hexdigest()
    assert told["counts"] == {"chains": 3, "entries": 5}


def test_where_nothing_happened_no_file_is_written(house: House) -> None:
    house.register()
    make(house)
    assert [make(house) for _ in range(3)] == [AnchorResult()] * 3
    assert numbers_in(house.anchors) == [1]


def test_each_anchor_is_told_in_the_system_stream(house: House) -> None:
    house.register()
    make(house)
    with house.context() as ctx:
        payload = ctx.session.execute(select(LedgerEntry.payload).where(LedgerEntry.kind == "anchored")).scalar_one()
    told = json.loads(payload)
    assert told["number"] == 1
    assert told["sha256"] == hashlib.sha256(path_of(house.anchors, 1).read_bytes()).hexdigest()


def test_a_large_growth_becomes_several_anchors_in_a_row(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_anchor, "CHAINS_IN_ONE_ANCHOR", 4)
    monkeypatch.setattr(ledger_anchor, "_AT_ONCE", 3)
    cases = {house.register().id for _ in range(10)}
    result = make(house)
    assert (result.numbers, result.chains) == ((1, 2, 3), 11)
    told = [read(house, number)["chains"] for number in result.numbers]
    assert cases < {chain for chains in told for chain in chains}
    assert [len(chains) for chains in told] == [4, 4, 3]
    assert sound(house)


def test_after_a_crash_between_file_and_database_the_next_anchor_goes_on(house: House) -> None:
    """The file is there, nothing in the database knows of it."""
    case_id = house.register().id
    make(house)
    note(house, case_id)
    with house.context() as ctx:
        before = {path.name: path.read_bytes() for path in house.anchors.iterdir()}
        with pytest.MonkeyPatch.context() as patch:

            def cut_off(*_args: object) -> None:
                raise KeyboardInterrupt

            patch.setattr(ledger_anchor, "unit_of_work", cut_off)
            with pytest.raises(KeyboardInterrupt):
                anchor(ctx)
    assert numbers_in(house.anchors) == [1, 2]
    assert before.items() <= {path.name: path.read_bytes() for path in house.anchors.iterdir()}.items()
    assert make(house).numbers == (3,)
    assert sound(house)


def test_numbers_never_start_again_where_files_were_lost(house: House) -> None:
    case_id = house.register().id
    make(house)
    path_of(house.anchors, 1).unlink()
    note(house, case_id)
    assert make(house).numbers == (2,)
    with house.context() as ctx:
        assert {item["reason"] for item in verify(ctx)["broken"]} == {"anchor-gap", "anchor-missing"}


def test_several_processes_that_anchor_at_once_do_not_disturb_each_other(house: House) -> None:
    for _ in range(5):
        house.register()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: make(house), range(4)))
    assert [result.numbers for result in results if result.numbers] == [(1,)]
    assert sound(house)


def test_a_folder_that_cannot_be_written_is_said_in_words(house: House) -> None:
    house.register()
    house.anchors.parent.mkdir(exist_ok=True)
    house.anchors.write_text("in the way", encoding="utf-8")
    with pytest.raises(ExternalError, match="无法写入锚定文件夹"):
        make(house)


def test_a_ledger_with_nothing_in_it_needs_no_anchor(house: House) -> None:
    make(house)
    assert numbers_in(house.anchors) == [1], "the entry about the organs is there from the start"
    assert sound(house)
