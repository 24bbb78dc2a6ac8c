"""Taking in packages: nothing of one that is wrong, everything of one that is right, once, and in order.

At the organ that has the case, what the other did takes effect through the same service as on the screen, in the name
of that organ. At the other organ a received step is kept, and what the room shows is folded from the steps.
"""

from __future__ import annotations

from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, CaseAppError, Message
from caseapp.domain.events import Stream
from caseapp.domain.packages.conversation import (
    RECEIPT,
    REFUSAL,
    Placed,
    Step,
    StepKind,
    Verdict,
    may_begin,
    placed,
)
from caseapp.domain.packages.parcel import Fault, Parcel
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Peer
from caseapp.domain.workflow.referrals import REVERSE
from caseapp.queries.case_page import organ_name
from caseapp.queries.package_matters import Matter, matter, received_image
from caseapp.queries.staff import staff_of
from caseapp.services import (
    notify,
    organ_keys,
    package_lines,
    package_opening,
    package_refuse,
    package_rows,
    package_shape,
)
from caseapp.services.ledger import append_beside
from caseapp.services.package_into_case import into_case, why_not
from caseapp.services.package_reception import Reception, opened
from caseapp.services.package_tell import tell
from caseapp.services.unit_of_work import Unit, one_transaction, unit_of_work

_FAULTS = {
    Verdict.REPLAYED: Fault(
        "replayed", "", "同一序号已经收到过另一份内容（重放）", "this number was already used for another content"
    ),
    Verdict.BROKEN: Fault("broken_chain", "", "与前一步的校验值不相接", "it does not follow the step it names"),
    Verdict.UNHEARD: Fault(
        "unheard", "", "引用了本机关没有发出过的步骤", "it answers a step that was never sent from here"
    ),
}


def receive(ctx: Context, content: bytes, *, organ: str | None = None) -> Reception:
    """Take in a package, or say why not.

    organ  only for this organ, or from it: what somebody brings to the screen is for his own, or his own has sealed it
    """
    parcel = opened(ctx, content)
    told = parcel.manifest
    faults = list(parcel.faults)
    own = {key.key for key in organ_keys.ring(ctx).own()}
    if told and told["key"] in own and all(fault.code == "wrong_receiver" for fault in faults):
        return _reception("unchanged", parcel, made_here=True)
    if not faults and organ is not None and organ not in (told["receiver"], told["sender"]):
        faults.append(Fault("wrong_receiver", told["receiver"], "收件机关不是本机关", "addressed to another organ"))
    if not faults:
        faults += package_shape.faults_of(parcel)
    if faults:
        return _refused(ctx, parcel, *faults)
    if told["kind"] in (RECEIPT, REFUSAL):
        return _word_of_ours(ctx, parcel)
    return _step(ctx, parcel, content)


def _word_of_ours(ctx: Context, parcel: Parcel) -> Reception:
    """Note up to where the other organ has everything, or which step it could not take in. What it has it has."""
    told, of = parcel.manifest, parcel.step["of"]
    kept = matter(ctx, told["matter"])
    sent = kept.ours[of["sequence"] - 1] if kept is not None and 0 < of["sequence"] <= len(kept.ours) else None
    if kept is None or sent is None or f"sha256:{sent.step.digest}" != of["digest"] or kept.there != told["sender"]:
        strange = Fault("unknown_step", "", "所指的数据包不是本机关发出的", "it speaks of what was not sent from here")
        return _refused(ctx, parcel, strange)
    is_known = sent.status == "refused" and sent.reason == parcel.step.get("reason")
    if of["sequence"] <= kept.delivered or (told["kind"] == REFUSAL and is_known):
        return _reception("unchanged", parcel, kept)
    with unit_of_work(ctx) as unit:
        if told["kind"] == RECEIPT:
            package_rows.change_matter(ctx, unit, kept.id, delivered=of["sequence"])
        else:
            package_refuse.take(ctx, unit, kept, parcel)
        _note(ctx, unit, "package_received", parcel)
    return _reception("taken", parcel, kept)


def _step(ctx: Context, parcel: Parcel, content: bytes) -> Reception:
    try:
        return _placed_step(ctx, parcel, content)
    except _NotOpened as refused:  # all of it was rolled back
        return _refused(ctx, parcel, refused.fault)


class _NotOpened(Exception):
    """A matter that the other organ begins cannot be opened here."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.fault = Fault("not_opened", "", f"不能接收这项移送：{why}", f"the matter cannot be opened here: {why}")


def _placed_step(ctx: Context, parcel: Parcel, content: bytes) -> Reception:
    told, about = parcel.manifest, parcel.step["matter"]
    file = ctx.ports.files.put(content)
    step = _step_of(parcel)
    with one_transaction(ctx), unit_of_work(ctx) as unit:
        kept = matter(ctx, told["matter"])
        waits = kept is not None and kept.case_id is None and told["sender"] == kept.peer_organ
        fault = _unwelcome(ctx, parcel, step) if kept is None or waits else None
        if fault is not None:
            return _refused(ctx, parcel, fault)
        if kept is not None and kept.case_id is not None:
            tell(ctx, unit, kept.case_id)  # what the other could not know is told before what it did is taken
            kept = matter(ctx, kept.id)
        place = placed(
            [one.step for one in kept.theirs] if kept is not None else (),
            {number: one.step for number, one in kept.waiting.items()} if kept is not None else {},
            step,
            own=len(kept.ours) if kept is not None else 0,
        )
        if place.verdict is Verdict.REPEATED:
            return _reception("unchanged", parcel, kept)
        if place.verdict in _FAULTS:
            return _refused(ctx, parcel, _FAULTS[place.verdict])
        if step.kind is StepKind.BEGINNING:
            known = _FAULTS[Verdict.REPLAYED] if kept is not None and kept.case_id is not None else None
            fault = known or package_opening.fault_of(ctx, parcel)
            if fault is not None:
                return _refused(ctx, parcel, fault)
        if kept is None:
            procedure = ctx.law.procedures.pinned(about["procedure"], about["version"])
            state = {"state": procedure.initial, "category": procedure.state(procedure.initial).category.value}
            package_rows.add_matter(ctx, unit, told["matter"], about, case_id=None, **state)
            kept = matter(ctx, told["matter"])
            assert kept is not None
        _keep(ctx, unit, kept, parcel, step, file)
        if step.seen > kept.delivered:  # who answers a step has it
            package_rows.change_matter(ctx, unit, kept.id, delivered=step.seen)
        _note(ctx, unit, "package_received", parcel)
        package_refuse.forget(unit, parcel.digest)
        if place.verdict is Verdict.HELD:
            return _reception("held", parcel, kept)
        if step.kind is StepKind.BEGINNING:
            kept, opened_by = _opened(ctx, unit, kept, parcel)
        else:
            opened_by = None
        applied = _applied(ctx, unit, kept, place, opened_by)
        kept = matter(ctx, kept.id)
    return _reception("taken", parcel, kept, applied=applied)


def _opened(ctx: Context, unit: Unit, kept: Matter, parcel: Parcel) -> tuple[Matter, int]:
    """Open a matter that the other organ begins; returns it with its case, and the entry of the ledger."""
    try:
        seq = package_opening.open_matter(ctx, unit, kept, parcel)
    except CaseAppError as error:
        raise _NotOpened(why_not(error)) from error
    now = matter(ctx, kept.id)
    assert now is not None
    return now, seq


def _unwelcome(ctx: Context, parcel: Parcel, step: Step) -> Fault | None:
    """Return why a matter that is not known here cannot begin with this package, or wait for the one it begins with."""
    about = parcel.step["matter"]
    of_house = parcel.manifest["sender"] == about["house"]
    if not may_begin(step, of_house=of_house, peer_opens=about["procedure"] == REVERSE):
        return Fault("unknown_matter", "", "本系统没有这项移送", "this referral is not known here")
    try:
        procedure = ctx.law.procedures.pinned(about["procedure"], about["version"])
        peer = Peer(about["peer"])
    except (KeyError, ValueError, CaseAppError):
        return Fault("unknown_procedure", "", "本系统没有所用的程序版本，请先更新", "its procedure is not known here")
    if not of_house and package_opening.unknown_version(ctx, about):
        return Fault("unknown_procedure", "", "本系统没有所用的程序版本，请先更新", "its procedure is not known here")
    if not procedure.is_handoff or peer is Peer.ORGAN:
        return Fault("unknown_procedure", "", "所用的程序不是移送程序", "its procedure is no handoff")
    return None


def _step_of(parcel: Parcel) -> Step:
    told, body = parcel.manifest, parcel.step
    return Step(StepKind(body["kind"]), told["sequence"], told["previous"], parcel.digest, body["seen"], body)


def _keep(ctx: Context, unit: Unit, kept: Matter, parcel: Parcel, step: Step, file: str) -> None:
    package_rows.add_step(
        ctx,
        unit,
        kept.id,
        ours=False,
        sequence=step.sequence,
        package=parcel.manifest["package"],
        kind=step.kind,
        body=step.body,
        seen=step.seen,
        previous=step.previous,
        digest=step.digest,
        file_sha256=file,
        status="held",
    )


def _applied(
    ctx: Context, unit: Unit, kept: Matter, place: Placed, opened_by: int | None
) -> tuple[tuple[int, str, str], ...]:
    """Let the steps take effect that are ready, in order. opened_by: entry in which the first of them already did"""
    done = []
    for step in place.useless:
        package_rows.drop_held(unit, kept.id, step.sequence)
    for step in place.ready:
        why, seq = "", None
        if step.kind is StepKind.BEGINNING:
            seq = opened_by
        elif kept.case_id is not None:
            why, seq = into_case(ctx, unit, kept, step)
        status = "refused" if why else "taken"
        package_rows.change_step(unit, kept.id, step.sequence, ours=False, status=status, reason=why, act_seq=seq)
        done.append((step.sequence, str(step.body.get("action") or step.kind.value), why))
    if kept.case_id is not None:
        tell(ctx, unit, kept.case_id)
        return tuple(done)
    now = matter(ctx, kept.id)
    assert now is not None
    seen = received_image(ctx, now)
    if seen is not None:
        state = {"state": seen.proceeding.state, "category": seen.proceeding.category}
        package_rows.change_matter(ctx, unit, kept.id, reference=str(now.about["reference"]), **state)
    package_lines.relist(ctx, unit, kept.id)
    _tell_the_room(ctx, unit, now)
    return tuple(done)


def _tell_the_room(ctx: Context, unit: Unit, kept: Matter) -> None:
    """Tell the liaisons of the organ, without a word of the case."""
    people = [one.id for one in staff_of(ctx, kept.peer_organ).values() if Role.LIAISON in one.roles and one.active]
    told = {"organ": organ_name(ctx, kept.house)}
    text = Message(N_("收到%(organ)s的移送数据包，请到“移送”中查看"), told)
    notify.tell(ctx, unit, people, kind="handoff", key=f"package:{kept.id}:{len(kept.theirs)}", message=text)


def _note(ctx: Context, unit: Unit, kind: str, parcel: Parcel, faults: tuple[Fault, ...] = ()) -> None:
    told = parcel.manifest
    payload: dict[str, Any] = {name: told[name] for name in ("package", "matter", "sender", "sequence") if name in told}
    if parcel.digest:
        payload["manifest"] = f"sha256:{parcel.digest}"
    if faults:
        payload["faults"] = [fault.code for fault in faults]
    append_beside(ctx, unit, stream=Stream.SYSTEM, kind=kind, payload=payload)


def _refused(ctx: Context, parcel: Parcel, *faults: Fault) -> Reception:
    """Refuse a package: the only thing that is kept is that it was refused, and why."""
    is_told = package_refuse.may_be_told(parcel, faults)
    with unit_of_work(ctx) as unit:
        _note(ctx, unit, "package_refused", parcel, faults)
        if is_told:
            package_refuse.keep(ctx, unit, parcel, faults)
    return _reception("refused", parcel, faults=tuple(faults), refusal=parcel.digest if is_told else "")


def _reception(
    status: str,
    parcel: Parcel,
    kept: Matter | None = None,
    *,
    faults: tuple[Fault, ...] = (),
    applied: tuple[tuple[int, str, str], ...] = (),
    made_here: bool = False,
    refusal: str = "",
) -> Reception:
    told = parcel.manifest
    return Reception(
        status=status,
        faults=faults,
        package=told.get("package", ""),
        matter=kept.id if kept is not None else told.get("matter", ""),
        case_id=kept.case_id if kept is not None else None,
        kind=told.get("kind", ""),
        sequence=told.get("sequence", 0),
        sender=told.get("sender", ""),
        receiver=told.get("receiver", ""),
        reference=kept.reference if kept is not None else "",
        applied=applied,
        made_here=made_here,
        refusal=refusal,
    )
