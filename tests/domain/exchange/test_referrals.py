"""What a record tells of a referral, held against what is known of it: the superset rule, and where new acts stand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from caseapp.domain.events import Precision, legal_date, start_of
from caseapp.domain.exchange.referrals import KnownReferral, ReferralAct, ToldReferral, pairs, placed

DAY, MONTH, YEAR, UNKNOWN = Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.UNKNOWN


def act(name: str, on: str, precision: Precision = DAY) -> ReferralAct:
    return ReferralAct(name, date.fromisoformat(on), precision, {})


def told(*acts: ReferralAct, procedure: str = "referral") -> ToldReferral:
    return ToldReferral(procedure, acts)


def known(*acts: ReferralAct, name: str = "p") -> KnownReferral:
    """Return a referral as it stands in the ledger once its acts were taken over."""
    found = placed(told(*acts), None)
    assert isinstance(found, list)
    return KnownReferral(name, "referral", 1, tuple((one, at) for one, at in found if at is not None))


HANDED, SIGNED, FILED = (
    act("hand_over", "2026-03-05"),
    act("sign_receipt", "2026-03-06"),
    act("file_case", "2026-03-08"),
)


def days(found: object) -> list[date | None]:
    assert isinstance(found, list)
    instants = [at for _act, at in found if at is not None]
    assert instants == sorted(set(instants)), "no two at one instant, and in the order told"
    return [legal_date(at) if at is not None else None for _act, at in found]


def test_a_known_referral_is_found_where_all_its_acts_are_told_the_longest_first() -> None:
    short, long = known(HANDED, name="short"), known(HANDED, SIGNED, name="long")
    both = [told(HANDED, SIGNED), told(HANDED, FILED)]
    assert pairs([short, long], both) == {0: long, 1: short}
    assert pairs([short, long], [told(HANDED, SIGNED)]) == HANDED
    assert pairs([long], [told(HANDED)]) == SIGNED
    assert pairs([long], [told(HANDED, SIGNED, procedure="reverse_referral")]) == HANDED
    assert pairs([], both) == {}


@pytest.mark.parametrize(
    ("acts", "on"),
    [
        ((HANDED, SIGNED), ["2026-03-05", "2026-03-06"]),
        ((HANDED, act("sign_receipt", "2026-03-05")), ["2026-03-05", "2026-03-05"]),
        ((HANDED, act("sign_receipt", "2026-03-01", MONTH)), ["2026-03-05", "2026-03-05"]),
        ((act("hand_over", "2026-01-01", YEAR), SIGNED), ["2026-01-01", "2026-03-06"]),
        ((act("hand_over", "2026-11-01", UNKNOWN), SIGNED), ["2026-03-06", "2026-03-06"]),
        ((act("hand_over", "2026-02-01", UNKNOWN),), ["2026-02-01"]),
        ((HANDED, act("sign_receipt", "2026-11-01", UNKNOWN), FILED), ["2026-03-05", "2026-03-08", "2026-03-08"]),
    ],
    ids=["days", "one day", "a month", "a year", "bounded by the next", "by a day", "between two"],
)
def test_acts_stand_in_the_order_in_which_they_are_told(acts: tuple[ReferralAct, ...], on: list[str]) -> None:
    assert days(placed(told(*acts), None)) == [date.fromisoformat(one) for one in on]


@pytest.mark.parametrize("vague", [(DAY, "2026-03-04"), (MONTH, "2026-02-01"), (YEAR, "2025-01-01")], ids=str)
def test_an_act_dated_before_the_one_told_before_it_is_named(vague: tuple[Precision, str]) -> None:
    wrong = act("sign_receipt", vague[1], vague[0])
    assert placed(told(HANDED, wrong), None) == wrong


def test_known_acts_keep_their_instants_and_new_ones_go_between() -> None:
    same_day = [act(name, "2026-03-05") for name in ("hand_over", "sign_receipt", "file_case")]
    for missing in range(3):
        here = known(*(one for place, one in enumerate(same_day) if place != missing))
        found = placed(told(*same_day), here)
        assert days(found)[missing] == date(2026, 3, 5)
        assert isinstance(found, list)
        new = found[missing][1]
        instants = [at for _one, at in here.acts]
        assert new is not None
        assert sorted([*instants, new]).index(new) == missing
    assert placed(told(SIGNED, HANDED), known(HANDED, SIGNED)) == HANDED, "known acts may not change places"


def test_an_act_without_a_day_is_the_same_whatever_bounds_it() -> None:
    one, other = act("hand_over", "2026-03-05", UNKNOWN), act("hand_over", "2026-04-01", UNKNOWN)
    assert one.identity == other.identity != HANDED.identity
    assert [one.on_text, act("x", "2026-03-01", MONTH).on_text, act("x", "2026-01-01", YEAR).on_text] == [
        "",
        "2026-03",
        "2026",
    ]
    found = placed(told(one), None)
    assert found == [(one, start_of(one.on) + timedelta(seconds=1))]
    assert isinstance(found[0][1], datetime)
