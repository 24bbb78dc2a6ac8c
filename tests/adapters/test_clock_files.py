"""The shipped deadline rules, and what is refused in a `clocks.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from caseapp.adapters.clock_files import load_rule_book
from caseapp.domain.clocks.rules import Confidence, Direction, RuleBook, Unit, UnknownRule
from caseapp.domain.errors import DefinitionError

SHIPPED = Path(__file__).parents[2] / "workflows"
LETTERS = {
    "P02": "ab", "P15": "ab", "P19": "abc", "P21": "abc", "P23": "ab", "P25": "abcde", "P26": "ab", "P27": "ab",
    "P29": "abc", "D03": "abcd", "D19": "ab", "Q11": "ab",
}  # fmt: skip
NO_NUMBER = {
    "P28", "D05", "D10", "D20", "D30",
    "T01", "T02", "T03", "T06", "T12", "T13", "T14", "T16", "T17", "T18", "T19",
}  # fmt: skip
ROWS = [f"{letter}{n:02d}" for letter, last in (("P", 29), ("D", 30), ("Q", 15), ("T", 19)) for n in range(1, last + 1)]
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_rule_book([SHIPPED])


def test_every_row_with_a_number_has_its_clocks_and_no_other_row_has(book: RuleBook) -> None:
    expected = {row + letter for row in ROWS if row not in NO_NUMBER for letter in LETTERS.get(row, " ")}
    shipped = {rule_id for rule_id in book if rule_id[0] in "PDQT"}
    assert shipped == {rule_id.strip() for rule_id in expected}


@pytest.mark.parametrize("row", sorted(NO_NUMBER))
def test_a_row_without_a_number_is_known_but_has_no_clock(book: RuleBook, row: str) -> None:
    with pytest.raises(UnknownRule, match="没有期限数字"):
        book.at(row, TODAY)


def test_hearing_and_platform_clocks_are_shipped_too(book: RuleBook) -> None:
    assert {rule_id for rule_id in book if rule_id[0] in "HE"} == {"H01", "H02", "H03", "H04", "H05", "E43"}


WD, CD, M, Y, H = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS, Unit.HOURS


@pytest.mark.parametrize(
    ("day", "limits"),
    [
        (
            TODAY,
            {
                "P01": (15, WD), "P02a": (7, WD), "P02b": (7, WD), "P03": (24, H), "P04": (7, WD), "P05": (30, CD),
                "P06": (15, WD), "P07": (10, WD), "P08": (5, WD), "P09": (7, WD), "P10": (90, CD), "P11": (7, WD),
                "P12": (30, CD), "P13": (7, WD), "P14": (15, CD), "P15a": (2, WD), "P15b": (2, WD), "P16": (34, CD),
                "P17": (10, WD), "P18": (3, M), "P19a": (5, WD), "P19b": (7, WD), "P19c": (30, CD), "P20": (15, WD),
                "P21a": (20, WD), "P21b": (10, WD), "P21c": (10, WD), "P22": (3, WD), "P23a": (3, M), "P23b": (3, Y),
                "P24": (60, CD), "P25a": (5, WD), "P25b": (10, WD), "P25c": (5, WD), "P25d": (60, CD), "P25e": (30, CD),
                "P26a": (6, M), "P26b": (15, CD), "P27a": (2, Y), "P27b": (5, Y),
                "D01": (5, WD), "D02": (5, WD), "D03a": (15, CD), "D03b": (30, CD), "D04": (5, WD), "D06": (5, WD),
                "D07": (3, WD), "D08": (15, CD), "D09": (3, WD), "D11": (7, CD), "D12": (3, M), "D13": (15, CD),
                "D14": (3, M), "D15": (6, M), "D16": (20, WD), "D17": (20, WD), "D18": (3, Y), "D19a": (1, M),
                "D19b": (2, M), "D21": (45, CD), "D22": (5, WD), "D23": (15, CD), "D24": (5, WD), "D25": (5, WD),
                "D26": (2, M), "D27": (15, CD), "D28": (5, WD), "D29": (1, Y),
                "Q01": (5, WD), "Q02": (5, WD), "Q03": (5, WD), "Q04": (15, CD), "Q05": (5, WD), "Q06": (3, WD),
                "Q07": (3, M), "Q08": (15, CD), "Q09": (5, WD), "Q10": (1, Y), "Q11a": (5, WD), "Q11b": (10, WD),
                "Q12": (1, M), "Q13": (7, CD), "Q14": (20, WD), "Q15": (15, CD),
                "T04": (3, CD), "T05": (24, H), "T07": (24, H), "T08": (3, CD), "T09": (3, CD), "T10": (3, CD),
                "T11": (3, CD), "T15": (3, CD),
                "G01": (24, H), "G02": (3, CD), "G03": (7, CD), "G04": (15, CD), "J01": (3, CD), "J02": (2, M),
                "H01": (3, WD), "H02": (3, WD), "H03": (5, WD), "H04": (3, WD), "H05": (5, WD), "E43": (15, CD),
            },
        ),
        (date(2026, 4, 14), {"P29": (5, WD), "P29a": (5, WD), "P29b": (7, WD), "P29c": (45, WD)}),
        (
            date(2021, 7, 14),
            {"P01": (15, WD), "P04": (7, CD), "P08": (3, WD), "P10": (90, CD), "P27a": (2, Y)},
        ),
        (date(2021, 7, 15), {"P01": (15, WD), "P04": (7, WD), "P08": (5, WD), "P10": (90, CD), "P27b": (5, Y)}),
        (date(2023, 12, 31), {"P24": (60, CD), "P25a": (5, WD), "P25b": (10, CD), "P25d": (60, CD)}),
    ],
    ids=["today", "before order 121", "last day of the 2018 text", "first day of the 2021 text", "before 2024"],
)  # fmt: skip
def test_the_limits_are_those_of_the_fact_sheet(book: RuleBook, day: date, limits: dict[str, tuple[int, Unit]]) -> None:
    found = {rule_id: (book.at(rule_id, day).limit, book.at(rule_id, day).unit) for rule_id in limits}
    assert found == limits


@pytest.mark.parametrize(
    ("rule_id", "first"),
    [
        ("P01", "2019-04-01"),
        ("P10", "2019-04-01"),
        ("P05", "2012-01-01"),
        ("P22", "2021-07-15"),
        ("P27a", "1996-10-01"),
        ("P27b", "2021-07-15"),
        ("P25c", "2024-01-01"),
        ("D12", "2025-02-01"),
        ("Q07", "2015-07-01"),
        ("T04", "2001-07-09"),
        ("E43", "2019-01-01"),
    ],
)
def test_no_version_is_in_force_before_the_first_text(book: RuleBook, rule_id: str, first: str) -> None:
    begins = date.fromisoformat(first)
    assert book.find(rule_id, begins) is not None
    assert book.find(rule_id, date.fromordinal(begins.toordinal() - 1)) is None


@pytest.mark.parametrize("rule_id", ["P29", "P29a", "P29b", "P29c"])
def test_the_complaint_rules_end_with_their_text(book: RuleBook, rule_id: str) -> None:
    assert book.find(rule_id, date(2026, 4, 15)) is None


@pytest.mark.parametrize("rule_id", ["Q01", "Q07", "Q12"])
def test_the_older_patent_rules_stay_open(book: RuleBook, rule_id: str) -> None:
    assert book.find(rule_id, TODAY) is not None


def test_only_limits_on_powers_durations_hours_and_backward_rules_do_not_roll(book: RuleBook) -> None:
    fixed = {rule.id for rule in book.rules if not rule.rolls}
    assert fixed == {
        "P05", "P12", "P16", "P23a", "P23b", "P27a", "P27b",
        "P03", "T05", "T07", "G01",
        "P09", "D09", "Q06", "H04",
    }  # fmt: skip


def test_the_backward_rules_are_the_notices_before_a_hearing(book: RuleBook) -> None:
    assert {rule.id for rule in book.rules if rule.direction is Direction.BEFORE} == {"P09", "D09", "Q06", "H04"}


@pytest.mark.parametrize(
    ("rule_id", "unit", "most"),
    [
        ("P01", WD, 15),
        ("P05", CD, 30),
        ("P10", CD, None),
        ("P25d", CD, 30),
        ("D01", WD, 5),
        ("D12", M, 3),
        ("D26", M, 1),
        ("Q07", M, 1),
        ("Q12", CD, 15),
        ("P08", None, 0),
        ("Q01", None, 0),
    ],
)
def test_extensions_and_their_most(book: RuleBook, rule_id: str, unit: Unit | None, most: int | None) -> None:
    rule = book.at(rule_id, TODAY)
    assert (rule.extension_unit, rule.extension_most) == (unit, most)


def test_what_the_handling_limit_leaves_out(book: RuleBook) -> None:
    reasons = {"suspension", "hearing", "public_notice", "appraisal", "identification", "refund_order"}
    assert reasons <= set(book.at("P10", TODAY).pauses_on)
    assert set(book.at("P05", TODAY).pauses_on) == {"appraisal"}
    assert "jurisdiction_objection" in book.at("D12", TODAY).pauses_on


def test_every_rule_is_named_in_both_languages_and_cites_a_text(book: RuleBook) -> None:
    for rule in book.rules:
        for words in (rule.name, rule.starts, rule.consequence):
            assert words["zh"], rule.id
            assert words["en"], rule.id
        assert rule.law
        assert rule.in_force_from is not None
        assert rule.warn_at_percent
        if rule.confidence is Confidence.VERIFIED:
            assert rule.source, rule.id
            assert re.search(r"第\d+条", rule.article), rule.id


def test_reasons_and_deciders_are_named_in_both_languages(book: RuleBook) -> None:
    for table in (book.pause_reasons, book.deciders, book.no_clock):
        assert all(words["zh"] and words["en"] for words in table.values())


# ---- other folders ------------------------------------------------------------------------------------------------

EXTRA = """\
clocks:
  - id: K1
    name: {zh: 违停通知, en: Parking notice}
    limit: 90
    unit: calendar_days
    law: 道路交通安全法
    article: 第1条
    from: "2020-01-01"
    confidence: uncertain
"""
BASE = """\
deciders: {leader: {zh: 负责人, en: head}}
pause_reasons: {hearing: {zh: 听证, en: hearing}}
texts: {procedure_2022: {law: 程序规定, from: "2022-11-01"}}
clocks:
  - id: P10
    name: {zh: 办案期限, en: Limit}
    limit: 90
    unit: calendar_days
    confidence: verified
    text: procedure_2022
"""


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str, str], Path]:
    def made(name: str, content: str) -> Path:
        (tmp_path / name).mkdir()
        (tmp_path / name / "clocks.yaml").write_text(content, encoding="utf-8")
        return tmp_path / name

    return made


Made = Callable[[str, str], Path]


def test_another_office_adds_a_clock_in_few_lines(folder: Made) -> None:
    book = load_rule_book([SHIPPED, folder("extra", EXTRA)])
    rule = book.at("K1", TODAY)
    assert (rule.limit, rule.unit, rule.rolls, rule.citation) == (90, CD, True, "道路交通安全法 第1条")
    assert book.at("P10", TODAY).limit == 90


def test_a_further_folder_needs_no_clocks(tmp_path: Path) -> None:
    assert "P10" in load_rule_book([SHIPPED, tmp_path])


def test_the_first_folder_must_have_clocks(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"clocks\.yaml"):
        load_rule_book([tmp_path])


def test_a_further_file_may_cite_a_shipped_text_and_add_a_version(folder: Made) -> None:
    content = """\
texts:
  complaints_2026: {law: 投诉举报处理办法, from: "2026-04-15"}
clocks:
  - id: P29a
    name: {zh: 告知, en: Tell}
    limit: 6
    unit: working_days
    confidence: uncertain
    versions:
      - text: complaints_2026
  - id: K2
    name: {zh: 其他, en: Other}
    limit: 6
    unit: working_days
    extensions: [{n: 3, unit: working_days, by: leader}]
    pauses_on: [appraisal]
    confidence: uncertain
    text: procedure_2022
"""
    book = load_rule_book([SHIPPED, folder("extra", content)])
    assert book.at("P29", date(2026, 4, 14)).limit == 5
    assert book.at("P29", date(2026, 4, 15)).limit == 6
    assert book.at("K2", TODAY).law == "市场监督管理行政处罚程序规定"
    assert book.find("K2", date(2022, 10, 31)) is None


def test_the_same_rule_with_the_same_content_is_welcome_twice(folder: Made) -> None:
    book = load_rule_book([folder("one", EXTRA), folder("two", EXTRA)])
    assert len(book.rules) == 1


def test_the_same_rule_and_start_with_other_content_is_refused(folder: Made) -> None:
    with pytest.raises(DefinitionError, match="K1 from 2020-01-01 is defined already") as refused:
        load_rule_book([folder("one", EXTRA), folder("two", EXTRA.replace("90", "60"))])
    (problem,) = refused.value.problems
    assert Path(problem.file).parent.name == "two"
    assert (problem.path, problem.rule) == ("clocks/0", "conflict")


def test_a_shipped_rule_cannot_be_changed_from_outside(folder: Made) -> None:
    changed = """\
clocks:
  - id: P10
    name: {zh: 办案期限, en: Limit}
    limit: 180
    unit: calendar_days
    confidence: uncertain
    text: procedure_2022
"""
    with pytest.raises(DefinitionError, match="P10 from 2022-11-01 is defined already"):
        load_rule_book([SHIPPED, folder("extra", changed)])


def test_the_reading_of_a_disputed_unit_can_be_settled_locally(folder: Made) -> None:
    book = load_rule_book([SHIPPED, folder("extra", "units: {t_day_unit: working_days}\n")])
    assert book.at("T04", TODAY).unit is WD
    assert load_rule_book([SHIPPED]).at("T04", TODAY).unit is CD


@pytest.mark.parametrize(
    ("change", "path", "problem"),
    [
        pytest.param(("limit: 90", "limit: 0"), "clocks/0/limit", "at least 1", id="no limit at all"),
        pytest.param(("limit: 90", "limit: -3"), "clocks/0/limit", "whole number", id="negative limit"),
        pytest.param(("limit: 90", "limits: 90"), "clocks/0/limits", "unknown key", id="misspelt key"),
        pytest.param(("calendar_days", "fortnights"), "clocks/0/unit", "none of", id="unknown unit"),
        pytest.param(("uncertain", "certain"), "clocks/0/confidence", "none of", id="unknown confidence"),
        pytest.param(("id: K1", "id: 1 K"), "clocks/0/id", "begins with a letter", id="bad id"),
        pytest.param(("    law: 道路交通安全法\n", ""), "clocks/0/law", "text is expected", id="no law"),
        pytest.param(("en: Parking notice", "fr: x"), "clocks/0/name/en", "text is expected", id="one language only"),
        pytest.param(('"2020-01-01"', '"2020-13-01"'), "clocks/0/from", "date", id="no such day"),
        pytest.param(
            ("confidence:", 'to: "2019-12-31"\n    confidence:'), "clocks/0/to", "before the first", id="ends first"
        ),
        pytest.param(("law: 道", "text: nowhere\n    law: 道"), "clocks/0/text", "no text", id="unknown text"),
        pytest.param(
            ("law:", "pauses_on: [weather]\n    law:"), "clocks/0/pauses_on", "not declared", id="undeclared reason"
        ),
        pytest.param(
            ("law:", "extensions: [{n: 1, unit: calendar_days, by: king}]\n    law:"),
            "clocks/0/extensions/0/by",
            "not declared",
            id="undeclared decider",
        ),
        pytest.param(
            ("law:", "extensions: [{n: 1, unit: working_days, by: leader}]\n    law:"),
            "clocks/0/extensions/0/unit",
            "cannot be extended by working_days",
            id="extension in a foreign unit",
        ),
        pytest.param(
            (
                "law:",
                "extensions: [{n: 1, unit: months, by: leader}, {n: 1, unit: calendar_days, by: leader}]\n    law:",
            ),
            "clocks/0/extensions",
            "one unit",
            id="extensions in two units",
        ),
        pytest.param(
            ("unit: calendar_days", "unit: months\n    direction: before"),
            "clocks/0/unit",
            "counts days",
            id="months counted backwards",
        ),
        pytest.param(
            ("unit: calendar_days", "unit: hours\n    rolls: true"),
            "clocks/0/rolls",
            "never roll",
            id="hours that roll",
        ),
        pytest.param(
            ("law:", "warn_at_percent: [90, 70]\n    law:"), "clocks/0/warn_at_percent", "ascending", id="wrong order"
        ),
        pytest.param(("law:", "versions: []\n    law:"), "clocks/0/versions", "at least one", id="no versions"),
        pytest.param(("clocks:", "clock: 1\nclocks:"), "clock", "unknown key", id="unknown table"),
        pytest.param(("law:", "aliases: [P10]\n    law:"), "clocks/0/aliases", "elsewhere", id="alias of another rule"),
        pytest.param(
            (
                'from: "2020-01-01"\n    confidence: uncertain',
                'confidence: uncertain\n    versions: [{from: "2020-01-01"}, {from: "2021-01-01"}]',
            ),
            "clocks/0/versions/1",
            "two versions are in force on 2021-01-01",
            id="overlapping versions",
        ),
    ],
)
def test_a_wrong_rule_is_refused_with_file_and_place(
    folder: Made, change: tuple[str, str], path: str, problem: str
) -> None:
    old, new = change
    assert old in EXTRA
    with pytest.raises(DefinitionError) as refused:
        load_rule_book([folder("base", BASE), folder("extra", EXTRA.replace(old, new, 1))])
    found = [one for one in refused.value.problems if one.path.strip("/") == path and problem in one.problem]
    assert found, refused.value.problems
    assert Path(found[0].file).parts[-2:] == ("extra", "clocks.yaml")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param("texts: {procedure_2022: {law: 别的法}}\n", "another text", id="a text"),
        pytest.param("deciders: {leader: {zh: 别人, en: someone}}\n", "something else", id="a decider"),
        pytest.param("pause_reasons: {hearing: {zh: 别的, en: other}}\n", "something else", id="a reason"),
    ],
)
def test_a_shipped_name_cannot_be_given_to_something_else(folder: Made, content: str, problem: str) -> None:
    with pytest.raises(DefinitionError, match=problem):
        load_rule_book([folder("base", BASE), folder("extra", content)])


def test_a_duplicate_key_is_refused(folder: Made) -> None:
    with pytest.raises(DefinitionError, match="duplicate key"):
        load_rule_book([folder("one", EXTRA + "    limit: 91\n")])


def test_all_problems_are_told_at_once(folder: Made) -> None:
    broken = EXTRA.replace("limit: 90", "limit: 0").replace("calendar_days", "fortnights")
    with pytest.raises(DefinitionError) as refused:
        load_rule_book([folder("one", broken), folder("two", "clocks: [")])
    assert len(refused.value.problems) == 3


def test_the_old_rules_of_disputes_yield_to_the_new_ones(book: RuleBook) -> None:
    yielding = {rule_id: rule.yields_to for rule_id in book if (rule := book.find(rule_id, TODAY)) and rule.yields_to}
    assert yielding == {
        "Q01": ("D01",),
        "Q02": ("D01",),
        "Q03": ("D02",),
        "Q04": ("D03a", "D03b"),
        "Q05": ("D04",),
        "Q06": ("D09",),
        "Q07": ("D12",),
        "Q08": ("D23",),
        "Q09": ("D24",),
        "Q10": ("D29",),
        "Q13": ("D11",),
        "Q14": ("D16",),
    }
