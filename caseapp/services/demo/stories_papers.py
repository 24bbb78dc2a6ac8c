"""Papers that officers of the demonstration issue beside the steps: records of what was seen and said, orders."""

from __future__ import annotations

from datetime import timedelta

from caseapp.domain.events import Json
from caseapp.queries.case_images import load
from caseapp.services import masked_copy_issue
from caseapp.services.demo.actor import Hand
from caseapp.services.demo.forms import receiver

Fields = dict[str, Json]


def site_recorded(c: Hand) -> None:
    """The officers recorded what they found on the spot this very hour."""
    now = c.stage.clock.at
    form: Fields = {
        "site_begun": (now - timedelta(minutes=50)).isoformat(),
        "site_ended": now.isoformat(),
        "site_place": "当事人经营场所（演示）",
        "site_officers": c.officer_ids,
        "site_clerk": c.officers[1].actor.id,
        "site_presence": "present",
        "site_person": receiver(c),
        "site_person_job": "负责人",
        "site_text": "执法人员出示执法证件后进入经营场所检查。货架和仓库内摆放涉案商品，执法人员逐件清点、拍照，现场负责人全程在场。",
    }
    c.act("site_record", form)


def interviewed(c: Hand) -> None:
    """Who speaks for the party was interviewed this very hour."""
    now = c.stage.clock.at
    form: Fields = {
        "interview_begun": (now - timedelta(minutes=40)).isoformat(),
        "interview_ended": now.isoformat(),
        "interview_nth": 1,
        "interview_place": "本局询问室（演示）",
        "interview_officers": c.officer_ids,
        "interview_clerk": c.officers[1].actor.id,
        "interviewee_name": receiver(c),
        "interviewee_relation": "当事人负责人",
        "interview_text": "问：涉案商品从何处购进？\n答：从上门推销的人处购进，没有索取发票和授权文件。\n"
        "问：什么时候开始销售？\n答：记不清具体日期，售价比正品低。\n问：还有什么要说明的？\n答：已经停止销售，愿意配合调查。",
        "interview_confirmed": "read",
    }
    c.act("interview_record", form)


def decision_masked(c: Hand) -> None:
    """The decision was masked for publication."""
    ctx = c.as_officer()
    if not ctx.issues_documents:
        return
    image = load(ctx, c.case_id).image
    decision = next(item for item in reversed(image.documents) if item.type == "penalty_decision")
    masked_copy_issue.issue(ctx, c.case_id, decision.id)
    c.version = load(ctx, c.case_id).version
