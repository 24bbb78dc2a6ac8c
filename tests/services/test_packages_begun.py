"""A matter that a procuratorate begins on a network of its own comes as a package; the reply travels back as one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from caseapp.domain.errors import InputErrors, NotFound
from caseapp.domain.workflow.situation import Actor
from caseapp.queries.matters import matter_choices
from caseapp.queries.package_matters import matter, matter_id, received_image, received_matter
from caseapp.queries.package_page import received_packages
from caseapp.queries.referral_desk import shared_page
from caseapp.services import attachments, matter_send, organ_keys, package_answer, package_file
from caseapp.services.ledger_rebuild import differences
from caseapp.services.matter_send import MatterDraft
from tests.factories.cases import course
from tests.factories.referrals import POLICE, PROCURATORATE, answered, liaisons, prosecuting
from tests.factories.sides import act_in, side_of
from tests.services.test_packages import Network, everything, first_sent, network, trust
from tests.support.app import ORGAN

__all__ = ["course", "network"]

OPINION: dict[str, Any] = {
    "reverse_ground": "not_prosecuted",
    "reverse_number": "通检刑不诉检意〔2026〕1号",
    "reverse_opinion": "犯罪情节轻微，作出不起诉决定；依法应当给予行政处罚。",
}
PDF = b"%PDF-1.7\n%%EOF\n"
sqlite_is_enough = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def procurator(network: Network) -> Actor:
    """A liaison of the procuratorate, at the installation that is not the office's."""
    with network.office.parts.context() as here, network.police.parts.context() as there:
        trust(here, there, PROCURATORATE)
    return liaisons(network.police)["procurator"]


def begun(network: Network, who: Actor, **changes: Any) -> str:
    """Send a matter from the procuratorate's room; returns its id."""
    settings: dict[str, Any] = {"organ": ORGAN, "ip_types": ("trademark",), "respondent": "南通锦屏家纺有限公司"}
    draft = MatterDraft(fields=OPINION, **{**settings, **changes})
    with network.police.parts.context(who) as ctx:
        files = attachments.keep(ctx, [("不起诉决定书.pdf", PDF)])
        key = hashlib.sha256(repr(changes).encode()).hexdigest()[:32]
        sent = matter_send.send(ctx, draft, files=files, idempotency_key=key)
    assert sent.packed
    return sent.proceeding


def acted(network: Network, who: Actor, of_id: str, action: str, fields: dict[str, Any]) -> None:
    with network.police.parts.context(who) as ctx:
        package_answer.answer(ctx, of_id, action, fields, seen_acts=None)


def states(network: Network, case_id: str, of_id: str) -> tuple[str, str]:
    """Return where the matter stands at the office, and at the procuratorate."""
    with network.police.parts.context() as ctx:
        kept = matter(ctx, of_id)
        assert kept is not None
        seen = received_image(ctx, kept)
        assert seen is not None
    return side_of(network.office, case_id, "reverse_referral").state, seen.proceeding.state


def test_an_opinion_becomes_a_lead_and_the_reply_travels_back(network: Network, procurator: Actor) -> None:
    of_id = begun(network, procurator)
    assert begun(network, procurator) == of_id
    assert network.police.rows("case_file") == []
    with network.police.parts.context(procurator) as ctx:
        page, packages = shared_page(ctx, of_id), received_packages(ctx, of_id)
        assert matter_choices(ctx).matters == ()
        with pytest.raises(NotFound):  # nobody has opened it yet
            matter_send.send(ctx, MatterDraft(fields=OPINION, from_matter=of_id))
    assert (page.received, page.number, page.line.state.zh) == (True, "", "待签收")
    assert (packages.left, packages.came) == (1, False)
    package = network.answered(of_id)
    assert network.answered(of_id) == package
    came = network.at_office(package)
    assert (came.status, came.faults, came.applied) == ("taken", (), ((1, "send_matter", ""),))
    assert network.at_office(package).status == "unchanged"
    assert came.case_id is not None
    office, case_id = network.office, came.case_id
    image = office.image(case_id)
    assert (image.organ, image.source, image.main.category) == (ORGAN, "transfer", "lead")
    assert image.title == "南通锦屏家纺有限公司涉嫌侵犯注册商标专用权案"
    office.act("head", case_id, "assign_check", {"officers": office.officers})
    told = {"matter_received_on": office.today.isoformat()}
    act_in(office, case_id, "reverse_referral", "sign_matter", told)
    reply = {"reply_kind": "not_filed", "reply_text": "经核查不予立案。"}
    act_in(office, case_id, "reverse_referral", "reply_result", reply)
    network.settle(case_id, of_id)
    with network.police.parts.context(procurator) as ctx:
        page = shared_page(ctx, of_id)
        sent = page.acts[-1]
        file = sent.files[0]
        assert package_file.attached_of(ctx, of_id, sent.seq, file.sha256) == (PDF, "application/pdf", file.name)
        with pytest.raises(NotFound):
            package_file.attached_of(ctx, of_id, sent.seq, "0" * 64)
        paper, _name = package_file.paper_of(ctx, of_id, page.papers[0].id)
        assert received_packages(ctx, of_id).came
    assert (page.number, page.line.state.zh) == (office.image(case_id).display_number(), "已回复")
    assert [one.title for one in page.papers] == ["关于检察意见的回复"]
    assert paper.startswith(b"%PDF-")
    acted(network, procurator, of_id, "accept_reply", {"accepted_by": "联络员1"})
    network.settle(case_id, of_id)
    assert states(network, case_id, of_id) == ("done", "done")
    with office.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


@sqlite_is_enough
def test_files_that_are_shuffled_and_doubled_bring_both_sides_to_the_same(network: Network, procurator: Actor) -> None:
    chance, office = Random(20261128), network.office
    of_id = begun(network, procurator)
    acted(network, procurator, of_id, "remark_theirs", {"remark": "案卷另送。"})
    first, second = network.answered(of_id), network.answered(of_id)
    assert second != first
    office.clock.at += timedelta(days=1)  # on its way
    assert [network.at_office(second).status for _ in range(2)] == ["held", "unchanged"]
    came = network.at_office(first)
    assert came.applied == ((1, "send_matter", ""), (2, "remark_theirs", ""))
    assert came.case_id is not None
    case_id = came.case_id
    office.act("head", case_id, "assign_check", {"officers": office.officers})
    told = {"matter_received_on": office.today.isoformat()}
    reply = {"reply_kind": "under_way", "reply_text": "正在核查。"}
    deeds: list[Callable[[], object]] = [
        lambda: act_in(office, case_id, "reverse_referral", "sign_matter", told),
        lambda: act_in(office, case_id, "reverse_referral", "ask_papers", {"papers_wanted": "鉴定意见"}),
        lambda: acted(network, procurator, of_id, "send_papers", {"papers_sent": "鉴定意见一份"}),
        lambda: act_in(office, case_id, "reverse_referral", "reply_result", reply),
        lambda: acted(network, procurator, of_id, "object_to_reply", {"objection": "请办结后再回复。"}),
    ]
    for deed in deeds:
        deed()
        files = everything(network, case_id, of_id, PROCURATORATE) * 2
        chance.shuffle(files)
        for to, content in files[: chance.randrange(len(files) + 1)]:
            assert (network.at_police if to == "police" else network.at_office)(content).status != "refused"
        network.settle(case_id, of_id)
    assert states(network, case_id, of_id) == ("handling", "handling")
    with network.police.parts.context(procurator) as ctx:
        seen = received_image(ctx, received_matter(ctx, of_id))
    assert seen is not None
    here = [(act.action, act.on) for act in side_of(office, case_id, "reverse_referral").acts]
    assert [(act.action, act.on) for act in seen.proceeding.acts] == here
    assert len(office.rows("case_file")) == 1
    with office.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


@sqlite_is_enough
def test_an_opinion_out_of_a_case_that_came_as_a_package_goes_into_that_case(
    network: Network, procurator: Actor
) -> None:
    case_id = network.office.filed()
    proceeding = prosecuting(network.office, case_id)
    over = {"procuratorate_organ": PROCURATORATE, "review_sent_number": "诉1号"}
    answered(network.office, network.office.people["police"], proceeding, "send_to_procuratorate", over)
    source = matter_id(ORGAN, proceeding, PROCURATORATE)
    for _to, content in everything(network, case_id, source, PROCURATORATE):
        assert network.at_police(content).status == "taken"
    with network.police.parts.context(procurator) as ctx:
        assert [of_id for of_id, _name in matter_choices(ctx).matters] == [source]
    with pytest.raises(InputErrors):
        begun(network, procurator, organ="", from_matter=source, respondent=" ")
    of_id = begun(network, procurator, organ="", from_matter=source)
    assert network.at_office(network.answered(of_id)).case_id == case_id
    assert side_of(network.office, case_id, "reverse_referral").state == "sent"


def resealed(network: Network, content: bytes, change: Callable[[Any, dict[str, Any]], object]) -> bytes:
    """Return the package as whoever has the sender's key could write it. change: of step and manifest"""
    with network.police.parts.context() as ctx:
        seals, ring = organ_keys.seals(ctx), organ_keys.ring(ctx)
        parcel = seals.check(content, ring.own())
        step, told = json.loads(parcel.items["step.json"]), dict(parcel.manifest)
        change(step, told)
        step["kind"], about = told["kind"], step["matter"]
        told["matter"] = matter_id(about["house"], about["proceeding"], about["peer_organ"])
        names = ("kind", "package", "matter", "sender", "receiver", "sequence", "previous", "made_at")
        key = organ_keys.create(ctx, told["sender"])[0]
        items = {**parcel.items, "step.json": json.dumps(step).encode()}
        return seals.seal({name: told[name] for name in names}, items, key, lambda text: ring.sign(key.key, text))


def of_police(step: Any, told: dict[str, Any]) -> None:
    told["sender"] = step["matter"]["peer_organ"] = POLICE


def attached_otherwise(step: Any, _told: dict[str, Any]) -> None:
    step["payload"]["facts"]["attached_files"][0]["sha256"] = "0" * 64


def attached_as_program(step: Any, _told: dict[str, Any]) -> None:
    step["payload"]["facts"]["attached_files"][0]["media"] = "text/x-python"


@sqlite_is_enough
def test_what_cannot_be_opened_is_refused_with_the_reason_and_leaves_nothing(
    network: Network, procurator: Actor
) -> None:
    package = network.answered(begun(network, procurator))
    wrong: dict[str, list[Callable[[Any, dict[str, Any]], object]]] = {
        "not_opened": [
            lambda step, told: step["opens"].update(respondent=" "),
            lambda step, told: step["opens"].update(from_matter="0" * 32),
            lambda step, told: step["fields"].pop("reverse_number"),
        ],
        "bad_step": [
            lambda step, told: step["opens"].update(ip_types="trademark"),
            lambda step, told: step["matter"].update(proceeding="../x"),
            lambda step, told: told.update(sequence=2),
            lambda step, told: step.pop("opens"),
            attached_otherwise,
            attached_as_program,
        ],
        "unknown_matter": [lambda step, told: told.update(kind="act")],
        "unknown_procedure": [lambda step, told: step["matter"].update(version=99)],
        "wrong_receiver": [lambda step, told: (told.update(receiver=POLICE), step["matter"].update(house=POLICE))],
    }
    for code, changes in wrong.items():
        for change in changes:
            found = network.at_office(resealed(network, package, change))
            assert [fault.code for fault in found.faults] == [code]
            assert all(fault.zh for fault in found.faults)
    for table in ("package_matter", "package_step", "case_file", "side_proceeding"):
        assert network.office.rows(table) == []
    assert network.at_office(package).status == "taken"
    for again in (of_police, lambda step, told: step["opens"].update(respondent="某人")):
        assert network.at_office(resealed(network, package, again)).faults[0].code == "replayed"
    assert len(network.office.rows("case_file")) == 1


@sqlite_is_enough
def test_a_matter_of_ours_is_not_begun_again_and_a_foreign_key_begins_none(network: Network, procurator: Actor) -> None:
    case_id, of_id = first_sent(network)
    package = network.answered(begun(network, procurator))
    with network.office.parts.context() as ctx:
        kept = matter(ctx, of_id)
        assert kept is not None

    def ours(step: Any, told: dict[str, Any]) -> None:
        of_police(step, told)
        step["matter"].update(proceeding=kept.proceeding_id)

    assert network.at_office(resealed(network, package, ours)).faults[0].code == "replayed"
    with network.office.parts.context() as ctx:
        key = next(key for key in organ_keys.ring(ctx).trusted() if key.organ == PROCURATORATE)
        organ_keys.revoke(ctx, key.key, reason="介质遗失")
    assert network.at_office(package).faults[0].code == "revoked_key"
    with network.police.parts.context() as ctx:
        organ_keys.revoke(ctx, key.key, reason="介质遗失")
    package = resealed(network, package, lambda step, told: None)
    assert network.at_office(package).faults[0].code == "foreign_key"
    assert [row["id"] for row in network.office.rows("case_file")] == [case_id]
