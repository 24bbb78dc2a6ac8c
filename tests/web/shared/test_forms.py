"""Forms built from definitions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from caseapp.domain.errors import InputError, InputErrors, Message
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind, PostState, Text
from caseapp.domain.workflow.fields import checked
from caseapp.domain.workflow.situation import Officer
from caseapp.web.shared.forms import ActionForm, WriteForm, action_form, field_values, start_values
from tests.web.shell import Shell

DAY = date(2026, 11, 22)
STAFF = [
    Officer("u1", "王芳", "o", frozenset({Role.OFFICER}), "32060012345", None, date(2027, 5, 31)),
    Officer("u2", "李强", "o", frozenset({Role.OFFICER}), "32060012346", None, date(2026, 5, 31)),
    Officer("u3", "孙静", "o", frozenset({Role.OFFICER})),
    Officer("u4", "钱多", "o", frozenset({Role.OFFICER}), "32060012348", active=False),
]
ORGANS = [("320612-ip", "通州区局"), ("320600-ip", "南通市局")]


def text(words: str) -> Text:
    return Text(words, words)


def action(*fields: FieldDef) -> Action:
    return Action("file", text("立案"), ("lead",), (PostState("filed"),), (Role.OFFICER,), fields=fields)


def options(*words: str) -> tuple[tuple[str, Text], ...]:
    return tuple((word, text(word)) for word in words)


@pytest.fixture(autouse=True)
def in_request(shell: Shell) -> Iterator[None]:
    shell.app.config["WTF_CSRF_ENABLED"] = False
    with shell.app.test_request_context():
        yield


def filled(definition: Action, *sent: tuple[str, str]) -> ActionForm:
    made = action_form(definition, staff=STAFF, on=DAY, organs=ORGANS)
    return made(formdata=MultiDict(sent))


EVERY_KIND = action(
    FieldDef("name", FieldKind.TEXT, text("名称")),
    FieldDef("story", FieldKind.LONG_TEXT, text("经过")),
    FieldDef("on", FieldKind.DATE, text("日期")),
    FieldDef("at", FieldKind.INSTANT, text("时间")),
    FieldDef("pieces", FieldKind.INTEGER, text("件数")),
    FieldDef("value", FieldKind.MONEY, text("货值")),
    FieldDef("urgent", FieldKind.BOOLEAN, text("紧急")),
    FieldDef("way", FieldKind.CHOICE, text("方式"), choices=options("direct", "post")),
    FieldDef("kinds", FieldKind.CHOICES, text("种类"), choices=options("fine", "warning", "seizure")),
    FieldDef("officers", FieldKind.OFFICERS, text("办案人员")),
    FieldDef("reviewer", FieldKind.PERSON, text("审核人员")),
    FieldDef("organ", FieldKind.ORGAN, text("机关")),
)


def test_what_is_typed_arrives_as_the_engine_takes_it() -> None:
    form = filled(
        EVERY_KIND,
        ("name", "  海门山羊 "),
        ("story", "一\r\n二\r\n"),
        ("on", "2026-11-20"),
        ("at", "2026-11-20T09:30"),
        ("pieces", "1,200"),
        ("value", "￥97,353.5"),
        ("urgent", "y"),
        ("way", "post"),
        ("kinds", "fine"),
        ("kinds", "seizure"),
        ("officers", "u1"),
        ("officers", "u3"),
        ("reviewer", "u2"),
        ("organ", "320600-ip"),
    )
    assert form.validate(), form.errors
    values = field_values(form)
    assert values == {
        "name": "海门山羊",
        "story": "一\n二",
        "on": "2026-11-20",
        "at": "2026-11-20T09:30:00+08:00",
        "pieces": 1200,
        "value": 9735350,
        "urgent": True,
        "way": "post",
        "kinds": ["fine", "seizure"],
        "officers": ["u1", "u3"],
        "reviewer": "u2",
        "organ": "320600-ip",
    }
    assert checked(EVERY_KIND, values)["value"] == 9735350


def test_other_cases_are_chosen_from_those_looked_up_or_typed_where_none_are() -> None:
    named = action(
        FieldDef("into", FieldKind.CASE, text("并入的案件")), FieldDef("along", FieldKind.CASES, text("案件"))
    )
    known = [("1号", "1号 · 某案"), ("2号", "2号 · 另案")]
    sent = MultiDict([("into", "2号"), ("along", "1号"), ("along", "2号")])
    form = action_form(named, staff=STAFF, on=DAY, cases=known)(formdata=sent)
    assert form.validate(), form.errors
    assert checked(named, field_values(form)) == {"into": "2号", "along": ["1号", "2号"]}
    assert not action_form(named, staff=STAFF, on=DAY, cases=known)(formdata=MultiDict([("into", "3号")])).validate()


def test_what_is_left_empty_arrives_empty() -> None:
    form = filled(EVERY_KIND, ("name", "  "))
    assert form.validate(), form.errors
    values = field_values(form)
    assert values["urgent"] is False
    assert values["officers"] == []
    assert {name for name, value in values.items() if value is None} == set(values) - {"urgent", "officers", "kinds"}
    assert checked(EVERY_KIND, values) == {"urgent": False}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("on", "2026-02-30"),
        ("on", "昨天"),
        ("at", "九点"),
        ("pieces", "1.5"),
        ("pieces", "两"),
        ("value", "1.005"),
        ("value", "-1"),
        ("way", "pigeon"),
        ("kinds", "prison"),
        ("officers", "u9"),
        ("officers", "u4"),
        ("organ", "elsewhere"),
        ("name", "字" * 201),
    ],
)
def test_what_cannot_be_read_is_refused_beside_the_field_and_shown_as_typed(name: str, typed: str) -> None:
    form = filled(EVERY_KIND, (name, typed))
    assert not form.validate()
    assert set(form.errors) == {name}
    if name in ("on", "at", "pieces", "value"):
        assert f'value="{typed}"' in str(form[name]())


@pytest.mark.parametrize("typed", ["2026-11-20", "2026/11/20", "2026.11.20", "2026年11月20日"])
def test_a_day_may_be_typed_as_people_write_it(typed: str) -> None:
    assert field_values(filled(EVERY_KIND, ("on", typed)))["on"] == "2026-11-20"


def test_a_required_field_asks_by_its_own_name() -> None:
    definition = action(
        FieldDef("story", FieldKind.LONG_TEXT, text("立案理由"), required=True),
        FieldDef("officers", FieldKind.OFFICERS, text("办案人员"), required=True),
        FieldDef("way", FieldKind.CHOICE, text("送达方式"), required=True, choices=options("direct", "post")),
    )
    form = filled(definition, ("story", "   "))
    assert not form.validate()
    assert form.all_errors() == [
        ("story", "请填写“立案理由”"),
        ("officers", "请填写“办案人员”"),
        ("way", "请填写“送达方式”"),
    ]


def test_limits_of_a_definition_are_kept() -> None:
    definition = action(
        FieldDef("value", FieldKind.MONEY, text("货值"), minimum=100, maximum=100_000),
        FieldDef("officers", FieldKind.OFFICERS, text("办案人员"), minimum=2),
    )
    form = filled(definition, ("value", "0.50"), ("officers", "u1"))
    assert not form.validate()
    assert form.all_errors() == [("value", "“货值”不能小于 1.00"), ("officers", "“办案人员”至少选择 2 项")]
    assert filled(definition, ("value", "1,000"), ("officers", "u1"), ("officers", "u2")).validate()


NOTICE = action(
    FieldDef("way", FieldKind.CHOICE, text("方式"), required=True, choices=options("direct", "notice")),
    FieldDef(
        "paper",
        FieldKind.CHOICE,
        text("载体"),
        required=True,
        choices=options("press", "web"),
        show_when=("way", "notice"),
    ),
    FieldDef("page", FieldKind.INTEGER, text("版面"), required=True, show_when=("paper", "press")),
)


@pytest.mark.parametrize(
    ("sent", "wrong", "values"),
    [
        pytest.param([("way", "direct")], set(), {"way": "direct"}, id="hidden fields are not asked for"),
        pytest.param(
            [("way", "direct"), ("paper", "press"), ("page", "x")], set(), {"way": "direct"}, id="nor judged, nor taken"
        ),
        pytest.param([("way", "notice")], {"paper"}, None, id="a shown one is asked for"),
        pytest.param([("way", "notice"), ("paper", "press")], {"page"}, None, id="along the chain"),
        pytest.param(
            [("way", "notice"), ("paper", "web"), ("page", "3")],
            set(),
            {"way": "notice", "paper": "web"},
            id="the end of the chain is hidden",
        ),
    ],
)
def test_fields_that_depend_on_another(sent: list[tuple[str, str]], wrong: set[str], values: Any) -> None:
    form = filled(NOTICE, *sent)
    assert form.validate() is not bool(wrong)
    assert set(form.errors) == wrong
    if values is not None:
        assert field_values(form) == values


def test_a_tick_makes_a_field_appear() -> None:
    definition = action(
        FieldDef("hearing", FieldKind.BOOLEAN, text("听证")),
        FieldDef("on", FieldKind.DATE, text("日期"), required=True, show_when=("hearing", True)),
    )
    assert filled(definition).validate()
    assert not filled(definition, ("hearing", "y")).validate()


def test_officers_are_offered_with_the_state_of_their_certificates() -> None:
    offered = [str(option.label.text) for option in filled(EVERY_KIND)["officers"]]
    assert offered == [
        "王芳（执法证 32060012345，有效至 2027-05-31）",
        "李强（执法证 32060012346，2026-11-22 不在有效期内）",
        "孙静（无执法证）",
    ]


def test_few_choices_are_buttons_and_many_are_a_list() -> None:
    few = action(FieldDef("way", FieldKind.CHOICE, text("方式"), choices=options("a", "b")))
    many = action(FieldDef("way", FieldKind.CHOICE, text("方式"), choices=options(*"abcdef")))
    assert 'type="radio"' in str(filled(few)["way"]())
    assert "<select" in str(filled(many)["way"]())


def test_a_fresh_form_shows_known_facts_before_defaults() -> None:
    definition = action(
        FieldDef("value", FieldKind.MONEY, text("货值"), fact="goods_value", default=1),
        FieldDef("way", FieldKind.TEXT, text("方式"), default="direct"),
        FieldDef("on", FieldKind.DATE, text("日期")),
        FieldDef("at", FieldKind.INSTANT, text("时间")),
    )
    facts: dict[str, Any] = {"goods_value": 9735300, "on": "2026-11-20", "at": "2026-11-20T01:30:00+00:00"}
    made = action_form(definition, staff=STAFF, on=DAY)
    form = made(formdata=None, data=start_values(definition, facts))
    assert 'value="97,353.00"' in str(form["value"]())
    assert 'value="direct"' in str(form["way"]())
    assert 'value="2026-11-20"' in str(form["on"]())
    assert 'value="2026-11-20T09:30"' in str(form["at"]())


def test_what_the_service_refuses_is_placed_beside_its_field() -> None:
    form = filled(EVERY_KIND, ("name", "x"))
    assert form.validate()
    form.place_errors(InputErrors([InputError("on", Message("日期在将来")), InputError("", Message("整体不符"))]))
    form.place_errors(InputError("elsewhere", Message("没有这个字段")))
    assert form.all_errors() == [("on", "日期在将来"), ("", "整体不符"), ("", "没有这个字段")]


def test_a_write_form_knows_its_version_and_its_one_submission() -> None:
    first, second = WriteForm(formdata=None), WriteForm(formdata=None)
    first.prepare(7)
    second.prepare(7)
    assert first.version_seen == 7
    assert first.submission_key != second.submission_key
    sent = WriteForm(formdata=MultiDict({"seen_version": "7", "idempotency_key": first.submission_key}))
    assert (sent.version_seen, sent.submission_key) == (7, first.submission_key)


@pytest.mark.parametrize("version", ["", "-1", "七", "1.0", "٣"])
def test_a_tampered_version_is_refused(version: str) -> None:
    with pytest.raises(InputError):
        _ = WriteForm(formdata=MultiDict({"seen_version": version})).version_seen


def test_an_instant_with_an_offset_keeps_it() -> None:
    form = filled(EVERY_KIND, ("at", "2026-11-20T01:30:00+00:00"))
    assert form["at"].data == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
