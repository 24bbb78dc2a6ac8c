"""The page of a masked copy: side by side, more hidden by hand, a ground for what is shown, issued."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories.cases import Course, course
from tests.web.officer.forms import fields, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]
__all__ = ["course"]


def address(course: Course) -> str:
    case_id = course.deciding()
    told = {**course.decision(), "facts_found": "当事人销售侵权床品200件，联系电话13800000001。"}
    course.approved("officer", case_id, "decide_penalty", told)
    (decision,) = (one for one in course.image(case_id).documents if one.type == "penalty_decision")
    return f"/cases/{case_id}/documents/{decision.id}/masked"


def test_a_copy_is_compared_changed_and_issued(enter: Enter, course: Course) -> None:
    path = address(course)
    officer = enter("officer")
    case_id = path.split("/")[2]
    assert path in officer.get(f"/cases/{case_id}?tab=documents").text
    page = officer.get(path).text
    assert "138****0001" in words(page)
    sent = fields(page)
    looked = officer.post(path, fields={**sent, "extra": "200件", "step": "look"}).text
    assert "侵权床品***" in words(looked)
    drafted = officer.post(f"{path}/draft.pdf", fields={**sent, "extra": "200件"})
    assert drafted.mimetype == "application/pdf"
    absent = officer.post(path, fields={**sent, "extra": "不在其中", "step": "issue"})
    assert (absent.status_code, "不在其中" in absent.text) == (422, True)
    shown = officer.post(path, fields={**sent, "show-m1": "y", "ground-m1": "", "step": "issue"})
    assert shown.status_code == 422
    assert "须写明理由" in shown.text
    done = officer.post(path, fields={**sent, "extra": "200件", "step": "issue"})
    assert done.status_code == 303
    assert course.image(case_id).documents[-1].type == "masked_copy"
    assert "公示文本" in words(officer.get(f"/cases/{case_id}?tab=documents").text)


def test_only_who_issues_papers_may_make_one_and_only_of_a_decision(enter: Enter, course: Course) -> None:
    path = address(course)
    assert enter("leader").get(path).status_code == 403
    notice: Any = next(item for item in course.image(path.split("/")[2]).documents if item.type == "prior_notice")
    parts = path.split("/")
    parts[4] = notice.id
    assert enter("officer").get("/".join(parts)).status_code == 404
