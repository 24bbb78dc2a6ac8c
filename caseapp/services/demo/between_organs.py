"""What the demonstration leaves between the organs on its last day: suits at the court, what the procuratorate finds by
itself and writes about, joint work of all of them. A small demonstration shows as much as its cases allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import ActionRefused, RuleRefused
from caseapp.domain.events import Json, MilestoneKind, legal_date
from caseapp.domain.facts import CaseImage
from caseapp.domain.joint_work import Answer
from caseapp.domain.supervision.ranking import FindingKind
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_images import load
from caseapp.queries.supervision_list import finding_list
from caseapp.services import case_act, case_facts, joint_work
from caseapp.services.demo.actor import Stage
from caseapp.services.demo.matter import YUAN
from caseapp.services.demo.people import FIRST_ORGAN, Crew, Person
from caseapp.services.joint_work import WorkDraft
from caseapp.services.letter_send import send_letter
from caseapp.services.proceeding_open import open_proceeding
from caseapp.services.remedy_facts import REMEDY
from caseapp.services.suit_send import SuitDraft, serve
from caseapp.services.supervision_refresh import refresh_all

HOME, NEIGHBOUR = FIRST_ORGAN, "320614-ip"
_LOOKED_AT: Final = 60
FOUND_LATE: Final = {"turnover": 8_640_000, "sales": 8_640_000}
"""Amounts that a platform reports after the fine: beyond the limits of both sets of rules."""
_NOTICED: Final = 2
"""How many such cases there are: about one the procuratorate has written, the other it finds."""


def show_between_organs(stage: Stage) -> None:
    """Leave work for police, procuratorate and court of the first organ's place; nothing on a day of rest."""
    today = legal_date(stage.clock.at)
    home = stage.crews[HOME]
    if not stage.calendar.is_working(today):
        return
    fined = [image for image in _cases(stage) if _is_fined(image)]
    suits = [image for image in fined if not image.proceedings[1:] and image.main.procedure == "penalty_general"]
    named = [image for image in suits if any(one.type == "penalty_decision" for one in image.documents)]
    served = next((one for one in named if _tried(lambda one=one: _served(stage, one))), None)  # type: ignore[misc]
    others = (one for one in suits if served is None or one.id != served.id)
    next((one for one in others if _tried(lambda one=one: _answered(stage, home, one))), None)  # type: ignore[misc]
    _found_late(stage, home, [one for one in fined if one.main.category == "closed"])
    _written_about(stage)
    _joint_work(stage, home)


# --- Suits ------------------------------------------------------------------------------------------------------------


def _served(stage: Stage, image: CaseImage) -> None:
    """The court serves a complaint against a decision whose paper it has; it waits for our receipt."""
    paper = next(one for one in image.documents if one.type == "penalty_decision")
    assert paper.number is not None
    draft = SuitDraft(image.organ, paper.number, paper.issued_on, _respondent(image), _suit(stage, image, 1))
    serve(_as(stage, _liaison(stage, "court")), draft)


def _answered(stage: Stage, home: Crew, image: CaseImage) -> None:
    """A suit came on paper and was answered: the court has the file, its judgment is awaited."""
    officer = _officer(home, image)
    today = legal_date(stage.clock.at)
    form: dict[str, Json] = {
        **_suit(stage, image, 2),
        "court_organ": _liaison(stage, "court").actor.organ,
        "suit_served_on": today.isoformat(),
        "paper_ref": f"演示应诉通知书〔{today.year}〕2号",
    }
    ctx = _as(stage, officer, papers_of=image)
    opened = open_proceeding(ctx, image.id, REMEDY, "note_suit", form, seen_version=None)
    answer: dict[str, Json] = {
        "defence_text": "处罚决定认定事实清楚，适用法律正确，程序合法，裁量适当，请求驳回原告的诉讼请求。",
        "defence_evidence": "现场笔录\n询问笔录\n权利人鉴别意见\n行政处罚告知书及送达回证",
        "defence_norms": "《中华人民共和国商标法》\n《市场监督管理行政处罚程序规定》",
        "head_in_court": f"{home.leaders[0].name}（机关负责人）",
    }
    case_act.act(ctx, image.id, opened.proceeding, "answer_suit", answer, seen_version=None)


def _suit(stage: Stage, image: CaseImage, number: int) -> dict[str, Json]:
    return {
        "suit_number": f"（{legal_date(stage.clock.at).year}）苏演示行初{number}号",
        "plaintiff": _respondent(image),
        "sued_by": "respondent",
        "sued": "organ",
        "suit_claims": "请求撤销行政处罚决定；理由：涉案商品有合法来源，处罚过重。",
    }


# --- What should have been transferred --------------------------------------------------------------------------------


def _found_late(stage: Stage, home: Crew, closed: list[CaseImage]) -> None:
    """Platforms report more sales than was known when the fine was set: a limit is met, and nobody refers."""
    for image in [one for one in closed if "trademark" in one.ip_types and one.act_from is not None][:_NOTICED]:
        ctx = _as(stage, _officer(home, image))
        case_facts.change(
            ctx, image.id, {"amounts": {**image.amounts, **FOUND_LATE}},
            reason="结案后平台补报交易记录，销售金额更正", seen_version=None,
        )  # fmt: skip


def _written_about(stage: Stage) -> None:
    """The procuratorate writes about the first row of its list, where another is left to be found."""
    refresh_all(stage.ctx)
    ctx = _as(stage, _liaison(stage, "procuratorate"))
    lines = finding_list(ctx, kind=FindingKind.LIMB, organ=HOME).lines
    if len(lines) < _NOTICED:
        return
    line = lines[0]
    sales = f"{FOUND_LATE['sales'] // YUAN:,}元"
    letter: dict[str, Json] = {
        "letter_number": f"演示检意〔{legal_date(stage.clock.at).year}〕1号",
        "letter_facts": f"该案作出行政处罚后，补报的销售金额为{sales}，已达到刑事追诉标准，至今未移送公安机关。",
        "letter_opinion": "请依法审查是否移送，并将处理情况书面回复本院。",
    }
    send_letter(ctx, line.case_id, line.kind, line.subject, letter)
    refresh_all(stage.ctx)


# --- Joint work -------------------------------------------------------------------------------------------------------


def _joint_work(stage: Stage, home: Crew) -> None:
    """A consultation with minutes, an early intervention asked for, a notice that waits for us, an operation over."""
    officer = home.officers[0]
    police, procurator, court = (_liaison(stage, kind) for kind in ("police", "procuratorate", "court"))
    soon = legal_date(stage.clock.at) + timedelta(days=10)
    open_case = next((image.number for image in _cases(stage, open_only=True) if image.number), None)
    numbers = (open_case,) if open_case else ()
    talk = _begun(
        stage, officer, "consultation", "evidence", "网店后台数据取证会商",
        "就网店后台订单、支付流水的固定和采信，请公安、检察、法院提出意见。", [police, procurator, court], numbers,
    )  # fmt: skip
    for person in (police, procurator):
        joint_work.answer_work(_as(stage, person), talk, Answer.ACCEPTED, "")
    minutes = "一、先固定后台订单数据，提取时由平台工作人员见证并签名。\n二、支付流水以银行、支付机构盖章的为准。\n三、疑难的报请专家会商。"
    joint_work.write_in_work(_as(stage, officer), talk, minutes, minutes=True)
    early = WorkDraft(
        "early_intervention", "enforcement", "疑似跨区售假案提前介入", "案情复杂，上家身份不明，请就取证方向提出意见。",
        (procurator.actor.organ, police.actor.organ), soon, numbers,
    )  # fmt: skip
    joint_work.begin_work(_as(stage, officer), early)
    _begun(
        stage, court, "clue_notice", "sharing", "审理中发现的侵权线索",
        "审理一起著作权纠纷时，发现某市场有多家摊位销售同款侵权花型床品，请核查。", [officer],
    )  # fmt: skip
    over = _begun(
        stage, officer, "joint_operation", "enforcement", "家纺市场联合检查",
        "双十一前对两个家纺市场联合检查：市场监管查货，公安维持秩序。", [police, stage.crews[NEIGHBOUR].officers[0]],
    )  # fmt: skip
    for person in (police, stage.crews[NEIGHBOUR].officers[0]):
        joint_work.answer_work(_as(stage, person), over, Answer.ACCEPTED, "届时参加。")
    record = "检查摊位46个，现场登记保存涉嫌侵权床品120件，立案2件，未发现涉嫌犯罪线索。"
    joint_work.write_in_work(_as(stage, officer), over, record, minutes=True)
    joint_work.end_work(_as(stage, officer), over, "检查结束，后续由各机关分别办理。")


def _begun(
    stage: Stage,
    by: Person,
    kind: str,
    topic: str,
    subject: str,
    body: str,
    invited: list[Person],
    cases: tuple[str, ...] = (),
) -> str:
    draft = WorkDraft(kind, topic, subject, body, tuple(one.actor.organ for one in invited), cases=cases)
    return joint_work.begin_work(_as(stage, by), draft).id


# --- Inside -----------------------------------------------------------------------------------------------------------


def _cases(stage: Stage, *, open_only: bool = False) -> Iterator[CaseImage]:
    """Yield cases of the first organ that nobody else handles, those filed last first."""
    query = (
        select(CaseFile.id)
        .where(CaseFile.organ_id == HOME, CaseFile.filed_on.is_not(None), CaseFile.restricted.is_(False))
        .order_by(CaseFile.filed_on.desc(), CaseFile.number)
        .limit(_LOOKED_AT)
    )
    if open_only:
        query = query.where(CaseFile.category == "open")
    for case_id in stage.ctx.session.execute(query).scalars().all():
        image = load(stage.ctx, case_id).image
        if not image.joint:
            yield image


def _is_fined(image: CaseImage) -> bool:
    kinds = {(one.kind, one.detail("outcome")) for one in image.milestones if one.proceeding == image.main.id}
    served = any(kind is MilestoneKind.SERVED for kind, _ in kinds)
    return served and (MilestoneKind.DECIDED, "penalty") in kinds and image.main.category in ("decided", "closed")


def _respondent(image: CaseImage) -> str:
    return str(next(party.name for party in image.parties if party.role == "respondent"))


def _officer(crew: Crew, image: CaseImage) -> Person:
    return next((one for one in crew.officers if one.actor.id in image.officers), crew.officers[0])


def _liaison(stage: Stage, kind: str) -> Person:
    return stage.liaisons[f"{stage.ctx.law.organs.get(HOME).division}-{kind}"]


def _as(stage: Stage, person: Person, *, papers_of: CaseImage | None = None) -> Context:
    papers = bool(papers_of is not None and papers_of.documents)
    return replace(stage.ctx, actor=person.actor, scope=person.scope.value, issues_documents=papers)


def _tried(act: Callable[[], object]) -> bool:
    try:
        act()
    except (RuleRefused, ActionRefused):
        return False
    return True
