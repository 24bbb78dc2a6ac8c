"""The liaisons' room."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import update

from caseapp.domain.workflow.situation import Actor
from caseapp.models import Organ
from caseapp.services.case_import import Mode, import_records
from caseapp.services.case_intake import LeadDraft, register_lead
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from tests.support.app import ORGAN
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def test_a_liaison_is_told_that_nothing_was_sent_and_what_will_appear(enter: Enter) -> None:
    visitor = enter("police")
    assert visitor.get("/").location == "/referrals"
    text = visitor.get("/referrals").text
    assert "目前没有移送贵机关的案件" in text
    assert "移送通州公安的案件材料" in text


def test_the_terms_of_both_sides_stand_there_with_their_articles(enter: Enter) -> None:
    text = enter("police").get("/referrals").text
    for words in (
        "公安机关决定是否立案",
        "向同级公安机关移送",
        "24 小时",
        "3 日",
        "贵机关",
        "行政执法机关",
        "行政执法机关移送涉嫌犯罪案件的规定 第8条",
    ):
        assert words in text


def test_whom_to_ask_is_told_as_the_administrator_keeps_it(enter: Enter, parts: Huhang) -> None:
    visitor = enter("police")
    assert "尚未登记" in visitor.get("/referrals").text
    with parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Organ).where(Organ.id == ORGAN).values(phone="0513-86512315"))
    assert "0513-86512315" in visitor.get("/referrals").text


def test_no_case_can_be_reached(enter: Enter, parts: Huhang, people: Mapping[str, Actor]) -> None:
    with parts.context(people["intake"]) as ctx:
        case = register_lead(
            ctx,
            LeadDraft(
                division="320612",
                ip_types=("trademark",),
                source="complaint",
                summary="有人售假",
                received_on=ctx.today(),
            ),
        )
    visitor = enter("police")
    assert case.number not in visitor.get("/referrals").text
    for path in (
        "/cases",
        f"/cases/{case.id}",
        "/desk",
        "/approvals",
        "/figures",
        "/overdue",
        "/admin",
        "/admin/ledger",
    ):
        assert visitor.get(path).status_code in (403, 404), path


def test_the_room_is_the_liaisons_alone(enter: Enter) -> None:
    for login in ("officer", "leader", "sysadmin"):
        assert enter(login).get("/referrals").status_code == 403


def test_a_day_that_nobody_knows_is_shown_as_that_and_never_as_a_day(
    enter: Enter, parts: Huhang, people: Mapping[str, Actor], tmp_path: Path
) -> None:
    """Transfers taken over from elsewhere: of one only the year is known, of the other nothing."""
    handed: dict[str, object] = {"action": "hand_over", "fields": {"police_organ": people["police"].organ}}
    signed: dict[str, object] = {"action": "sign_receipt"}
    told = [
        {
            "external_id": name,
            "procedure": "penalty_general",
            "organ": ORGAN,
            "division": "320612",
            "ip_types": ["trademark"],
            "title": title,
            "milestones": [{"kind": "registered", "on": "2023-02-03"}],
            "referrals": [{"procedure": "referral", "acts": [{**handed, **when}, {**signed, **when}]}],
        }
        for name, title, when in (("A", "只知年份案", {"on": "2023"}), ("B", "日期不明案", {"by": "2023-12-24"}))
    ]
    file = tmp_path / "transfers.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in told), encoding="utf-8")
    with parts.context() as ctx:
        report = import_records(ctx, parts.read_exchange(file, now=ctx.now()), mode=Mode.STRICT)
        assert report.imported == 2, report.rejections
    visitor = enter("police")
    listed = visitor.get("/referrals").text
    assert listed.count("日期不详") == 1
    assert not re.search(r"2023-\d\d-\d\d", listed)
    pages = {title: visitor.get(url).text for url, title in re.findall(r'href="(/referrals/\w{32})">(\w+案)<', listed)}
    assert set(pages) == {"只知年份案", "日期不明案"}
    for title, known in (("只知年份案", "2023"), ("日期不明案", "日期不详")):
        shown = pages[title][pages[title].index('id="acts-title"') :]
        assert shown.count(f'hh-number">{known}</span>') >= 2, title
        assert not re.search(r"2023-\d\d-\d\d", pages[title]), title
    rows = list(csv.reader(visitor.get("/referrals.csv").text.lstrip("\ufeff").splitlines()))
    assert sorted(row[rows[0].index("送达日期")] for row in rows[1:]) == ["", "2023"]
    assert (
        "另有 2 件移送的日期只知道年、月或者不详"
        in visitor.get("/referrals/figures?from=2023-01-01&to=2023-12-31").text
    )
