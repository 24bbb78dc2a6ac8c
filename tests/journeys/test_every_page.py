"""Every page of the house over a demonstration: open to everybody, in both languages, and on a phone."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

import pytest
from lxml import html
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from caseapp.domain.connections import TransferKind
from caseapp.domain.evidence import EvidenceDraft
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_item import CaseItem
from caseapp.models.organ_transfer import OrganTransfer
from caseapp.queries.demonstration import demo_people
from caseapp.queries.staff import staff_of
from caseapp.queries.users import staff
from caseapp.services import case_transfer, evidence_add, evidence_move
from caseapp.services.evidence_move import ItemDraft
from caseapp.services.figure_snapshot import freeze_last
from caseapp.services.joint_work import WorkDraft, begin_work
from tests.factories.cases import Course
from tests.factories.referrals import POLICE, received, reported
from tests.factories.sides import act_in
from tests.journeys.conftest import MONDAY
from tests.journeys.pages import ON_SQLITE, Visitors
from tests.journeys.site import Site, open_site
from tests.support.accessibility import grave_violations
from tests.support.app import ORGAN
from tests.support.browser import follow, too_wide_on_a_phone
from tests.support.databases import Databases
from tests.support.evidence_files import jpeg
from tests.support.office import Office

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, ON_SQLITE]

CASES = "40"
NEIGHBOUR = "320614-ip"
HAN = re.compile(r"[\u4e00-\u9fff]")
ROOMS = {
    "officer": ("officer", ""),
    "head": (
        "officer.officers",
        "officer.workload",
        "officer.hand_over",
        "officer.assign_many",
        "officer.transfer",
        "officer.transfers",
        "approver",
    ),
    "leader": ("officer.joint_case", "officer.merge_case", "officer.split_case", "officer.send_case"),
    "supervisor": ("supervisor",),
    "police": ("liaison",),
    "procurator": ("liaison.console", "liaison.letter"),
    "court": ("liaison.new_suit",),
    "sysadmin": ("admin", "auth"),
    "secadmin": ("admin.edit_roles", "admin.security", "admin.ask_reset", "admin.keys"),
    "audit": ("admin.ledger",),
}
"""Whose eyes see what: endpoints, or the rooms they begin with."""
NO_PAGES = re.compile(
    r"static|api\..*|.*\.(preview|draft|document_pdf|evidence_(file|recording|picture)|find_parties|export_\w+"
    r"|\w+_csv|quarter_json|case_file_(progress|download)|scan|transfer_letter|referral_document"
    r"|package_verifier|package_item|refusal|referral_file|act_file|joint_file|joint_minutes_pdf)"
    r"|auth\.(home|signed_in|sign_in|sign_in_code|resume|second_factor_picture|time_left)"
)
"""What answers GET with something else than a page for people at work: files, parts of pages, programs."""


@dataclass
class Look:
    """A page that somebody looked at."""

    who: str
    path: str
    english: bool
    violations: list[str]
    too_wide: list[str]
    """Where the page is wider than a phone: what reaches furthest."""
    spoken: str
    """The language it says it is in."""
    frame: str
    """The words of the navigation."""


@dataclass
class Seen:
    """Everything that was looked at."""

    looks: list[Look] = field(default_factory=list)
    endpoints: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def site(databases: Databases, blank: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demonstration of a few cases, on the day after its last."""
    with open_site(databases, blank, tmp_path_factory.mktemp("demo"), at=MONDAY, people=False) as running:
        loaded = running.flask("demo", "load", "--cases", CASES)
        assert loaded.status == 0, loaded.output
        ask_for_a_signature(running)
        with running.parts.context() as ctx:
            freeze_last(ctx)
        yield running


def ask_for_a_signature(site: Site) -> None:
    """Let an officer ask to file one more case, so that something waits for the section head; he brought something
    back for it. Another lead goes to the neighbours.
    """
    with site.parts.context() as ctx:
        ids = {person.login: person.id for person in staff(ctx, limit=1000)}
        office = staff_of(ctx, ORGAN)
    people = {
        login: Actor(one.id, one.name, one.organ, one.roles)
        for login in ("intake", "officer", "head", "legal", "leader")
        if (one := office[ids[login]])
    }
    second = next(one for one in office.values() if Role.OFFICER in one.roles and one.id != ids["officer"])
    people["officer2"] = Actor(second.id, second.name, second.organ, second.roles)
    people["police"] = Actor(ids["police"], "公安联络员", POLICE, frozenset({Role.LIAISON}))
    office_at_work = Office(site.parts, people, site.clock)
    course = Course(site.parts, people, site.clock)
    received(course, course.filed())
    kept = course.filed()
    reported(course, kept)
    silent = {"referral_verdict": "keep", "not_referred_reasons": "经研究决定，不予移送。"}
    act_in(course, kept, "referral", "decide_referral", silent, by="leader")
    case, _approval = office_at_work.asked()
    with office_at_work.context("officer") as ctx:
        begin_work(ctx, WorkDraft("consultation", "evidence", "电子数据取证会商", "请提出意见。", (POLICE,)))
        told = EvidenceDraft("货架", ctx.today(), "川姜镇", "scene", tuple(office_at_work.officers()))
        evidence_add.add(ctx, case.id, BytesIO(jpeg()), "货架.jpg", told)
        evidence_move.take(ctx, case.id, ItemDraft("四件套", 96, "套", "证物室", ctx.today(), "当事人"))
    elsewhere = office_at_work.told()
    with office_at_work.context("leader") as ctx:
        kind, reason = TransferKind.MOVE, "违法行为发生在海门区，不属本局管辖。"
        case_transfer.send(ctx, elsewhere.id, kind, NEIGHBOUR, reason=reason, seen_version=None)


def evidence_page_of(site: Site) -> str:
    """Return the page of the evidence that was brought back."""
    with site.parts.context() as ctx:
        case_id = ctx.session.execute(select(CaseItem.case_id).where(CaseItem.place == "证物室")).scalar_one()
    return f"/cases/{case_id}?tab=evidence"


def transfer_page_of(site: Site) -> str:
    """Return the page of the case that went to the neighbours."""
    with site.parts.context() as ctx:
        sent = select(OrganTransfer.id).where(OrganTransfer.receiver == NEIGHBOUR, OrganTransfer.sender == ORGAN)
        return f"/transfers/{ctx.session.execute(sent).scalars().first()}"


@pytest.fixture(scope="module")
def seen(site: Site, browser: Browser) -> Seen:
    """Every room, walked through from link to link by those who work there."""
    with site.parts.context() as ctx:
        offered = demo_people(ctx)
    assert offered is not None
    found = Seen()
    with Visitors(site.url, browser) as visitors:
        for login, rooms in ROOMS.items():
            page = visitors.enter(login, offered.password).visit("/")
            walk(site, page, login, rooms, found)
    return found


def walk(site: Site, page: Page, login: str, rooms: tuple[str, ...], found: Seen) -> None:
    """Follow every link to a page of these rooms that nobody has seen yet; look at it in both languages."""
    waiting = deque([urlsplit(page.url).path, "/account"])
    if "officer" in rooms:
        waiting.extend((evidence_page_of(site), "/search?q=家纺"))
    if "supervisor" in rooms:
        waiting.appendleft("/figures?since=2026-02-01")
    if "admin" in rooms:
        waiting.appendleft(f"/admin/organs/{ORGAN}")
    if "officer.transfer" in rooms:
        waiting.append(transfer_page_of(site))
    if "officer.joint_case" in rooms:
        waiting.append(evidence_page_of(site))
    known: set[str] = set()
    paths = []
    while waiting:
        path = waiting.popleft()
        place = endpoint_of(site, path)
        mark = f"{place} {'tab=' + path.split('tab=')[1].split('&')[0] if 'tab=' in path else ''}"
        if not place or mark in known or NO_PAGES.fullmatch(place):
            continue
        known.add(mark)
        theirs = any(place == room or place.startswith((f"{room}.", f"{room}_")) for room in rooms)
        if theirs and (not place.startswith("officer") or "tab=" in path or place not in found.endpoints):
            page.goto(f"{site.url}{path}")
            links = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
            paths.append(path)
            found.looks.append(look(page, login, path, english=False))
        else:
            links = links_of(page, f"{site.url}{path}")
        if theirs:
            found.endpoints.add(place)
        waiting.extend(urldefrag(link)[0] for link in links if link.startswith("/"))
    page.goto(f"{site.url}/account")  # what is made to be printed has no choice of language
    speak(page, "en")
    for path in paths:
        page.goto(f"{site.url}{path}")
        found.looks.append(look(page, login, path, english=True))


def links_of(page: Page, address: str) -> list[str]:
    """Return where a page leads that somebody else looks at: it is asked for as this person, and not drawn."""
    answer = page.context.request.get(address)
    assert answer.status < 500, f"{answer.status} at {address}"
    return [str(link) for link in html.fromstring(answer.body()).xpath("//a/@href")]


def endpoint_of(site: Site, path: str) -> str:
    try:
        endpoint, _values = site.app.url_map.bind("127.0.0.1").match(urlsplit(path).path)
    except HTTPException:
        return ""
    return str(endpoint)


def speak(page: Page, language: str) -> None:
    follow(page.locator(f'button[name="language"][value="{language}"]').first)


def look(page: Page, who: str, path: str, *, english: bool) -> Look:
    """Look at the page that is open: on the desk with axe, then how wide it is on a phone. In English the page is built
    the same way, only its words may need more room.
    """
    violations = [] if english else grave_violations(page)
    too_wide = too_wide_on_a_phone(page)
    frame = page.locator(".hh-nav-list").all_inner_texts()
    spoken = page.locator("html").get_attribute("lang") or ""
    return Look(who, path, english, violations, too_wide, spoken, " ".join(frame))


def test_every_page_of_the_house_was_looked_at(site: Site, seen: Seen) -> None:
    pages = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not NO_PAGES.fullmatch(rule.endpoint)
    }
    missed = sorted(pages - seen.endpoints)
    assert not missed, "\n".join(missed)


def test_nothing_on_a_page_keeps_people_from_using_it(seen: Seen) -> None:
    violations = [f"{one.who}: {line}" for one in seen.looks for line in one.violations]
    assert not violations, "\n".join(violations)


def test_no_page_is_wider_than_a_phone(seen: Seen) -> None:
    too_wide = [f"{one.who} at {one.path}: {part}" for one in seen.looks for part in one.too_wide]
    assert not too_wide, "\n".join(too_wide)


def test_a_page_says_which_language_it_is_in_and_its_frame_is_in_that_language(seen: Seen) -> None:
    assert {one.spoken for one in seen.looks if one.english} == {"en"}
    assert {one.spoken for one in seen.looks if not one.english} == {"zh-CN"}
    assert [(one.path, one.frame) for one in seen.looks if one.english and HAN.search(one.frame)] == []
