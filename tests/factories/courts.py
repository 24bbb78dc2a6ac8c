"""What goes between our organ and the court, of real cases, moved on by the people of a `Course` and by a liaison."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.factories.cases import Course
from tests.factories.referrals import COURT, answered, liaisons
from tests.factories.sides import open_side, side_of

OUTLINE = "对某家纺经营者的罚款决定已经生效，催告后仍未履行，申请强制执行。"
APPLICATION: dict[str, Any] = {
    "court_organ": COURT,
    "preview": OUTLINE,
    "enforced_items": "罚款五千元",
    "enforcement_papers": ["application", "decision", "party_views", "target"],
}
RULING: dict[str, Any] = {"ruling_number": "（2026）苏0612行审8号", "ruling_text": "准予强制执行。"}


def enforcing(course: Course) -> str:
    """Have a fine stay unpaid until the court is applied to; returns the id of the case."""
    case_id = course.performing()
    course.later(days=20)
    told = {"reminder_on": course.today.isoformat(), "reminder_amount": 500_000}
    course.act("officer", case_id, "serve_reminder", told)
    course.later(days=200)
    over = (course.today - timedelta(days=1)).isoformat()
    course.act("officer", case_id, "confirm_remedy_over", {"remedy_over_on": over})
    asked = {"court": "南通市通州区人民法院", "court_applied_on": course.today.isoformat(), "court_amount": 500_000}
    course.approved("officer", case_id, "apply_to_court", asked)
    return case_id


def sent_to_court(course: Course, case_id: str, **changes: Any) -> str:
    """Send the application to the court; returns the id of the proceeding."""
    open_side(course, case_id, "court_enforcement", "send_application", {**APPLICATION, **changes})
    return side_of(course, case_id, "court_enforcement").id


def by_court(course: Course, proceeding: str, action: str, fields: Mapping[str, Any] | None = None) -> None:
    """Take an act of the court by its liaison."""
    answered(course, court_liaison(course), proceeding, action, fields)


def court_liaison(course: Course) -> Any:
    """Return the court's liaison, whose account is made when he is first needed."""
    if "court" not in course.people:
        course.people = {**course.people, **liaisons(course)}
    return course.people["court"]


def examined(course: Course, case_id: str) -> str:
    """Have the court sign for the application; returns the id of the proceeding."""
    proceeding = sent_to_court(course, case_id)
    by_court(course, proceeding, "sign_receipt", {"receipt_signer": "联络员2"})
    return proceeding


def accepted(course: Course, case_id: str) -> str:
    """Have the court accept the application; returns the id of the proceeding."""
    proceeding = examined(course, case_id)
    on = course.today.isoformat()
    told = {"court_answered_on": on, "court_answer": "accepted", "court_number": "（2026）苏0612行审8号"}
    by_court(course, proceeding, "accept_application", told)
    return proceeding
