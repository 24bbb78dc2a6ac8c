"""Random lives of cases: whatever a house lets its people do, in any order, in time and back in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from caseapp.domain.errors import CaseAppError
from caseapp.domain.events import EntryKind, legal_date
from caseapp.domain.facts import CaseImage, Right
from caseapp.queries.case_images import load
from caseapp.services import case_act, case_assign, case_facts, case_note
from caseapp.services.case_approve import sign, withdraw
from caseapp.services.case_intake import PartyDraft
from caseapp.services.case_store import begin
from caseapp.services.proceeding_open import open_proceeding
from caseapp.services.unit_of_work import unit_of_work
from tests.support.spine import COLLEAGUE, HEAD, LEADER, OFFICER, SIDES, SMALL, House

ACTIONS = tuple(action.id for action in SMALL.actions)


@dataclass(frozen=True)
class Deed:
    """One thing somebody tries; what the rules forbid is refused and changes nothing.

    days   how much time passes before it
    back   how many days earlier it is said to have happened
    """

    what: str
    days: int
    back: int
    choice: int


DEEDS = st.builds(
    Deed,
    what=st.sampled_from(
        (
            *("act",) * 6,
            *("forward",) * 6,
            "sign",
            "sign",
            "return",
            "withdraw",
            "facts",
            "party",
            "assign",
            "note",
            "move",
            *("open",) * 3,
            *("side",) * 6,
        )
    ),
    days=st.sampled_from((0, 0, 1, 3, 20)),
    back=st.sampled_from((0, 0, 0, 2, 10)),
    choice=st.integers(0, 1000),
)
LIVES = st.lists(DEEDS, min_size=1, max_size=14)

Way = Callable[[House, str, Deed], None]
"""How a deed of some name is done to a case."""


def lives_with(what: str, *, times: int) -> st.SearchStrategy[list[Deed]]:
    """Return lives in which a deed of another name happens now and then, the more often the higher `times`."""
    other = st.builds(
        Deed,
        what=st.just(what),
        days=st.sampled_from((0, 1, 20)),
        back=st.sampled_from((0, 2, 10)),
        choice=st.integers(0, 1000),
    )
    return st.lists(st.one_of(DEEDS, *[DEEDS] * times, *[other] * times), min_size=1, max_size=18)


def live(
    house: House,
    deeds: list[Deed],
    *,
    also: Mapping[str, Way] = MappingProxyType({}),
    after_each: Callable[[str], object] = lambda case_id: None,
) -> str:
    """Live a case through the deeds. Returns its id.

    also        ways of deeds that this module does not know
    after_each  called with the case's id after each deed, refused ones too
    """
    case_id = house.register().id
    for deed in deeds:
        house.later(days=deed.days, seconds=1)
        with suppress(CaseAppError):
            also.get(deed.what, _do)(house, case_id, deed)
        after_each(case_id)
    return case_id


def _do(house: House, case_id: str, deed: Deed) -> None:
    with house.context(OFFICER) as ctx:
        image = load(ctx, case_id).image
        pending = next((one for one in image.approvals if one.status == "pending"), None)
        today = ctx.today()
        if deed.what in ("sign", "return") and pending:
            _judge(house, pending.id, pending.step, deed)
        elif deed.what == "withdraw" and pending:
            withdraw(ctx, pending.id)
        elif deed.what == "facts":
            _change_facts(ctx, case_id, deed)
        elif deed.what == "party":
            case_facts.add_party(
                ctx,
                case_id,
                PartyDraft("witness", "person", f"证人{deed.choice}", personal={"phone": str(deed.choice)}),
                reason="补充",
                seen_version=None,
            )
        elif deed.what == "assign":
            officers = ([OFFICER.id], [OFFICER.id, COLLEAGUE.id], [COLLEAGUE.id])[deed.choice % 3]
            case_assign.assign(ctx, case_id, officers, seen_version=None)
        elif deed.what == "note":
            case_note.add(ctx, case_id, f"备注 {deed.choice}")
        elif deed.what == "move":
            _move(ctx, case_id, ("320602", "320612", "320614")[deed.choice % 3])
        elif deed.what == "forward":
            here = [action.id for action in SMALL.actions_from(image.main.state)]
            _act(house, case_id, here[deed.choice % len(here)], today - timedelta(days=deed.back), deed)
        elif deed.what == "open":
            _open(ctx, case_id, deed, today - timedelta(days=deed.back))
        elif deed.what == "side" and len(image.proceedings) > 1:
            _act_beside(ctx, image, deed, today - timedelta(days=deed.back))
        elif deed.what == "act":
            _act(house, case_id, ACTIONS[deed.choice % len(ACTIONS)], today - timedelta(days=deed.back), deed)


def _act(house: House, case_id: str, action: str, on: Any, deed: Deed) -> None:
    fields = {"n": 1 + deed.choice % 40} if action == "extend" else {}
    house.take(case_id, action, fields, occurred_on=on)


def _open(ctx: Any, case_id: str, deed: Deed, on: Any) -> None:
    side = SIDES[deed.choice % len(SIDES)]
    action = side.opens_with[deed.choice % len(side.opens_with)]
    open_proceeding(ctx, case_id, side.id, action, {}, seen_version=None, occurred_on=on)


def _act_beside(ctx: Any, image: CaseImage, deed: Deed, on: Any) -> None:
    proceeding = image.proceedings[1 + deed.choice % (len(image.proceedings) - 1)]
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    here = [action.id for action in procedure.actions_from(proceeding.state)] or ["lift"]
    action = here[deed.choice % len(here)]
    fields = {"extension_n": 1 + deed.choice % 40} if action == "extend" else {}
    case_act.act(ctx, image.id, proceeding.id, action, fields, seen_version=None, occurred_on=on)


def _judge(house: House, approval_id: str, step: str | None, deed: Deed) -> None:
    with house.context(HEAD if step == "head" else LEADER) as ctx:
        verdict = "signed" if deed.what == "sign" else "returned"
        sign(ctx, approval_id, verdict=verdict, opinion="意见", seen_version=None)


def _change_facts(ctx: Any, case_id: str, deed: Deed) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"title": f"案名{deed.choice}"},
        {"amounts": {"turnover": deed.choice, "marks": 2, "gains": None}},
        {"rights": (Right("trademark", f"{deed.choice:08d}", "澜庭", "权利人"),), "campaigns": ["huhang"]},
        {"ip_types": ["trademark", "gi"], "restricted": True},
    )
    case_facts.change(ctx, case_id, changes[deed.choice % 4], reason="更正", seen_version=None)


def _move(ctx: Any, case_id: str, division: str) -> None:
    """Move the case to another division, told as having happened today."""
    edit = begin(ctx, case_id)
    occurred_at, precision = edit.occurred(legal_date(ctx.now()))
    edit.append(
        EntryKind.FACTS_CHANGED,
        {"case": {"division": division}, "reason": "调整"},
        occurred_at=occurred_at,
        precision=precision,
    )
    with unit_of_work(ctx) as unit:
        edit.save(unit)
