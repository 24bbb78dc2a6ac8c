"""Two installations with a database and keys of their own, and between them nothing but files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from caseapp.context import Context
from caseapp.domain.errors import NotFound
from caseapp.domain.packages.keys import told
from caseapp.domain.workflow.attached import KeptFile, attached
from caseapp.queries.case_images import entries_of
from caseapp.queries.package_matters import matter, received_image, received_matter, received_matters
from caseapp.queries.referral_desk import shared_page
from caseapp.queries.referral_inbox import InboxFilter, inbox_page
from caseapp.services import attachments, organ_keys, package_answer, package_file, package_send, referral_answer
from caseapp.services.document_scan import SUFFIXES
from caseapp.services.ledger_rebuild import differences
from caseapp.services.package_receive import receive
from caseapp.services.package_reception import Reception
from tests.factories.cases import Course, course
from tests.factories.pictures import png
from tests.factories.referrals import OUTLINE, POLICE, PROCURATORATE, RECEIPT, REFUSAL, handed_over
from tests.factories.sides import act_in, side_of
from tests.support.app import ORGAN, Installations, enrol

__all__ = ["course"]
PDF = b"%PDF-1.4 the decision as it was signed"


@dataclass
class Network:
    """The office that has the case, and the police on a network of their own."""

    office: Course
    police: Course

    def packed(self, case_id: str, **more: Any) -> bytes:
        with self.office.parts.context() as ctx:
            return package_send.package_of_case(ctx, case_id, **more).content

    def answered(self, matter_id: str) -> bytes:
        with self.police.parts.context() as ctx:
            return package_send.package_of_matter(ctx, matter_id).content

    def at_police(self, content: bytes) -> Reception:
        with self.police.parts.context() as ctx:
            return receive(ctx, content)

    def at_office(self, content: bytes) -> Reception:
        with self.office.parts.context() as ctx:
            return receive(ctx, content)

    def act(self, matter_id: str, action: str, fields: Mapping[str, Any], *files: tuple[str, bytes]) -> None:
        with self.police.as_("police") as ctx:
            kept = attachments.keep(ctx, files)
            referral_answer.answer(ctx, matter_id, action, fields, seen_acts=None, files=kept)

    def settle(self, case_id: str, matter_id: str) -> None:
        """Carry every file that is under way."""
        for _ in range(5):
            with self.office.parts.context() as ctx:
                package = package_send.package_of_case(ctx, case_id)
            self.at_police(package.content)
            back = self.answered(matter_id)
            self.at_office(back)

    def states(self, case_id: str, matter_id: str) -> tuple[str, str]:
        with self.police.parts.context() as ctx:
            kept = matter(ctx, matter_id)
            assert kept is not None
            seen = received_image(ctx, kept)
            assert seen is not None
            there = seen.proceeding.state
        return side_of(self.office, case_id, "referral").state, there


def trust(ctx: Context, other: Context, organ: str) -> None:
    key, _made = organ_keys.create(other, organ)
    organ_keys.trust(ctx, {"keys": [told(key)]})


@pytest.fixture
def network(course: Course, installations: Installations) -> Network:
    parts = installations.new(course.clock)
    police = Course(parts, enrol(parts), course.clock)
    with course.parts.context() as here, parts.context() as there:
        trust(here, there, POLICE)
        trust(there, here, ORGAN)
    return Network(course, police)


def test_a_referral_goes_there_and_the_receipt_and_the_decision_come_back(network: Network) -> None:
    case_id = network.office.filed()
    handed_over(network.office, case_id)
    package = network.packed(case_id)
    assert network.packed(case_id) == package
    came = network.at_police(package)
    assert (came.status, came.faults) == ("taken", ())
    assert network.at_police(package).status == "unchanged"
    with network.police.as_("police") as ctx:
        (kept,) = received_matters(ctx)
    assert (kept.state, kept.reference) == ("handed_over", network.office.image(case_id).display_number())
    receipt = network.answered(kept.id)
    assert network.at_office(receipt).status == "taken"
    assert network.at_office(receipt).status == "unchanged"
    network.act(kept.id, "sign_receipt", RECEIPT)
    back = network.at_office(network.answered(kept.id))
    assert back.applied == ((1, "sign_receipt", ""),)
    assert side_of(network.office, case_id, "referral").state == "received"
    network.settle(case_id, kept.id)
    assert network.states(case_id, kept.id) == ("received", "received")
    on = {"refused_on": network.office.today.isoformat()}
    network.act(kept.id, "refuse_to_file", {**on, **REFUSAL})
    network.settle(case_id, kept.id)
    assert network.states(case_id, kept.id) == ("refused", "refused")
    with network.office.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


sqlite_is_enough = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
"""What is tried is the order of files; that both databases keep them the same is tried above."""


def everything(network: Network, case_id: str, matter_id: str, to: str = POLICE) -> list[tuple[str, bytes]]:
    """Return every package that either side has made so far, with whom it is for."""
    with network.office.parts.context() as ctx:
        package_send.package_of_case(ctx, case_id)
        made = matter(ctx, matter_id)
        assert made is not None
        found = [
            ("police", package_send.package_of_case(ctx, case_id, to=to, sequence=one.step.sequence).content)
            for one in made.ours
        ]
    with network.police.parts.context() as ctx:
        kept = matter(ctx, matter_id)
        steps = kept.ours if kept is not None else ()
        found += [
            ("office", package_send.package_of_matter(ctx, matter_id, sequence=one.step.sequence).content)
            for one in steps
        ]
    return found


def first_sent(network: Network) -> tuple[str, str]:
    """Return a case that was handed over and taken in by the police, and its matter."""
    case_id = network.office.filed()
    handed_over(network.office, case_id)
    assert network.at_police(network.packed(case_id)).status == "taken"
    with network.police.as_("police") as ctx:
        (kept,) = received_matters(ctx)
    return case_id, kept.id


@sqlite_is_enough
def test_files_that_are_shuffled_doubled_and_lost_bring_both_sides_to_the_same(network: Network) -> None:
    chance = Random(20261123)
    case_id, of_id = first_sent(network)
    deeds: list[Callable[[], object]] = [
        lambda: network.act(of_id, "sign_receipt", RECEIPT),
        lambda: network.act(of_id, "remark_police", {"remark": "已派员核查。"}),
        lambda: act_in(network.office, case_id, "referral", "remark_ours", {"remark": "当事人另有一处仓库。"}),
        lambda: network.act(of_id, "ask_supplements", {"missing_parts": ["other"], "missing_detail": "账册。"}),
        lambda: act_in(network.office, case_id, "referral", "send_supplements", {"supplements": "账册一册"}),
        lambda: network.act(of_id, "file_case", {"filed_on": network.office.today.isoformat(), "filing_number": "8号"}),
    ]
    for deed in deeds:
        for _ in range(3):
            files = everything(network, case_id, of_id)
            chance.shuffle(files)
            for to, content in [*files[: chance.randrange(len(files) + 1)], chance.choice(files)]:
                assert (network.at_police if to == "police" else network.at_office)(content).status != "refused"
        network.settle(case_id, of_id)
        deed()
    network.settle(case_id, of_id)
    assert network.states(case_id, of_id) == ("filed", "filed")
    with network.police.as_("police") as ctx:
        kept = received_matter(ctx, of_id)
        seen = received_image(ctx, kept)
    assert seen is not None
    here = side_of(network.office, case_id, "referral")
    sent = [act.action for act in here.acts if act.seq >= here.shares[0].since]
    assert [act.action for act in seen.proceeding.acts if act.seq >= 1000] == sent
    assert {clock.rule: clock.met for clock in seen.proceeding.clocks}["T15"] is None
    assert kept.delivered == len(kept.ours)
    with network.office.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


@sqlite_is_enough
def test_the_scan_of_a_decision_travels_with_it_and_is_the_same_on_both_sides(network: Network) -> None:
    case_id, of_id = first_sent(network)
    network.act(of_id, "sign_receipt", RECEIPT, ("回执.png", png()))
    refusal = {"refused_on": network.office.today.isoformat(), **REFUSAL}
    network.act(of_id, "refuse_to_file", refusal, ("不予立案通知书.pdf", PDF), ("附页.png", png()))
    with network.police.parts.context() as ctx:
        files = [package_send.package_of_matter(ctx, of_id, sequence=number).content for number in (1, 2)]
    assert [network.at_office(files[1]).status, network.at_office(files[1]).status] == ["held", "unchanged"]
    assert network.at_office(files[0]).applied == ((1, "sign_receipt", ""), (2, "refuse_to_file", ""))
    acts = {act.action: act.seq for act in side_of(network.office, case_id, "referral").acts}
    with network.office.parts.context() as ctx:
        entries = entries_of(ctx, case_id)
        named = {entry.seq: attached(entry.payload.get("facts")) for entry in entries}
        (decision, page), (receipt,) = named[acts["refuse_to_file"]], named[acts["sign_receipt"]]
        assert [decision.name, page.name, receipt.name] == ["不予立案通知书.pdf", "附页.png", "回执.png"]
        assert attachments.content_of(ctx, entries, acts["refuse_to_file"], decision.sha256)[0] == PDF
        assert attachments.content_of(ctx, entries, acts["sign_receipt"], receipt.sha256)[0] == png()
        assert list(differences(ctx, None)) == []
    network.settle(case_id, of_id)
    with network.police.as_("police") as ctx:
        act = next(act for act in shared_page(ctx, of_id).acts if len(act.files) == 2)
        assert package_file.attached_of(ctx, of_id, act.seq, decision.sha256)[0] == PDF


@sqlite_is_enough
def test_a_scan_that_is_none_is_answered_with_the_reason(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another installation keeps other kinds of files: what it sends is looked at as an upload is."""
    case_id, of_id = first_sent(network)
    with network.police.as_("police") as ctx:
        strange = KeptFile("回执.exe", ctx.ports.files.put(b"MZ"), "application/x-msdownload", 2)
        monkeypatch.setitem(SUFFIXES, strange.media, "exe")
        package_answer.answer(ctx, of_id, "sign_receipt", RECEIPT, seen_acts=None, files=[strange])
    back = network.at_office(network.answered(of_id))
    assert back.applied == ((1, "sign_receipt", "只接受 PDF、JPEG、PNG 文件"),)
    assert side_of(network.office, case_id, "referral").state == "handed_over"
    network.settle(case_id, of_id)
    assert network.states(case_id, of_id) == ("handed_over", "handed_over")


@sqlite_is_enough
def test_a_later_step_waits_for_the_one_before_it(network: Network) -> None:
    case_id = network.office.filed()
    handed_over(network.office, case_id)
    first = network.packed(case_id)
    act_in(network.office, case_id, "referral", "remark_ours", {"remark": "请予关注。"})
    second = network.packed(case_id)
    assert network.at_police(second).status == "held"
    assert network.at_police(second).status == "unchanged"
    with network.police.as_("police") as ctx:
        assert inbox_page(ctx, InboxFilter()).lines == ()
    came = network.at_police(first)
    assert [(number, action) for number, action, _why in came.applied] == [(1, "hand_over"), (2, "remark_ours")]
    with network.police.as_("police") as ctx:
        (line,) = inbox_page(ctx, InboxFilter()).lines
        page = shared_page(ctx, line.id)
    assert (line.title, line.mine, page.outline) == ("", True, OUTLINE)
    assert [offer.action.id for offer in page.offers if not offer.obstacles] == ["sign_receipt"]
    assert page.papers == page.files == ()
    network.act(line.id, "sign_receipt", RECEIPT)
    with network.police.as_("police") as ctx:
        opened = shared_page(ctx, line.id)
        content, media, name = package_file.file_of(ctx, line.id, "dossier.pdf")
        case, _media, _name = package_file.file_of(ctx, line.id, "case.json")
        with pytest.raises(NotFound):
            package_file.file_of(ctx, line.id, "step.json")
    assert opened.line.title
    assert {paper.title for paper in opened.papers} >= {"涉嫌犯罪案件移送书"}
    assert [one.item for one in opened.files] == ["dossier.pdf", "case.json"]
    assert (content[:5], media, name.endswith(".pdf")) == (b"%PDF-", "application/pdf", True)
    assert json.loads(case)["procedure"] == "penalty_general"
    with network.police.as_("police") as ctx:
        paper, _title = package_file.paper_of(ctx, line.id, opened.papers[0].id)
    assert paper.startswith(b"%PDF-")


@sqlite_is_enough
def test_a_receipt_that_crosses_a_withdrawal_wins(network: Network) -> None:
    case_id, of_id = first_sent(network)
    act_in(network.office, case_id, "referral", "withdraw_referral", {"withdrawal_reasons": "有误。"}, by="leader")
    assert network.office.image(case_id).main.state == "investigating"
    network.act(of_id, "sign_receipt", RECEIPT)
    back = network.at_office(network.answered(of_id))
    assert back.applied == ((1, "sign_receipt", ""),)
    assert network.office.image(case_id).main.state == "transferred"
    network.settle(case_id, of_id)
    assert network.states(case_id, of_id) == ("received", "received")
    with network.office.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


@sqlite_is_enough
def test_an_act_that_came_too_late_is_answered_with_the_reason(network: Network) -> None:
    """An officer had already entered the receipt from its paper."""
    case_id, of_id = first_sent(network)
    paper = {**RECEIPT, "paper_ref": "回执 2026-11-23"}
    act_in(network.office, case_id, "referral", "sign_receipt", paper)
    network.act(of_id, "sign_receipt", RECEIPT)
    ((_number, _action, why),) = network.at_office(network.answered(of_id)).applied
    assert why
    network.settle(case_id, of_id)
    assert network.states(case_id, of_id) == ("received", "received")
    with network.police.as_("police") as ctx:
        seen = received_image(ctx, received_matter(ctx, of_id))
    assert seen is not None
    assert seen.refused == {1: why}
    assert [act.action for act in seen.proceeding.acts if act.seq >= 1000] == ["hand_over", "sign_receipt"]


@sqlite_is_enough
def test_what_is_wrong_leaves_nothing_behind(network: Network) -> None:
    case_id = network.office.filed()
    handed_over(network.office, case_id)
    package = network.packed(case_id)
    other = Course(network.police.parts, network.police.people, network.office.clock)
    changed = bytearray(package)
    changed[len(package) // 2] ^= 1
    assert {fault.code for fault in network.at_police(bytes(changed)).faults} <= {"changed_item", "container"}
    assert network.at_police(package[:-100]).status == "refused"
    with network.office.parts.context() as ctx:
        mine = receive(ctx, package)
    assert (mine.status, mine.made_here) == ("unchanged", True)
    with other.parts.context() as ctx:
        assert receive(ctx, package, organ="320612-procuratorate").faults[0].code == "wrong_receiver"
    assert other.rows("package_matter") == []
    with other.parts.context() as ctx:
        (key,) = organ_keys.ring(ctx).trusted()
        organ_keys.revoke(ctx, key.key, reason="介质遗失")
    assert network.at_police(package).faults[0].code == "revoked_key"
    assert other.rows("package_matter") == []
    assert other.rows("package_step") == []


@sqlite_is_enough
def test_the_procuratorate_is_told_what_concerns_it_and_the_police_too(network: Network) -> None:
    case_id, of_id = first_sent(network)
    network.act(of_id, "sign_receipt", RECEIPT)
    network.settle(case_id, of_id)
    network.act(of_id, "refuse_to_file", {"refused_on": network.office.today.isoformat(), **REFUSAL})
    network.settle(case_id, of_id)
    asked = {"procuratorate_organ": PROCURATORATE, "supervision_grounds": "应当立案。"}
    act_in(network.office, case_id, "referral", "ask_supervision", asked)
    with network.office.parts.context() as ctx:
        package = package_send.package_of_case(ctx, case_id, to=PROCURATORATE)
        parcel = organ_keys.seals(ctx).check(package.content, organ_keys.ring(ctx).own())
    assert (package.receiver, package.action, parcel.faults) == (PROCURATORATE, "ask_supervision", ())
    assert [one["action"] for one in parcel.step["carried"]] == ["report_to_head", "complete_dossier"]
    assert "team" not in json.dumps(parcel.step["carried"])
    network.settle(case_id, of_id)
    assert network.states(case_id, of_id) == ("supervising", "supervising")
