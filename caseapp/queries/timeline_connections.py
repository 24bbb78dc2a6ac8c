"""Telling what ties a case to other organs and other cases, in the words of the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from caseapp.domain.errors import N_, Message
from caseapp.domain.events import EntryKind

Payload = Mapping[str, Any]
Words = Mapping[str, str]
NameOf = Callable[[str], object]
"""Organ id -> its name in both languages; person id -> name."""

_SENT = {
    "move": N_("移送 %(organ)s，待签收"),
    "hand_down": N_("交办 %(organ)s，待签收"),
    "designate": N_("指定 %(organ)s 管辖，待签收"),
}
_LINKED = {
    "merged_into": N_("并入 %(number)s"),
    "merged_from": N_("%(number)s 并入本案"),
    "split_into": N_("分出 %(number)s"),
    "split_from": N_("由 %(number)s 分出"),
}


def told(kind: EntryKind, payload: Payload, organ: NameOf, person: NameOf) -> dict[str, Any]:
    """Return title and note of an entry of these kinds; a patch of the case is told by the caller."""
    return _TOLD[kind](payload, organ, person)


def _sent(payload: Payload, organ: NameOf, person: NameOf) -> dict[str, Any]:
    transfer = payload["transfer"]
    note = "\n".join(part for part in (transfer["reason"], transfer.get("demands", "")) if part)
    return {"title": Message(_SENT[transfer["kind"]], {"organ": organ(transfer["receiver"])}), "note": note}


def _received(payload: Payload, organ: NameOf, person: NameOf) -> dict[str, Any]:
    title = Message(N_("%(organ)s 签收，本案自此由其办理"), {"organ": organ(payload["organ"])})
    return {"title": title, "note": payload.get("number") or ""}


def _returned(payload: Payload, organ: NameOf, person: NameOf) -> dict[str, Any]:
    title = N_("退回：对管辖有异议，开始协商") if payload.get("dispute") else N_("退回")
    return {"title": Message(title), "note": payload["reason"]}


def _recalled(payload: Payload, organ: NameOf, person: NameOf) -> dict[str, Any]:
    return {"title": Message(N_("撤回移送")), "note": payload["reason"]}


def _reported(payload: Payload, organ: NameOf, person: NameOf) -> dict[str, Any]:
    return {"title": Message(N_("协商不成，报请 %(organ)s 指定管辖"), {"organ": organ(payload["to"])})}


def _joint_set(payload: Payload, organ: NameOf, person: NameOf) -> dict[str, Any]:
    reason = payload.get("reason", "")
    if not payload["joint"]:
        return {"title": Message(N_("不再联合办案")), "note": reason}
    names = [organ(item["organ"]) for item in payload["joint"]]
    both = {
        language: sep.join(str(name[language]) if isinstance(name, Mapping) else str(name) for name in names)
        for language, sep in (("zh", "、"), ("en", ", "))
    }
    officers = "、".join(str(person(one)) for item in payload["joint"] for one in item["officers"])
    note = "\n".join(part for part in (officers, reason) if part)
    return {"title": Message(N_("联合办案：%(organs)s"), {"organs": both}), "note": note}


def _linked(payload: Payload, organ: NameOf, person: NameOf) -> dict[str, Any]:
    link = payload["link"]
    return {"title": Message(_LINKED[link["kind"]], {"number": link["number"]}), "note": link.get("reason", "")}


_TOLD: Mapping[EntryKind, Callable[[Payload, NameOf, NameOf], dict[str, Any]]] = {
    EntryKind.TRANSFER_SENT: _sent,
    EntryKind.TRANSFER_RECEIVED: _received,
    EntryKind.TRANSFER_RETURNED: _returned,
    EntryKind.TRANSFER_RECALLED: _recalled,
    EntryKind.TRANSFER_REPORTED: _reported,
    EntryKind.JOINT_SET: _joint_set,
    EntryKind.LINKED: _linked,
}
KINDS = frozenset(_TOLD)
