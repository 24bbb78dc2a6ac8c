"""A refused package sends a file back: the other installation learns of it, and may try again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete

from caseapp.cli.answers import _CAUGHT_UP
from caseapp.domain.errors import NotFound
from caseapp.domain.workflow.situation import Actor
from caseapp.models.package_line import PackageLine
from caseapp.queries.behind import Behind
from caseapp.queries.package_house import refused_packages
from caseapp.queries.package_matters import matter
from caseapp.queries.package_page import case_packages, received_packages
from caseapp.queries.referral_desk import shared_page
from caseapp.queries.referral_inbox import InboxFilter, Order, Tab, Way, inbox_page
from caseapp.services import organ_keys
from caseapp.services.catch_up import catch_up, outstanding
from caseapp.services.package_reception import Reception
from caseapp.services.package_refuse import refusal_of
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import course
from tests.factories.referrals import POLICE, PROCURATORATE, handed_over
from tests.services.test_package_refusals import STEP, sealed
from tests.services.test_packages import Network, first_sent, network
from tests.services.test_packages_begun import acted, begun, procurator, resealed
from tests.support.app import ORGAN

__all__ = ["course", "network", "procurator"]
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
REFERRAL_OUTDATED = "本系统没有所用的程序版本，请先更新"


def refusal_at_office(network: Network, found: Reception) -> bytes:
    assert (found.status, bool(found.refusal)) == ("refused", True)
    with network.office.parts.context() as ctx:
        return refusal_of(ctx, found.refusal, organ=ORGAN).content


def notices(network: Network, who: Actor) -> list[str]:
    return [row["message"] for row in network.police.rows("notification") if row["user_id"] == who.id]


def test_an_opening_that_is_refused_is_told_back_and_taken_in_once_the_cause_is_gone(
    network: Network, procurator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_id = begun(network, procurator)
    package = network.answered(of_id)
    with monkeypatch.context() as patch:
        patch.setattr("caseapp.services.package_opening.unknown_version", lambda _ctx, _about: True)
        found = network.at_office(package)
    back = refusal_at_office(network, found)
    with network.office.parts.context() as ctx:
        assert refusal_of(ctx, found.refusal).content == back, "the same refusal is the same file"
        with pytest.raises(NotFound):
            refusal_of(ctx, found.refusal, organ=POLICE)
        parcel = organ_keys.seals(ctx).check(back, organ_keys.ring(ctx).own())
    assert (parcel.faults, parcel.manifest["kind"], parcel.manifest["receiver"]) == ((), "refusal", PROCURATORATE)
    assert (parcel.step["code"], parcel.step["reason"]) == ("unknown_procedure", REFERRAL_OUTDATED)
    with network.office.as_("officer") as ctx:
        assert [line.why["zh"] for line in refused_packages(ctx)] == [REFERRAL_OUTDATED]

    assert [network.at_police(back).status for _ in range(2)] == ["taken", "unchanged"]
    assert any(REFERRAL_OUTDATED in text for text in notices(network, procurator))
    with network.police.parts.context(procurator) as ctx:
        page, (step,) = shared_page(ctx, of_id), received_packages(ctx, of_id).steps
        (line,) = inbox_page(ctx, InboxFilter(Tab.MINE)).lines
    assert (page.turned_down, step.status, step.reason) == (REFERRAL_OUTDATED, "turned_down", REFERRAL_OUTDATED)
    assert (line.id, line.state.zh, line.packed) == (of_id, "对方未能接收", True)

    assert network.answered(of_id) == package, "the same file is given out again"
    with network.police.parts.context(procurator) as ctx:
        assert (received_packages(ctx, of_id).steps[0].status, shared_page(ctx, of_id).turned_down) == ("sent", "")
    came = network.at_office(package)
    assert came.status == "taken"
    assert came.case_id is not None
    with network.office.as_("officer") as ctx:
        assert refused_packages(ctx) == ()
    network.settle(came.case_id, of_id)
    assert network.at_police(back).status == "unchanged", "what was taken in since is not refused any more"
    with network.police.parts.context(procurator) as ctx:
        assert [step.status for step in received_packages(ctx, of_id).steps if step.ours] == ["confirmed"]


def test_who_began_it_in_vain_may_withdraw_it(network: Network, procurator: Actor) -> None:
    of_id = begun(network, procurator)
    wrong = resealed(network, network.answered(of_id), lambda step, told: step["opens"].update(respondent=" "))
    found = network.at_office(wrong)
    assert [fault.code for fault in found.faults] == ["not_opened"]
    back = refusal_at_office(network, found)
    assert [fault.code for fault in network.at_police(back).faults] == ["unknown_step"], "it was not sent like this"
    acted(network, procurator, of_id, "withdraw_matter", {"withdrawal_reasons": "另行移送。"})
    with network.police.parts.context(procurator) as ctx:
        page = inbox_page(ctx, InboxFilter(Tab.ALL))
        assert (page.counts[Tab.OPEN], page.counts[Tab.ALL], page.lines[0].over) == (0, 1, True)


def test_the_house_is_told_too_and_nobody_whose_seal_is_not_sure(network: Network) -> None:
    case_id = network.office.filed()
    handed_over(network.office, case_id)
    network.packed(case_id)
    with network.office.parts.context() as ctx:
        kept = matter(ctx, network.office.rows("package_matter")[0]["id"])
        assert kept is not None
        (sent,) = kept.ours
    told = {"kind": "refusal", "code": "unknown_procedure", "reason": "版本不同", "reason_en": "another version"}
    of: dict[str, Any] = {"sequence": 1, "digest": f"sha256:{sent.step.digest}", "package": sent.package}
    with network.police.parts.context() as ctx:
        back = sealed(ctx, {**told, "of": of}, sender=POLICE, receiver=ORGAN, matter=kept.id)
        strange = sealed(
            ctx, {**told, "of": {**of, "digest": "sha256:0"}}, sender=POLICE, receiver=ORGAN, matter=kept.id
        )
        empty = sealed(ctx, {**told, "of": of, "reason": None}, sender=POLICE, receiver=ORGAN, matter=kept.id)
    assert [network.at_office(content).faults[0].code for content in (strange, empty)] == ["unknown_step", "bad_step"]
    assert network.office.rows("package_refusal") == [], "a refusal is not refused back"
    assert network.at_office(back).status == "taken"
    with network.office.as_("officer") as ctx:
        (line,) = case_packages(ctx, network.office.image(case_id))
    assert [(step.status, step.reason) for step in line.steps] == [("turned_down", "版本不同")]
    assert any("版本不同" in row["message"] for row in network.office.rows("notification"))
    with network.office.parts.context() as ctx:
        good = sealed(ctx, {**STEP, "seen": "0"})
    changed = bytearray(good)
    changed[len(good) // 2] ^= 1
    assert network.at_police(bytes(changed)).refusal == ""
    assert network.at_police(good).refusal


def test_what_came_as_packages_stands_in_the_list_in_its_order_and_in_every_count(
    network: Network, procurator: Actor
) -> None:
    _case, first = first_sent(network)
    network.office.later(days=1)
    _other, second = first_sent_again(network, first)
    with network.police.as_("police") as ctx:
        page = inbox_page(ctx, InboxFilter(), order=Order.SENT)
        assert [line.id for line in page.lines] == [second, first]
        assert [line.title for line in page.lines] == ["", ""]
        assert page.counts == {Tab.OPEN: 2, Tab.MINE: 2, Tab.OVERDUE: page.counts[Tab.OVERDUE], Tab.ALL: 2}
        one = inbox_page(ctx, InboxFilter(), order=Order.SENT, limit=1)
        two = inbox_page(ctx, InboxFilter(), order=Order.SENT, after=one.after, limit=1)
        assert ([line.id for line in two.lines], two.after) == ([first], None)
        assert inbox_page(ctx, InboxFilter(), order=Order.SENT, before=two.before, limit=1).lines == one.lines
        assert inbox_page(ctx, InboxFilter(way=Way.FROM_US)).lines == ()
    with network.police.parts.context(procurator) as ctx:
        assert inbox_page(ctx, InboxFilter(Tab.ALL)).counts[Tab.ALL] == 0, "another organ's is not counted"
    network.act(first, "sign_receipt", {"receipt_signer": "丁卫东"})
    with network.police.as_("police") as ctx:
        found = {line.id: line for line in inbox_page(ctx, InboxFilter(offence="a214")).lines}
        assert set(found) == {first}
        clock = found[first].clock
        assert clock is not None
        assert clock.due_on == min(one.due_on for one in shared_page(ctx, first).clocks if one.live and one.due_on)


def first_sent_again(network: Network, first: str) -> tuple[str, str]:
    case_id = network.office.filed()
    handed_over(network.office, case_id)
    came = network.at_police(network.packed(case_id))
    assert came.matter != first
    return case_id, came.matter


def test_packages_of_an_older_installation_get_their_lines(network: Network) -> None:
    _case, of_id = first_sent(network)
    with network.police.as_("police") as ctx:
        before = inbox_page(ctx, InboxFilter(Tab.ALL))
        with unit_of_work(ctx) as unit:
            unit.connection.execute(delete(PackageLine))
        assert inbox_page(ctx, InboxFilter(Tab.ALL)).lines == ()
    with network.police.parts.context() as ctx:
        assert set(_CAUGHT_UP) == set(Behind), "the command has words for each"
        done: list[int] = []
        assert outstanding(ctx, Behind.PACKAGES) == 1
        assert catch_up(ctx, Behind.PACKAGES, progress=done.append).written == 1
        assert (done, outstanding(ctx, Behind.PACKAGES)) == ([1], 0)
    with network.police.as_("police") as ctx:
        after = inbox_page(ctx, InboxFilter(Tab.ALL))
        assert (after.lines, after.counts) == (before.lines, before.counts)
        assert [line.id for line in after.lines] == [of_id]
