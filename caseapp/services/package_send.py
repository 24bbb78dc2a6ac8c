"""Handing out packages: the next step of a referral as a sealed file, or the receipt of what came.

A package is sealed once and kept: given out again it is the same bytes, whatever happened meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound, RuleRefused
from caseapp.domain.facts import CaseImage
from caseapp.domain.packages.conversation import RECEIPT, StepKind
from caseapp.domain.workflow.attached import attached
from caseapp.queries.case_images import load
from caseapp.queries.case_page import organ_name
from caseapp.queries.package_matters import KeptStep, Matter, find_received, matter
from caseapp.services import organ_keys, package_lines, package_rows
from caseapp.services.access_log import note_export
from caseapp.services.package_dossier import Luggage, luggage
from caseapp.services.package_opening import item_of
from caseapp.services.package_tell import tell
from caseapp.services.unit_of_work import unit_of_work

STEP = "step.json"


@dataclass(frozen=True, slots=True)
class Package:
    """A package that leaves the house.

    kind      act | answer | void | beginning | receipt | refusal
    sequence  of the step; of a receipt: up to which step everything is here
    left      how many steps of the matter were never given out yet
    """

    id: str
    matter: str
    kind: str
    action: str
    sender: str
    receiver: str
    sequence: int
    name: str
    content: bytes
    left: int


def package_of_case(ctx: Context, case_id: str, *, to: str | None = None, sequence: int | None = None) -> Package:
    """Return the next package of a case: its first step that was not given out yet, else the last one again.

    to        organ that it goes to; None: whichever has a step waiting
    sequence  a certain step instead

    raises  RuleRefused where nothing was handed over, ExternalError
    """
    with unit_of_work(ctx) as unit:
        matters = tell(ctx, unit, case_id)
    chosen = [one for one in matters if one.ours and to in (None, one.peer_organ)]
    if not chosen:
        raise RuleRefused(Message(N_("本案还没有向其他机关移送，没有可以打包的内容")))
    waiting = next((one for one in chosen if _unsent(one) is not None), None)
    image = load(ctx, case_id).image
    return _given(ctx, waiting or chosen[0], sequence, image)


def package_of_matter(ctx: Context, of_id: str, *, sequence: int | None = None) -> Package:
    """Return the next package of a matter whose case is another's: our first step that was not given out yet, else the
    receipt, else (where nothing came) our last step again. raises NotFound
    """
    kept = matter(ctx, of_id)
    if kept is None:
        raise NotFound(Message(N_("没有这项移送")))
    if kept.case_id is not None:
        return package_of_case(ctx, kept.case_id, to=kept.peer_organ, sequence=sequence)
    if sequence is None and _unsent(kept) is None and (kept.theirs or not kept.ours):
        return receipt_of(ctx, kept)
    return _given(ctx, kept, sequence, None)


def package_of(ctx: Context, text: str, case_id: str | None, *, to: str | None, sequence: int | None) -> Package:
    """Return the next package of what somebody calls `text`: the case with that id, else a received matter."""
    if case_id is not None:
        return package_of_case(ctx, case_id, to=to, sequence=sequence)
    return package_of_matter(ctx, find_received(ctx, text).id, sequence=sequence)


def receipt_of(ctx: Context, kept: Matter) -> Package:
    """Return the receipt: it says up to which step of the other organ everything is here. raises NotFound for none"""
    if not kept.theirs:
        raise NotFound(Message(N_("还没有收到对方的数据包，没有可以签发的回执")))
    last = kept.theirs[-1]
    told: dict[str, Any] = {
        "kind": RECEIPT,
        "of": {"sequence": last.step.sequence, "digest": f"sha256:{last.step.digest}", "package": last.package},
        "received_at": last.made_at.isoformat(timespec="seconds"),
    }
    package = package_rows.package_id(kept.id, kept.here, last.step.sequence, RECEIPT)
    content = sealed(
        ctx, kept.id, kept.here, kept.there, told, {}, package=package, kind=RECEIPT, sequence=last.step.sequence,
        made_at=told["received_at"],
    )[0]  # fmt: skip
    note_export(ctx, "package", {"matter": kept.id, "package": package, "kind": RECEIPT}, rows=1)
    return Package(
        package, kept.id, RECEIPT, "", kept.here, kept.there, last.step.sequence, _name(kept, RECEIPT, last), content, 0
    )


def _given(ctx: Context, kept: Matter, sequence: int | None, image: CaseImage | None) -> Package:
    wanted = kept.ours[sequence - 1] if sequence is not None and 0 < sequence <= len(kept.ours) else None
    if sequence is not None and wanted is None:
        raise NotFound(Message(N_("没有这一步")))
    chosen = wanted or _unsent(kept) or kept.ours[-1]
    previous = ""
    for one in kept.ours[: chosen.step.sequence]:
        ready = one if one.step.digest else _seal(ctx, kept, one, previous, image)
        previous = ready.step.digest
        if one is chosen:
            chosen = ready
    with unit_of_work(ctx) as unit:
        package_rows.change_step(unit, kept.id, chosen.step.sequence, ours=True, status="sent", reason="")
        if chosen.status == "refused" and kept.case_id is None:
            package_lines.relist(ctx, unit, kept.id)
    note_export(ctx, "package", {"matter": kept.id, "package": chosen.package, "case": kept.case_id or ""}, rows=1)
    left = sum(one.status == "made" and one.step.sequence != chosen.step.sequence for one in kept.ours)
    return Package(
        chosen.package,
        kept.id,
        chosen.step.kind.value,
        chosen.action,
        kept.here,
        kept.there,
        chosen.step.sequence,
        _name(kept, chosen.action or chosen.step.kind.value, chosen),
        ctx.ports.files.get(chosen.file_sha256),
        left,
    )


def _unsent(kept: Matter) -> KeptStep | None:
    return next((one for one in kept.ours if one.status == "made"), None)


def _seal(ctx: Context, kept: Matter, one: KeptStep, previous: str, image: CaseImage | None) -> KeptStep:
    """Seal a step that was not given out before, and keep the package."""
    body = dict(one.step.body)
    along = _along(ctx, kept, one, image)
    if along is not None:
        body.update(
            papers=list(along.papers), evidence=list(along.evidence), files=list(along.files), notes=list(along.notes)
        )
    content, digest = sealed(
        ctx,
        kept.id,
        kept.here,
        kept.there,
        {"kind": one.step.kind.value, **body, "seen": one.step.seen},
        along.items if along is not None else {},
        package=one.package,
        kind=one.step.kind.value,
        sequence=one.step.sequence,
        previous=previous,
        made_at=one.made_at.isoformat(timespec="seconds"),
    )
    file = ctx.ports.files.put(content)
    with unit_of_work(ctx) as unit:
        package_rows.change_step(
            unit,
            kept.id,
            one.step.sequence,
            ours=True,
            previous=previous,
            digest=digest,
            file_sha256=file,
            body=json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        )
    return replace(one, file_sha256=file, step=replace(one.step, digest=digest, previous=previous, body=body))


def _along(ctx: Context, kept: Matter, one: KeptStep, image: CaseImage | None) -> Luggage | None:
    """Return what goes along with a step: with an act of the house, what it carries, to this organ once; with one of
    another organ, the files that the act names.
    """
    if image is None or one.step.kind is not StepKind.ACT or one.step.body.get("by") != "organ":
        return _attached(ctx, one)
    action = ctx.law.procedures.pinned(kept.procedure, kept.version).action(one.action)
    assert action is not None
    fresh = matter(ctx, kept.id)
    assert fresh is not None
    sent = {
        str(item["id"])
        for earlier in fresh.ours[: one.step.sequence - 1]
        for item in (*earlier.step.body.get("papers", ()), *earlier.step.body.get("evidence", ()))
    }
    carried = [str(item["action"]) for item in one.step.body.get("carried", ())]
    return luggage(ctx, image.id, kept.proceeding_id, action, (one.action, *carried), frozenset(sent))


def _attached(ctx: Context, one: KeptStep) -> Luggage | None:
    if one.step.kind not in (StepKind.ACT, StepKind.BEGINNING):
        return None  # who is answered has the files of his act
    named = enumerate(attached(one.step.body["payload"].get("facts")), start=1)
    items = {item_of(number, file): ctx.ports.files.get(file.sha256) for number, file in named}
    return Luggage(items) if items else None


def sealed(
    ctx: Context,
    matter_id: str,
    here: str,
    there: str,
    told: Mapping[str, Any],
    items: Mapping[str, bytes],
    *,
    package: str,
    kind: str,
    sequence: int,
    made_at: str,
    previous: str = "",
) -> tuple[bytes, str]:
    """Return a package from an organ here to one elsewhere, and the sha256 of its manifest.

    told     what `step.json` says; items: what goes along, by name
    made_at  instant, ISO 8601

    The first package of an organ makes its key, as the first anchor does.
    """
    step = {
        "format": "huhang-step-1",
        "sender_name": organ_name(ctx, here)["zh"],
        "receiver_name": organ_name(ctx, there)["zh"],
        **told,
    }
    manifest = {
        "kind": kind,
        "package": package,
        "matter": matter_id,
        "sender": here,
        "receiver": there,
        "sequence": sequence,
        "previous": previous,
        "made_at": made_at,
    }
    text = json.dumps(step, ensure_ascii=False, sort_keys=True, indent=1).encode()
    key = organ_keys.create(ctx, here)[0]
    seals = organ_keys.seals(ctx)
    content = seals.seal(
        manifest, {STEP: text, **items}, key, lambda message: organ_keys.ring(ctx).sign(key.key, message)
    )
    return content, seals.check(content, [key]).digest


def _name(kept: Matter, what: str, one: KeptStep) -> str:
    return f"{kept.here}-{kept.id[:8]}-{one.step.sequence:03d}-{what}.zip"
