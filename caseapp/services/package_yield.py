"""An act of ours that gives way: the other organ had already done what it yields to, and we could not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.domain.events import EntryKind
from caseapp.domain.facts import CaseImage
from caseapp.queries.case_images import load_stored
from caseapp.services.case_store import Told, begin_plain
from caseapp.services.unit_of_work import Unit

REASON = "对方机关在收到本事项之前已经办理，以对方办理的为准（双方经由数据包往来）"


def give_way(ctx: Context, unit: Unit, case_id: str, seqs: Sequence[int]) -> None:
    """Void acts of a proceeding, and what they had brought about in the main proceeding.

    seqs  entries of the case's ledger, the last first

    raises  ActionRefused where what followed them does not stand without them
    """
    edit = begin_plain(ctx, case_id)
    entries = {entry.seq: entry for entry in edit.all_entries()}
    occurred_at, precision = edit.occurred(None)
    void: list[int] = []
    for seq in seqs:
        follows = entries.get(seq + 1)
        if follows is not None and follows.kind == EntryKind.ACTED and follows.actor == SYSTEM_ACTOR.id:
            void.append(follows.seq)
        void.append(seq)
    told = []
    for seq in void:
        payload: dict[str, Any] = {"entry": seq, "kind": entries[seq].kind, "void": True, "reason": REASON}
        if seq not in seqs:
            payload["follows"] = seqs[0]
        told.append(Told(EntryKind.CORRECTED, payload, occurred_at, precision, actor=SYSTEM_ACTOR.id))
    edit.append_all(told)
    edit.save(unit)


def image_of(ctx: Context, case_id: str) -> CaseImage:
    """Return a case as it is stored now."""
    return load_stored(ctx, case_id).image
