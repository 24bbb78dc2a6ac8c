"""Taking cases over: whole or not at all, the same file twice does nothing twice, and a bad case stops no other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from caseapp.context import Context
from caseapp.domain.events import EntryKind, MilestoneKind
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_file import CaseFile
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.case_images import image_at, load
from caseapp.services.case_import import Mode, Report, import_events, import_records
from caseapp.services.case_store import begin
from caseapp.services.ledger_rebuild import differences
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from tests.support.app import ORGAN

Import = Callable[..., Report]


def case(external_id: str = "NT-1", *kinds: str, **changes: Any) -> dict[str, Any]:
    """Return a case of the exchange format: received, filed and so on, one milestone a day from 2026-03-02."""
    details: dict[str, dict[str, str]] = {
        "decided": {"outcome": "penalty"},
        "closed": {"manner": "executed"},
    }
    milestones = [
        {"kind": kind, "on": f"2026-03-{day:02d}", **details.get(kind, {})}
        for day, kind in enumerate(kinds or ("registered", "filed"), start=2)
    ]
    told = {
        "external_id": external_id,
        "procedure": "penalty_general",
        "division": "320612",
        "ip_types": ["trademark"],
        "title": "某家纺店涉嫌侵犯注册商标专用权案",
        "milestones": milestones,
    }
    return {**told, **changes}


@pytest.fixture
def take(parts: Huhang, ctx: Context, tmp_path: Path) -> Import:
    """Import cases, given as mappings or as a line of text, from a file."""

    def taken(*cases: dict[str, Any] | str, mode: Mode = Mode.STRICT) -> Report:
        file = tmp_path / "cases.jsonl"
        lines = [told if isinstance(told, str) else json.dumps(told, ensure_ascii=False) for told in cases]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return import_records(ctx, parts.read_exchange(file, now=ctx.now()), mode=mode)

    return taken


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.read, report.imported, report.appended, report.unchanged, report.rejected


def image(ctx: Context, external_id: str) -> Any:
    case_id = ctx.session.execute(select(CaseFile.id).where(CaseFile.external_id == external_id)).scalar_one()
    return load(ctx, case_id).image


def entries(ctx: Context) -> int:
    """Return how many entries the ledgers of cases hold."""
    return ctx.session.execute(
        select(func.count()).select_from(LedgerEntry).where(LedgerEntry.stream == "case")
    ).scalar_one()


def test_a_case_is_taken_over_with_its_milestones_parties_and_amounts(take: Import, ctx: Context) -> None:
    party = {"role": "respondent", "kind": "organisation", "name": "南通某家纺有限公司", "phone": "13800000000"}
    report = take(case(parties=[party], amounts={"turnover": 5000.5}, colour="青"))
    assert counts(report) == (1, 1, 0, 0, 0)
    found = image(ctx, "NT-1")
    assert [item.kind for item in found.milestones] == [MilestoneKind.REGISTERED, MilestoneKind.FILED]
    assert (found.organ, found.origin, found.amounts["turnover"]) == (ORGAN, "strict", 500_050)
    assert found.extra == {"colour": "青"}
    assert "13800000000" not in repr(found), "personal values never go into the ledger in clear"


def test_the_same_file_again_changes_nothing(take: Import, ctx: Context) -> None:
    take(case("NT-1"), case("NT-2"))
    before = entries(ctx)
    assert before == 2 * 3, "each case was opened, registered and filed"
    assert counts(take(case("NT-1"), case("NT-2"))) == (2, 0, 0, 2, 0)
    assert entries(ctx) == before


def test_a_longer_history_appends_what_is_new_and_only_that(take: Import, ctx: Context) -> None:
    take(case("NT-1"))
    report = take(case("NT-1", "registered", "filed", "decided", title="改了名称的案件"))
    assert counts(report) == (1, 0, 1, 0, 0)
    found = image(ctx, "NT-1")
    assert [item.kind.value for item in found.milestones] == ["registered", "filed", "decided"]
    assert found.title == "改了名称的案件"


def test_a_history_that_contradicts_what_is_known_is_refused_whole(take: Import, ctx: Context) -> None:
    take(case("NT-1"))
    other = case("NT-1", title="另一名称")
    other["milestones"][1]["on"] = "2026-03-20"
    report = take(other)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert image(ctx, "NT-1").title != "另一名称"


def test_one_bad_case_stops_no_other_and_is_named_with_its_line(take: Import, ctx: Context) -> None:
    report = take(case("NT-1"), "{not json", case("NT-3", division="999999"), case("NT-4"))
    assert counts(report) == (4, 2, 0, 0, 2)
    told = report.told()
    assert [(one["line"], one["external_id"]) for one in told["rejections"]] == [(2, ""), (3, "NT-3")]
    assert "division" in told["rejections"][1]["reason"]
    assert image(ctx, "NT-4").external_id == "NT-4"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"organ": "320600-none"}, "organ"),
        ({"procedure": "no_such_procedure"}, "no_such_procedure"),
        ({"amounts": {"turnover": "much"}}, "amounts.turnover"),
    ],
)
def test_a_refusal_names_what_is_wrong(take: Import, changes: dict[str, Any], named: str) -> None:
    report = take(case(**changes))
    assert counts(report) == (1, 0, 0, 0, 1)
    assert named in report.rejections[0]["reason"]


def test_a_sequence_that_the_procedure_forbids_needs_archive_mode(take: Import, ctx: Context) -> None:
    odd = case("NT-1", "registered", "closed")
    refused = take(odd)
    assert counts(refused) == (1, 0, 0, 0, 1)
    assert ctx.session.execute(select(func.count()).select_from(CaseFile)).scalar_one() == 0
    assert counts(take(odd, mode=Mode.ARCHIVE)) == (1, 1, 0, 0, 0)
    found = image(ctx, "NT-1")
    assert found.main.irregular
    assert found.origin == "archive"
    assert found.main.category == "closed"


def test_an_external_id_twice_in_one_file_is_compared_with_itself(take: Import) -> None:
    longer = case("NT-1", "registered", "filed", "decided")
    assert counts(take(case("NT-1"), longer, longer)) == (3, 1, 1, 1, 0)


def test_a_number_that_breaks_its_rule_is_taken_over_and_told(take: Import) -> None:
    party = {"role": "respondent", "kind": "organisation", "name": "某公司", "uscc": "91320600000000000X"}
    report = take(case(parties=[party]), mode=Mode.ARCHIVE)
    assert report.imported == 1
    assert [warning["field"] for warning in report.warnings] == ["parties[0].uscc"]


def test_cases_of_places_without_an_organ_go_to_the_city(take: Import, ctx: Context) -> None:
    take(case("NT-1", division="320600"))
    assert image(ctx, "NT-1").organ == "320600-ip"


def test_the_import_itself_stands_in_the_ledger(take: Import, ctx: Context) -> None:
    take(case("NT-1"))
    payloads = ctx.session.execute(select(LedgerEntry.payload).where(LedgerEntry.kind == "cases_imported")).scalars()
    told = [json.loads(one) if isinstance(one, str | bytes) else one for one in payloads]
    assert [(one["read"], one["imported"], one["mode"]) for one in told] == [(1, 1, "strict")]


# --- acts with their forms -------------------------------------------------------------------------


def stepped(actor: str, **fields: Any) -> dict[str, Any]:
    step = {"action": "check_lead", "at": "2026-03-03T10:00:00+08:00", "actor": actor, "fields": fields}
    return case("NT-9", "registered", steps=[step])


@pytest.mark.usefixtures("people")
def test_a_step_of_somebody_unknown_refuses_the_case(take: Import, ctx: Context) -> None:
    report = take(stepped("nobody"))
    assert counts(report) == (1, 0, 0, 0, 1)
    assert "nobody" in report.rejections[0]["reason"]
    assert ctx.session.execute(select(func.count()).select_from(CaseFile)).scalar_one() == 0


def steps_to_filing(people: Mapping[str, Actor]) -> list[dict[str, Any]]:
    """Return the acts by which a lead of 2026-03-02 is checked and filed a week later."""
    officers = [people["officer"].id, people["officer2"].id]
    told = {
        "rights_told_on": "2026-03-04",
        "rights_told_to": "翟小宁",
        "rights_told_how": "site",
        "certificates_shown": True,
    }
    filing = {
        "case_name": "某家纺店涉嫌销售侵权商品案",
        "filing_findings": "现场发现涉案商品。",
        "filing_reasons": "现有证据初步证明存在违法行为。",
        "filing_evidence": True,
        "filing_punishable": True,
        "filing_jurisdiction": True,
        "filing_in_time": True,
        "officers": officers,
    }
    return [
        {
            "action": "assign_check",
            "at": "2026-03-03T10:00:00+08:00",
            "actor": "head",
            "fields": {"officers": officers},
        },
        {"action": "tell_rights", "at": "2026-03-04T09:00:00+08:00", "actor": "officer", "fields": told},
        {"action": "file_case", "at": "2026-03-09T16:00:00+08:00", "actor": people["officer"].id, "fields": filing},
    ]


def followed(people: Mapping[str, Actor], **changes: Any) -> dict[str, Any]:
    """Return a case that comes with the acts of `steps_to_filing` and what they amount to."""
    party = {"role": "respondent", "kind": "organisation", "name": "南通某家纺有限公司"}
    told = case("NT-9", steps=steps_to_filing(people), parties=[party], **changes)
    told["milestones"][1]["on"] = "2026-03-09"
    return told


def test_steps_are_replayed_in_full_through_the_engine(take: Import, ctx: Context, people: Mapping[str, Actor]) -> None:
    told = followed(people)
    report = take(told)
    assert counts(report) == (1, 1, 0, 0, 0), report.rejections
    found = image(ctx, "NT-9")
    assert found.main.state == "investigating"
    assert [act.action for act in found.main.acts] == ["assign_check", "tell_rights", "file_case"]
    assert [act.actor for act in found.main.acts] == [people[one].id for one in ("head", "officer", "officer")]
    assert found.officers == (people["officer"].id, people["officer2"].id)
    assert found.main.facts["filing_reasons"] == "现有证据初步证明存在违法行为。"
    assert [(item.kind.value, item.on.isoformat()) for item in found.milestones] == [
        ("registered", "2026-03-02"),
        ("filed", "2026-03-09"),
    ]
    clocks = {item.rule: (item.started_on.isoformat(), item.met) for item in found.main.clocks}
    assert clocks["P01"] == ("2026-03-02", True), "checking a lead took less than its time"
    assert clocks["P10"] == ("2026-03-09", None)
    assert found.title == "某家纺店涉嫌销售侵权商品案", "as the form of filing says"
    assert not found.documents, "papers were issued where the acts were done"
    assert counts(take(told)) == (1, 0, 0, 1, 0), "the same again changes nothing"
    assert counts(take(told | {"title": "改了名称的案件"})) == (1, 0, 1, 0, 0)
    assert image(ctx, "NT-9").title == "改了名称的案件"
    assert not list(differences(ctx))


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (lambda steps: steps[0]["fields"].update(officers=[]), "officers：请填写"),
        (lambda steps: steps.pop(0), "“线索待分办”状态下不能办理“告知权利”"),
        (lambda steps: steps[2].update(at="2026-03-10T16:00:00+08:00"), "节点不一致"),
        (lambda steps: steps[2].update(action="no_such_act"), "no_such_act"),
        (lambda steps: steps[2]["fields"].update(filing_reasons=1.5), "整数"),
    ],
    ids=["nobody assigned", "an act left out", "another day", "no such act", "a fraction"],
)
def test_a_step_that_the_engine_refuses_refuses_the_case_with_its_reason(
    take: Import,
    ctx: Context,
    people: Mapping[str, Actor],
    spoilt: Callable[[list[dict[str, Any]]], object],
    reason: str,
) -> None:
    told = followed(people)
    spoilt(told["steps"])
    report = take(told)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert reason in report.rejections[0]["reason"]
    assert ctx.session.execute(select(func.count()).select_from(CaseFile)).scalar_one() == 0


# --- event logs ------------------------------------------------------------------------------------

MAPPING = """
case: number
activity: what
time: "when"
procedure: penalty_general
division: "320612"
ip_types: [trademark]
attributes:
  received: {milestone: registered}
  filed: {milestone: filed}
activities:
  接收材料: null
  现场检查: null
"""


@pytest.fixture
def take_log(parts: Huhang, ctx: Context, tmp_path: Path) -> Import:
    """Import a log of (case, activity, instant); every case was received and filed on 2026-03-02."""

    def taken(events: Iterable[tuple[str, str, str]]) -> Report:
        mapping, file = tmp_path / "mapping.yaml", tmp_path / "log.csv"
        mapping.write_text(MAPPING, encoding="utf-8")
        rows = [f"{number},{what},{when},2026-03-02,2026-03-02" for number, what, when in events]
        file.write_text("\n".join(["number,what,when,received,filed", *rows]) + "\n", encoding="utf-8")
        lines = parts.read_event_log(file, mapping, shape="csv", now=ctx.now())
        return import_events(ctx, lines, mode=Mode.STRICT)

    return taken


FIRST = ("A-1", "接收材料", "2026-03-03T09:00:00+08:00")
SECOND = ("A-1", "现场检查", "2026-03-04T09:00:00+08:00")


def test_a_log_becomes_cases_with_milestones_and_notes(take_log: Import, ctx: Context) -> None:
    assert counts(take_log([FIRST, SECOND])) == (1, 1, 0, 0, 0)
    found = image(ctx, "A-1")
    assert [item.kind.value for item in found.milestones] == ["registered", "filed"]
    assert found.notes == 2


def test_a_log_that_grew_appends_its_new_events(take_log: Import, ctx: Context) -> None:
    take_log([FIRST])
    assert counts(take_log([FIRST])) == (1, 0, 0, 1, 0)
    assert counts(take_log([FIRST, SECOND])) == (1, 0, 1, 0, 0)
    found = image(ctx, "A-1")
    assert found.notes == 2
    assert found.last_recorded_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_an_activity_that_the_mapping_does_not_know_refuses_its_case(take_log: Import) -> None:
    report = take_log([FIRST, ("A-2", "神秘活动", "2026-03-04T09:00:00+08:00")])
    assert (report.imported, report.rejected) == (1, 1)
    assert "神秘活动" in report.rejections[0]["reason"]


# --- referrals that came with a case ---------------------------------------------------------------


def referral(*acts: dict[str, Any], procedure: str = "referral") -> list[dict[str, Any]]:
    return [{"procedure": procedure, "acts": list(acts)}]


def test_a_referral_is_taken_over_with_dates_as_precise_as_they_are_known(take: Import, ctx: Context) -> None:
    acts = (
        {"action": "hand_over", "on": "2026-03-05", "fields": {"police_organ": "320612-police"}},
        {"action": "refuse_to_file", "on": "2026-04"},
        {"action": "accept_refusal", "on": "2026-05-06"},
    )
    told = case("NT-9", referrals=referral(*acts))
    assert take(told).imported == 1
    image = load(ctx, ctx.session.execute(select(CaseFile.id)).scalar_one()).image
    (side,) = image.proceedings[1:]
    assert (side.state, [share.organ for share in side.shares]) == ("returned", ["320612-police"])
    entries = select(LedgerEntry.precision).where(LedgerEntry.kind == "acted").order_by(LedgerEntry.seq)
    assert list(ctx.session.execute(entries).scalars()) == ["day", "month", "day"]
    assert [clock.rule for clock in side.clocks] == []
    assert take(told).unchanged == 1


HANDED = {"action": "hand_over", "on": "2026-03-05", "fields": {"police_organ": "320612-police"}}
SIGNED = {"action": "sign_receipt", "on": "2026-03-06"}
REFUSED = {"action": "refuse_to_file", "on": "2026-04"}
TAKEN_BACK = {"action": "accept_refusal", "on": "2026-05-06"}


def sides(ctx: Context) -> list[list[tuple[str, str]]]:
    """Return the acts of every referral of the only case, and find nothing that a rebuilding would change."""
    assert list(differences(ctx, None)) == []
    image = load(ctx, ctx.session.execute(select(CaseFile.id)).scalar_one()).image
    return [[(act.action, act.on.isoformat()) for act in side.acts] for side in image.proceedings[1:]]


@pytest.mark.parametrize(
    "first",
    [(HANDED,), (HANDED, REFUSED), (SIGNED,), (REFUSED, TAKEN_BACK), (HANDED, SIGNED, REFUSED)],
    ids=["the beginning", "a gap", "the middle", "the end", "all but the last"],
)
def test_a_referral_that_grew_is_appended_at_whatever_dates(
    take: Import, ctx: Context, first: tuple[dict[str, Any], ...]
) -> None:
    whole = case("NT-9", referrals=referral(HANDED, SIGNED, REFUSED, TAKEN_BACK))
    assert take(case("NT-9", referrals=referral(*first))).imported == 1
    assert (take(whole).appended, take(whole).unchanged) == (1, 1)
    days = ["2026-03-05", "2026-03-06", "2026-04-01", "2026-05-06"]
    assert sides(ctx) == [
        list(zip(["hand_over", "sign_receipt", "refuse_to_file", "accept_refusal"], days, strict=True))
    ]
    image = load(ctx, ctx.session.execute(select(CaseFile.id)).scalar_one()).image
    assert (image.proceedings[1].state, len(image.milestones)) == ("returned", 2)


def test_acts_of_one_day_keep_the_order_in_which_they_are_told(take: Import, ctx: Context) -> None:
    day = "2026-03-05"
    last = {"action": "file_case", "on": day}
    assert take(case("NT-9", referrals=referral(last))).imported == 1
    assert take(case("NT-9", referrals=referral(HANDED, last))).appended == 1
    assert take(case("NT-9", referrals=referral(HANDED, {**SIGNED, "on": day}, last))).appended == 1
    case_id = ctx.session.execute(select(CaseFile.id)).scalar_one()
    before = image_at(ctx, case_id, as_of=date(2026, 3, 4))
    assert before is not None
    assert len(before.proceedings) == 1, "nothing of it is dated to another day"
    assert sides(ctx) == [[("hand_over", day), ("sign_receipt", day), ("file_case", day)]]


def test_a_second_referral_is_appended_beside_the_first_in_any_order(take: Import, ctx: Context) -> None:
    first, second = referral(HANDED, SIGNED, REFUSED, TAKEN_BACK), referral({**HANDED, "on": "2026-06-01"})
    assert take(case("NT-9")).imported == 1
    assert take(case("NT-9", referrals=first)).appended == 1
    assert take(case("NT-9", referrals=second + first)).appended == 1
    assert take(case("NT-9", referrals=second + first)).unchanged == 1
    assert take(case("NT-9")).unchanged == 1, "a key that is not given says nothing"
    assert [len(acts) for acts in sides(ctx)] == [4, 1]


CHANGED = {
    "an act missing": referral(SIGNED, REFUSED),
    "another date": referral({**HANDED, "on": "2026-03-04"}, SIGNED, REFUSED),
    "a date told less exactly": referral({**HANDED, "on": "2026-03"}, SIGNED, REFUSED),
    "another field": referral({**HANDED, "fields": {"police_organ": "320600-police"}}, SIGNED, REFUSED),
    "nothing left": [],
    "another procedure": referral({"action": "send_matter", "on": "2026-03-05"}, procedure="reverse_referral"),
}


@pytest.mark.parametrize("told", CHANGED.values(), ids=CHANGED)
def test_a_referral_act_that_is_missing_or_changed_is_refused_as_conflicting(
    take: Import, ctx: Context, told: list[dict[str, Any]]
) -> None:
    assert take(case("NT-9", referrals=referral(HANDED, SIGNED))).imported == 1
    before = sides(ctx)
    report = take(case("NT-9", title="另一个名称", referrals=told))
    assert (report.rejected, report.appended) == (1, 0)
    assert "冲突" in report.rejections[0]["reason"]
    assert sides(ctx) == before
    assert load(ctx, ctx.session.execute(select(CaseFile.id)).scalar_one()).image.title != "另一个名称"


def test_a_referral_that_was_corrected_here_does_not_grow_from_outside(take: Import, ctx: Context) -> None:
    assert take(case("NT-9", referrals=referral(HANDED, SIGNED))).imported == 1
    case_id = ctx.session.execute(select(CaseFile.id)).scalar_one()
    seq = load(ctx, case_id).image.proceedings[1].acts[-1].seq
    with unit_of_work(ctx) as unit:
        edit = begin(ctx, case_id)
        void = {"entry": seq, "kind": "acted", "void": True, "reason": "误登"}
        edit.append(EntryKind.CORRECTED, void, occurred_at=ctx.now())
        edit.save(unit)
    assert take(case("NT-9", referrals=referral(HANDED, SIGNED))).unchanged == 1
    assert "更正" in take(case("NT-9", referrals=referral(HANDED, SIGNED, REFUSED))).rejections[0]["reason"]
    assert sides(ctx) == [[("hand_over", "2026-03-05")]]


IMPOSSIBLE = (
    (referral({"action": "refuse_to_file", "on": "2026-04"}, {"action": "hand_over", "on": "2026-05"}), "次序"),
    (referral({"action": "hand_over", "on": "2026-05"}, {"action": "refuse_to_file", "on": "2026-04"}), "次序"),
    (referral({"action": "hand_over", "on": "2026-13"}), "日期"),
    (referral({"action": "hand_over", "on": None}), "日期"),
    (referral({"action": "hand_over", "on": "2099-01-01"}), "日期"),
    (referral({"action": "steal", "on": "2026-04"}), "事项"),
    (referral({"action": "hand_over", "on": "2026-04", "fields": {"colour": "red"}}), "栏目"),
    (referral(procedure="seizure"), "移送程序"),
    ({"procedure": "referral"}, "列表"),
)


def test_a_referral_that_cannot_have_been_is_refused_with_its_case(take: Import, ctx: Context) -> None:
    report = take(*(case(f"NT-{number}", referrals=told) for number, (told, _) in enumerate(IMPOSSIBLE)))
    assert report.rejected == len(IMPOSSIBLE)
    for rejection, (_, says) in zip(report.rejections, IMPOSSIBLE, strict=True):
        assert says in rejection["reason"]
    assert ctx.session.execute(select(func.count()).select_from(CaseFile)).scalar_one() == 0
