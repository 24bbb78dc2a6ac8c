"""The newest cases, told at a brisk pace so that every desk finds something to do today. Their papers are all issued.

Each begins some working days before the end of the year and stops at the stage its name says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from caseapp.domain.events import Json
from caseapp.services.demo import texts
from caseapp.services.demo.actor import Course, Hand, Teller
from caseapp.services.demo.brought_in import brought_in
from caseapp.services.demo.forms import closing_form, decision_form, filing_form, performance_form, service_form
from caseapp.services.demo.matter import CRIME, LARGE, MIDDLE, SLIGHT, SMALL, SPOT
from caseapp.services.demo.passages import (
    archived,
    assigned,
    checked,
    closed,
    concluded,
    decided,
    decision_served,
    discussed,
    kept_from_police,
    notice_issued,
    published,
    reviewed,
    tell_rights,
    waived,
    weighed,
)
from caseapp.services.demo.passages_referral import amounts_found, handed_over, supplements_asked
from caseapp.services.demo.people import COPYRIGHT_ORGAN, FIRST_ORGAN
from caseapp.services.demo.stories_disputes import dispute_hearing_fixed
from caseapp.services.demo.stories_endings import no_penalty_decided
from caseapp.services.demo.stories_hearing import ask_for_hearing, notify_hearing
from caseapp.services.demo.stories_papers import decision_masked, interviewed, site_recorded
from caseapp.services.demo.stories_spot import spot_cash_kept

_NOW: Final = (0, 0)
_NEXT: Final = (1, 1)


def _filed(c: Hand) -> Course:
    yield from assigned(c)
    yield c.later(0)
    tell_rights(c)
    yield c.later(0)
    yield from c.approved("file_case", filing_form(c), pace=_NOW)
    brought_in(c)


def _reviewed(c: Hand, grounds: list[str] | None = None) -> Course:
    yield from _filed(c)
    yield from concluded(c, _NEXT, grounds=grounds or [])
    yield from reviewed(c, _NOW)


def _noticed(c: Hand, grounds: list[str] | None = None) -> Course:
    yield from _reviewed(c, grounds)
    yield from notice_issued(c, _NOW)
    yield c.later(0)
    c.act("serve_prior_notice", service_form(c, "direct"))


def _ready(c: Hand, grounds: list[str] | None = None) -> Course:
    """The defence is waived; what is left is to decide."""
    yield from _noticed(c, grounds)
    yield from waived(c)
    yield c.later(0)
    yield from kept_from_police(c, _NOW)


def _performed(c: Hand) -> Course:
    yield from _ready(c)
    yield from decided(c, _NOW, pace=_NOW)
    yield from decision_served(c, _NOW)
    yield from published(c, _NOW)
    yield c.later(0)
    c.act("confirm_performance", performance_form(c))


def closed_with_all_papers(c: Hand) -> Course:
    """From the lead to the archive in a few days, every paper in the file."""
    yield from _performed(c)
    decision_masked(c)
    yield c.later(0)
    yield from c.approved("close_executed", closing_form(c, "executed"), pace=_NOW)
    yield c.later(0)
    archived(c)


def closed_unpunished(c: Hand) -> Course:
    """Not penalised, closed."""
    yield from _filed(c)
    yield from concluded(c, _NEXT, "no_penalty")
    yield from reviewed(c, _NOW)
    yield from no_penalty_decided(c)
    yield from closed(c, "no_penalty", _NOW)


def hearing_fixed(c: Hand) -> Course:
    """The day of the hearing is fixed and told."""
    yield from _noticed(c, ["local"])
    yield c.later(0)
    ask_for_hearing(c)
    yield c.later(0)
    c.act("appoint_presider", {"presider": c.crew.reviewers[0].actor.id}, by=c.crew.leaders[0])
    yield c.later(0)
    c.act("hand_file_to_presider", {"file_list": "案卷材料一册，证据目录一份"})
    yield c.later(0)
    notify_hearing(c)


def hearing_without_presider(c: Hand) -> Course:
    """A hearing was asked for; nobody has appointed who presides, and the time to do so is over."""
    yield from _noticed(c, ["local"])
    yield c.later(0)
    ask_for_hearing(c)


def decision_at_head(c: Hand) -> Course:
    """The decision waits for the section head."""
    yield from _ready(c)
    c.act("decide_penalty", decision_form(c))


def decision_at_reviewer(c: Hand) -> Course:
    """The decision waits for the legal reviewer."""
    yield from _ready(c, ["complex"])
    discussed(c)
    yield c.later(0)
    yield from _signed_by_head(c, "decide_penalty", decision_form(c))


def decision_at_leader(c: Hand) -> Course:
    """The decision waits for the leader."""
    yield from _ready(c)
    yield from _signed_by_head(c, "decide_penalty", decision_form(c))


def _signed_by_head(c: Hand, action: str, form: dict[str, Json]) -> Course:
    request = c.act(action, form)
    assert request.approval is not None
    yield c.later(0)
    c.sign(request.approval, c.crew.heads[0], texts.opinion(action))


def _to_filing(c: Hand) -> Course:
    yield from assigned(c)
    yield c.later(0)
    tell_rights(c)
    yield c.later(0)


def filing_at_leader(c: Hand) -> Course:
    """The filing waits for the leader."""
    yield from _to_filing(c)
    yield from _signed_by_head(c, "file_case", filing_form(c))


def filing_at_head(c: Hand) -> Course:
    """The filing waits for the section head."""
    yield from _to_filing(c)
    c.act("file_case", filing_form(c))


def notice_at_leader(c: Hand) -> Course:
    """The prior notice waits for the leader."""
    yield from _reviewed(c)
    yield c.later(0)
    yield from _signed_by_head(c, "issue_prior_notice", {})


def defence_running(c: Hand) -> Course:
    """The prior notice is served; the time for defence runs."""
    return _noticed(c)


def at_reviewer(c: Hand) -> Course:
    """The investigation is concluded; the reviewer has the file."""
    yield from _filed(c)
    site_recorded(c)
    yield c.soon()
    interviewed(c)
    yield from concluded(c, _NEXT)


def at_right_holder(c: Hand) -> Course:
    """The right holder has the goods for identification; the clock stands still."""
    yield from _filed(c)
    yield c.later(1)
    form: dict[str, Json] = {
        "excluded_from": c.today.isoformat(),
        "excluded_reason": "identification",
        "excluded_note": "委托权利人鉴别",
    }
    c.act("exclude_time", form)


def payment_running(c: Hand) -> Course:
    """The decision is served and published; the fine is due."""
    yield from _ready(c)
    yield from decided(c, _NOW, pace=_NOW)
    yield from decision_served(c, _NOW)
    yield from published(c, _NOW)


def _suspected(c: Hand) -> Course:
    yield from _filed(c)
    yield c.later(0)
    amounts_found(c)
    yield c.later(0)
    weighed(c, "yes")


def referral_handed_over(c: Hand) -> Course:
    """With the police, whose receipt is awaited."""
    yield from _suspected(c)
    yield from handed_over(c)


def referral_to_complete(c: Hand) -> Course:
    """The police have signed and ask for more."""
    yield from _suspected(c)
    yield from supplements_asked(c)


def lead_to_assign(c: Hand) -> Course:
    """A lead that nobody checks yet."""
    c.register()
    yield from ()


@dataclass(frozen=True, slots=True)
class Showcase:
    """One of the newest cases.

    days        working days before the end of the year on which the lead comes in
    violations  kinds of wrong; empty = any
    """

    id: str
    tell: Teller
    days: int
    organ: str = FIRST_ORGAN
    division: str = "320612"
    scale: str = SMALL
    violations: tuple[str, ...] = ("tm_sell",)
    officers: tuple[int, ...] = (0, 1)
    procedure: str = "penalty_general"


SHOWCASES: Final = (
    Showcase("closed_with_all_papers", closed_with_all_papers, 10, officers=(0, 2)),
    Showcase("closed_unpunished", closed_unpunished, 10, organ="320614-ip", division="320614", scale=SLIGHT),
    Showcase("hearing_fixed", hearing_fixed, 9, scale=LARGE, violations=("tm_similar",)),
    Showcase("hearing_without_presider", hearing_without_presider, 9, scale=LARGE, violations=("tm_similar",), officers=(1, 3)),
    Showcase("payment_running", payment_running, 9, violations=("pat_mark",), officers=(0, 3)),
    Showcase("dispute_hearing_fixed", dispute_hearing_fixed, 9, violations=("pat_sell",), officers=(0, 1, 2), procedure="patent_dispute"),
    Showcase("decision_at_reviewer", decision_at_reviewer, 8, scale=MIDDLE, violations=("tm_similar",)),
    Showcase("decision_at_leader", decision_at_leader, 8, organ="320671-ip", division="320671"),
    Showcase("decision_at_head", decision_at_head, 8, violations=("tm_labels",)),
    Showcase("referral_to_complete", referral_to_complete, 8, scale=CRIME),
    Showcase("defence_running", defence_running, 6, violations=("pat_sell",), officers=(0, 4)),
    Showcase("at_right_holder", at_right_holder, 6, organ="320681-ip", division="320681", violations=("pat_brochure",)),
    Showcase("referral_handed_over", referral_handed_over, 6, scale=CRIME, officers=(0, 2)),
    Showcase("spot_cash_kept", spot_cash_kept, 5, scale=SPOT, violations=("pat_sell",), procedure="penalty_simplified"),
    Showcase("notice_at_leader", notice_at_leader, 5, violations=("gi_name",)),
    Showcase("at_reviewer", at_reviewer, 3, officers=(1, 0)),
    Showcase("filing_at_leader", filing_at_leader, 3, organ=COPYRIGHT_ORGAN, violations=("cr_pattern",)),
    Showcase("filing_at_head", filing_at_head, 3, officers=(0, 2)),
    Showcase("checking", checked, 2, violations=("tm_sell",), officers=(0, 1)),
    Showcase("lead_to_assign", lead_to_assign, 1, violations=("tm_similar",)),
)  # fmt: skip
"""The twenty newest cases of a full demonstration, the oldest first."""
WINDOW: Final = max(item.days for item in SHOWCASES)
"""Working days at the end of the year in which nothing else comes in."""
