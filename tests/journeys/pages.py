"""The pages as people use them: a person at a browser, the case page, the forms, the paper to be signed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from tests.support.app import PASSWORD
from tests.support.browser import follow, open_context, watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Response

Values = Mapping[str, "str | bool | int | list[str]"]
"""What is filled into a form, by the name of the field: text, a tick, the value of an option, or the ticked options."""

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
"""For journeys that say nothing about the database: once is enough."""

SIGN_IN = "/sign-in"


class Visitors:
    """People with browsers of their own. None of them may see a script break, an inline code refused or a server
    fault.
    """

    def __init__(self, url: str, browser: Browser) -> None:
        self._url = url
        self._browser = browser
        self._people: dict[str, Person] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        troubles = [trouble for person in self._people.values() for trouble in person.troubles]
        for person in self._people.values():
            person.page.context.close()
        assert not troubles, "\n".join(troubles)

    def enter(self, login: str, password: str = PASSWORD, *, seat: str = "", **options: object) -> Person:
        """Return the person; at another `seat` the same person has a second browser."""
        place = f"{login}{seat}"
        if place not in self._people:
            page = open_context(self._browser, **options).new_page()
            self._people[place] = Person(self._url, page, login, password)
        return self._people[place]


class Person:
    """Somebody at a browser. Where a session has ended – overnight, say – the person signs in again and goes on."""

    def __init__(self, url: str, page: Page, login: str, password: str) -> None:
        self.url = url
        self.page = page
        self.login = login
        self.password = password
        self.troubles = watch(page)
        page.on("response", self._note_fault)

    def _note_fault(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} at {response.url}")

    def visit(self, path: str) -> Page:
        """Open a page of the system."""
        self.page.goto(f"{self.url}{path}")
        if path != SIGN_IN:
            self.come_back()
        return self.page

    def come_back(self) -> None:
        """Sign in where the system asks for it, and so go on to the page that was asked for."""
        if urlsplit(self.page.url).path == SIGN_IN:
            self.sign_in()

    def sign_in(self) -> None:
        """Fill in the sign-in page that is open."""
        self.page.fill("#login", self.login)
        self.page.fill("#password", self.password)
        follow(self.page.locator(".hh-sign-in-card button.btn-primary"))

    def speak(self, language: str) -> None:
        """Choose the language of the interface; 'zh' or 'en'."""
        button = self.page.locator(f'button[name="language"][value="{language}"]').first
        if button.count():
            follow(button)

    def fetch(self, path: str) -> tuple[int, str, bytes]:
        """Ask for a file with the cookies of the browser; return status, type and content."""
        answer = self.page.context.request.get(f"{self.url}{path}", max_redirects=0)
        return answer.status, answer.headers.get("content-type", ""), answer.body()

    def case(self, case_id: str) -> CasePage:
        return CasePage(self, case_id)

    # --- registering, acting, signing --------------------------------------------------------------------------------

    def register(self, values: Values) -> str:
        """Register a lead through the form and its check page; return the id of the case."""
        self.visit("/cases/new")
        fill(self.page.locator("form.hh-intake"), values)
        self.press('button[name="step"][value="check"].btn-primary')
        self.press('button[name="step"][value="submit"]')
        return self.arrived_at_case()

    def arrived_at_case(self) -> str:
        """Return the id of the case whose page is open; fails with what the page says where another one is."""
        found = re.fullmatch(r"/cases/([0-9a-f]{32})", urlsplit(self.page.url).path)
        assert found, f"{self.page.url}: {complaints(self.page)}"
        return found[1]

    def press(self, selector: str) -> None:
        """Press a button that leads to another page."""
        follow(self.page.locator(selector))

    def flash(self) -> str:
        """Return what the page says was done."""
        return self.page.locator("#alerts").inner_text()

    def figures(self) -> Figure:
        """Read the headline of the closure rate for the present year."""
        self.visit("/figures")
        found = re.search(r"已结 ([\d,]+) 件 / 应结 ([\d,]+) 件", self.page.locator(".hh-headline").inner_text())
        return Figure(*(int(part.replace(",", "")) for part in found.groups())) if found else Figure(0, 0)

    def open_request(self, number: str) -> Page:
        """Open the request of that case which waits in the inbox."""
        if urlsplit(self.page.url).path != "/approvals" or not self.page.locator("tbody tr", has_text=number).count():
            self.visit("/approvals")
        follow(self.page.locator("tbody tr", has_text=number).get_by_role("link").first)
        self.come_back()
        return self.page

    def sign(self, number: str, opinion: str = "同意。", *, verdict: str = "signed") -> str:
        """Sign the request of that case in the inbox, or return it; return what the page says then."""
        self.open_request(number)
        return self.decide(opinion, verdict=verdict)

    def decide(self, opinion: str = "同意。", *, verdict: str = "signed") -> str:
        """Sign the request that is open, or return it; return what the page says then."""
        self.page.fill('[name="opinion"]', opinion)
        self.press(f'button[name="verdict"][value="{verdict}"]')
        return self.flash()


@dataclass(frozen=True, slots=True)
class Figure:
    """A closure rate as the page shows it."""

    closed: int
    counted: int


class CasePage:
    """The page of a case, as one person sees it."""

    def __init__(self, person: Person, case_id: str) -> None:
        self.person = person
        self.page = person.page
        self.id = case_id

    def open(self, tab: str = "") -> Self:
        self.person.visit(f"/cases/{self.id}" + (f"?tab={tab}" if tab else ""))
        return self

    @property
    def number(self) -> str:
        """The number of the case, before it is filed that of the lead."""
        return self.page.locator(".hh-case-facts .hh-number").first.inner_text()

    @property
    def state(self) -> str:
        return self.page.locator(".hh-case-head .hh-state").inner_text()

    @property
    def offers(self) -> list[str]:
        """The acts that may be taken now, as links."""
        return [text.strip() for text in self.page.locator('#next a[href*="/actions/"]').all_text_contents()]

    def blocked(self, act: str) -> Locator:
        """An act that is shown, but cannot be taken."""
        name = self.page.locator("summary > span", has_text=re.compile(f"^{re.escape(act)}$"))
        return self.page.locator("details.hh-blocked").filter(has=name)

    def begin(self, act: str) -> Page:
        """Open the form of an act from the case page; it is opened anew where it does not offer the act yet."""
        link = self.page.locator('#next a[href*="/actions/"]', has_text=re.compile(rf"^\s*{re.escape(act)}\s*$"))
        if urlsplit(self.page.url).path != f"/cases/{self.id}" or not link.count():
            self.open()
        assert link.count() == 1, f"{act} is not offered, but {self.offers}: {self.page.locator('#next').inner_text()}"
        unfold(link)
        follow(link)
        self.person.come_back()
        return self.page

    def act(self, act: str, values: Values | None = None) -> str:
        """Take an act: fill in its form, look at the answers, send them. Return what the page says then."""
        self.begin(act)
        if values:
            fill(self.form, values)
        self.check()
        return self.send()

    @property
    def form(self) -> Locator:
        return self.page.locator("form#act")

    def check(self) -> None:
        """Go on from the form to the page on which the answers are checked."""
        if self.page.locator('form#act button[value="check"]').count():
            self.person.press('form#act button[value="check"]')
            sent = self.page.locator('form#act button[value="submit"]')
            assert sent.count(), f"{self.page.url}: {complaints(self.page)}"

    def send(self) -> str:
        """Send what was checked."""
        self.person.press('form#act button[value="submit"]')
        self.person.arrived_at_case()
        return self.person.flash()

    def documents(self) -> list[Paper]:
        """Return the documents issued in the case, the newest first, as the page of documents lists them."""
        self.open("documents")
        found = []
        for row in self.page.locator(".hh-case-main tbody tr").all():
            link = row.get_by_role("link").first
            title, number = (
                link.evaluate("link => link.childNodes[1].textContent"),
                row.locator("td").nth(1).inner_text(),
            )
            found.append(Paper(title.strip(), number.strip(), link.get_attribute("href") or ""))
        return found


@dataclass(frozen=True, slots=True)
class Paper:
    """An issued document as the case page lists it; `number` is — where it has none."""

    title: str
    number: str
    path: str


def fill(form: Locator, values: Values) -> None:
    """Fill in a form as a person does: what is folded is unfolded first, and only what is visible is filled in."""
    for name, value in values.items():
        controls = form.locator(f'[name="{name}"]')
        assert controls.count(), f"no field {name} on {form.page.url}"
        unfold(controls.first)
        kind = controls.first.evaluate("control => control.type")
        if isinstance(value, list):
            _tick(form, controls, value)
        elif isinstance(value, bool):
            controls.first.set_checked(value)
        elif kind == "radio":
            form.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind == "select-one":
            controls.first.select_option(str(value))
        else:
            controls.first.fill(str(value))


def _tick(form: Locator, controls: Locator, wanted: list[str]) -> None:
    found = set()
    for box in controls.all():
        label = box.locator("xpath=ancestor::label").inner_text().strip()
        names = {one for one in wanted if one == box.get_attribute("value") or label.startswith(one)}
        box.set_checked(bool(names))
        found |= names
    assert found == set(wanted), f"{set(wanted) - found} cannot be ticked on {form.page.url}"


def unfold(part: Locator) -> None:
    """Open what the part is folded into, from the outside in."""
    folds = part.locator("xpath=ancestor::details[not(@open)]")
    for _ in range(folds.count()):
        folds.first.locator("> summary").click()


def complaints(page: Page) -> str:
    """Return what a page says is wrong, or else its heading."""
    errors = page.locator(".hh-errors, .hh-notice-danger, .hh-refusal, .hh-unmet")
    return " | ".join(errors.all_inner_texts()) if errors.count() else page.locator("h1").first.inner_text()


def text_of(pdf: bytes) -> Iterator[str]:
    """Give the text of a PDF without blanks, as pypdf reads it, and as pdftotext does where the machine has it."""
    yield squeezed("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages))
    if program := shutil.which("pdftotext"):
        done = subprocess.run([program, "-", "-"], input=pdf, capture_output=True, check=True)
        yield squeezed(done.stdout.decode())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
