"""Stories that stand still: overdue, waiting, stuck."""

from __future__ import annotations

from caseapp.services.demo.actor import Course, Hand
from caseapp.services.demo.passages import (
    checked,
    concluded,
    decided,
    decision_served,
    filed,
    noticed,
    performed,
    published,
    reviewed,
    silent,
    to_decision,
    waived,
)
from caseapp.services.demo.passages_beside import preserved, seized, sent_for_appraisal


def stalled_check(c: Hand) -> Course:
    """The lead was looked at and left: the time to decide on filing has run out."""
    return checked(c)


def stalled_investigation(c: Hand) -> Course:
    """Filed, the goods seized, and left: the handling limit has run out."""
    yield from filed(c)
    yield from seized(c)
    yield c.later(6, 12)
    c.note("等待平台回复交易数据，已两次电话催办。")


def stalled_review(c: Hand) -> Course:
    """With the reviewer for too long."""
    yield from filed(c)
    yield from concluded(c)


def stalled_deciding(c: Hand) -> Course:
    """Everything is ready; nobody submits the decision, and the limit comes near or has passed."""
    yield from filed(c)
    yield from concluded(c)
    yield from reviewed(c)
    yield from noticed(c)
    yield from silent(c)


def stalled_service(c: Hand) -> Course:
    """Decided, not served in time."""
    yield from filed(c)
    yield from to_decision(c)


def stalled_publication(c: Hand) -> Course:
    """Served and never published; paid, but nobody asks for the closing."""
    yield from filed(c)
    yield from to_decision(c)
    yield from decision_served(c)
    yield from performed(c)


def stalled_closing(c: Hand) -> Course:
    """Performed and published; the closing form is overdue."""
    yield from filed(c)
    yield from to_decision(c)
    yield from decision_served(c)
    yield from published(c)
    yield from performed(c)


def unpaid_quietly(c: Hand) -> Course:
    """Served and published, the last day to pay has passed, nobody has noticed."""
    yield from filed(c)
    yield from concluded(c)
    yield from reviewed(c)
    yield from noticed(c)
    yield from waived(c)
    yield from decided(c)
    yield from decision_served(c)
    yield from published(c)


def certificate_expired(c: Hand) -> Course:
    """One of the two officers' certificates has run out: the investigation cannot be concluded until he is replaced."""
    yield from filed(c)
    yield from preserved(c)
    yield from sent_for_appraisal(c)
    yield c.later(4, 8)
    c.note("已调取平台交易记录，待核对后终结调查。")
