"""Stories of the simplified procedure: decided on the spot."""

from __future__ import annotations

from caseapp.domain.events import LEGAL_ZONE, Json
from caseapp.services.demo import texts
from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.forms import dues, performance_form, receiver
from caseapp.services.demo.passages import closed, closing_approved
from caseapp.services.demo.people import FEE_BANK


def _begun(c: Hand) -> Course:
    """Found at a market or in a shop: certificates shown, rights told."""
    c.register()
    yield c.soon()
    form: dict[str, Json] = {
        "case_name": c.matter.title,
        "officers": c.officer_ids,
        "facts_certain": True,
        "certificates_shown": True,
        "rights_told_on": c.today.isoformat(),
    }
    c.act("start_on_spot", form)


def _decided(c: Hand, *, kinds: tuple[str, ...] = ("fine",), mode: str = "bank") -> Course:
    """Decided and delivered within the hour."""
    yield from _begun(c)
    yield c.soon()
    matter = c.matter
    form: dict[str, Json] = {
        "decided_at": c.stage.clock.at.astimezone(LEGAL_ZONE).replace(microsecond=0).isoformat(),
        "decision_place": matter.place,
        "facts_found": texts.facts_found(matter),
        "violated": texts.violated(matter, c.today),
        "basis": texts.basis(matter, c.today),
        "defence_heard": True,
        "defence_summary": "当事人表示没有异议，愿意立即改正。",
        "decided_kinds": list(kinds),
    }
    if "fine" in kinds:
        form.update(fine=matter.money.fine, payment_mode=mode)
        if mode == "bank":
            form["payment_bank"] = FEE_BANK
    c.act("decide_on_spot", form)
    yield c.soon()
    c.act("deliver_decision", {"decision_served_on": c.today.isoformat(), "service_receiver": receiver(c)})


def _reported(c: Hand, days: tuple[int, int] = (0, 4)) -> Course:
    yield c.later(*days)
    c.act("report_and_file", {"reported_on": c.today.isoformat()})


def spot_bank(c: Hand) -> Course:
    """A fine, paid to the bank."""
    yield from _decided(c)
    yield from _reported(c)
    yield c.later(0, 5)
    c.act("confirm_performance", performance_form(c))
    yield from closed(c, days=(0, 3))


def spot_warning(c: Hand) -> Course:
    """A warning."""
    yield from _decided(c, kinds=("warning",))
    yield from _reported(c)
    yield c.later(0, 1)
    c.act("confirm_performance", {"performed_on": c.today.isoformat(), "paid_total": 0})
    yield from closed(c, days=(0, 3))


def _cash(c: Hand) -> Course:
    """Collected on the spot, where it would be hard to collect later."""
    yield from _decided(c, mode="on_the_spot")
    yield c.soon()
    form: dict[str, Json] = {
        "collected_on": c.today.isoformat(),
        "cash_collected": dues(c),
        "cash_ground": "hard_later",
        "cash_receipt": f"演示票{c.plan.ordinal:06d}",
    }
    c.act("collect_cash", form)


def spot_cash(c: Hand) -> Course:
    """Cash, handed in and banked in time."""
    yield from _cash(c)
    yield c.later(0, 1)
    c.act("hand_in_cash", {"handed_in_on": c.today.isoformat()})
    yield c.later(0, 1)
    c.act("bank_cash", {"banked_on": c.today.isoformat()})
    yield from _reported(c, (0, 2))
    yield c.later(0, 1)
    c.act("confirm_performance", performance_form(c))
    yield from closed(c, days=(0, 3))


def spot_cash_late(c: Hand) -> Course:
    """Cash that was handed in late."""
    yield from _cash(c)
    yield c.later(4, 6)
    c.act("hand_in_cash", {"handed_in_on": c.today.isoformat()})
    yield c.later(0, 1)
    c.act("bank_cash", {"banked_on": c.today.isoformat()})
    yield from _reported(c, (0, 2))
    yield c.later(0, 1)
    c.act("confirm_performance", performance_form(c))
    yield from closed(c, days=(0, 3))


def spot_cash_kept(c: Hand) -> Course:
    """Cash that has not been handed in."""
    return _cash(c)


def spot_paid_not_closed(c: Hand) -> Course:
    """Paid, waiting for the closing to be signed by the leader."""
    yield from _decided(c)
    yield from _reported(c, (0, 1))
    yield c.later(0, 1)
    c.act("confirm_performance", performance_form(c))
    yield from closing_approved(c, days=(0, 1))


def spot_left(c: Hand) -> Course:
    """Not for the spot: the general procedure is called for."""
    c.register()
    yield c.soon()
    form: dict[str, Json] = {
        "not_filed_ground": "general",
        "filing_reasons": "当事人对违法事实有异议，不适用当场处罚，另按普通程序立案。",
    }
    c.act("leave_unpunished", form)


def spot_switched(c: Hand) -> Course:
    """More goods turn up on the spot: the general procedure takes over."""
    yield from _begun(c)
    yield c.later(0, 1)
    form: dict[str, Json] = {
        "closing_manner": "other",
        "switch_reason": "现场另查获较多库存，超出当场处罚条件，另开案件按普通程序办理。",
    }
    yield from c.approved("switch_to_general", form)


def spot_revoked(c: Hand) -> Course:
    """The decision named the wrong firm: revoked, closed."""
    yield from _decided(c)
    yield c.later(1, 4)
    reason = "决定书载明的当事人名称与实际经营者不符，主动撤销。"
    yield from c.approved("revoke_decision", {"withdrawal_reason": reason})
    yield from closed(c, "withdrawn")


def spot_reopened(c: Hand) -> Course:
    """Closed too early: reopened and closed again."""
    yield from spot_bank(c)
    yield c.later(6, 20)
    yield from c.approved("reopen", {"reopen_reason": "缴款凭证漏附，补正后重新结案。"})
    yield c.later(0, 2)
    c.act("confirm_performance", performance_form(c))
    yield from closed(c, days=(0, 3))
