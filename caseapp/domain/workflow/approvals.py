"""Who may sign a request for approval. Nobody approves what he did himself (行政处罚法 art 58; 程序规定 art 49)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.events import Json
from caseapp.domain.facts import ApprovalImage, CaseImage
from caseapp.domain.ledger import canonical
from caseapp.domain.roles import ROLE_NAMES
from caseapp.domain.workflow.correction_rules import CORRECT, CorrectionRules
from caseapp.domain.workflow.definition import Action, ApprovalStep, Procedure
from caseapp.domain.workflow.proposals import PROPOSALS
from caseapp.domain.workflow.situation import Actor


def asked_action(procedure: Procedure, action_id: str, corrections: CorrectionRules) -> Action | None:
    """Return what a request for approval asks for: a step of the procedure, a correction, or a decision of the head of
    the organ about the case as a whole.
    """
    if action_id in PROPOSALS:
        return PROPOSALS[action_id]
    return corrections.of(procedure.id).action if action_id == CORRECT else procedure.action(action_id)


def waiting_step(action: Action, request: ApprovalImage) -> ApprovalStep | None:
    """Return the step that a request waits for, or None where it is no longer pending."""
    return next((step for step in action.approval if step.id == request.step), None)


def obstacles_to_sign(
    case: CaseImage,
    request: ApprovalImage,
    step: ApprovalStep,
    actor: Actor,
    *,
    organs_above: Collection[str],
    deputy: str = "",
) -> tuple[Unmet, ...]:
    """Return why this person may not sign this step; () = may.

    organs_above  the case's organ and every organ above it: a leader of any of them may sign
    deputy        id of who signs in the place of `actor`: what bars either of the two bars the signature
    """
    found: list[Unmet] = []
    both = {actor.id, deputy} - {""}
    if step.role not in actor.roles:
        found.append(
            Unmet(Message(N_("该步骤应由%(role)s签署"), {"role": ROLE_NAMES[step.role]}), cure=step.role.value)
        )
    if actor.organ not in organs_above:
        found.append(Unmet(Message(N_("您所在机关对本案没有审批权")), cure=step.role.value))
    if both & {request.by, request.principal}:
        found.append(Unmet(Message(N_("不能审批本人提出的事项")), cure=step.role.value, article="《行政处罚法》第58条"))
    if both & investigators(case, request):
        found.append(
            Unmet(
                Message(N_("办案人员不能审核、审批自己办理的案件")),
                cure=step.role.value,
                article="《市场监督管理行政处罚程序规定》第49条",
            )
        )
    if any(both & {item.by, item.principal} for item in request.signatures if item.verdict == "signed"):
        found.append(Unmet(Message(N_("您已签署本次审批的另一步骤，须由他人签署本步骤")), cure=step.role.value))
    return tuple(found)


def investigators(case: CaseImage, request: ApprovalImage) -> set[str]:
    """Return the ids of those who investigate the case, joint officers and those the request would assign included."""
    named = set(case.handlers)
    officers = request.fields.get("officers")
    if isinstance(officers, list):
        named.update(str(officer) for officer in officers)
    return named


def frozen_facts(case: CaseImage, proceeding_id: str) -> str:
    """Return the canonical text of the facts that signers rely on; its hash freezes them while a request is pending."""
    proceeding = case.proceeding(proceeding_id)
    assert proceeding is not None
    facts: Mapping[str, Json] = {
        "state": proceeding.state,
        "facts": dict(proceeding.facts),
        "parties": [[party.id, party.name, party.uscc, dict(party.personal)] for party in case.parties],
        "rights": [[right.kind, right.number, right.title, right.holder] for right in case.rights],
        "goods": [
            [item.name, item.spec, item.quantity, item.unit, item.unit_price_fen, item.value_fen] for item in case.goods
        ],
        "amounts": dict(case.amounts),
        "officers": list(case.officers),
        "division": case.division,
        "organ": case.organ,
        "ip_types": list(case.ip_types),
    }
    return canonical(facts)
