"""Checking what was entered for an action against the shape that its definition gives each field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from caseapp.domain.errors import N_, InputError, InputErrors, Message
from caseapp.domain.events import Json
from caseapp.domain.signatures import signature_of
from caseapp.domain.workflow.definition import Action, FieldDef, FieldKind

LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 20_000
# What PostgreSQL does not store (NUL), what UTF-8 cannot write (lone surrogates) and what nobody can see.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def checked(action: Action, values: Mapping[str, Json]) -> dict[str, Json]:
    """Return the entered values by FACT name; fields left empty are absent.

    values  by field id, already typed: money as int fen, dates as ISO text, officers as lists of user ids

    raises  InputErrors with every wrong field (required, shape, range, unknown choice, unknown field)
    """
    errors: list[InputError] = []
    facts: dict[str, Json] = {}
    known = {field.id for field in action.fields}
    for name in values:
        if name not in known:
            errors.append(InputError(name, Message(N_("该事项没有字段“%(field)s”"), {"field": name})))
    visible: dict[str, Json] = {}
    for field in action.fields:
        # A field stands below the one it depends on, so what hides that one hides this one too.
        if not shown(field, visible):
            continue
        value = visible[field.id] = values.get(field.id)
        if _is_empty(value):
            if field.required:
                errors.append(InputError(field.id, Message(N_("请填写“%(label)s”"), {"label": _label(field)})))
            continue
        try:
            facts[field.fact_name] = _CHECKS[field.kind](field, value)
        except InputError as error:
            errors.append(error)
    if errors:
        raise InputErrors(errors)
    return facts


def shown(field: FieldDef, values: Mapping[str, Json]) -> bool:
    """Return whether the field belongs to the form, given what was entered in the field it depends on.

    Of several values wanted and several given, one in common is enough.
    """
    if field.show_when is None:
        return True
    other, wanted = field.show_when
    given = values.get(other)
    one_of = wanted if isinstance(wanted, (list, tuple)) else (wanted,)
    return any(item in one_of for item in (given if isinstance(given, list) else (given,)))


def _is_empty(value: Json) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _label(field: FieldDef) -> dict[str, str]:
    return {"zh": field.label.zh, "en": field.label.en}


def _wrong(field: FieldDef, text: str, **values: object) -> InputError:
    return InputError(field.id, Message(text, {"label": _label(field), **values}))


def _text(field: FieldDef, value: Json) -> Json:
    longest = LONGEST_TEXT if field.kind is FieldKind.TEXT else LONGEST_LONG_TEXT
    if not isinstance(value, str):
        raise _wrong(field, N_("“%(label)s”应为文字"))
    if len(value) > longest:
        raise _wrong(field, N_("“%(label)s”不得超过 %(longest)s 字"), longest=longest)
    if _UNWRITABLE.search(value):
        raise _wrong(field, N_("“%(label)s”含有无法保存的控制字符或残缺字符"))
    return value


def _date(field: FieldDef, value: Json) -> Json:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _wrong(field, N_("“%(label)s”应为日期，例如 2026-01-31")) from None


def _instant(field: FieldDef, value: Json) -> Json:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        raise _wrong(field, N_("“%(label)s”应为日期和时间")) from None
    if instant.tzinfo is None:
        raise _wrong(field, N_("“%(label)s”缺少时区"))
    return instant.isoformat()


def _number(field: FieldDef, value: Json) -> Json:
    if isinstance(value, bool) or not isinstance(value, int):
        if field.kind is FieldKind.MONEY:
            raise _wrong(field, N_("“%(label)s”应为金额，至多两位小数"))
        raise _wrong(field, N_("“%(label)s”应为整数"))
    divisor = 100 if field.kind is FieldKind.MONEY else 1
    if field.minimum is not None and value < field.minimum:
        raise _wrong(field, N_("“%(label)s”不得小于 %(limit)s"), limit=field.minimum // divisor)
    if field.maximum is not None and value > field.maximum:
        raise _wrong(field, N_("“%(label)s”不得大于 %(limit)s"), limit=field.maximum // divisor)
    return value


def _boolean(field: FieldDef, value: Json) -> Json:
    if not isinstance(value, bool):
        raise _wrong(field, N_("“%(label)s”应为是或否"))
    return value


def _choice(field: FieldDef, value: Json) -> Json:
    if not isinstance(value, str) or value not in {choice for choice, _ in field.choices}:
        raise _wrong(field, N_("“%(label)s”没有这个选项"))
    return value


def _several(field: FieldDef, value: Json) -> Json:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(field, N_("“%(label)s”应为若干选项"))
    if field.kind is FieldKind.CHOICES and not set(value) <= {choice for choice, _ in field.choices}:
        raise _wrong(field, N_("“%(label)s”没有这个选项"))
    if len(set(map(str, value))) != len(value):
        raise _wrong(field, N_("“%(label)s”有重复项"))
    if field.minimum is not None and len(value) < field.minimum:
        raise _wrong(field, N_("“%(label)s”至少选择 %(limit)s 项"), limit=field.minimum)
    if field.maximum is not None and len(value) > field.maximum:
        raise _wrong(field, N_("“%(label)s”至多选择 %(limit)s 项"), limit=field.maximum)
    return value


def _identifier(field: FieldDef, value: Json) -> Json:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise _wrong(field, N_("“%(label)s”没有这个选项"))
    return value


def _signature(field: FieldDef, value: Json) -> Json:
    if not isinstance(value, str):
        raise _wrong(field, N_("“%(label)s”不是手写签名的图片"))
    try:
        signature_of(value)
    except ValueError:
        raise _wrong(field, N_("“%(label)s”不是手写签名的图片")) from None
    return value


_CHECKS: dict[FieldKind, Callable[[FieldDef, Json], Json]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.DATE: _date,
    FieldKind.INSTANT: _instant,
    FieldKind.INTEGER: _number,
    FieldKind.MONEY: _number,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _several,
    FieldKind.OFFICERS: _several,
    FieldKind.PERSON: _identifier,
    FieldKind.ORGAN: _identifier,
    FieldKind.CASE: _identifier,
    FieldKind.CASES: _several,
    FieldKind.SIGNATURE: _signature,
}
