"""What follows from the limits: unknown things, the rule of time, repeats, adding up, the referral."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS
from caseapp.domain.thresholds.assess import assess
from caseapp.domain.thresholds.matter import Matter, OtherAct
from caseapp.domain.thresholds.rules import ThresholdBook
from tests.domain.thresholds.matters import TODAY, assessed, book, limb, matter, prior

BEFORE = date(2025, 4, 25)
SINCE = date(2025, 4, 26)
DAY = timedelta(days=1)


# --- unknown is not zero ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "result"),
    [
        pytest.param({"gains": None}, "unknown", id="a missing measure could still meet it"),
        pytest.param({"marks": None, "turnover": 30_000_00}, "unknown", id="the number of marks decides"),
        pytest.param({"marks": None, "turnover": 29_999_99}, "not_shown", id="however many marks there are"),
        pytest.param({"gains": None, "turnover": 50_000_00}, "met", id="met by another measure"),
    ],
)
def test_what_is_not_known_is_never_taken_for_nothing(amounts: dict[str, int | None], result: str) -> None:
    assert limb(assessed(matter("213", amounts=amounts)), "213").result == result


def test_not_shown_needs_every_measure_of_the_limb() -> None:
    for name in ("gains", "turnover", "service_gains"):
        found = assessed(matter("213", amounts={name: None}))
        assert limb(found, "213").result == "unknown"
        assert found.referral == "consider"
    assert assessed(matter("213")).referral == "not_shown"


def test_a_known_part_of_a_sum_may_be_enough() -> None:
    found = assessed(matter("214", amounts={"sales": None, "unsold_value": 150_000_00}))
    assert limb(found, "214").result == "met"


# --- the rule of time -------------------------------------------------------------------------------------------------


def sets_of(told: Matter) -> list[tuple[str, bool]]:
    return [(one.rule_set.id, one.governs) for one in assessed(told).limbs if one.grade == "entry"]


def test_an_act_is_held_against_the_text_of_its_day() -> None:
    assert [one[0] for one in sets_of(matter("213", on=SINCE))] == ["B"]
    assert [one[0] for one in sets_of(matter("213", on=BEFORE, decided_on=BEFORE))] == ["A"]
    assert [one[0] for one in sets_of(matter("213", on=BEFORE))] == ["A", "B"], "pending: the milder one counts"
    straddling = replace(matter("213"), act_from=BEFORE, act_to=SINCE)
    assert sets_of(straddling) == [("A", True), ("B", True)]


def test_the_newer_text_counts_only_where_it_is_shown_to_be_milder() -> None:
    clicks = matter("217", on=date(2024, 5, 1), amounts={"clicks": 60_000})
    found = assessed(clicks)
    assert (limb(found, "217", rule_set="A").result, limb(found, "217", rule_set="B").result) == ("met", "not_shown")
    assert not limb(found, "217", rule_set="A").governs
    assert (found.referral, "sets_disagree" in found.reasons) == ("consider", True)
    unsure = assessed(replace(clicks, amounts={**clicks.amounts, "copies": None}))
    assert unsure.referral == "required", "the text of the act's time counts until the other is shown to be milder"


def test_a_stricter_newer_text_does_not_reach_back() -> None:
    found = assessed(matter("218", on=BEFORE, amounts={"gains": 60_000_00}))
    assert (limb(found, "218", rule_set="A").result, limb(found, "218", rule_set="B").result) == ("not_shown", "met")
    assert (found.referral, found.met) == ("consider", ())


def test_where_the_old_texts_are_silent_the_newer_one_governs_a_pending_case() -> None:
    service = {"service_gains": 50_000_00}
    assert assessed(matter("213", on=date(2021, 3, 1), amounts=service)).referral == "required"
    earlier = assessed(matter("213", on=date(2021, 2, 28), amounts=service))
    assert limb(earlier, "213").result == "not_shown", "services were no crime then"
    secret = assessed(matter("219-1", on=date(2022, 1, 1), amounts={"loss": 300_000_00}))
    assert [(one.rule_set.id, one.governs) for one in secret.limbs if one.grade == "entry"] == [("B", True)]
    assert assessed(matter("219-1", on=date(2021, 2, 28))).limbs == ()


def test_an_act_before_every_text_is_judged_by_the_newest() -> None:
    assert sets_of(matter("213", on=date(2003, 1, 1))) == [("B", True)]


def test_without_its_days_an_act_may_lie_anywhere() -> None:
    undated = replace(matter("218", amounts={"gains": 60_000_00}), act_from=None, act_to=None)
    assert assessed(undated).referral == "consider", "met under one set only"
    undated = replace(undated, amounts={**undated.amounts, "gains": 100_000_00})
    assert assessed(undated).referral == "required", "met under either"
    begun = replace(matter("213"), act_to=None)
    assert sets_of(begun) == [("B", True)]
    ended = replace(matter("213", on=BEFORE), act_from=None)
    assert [one for one, _governs in sets_of(ended)] == ["A", "B"]


# --- repeats ----------------------------------------------------------------------------------------------------------

REPEATS = {
    "on the last day of the two years": (prior("214", date(2023, 5, 10)), "met"),
    "a day too late": (prior("214", date(2023, 5, 9)), "not_shown"),
    "on the day of the punishment itself": (prior("214", date(2025, 5, 10)), "not_shown"),
    "on the day after": (prior("214", date(2025, 5, 9), "criminal"), "met"),
    "of another group": (prior("217", date(2024, 5, 10)), "not_shown"),
    "not prosecuted, which is no punishment": (prior("213", date(2024, 5, 10), "not_prosecuted"), "not_shown"),
    "of which nobody has said whether it fits": (prior("213", date(2024, 5, 10), fits=None), "unknown"),
    "for a mark that was only similar": (prior("213", date(2024, 5, 10), fits=False), "not_shown"),
}


@pytest.mark.parametrize(("earlier", "result"), REPEATS.values(), ids=REPEATS)
def test_an_earlier_punishment_lowers_the_limit_for_two_years(earlier: object, result: str) -> None:
    found = assessed(matter("213", amounts={"turnover": 30_000_00}, priors=(earlier,)))
    assert limb(found, "213").result == result


def test_a_leap_day_ends_two_years_later_on_the_28th() -> None:
    told = matter("213", amounts={"turnover": 30_000_00}, priors=(prior("213", date(2024, 2, 29)),))
    assert limb(assessed(replace(told, act_from=date(2026, 2, 28), act_to=date(2026, 2, 28))), "213").result == "met"
    late = replace(told, act_from=date(2026, 3, 1), act_to=date(2026, 3, 1))
    assert limb(assessed(late), "213").result == "not_shown"


@pytest.mark.parametrize(
    ("act_from", "act_to", "result"),
    [
        pytest.param(date(2025, 5, 1), None, "met", id="surely went on after it"),
        pytest.param(date(2023, 1, 1), None, "unknown", id="nobody knows until when"),
        pytest.param(None, date(2025, 5, 1), "met", id="ended within the two years"),
        pytest.param(None, date(2026, 11, 1), "unknown", id="ended later, begun nobody knows when"),
        pytest.param(date(2024, 1, 1), date(2026, 11, 1), "met", id="spans it"),
    ],
)
def test_days_that_are_not_known_leave_a_repeat_open(act_from: date | None, act_to: date | None, result: str) -> None:
    told = matter("215", amounts={"turnover": 20_000_00}, priors=(prior("213", date(2024, 6, 1)),))
    found = assessed(replace(told, act_from=act_from, act_to=act_to))
    assert limb(found, "215").result == result


def test_nobody_knowing_of_earlier_punishments_is_not_the_same_as_none() -> None:
    told = matter("213", amounts={"turnover": 30_000_00}, priors=None)
    assert limb(assessed(told), "213").result == "unknown"
    unasked = replace(told, priors=(), priors_asked=False)
    assert (limb(assessed(unasked), "213").result, assessed(unasked).referral) == ("not_shown", "consider")


# --- what may lower a result, and says so -----------------------------------------------------------------------------


def test_two_marks_of_one_source_are_one_since_2025() -> None:
    told = matter("213", amounts={"marks": 2, "turnover": 30_000_00})
    assert limb(assessed(told), "213").result == "met"
    lowered = limb(assessed(replace(told, one_source=True)), "213")
    assert lowered.result == "not_shown"
    assert any("同一来源" in str(note) for note in lowered.notes)
    old = replace(told, one_source=True, act_from=BEFORE, act_to=BEFORE, decided_on=BEFORE)
    assert limb(assessed(old), "213", rule_set="A").result == "met", "the old texts do not say so"


def other(**more: object) -> OtherAct:
    told: dict[str, object] = {"label": "甲案", "amounts": {**matter().amounts, "turnover": 20_000_00, "marks": 0}}
    return OtherAct(**{**told, "act_to": date(2025, 3, 1), **more})  # type: ignore[arg-type]


OTHERS = {
    "not dealt with": (other(), "met", "累计计入"),
    "already punished": (other(dealt_with=True), "not_shown", "已经处理"),
    "time-barred": (other(prosecutable=False), "not_shown", "追诉期限"),
    "perhaps dealt with": (other(dealt_with=None), "unknown", "暂未计入"),
}


@pytest.mark.parametrize(("act", "result", "note"), OTHERS.values(), ids=OTHERS)
def test_acts_that_nobody_dealt_with_are_added_up(act: OtherAct, result: str, note: str) -> None:
    shown = limb(assessed(matter("213", amounts={"turnover": 30_000_00}, other_acts=(act,))), "213")
    assert shown.result == result
    assert any(note in str(one) for one in shown.notes)
    assert shown.counted == (("甲案",) if result == "met" else ())


@pytest.mark.parametrize(
    ("act_to", "result"),
    [(date(2022, 5, 1), "met"), (date(2022, 4, 30), "not_shown"), (None, "unknown")],
    ids=["within two years", "a day earlier", "nobody knows when"],
)
def test_until_2025_only_acts_within_two_years_were_added(act_to: date | None, result: str) -> None:
    day = date(2024, 5, 1)
    told = matter("213", on=day, decided_on=day, amounts={"turnover": 30_000_00}, other_acts=(other(act_to=act_to),))
    assert limb(assessed(told), "213", rule_set="A").result == result


def test_marks_of_several_cases_may_be_the_same_and_are_not_added() -> None:
    act = other(amounts={**matter().amounts, "marks": 1})
    assert limb(assessed(matter("213", amounts={"turnover": 30_000_00}, other_acts=(act,))), "213").result == "unknown"
    more = other(amounts={**matter().amounts, "marks": 2})
    assert limb(assessed(matter("213", amounts={"turnover": 30_000_00}, other_acts=(more,))), "213").result == "met"


def test_unknown_amounts_of_another_act_leave_the_sum_open() -> None:
    act = other(amounts={"turnover": None, "gains": 0, "service_gains": 0, "marks": 0})
    assert limb(assessed(matter("213", other_acts=(act,))), "213").result == "unknown"


# --- suspicion and referral -------------------------------------------------------------------------------------------

SUSPICIONS = {
    "reasonable, and the police are needed": (True, True, "met", "required"),
    "no reasonable suspicion": (False, None, "not_shown", "not_shown"),
    "no need of the police": (None, False, "not_shown", "not_shown"),
    "nobody has said": (None, None, "unknown", "consider"),
    "half said": (True, None, "unknown", "consider"),
}


@pytest.mark.parametrize(("reasonable", "needed", "result", "referral"), SUSPICIONS.values(), ids=SUSPICIONS)
def test_suspicion_obliges_below_every_limit(
    reasonable: bool | None, needed: bool | None, result: str, referral: str
) -> None:
    found = assessed(matter("216", reasonable=reasonable, police_measures_needed=needed))
    assert (found.suspicion.result, found.referral) == (result, referral)
    assert found.suspicion.provision is not None
    assert found.suspicion.provision.told.endswith("第3条第2款")


def test_suspicion_alone_obliges_only_since_2020() -> None:
    day = date(2020, 8, 6)
    found = assessed(matter("216", on=day, decided_on=day, reasonable=True, police_measures_needed=True))
    assert (found.suspicion.result, found.suspicion.in_force) == ("not_shown", False)


@pytest.mark.parametrize(("turnover", "referral"), [(40_000_00, "consider"), (39_999_99, "not_shown")])
def test_four_fifths_of_a_limit_warn(turnover: int, referral: str) -> None:
    found = assessed(matter("213", amounts={"turnover": turnover}))
    assert found.referral == referral
    assert bool(limb(found, "213").near) is (referral == "consider")


def test_an_empty_book_shows_nothing_and_no_rule_of_suspicion() -> None:
    found = assess(ThresholdBook(), Matter(), today=TODAY)
    assert (found.limbs, found.referral) == ((), "not_shown")


def test_a_book_without_rules_of_repeat_or_adding_up_leaves_both_out() -> None:
    bare = replace(book(), repeat=None, adding_up={})
    told = matter("213", amounts={"turnover": 30_000_00}, other_acts=(other(),))
    found = assess(bare, replace(told, priors=(prior("213", date(2024, 6, 1)),)), today=TODAY)
    assert limb(found, "213").result == "not_shown"


# --- monotone ---------------------------------------------------------------------------------------------------------

_RANK = {"not_shown": 0, "unknown": 1, "consider": 1, "met": 2, "required": 2}
_NAMES = (*MONEY_AMOUNTS, *COUNT_AMOUNTS)
_LIMITS = sorted(
    {item.limit for item in book().thresholds}
    | {half.limit for rule in book().halves for item in rule.items for half in item}
)


@st.composite
def amounts(draw: st.DrawFn) -> dict[str, int | None]:
    near = st.sampled_from(_LIMITS).flatmap(lambda limit: st.sampled_from([limit // 2, limit - 1, limit]))
    value = st.none() | st.just(0) | near
    found = {name: draw(value) for name in _NAMES}
    return {**found, "marks": draw(st.sampled_from([None, 0, 1, 2])), "patents": draw(st.sampled_from([None, 1, 2]))}


@settings(max_examples=60, deadline=None)
@given(
    told=amounts(),
    more=st.dictionaries(st.sampled_from(_NAMES), st.sampled_from([1, 2, *_LIMITS]), min_size=1, max_size=3),
    day=st.sampled_from([date(2006, 1, 1), date(2015, 1, 1), date(2022, 1, 1), BEFORE, SINCE, date(2026, 1, 1)]),
    span=st.sampled_from([0, 1, 400]),
    one_source=st.sampled_from([None, True]),
    priors=st.sampled_from([None, (), (prior("213", date(2024, 6, 1)), prior("217", date(2024, 6, 1)))]),
)
def test_more_of_anything_never_lowers_a_result(
    told: dict[str, int | None], more: dict[str, int], day: date, span: int, one_source: bool | None, priors: object
) -> None:
    less = Matter(
        act_from=day, act_to=day + span * DAY, amounts=told, one_source=one_source,
        priors=priors,  # type: ignore[arg-type]
        reasonable=False, flags=matter().flags,
    )  # fmt: skip
    known = {name: value for name, value in told.items() if value is not None}
    raised = {**told, **{name: known[name] + extra for name, extra in more.items() if name in known}}
    before, after = assessed(less), assessed(replace(less, amounts=raised))
    assert _RANK[after.referral] >= _RANK[before.referral]
    for one, other_one in zip(before.limbs, after.limbs, strict=True):
        assert (one.offence, one.rule_set, one.grade) == (other_one.offence, other_one.rule_set, other_one.grade)
        assert _RANK[other_one.result] >= _RANK[one.result]
        if one.grade == "upper" and one.result == "met":
            assert limb(before, one.offence, rule_set=one.rule_set.id).result == "met"


@settings(max_examples=40, deadline=None)
@given(told=amounts(), name=st.sampled_from(_NAMES), value=st.sampled_from([0, *_LIMITS]))
def test_learning_an_amount_never_takes_back_what_is_met(told: dict[str, int | None], name: str, value: int) -> None:
    known = {**told, name: value} if told[name] is None else told
    before = assessed(Matter(act_from=SINCE, act_to=SINCE, amounts=told, priors=()))
    after = assessed(Matter(act_from=SINCE, act_to=SINCE, amounts=known, priors=()))
    for one, other_one in zip(before.limbs, after.limbs, strict=True):
        assert one.result != "met" or other_one.result == "met"
