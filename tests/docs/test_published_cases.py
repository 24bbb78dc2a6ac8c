"""The documented conversion of 29 published cases: everything in a record is in the source, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from runpy import run_path

import pytest
from sqlalchemy import select

from caseapp.adapters.exchange_files import read_exchange
from caseapp.adapters.yaml_files import read_yaml
from caseapp.domain.divisions import DivisionTable
from caseapp.domain.events import Precision
from caseapp.domain.exchange.history import contradictions, in_order
from caseapp.domain.facts import Branch
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.transfers import Step as TransferStep
from caseapp.domain.roles import Role
from caseapp.domain.workflow import automaton
from caseapp.domain.workflow.parse import parse
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_images import entries_of, load
from caseapp.queries.referral_desk import shared_page
from caseapp.queries.referral_inbox import InboxFilter, Tab, inbox_page
from caseapp.queries.told_days import day_text
from caseapp.queries.transfer_figures import Sight, TransferQuestion, figures_of_transfers
from caseapp.services.case_import import Mode, import_records
from caseapp.services.ledger_rebuild import differences
from tests.support.exchange_samples import NOW

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "docs/examples/published_cases.py"
PROCEDURES = REPOSITORY / "workflows/procedures"
DISPUTES = ("RC018", "RC019", "RC020", "RC023", "RC083", "RC087")

PROVINCES = DivisionTable(
    {code: {"zh": code, "en": code} for code in ("11", "31", "32", "33", "34", "35", "42", "44", "51")}, {}, "320600"
)


@pytest.fixture(scope="module")
def published(shared_data):
    """Published lines by case id."""
    text = shared_data("published_cases.jsonl").read_text(encoding="utf-8")
    return {line["case_id"]: line for line in map(json.loads, text.splitlines())}


@pytest.fixture(scope="module")
def converted(shared_data, tmp_path_factory):
    """Run the script as documented: (records by mode, its table)."""
    target = tmp_path_factory.mktemp("published") / "OUT.jsonl"
    done = run(shared_data("published_cases.jsonl"), target)
    assert done.returncode == 0, done.stderr
    modes = {"strict": target, "archive": target.with_name("OUT.archive.jsonl")}
    return {mode: list(read_exchange(path, now=NOW, divisions=PROVINCES)) for mode, path in modes.items()}, done.stdout


def run(source, target):
    return subprocess.run([sys.executable, SCRIPT, source, target], capture_output=True, text=True, check=False)


def all_lines(converted):
    return [line for lines in converted[0].values() for line in lines]


def test_every_case_is_a_record_or_is_listed_with_the_reason(converted, published):
    rows = [row.split(maxsplit=2) for row in converted[1].splitlines()]
    assert [row[0] for row in rows[:-1]] == list(published)
    assert converted[1].splitlines()[-1].startswith("29 cases: 10 strict, 3 archive, 16 listed")
    reasons = {case_id: what for case_id, mode, what in rows[:-1] if mode == "listed"}
    for case_id, reason in reasons.items():
        track = published[case_id]["track"]
        if track != "administrative":
            assert reason.startswith(track)
        else:
            assert reason.startswith(
                ("before the national board", "platform removal: waits", "penalty_general, but no milestone")
            )


def test_the_records_are_those_of_the_format(converted):
    assert [line.error for line in all_lines(converted)] == [None] * 13
    assert [line.record.lapses for line in all_lines(converted)] == [()] * 13
    assert sorted(line.external_id for line in all_lines(converted)) == [
        "RC018",
        "RC019",
        "RC020",
        "RC023",
        "RC026",
        "RC034",
        "RC046",
        "RC048",
        "RC051",
        "RC054",
        "RC056",
        "RC083",
        "RC087",
    ]
    disputes = [line.external_id for line in all_lines(converted) if line.record.procedure == "patent_dispute"]
    assert sorted(disputes) == list(DISPUTES)


def test_dates_are_as_precise_as_published_and_no_more(converted, published):
    for line in all_lines(converted):
        source = published[line.external_id]["dates"]
        assert {item.on_text for item in line.record.milestones} <= set(source.values())
        assert all(item.at is None and item.recorded_at is None for item in line.record.milestones)
    months = [
        line.external_id
        for line in all_lines(converted)
        for item in line.record.milestones
        if item.precision is not Precision.DAY
    ]
    assert sorted(months) == ["RC020", "RC023", "RC026", "RC056", "RC083"]


def test_an_act_is_dated_only_where_the_source_names_it(converted):
    acts = {
        line.external_id: [(m.kind.value, m.on_text) for m in line.record.milestones] for line in all_lines(converted)
    }
    assert acts == {
        "RC018": [("filed", "2025-07-02")],
        "RC019": [("filed", "2025-06-19"), ("served", "2025-06-19")],
        "RC020": [("registered", "2023-12")],
        "RC023": [("registered", "2014-12"), ("decided", "2016-05-10")],
        "RC026": [("registered", "2023-09")],
        "RC034": [("registered", "2022-02-15")],
        "RC046": [("registered", "2019-01-09")],
        "RC048": [("filed", "2018-12-03"), ("transferred", "2018-12-21")],
        "RC051": [("registered", "2023-02-27")],
        "RC054": [("transferred", "2021-04-06")],
        "RC056": [("registered", "2021-09")],
        "RC083": [("filed", "2023-07")],
        "RC087": [("decided", "2020-05-25")],
    }


def test_amounts_numbers_and_names_stand_in_the_source(converted, published):
    amounts = {line.external_id: line.record.amounts for line in all_lines(converted) if line.record.amounts}
    assert amounts == {
        "RC048": {"turnover": 36_449_700},
        "RC051": {"unsold_value": 26_972_600},
        "RC056": {"unsold_value": 375_540_000},
    }
    for line in all_lines(converted):
        source = json.dumps(published[line.external_id], ensure_ascii=False)
        record = line.record
        words = [record.summary, *(party.name for party in record.parties), *(item.name for item in record.goods)]
        words += [name for right in record.rights for name in (right.number, right.title) if name]
        words += [str(item.quantity) for item in record.goods if item.quantity is not None]
        words += [item.unit for item in record.goods if item.unit]
        words += [str(word) for item in record.milestones for word in item.details.values()]
        assert [word for word in words if word not in source] == []


def test_the_published_line_goes_along_whole(converted, published):
    for line in all_lines(converted):
        kept = line.record.extra["published"]
        source = published[line.external_id]
        assert kept.keys() == source.keys()
        assert kept["dates"] == source["dates"]


def test_the_modes_are_those_that_the_procedure_allows(converted):
    procedures = {}
    for name in ("penalty_general", "patent_dispute"):
        path = PROCEDURES / f"{name}.v1.yaml"
        procedures[name], problems = parse(read_yaml(path), file=path.name)
        assert not problems
    for mode, lines in converted[0].items():
        for line in lines:
            assert contradictions(line.record.milestones) is None
            assert is_allowed(procedures[line.record.procedure], line.record) == (mode == "strict"), line.external_id


def is_allowed(procedure, record):
    """Whether the milestones are a sequence of the procedure; its opening may stand before them."""
    assert procedure.id == record.procedure
    branches = automaton.start(procedure)
    for index, item in enumerate(in_order(record.milestones)):
        if index == 0 and item.kind is procedure.opening.kind:
            continue
        step = automaton.read(procedure, branches, item.kind, item.details, {})
        if step is None:
            return False
        branches = step.branches
    return True


# --- through the protocol between two organs -------------------------------------------------------


@pytest.fixture(scope="module")
def transfers():
    """What the script says of every case that one authority sent to another."""
    return run_path(str(SCRIPT))["TRANSFERS"]


def test_every_case_sent_from_one_authority_to_another_is_named(published, transfers):
    sent = [one for one, line in published.items() if line["criminal_transfer"] or line["reverse_transfer"]]
    assert sent == ["RC048", "RC054", "RC058", "RC061", "RC067", "RC079"]
    assert set(transfers) == set(sent)
    for case_id, (procedure, acts, why) in transfers.items():
        line = published[case_id]
        assert (procedure == "reverse_referral") == line["reverse_transfer"]
        dated = [name for _, name, _ in acts if name]
        assert {by for _, _, by in acts if by} <= {"published", *line["dates"]}
        assert set(dated) <= set(line["dates"])
        assert bool(why) == (len(dated) < len(acts)), case_id


def test_a_transfer_is_an_order_of_acts_that_the_procedure_allows(transfers):
    for case_id, (name, acts, _why) in transfers.items():
        path = PROCEDURES / f"{name}.v1.yaml"
        procedure, problems = parse(read_yaml(path), file=path.name)
        assert not problems
        branches = automaton.start(procedure)
        for action, _date, _by in acts:
            taken = automaton.take(procedure, branches, action, {})
            assert taken is not None, (case_id, action)
            branches = (Branch(taken.to, taken.saved, 0),)


def test_a_transfer_with_a_date_is_replayed_through_the_protocol_on_that_day(converted, published, parts):
    with parts.context() as ctx:
        for mode, lines in converted[0].items():
            assert import_records(ctx, lines, mode=Mode(mode)).rejected == 0
            assert import_records(ctx, lines, mode=Mode(mode)).unchanged == len(lines)
        assert list(differences(ctx, None)) == []
        images = [load(ctx, case_id).image for case_id in ctx.session.execute(select(CaseFile.id)).scalars()]
    referrals = {image.external_id: image.proceedings[1:] for image in images if len(image.proceedings) > 1}
    found = {name: [(act.action, act.on.isoformat()) for act in side.acts] for name, (side,) in referrals.items()}
    assert found == {"RC048": [("hand_over", "2018-12-21")], "RC054": [("hand_over", "2021-04-06")]}
    for name, (side,) in referrals.items():
        assert (side.procedure, side.state, dict(side.facts), side.shares) == ("referral", "handed_over", {}, ())
        assert found[name][0][1] == published[name]["dates"]["transfer"]


POLICE, PROCURATORATE = "320612-police", "320612-procuratorate"
RECEIVERS = {"referral": {"police_organ": POLICE}, "reverse_referral": {"authority_organ": PROCURATORATE}}
"""Organs of ours that stand for those of the other places: whose liaison looks at what was taken over."""


def replayed(line, day, referrals_of):
    """Return a record of a published transfer as an office would enter it today: that it learned of it today is all it
    adds, and who of ours stands for the receiver.
    """
    (told,) = referrals_of(line)
    first, *others = told["acts"]
    acts = [{**first, "fields": RECEIVERS[told["procedure"]]}, *others]
    return {
        "external_id": line["case_id"],
        "procedure": "penalty_general",
        "organ": "320612-ip",
        "division": "320612",
        "ip_types": ["trademark"],
        "title": line["summary"],
        "milestones": [{"kind": "registered", "on": day.isoformat()}],
        "referrals": [{**told, "acts": acts}],
    }


def test_every_published_transfer_is_replayed_with_what_was_published_of_its_dates(published, parts, tmp_path):
    script = run_path(str(SCRIPT))
    transfers, referrals_of = script["TRANSFERS"], script["referrals_of"]
    with parts.context() as ctx:
        today = ctx.today()
        records = {name: replayed(published[name], today, referrals_of) for name in transfers}
        file = tmp_path / "transfers.jsonl"

        def take(told):
            file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in told), encoding="utf-8")
            return import_records(ctx, parts.read_exchange(file, now=ctx.now()), mode=Mode.STRICT)

        assert (take(records.values()).imported, take(records.values()).unchanged) == (6, 6)
        assert list(differences(ctx, None)) == []
        cases = dict(ctx.session.execute(select(CaseFile.external_id, CaseFile.id)).all())
        images = {name: load(ctx, case_id).image for name, case_id in cases.items()}
        entries = {name: entries_of(ctx, case_id) for name, case_id in cases.items()}
        supervised = TransferQuestion(Sight.CASES, Period(date(2000, 1, 1), today), today)
        figures = figures_of_transfers(ctx, supervised)
    for name, (procedure, acts, _why) in transfers.items():
        (side,), line = images[name].proceedings[1:], published[name]
        assert (side.procedure, [act.action for act in side.acts]) == (procedure, [action for action, _, _ in acts])
        assert side.clocks == (), "no clock runs from a day that nobody knows, nor for a receipt that nobody told"
        for act, (_action, dated, by) in zip(side.acts, acts, strict=True):
            latest = line[by] if by == "published" else line["dates"].get(by, today.isoformat())
            assert act.on_text == (line["dates"][dated] if dated else "")
            assert dated or act.on.isoformat() <= latest
        told = [entry for entry in entries[name] if entry.kind == "acted"]
        assert [entry.precision for entry in told] == [
            Precision.DAY if dated else Precision.UNKNOWN for _, dated, _ in acts
        ]
    assert (figures.total.count("all"), figures.imprecise) == (2, 3), "what has no day is left out, and said to be"
    assert figures.steps[TransferStep.EXAMINE].count == 0

    seen = {}
    for organ in (POLICE, PROCURATORATE):
        with parts.context(Actor("liaison", "联络员", organ, frozenset({Role.LIAISON}))) as ctx:
            for line in inbox_page(ctx, InboxFilter(Tab.ALL)).lines:
                page = shared_page(ctx, line.id)
                days = [act.on for act in reversed(page.acts)]
                assert line.sent_on == page.line.sent_on == days[0] == page.boundary.since
                assert line.clock is None
                seen[line.id] = ([day_text(line.sent_on), day_text(page.boundary.since)], [*map(day_text, days)])
            own = TransferQuestion(Sight.SHARED, supervised.period, today)
            shared = figures_of_transfers(ctx, own)
            assert (shared.total.count("all"), shared.imprecise) == ((2, 3) if organ == POLICE else (0, 0))
    for name, (_procedure, acts, _why) in transfers.items():
        days = [published[name]["dates"][dated] if dated else "" for _, dated, _ in acts]
        assert seen[images[name].proceedings[1].id] == ([days[0]] * 2, days), name


def test_what_is_told_beside_an_act_without_a_day_is_appended(parts, tmp_path):
    unknown = {"action": "hand_over", "by": "2026-03-31"}
    record = {
        "external_id": "X",
        "procedure": "penalty_general",
        "division": "320612",
        "ip_types": ["trademark"],
        "milestones": [{"kind": "registered", "on": "2026-03-02"}],
    }
    with parts.context() as ctx:
        file = tmp_path / "x.jsonl"

        def take(*acts):
            told = {**record, "referrals": [{"procedure": "referral", "acts": list(acts)}]}
            file.write_text(json.dumps(told), encoding="utf-8")
            return import_records(ctx, parts.read_exchange(file, now=ctx.now()), mode=Mode.STRICT)

        for wrong in ({"by": "2026-13-01"}, {"by": "2099-01-01"}, {"on": None}):
            assert take({**unknown, **wrong}).rejected == 1
        assert take(unknown).imported == 1
        filed = {"action": "file_case", "on": "2026-05-06"}
        assert (take(unknown, filed).appended, take(unknown, filed).unchanged) == (1, 1)
        case_id = ctx.session.execute(select(CaseFile.id)).scalar_one()
        (side,) = load(ctx, case_id).image.proceedings[1:]
        assert [(act.action, act.on_text) for act in side.acts] == [("hand_over", ""), ("file_case", "2026-05-06")]
        assert "冲突" in take(filed).rejections[0]["reason"]
        assert list(differences(ctx, None)) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: lines[:-1], "RC087"),
        (lambda lines: [*lines, lines[0]], "RC002"),
        (
            lambda lines: [line.replace('"transfer": "2018-12-21"', '"closure": "2018-12-21"') for line in lines],
            "RC048",
        ),
        (lambda lines: [line.replace('"2021-09"', '"--09-01"') for line in lines], "RC056"),
        (lambda lines: [line.replace('"track": "civil"', '"track": "administrative"', 1) for line in lines], "counted"),
    ],
    ids=["one missing", "one twice", "another date", "a date without its year", "another count"],
)
def test_another_file_than_the_one_that_was_read_is_refused(shared_data, tmp_path, change, says):
    lines = shared_data("published_cases.jsonl").read_text(encoding="utf-8").splitlines()
    source = tmp_path / "other.jsonl"
    source.write_text("\n".join(change(lines)), encoding="utf-8")
    done = run(source, tmp_path / "OUT.jsonl")
    assert done.returncode == 2
    assert says in done.stderr
    assert not (tmp_path / "OUT.jsonl").exists()
