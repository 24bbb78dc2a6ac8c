"""What entries about evidence and custody say, for the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from caseapp.domain.errors import N_, Message
from caseapp.domain.events import EntryKind
from caseapp.domain.workflow.definition import FieldKind, Text
from caseapp.queries.told_values import ToldValue

KINDS = (
    EntryKind.EVIDENCE_ADDED,
    EntryKind.EVIDENCE_DESCRIBED,
    EntryKind.EVIDENCE_WITHDRAWN,
    EntryKind.ITEM_TAKEN,
    EntryKind.ITEM_MOVE_ASKED,
    EntryKind.ITEM_MOVE_CONFIRMED,
    EntryKind.ITEM_MOVE_REFUSED,
)

Payload = Mapping[str, Any]


def people(kind: str, payload: Payload) -> set[str]:
    """Return the ids of everybody an entry names."""
    if kind == EntryKind.EVIDENCE_ADDED:
        return set(payload["evidence"]["officers"])
    if kind == EntryKind.EVIDENCE_DESCRIBED:
        return set(payload["changes"].get("officers", ()))
    if kind == EntryKind.ITEM_MOVE_ASKED:
        move = payload["move"]
        return {keeper["officer"] for keeper in (move["giver"], move["taker"]) if keeper and keeper["officer"]}
    return set()


@dataclass(slots=True)
class Told:
    """What was said so far, so that later entries can be told by name: ids -> words."""

    pieces: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)

    def words(self, payload: Payload, name: Callable[[str], str]) -> dict[str, Any]:
        """Return title and note of an entry. Payloads are told apart by their keys."""
        if isinstance(payload.get("evidence"), Mapping):
            return self._added(payload["evidence"], name)
        if "evidence" in payload:
            return self._changed(payload)
        if isinstance(payload.get("item"), Mapping):
            return self._taken(payload["item"])
        if isinstance(payload.get("move"), Mapping):
            return self._asked(payload["move"], name)
        return self._answered(payload)

    def followed(self, payload: Payload) -> tuple[ToldValue, ...]:
        """Return what came along or went along with the tie to another case, by name."""
        gone = payload.get("gone") or {}
        self.pieces.update({one["id"]: f"{one['number']} {one['title']}" for one in payload.get("evidence", ())})
        self.items.update({one["id"]: f"{one['number']} {one['name']}" for one in payload.get("items", ())})
        lines = (
            (_CAME[0], [self.pieces[one["id"]] for one in payload.get("evidence", ())]),
            (_CAME[1], [self.items[one["id"]] for one in payload.get("items", ())]),
            (_GONE[0], [self.pieces.get(one, one) for one in gone.get("evidence", ())]),
            (_GONE[1], [self.items.get(one, one) for one in gone.get("items", ())]),
        )
        return tuple(ToldValue(name, tuple(told), FieldKind.TEXT) for name, told in lines if told)

    def _added(self, piece: Payload, name: Callable[[str], str]) -> dict[str, Any]:
        called = f"{piece['number']} {piece['title']}"
        self.pieces[piece["id"]] = called
        officers = "、".join(name(one) for one in piece["officers"])
        note = Message(
            N_("来源：%(source)s；%(day)s取得于%(place)s；取得人：%(officers)s；校验值 %(digest)s"),
            {
                "source": piece["source"],
                "day": piece["acquired_on"],
                "place": piece["place"],
                "officers": officers,
                "digest": piece["file"]["digest"],
            },
        )
        return {"title": Message(N_("附入证据 %(piece)s"), {"piece": called}), "note": note}

    def _changed(self, payload: Payload) -> dict[str, Any]:
        piece = {"piece": self.pieces.get(payload["evidence"], payload["evidence"])}
        text = N_("更改证据说明 %(piece)s") if "changes" in payload else N_("撤回证据 %(piece)s")
        return {"title": Message(text, piece), "note": payload["reason"]}

    def _taken(self, item: Payload) -> dict[str, Any]:
        called = f"{item['number']} {item['name']}"
        self.items[item["id"]] = called
        values = {"item": called, "quantity": item["quantity"], "unit": item["unit"]}
        return {"title": Message(N_("收存物品 %(item)s，%(quantity)s %(unit)s"), values), "note": item["place"]}

    def _asked(self, move: Payload, name: Callable[[str], str]) -> dict[str, Any]:
        item: str = self.items.get(move["item"]) or str(move["item"])
        taker = move["taker"]
        to: object = _FATES[move["fate"]] if taker is None else taker["third_party"] or name(taker["officer"])
        self.moves[move["id"]] = item
        self.items[move["id"]] = item
        values = {"item": item, "quantity": move["quantity"], "to": to}
        return {
            "title": Message(N_("提出移交物品 %(item)s，数量 %(quantity)s：%(to)s"), values),
            "note": move["reason"],
        }

    def _answered(self, payload: Payload) -> dict[str, Any]:
        item = {"item": self.moves.get(payload["move"], payload["move"])}
        if "side" not in payload:
            return {"title": Message(N_("取消移交物品 %(item)s"), item), "note": payload["reason"]}
        gave = payload["side"] == "giving"
        text = N_("确认移出物品 %(item)s") if gave else N_("确认接收物品 %(item)s")
        return {"title": Message(text, item)}


_CAME = (Text("转入的证据", "Evidence that came along"), Text("转入的物品", "Goods that came along"))
_GONE = (Text("转出的证据", "Evidence that went along"), Text("转出的物品", "Goods that went along"))
_FATES = {
    "sampled": Message(N_("抽样检验")),
    "returned": Message(N_("退还")),
    "handed_over": Message(N_("移交其他机关")),
    "confiscated": Message(N_("没收上缴")),
    "destroyed": Message(N_("销毁")),
}
