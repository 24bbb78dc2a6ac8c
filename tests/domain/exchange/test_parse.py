from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from caseapp.domain.errors import InputError, Message
from caseapp.domain.events import MilestoneKind, Precision
from caseapp.domain.exchange.parse import external_id_of, parse_record
from caseapp.domain.exchange.record import LapseKind


def test_the_example_of_the_format_is_read_in_full(read):
    record = read()
    assert record.external_id == "NT-2025-000123"
    assert record.amounts == {"turnover": 9_735_300, "gains": None, "marks": 1}
    assert record.ip_types == ("trademark",)
    assert record.goods[0].unit_price_fen == 9_990
    filed = record.milestones[1]
    assert (filed.kind, filed.on, filed.precision) == (MilestoneKind.FILED, date(2025, 3, 10), Precision.DAY)
    assert filed.recorded_at == datetime(2025, 3, 12, 1, tzinfo=UTC)
    assert record.milestones[2].details == {"reason": "appraisal"}
    assert record.lapses == ()


def test_only_the_required_keys_are_asked(divisions, now):
    record = parse_record(
        {
            "external_id": "A",
            "procedure": "p",
            "division": "320612",
            "ip_types": ["other"],
            "milestones": [{"kind": "filed", "on": "2025-01-02"}],
        },
        now=now,
        divisions=divisions,
    )
    assert record.organ is None
    assert record.amounts == {}
    assert record.given == {"external_id", "procedure", "division", "ip_types", "milestones"}


@pytest.mark.parametrize("key", ["external_id", "procedure", "division", "ip_types", "milestones"])
@pytest.mark.parametrize("nothing", [..., None], ids=["absent", "null"])
def test_a_required_key_that_is_missing_is_named(read, key, nothing):
    with pytest.raises(InputError) as refused:
        read(**{key: nothing})
    assert refused.value.field == key


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"external_id": "  "}, "external_id"),
        ({"external_id": 7}, "external_id"),
        ({"external_id": " A"}, "external_id"),
        ({"external_id": "A\nB"}, "external_id"),
        ({"external_id": "A" * 201}, "external_id"),
        ({"external_id": "A\x00"}, "external_id"),
        ({"title": "\ud800"}, "title"),
        ({"procedure": ["penalty_general"]}, "procedure"),
        ({"division": "32061"}, "division"),
        ({"division": "3206123"}, "division"),
        ({"division": "990000"}, "division"),
        ({"division": 320612}, "division"),
        ({"ip_types": "trademark"}, "ip_types"),
        ({"ip_types": []}, "ip_types"),
        ({"ip_types": ["trademark", "trademark"]}, "ip_types[1]"),
        ({"ip_types": ["mark"]}, "ip_types[0]"),
        ({"ip_types": [["trademark"]]}, "ip_types[0]"),
        ({"campaigns": ["a|b"]}, "campaigns[0]"),
        ({"campaigns": "huhang"}, "campaigns"),
        ({"parties": [{"role": "respondent", "kind": "firm", "name": "A"}]}, "parties[0].kind"),
        ({"parties": [{"role": "respondent", "kind": "person"}]}, "parties[0].name"),
        ({"parties": [{"kind": "person", "name": "A"}]}, "parties[0].role"),
        ({"parties": ["A"]}, "parties[0]"),
        ({"rights": [{"kind": "mark", "number": "1"}]}, "rights[0].kind"),
        ({"rights": [{"number": "1"}]}, "rights[0].kind"),
        ({"goods": [{"name": "A", "quantity": 1.5}]}, "goods[0].quantity"),
        ({"goods": [{"name": "A", "value": -1}]}, "goods[0].value"),
        ({"act_from": "2025-03"}, "act_from"),
        ({"act_to": "2027-01-01"}, "act_to"),
        ({"act_from": "2025-03-02", "act_to": "2025-03-01"}, "act_to"),
        ({"milestones": []}, "milestones"),
        ({"milestones": {"kind": "filed"}}, "milestones"),
        ({"extra": {"$number": "1"}}, "extra.$number"),
        ({"steps": [{"action": "file", "actor": "a"}]}, "steps[0].at"),
        ({"steps": [{"action": "file", "actor": "a", "at": "2027-01-01T00:00:00Z"}]}, "steps[0].at"),
        ({"steps": [{"action": "file", "actor": "a", "at": "2025-01-01T00:00:00Z", "form": {}}]}, "steps[0].form"),
    ],
)
def test_a_wrong_value_is_refused_with_its_path(read, change, field):
    with pytest.raises(InputError) as refused:
        read(**change)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("written", "amount_fen"),
    [
        (Decimal("97353.00"), 9_735_300),
        (Decimal("97353"), 9_735_300),
        (97353, 9_735_300),
        (0, 0),
        (Decimal("0.1"), 10),
        (Decimal("1E+3"), 100_000),
        (0.29, 29),
    ],
)
def test_amounts_are_exact_decimals_of_yuan(read, written, amount_fen):
    assert read(amounts={"turnover": written}).amounts == {"turnover": amount_fen}


@pytest.mark.parametrize(
    "written",
    ["97353.00", True, Decimal("-1"), Decimal("0.001"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+30"), [], {}],
    ids=str,
)
def test_what_is_no_amount_of_yuan_is_refused(read, written):
    with pytest.raises(InputError) as refused:
        read(amounts={"turnover": written})
    assert refused.value.field == "amounts.turnover"


@pytest.mark.parametrize("written", [Decimal("1.5"), -1, "3", True, 10**16, Decimal("1E+40"), Decimal("NaN")], ids=str)
def test_what_is_no_whole_number_of_things_is_refused(read, written):
    with pytest.raises(InputError) as refused:
        read(amounts={"marks": written})
    assert refused.value.field == "amounts.marks"


def test_a_whole_number_may_be_written_with_a_point(read):
    assert read(amounts={"marks": Decimal("5.0")}).amounts == {"marks": 5}


def test_an_unknown_amount_is_refused_for_a_slip_would_lose_it(read):
    with pytest.raises(InputError) as refused:
        read(amounts={"turnovr": 1})
    assert refused.value.field == "amounts.turnovr"


def test_an_old_division_is_mapped_to_its_successor(read):
    assert read(division="320611").division == "320613"


def test_a_division_of_another_city_stands_for_itself(read):
    assert read(division="110108").division == "110108"


@pytest.mark.parametrize(
    ("milestone", "field"),
    [
        ({"on": "2025-01-01"}, "kind"),
        ({"kind": "opened", "on": "2025-01-01"}, "kind"),
        ({"kind": "filed"}, "on"),
        ({"kind": "filed", "on": "2025-01-01", "at": "2025-01-01T08:00:00+08:00"}, "on"),
        ({"kind": "filed", "on": "2025-1-1"}, "on"),
        ({"kind": "filed", "on": "2025-02-29"}, "on"),
        ({"kind": "filed", "on": "2025-13"}, "on"),
        ({"kind": "filed", "on": "20250101"}, "on"),
        ({"kind": "filed", "on": "２０２５-01-01"}, "on"),
        ({"kind": "filed", "on": 2025}, "on"),
        ({"kind": "filed", "on": "0205-03-10"}, "on"),
        ({"kind": "filed", "on": "2026-09-27"}, "on"),
        ({"kind": "filed", "on": "2026-10"}, "on"),
        ({"kind": "filed", "on": "2027"}, "on"),
        ({"kind": "filed", "at": "2025-01-01"}, "at"),
        ({"kind": "filed", "at": "2025-01-01T25:00:00Z"}, "at"),
        ({"kind": "filed", "at": "2025-W01-1T08:00"}, "at"),
        ({"kind": "filed", "at": "2026-09-26T10:00:01+08:00"}, "at"),
        ({"kind": "filed", "on": "2025-01-01", "recorded_at": "2026-09-26T10:00:01+08:00"}, "recorded_at"),
        ({"kind": "filed", "on": "2025-01-02", "recorded_at": "2025-01-01T23:59:59+08:00"}, "recorded_at"),
        ({"kind": "filed", "on": "2025-01-01", "recorded_at": "2025-01-05"}, "recorded_at"),
        ({"kind": "closed", "on": "2025-01-01"}, "manner"),
        ({"kind": "closed", "on": "2025-01-01", "manner": "finished"}, "manner"),
        ({"kind": "decided", "on": "2025-01-01"}, "outcome"),
        ({"kind": "decided", "on": "2025-01-01", "outcome": " "}, "outcome"),
        ({"kind": "extended", "on": "2025-01-01", "unit": "days"}, "n"),
        ({"kind": "extended", "on": "2025-01-01", "n": 0, "unit": "days"}, "n"),
        ({"kind": "extended", "on": "2025-01-01", "n": 1.5, "unit": "days"}, "n"),
        ({"kind": "extended", "on": "2025-01-01", "n": 30}, "unit"),
        ({"kind": "extended", "on": "2025-01-01", "n": 30, "unit": "weeks"}, "unit"),
        ({"kind": "transferred", "on": "2025-01-01"}, "to"),
        ({"kind": "merged", "on": "2025-01-01"}, "into"),
        ({"kind": "split", "on": "2025-01-01"}, "from"),
        ({"kind": "filed", "on": "2025-01-01", "note": [1]}, "note"),
        ({"kind": "filed", "at": "2025-01-01T08:00:00Z", "zone": "Europe/Nowhere"}, "zone"),
        ({"kind": "filed", "on": "2025-01-01", "zone": "Europe/Rome"}, "zone"),
    ],
)
def test_a_wrong_milestone_is_refused_with_its_path(read, milestone, field):
    with pytest.raises(InputError) as refused:
        read(milestones=[{"kind": "registered", "on": "2025-01-01"}, milestone])
    assert refused.value.field == f"milestones[1].{field}"


@pytest.mark.parametrize(
    ("written", "on", "last", "precision"),
    [
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29), Precision.DAY),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31), Precision.MONTH),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), Precision.YEAR),
        ("2026-09", date(2026, 9, 1), date(2026, 9, 30), Precision.MONTH),
        ("2026-09-26", date(2026, 9, 26), date(2026, 9, 26), Precision.DAY),
    ],
)
def test_a_date_is_kept_as_precise_as_it_is(read, written, on, last, precision):
    milestone = read(milestones=[{"kind": "filed", "on": written}]).milestones[0]
    assert (milestone.on, milestone.last_on, milestone.precision, milestone.on_text) == (on, last, precision, written)


@pytest.mark.parametrize(
    ("written", "at", "on"),
    [
        ("2025-03-10T23:30:00+08:00", datetime(2025, 3, 10, 15, 30, tzinfo=UTC), date(2025, 3, 10)),
        ("2025-03-10T23:30:00Z", datetime(2025, 3, 10, 23, 30, tzinfo=UTC), date(2025, 3, 11)),
        ("2025-03-10T23:30", datetime(2025, 3, 10, 15, 30, tzinfo=UTC), date(2025, 3, 10)),
        ("2025-03-10 23:30:00.5+0800", datetime(2025, 3, 10, 15, 30, 0, 500_000, tzinfo=UTC), date(2025, 3, 10)),
    ],
)
def test_the_legal_date_of_an_instant_is_its_date_in_china(read, written, at, on):
    milestone = read(milestones=[{"kind": "filed", "at": written}]).milestones[0]
    assert (milestone.at, milestone.on, milestone.precision) == (at, on, Precision.INSTANT)


def test_another_zone_gives_the_legal_date_where_the_milestone_says_so(read):
    told = {"kind": "filed", "at": "2025-03-10T23:30:00+01:00"}
    assert read(milestones=[told]).milestones[0].on == date(2025, 3, 11)
    assert read(milestones=[{**told, "zone": "Europe/Rome"}]).milestones[0].on == date(2025, 3, 10)
    assert read(milestones=[{**told, "zone": "Asia/Shanghai"}]).milestones[0].details == {}


def test_claimed_recorded_times_may_not_decrease_in_the_list(read):
    told = [
        {"kind": "registered", "on": "2025-01-01", "recorded_at": "2025-02-01T00:00:00+08:00"},
        {"kind": "filed", "on": "2025-01-02"},
        {"kind": "served", "on": "2025-01-03", "recorded_at": "2025-01-31T00:00:00+08:00"},
    ]
    with pytest.raises(InputError) as refused:
        read(milestones=told)
    assert refused.value.field == "milestones[2].recorded_at"


def test_a_recorded_time_may_be_left_out_before_one_that_is_claimed(read):
    assert [item.recorded_at is None for item in read().milestones[:2]] == [True, False]


def test_unknown_keys_are_kept_without_floats(read):
    record = read(score=Decimal("0.50"), tags=["a", None, {"deep": 1.5}])
    assert record.extra == {"score": {"$number": "0.50"}, "tags": ["a", None, {"deep": {"$number": "1.5"}}]}


def test_unknown_keys_that_nest_without_end_are_refused(read):
    nested: object = 1
    for _ in range(40):
        nested = [nested]
    with pytest.raises(InputError):
        read(anything=nested)


def test_keys_of_a_milestone_that_only_the_sender_knows_are_kept(read):
    told = {"kind": "filed", "on": "2025-01-01", "sheet": 12, "note": "补录", "reason": None}
    assert read(milestones=[told]).milestones[0].details == {"sheet": 12, "note": "补录"}


def test_personal_values_are_kept_apart_from_what_is_handed_on(read):
    complainant = read().parties[1]
    assert complainant.personal == {"phone": "13800000000"}
    assert complainant.extra == {"note": "自称权利人"}


def test_a_wrong_number_or_an_unknown_role_is_a_lapse_and_no_refusal(example, divisions, now):
    example["parties"] = [{"role": "petitioner", "kind": "organisation", "name": "A", "uscc": "1"}]
    record = parse_record(
        example,
        now=now,
        divisions=divisions,
        check_party=lambda party: Message("校验位不符") if party.uscc == "1" else None,
        check_right=lambda right: Message("格式不符") if right.number == "3210010" else None,
    )
    assert [(lapse.kind, lapse.field) for lapse in record.lapses] == [
        (LapseKind.PARTY_ROLE, "parties[0].role"),
        (LapseKind.PARTY_NUMBER, "parties[0].uscc"),
        (LapseKind.RIGHT_NUMBER, "rights[0].number"),
    ]


def test_steps_keep_their_fields_as_a_user_would_enter_them(read):
    record = read(
        steps=[{"action": "file", "at": "2025-03-10T09:00", "actor": "li", "fields": {"fine": Decimal("1.5")}}]
    )
    step = record.steps[0]
    assert (step.action, step.actor, step.fields) == ("file", "li", {"fine": Decimal("1.5")})
    assert step.at == datetime(2025, 3, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "shown"), [({"external_id": "A"}, "A"), ({"external_id": 5}, "5"), ({}, ""), ([], ""), (None, "")]
)
def test_a_broken_record_is_still_named_by_its_id_where_it_has_one(told, shown):
    assert external_id_of(told) == shown
