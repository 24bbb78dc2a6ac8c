"""Packages that are signed as they should be and wrong all the same; keys that are no keys; evidence on its way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from caseapp.context import Context
from caseapp.domain.errors import InputError, NotFound, StaleCase
from caseapp.domain.packages.keys import key_name
from caseapp.queries.package_matters import matter, matter_id
from caseapp.services import organ_keys, package_answer, package_file, package_send
from tests.factories.cases import course
from tests.factories.custody import attach
from tests.factories.referrals import POLICE, RECEIPT, handed_over
from tests.factories.sides import act_in, side_of
from tests.services.test_packages import Network, first_sent, network
from tests.support import evidence_files
from tests.support.app import ORGAN

__all__ = ["course", "network"]
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

PROCEEDING = "a" * 32
ABOUT: dict[str, Any] = {
    "house": ORGAN,
    "peer_organ": POLICE,
    "peer": "police",
    "proceeding": PROCEEDING,
    "procedure": "referral",
    "version": 1,
    "reference": "1号",
    "title": "案",
    "main_procedure": "penalty_general",
    "main_version": 1,
    "sent_on": "2026-11-23",
}
STEP: dict[str, Any] = {
    "kind": "act",
    "seen": 0,
    "matter": ABOUT,
    "action": "hand_over",
    "on": "2026-11-23",
    "at": "2026-11-23T09:00:00+08:00",
    "payload": {"action": "hand_over", "from": "ready", "to": "handed_over", "facts": {"police_organ": POLICE}},
    "state": "handed_over",
    "category": "open",
}


def sealed(ctx: Context, step: dict[str, Any], *, sender: str = ORGAN, receiver: str = POLICE, **changes: Any) -> bytes:
    """Return a package with a good signature of the sender over whatever it says."""
    key = organ_keys.create(ctx, sender)[0]
    manifest = {
        "kind": step.get("kind", "act"),
        "package": f"{changes.get('sequence', 1):032d}",
        "matter": matter_id(ORGAN, PROCEEDING, POLICE),
        "sender": sender,
        "receiver": receiver,
        "sequence": 1,
        "previous": "",
        "made_at": "2026-11-23T01:00:00+00:00",
        **changes,
    }
    items = {"step.json": json.dumps(step).encode()}
    return organ_keys.seals(ctx).seal(manifest, items, key, lambda text: organ_keys.ring(ctx).sign(key.key, text))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seen": "0"}, "bad_step"),
        ({"matter": {**ABOUT, "proceeding": "b" * 32}}, "bad_step"),
        ({"matter": {**ABOUT, "peer_organ": "320613-police"}}, "bad_step"),
        ({"matter": {**ABOUT, "sent_on": "yesterday"}}, "bad_step"),
        ({"payload": None}, "bad_step"),
        ({"matter": {**ABOUT, "version": 99}}, "unknown_procedure"),
        ({"matter": {**ABOUT, "procedure": "seizure"}}, "unknown_procedure"),
        ({"matter": {**ABOUT, "peer": "organ"}}, "unknown_procedure"),
        ({"seen": 1}, "unheard"),
    ],
    ids=[
        "a word for a number", "another matter", "another organ", "no day", "no act", "a version unknown here",
        "no handoff", "no side", "answers what was never sent",
    ],
)  # fmt: skip
def test_a_step_that_is_signed_and_makes_no_sense_is_refused(network: Network, change: Any, code: str) -> None:
    with network.office.parts.context() as ctx:
        content = sealed(ctx, {**STEP, **change})
    came = network.at_police(content)
    assert (came.status, [fault.code for fault in came.faults]) == ("refused", [code])
    assert network.police.rows("package_matter") == []


def test_what_does_not_follow_is_refused_and_what_waited_for_another_falls(network: Network) -> None:
    with network.office.parts.context() as ctx:
        first, other = sealed(ctx, STEP), sealed(ctx, {**STEP, "title": "another"})
        third = sealed(ctx, STEP, sequence=2, previous="f" * 64)
        strange = sealed(ctx, {**STEP, "kind": "answer", "to": 1, "taken": False})
        receipt = sealed(ctx, {"kind": "receipt", "of": {"sequence": 1, "digest": "sha256:0", "package": ""}})
    assert network.at_police(third).status == "held"
    assert network.at_police(first).status == "taken"
    assert [row["sequence"] for row in network.police.rows("package_step")] == [1]
    for content, code in (
        (other, "replayed"),
        (third, "broken_chain"),
        (strange, "replayed"),
        (receipt, "unknown_step"),
    ):
        assert [fault.code for fault in network.at_police(content).faults] == [code]
    with network.police.parts.context() as ctx:
        back = sealed(ctx, STEP, sender=POLICE, receiver=ORGAN)
    assert [fault.code for fault in network.at_office(back).faults] == ["unknown_matter"]


def test_an_act_that_names_files_and_brings_none_is_refused(network: Network) -> None:
    case_id, of_id = first_sent(network)
    named = {"name": "决定.pdf", "sha256": "0" * 64, "media": "application/pdf", "size": 1}
    with network.police.parts.context() as ctx:
        kept = matter(ctx, of_id)
        assert kept is not None
        act = {**STEP, "action": "sign_receipt", "seen": 1, "matter": dict(kept.about), "fields": RECEIPT}
        facts = {"action": "sign_receipt", "from": "handed_over", "to": "received", "facts": {}}
        for files in ([named], [{**named, "media": "text/plain"}], [{"name": "决定.pdf"}]):
            told = {**act, "payload": {**facts, "facts": {"attached_files": files}}}
            back = sealed(ctx, told, sender=POLICE, receiver=ORGAN, matter=of_id)
            came = network.at_office(back)
            assert (came.status, [fault.code for fault in came.faults]) == ("refused", ["bad_step"])
        sound = sealed(ctx, {**act, "payload": facts}, sender=POLICE, receiver=ORGAN, matter=of_id)
    assert network.at_office(sound).status == "taken"
    assert side_of(network.office, case_id, "referral").state == "received"


def test_evidence_goes_along_once_and_what_has_no_pages_beside_the_volume(network: Network) -> None:
    case_id = network.office.filed()
    attach(network.office, case_id, evidence_files.jpeg())
    attach(network.office, case_id, "账目\n".encode(), "账目.txt")
    handed_over(network.office, case_id)
    of_id = network.at_police(network.packed(case_id)).matter
    network.act(of_id, "sign_receipt", RECEIPT)
    network.act(of_id, "ask_supplements", {"missing_parts": ["other"], "missing_detail": "进货单。"})
    network.settle(case_id, of_id)
    attach(network.office, case_id, evidence_files.pdf(), "进货单.pdf")
    act_in(network.office, case_id, "referral", "send_supplements", {"supplements": "进货单"})
    with network.office.parts.context() as ctx:
        later = organ_keys.seals(ctx).check(network.packed(case_id), organ_keys.ring(ctx).own())
    assert [(one["number"], one["file"]) for one in later.step["evidence"]] == [(3, "进货单.pdf")]
    assert later.items["evidence/001.pdf"] == evidence_files.pdf()
    network.settle(case_id, of_id)
    with network.police.as_("police") as ctx:
        picture, media, name = package_file.file_of(ctx, of_id, "evidence/002.txt")
        assert (picture.decode(), media, name.endswith("证据2　账目.txt")) == (
            "账目\n",
            "application/octet-stream",
            True,
        )
        with pytest.raises(NotFound):
            package_file.paper_of(ctx, of_id, "0" * 32)


def test_a_liaison_answers_what_was_sent_to_him_and_from_a_form_that_is_still_right(network: Network) -> None:
    _case_id, of_id = first_sent(network)
    with network.police.as_("police") as ctx:
        with pytest.raises(StaleCase):
            package_answer.answer(ctx, of_id, "sign_receipt", RECEIPT, seen_acts=7)
        with pytest.raises(NotFound):
            package_answer.answer(ctx, of_id, "hand_over", {}, seen_acts=None)
        with pytest.raises(NotFound):
            package_send.package_of_matter(ctx, "0" * 32)
        with pytest.raises(NotFound):
            package_send.package_of_matter(ctx, of_id, sequence=9)
        first = package_answer.answer(ctx, of_id, "sign_receipt", RECEIPT, seen_acts=1, idempotency_key="k" * 32)
        again = package_answer.answer(ctx, of_id, "sign_receipt", RECEIPT, seen_acts=1, idempotency_key="k" * 32)
    assert (first.from_state, first.to_state, again.to_state) == ("handed_over", "received", "received")
    assert len([row for row in network.police.rows("package_step") if row["ours"]]) == 1


def test_what_is_no_good_key_is_not_trusted(network: Network) -> None:
    public = "00" * 31 + "01"
    good = {"organ": "320613-police", "public_key": public}
    wrong: list[object] = [
        {**good, "public_key": "00"},
        {**good, "public_key": "no hex"},
        {**good, "organ": "nowhere"},
        {**good, "key": "ed25519-0"},
        {**good, "revoked_at": "2026-11-23"},
        {**good, "organ": ORGAN},
        {"keys": []},
    ]
    with network.office.parts.context() as ctx:
        for document in wrong:
            with pytest.raises(InputError):
                organ_keys.trust(ctx, document)
        ((key, new),) = organ_keys.trust(ctx, good)
        assert (key.key, new) == (key_name(public), True)
        with pytest.raises(InputError):
            organ_keys.revoke(ctx, key.key, reason=" ")
        organ_keys.revoke(ctx, key.key, reason="遗失")
        with pytest.raises(InputError):
            organ_keys.trust(ctx, good)
        with pytest.raises(InputError):
            organ_keys.checked_with(ctx, b"", [{}], None)
        older = organ_keys.signing_key(ctx, ORGAN)
        network.office.later(minutes=1)
        newer, made = organ_keys.create(ctx, ORGAN, renew=True)
        assert (made, newer != older, organ_keys.signing_key(ctx, ORGAN)) == (True, True, newer)
