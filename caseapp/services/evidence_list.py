"""The numbered list of a case's evidence with hashes, issued as a document; frozen as it was on that day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caseapp.context import Context
from caseapp.domain.connections import Counterpart
from caseapp.domain.documents import DocumentNotReady, missing_facts, unprintable_characters
from caseapp.domain.events import EntryKind
from caseapp.domain.evidence import Acquisition, Evidence, EvidenceKind
from caseapp.domain.facts import CaseImage
from caseapp.domain.file_kinds import size_text
from caseapp.domain.items import Fate, Item
from caseapp.domain.workflow.situation import Officer
from caseapp.queries.case_images import entries_of
from caseapp.queries.situations import people_of
from caseapp.queries.staff import staff_of
from caseapp.services import document_issue
from caseapp.services.case_store import begin
from caseapp.services.document_facts import organ_facts, pruned
from caseapp.services.document_replace import left_open, named
from caseapp.services.evidence_entry import require_hand_in
from caseapp.services.unit_of_work import unit_of_work

DOCUMENT = "evidence_list"

KIND_NAMES: Mapping[str, str] = {
    EvidenceKind.DOCUMENTARY: "书证",
    EvidenceKind.PHYSICAL: "物证",
    EvidenceKind.AUDIOVISUAL: "视听资料",
    EvidenceKind.ELECTRONIC: "电子数据",
    EvidenceKind.TESTIMONY: "证人证言",
    EvidenceKind.STATEMENT: "当事人的陈述",
    EvidenceKind.EXPERT_OPINION: "鉴定意见",
    EvidenceKind.INSPECTION_RECORD: "勘验笔录",
    EvidenceKind.SCENE_RECORD: "现场笔录",
}
"""As documents print them (行政处罚法 art 46)."""
HOW_NAMES: Mapping[str, str] = {
    Acquisition.SCENE: "现场检查提取",
    Acquisition.SAMPLING: "抽样取证",
    Acquisition.PRESERVATION: "先行登记保存",
    Acquisition.SEIZURE: "查封、扣押",
    Acquisition.INQUIRY: "询问调查",
    Acquisition.ELECTRONIC: "电子数据提取",
    Acquisition.SUBMITTED: "当事人或者权利人提交",
    Acquisition.TRANSFERRED: "其他机关移送",
    Acquisition.ENTRUSTED: "委托鉴定、辨认取得",
    Acquisition.OTHER: "其他方式",
}
FATE_NAMES: Mapping[str, str] = {
    Fate.SAMPLED: "抽样检验消耗",
    Fate.RETURNED: "已退还",
    Fate.HANDED_OVER: "已移交其他机关",
    Fate.CONFISCATED: "已没收上缴",
    Fate.DESTROYED: "已销毁",
    Fate.OTHER_CASE: "已转入他案",
}


def issue(ctx: Context, case_id: str) -> str:
    """Issue the list of what stands as evidence now. Returns the document's id; it is printed after commit.

    raises  NotFound, ActionRefused (no hand in the case), DocumentNotReady (no evidence, characters without glyphs),
            StaleCase
    """
    edit = begin(ctx, case_id)
    image = edit.current
    principal = require_hand_in(ctx, image)
    doc_type = ctx.law.documents[DOCUMENT]
    replaced = left_open(ctx, image, DOCUMENT, lambda _facts: True)
    facts = {**gather(ctx, image), **_maker(ctx, principal), **named(replaced)}
    missing = missing_facts(doc_type, facts)
    unprintable = unprintable_characters(doc_type, facts, ctx.ports.pdf.glyphs_missing)
    if missing or unprintable:
        raise DocumentNotReady(doc_type, missing, unprintable)
    with unit_of_work(ctx) as unit:
        document_id = document_issue.put(
            ctx, unit, edit, image.main.id, DOCUMENT, doc_type, facts,
            on=ctx.today(), organ=image.organ, replaces=replaced, principal=principal,
        )  # fmt: skip
        edit.save(unit)
    return document_id


def gather(ctx: Context, image: CaseImage) -> dict[str, Any]:
    """Return the facts of the list (docs/documents.md)."""
    by_deputies = _taken_in_by_deputies(ctx, image)
    named_too = {person for hand in by_deputies.values() for person in hand}
    people = staff_of(ctx, image.organ, {*people_of(image), *named_too})
    main = image.main
    found: dict[str, Any] = pruned(
        {
            "organ": organ_facts(ctx, image.organ),
            "case": {
                "number": image.number,
                "lead_number": image.lead_number,
                "name": main.facts.get("case_name") or image.title,
            },
            "parties": [{"role": party.role, "kind": party.kind, "name": party.name} for party in image.parties],
            "officers": [{"name": _name(people, officer)} for officer in image.officers],
            "evidence_list": [
                {**_piece(piece, people), "taken_in_by": _in_words(people, by_deputies.get(piece.id))}
                for piece in image.evidence
                if piece.stands
            ],
            "withdrawn": [str(piece.number) for piece in image.evidence if piece.withdrawn_on is not None],
            "went_along": [
                f"{piece.number}（转入{piece.went_to.case_number}，为证据{piece.went_to.number}）"
                for piece in image.evidence
                if piece.went_to is not None
            ],
            "custody": [_item(item, people) for item in image.custody.items],
            "demo": image.demo,
        }
    )
    return found


def _maker(ctx: Context, principal: str) -> dict[str, Any]:
    """Return who makes the list where a deputy does: with his own name, for the one named behind it."""
    if not principal:
        return {}
    people = staff_of(ctx, ctx.actor.organ, {ctx.actor.id, principal})
    return {"made_by": _in_words(people, (ctx.actor.id, principal))}


def _taken_in_by_deputies(ctx: Context, image: CaseImage) -> dict[str, tuple[str, str]]:
    """Return (deputy, principal) by the id of each piece that a deputy put into the file."""
    found = {}
    for entry in entries_of(ctx, image.id):
        principal = entry.payload.get("for")
        if entry.kind == EntryKind.EVIDENCE_ADDED and principal:
            told: Mapping[str, Any] = entry.payload["evidence"]  # type: ignore[assignment]
            found[str(told["id"])] = (entry.actor, str(principal))
    return found


def _in_words(people: Mapping[str, Officer], hand: tuple[str, str] | None) -> str | None:
    return f"{_name(people, hand[0])}（代{_name(people, hand[1])}）" if hand else None


def _piece(piece: Evidence, people: Mapping[str, Officer]) -> dict[str, Any]:
    return {
        "number": str(piece.number),
        "title": piece.title,
        "kind": KIND_NAMES.get(piece.kind, piece.kind),
        "source": f"{piece.source}{_came(piece.came_from, '证据')}",
        "acquired_on": piece.acquired_on.isoformat(),
        "acquired_at": piece.acquired_at,
        "place": piece.place,
        "how": HOW_NAMES.get(piece.how, piece.how),
        "officers": [_name(people, officer) for officer in piece.officers],
        "proves": piece.proves,
        "file_name": piece.file.name,
        "size": size_text(piece.file.size),
        "digest": piece.file.digest,
    }


def _item(item: Item, people: Mapping[str, Officer]) -> dict[str, Any]:
    if item.keeper is not None:
        keeper = item.keeper.third_party or _name(people, item.keeper.officer)
        state = f"由{keeper}保管，存放于{item.place}"
    else:
        state = FATE_NAMES.get(item.fate, item.fate)
        if item.went_to is not None:
            state += f"（{item.went_to.case_number}物品{item.went_to.number}）"
    return {
        "number": item.number,
        "name": item.name,
        "spec": item.spec,
        "quantity": item.quantity,
        "unit": item.unit,
        "state": f"{state}{_came(item.came_from, '物品')}",
    }


def _came(there: Counterpart | None, thing: str) -> str:
    return f"（由{there.case_number}{thing}{there.number}转入）" if there else ""


def _name(people: Mapping[str, Officer], person: str) -> str:
    return people[person].name if person in people else person
