"""Loading the mapping of an event log (INTERFACES §2) from YAML: every key is known, every value checked, before
reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from caseapp.adapters.outside_files import unreadable
from caseapp.domain.divisions import DivisionTable
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import LEGAL_ZONE, MILESTONE_DETAILS, MilestoneKind
from caseapp.domain.exchange.event_log import ActivityRule, AttributeRule, EventMapping, FromAttribute, Take
from caseapp.domain.exchange.milestones import details_of
from caseapp.domain.exchange.parse import division_of, ip_types_of
from caseapp.domain.exchange.shapes import (
    as_mapping,
    mapping_at,
    optional_text_at,
    refuse_unknown_keys,
    text_at,
    time_zone,
    under,
    word,
)

_KEYS = frozenset(
    {
        "case",
        "activity",
        "time",
        "timezone",
        "procedure",
        "division",
        "organ",
        "source",
        "ip_types",
        "title",
        "attributes",
        "activities",
    }
)
_LONGEST = 400
_MAX_BYTES = 4 * 1024 * 1024


def load_mapping(path: Path, *, divisions: DivisionTable) -> EventMapping:
    """Return the mapping of an event log.

    raises  InputError with the path of the first fault: unreadable, not YAML, an unknown or missing key, a wrong value
    """
    told = as_mapping(_content(path), path.name)
    refuse_unknown_keys(told, _KEYS, "")
    if told.get("activities") is None:
        raise InputError("activities", Message(N_("缺少必填内容")))
    return EventMapping(
        case=text_at(told, "case", longest=_LONGEST),
        activity=text_at(told, "activity", longest=_LONGEST),
        time=text_at(told, "time", longest=_LONGEST),
        procedure=text_at(told, "procedure", longest=60),
        division=_division(told.get("division"), divisions),
        ip_types=_ip_types(told.get("ip_types")),
        activities={
            _name(key, "activities"): _activity(rule, under("activities", str(key)))
            for key, rule in _entries(told, "activities").items()
        },
        zone=LEGAL_ZONE if told.get("timezone") is None else time_zone(told["timezone"], "timezone"),
        organ=_text(told, "organ", longest=40),
        source=_text(told, "source", longest=60),
        title=_text(told, "title", longest=_LONGEST),
        attributes={
            _name(key, "attributes"): _attribute(rule, under("attributes", str(key)))
            for key, rule in _entries(told, "attributes").items()
        },
    )


def _content(path: Path) -> object:
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            raise InputError("", Message(N_("映射文件 %(file)s 过大"), {"file": path.name}))
        return YAML(typ="safe", pure=True).load(raw.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as wrong:
        raise unreadable(path, wrong) from wrong
    except YAMLError as wrong:
        place = getattr(wrong, "problem_mark", None)
        line = 0 if place is None else place.line + 1
        why = str(getattr(wrong, "problem", None) or wrong).splitlines()[0]
        raise InputError(
            "", Message(N_("映射文件 %(file)s 第 %(line)s 行：%(why)s"), {"file": path.name, "line": line, "why": why})
        ) from wrong


def _entries(told: Mapping[str, object], key: str) -> Mapping[object, object]:
    entries: Mapping[object, object] = mapping_at(told, key, "")  # type: ignore[assignment]
    return entries


def _name(key: object, path: str) -> str:
    """Return the name of an activity or attribute; one that looks like a number is a name all the same."""
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    if isinstance(key, str):
        return key
    raise InputError(path, Message(N_("名称“%(name)s”应写在引号内"), {"name": str(key)}))


def _taken_from(value: object, path: str) -> FromAttribute | None:
    """Return {attribute: name}, or None where the value is a constant."""
    if not isinstance(value, Mapping):
        return None
    refuse_unknown_keys(value, frozenset({"attribute"}), path)
    return FromAttribute(text_at(value, "attribute", path, longest=_LONGEST))


def _text(told: Mapping[str, object], key: str, *, longest: int) -> str | FromAttribute | None:
    return _taken_from(told.get(key), key) or optional_text_at(told, key, longest=longest)


def _division(value: object, divisions: DivisionTable) -> str | FromAttribute:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # 320612 without quotes is a number in YAML; no code begins with a zero
    return _taken_from(value, "division") or division_of(value, divisions)


def _ip_types(value: object) -> tuple[str, ...] | FromAttribute:
    return _taken_from(value, "ip_types") or ip_types_of(value)


def _attribute(value: object, path: str) -> AttributeRule:
    told = as_mapping(value, path)
    kind = word(told.get("milestone"), under(path, "milestone"), MilestoneKind)
    return AttributeRule(kind, _details(kind, told, frozenset({"milestone"}), path))


def _activity(value: object, path: str) -> ActivityRule | None:
    if value is None:
        return None
    told = as_mapping(value, path)
    take = word(told.get("take", Take.ALL.value), under(path, "take"), Take)
    if ("milestone" in told) == ("action" in told):
        raise InputError(
            path, Message(N_("活动应当且只能对应一个节点（milestone）或动作（action）；作为附注则写 null"))
        )
    if "action" in told:
        refuse_unknown_keys(told, frozenset({"action", "take"}), path)
        return ActivityRule(action=text_at(told, "action", path, longest=60), take=take)
    kind = word(told["milestone"], under(path, "milestone"), MilestoneKind)
    return ActivityRule(kind, details=_details(kind, told, frozenset({"milestone", "take"}), path), take=take)


def _details(kind: MilestoneKind, told: Mapping[str, object], frame: frozenset[str], path: str) -> dict[str, str | int]:
    refuse_unknown_keys(told, frozenset({*MILESTONE_DETAILS, *frame}), path)
    return details_of(kind, {key: value for key, value in told.items() if key not in frame}, path)
