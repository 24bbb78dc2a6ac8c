from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.events import ClosingManner, Milestone, MilestoneKind, Precision, start_of
from caseapp.domain.exchange.emit import emit_record, line_of, record_of, to_json
from caseapp.domain.exchange.parse import parse_record
from caseapp.domain.exchange.record import PartyKind, PartyRole
from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS, CaseImage, IpType, Party, ProceedingImage
from tests.support.exchange_samples import DIVISIONS, NOW

text = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(
    lambda value: bool(value.strip())
)
day = st.dates(date(1990, 1, 1), date(2026, 9, 25))
yuan = st.integers(0, 10**13).map(lambda fen: Decimal(fen).scaleb(-2))
json_value = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | text | st.decimals(-1000, 1000, places=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(text.filter(lambda key: key != "$number"), inner, max_size=3)
    ),
    max_leaves=6,
)
details = {
    MilestoneKind.EXTENDED: st.fixed_dictionaries(
        {"n": st.integers(1, 90), "unit": st.sampled_from(["days", "months"])}
    ),
    MilestoneKind.DECIDED: st.fixed_dictionaries({"outcome": text}),
    MilestoneKind.TRANSFERRED: st.fixed_dictionaries({"to": text}),
    MilestoneKind.CLOSED: st.fixed_dictionaries({"manner": st.sampled_from([word.value for word in ClosingManner])}),
    MilestoneKind.MERGED: st.fixed_dictionaries({"into": text}),
    MilestoneKind.SPLIT: st.fixed_dictionaries({"from": text}),
}


@st.composite
def milestones(draw):
    found = []
    recorded = datetime(2026, 9, 26, tzinfo=UTC)
    for _ in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(list(MilestoneKind)))
        on = draw(day)
        when = draw(st.sampled_from(["day", "month", "year", "at", "zone"]))
        item = {"kind": kind.value, **draw(details.get(kind, st.just({})))}
        if when in ("at", "zone"):
            moment = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 80_000)))
            item["at"] = moment.isoformat()
            if when == "zone":
                item["zone"] = "America/New_York"
        else:
            item["on"] = on.isoformat()[: {"day": 10, "month": 7, "year": 4}[when]]
        if draw(st.booleans()):
            recorded += timedelta(microseconds=draw(st.integers(0, 1000)))
            item["recorded_at"] = recorded.isoformat()
        found.append(item)
    return found


known_keys = st.fixed_dictionaries(
    {
        "external_id": text.map(str.strip),
        "procedure": text,
        "division": st.sampled_from(["320612", "110108", "320613"]),
        "ip_types": st.lists(st.sampled_from([kind.value for kind in IpType]), min_size=1, unique=True),
        "milestones": milestones(),
    },
    optional={
        "organ": text,
        "source": text,
        "title": text,
        "summary": text,
        "campaigns": st.lists(text.filter(lambda tag: "|" not in tag), unique=True, max_size=3),
        "parties": st.lists(
            st.fixed_dictionaries(
                {
                    "role": st.sampled_from([role.value for role in PartyRole]),
                    "kind": st.sampled_from([kind.value for kind in PartyKind]),
                    "name": text,
                },
                optional={"uscc": text, "phone": text, "weight": json_value},
            ),
            max_size=3,
        ),
        "rights": st.lists(
            st.fixed_dictionaries({"kind": st.just("gi")}, optional={"number": text, "holder": text}), max_size=2
        ),
        "goods": st.lists(
            st.fixed_dictionaries({"name": text}, optional={"quantity": st.integers(0, 99), "value": yuan}), max_size=2
        ),
        "amounts": st.dictionaries(st.sampled_from(MONEY_AMOUNTS), yuan | st.none(), max_size=4).flatmap(
            lambda money: st.dictionaries(st.sampled_from(COUNT_AMOUNTS), st.integers(0, 99), max_size=3).map(
                lambda counts: {**money, **counts}
            )
        ),
        "act_from": day.map(date.isoformat),
        "steps": st.lists(
            st.fixed_dictionaries(
                {
                    "action": text,
                    "actor": text,
                    "at": day.map(lambda value: f"{value}T09:00:00+08:00"),
                    "fields": st.dictionaries(text, json_value, max_size=2),
                }
            ),
            max_size=2,
        ),
        "office_note": json_value,
        "office_list": st.lists(json_value, max_size=2),
    },
)


def loaded(line):
    return json.loads(line, parse_float=Decimal)


@given(known_keys)
def test_reading_what_was_written_gives_the_same_record(told):
    record = parse_record(told, now=NOW, divisions=DIVISIONS)
    line = line_of(to_json(record))
    assert "\n" not in line
    again = parse_record(loaded(line), now=NOW, divisions=DIVISIONS)
    assert again == record
    assert line_of(to_json(again)) == line


def test_money_is_written_digit_by_digit(read):
    line = line_of(to_json(read(amounts={"turnover": Decimal("97353.10"), "gains": None, "marks": 2}, score=0.5)))
    assert '"amounts": {"turnover": 97353.10, "gains": null, "marks": 2}' in line
    assert line.endswith('"score": 0.5}')


def image_with(milestones, **fields):
    main = ProceedingImage("m" * 32, "penalty_general", 1, "s", "open", date(2025, 1, 1), date(2025, 1, 1))
    return CaseImage(
        id="c" * 32,
        version=3,
        opened_on=date(2025, 1, 1),
        title="某案",
        organ="320612-ip",
        division="320612",
        ip_types=("trademark",),
        proceedings=(main,),
        milestones=milestones,
        **fields,
    )


def milestone(kind, on, *, seq=1, proceeding="m" * 32, precision=Precision.DAY, at=None, details=None):
    return Milestone(
        kind,
        on,
        precision,
        seq,
        datetime(2025, 6, seq, tzinfo=UTC),
        proceeding,
        at or start_of(on),
        at=at,
        details=details,
    )


def test_a_case_is_written_with_the_milestones_of_its_main_proceeding_in_ledger_order():
    image = image_with(
        (
            milestone(MilestoneKind.FILED, date(2025, 1, 2), seq=3),
            milestone(MilestoneKind.REGISTERED, date(2025, 1, 1), seq=2, precision=Precision.MONTH),
            milestone(MilestoneKind.SERVED, date(2025, 1, 3), seq=4, proceeding="side"),
        ),
        external_id="X-1",
        amounts={"turnover": 5, "marks": 2, "gains": None},
    )
    told = emit_record(image)
    assert told["milestones"] == [
        {"kind": "registered", "on": "2025-01", "recorded_at": "2025-06-02T08:00:00+08:00"},
        {"kind": "filed", "on": "2025-01-02", "recorded_at": "2025-06-03T08:00:00+08:00"},
    ]
    assert told["amounts"] == {"turnover": Decimal("0.05"), "marks": 2, "gains": None}
    assert parse_record(told, now=NOW, divisions=DIVISIONS) == record_of(image)


def test_an_act_entered_after_its_day_keeps_the_legal_date_and_not_the_hour_of_entry():
    at = datetime(2025, 1, 5, 3, tzinfo=UTC)
    late = milestone(MilestoneKind.SERVED, date(2025, 1, 2), precision=Precision.INSTANT, at=at)
    assert emit_record(image_with((late,)))["milestones"][0]["on"] == "2025-01-02"


def test_an_instant_of_another_zone_keeps_its_legal_date():
    at = datetime(2025, 1, 2, 22, 30, tzinfo=UTC)
    told = milestone(
        MilestoneKind.SERVED, date(2025, 1, 2), precision=Precision.INSTANT, at=at, details={"zone": "Europe/Rome"}
    )
    again = parse_record(emit_record(image_with((told,))), now=NOW, divisions=DIVISIONS).milestones[0]
    assert (again.on, again.at) == (date(2025, 1, 2), at)


def test_a_case_without_external_id_goes_by_its_number():
    filed = (milestone(MilestoneKind.FILED, date(2025, 1, 2)),)
    assert emit_record(image_with(filed, number="通知知执字〔2025〕1号"))["external_id"] == "通知知执字〔2025〕1号"


def test_personal_values_are_written_only_where_they_are_handed_in():
    party = Party("p1", "complainant", "person", "张某", personal={"phone": "sha256:ab", "address": "sha256:cd"})
    image = image_with((milestone(MilestoneKind.FILED, date(2025, 1, 2)),), parties=(party,))
    assert emit_record(image)["parties"] == [{"role": "complainant", "kind": "person", "name": "张某"}]
    told = emit_record(image, personal={"p1": {"phone": "138", "address": None}})
    assert told["parties"] == [{"role": "complainant", "kind": "person", "name": "张某", "phone": "138"}]
