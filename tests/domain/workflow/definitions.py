"""A small sound definition as a mapping, for tests that break it one way at a time."""

from __future__ import annotations

import copy
from typing import Any


def words(zh: str) -> dict[str, str]:
    return {"zh": zh, "en": zh}


_SOUND: dict[str, Any] = {
    "procedure": "small",
    "version": 1,
    "name": words("小程序"),
    "counts": True,
    "handling_clock": ["P10"],
    "laws": {"处罚法": "行政处罚法"},
    "opening": {"milestone": {"kind": "registered", "optional": True}, "clocks": {"starts": ["P01"]}},
    "approvals": {"matter": [{"step": "leader", "name": words("负责人"), "role": "leader"}]},
    "guard_sets": {"own": ["actor_is_assigned"]},
    "field_sets": {"reason": [{"id": "reason", "kind": "text", "label": words("理由"), "required": True}]},
    "states": {
        "lead": {"name": words("线索"), "category": "lead", "owner": "officer", "initial": True},
        "open": {"name": words("办理"), "category": "open", "owner": "officer"},
        "paused": {"name": words("中止"), "category": "suspended", "owner": "officer"},
        "decided": {"name": words("已决定"), "category": "decided", "owner": "officer"},
        "closed": {"name": words("已结案"), "category": "closed"},
    },
    "actions": {
        "file": {
            "name": words("立案"),
            "from": "lead",
            "to": "open",
            "by": "officer",
            "milestone": "filed",
            "clocks": {"meets": "P01", "starts": "P10"},
            "cites": ["处罚法 54"],
        },
        "suspend": {
            "name": words("中止"),
            "from": "*open",
            "to": "paused",
            "by": "officer",
            "guards": [{"use": "own"}],
            "fields": [{"use": "reason"}],
            "approval": "matter",
            "milestone": {"kind": "suspended", "details_from": {"reason": "reason"}},
        },
        "resume": {"name": words("恢复"), "from": "paused", "to": "@previous", "by": "officer", "milestone": "resumed"},
        "note": {"name": words("记录"), "from": ["*", "-closed"], "to": "@same", "by": ["officer", "leader"]},
        "decide": {
            "name": words("决定"),
            "from": "open",
            "to": [
                {"state": "open", "when": [{"fact_equals": {"fact": "verdict", "value": "again"}}]},
                {"state": "decided"},
            ],
            "by": "officer",
            "fields": [
                {"id": "on", "kind": "date", "label": words("日期"), "fact": "decided_on"},
                {"id": "verdict", "kind": "choice", "label": words("结果"), "choices": {"yes": words("是"), "again": words("再议")}},
                {"id": "amount", "kind": "money", "label": words("金额"), "max": 300, "show_when": {"verdict": ["yes"]}},
            ],
            "occurs_on": "on",
            "milestone": {"kind": "decided", "details": {"outcome": "penalty"}},
            "effects": [{"set_case": {"values": {"amounts.turnover": "amount"}}}, {"notify": {"role": "leader"}}],
        },
        "close": {
            "name": words("结案"),
            "from": "decided",
            "to": "closed",
            "by": "officer",
            "guards": [{"act_done": {"action": "decide"}}, {"not": {"milestone_reached": {"kind": "transferred"}}}],
            "milestone": {"kind": "closed", "details": {"manner": "executed"}},
            "documents": "closing_approval",
            "clocks": {"meets": ["P10"]},
        },
        "reopen": {"name": words("重新办理"), "from": "closed", "to": "open", "by": "leader", "milestone": "reopened"},
    },
}  # fmt: skip


def sound() -> dict[str, Any]:
    """Return a fresh copy of the sound definition."""
    return copy.deepcopy(_SOUND)


def with_value(path: str, value: Any) -> dict[str, Any]:
    """Return the definition with one value changed: path such as 'actions/close/to'. `...` removes it."""
    document = sound()
    *parts, last = path.split("/")
    place = document
    for part in parts:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    if value is ...:
        del place[last]
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return document
