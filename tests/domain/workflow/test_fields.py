"""What may be entered in each kind of field."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.errors import InputError, InputErrors
from caseapp.domain.ledger import canonical
from caseapp.domain.signatures import data_url
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind
from caseapp.domain.workflow.fields import LONGEST_LONG_TEXT, LONGEST_TEXT, checked, shown
from tests.factories.pictures import png
from tests.factories.procedures import action, choice, field, words


def form(*fields: FieldDef) -> Action:
    return action("act", "open", "open", fields=fields)


def accepted(one: FieldDef, value: Any) -> Any:
    """Return what is kept of the value of one field."""
    return checked(form(one), {one.id: value}).get(one.fact_name)


def wrong(one: FieldDef, value: Any) -> str:
    """Return why the value of one field is refused."""
    with pytest.raises(InputErrors) as refused:
        checked(form(one), {one.id: value})
    (error,) = refused.value.errors
    assert error.field == one.id
    return str(error)


SEVERAL = FieldDef(
    "kinds",
    FieldKind.CHOICES,
    words("kinds"),
    choices=tuple((item, words(item)) for item in ("warning", "fine", "other")),
)

ACCEPTED: dict[str, tuple[FieldDef, Any, Any]] = {
    "a signature": (field("x", FieldKind.SIGNATURE), data_url(png()), data_url(png())),
    "a text": (field("x"), "某公司", "某公司"),
    "a text of the greatest length": (field("x"), "字" * LONGEST_TEXT, "字" * LONGEST_TEXT),
    "a long text of the greatest length": (
        field("x", FieldKind.LONG_TEXT),
        "字" * LONGEST_LONG_TEXT,
        "字" * LONGEST_LONG_TEXT,
    ),
    "a date": (field("x", FieldKind.DATE), "2026-02-28", "2026-02-28"),
    "a leap day": (field("x", FieldKind.DATE), "2024-02-29", "2024-02-29"),
    "a date without dashes is written with them": (field("x", FieldKind.DATE), "20260228", "2026-02-28"),
    "an instant": (field("x", FieldKind.INSTANT), "2026-03-02T09:30:00+08:00", "2026-03-02T09:30:00+08:00"),
    "an instant in another zone": (field("x", FieldKind.INSTANT), "2026-03-02T01:30:00Z", "2026-03-02T01:30:00+00:00"),
    "a whole number": (field("x", FieldKind.INTEGER), 7, 7),
    "nought": (field("x", FieldKind.INTEGER), 0, 0),
    "the least number": (field("x", FieldKind.INTEGER, minimum=1), 1, 1),
    "the greatest number": (field("x", FieldKind.INTEGER, maximum=30), 30, 30),
    "money": (field("x", FieldKind.MONEY), 9_735_300, 9_735_300),
    "no money": (field("x", FieldKind.MONEY), 0, 0),
    "the least money": (field("x", FieldKind.MONEY, minimum=100), 100, 100),
    "the most money": (field("x", FieldKind.MONEY, maximum=100), 100, 100),
    "yes": (field("x", FieldKind.BOOLEAN), True, True),
    "no": (field("x", FieldKind.BOOLEAN), False, False),
    "a choice": (choice("x", "a", "b"), "b", "b"),
    "several choices": (SEVERAL, ["fine", "warning"], ["fine", "warning"]),
    "officers": (field("x", FieldKind.OFFICERS, minimum=2), ["o1", "o2"], ["o1", "o2"]),
    "a person": (field("x", FieldKind.PERSON), "u1", "u1"),
    "an organ": (field("x", FieldKind.ORGAN), "320612-ip", "320612-ip"),
    "a case": (field("x", FieldKind.CASE), "通州市监知纠字〔2026〕1号", "通州市监知纠字〔2026〕1号"),
    "cases": (field("x", FieldKind.CASES), ["通州市监知纠字〔2026〕1号"], ["通州市监知纠字〔2026〕1号"]),
    "a fact of another name": (field("x", fact="y"), "值", "值"),
    "nothing where nothing is required": (field("x"), "", None),
    "no choice where none is required": (SEVERAL, [], None),
}

WRONG: dict[str, tuple[FieldDef, Any, str]] = {
    "a page for a signature": (field("x", FieldKind.SIGNATURE), "data:text/html,x", "不是手写签名"),
    "a number for a signature": (field("x", FieldKind.SIGNATURE), 5, "不是手写签名"),
    "a text too long": (field("x"), "字" * (LONGEST_TEXT + 1), "不得超过 200 字"),
    "a long text too long": (field("x", FieldKind.LONG_TEXT), "字" * (LONGEST_LONG_TEXT + 1), "不得超过 20000 字"),
    "a number for a text": (field("x"), 5, "应为文字"),
    "a character that no database keeps": (field("x"), "某\x00公司", "无法保存"),
    "half a character": (field("x", FieldKind.LONG_TEXT), "某\ud83d", "无法保存"),
    "a list for a text": (field("x"), ["a"], "应为文字"),
    "a day that does not exist": (field("x", FieldKind.DATE), "2026-02-29", "应为日期"),
    "words for a date": (field("x", FieldKind.DATE), "明天", "应为日期"),
    "an instant for a date": (field("x", FieldKind.DATE), "2026-03-02T09:30:00+08:00", "应为日期"),
    "an instant without zone": (field("x", FieldKind.INSTANT), "2026-03-02T09:30:00", "缺少时区"),
    "words for an instant": (field("x", FieldKind.INSTANT), "九点", "应为日期和时间"),
    "one below the least": (field("x", FieldKind.INTEGER, minimum=1), 0, "不得小于 1"),
    "one above the greatest": (field("x", FieldKind.INTEGER, maximum=30), 31, "不得大于 30"),
    "a fraction": (field("x", FieldKind.INTEGER), 1.5, "应为整数"),
    "a truth for a number": (field("x", FieldKind.INTEGER), True, "应为整数"),
    "a text for a number": (field("x", FieldKind.INTEGER), "7", "应为整数"),
    "one fen below the least": (field("x", FieldKind.MONEY, minimum=10_000), 9_999, "不得小于 100"),
    "one fen above the most": (field("x", FieldKind.MONEY, maximum=10_000), 10_001, "不得大于 100"),
    "a text for money": (field("x", FieldKind.MONEY), "100.00", "应为金额"),
    "a truth for money": (field("x", FieldKind.MONEY), False, "应为金额"),
    "a text for yes or no": (field("x", FieldKind.BOOLEAN), "yes", "应为是或否"),
    "a number for yes or no": (field("x", FieldKind.BOOLEAN), 1, "应为是或否"),
    "a choice not offered": (choice("x", "a", "b"), "c", "没有这个选项"),
    "a list for a choice": (choice("x", "a", "b"), ["a"], "没有这个选项"),
    "a mapping for a choice": (choice("x", "a", "b"), {"a": 1}, "没有这个选项"),
    "one choice not offered": (SEVERAL, ["fine", "prison"], "没有这个选项"),
    "a text for several choices": (SEVERAL, "fine", "应为若干选项"),
    "a list of numbers for choices": (SEVERAL, [1], "应为若干选项"),
    "the same choice twice": (SEVERAL, ["fine", "fine"], "有重复项"),
    "too few officers": (field("x", FieldKind.OFFICERS, minimum=2), ["o1"], "至少选择 2 项"),
    "too many officers": (field("x", FieldKind.OFFICERS, maximum=2), ["o1", "o2", "o3"], "至多选择 2 项"),
    "a list for a person": (field("x", FieldKind.PERSON), ["u1"], "没有这个选项"),
    "a person's id that is none": (field("x", FieldKind.PERSON), "u" * 201, "没有这个选项"),
    "a required text left empty": (field("x", required=True), "", "请填写“x”"),
    "a required text of blanks": (field("x", required=True), " \u3000\n", "请填写“x”"),
    "a required list left empty": (field("x", FieldKind.OFFICERS, required=True), [], "请填写“x”"),
    "a required value not given": (field("x", FieldKind.BOOLEAN, required=True), None, "请填写“x”"),
}


@pytest.mark.parametrize(("one", "value", "kept"), ACCEPTED.values(), ids=ACCEPTED)
def test_a_field_accepts(one: FieldDef, value: Any, kept: Any) -> None:
    assert accepted(one, value) == kept


@pytest.mark.parametrize(("one", "value", "reason"), WRONG.values(), ids=WRONG)
def test_a_field_refuses(one: FieldDef, value: Any, reason: str) -> None:
    assert reason in wrong(one, value)


def test_every_kind_of_field_is_tried() -> None:
    assert {one.kind for one, _, _ in ACCEPTED.values()} == set(FieldKind)


def test_every_wrong_field_is_told_at_once() -> None:
    two = form(field("a", required=True), field("b", FieldKind.DATE), field("c"))
    with pytest.raises(InputErrors) as refused:
        checked(two, {"b": "昨天", "c": "好", "d": "?"})
    assert [error.field for error in refused.value.errors] == ["d", "a", "b"]


def test_a_field_the_form_does_not_have_is_refused_by_its_name() -> None:
    with pytest.raises(InputErrors) as refused:
        checked(form(), {"closing_manner": "executed"})
    assert "closing_manner" in str(refused.value.errors[0])


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    asked = form(
        choice("kind", "fine", "warning"), field("amount", FieldKind.MONEY, required=True, show_when=("kind", "fine"))
    )
    assert checked(asked, {"kind": "warning", "amount": 5}) == {"kind": "warning"}
    with pytest.raises(InputErrors):
        checked(asked, {"kind": "fine"})
    assert checked(asked, {"kind": "fine", "amount": 5}) == {"kind": "fine", "amount": 5}


SHOWN = {
    "always": (None, {}, True),
    "by one value": (("kind", "fine"), {"kind": "fine"}, True),
    "not by another": (("kind", "fine"), {"kind": "warning"}, False),
    "not while nothing was chosen": (("kind", "fine"), {}, False),
    "by one of several values": (("kind", ["fine", "gains"]), {"kind": "gains"}, True),
    "by none of several values": (("kind", ["fine", "gains"]), {"kind": "warning"}, False),
    "by one of several chosen": (("kind", "fine"), {"kind": ["warning", "fine"]}, True),
    "by several of several chosen": (("kind", ("fine", "gains")), {"kind": ["warning", "gains"]}, True),
    "by none of several chosen": (("kind", ["fine", "gains"]), {"kind": ["warning"]}, False),
    "by a truth": (("kind", True), {"kind": True}, True),
}


@pytest.mark.parametrize(("when", "values", "expected"), SHOWN.values(), ids=SHOWN)
def test_a_field_is_shown(when: Any, values: dict[str, Any], expected: bool) -> None:
    assert shown(field("x", show_when=when), values) is expected


def test_a_form_shows_what_depends_on_what_is_hidden_no_more() -> None:
    """What was chosen before its own condition fell away must not keep later fields alive."""
    asked = form(
        choice("outcome", "penalty", "none"),
        choice("kind", "fine", "warning", show_when=("outcome", "penalty"), required=True),
        field("amount", FieldKind.MONEY, show_when=("kind", "fine"), required=True),
    )
    assert checked(asked, {"outcome": "none", "kind": "fine"}) == {"outcome": "none"}


ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@given(kind=st.sampled_from(list(FieldKind)), required=st.booleans(), value=ANY_VALUE)
def test_whatever_is_entered_is_kept_in_canonical_form_or_refused(kind: FieldKind, required: bool, value: Any) -> None:
    one = field("x", kind, required=required, choices=(("a", words("a")),))
    refused: tuple[InputError, ...] = ()
    facts: dict[str, Any] = {}
    try:
        facts = dict(checked(form(one), {"x": value}))
    except InputErrors as found:
        refused = tuple(found.errors)
    assert all(error.field == "x" and str(error) for error in refused)
    canonical(facts)
    assert set(facts) <= {"x"}
    assert facts or refused or not required


@given(st.dates())
def test_every_date_is_kept_as_it_is(day: date) -> None:
    assert accepted(field("x", FieldKind.DATE), day.isoformat()) == day.isoformat()


@given(st.datetimes(timezones=st.timezones()))
def test_every_instant_stays_the_same_instant(moment: datetime) -> None:
    kept = accepted(field("x", FieldKind.INSTANT), moment.isoformat())
    assert datetime.fromisoformat(kept) == datetime.fromisoformat(moment.isoformat())


@given(
    least=st.integers(-5, 5),
    most=st.integers(-5, 5),
    value=st.integers(-7, 7),
    kind=st.sampled_from([FieldKind.INTEGER, FieldKind.MONEY]),
)
def test_limits_include_themselves(least: int, most: int, value: int, kind: FieldKind) -> None:
    one = field("x", kind, minimum=least, maximum=most)
    if least <= value <= most:
        assert accepted(one, value) == value
    else:
        assert "不得" in wrong(one, value)
