"""Side proceedings of real cases, opened and moved on through the services by the people of a `Course`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caseapp.domain.facts import ProceedingImage
from caseapp.queries.case_images import load
from caseapp.services import case_act
from caseapp.services.case_act import Outcome
from caseapp.services.proceeding_open import open_proceeding
from tests.factories.cases import SIGNERS, Course

MEASURE: dict[str, Any] = {
    "measure_kind": "seal",
    "measure_facts": "当事人仓库内存放涉嫌侵权床品200件。",
    "measure_basis": "中华人民共和国商标法 第六十二条第一款第（四）项",
}
ON_SITE: dict[str, Any] = {
    "measure_place": "通州区川姜镇1号仓库",
    "measure_items": "全棉四件套——1.8米床用——200套——标有“澜庭”",
    "seals": 2,
    "custody": "organ",
    "party_present": "张某",
    "certificates_shown": True,
}
PRESERVED: dict[str, Any] = {
    "kept_place": "通州区川姜镇1号办公室",
    "kept_items": "销售账簿——2026年度——3册",
    "kept_by": "place",
    "party_present": "张某",
    "certificates_shown": True,
}
LIFTED: dict[str, Any] = {
    "lift_ground": "unrelated",
    "returned_items": "全棉四件套——1.8米床用——200套",
    "returned_to": "张某",
}


def side_of(course: Course, case_id: str, procedure: str) -> ProceedingImage:
    """Return the latest side proceeding of a procedure, as it stands now."""
    found = [item for item in course.image(case_id).proceedings[1:] if item.procedure == procedure]
    return found[-1]


def open_side(
    course: Course,
    case_id: str,
    procedure: str,
    action: str,
    fields: Mapping[str, Any],
    *,
    by: str = "officer",
    **more: Any,
) -> Outcome:
    """Open a side proceeding with its first act."""
    with course.as_(by) as ctx:
        settings: dict[str, Any] = {"seen_version": load(ctx, case_id).version, **more}
        return open_proceeding(ctx, case_id, procedure, action, fields, **settings)


def act_in(
    course: Course,
    case_id: str,
    procedure: str,
    action: str,
    fields: Mapping[str, Any] | None = None,
    *,
    by: str = "officer",
    **more: Any,
) -> Outcome:
    """Take a step in the latest side proceeding of a procedure."""
    proceeding = side_of(course, case_id, procedure).id
    with course.as_(by) as ctx:
        settings: dict[str, Any] = {"seen_version": load(ctx, case_id).version, **more}
        return case_act.act(ctx, case_id, proceeding, action, fields or {}, **settings)


def granted(course: Course, outcome: Outcome) -> Outcome:
    """Have every step of a request signed."""
    while outcome.status != "acted":
        request = course.image(outcome.case_id).pending_approval(outcome.proceeding)
        assert request is not None
        assert request.step is not None
        outcome = course.sign(SIGNERS[request.step], outcome)
    return outcome


def applied(course: Course, case_id: str) -> Outcome:
    """Ask for a seizure; it waits for the section head."""
    fields = {**MEASURE, "measure_proposed": "涉嫌侵权床品"}
    return open_side(course, case_id, "seizure", "apply_measure", fields)


def seized(course: Course, case_id: str) -> ProceedingImage:
    """Apply for a seizure, have it approved and carry it out today."""
    granted(course, applied(course, case_id))
    act_in(course, case_id, "seizure", "impose", {"imposed_on": course.today.isoformat(), **ON_SITE})
    return side_of(course, case_id, "seizure")


def preserved(course: Course, case_id: str) -> ProceedingImage:
    """Preserve evidence today, with the head's approval."""
    asked = {"kept_reason": "账簿可能被转移。", "kept_proposed": "销售账簿3册"}
    granted(course, open_side(course, case_id, "evidence_preservation", "apply_preservation", asked))
    act_in(course, case_id, "evidence_preservation", "preserve", {"kept_on": course.today.isoformat(), **PRESERVED})
    return side_of(course, case_id, "evidence_preservation")


def sent(course: Course, case_id: str) -> ProceedingImage:
    """Commission an appraisal today."""
    fields = {
        "appraisal_kind": "appraisal",
        "appraisal_body": "江苏省纺织产品质量监督检验研究院",
        "appraisal_items": "全棉四件套——1.8米床用——1套",
        "appraisal_questions": "是否为注册人生产的商品",
        "appraisal_until": (course.today.replace(year=course.today.year + 1)).isoformat(),
    }
    granted(course, open_side(course, case_id, "appraisal", "commission", fields))
    return side_of(course, case_id, "appraisal")
