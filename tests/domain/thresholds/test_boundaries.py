"""Every limit of the law, one fen or one piece on either side, against a table written by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from caseapp.domain.thresholds.rules import Condition
from tests.domain.thresholds.matters import assessed, book, limb, matter, prior
from tests.domain.thresholds.table import Row, rows

TABLE = tuple(rows())
YEAR = timedelta(days=365)


def amounts_of(row: Row, total: int) -> dict[str, int]:
    """Return amounts that make up a total: a sum is split so that neither part reaches its own limit."""
    first, _plus, second = row.measure.partition("+")
    if not second:
        return {first: total}
    part = row.limit // 4
    return {first: part, second: total - part}


def result_at(row: Row, total: int) -> tuple[str, tuple[tuple[str, int, str], ...]]:
    amounts: dict[str, int] = amounts_of(row, total)
    if row.condition == "plural":
        amounts |= {"marks": 2, "patents": 2}
    priors = (prior(row.offence, row.on - YEAR),) if row.condition == "repeat" else ()
    flags = {"seller_of_others_labels": True, "circumvention_helper": False, "bankruptcy_caused": False}
    decided = date(2025, 4, 25) if row.set == "A" else None
    found = assessed(matter(row.offence, on=row.on, amounts=amounts, priors=priors, flags=flags, decided_on=decided))
    assert {one.rule_set.id for one in found.limbs} == {row.set}
    shown = limb(found, row.offence, row.grade, row.set)
    return shown.result, tuple((one.measure, one.limit, one.condition) for one in shown.fired)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_limit_is_met_by_its_own_amount_and_by_nothing_below(row: Row) -> None:
    below, fired_below = result_at(row, row.limit - 1)
    assert (below, fired_below) == ("not_shown", ())
    at, fired = result_at(row, row.limit)
    assert at == "met"
    assert (row.measure, row.limit, row.condition) in fired
    above, _fired = result_at(row, row.limit + 1)
    assert above == "met"


def test_the_file_holds_no_limit_that_the_table_does_not_know() -> None:
    known = {(row.offence, row.set, row.grade, row.condition, row.measure, row.limit) for row in TABLE}
    for item in book().thresholds:
        if item.measure == ("bankruptcy_caused",):
            continue
        told = (item.offence, item.set, item.grade, item.condition, "+".join(item.measure), item.limit)
        assert told in known, told


def test_a_condition_never_makes_a_limit_higher_than_without_it() -> None:
    base = {
        (item.offence, item.set, item.grade, item.measure, item.needs): item.limit
        for item in book().thresholds
        if item.column is Condition.BASE and item.last is None
    }
    for item in book().thresholds:
        assert item.limit <= base.get((item.offence, item.set, item.grade, item.measure, item.needs), item.limit) or (
            item.last is not None
        )


@pytest.mark.parametrize("offence", ["216", "218"])
def test_offences_of_one_grade_have_no_upper_limit_invented(offence: str) -> None:
    found = assessed(matter(offence, amounts={"turnover": 10**12, "gains": 10**12, "sales": 10**12}))
    assert {one.grade for one in found.limbs} == {"entry"}


def test_labels_not_yet_sold_count_apart_only_for_who_sells_those_of_others() -> None:
    amounts = {"unsold_pieces": 30_000}
    for answer, result in ((True, "met"), (False, "not_shown"), (None, "unknown")):
        flags = {"seller_of_others_labels": answer, "circumvention_helper": False, "bankruptcy_caused": False}
        assert limb(assessed(matter("215", amounts=amounts, flags=flags)), "215").result == result


def test_who_helps_to_get_round_protection_is_held_against_the_same_amounts() -> None:
    flags = {"seller_of_others_labels": False, "circumvention_helper": True, "bankruptcy_caused": False}
    shown = limb(assessed(matter("217", amounts={"gains": 30_000_00}, flags=flags)), "217")
    assert [one.provision.article for one in shown.fired] == ["13(1)", "13(2)"]


@pytest.mark.parametrize(
    ("on", "entry", "upper"),
    [
        pytest.param(date(2020, 9, 13), "not_shown", "not_shown", id="until 2020-09-13 only the loss counted"),
        pytest.param(date(2020, 9, 14), "met", "not_shown", id="from 2020-09-14 a bankruptcy is enough for a crime"),
        pytest.param(date(2025, 4, 26), "met", "met", id="from 2025-04-26 it is grave"),
    ],
)
def test_a_bankruptcy_caused_counts_by_the_text_of_its_time(on: date, entry: str, upper: str) -> None:
    flags = {"seller_of_others_labels": False, "circumvention_helper": False, "bankruptcy_caused": True}
    set_id = "A" if on < date(2025, 4, 26) else "B"
    decided = date(2025, 4, 25) if set_id == "A" else None
    found = assessed(matter("219", on=on, flags=flags, decided_on=decided))
    assert (limb(found, "219", "entry", set_id).result, limb(found, "219", "upper", set_id).result) == (entry, upper)


HALVES = {
    "turnover and copies": ({"turnover": 25_000_00, "copies": 250}, "met"),
    "turnover and clicks": ({"turnover": 25_000_00, "clicks": 50_000}, "met"),
    "copies and members": ({"copies": 250, "members": 500}, "met"),
    "a fen short of the one half": ({"turnover": 25_000_00 - 1, "copies": 250}, "not_shown"),
    "a copy short of the other half": ({"turnover": 25_000_00, "copies": 249}, "not_shown"),
    "two halves within one item": ({"works": 250, "downloads": 5_000}, "not_shown"),
    "gains, which are no item": ({"gains": 15_000_00, "copies": 250}, "not_shown"),
}


@pytest.mark.parametrize(("amounts", "result"), HALVES.values(), ids=HALVES)
def test_two_items_reached_by_half_are_a_crime_of_217(amounts: dict[str, int], result: str) -> None:
    found = assessed(matter("217", amounts=amounts))
    assert limb(found, "217").result == result
    if result == "met":
        assert all(one.half for one in limb(found, "217").fired)
        assert found.referral == "required"


def test_two_halves_within_one_item_are_shown_as_near() -> None:
    found = assessed(matter("217", amounts={"works": 250, "downloads": 5_000}))
    assert limb(found, "217").warns
    assert (found.referral, found.reasons) == ("consider", ("half_near",))


def test_the_same_amount_of_a_repeat_offender_makes_no_two_halves() -> None:
    repeat = (prior("217", date(2024, 6, 1)),)
    found = assessed(matter("217", amounts={"turnover": 25_000_00}, priors=repeat))
    assert limb(found, "217").result == "not_shown"
    assert "half_near" in found.reasons
    found = assessed(matter("217", amounts={"turnover": 15_000_00, "copies": 250}, priors=repeat))
    assert limb(found, "217").result == "met"


def test_until_2025_the_network_counts_were_items_of_their_own() -> None:
    told = matter("217", on=date(2024, 5, 1), decided_on=date(2024, 9, 1), amounts={"works": 250, "clicks": 25_000})
    assert limb(assessed(told), "217", rule_set="A").result == "met"
