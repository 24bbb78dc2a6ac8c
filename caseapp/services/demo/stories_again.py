"""Stories in which something has to be done again: reviews and requests sent back, changes of people and facts,
reopenings.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from caseapp.domain.events import Json
from caseapp.services.case_intake import PartyDraft
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.forms import filing_form, proposal_form
from caseapp.services.demo.goods_and_parties import person_name
from caseapp.services.demo.matter import YUAN
from caseapp.services.demo.passages import (
    assigned,
    checked,
    closed,
    concluded,
    decided,
    discussed,
    executed,
    filed,
    noticed,
    performed,
    reviewed,
    silent,
    tell_rights,
    to_decision,
    waived,
)


def review_sends_back(c: Hand) -> Course:
    """The reviewer asks for more evidence; then he agrees."""
    yield from filed(c)
    yield from concluded(c, (2, 7))
    yield from reviewed(c, verdict="supplement", opinion="销售数量的证据仅有当事人陈述，建议补充调取平台交易记录。")
    yield from concluded(c, (2, 6))
    yield from reviewed(c)
    yield from noticed(c)
    yield from waived(c)
    yield from decided(c)
    yield from executed(c)


def request_returned(c: Hand) -> Course:
    """The section head returns a request for revision; the second one is granted."""
    yield from checked(c)
    yield c.later(1, 3)
    request = c.act("file_case", filing_form(c))
    yield c.later(0, 1)
    assert request.approval is not None
    opinion = "核查情况中未写明现场查获数量，请补充后再报。"
    c.sign(request.approval, c.crew.heads[0], opinion, verdict="returned")
    yield c.later(0, 2)
    yield from c.approved("file_case", filing_form(c))
    yield from to_decision(c)
    yield from executed(c)


def request_taken_back(c: Hand) -> Course:
    """The officer takes his request back to correct a slip."""
    yield from checked(c)
    yield c.later(1, 3)
    request = c.act("file_case", filing_form(c))
    yield c.later(0)
    assert request.approval is not None
    c.withdraw(request.approval)
    yield c.later(0, 1)
    yield from c.approved("file_case", filing_form(c))
    yield from to_decision(c)
    yield from executed(c)


def request_void(c: Hand) -> Course:
    """A fact changes while the request is under way: it is void, and asked again."""
    yield from checked(c)
    yield c.later(1, 3)
    request = c.act("file_case", filing_form(c))
    yield c.later(0)
    c.change({"amounts": {"marks": 1 + len(c.matter.rights)}}, "补充登记涉案标识数量")
    yield c.later(0, 1)
    assert request.approval is not None
    outcome = c.sign(request.approval, c.crew.heads[0], "同意。")
    yield c.later(0, 1)
    assert outcome.status == "void"
    yield from c.approved("file_case", filing_form(c))
    yield from to_decision(c)
    yield from executed(c)


def discussion_sends_back(c: Hand) -> Course:
    """The heads send the case back; after more evidence it is decided."""
    yield from filed(c)
    yield from concluded(c, grounds=["complex"])
    yield from reviewed(c)
    yield from noticed(c)
    yield from waived(c)
    yield c.later(1, 2)
    discussed(c, "supplement")
    yield from concluded(c, (3, 6), grounds=["complex"])
    yield from reviewed(c)
    yield from noticed(c)
    yield from waived(c)
    yield from decided(c)
    yield from executed(c)


def investigated_again(c: Hand) -> Course:
    """The officer himself sees that something is missing."""
    yield from filed(c)
    yield from concluded(c)
    yield from reviewed(c)
    yield c.later(0, 2)
    c.act("reinvestigate", {"reinvestigate_reason": "当事人提交新的进货凭证，需要核实上游供货者。"})
    yield from to_decision(c)
    yield from executed(c)


def noticed_again(c: Hand) -> Course:
    """More goods turn up: a heavier penalty is notified anew."""
    yield from filed(c)
    yield from concluded(c)
    yield from reviewed(c)
    yield from noticed(c)
    yield c.later(1, 3)
    money = c.matter.money
    c.matter = replace(c.matter, money=replace(money, fine=money.fine + 500 * YUAN))
    form: dict[str, Json] = {
        "renew_reason": "当事人仓库内另查获同款侵权商品，拟处罚款相应调整。",
        "proposed_outcome": "penalty",
        **proposal_form(c),
    }
    c.act("renew_notice", form)
    yield from noticed(c)
    yield from silent(c)
    yield from decided(c)
    yield from executed(c)


def _others(c: Hand) -> tuple[int, int]:
    """Return the lead officer's place and that of a certified colleague not in charge yet."""
    free = [
        place
        for place, person in enumerate(c.crew.officers)
        if place not in c.plan.officers and (person.certificate_until or c.today) > c.today + timedelta(days=180)
    ]
    return c.plan.officers[0], (free or [c.plan.officers[1]])[0]


def _put_in_charge(c: Hand, places: tuple[int, int]) -> list[Json]:
    c.plan = replace(c.plan, officers=places)
    return c.officer_ids


def officers_changed(c: Hand) -> Course:
    """A colleague is lent to a joint operation; another takes his place."""
    yield from filed(c)
    yield c.later(2, 5)
    officers = _put_in_charge(c, _others(c))
    form: dict[str, Json] = {"officers": officers, "change_reason": "原协办人员抽调参加联合执法"}
    c.act("change_officers", form, by=c.crew.heads[0])
    yield from to_decision(c)
    yield from executed(c)


def recusal_granted(c: Hand) -> Course:
    """An officer is related to the party: he recuses himself."""
    yield from filed(c)
    yield c.later(1, 4)
    recused = c.officers[1].actor.id
    form: dict[str, Json] = {
        "recusal_of": recused,
        "recusal_rank": "staff",
        "recusal_by": "party",
        "recusal_asked_on": c.today.isoformat(),
        "recusal_reason": "该办案人员与当事人的负责人系亲属。",
    }
    c.beside("recusal", "request_recusal", form)
    yield c.later(0, 2)
    officers = _put_in_charge(c, _others(c))
    verdict: dict[str, Json] = {
        "recusal_decider": "leader",
        "recusal_verdict": "granted",
        "recused_officers": [recused],
        "officers": officers,
        "recusal_opinion": "情况属实，准许回避。",
    }
    c.beside("recusal", "decide_recusal", verdict, by=c.crew.leaders[0])
    yield from to_decision(c)
    yield from executed(c)


def recusal_refused(c: Hand) -> Course:
    """The party asks for recusal without reason."""
    yield from filed(c)
    yield c.later(1, 4)
    form: dict[str, Json] = {
        "recusal_of": c.officers[0].actor.id,
        "recusal_rank": "staff",
        "recusal_by": "party",
        "recusal_asked_on": c.today.isoformat(),
        "recusal_reason": "当事人认为办案人员态度生硬。",
    }
    c.beside("recusal", "request_recusal", form)
    yield c.later(0, 2)
    verdict: dict[str, Json] = {
        "recusal_decider": "leader",
        "recusal_verdict": "refused",
        "officers": c.officer_ids,
        "recusal_opinion": "不属于应当回避的情形，驳回申请，并书面告知当事人。",
    }
    c.beside("recusal", "decide_recusal", verdict, by=c.crew.leaders[0])
    yield from to_decision(c)
    yield from executed(c)


def division_corrected(c: Hand) -> Course:
    """The place of the act turns out to lie across the district line."""
    yield from filed(c)
    yield c.later(2, 5)
    other = "320614" if c.plan.division == "320612" else "320612"
    c.change({"division": other}, "经实地核查，违法行为发生地在相邻区，由最先立案的本机关继续办理")
    yield from to_decision(c)
    yield from executed(c)


def party_found(c: Hand) -> Course:
    """A supplier turns up in the investigation and is entered as third party."""
    yield from filed(c)
    yield c.later(2, 6)
    name = person_name(c.chance)
    c.add_party(PartyDraft("third_party", "person", name, None, {}), "询问中查明的供货人")
    c.note(f"供货人{name}另案处理，已将线索通报其住所地。")
    yield from to_decision(c)
    yield from executed(c)


def split_off(c: Hand) -> Course:
    """One of several sellers in another case: dealt with on its own."""
    yield from assigned(c)
    yield c.later(0, 2)
    others = c.stage.filed.get(c.plan.organ, [])
    form: dict[str, Json] = {
        "split_from": others[-1] if others else c.number,
        "split_reason": "同一货源的不同经营者，分案处理。",
    }
    c.act("record_split", form)
    yield c.later(0, 1)
    tell_rights(c)
    yield c.later(1, 3)
    yield from c.approved("file_case", filing_form(c))
    yield from to_decision(c)
    yield from executed(c)


def _reopened(c: Hand, at: str, reason: str) -> Course:
    yield from filed(c)
    yield from to_decision(c)
    yield from executed(c)
    yield c.later(8, 25)
    yield from c.approved("reopen", {"reopen_at": at, "reopen_reason": reason})


def reopened_and_closed(c: Hand) -> Course:
    """A closing found wrong: reopened where it stood, put right, closed again."""
    yield from _reopened(c, "before_closing", "缴款凭证金额登记有误，需要更正后重新结案。")
    yield from performed(c, (1, 4))
    yield from closed(c)


def reopened_and_decided(c: Hand) -> Course:
    """New facts: reopened at the investigation, decided anew, closed."""
    yield from _reopened(c, "investigation", "发现当事人另有同款侵权商品未计入违法经营额，需要重新调查。")
    yield from to_decision(c)
    yield from executed(c)


def reopened_still(c: Hand) -> Course:
    """Reopened at the investigation, not decided yet."""
    yield from _reopened(c, "investigation", "权利人提交新的证据，需要重新调查。")
