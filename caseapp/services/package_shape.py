"""Whether what a package tells is of the shape it must have: who sealed it is sure, what he wrote is not."""

from __future__ import annotations

from datetime import date

from caseapp.domain.packages.conversation import RECEIPT, REFUSAL, StepKind
from caseapp.domain.packages.parcel import Fault, Parcel
from caseapp.queries.package_matters import matter_id
from caseapp.services import package_opening


def faults_of(parcel: Parcel) -> list[Fault]:
    """Tell whether what the step says is of the shape it must have, and of the matter it is filed under."""
    told, wrong = (
        parcel.manifest,
        Fault("bad_step", "step.json", "内容与清单不符或者格式不对", "it does not fit the manifest"),
    )
    try:
        step = parcel.step
        if step["kind"] != told["kind"]:
            return [wrong]
        if told["kind"] in (RECEIPT, REFUSAL):
            words = [] if told["kind"] == RECEIPT else [step["reason"], step["reason_en"], step["code"]]
            sound = isinstance(step["of"]["sequence"], int) and all(
                isinstance(text, str) for text in (step["of"]["digest"], *words)
            )
            return [] if sound else [wrong]
        kind, about = StepKind(step["kind"]), step["matter"]
        ends = {str(about["house"]), str(about["peer_organ"])}
        sound = (
            about["house"] != about["peer_organ"]
            and ends == {told["sender"], told["receiver"]}
            and matter_id(about["house"], about["proceeding"], about["peer_organ"]) == told["matter"]
            and told["sequence"] >= 1
            and isinstance(step["seen"], int)
            and (kind in (StepKind.ACT, StepKind.BEGINNING) or told["sender"] == about["house"])
            and (kind is not StepKind.BEGINNING or (told["sender"] != about["house"] and told["sequence"] == 1))
            and all(isinstance(about[name], str) for name in ("reference", "title", "peer", "procedure"))
        )
        date.fromisoformat(about["sent_on"])
        if kind is StepKind.BEGINNING:
            sound = sound and package_opening.is_sound(step)
        if kind in (StepKind.ACT, StepKind.BEGINNING) or (kind is StepKind.ANSWER and step["taken"]):
            date.fromisoformat(step["on"])
            sound = sound and isinstance(step["payload"]["from"], str) and isinstance(step["payload"]["to"], str)
        if kind is StepKind.ACT and told["sender"] != about["house"]:
            sound = sound and package_opening.brings_its_files(parcel)
        if kind is StepKind.ANSWER:
            sound = sound and isinstance(step["to"], int)
        if kind is StepKind.VOID:
            sound = sound and isinstance(step["of"], int)
    except (ValueError, KeyError, TypeError):
        return [wrong]
    return [] if sound else [wrong]
