"""The order of the list "should have been transferred" follows from facts, and more of them never lowers a row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.supervision.ranking import FindingKind, Grounds, weight

LIMB, SILENCE, REFUSAL, REPEATED = FindingKind.LIMB, FindingKind.SILENCE, FindingKind.REFUSAL, FindingKind.REPEATED

KNOWN = st.builds(
    Grounds,
    kind=st.sampled_from(FindingKind),
    permille=st.integers(0, 50_000),
    fined=st.booleans(),
    lowered=st.booleans(),
    wordless=st.booleans(),
    cases=st.integers(1, 40),
    confidence=st.sampled_from(["verified", "secondary", "recalled_high", "recalled_medium", "uncertain", "design"]),
)


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        (Grounds(LIMB), Grounds(REFUSAL, 9000, wordless=True)),
        (Grounds(REFUSAL), Grounds(SILENCE, 9000)),
        (Grounds(SILENCE), Grounds(REPEATED, 999)),
        (Grounds(LIMB, 1000, fined=True), Grounds(LIMB, 1000)),
        (Grounds(LIMB, 3000), Grounds(LIMB, 1000)),
        (Grounds(LIMB, 1000), Grounds(LIMB, 9000, fined=True, lowered=True)),
        (Grounds(REFUSAL, wordless=True), Grounds(REFUSAL)),
        (Grounds(REPEATED, 900, cases=5), Grounds(REPEATED, 999, cases=2)),
        (Grounds(LIMB, 1000), Grounds(LIMB, 1000, confidence="recalled_high")),
        (Grounds(LIMB, 1000, confidence="recalled_high"), Grounds(LIMB, 1000, confidence="uncertain")),
    ],
    ids=[
        "a met limb before every refusal",
        "a refusal without reasons before silence",
        "silence before a repetition",
        "a fine in place of the transfer",
        "three times the limit before the limit",
        "what was lowered later behind what stands",
        "no word at all before an empty phrase",
        "five cases before two",
        "a text that was read before one from memory",
        "a sure memory before a doubtful one",
    ],
)
def test_the_graver_row_stands_higher(higher: Grounds, lower: Grounds) -> None:
    assert weight(higher) > weight(lower)


def test_ten_times_a_limit_and_more_weigh_the_same() -> None:
    assert weight(Grounds(LIMB, 10_000)) == weight(Grounds(LIMB, 90_000))


@given(KNOWN, st.integers(0, 50_000), st.integers(0, 40))
def test_no_further_amount_case_or_fine_lowers_a_row(known: Grounds, more: int, cases: int) -> None:
    for graver in (
        replace(known, permille=known.permille + more),
        replace(known, cases=known.cases + cases),
        replace(known, fined=True),
        replace(known, wordless=True),
        replace(known, lowered=False),
    ):
        assert weight(graver) >= weight(known)


@given(KNOWN)
def test_a_row_that_nobody_touched_is_never_behind_a_less_grave_kind(known: Grounds) -> None:
    if not known.lowered and known.kind is LIMB:
        assert weight(known) > weight(replace(known, kind=REPEATED))
