"""The file of criminal limits: read with its citations, refused with its place when it is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from caseapp.adapters.definition_files import check_definitions
from caseapp.adapters.threshold_files import load_thresholds
from caseapp.domain.errors import DefinitionError, DefinitionProblem
from caseapp.domain.thresholds.rules import Grade

WORKFLOWS = Path(__file__).parents[2] / "workflows"
ROW = (
    '{offence: "213", set: B, grade: entry, measure: turnover, condition: base, limit: 50000, text: J2025, '
    'article: "3(1)(1)"}'
)


def folder(tmp_path: Path, text: str) -> Path:
    tmp_path.joinpath("thresholds.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the part of the shipped file that the wrong ones stand beside: it is read faster."""
    lines = (WORKFLOWS / "thresholds.yaml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "offence:" not in line or "set: B, grade: entry" in line]
    kept = [line for line in kept if "offence:" not in line or "condition: base" in line or "items:" in line]
    halves, rest = "\n".join(kept).split("halves:")[0], "\n".join(kept).split("thresholds:\n")[1]
    return folder(tmp_path_factory.mktemp("shipped"), f"{halves}\nthresholds:\n{rest}\n")


def problems(shipped: Path, tmp_path: Path, text: str) -> tuple[DefinitionProblem, ...]:
    with pytest.raises(DefinitionError) as refused:
        load_thresholds([shipped, folder(tmp_path, text)])
    return tuple(refused.value.problems)


def test_every_offence_has_its_grades_in_both_sets_with_article_and_confidence() -> None:
    book = load_thresholds([WORKFLOWS])
    assert [offence.id for offence in book.offences] == ["213", "214", "215", "216", "217", "218", "219", "219-1"]
    graded = {(item.offence, item.set, item.grade) for item in book.thresholds}
    for offence in book.offences:
        for set_id in ("A", "B") if offence.id != "219-1" else ("B",):
            assert (offence.id, set_id, Grade.ENTRY) in graded
            assert ((offence.id, set_id, Grade.UPPER) in graded) is (offence.id not in ("216", "218"))
    for item in book.thresholds:
        assert item.provision.told.startswith(("法", "公安机关"))
        assert item.provision.confidence in ("verified", "secondary", "recalled_high")
    sets = {one.id: (one.first, book.last_day(one)) for one in book.sets}
    assert sets == {"A": (date(2004, 12, 22), date(2025, 4, 25)), "B": (date(2025, 4, 26), None)}


def test_citations_read_as_people_write_them() -> None:
    told = {item.provision.told for item in load_thresholds([WORKFLOWS]).thresholds}
    assert {"法释〔2025〕5号第3条第1款第1项", "法释〔2025〕5号第3条第4款", "法释〔2004〕19号第1条"} <= told


def test_an_office_may_repeat_a_row_and_add_a_set_of_its_own(tmp_path: Path) -> None:
    text = f"""
texts:
  J2030: {{law: 法释〔2030〕1号, source: "", confidence: uncertain, from: "2030-01-01"}}
sets:
- {{id: C, name: {{zh: 新解释, en: a new text}}, from: "2030-01-01"}}
thresholds:
- {ROW}
- {{offence: "213", set: C, grade: entry, measure: turnover, condition: base, limit: 80000, text: J2030,
   article: 附件一}}
"""
    book = load_thresholds([WORKFLOWS, folder(tmp_path, text)])
    assert book.last_day(book.sets[1]) == date(2029, 12, 31)
    assert [item.limit for item in book.limits_of("213", "C", Grade.ENTRY, date(2030, 1, 1))] == [80_000_00]
    assert [item.provision.told for item in book.limits_of("213", "C", Grade.ENTRY, date(2030, 1, 1))] == [
        "法释〔2030〕1号附件一"
    ]


def test_a_folder_without_the_file_adds_nothing(tmp_path: Path) -> None:
    assert load_thresholds([WORKFLOWS, tmp_path]) == load_thresholds([WORKFLOWS])
    assert load_thresholds([tmp_path]).thresholds == ()


def changed(**parts: str) -> str:
    row = ROW
    for key, value in parts.items():
        old = row.split(f"{key}: ")[1].split(",")[0].rstrip("}")
        row = row.replace(f"{key}: {old}", f"{key}: {value}")
    return f"thresholds:\n- {row}\n"


WRONG = {
    "another limit for the same days": (changed(limit="40000"), "/thresholds/0", "overlap"),
    "a measure that is none": (changed(measure="weight"), "/thresholds/0/measure", "schema"),
    "money added to numbers": (changed(measure="sales+copies"), "/thresholds/0/measure", "schema"),
    "an offence that is not defined": (changed(offence='"220"'), "/thresholds/0/offence", "unknown-name"),
    "a grade that is none": (changed(grade="middle"), "/thresholds/0/grade", "schema"),
    "a limit of nothing": (changed(limit="0", measure="loss"), "/thresholds/0", "limit"),
    "several marks of an offence that counts none": (
        changed(offence='"214"', condition="plural", measure="loss"), "/thresholds/0", "condition",
    ),
    "a condition that makes the limit higher": (
        changed(offence='"216"', condition="plural", measure="loss", limit="400000"), "/thresholds/0", "order",
    ),
    "a flag that is none": (f"thresholds:\n- {ROW[:-1]}, needs: luck}}\n", "/thresholds/0/needs", "schema"),
    "an unknown key": (f"thresholds:\n- {ROW[:-1]}, colour: red}}\n", "/thresholds/0/colour", "schema"),
    "the last day before the first": (f'thresholds:\n- {ROW[:-1]}, to: "2020-01-01"}}\n', "/thresholds/0/to", "schema"),
    "an unknown table": ("limits: []\n", "/limits", "schema"),
    "an offence changed": (
        'offences:\n- {id: "213", group: other, ip_types: [trademark], name: {zh: 甲, en: a}}\n',
        "/offences/0/id", "conflict",
    ),
    "an offence without limits": (
        'offences:\n- {id: "220", group: other, ip_types: [trademark], name: {zh: 甲, en: a}}\n', "/", "no-entry",
    ),
    "an offence that counts what it cannot": (
        'offences:\n- {id: "220", group: other, ip_types: [paint], plural: copies, name: {zh: 甲, en: a}}\n',
        "/offences/0/plural", "schema",
    ),
    "a set on a taken day": (
        'sets:\n- {id: C, name: {zh: 甲, en: a}, from: "2025-04-26"}\n', "/sets/0/from", "overlap",
    ),
    "a set without its day": ("sets:\n- {id: C, name: {zh: 甲, en: a}, from: null}\n", "/sets/0/from", "schema"),
    "a share of nothing": ("warn_at_percent: 0\n", "/warn_at_percent", "schema"),
    "another share": ("warn_at_percent: 90\n", "/warn_at_percent", "conflict"),
    "suspicion without its day": (
        'suspicion: {text: R310, article: "3(2)", from: null}\n', "/suspicion/from", "schema",
    ),
    "a text of unknown weight": (
        'texts:\n  X: {law: 某规定, source: "", confidence: sure, from: null, of: x}\n', "/texts/X/confidence", "schema",
    ),
    "words that are no list": (
        'offences:\n- {id: "220", group: other, ip_types: trademark, name: {zh: 甲, en: a}}\n',
        "/offences/0/ip_types", "schema",
    ),
    "one half alone": (
        'halves:\n- {offence: "218", set: B, text: J2025, article: "1",\n   '
        "items: [[{measure: copies, limit: 5, condition: base}]]}\n",
        "/halves/0/items", "schema",
    ),
    "no YAML": ("thresholds: [", "", "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "rule"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_place(shipped: Path, tmp_path: Path, text: str, place: str, rule: str) -> None:
    found = problems(shipped, tmp_path, text)
    assert (place, rule) in {(one.path, one.rule) for one in found}
    assert all(one.file.endswith("thresholds.yaml") for one in found)


def test_an_upper_grade_cannot_begin_below_the_entry(shipped: Path, tmp_path: Path) -> None:
    rows = [
        ROW.replace('"213"', '"218"').replace("turnover", "loss"),
        ROW.replace('"213"', '"218"').replace("turnover", "loss").replace("entry", "upper").replace("50000", "40000"),
    ]
    found = problems(shipped, tmp_path, "thresholds:\n" + "".join(f"- {row}\n" for row in rows))
    assert [(one.path, one.rule) for one in found] == [("/thresholds/1", "order")]


def test_a_version_of_another_time_stands_beside_the_first(shipped: Path, tmp_path: Path) -> None:
    row = ROW.replace("set: B", "set: A").replace("J2025", "J2004").replace("turnover", "works")
    rows = [row[:-1] + ', to: "2010-12-31"}', row.replace("50000", "40000")[:-1] + ', from: "2011-01-01"}']
    book = load_thresholds([shipped, folder(tmp_path, "thresholds:\n" + "".join(f"- {one}\n" for one in rows))])
    found = [
        [item.limit for item in book.limits_of("213", "A", Grade.ENTRY, day) if item.measure == ("works",)]
        for day in (date(2010, 12, 31), date(2011, 1, 1))
    ]
    assert found == [[50_000], [40_000]]


def test_the_check_of_definitions_tells_of_it(tmp_path: Path) -> None:
    found = check_definitions(
        [WORKFLOWS / "procedures" / "recusal.v1.yaml"], [WORKFLOWS, folder(tmp_path, changed(limit="40000"))]
    )
    assert [(one.path, one.rule) for one in found] == [("/thresholds/0", "overlap")]
