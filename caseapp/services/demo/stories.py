"""Every story that the demonstration tells, how often, and when it may begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from caseapp.domain.facts import IpType
from caseapp.services.demo import stories_again as again
from caseapp.services.demo import stories_court as court
from caseapp.services.demo import stories_disputes as disputes
from caseapp.services.demo import stories_endings as endings
from caseapp.services.demo import stories_hearing as hearings
from caseapp.services.demo import stories_open as still
from caseapp.services.demo import stories_referral as referrals
from caseapp.services.demo import stories_spot as spot
from caseapp.services.demo import stories_time as time
from caseapp.services.demo.actor import Teller
from caseapp.services.demo.matter import CRIME, LARGE, NEAR, SLIGHT, SMALL, SPOT
from caseapp.services.demo.people import CITY_ORGAN, COPYRIGHT_ORGAN, EXPIRED_ORGAN, FIRST_ORGAN, OFFICES

SIMPLIFIED: Final = "penalty_simplified"
DISPUTE: Final = "patent_dispute"
MEDIATION: Final = "mediation"


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of course that a case may take.

    share       how often among the ordinary cases; 0 = told once
    earliest, latest  calendar days before the end of the year between which the lead comes in; None = any day
    fits_only   left out where the year is too short for it to begin in time
    organs      where it is told; () = anywhere
    officers    places of the officers; () = any
    """

    id: str
    tell: Teller
    share: int = 0
    latest: int = 0
    earliest: int | None = None
    scale: str = ""
    violations: tuple[str, ...] = ()
    ip_type: IpType | None = None
    organs: tuple[str, ...] = ()
    officers: tuple[int, ...] = ()
    procedure: str = "penalty_general"
    fits_only: bool = False


_HERE: Final = (FIRST_ORGAN,)
_DESK: Final = (0, 1)
_LOCAL: Final = tuple(organ for organ in OFFICES if organ != COPYRIGHT_ORGAN)
"""Organs that have police, procuratorate and court of their own place, and deal with marks."""
_SIGNS: Final = ("tm_similar", "uc_confusion")
_CRIMES: Final = ("tm_sell",)
_PATENT: Final = ("pat_sell",)
_DECIDES: Final = (CITY_ORGAN, CITY_ORGAN, FIRST_ORGAN, "320614-ip")
"""Disputes are decided by the city (专利纠纷行政裁决和调解办法 art 7) and where it entrusts the work (art 8)."""
_ON_SPOT: Final = ("tm_unregistered", "pat_sell")
_MARKET: Final = ("320612-ip", "320614-ip")
_EXPIRED: Final = (0, OFFICES[EXPIRED_ORGAN] - 1)

STORIES: Final = (
    # In the usual way.
    Story("paid", endings.paid, 27),
    Story("paid_quickly", endings.paid_quickly, 62),
    Story("paid_defended", endings.paid_defended, 8),
    Story("defence_rejected", endings.defence_rejected, 4),
    Story("identified", time.identified, 7, violations=("tm_sell", "tm_similar", "tm_labels")),
    Story("appraised", time.appraised, 3, latest=70),
    Story("recorded_late", time.recorded_late, 6, latest=60),
    Story("request_returned", again.request_returned, 5),
    Story("review_sends_back", again.review_sends_back, 4),
    # Leads that become no case.
    Story("not_filed_slight", endings.not_filed_slight, 4, scale=SLIGHT),
    Story("not_filed_first", endings.not_filed_first, 2, scale=SLIGHT),
    Story("not_filed_no_fault", endings.not_filed_no_fault, 2, violations=("tm_sell",)),
    Story("not_filed_other", endings.not_filed_other, 2),
    Story("lead_moved", endings.lead_moved, 2),
    Story("pattern_moved", endings.lead_moved, 1, violations=("cr_pattern",), organs=_MARKET),
    Story("variety_moved", endings.lead_moved, 1, violations=("variety",), organs=("320682-ip", "320685-ip")),
    Story("patent_unknown", endings.not_filed_other, 1, violations=("pat_sell",), ip_type=IpType.PATENT),
    Story("lead_reopened", endings.lead_reopened, latest=90),
    Story("check_extended", time.check_extended, 1, latest=90),
    # Other decisions and ends.
    Story("no_penalty", endings.no_penalty, 6, scale=SLIGHT),
    Story("not_established", endings.not_established, 3),
    Story("moved_by_decision", endings.moved_by_decision, 1),
    Story("moved_at_once", endings.moved_at_once, 2),
    Story("transferred_by_decision", endings.transferred_by_decision, 1, scale=CRIME, violations=_CRIMES),
    Story("transferred_at_once", endings.transferred_at_once, 1, scale=CRIME, violations=_CRIMES),
    Story("pattern_transferred", endings.transferred_at_once, scale=CRIME, violations=("cr_pattern",), organs=(COPYRIGHT_ORGAN,)),
    Story("returned_by_police", endings.returned_by_police, 1, latest=130, scale=CRIME, violations=_CRIMES),
    Story("returned_after_closing", endings.returned_after_closing, latest=150, scale=CRIME, violations=_CRIMES),
    Story("withdrawn", endings.withdrawn, 2),
    Story("merged", endings.merged, 2, latest=40),
    Story("terminated", endings.terminated, 1),
    Story("ended_otherwise", endings.ended_otherwise, 1),
    Story("secret_not_established", endings.not_established, 1, violations=("uc_secret",)),
    Story("secret_withdrawn", endings.withdrawn, violations=("uc_secret",)),
    # Time.
    Story("extended", time.extended, 2, latest=150),
    Story("extended_twice", time.extended_twice, latest=230),
    Story("decided_late", time.decided_late, 2, latest=160),
    Story("suspended_resumed", time.suspended_resumed, 2, latest=130),
    Story("notice_announced", time.notice_announced, 1, latest=120),
    Story("decision_announced", time.decision_announced, latest=120),
    # Hearings.
    Story("hearing", hearings.hearing, 2, latest=80, scale=LARGE, violations=_SIGNS),
    Story("hearing_cancelled", hearings.hearing_cancelled, 1, latest=80, scale=LARGE, violations=_SIGNS),
    # Again.
    Story("request_taken_back", again.request_taken_back, 1),
    Story("request_void", again.request_void, 1),
    Story("discussion_sends_back", again.discussion_sends_back, latest=60),
    Story("investigated_again", again.investigated_again, 1, latest=50),
    Story("noticed_again", again.noticed_again, 1, latest=60),
    Story("officers_changed", again.officers_changed, 2),
    Story("recusal_granted", again.recusal_granted, 1),
    Story("recusal_refused", again.recusal_refused, 1),
    Story("division_corrected", again.division_corrected, 1, organs=_MARKET),
    Story("party_found", again.party_found, 2),
    Story("split_off", again.split_off, 1, latest=40),
    Story("reopened_and_closed", again.reopened_and_closed, 1, latest=120),
    Story("reopened_and_decided", again.reopened_and_decided, latest=190),
    Story("reopened_still", again.reopened_still, latest=110, earliest=170),
    # After the decision.
    Story("paid_late", endings.paid_late, 2, latest=80),
    Story("paid_by_instalments", endings.paid_by_instalments, 1, latest=110),
    Story("remedy_upheld", court.remedy_upheld, 1, latest=130),
    Story("remedy_changed", court.remedy_changed, latest=130),
    Story("remedy_redone", court.remedy_redone, latest=180),
    Story("remedy_annulled", court.remedy_annulled, latest=140),
    Story("sued_and_paid", court.sued_and_paid, latest=120),
    Story("court_executed", court.court_executed, latest=320),
    Story("court_ended", court.court_ended, latest=320),
    # On the spot.
    Story("spot_bank", spot.spot_bank, 15, scale=SPOT, violations=_ON_SPOT, procedure=SIMPLIFIED),
    Story("spot_cash", spot.spot_cash, 8, scale=SPOT, violations=_ON_SPOT, procedure=SIMPLIFIED),
    Story("spot_warning", spot.spot_warning, 2, scale=SPOT, violations=("cr_pattern",), organs=(COPYRIGHT_ORGAN,), procedure=SIMPLIFIED),
    Story("spot_cash_late", spot.spot_cash_late, 1, scale=SPOT, violations=_ON_SPOT, procedure=SIMPLIFIED),
    Story("spot_left", spot.spot_left, 1, scale=SPOT, violations=_ON_SPOT, procedure=SIMPLIFIED),
    Story("spot_switched", spot.spot_switched, 1, scale=SPOT, violations=_ON_SPOT, procedure=SIMPLIFIED),
    Story("spot_revoked", spot.spot_revoked, scale=SPOT, violations=_ON_SPOT, procedure=SIMPLIFIED),
    Story("spot_reopened", spot.spot_reopened, latest=50, scale=SPOT, violations=_ON_SPOT, procedure=SIMPLIFIED),
    # Two organs: to the police, and what comes back; what is sent to us.
    Story("referral_convicted", referrals.convicted, 2, latest=200, scale=CRIME, violations=_CRIMES),
    Story("referral_fine_set_off", referrals.fine_set_off, latest=260, scale=SMALL, violations=_CRIMES, organs=_LOCAL),
    Story("referral_returned", referrals.returned_and_penalised, 1, latest=160, scale=CRIME, violations=_CRIMES, organs=_LOCAL),
    Story("referral_opinion", referrals.penalised_after_opinion, latest=220, scale=CRIME, violations=_CRIMES, organs=_LOCAL),
    Story("referral_kept", referrals.kept_by_head, 1, latest=130, scale=CRIME, violations=_CRIMES, organs=_LOCAL),
    Story("referral_supplemented", referrals.supplemented, 1, latest=60, scale=CRIME, violations=_CRIMES, organs=_LOCAL),
    Story("referral_reviewed", referrals.filed_after_review, latest=60, scale=CRIME, violations=_CRIMES, organs=_LOCAL),
    Story("referral_supervised", referrals.filed_under_supervision, latest=75, scale=CRIME, violations=_CRIMES, organs=_HERE),
    Story("reverse_answered", referrals.reverse_answered, 1, latest=140, scale=SMALL, violations=_CRIMES, organs=_LOCAL),
    # Requests: disputes about patents and mediations.
    Story("dispute_stopped", disputes.dispute_stopped, 4, latest=95, violations=_PATENT, organs=_DECIDES, procedure=DISPUTE),
    Story("dispute_rejected", disputes.dispute_rejected, 2, latest=110, violations=_PATENT, organs=_DECIDES, procedure=DISPUTE),
    Story("dispute_suspended", disputes.dispute_suspended, latest=190, violations=_PATENT, organs=_DECIDES, procedure=DISPUTE),
    Story("dispute_mediated", disputes.dispute_mediated, 5, latest=60, violations=_PATENT, organs=_DECIDES, procedure=DISPUTE),
    Story("dispute_withdrawn", disputes.dispute_withdrawn, 2, latest=40, violations=_PATENT, organs=_DECIDES, procedure=DISPUTE),
    Story("dispute_cancelled", disputes.dispute_cancelled, latest=60, violations=_PATENT, organs=_DECIDES, procedure=DISPUTE),
    Story("dispute_not_filed", disputes.dispute_not_filed, 1, latest=20, violations=_PATENT, organs=_DECIDES, procedure=DISPUTE),
    Story("dispute_suspended_still", disputes.dispute_suspended_still, latest=30, earliest=60, violations=_PATENT, organs=_HERE, officers=(0, 1, 2), procedure=DISPUTE),
    Story("mediation_agreed", disputes.mediation_agreed, 5, latest=50, violations=_PATENT, procedure=MEDIATION),
    Story("mediation_failed", disputes.mediation_failed, 1, latest=50, violations=_PATENT, procedure=MEDIATION),
    Story("mediation_refused", disputes.mediation_refused, 2, latest=20, violations=_PATENT, procedure=MEDIATION),
    # Standing still at the end of the year.
    Story("stalled_check", still.stalled_check, latest=24, earliest=34, organs=_HERE, officers=_DESK),
    Story("check_due_soon", still.stalled_check, latest=18, earliest=20, organs=_HERE, officers=_DESK),
    Story("limit_near", still.stalled_investigation, latest=88, earliest=91, organs=_HERE, officers=(0, 2)),
    Story("stalled_check_elsewhere", still.stalled_check, latest=24, earliest=40, organs=("320623-ip",)),
    Story("stalled_investigation", still.stalled_investigation, latest=104, earliest=125, organs=_HERE, officers=_DESK),
    Story("stalled_investigation_elsewhere", still.stalled_investigation, latest=84, earliest=94, organs=("320682-ip",)),
    Story("stalled_review", still.stalled_review, latest=44, earliest=60, organs=("320614-ip",)),
    Story("stalled_deciding", still.stalled_deciding, latest=82, earliest=90, organs=_HERE, officers=(1, 2)),
    Story("stalled_service", still.stalled_service, latest=64, earliest=80, organs=("320681-ip",)),
    Story("stalled_publication", still.stalled_publication, latest=96, earliest=120, organs=("320623-ip",)),
    Story("stalled_closing", still.stalled_closing, latest=88, earliest=105, organs=_HERE, officers=_DESK),
    Story("unpaid_quietly", still.unpaid_quietly, latest=66, earliest=84, organs=_HERE, officers=(0, 3)),
    Story("unpaid_still", court.unpaid_still, latest=90, earliest=120, organs=("320613-ip",)),
    Story("suspended_still", time.suspended_still, 1, latest=60, organs=_HERE, officers=_DESK),
    Story("secret_suspended", time.suspended_still, latest=70, violations=("uc_secret",), organs=("320671-ip",)),
    Story("with_police", referrals.with_police, latest=34, earliest=46, scale=CRIME, violations=_CRIMES, organs=_HERE, officers=(2, 3)),
    Story("limit_approached", referrals.limit_shown, latest=94, earliest=100, scale=NEAR, violations=_CRIMES, organs=_HERE, officers=_DESK),
    Story("limit_reached", referrals.limit_shown, latest=94, earliest=100, scale=CRIME, violations=_CRIMES, organs=_HERE, officers=_DESK),
    Story("referral_at_head", referrals.reported_to_head, latest=30, earliest=38, scale=CRIME, violations=_CRIMES, organs=_HERE, officers=(1, 2)),
    Story("referral_goods_due", referrals.filed_goods_due, latest=36, earliest=46, scale=CRIME, violations=_CRIMES, organs=_HERE, officers=_DESK),
    Story("referral_refused", referrals.refused_still, latest=36, earliest=44, scale=CRIME, violations=_CRIMES, organs=_HERE, officers=(2, 3)),
    Story("referral_reconsidered", referrals.reconsidered_still, latest=40, earliest=50, scale=CRIME, violations=_CRIMES, organs=("320614-ip",)),
    Story("referral_reasons_asked", referrals.reasons_asked, latest=48, earliest=60, scale=CRIME, violations=_CRIMES, organs=_HERE, officers=(1, 3)),
    Story("referral_at_procuratorate", referrals.at_procuratorate, latest=88, earliest=110, scale=CRIME, violations=_CRIMES, organs=_HERE, officers=(2, 4)),
    Story("referral_on_trial", referrals.on_trial, latest=118, earliest=150, scale=CRIME, violations=_CRIMES, organs=_HERE, officers=(3, 4)),
    Story("reverse_waits", referrals.reverse_waits, latest=16, earliest=19, scale=SMALL, violations=_CRIMES, organs=_HERE, officers=_DESK),
    Story("reverse_under_way", referrals.reverse_under_way, latest=22, earliest=34, scale=SMALL, violations=_CRIMES, organs=_HERE, officers=_DESK),
    Story("remedy_pending", court.remedy_pending, latest=70, earliest=100, organs=("320613-ip",)),
    Story("at_court_still", court.at_court_still, latest=276, earliest=300),
    Story("certificate_expired", still.certificate_expired, latest=92, earliest=106, organs=(EXPIRED_ORGAN,), officers=_EXPIRED, fits_only=True),
)  # fmt: skip
"""All of them. A demonstration of 150 cases and more tells each at least once."""
