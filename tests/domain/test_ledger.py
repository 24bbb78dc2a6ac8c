"""The form that is hashed, the chain, and the tree over heads."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.ledger import (
    GENESIS,
    SealedEntry,
    canonical,
    commitment,
    entry_hash,
    instant_text,
    merkle_root,
    verify_chain,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def chain_of(payloads: list[str]) -> list[SealedEntry]:
    made: list[SealedEntry] = []
    for seq, payload in enumerate(payloads, start=1):
        fields = {
            "chain": "c",
            "seq": seq,
            "stream": "case",
            "kind": "noted",
            "case_id": "c",
            "actor": "a",
            "occurred_at": START,
            "precision": "instant",
            "recorded_at": START,
            "appended_at": START + timedelta(seconds=seq),
            "payload": payload,
            "prev_hash": made[-1].hash if made else GENESIS,
        }
        made.append(SealedEntry(**fields, hash=entry_hash(**fields)))  # type: ignore[arg-type]
    return made


@given(value=JSON)
def test_the_canonical_form_does_not_depend_on_the_order_of_keys(value: object) -> None:
    def turned(item: object) -> object:
        if isinstance(item, dict):
            return {key: turned(inner) for key, inner in reversed(item.items())}
        return [turned(inner) for inner in item] if isinstance(item, list) else item

    assert canonical(turned(value)) == canonical(value)


@given(value=JSON)
def test_the_canonical_form_is_one_line(value: object) -> None:
    assert "\n" not in canonical(value)


@pytest.mark.parametrize("value", [1.0, {"a": [1.5]}, [float("nan")], ({"b": 2.0},)])
def test_a_float_has_no_canonical_form(value: object) -> None:
    with pytest.raises(ValueError, match="float"):
        canonical(value)


def test_hanzi_are_kept_and_keys_sorted() -> None:
    assert canonical({"b": "护航", "a": None}) == '{"a":null,"b":"护航"}'


def test_an_instant_is_hashed_alike_in_every_zone() -> None:
    in_china = START.astimezone(timezone(timedelta(hours=8)))
    assert instant_text(in_china) == instant_text(START) == "2026-03-02T01:00:00.000000Z"


def test_a_chain_that_was_made_by_the_rules_is_sound() -> None:
    entries = chain_of(["{}", '{"a":1}', "{}"])
    assert verify_chain(entries) == ([], 3, entries[-1].hash)
    assert verify_chain([]) == ([], 0, GENESIS)


@given(length=st.integers(1, 6), data=st.data())
def test_any_change_of_any_field_is_found(length: int, data: st.DataObject) -> None:
    entries = chain_of([canonical({"n": number}) for number in range(length)])
    place = data.draw(st.integers(0, length - 1))
    change = data.draw(
        st.sampled_from(
            [
                {"payload": '{"n":-1}'},
                {"actor": "b"},
                {"kind": "acted"},
                {"chain": "d"},
                {"stream": "system"},
                {"case_id": None},
                {"precision": "day"},
                {"occurred_at": START + timedelta(microseconds=1)},
                {"recorded_at": START + timedelta(microseconds=1)},
                {"appended_at": START + timedelta(days=1)},
                {"prev_hash": "f" * 64},
                {"hash": "f" * 64},
                {"algorithm": "md5"},
                {"seq": 99},
            ]
        )
    )
    entries[place] = replace(entries[place], **change)
    breaches, _, _ = verify_chain(entries)
    assert breaches


@given(length=st.integers(2, 6), data=st.data())
def test_a_missing_or_misplaced_entry_is_found(length: int, data: st.DataObject) -> None:
    entries = chain_of(["{}"] * length)
    place = data.draw(st.integers(0, length - 2))
    if data.draw(st.booleans()):
        del entries[place]
    else:
        entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert verify_chain(entries)[0]


@given(leaves=st.lists(st.text(), min_size=1, max_size=9), data=st.data())
def test_the_tree_changes_with_every_leaf(leaves: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves]
    changed[place] += "x"
    assert merkle_root(changed) != merkle_root(leaves)
    assert merkle_root([*leaves, leaves[-1]]) != merkle_root(leaves)


def test_a_leaf_is_no_node() -> None:
    one = hashlib.sha256(b"\x00a").digest()
    assert merkle_root(["a"]) == one.hex()
    assert merkle_root(["a", "a"]) == hashlib.sha256(b"\x01" + one + one).hexdigest()
    assert merkle_root([]) == hashlib.sha256(b"").hexdigest()


def test_a_commitment_names_its_algorithm_and_depends_on_the_salt() -> None:
    assert commitment("s", "v").startswith("sha256:")
    assert commitment("s", "v") != commitment("t", "v")
