"""What officers may ask the head of their organ to decide about their case as a whole: merging, splitting, moving it.

No steps of a procedure: every procedure has them. What the request carries tells the signer in words what is asked
for, and under `CARRY_OUT` the program what to do once it is signed.
"""

from __future__ import annotations

from caseapp.domain.connections import TransferKind
from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.facts import CaseImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Action, ApprovalStep, FieldDef, FieldKind, Text
from caseapp.domain.workflow.merging import Part
from caseapp.domain.workflow.situation import Actor

CARRY_OUT = "carry_out"
_PROPOSERS = (Role.OFFICER, Role.SECTION_HEAD)
_DECIDED = (ApprovalStep("leader", Text("机关负责人决定", "Head of organ"), Role.LEADER),)
_REASON = FieldDef("reason", FieldKind.LONG_TEXT, Text("理由", "Reason"), required=True)


def _words(id: str, zh: str, en: str) -> FieldDef:
    return FieldDef(id, FieldKind.CHOICES, Text(zh, en))


MERGE = Action(
    id="propose_merge",
    name=Text("并案", "Merge cases"),
    sources=(),
    posts=(),
    roles=_PROPOSERS,
    fields=(
        FieldDef("other", FieldKind.TEXT, Text("并入本案的案件", "Case that comes into this one"), required=True),
        FieldDef(
            "take",
            FieldKind.CHOICES,
            Text("一并转入", "Comes along"),
            choices=(
                (Part.PARTIES.value, Text("当事人", "Parties")),
                (Part.RIGHTS.value, Text("权利", "Rights")),
                (Part.GOODS.value, Text("涉案物品", "Goods")),
                (Part.AMOUNTS.value, Text("数额（相加）", "Amounts (added)")),
            ),
        ),
        _REASON,
    ),
    approval=_DECIDED,
    help=Text(
        "批准后立即并案：被并入的案件以并案结案，两案互相链接。",
        "On approval the other case closes as merged, and both are linked.",
    ),
)
SPLIT = Action(
    id="propose_split",
    name=Text("分案", "Split the case"),
    sources=(),
    posts=(),
    roles=_PROPOSERS,
    fields=(
        FieldDef("title", FieldKind.TEXT, Text("分出案件的名称", "Name of the new case"), required=True),
        _words("parties", "分出的当事人", "Parties that go"),
        _words("rights", "分出的权利", "Rights that go"),
        _words("goods", "分出的物品", "Goods that go"),
        _words("evidence", "分出的证据", "Evidence that goes"),
        FieldDef("evidence_in_both", FieldKind.BOOLEAN, Text("证据两案共用", "Evidence counts in both")),
        _words("items", "分出的在库物品", "Goods in custody that go"),
        _REASON,
    ),
    approval=_DECIDED,
    help=Text(
        "批准后立即分出新案：新案从线索开始，两案互相链接。",
        "On approval the new case begins as a lead, and both are linked.",
    ),
)
MOVE = Action(
    id="propose_transfer",
    name=Text("移送其他机关", "Transfer to another organ"),
    sources=(),
    posts=(),
    roles=_PROPOSERS,
    fields=(
        FieldDef(
            "kind",
            FieldKind.CHOICE,
            Text("方式", "Way"),
            required=True,
            choices=(
                (TransferKind.MOVE.value, Text("移送", "Transfer")),
                (TransferKind.HAND_DOWN.value, Text("交办", "Hand down")),
            ),
        ),
        FieldDef("receiver", FieldKind.TEXT, Text("接收机关", "Receiving organ"), required=True),
        _REASON,
        FieldDef("demands", FieldKind.LONG_TEXT, Text("办理要求", "What is asked of the receiver")),
    ),
    approval=_DECIDED,
    help=Text(
        "批准后立即制发移送文书并发往接收机关，等候签收。",
        "On approval the letter is issued and the case goes to the receiver for its receipt.",
    ),
)
PROPOSALS = {one.id: one for one in (MERGE, SPLIT, MOVE)}


def obstacles_to_propose(case: CaseImage, actor: Actor) -> tuple[Unmet, ...]:
    """Return why this person may not ask for a decision about the case; () = may."""
    heads = Role.SECTION_HEAD in actor.roles and actor.organ == case.organ
    if actor.id in case.handlers or heads:
        return ()
    text = N_("由本案办案人员或者本机关科室负责人提出")
    return (Unmet(Message(text), cure=f"{Role.OFFICER.value}|{Role.SECTION_HEAD.value}", guard="role"),)


def who_decides(case: CaseImage) -> Actor:
    """Return some head of the case's organ, to judge beforehand what he could decide."""
    return Actor("", "", case.organ, frozenset({Role.LEADER}))
