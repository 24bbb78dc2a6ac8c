"""Packages at the screen: handed out on the case's page, taken in at the liaisons' desk of another installation."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from caseapp.adapters.clock import SetClock
from caseapp.app import create_app
from caseapp.db import db
from caseapp.queries.package_matters import matter_id
from caseapp.services import matter_send, organ_keys, package_send, referral_answer
from caseapp.services.matter_send import MatterDraft
from caseapp.services.package_receive import receive
from tests.factories.cases import Course, course
from tests.factories.referrals import OUTLINE, answered, handed_over, liaisons, ready
from tests.factories.sides import act_in, side_of
from tests.support.app import ORGAN, PASSWORD, configuration, enrol, law_at_hand
from tests.support.databases import Databases
from tests.web.liaison.test_referrals import fields_of
from tests.web.shell import Visitor

__all__ = ["course"]
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
Enter = Callable[[str], Visitor]


@pytest.fixture
def elsewhere(databases: Databases, blank: str, tmp_path: Any, clock: SetClock) -> Iterator[Flask]:
    """The application of the police, over a database of its own."""
    url = databases.create(template=blank)
    with law_at_hand():
        made = create_app(configuration(url, tmp_path / "elsewhere"), clock=clock)
    enrol(made.extensions["huhang"])
    yield made
    with made.app_context():
        db.engine.dispose()
    databases.drop(url)


def visitor_of(app: Flask, login: str) -> Visitor:
    whole: Any = SimpleNamespace(app=app)
    visitor = Visitor(whole)
    assert visitor.sign_in(login, password=PASSWORD).status_code == 303
    return visitor


def upload(visitor: Visitor, path: str, content: bytes | None) -> Any:
    fields: dict[str, Any] = {"file": (io.BytesIO(content), "F.zip")} if content is not None else {}
    return send(visitor, path, fields, content_type="multipart/form-data")


def send(visitor: Visitor, path: str, fields: dict[str, Any] | None = None, **more: Any) -> Any:
    """Send a form of the room, with the token that its pages carry."""
    return visitor.post(path, page="/account", fields=fields, **more)


def test_keys_are_made_compared_trusted_and_revoked_by_the_security_administrator(
    course: Course, enter: Enter, elsewhere: Flask
) -> None:
    security = enter("secadmin")
    assert "还没有密钥" in security.get("/admin/keys").text
    assert send(security, "/admin/keys", fields={"organ": ""}).status_code == 422
    assert send(security, "/admin/keys", fields={"organ": ORGAN}).status_code == 303
    with course.parts.context() as ctx:
        (key,) = organ_keys.ring(ctx).own()
    page = security.get("/admin/keys").text
    assert key.fingerprint in page
    exported = security.get("/admin/keys.json")
    assert [one["key"] for one in json.loads(exported.text)["keys"]] == [key.key]

    other = visitor_of(elsewhere, "secadmin")
    assert "公钥文件不能读取" in upload(other, "/admin/keys/trust", b"no json").text
    assert "没有公钥" in upload(other, "/admin/keys/trust", b"{}").text
    assert upload(other, "/admin/keys/trust", exported.data).status_code == 303
    assert "受信任" in other.get("/admin/keys").text
    gone = send(other, "/admin/keys/revoke", fields={"key": "ed25519-0", "reason": "遗失"})
    assert (gone.status_code, "没有这把密钥" in gone.text) == (422, True)
    assert send(other, "/admin/keys/revoke", fields={"key": key.key, "reason": ""}).status_code == 422
    assert send(other, "/admin/keys/revoke", fields={"key": key.key, "reason": "遗失"}).status_code == 303
    assert "已撤销" in other.get("/admin/keys").text
    for login in ("sysadmin", "audit"):
        assert enter(login).get("/admin/keys").status_code == 403


def test_a_package_is_downloaded_here_taken_in_there_and_the_answer_comes_back(
    course: Course, enter: Enter, elsewhere: Flask
) -> None:
    there = elsewhere.extensions["huhang"]
    with course.parts.context() as here, there.context() as far:
        for one, other, organ in ((here, far, "320612-police"), (far, here, ORGAN)):
            key, _made = organ_keys.create(other, organ)
            organ_keys.trust(one, [{"organ": key.organ, "public_key": key.public_key}])
    case_id = course.filed()
    ready(course, case_id)
    officer, packages = enter("officer"), f"/cases/{case_id}/packages"
    assert "还没有向其他机关移送" in officer.get(packages).text
    act_in(course, case_id, "referral", "hand_over", {"police_organ": "320612-police", "preview": OUTLINE, "goods_when": "after_filing"})  # fmt: skip
    assert packages in officer.get(f"/cases/{case_id}").text
    assert "有 1 步等待打包" in officer.get(packages).text
    package = send(officer, f"{packages}/next", fields={"to": "320612-police"})
    assert (package.status_code, package.mimetype) == (200, "application/zip")
    page = officer.get(packages).text
    assert "再次下载" in page
    assert "没有等待打包的步骤" in page
    assert send(officer, f"{packages}/next", fields={"to": "320612-police", "step": "1"}).data == package.data

    police = visitor_of(elsewhere, "police")
    assert "/referrals/packages" in police.get("/referrals").text
    assert "请选择数据包文件" in upload(police, "/referrals/packages", None).text
    changed = bytearray(package.data)
    changed[len(changed) // 2] ^= 1
    refused = upload(police, "/referrals/packages", bytes(changed))
    assert refused.status_code == 422
    assert 'id="file-error"' in refused.text
    assert "签收后显示案件名称" not in police.get("/referrals").text
    taken = upload(police, "/referrals/packages", package.data)
    assert taken.status_code == 303
    referral = taken.location
    before = police.get(referral).text
    assert OUTLINE in before
    assert "锦屏" not in before
    assert police.get(f"{referral}/files/dossier.pdf").status_code == 404
    assert send(police, f"{referral}/acts/sign_receipt", fields=fields_of(before)).status_code == 303
    after = police.get(referral).text
    assert "锦屏" in after
    assert "移送案卷（PDF，按页编号）" in after
    assert police.get(f"{referral}/files/dossier.pdf").data[:5] == b"%PDF-"
    paper = after.split(f"{referral}/documents/", 1)[1].split('"', 1)[0]
    assert police.get(f"{referral}/documents/{paper}").data[:5] == b"%PDF-"
    answer = send(police, f"{referral}/package")
    assert "sign_receipt" in answer.headers["Content-Disposition"]

    assert upload(officer, "/packages", answer.data).location == packages, "wherever it is given in, its case is found"
    assert side_of(course, case_id, "referral").state == "received"
    listed = officer.get("/packages").text
    assert packages in listed
    assert "移送数据包" in listed
    assert "通州公安" in officer.get(f"/cases/{case_id}?tab=timeline").text
    assert upload(officer, packages, answer.data).status_code == 303
    assert "此前已经接收" in officer.get(packages).text
    program = officer.get("/cases/package-verifier.py")
    assert program.data == police.get("/referrals/package-verifier.py").data
    assert b"def check(" in program.data
    assert visitor_of(elsewhere, "police").get("/referrals/packages").status_code == 200


def test_a_first_package_is_taken_in_at_the_house_and_a_refused_one_goes_back(
    course: Course, enter: Enter, elsewhere: Flask
) -> None:
    there = elsewhere.extensions["huhang"]
    procurator = liaisons(Course(there, course.people, course.clock))["procurator"]
    with course.parts.context() as here, there.context() as far:
        for one, other, organ in ((here, far, procurator.organ), (far, here, ORGAN)):
            key, _made = organ_keys.create(other, organ)
            organ_keys.trust(one, [{"organ": key.organ, "public_key": key.public_key}])
    fields: Any = {"reverse_ground": "not_prosecuted", "reverse_number": "检意1号", "reverse_opinion": "应当处罚。"}
    draft = MatterDraft(fields=fields, organ=ORGAN, ip_types=("trademark",), respondent="南通锦屏家纺有限公司")
    with there.context(procurator) as ctx:
        of_id = matter_send.send(ctx, draft).proceeding
        package = package_send.package_of_matter(ctx, of_id).content
    officer = enter("officer")
    assert "本机关还没有以数据包往来的案件" in officer.get("/packages").text
    assert "/packages" in officer.get("/desk").text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("caseapp.services.package_opening.unknown_version", lambda _ctx, _about: True)
        refused = upload(officer, "/packages", package)
    assert (refused.status_code, "请先更新" in refused.text) == (422, True)
    address = "/packages/refusals/" + refused.text.split("/packages/refusals/", 1)[1].split('"', 1)[0]
    assert address in officer.get("/packages").text
    back = officer.get(address)
    assert (back.status_code, back.mimetype) == (200, "application/zip")
    assert officer.get(f"/packages/refusals/{'0' * 64}.zip").status_code == 404
    assert enter("police").get(address.replace("/packages", "/referrals")).status_code == 404
    with there.context(procurator) as ctx:
        assert receive(ctx, back.data, organ=procurator.organ).status == "taken"
    assert upload(officer, "/packages", package).status_code == 303
    assert address not in officer.get("/packages").text
    assert len(course.rows("case_file")) == 1


def test_a_liaison_of_this_house_carries_packages_to_his_own_network_once_he_has_signed(
    course: Course, enter: Enter, elsewhere: Flask
) -> None:
    there = elsewhere.extensions["huhang"]
    with course.parts.context() as here, there.context() as far:
        for one, other, organ in ((here, far, "320612-police"), (far, here, ORGAN)):
            key, _made = organ_keys.create(other, organ)
            organ_keys.trust(one, [{"organ": key.organ, "public_key": key.public_key}])
    case_id = course.filed()
    proceeding = handed_over(course, case_id)
    police, address = enter("police"), f"/referrals/{proceeding}"
    assert "往来数据包" not in police.get(address).text
    assert send(police, f"{address}/package").status_code == 404, "a package holds the dossier"
    answered(course, course.people["police"], proceeding, "sign_receipt", {"receipt_signer": "丁卫东"})
    assert "往来数据包" in police.get(address).text
    files = [send(police, f"{address}/package", fields={"step": str(number)}).data for number in (1, 2)]
    with there.context() as ctx:
        assert [receive(ctx, content).status for content in files] == ["taken", "taken"]
        of_id = matter_id(ORGAN, proceeding, "320612-police")
    with there.context(course.people["police"]) as ctx:
        on = {"filed_on": course.today.isoformat(), "filing_number": "8号"}
        referral_answer.answer(ctx, of_id, "file_case", on, seen_acts=None)
        answer = package_send.package_of_matter(ctx, of_id).content
    assert upload(police, "/referrals/packages", answer).location == address
    assert side_of(course, case_id, "referral").state == "filed"
    assert send(enter("officer"), f"{address}/package").status_code == 403
