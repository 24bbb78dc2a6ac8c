"""Reading procedure files: shape, folders, the cache, and a set that is broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from caseapp.adapters import definition_files
from caseapp.adapters.clock_files import load_rule_book
from caseapp.adapters.definition_files import check_definitions, load_invariants, load_procedures
from caseapp.domain.errors import DefinitionError
from tests.domain.workflow.definitions import sound, with_value

WORKFLOWS = Path(__file__).parents[2] / "workflows"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder laid out like `workflows/` with one small procedure."""
    folder = tmp_path / "workflows"
    (folder / "procedures").mkdir(parents=True)
    for name in ("schema.json", "clocks.yaml", "documents.yaml", "amounts.yaml", "invariants.yaml"):
        shutil.copy(WORKFLOWS / name, folder / name)
    write(folder, "small.v1.yaml", sound())
    return folder


def write(folder: Path, name: str, document: Any) -> Path:
    path = folder / "procedures" / name
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(document, stream)
    return path


def refused(*folders: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(DefinitionError) as broken:
        load_procedures(folders)
    return [(Path(problem.file).name, problem.path, problem.rule) for problem in broken.value.problems]


def test_the_shipped_definitions_are_sound() -> None:
    assert check_definitions([], [WORKFLOWS]) == ()


def test_the_shipped_definitions_are_loaded() -> None:
    found = load_procedures([WORKFLOWS], rules=load_rule_book([WORKFLOWS]))
    assert {"penalty_general", "penalty_simplified"} <= {procedure.id for procedure in found.latest()}
    assert all(procedure.digest.startswith("sha256:") for procedure in found.all())


def test_the_schema_knows_every_word_of_the_domain() -> None:
    from caseapp.domain.events import MilestoneKind
    from caseapp.domain.workflow.definition import ApprovalMode, Category, FieldKind

    schema = json.loads((WORKFLOWS / "schema.json").read_text(encoding="utf-8"))
    words = schema["$defs"]
    assert set(words["milestone_kind"]["enum"]) == set(MilestoneKind)
    assert set(words["state"]["properties"]["category"]["enum"]) == set(Category)
    assert set(words["field"]["properties"]["kind"]["enum"]) == set(FieldKind)
    assert set(words["approval_steps"]["items"]["properties"]["mode"]["enum"]) == set(ApprovalMode)


def test_extra_folders_are_loaded_after_the_shipped_one(house: Path, tmp_path: Path) -> None:
    extra = tmp_path / "extra"
    (extra / "procedures").mkdir(parents=True)
    write(extra, "other.v1.yaml", with_value("procedure", "other"))
    assert {procedure.id for procedure in load_procedures([house, extra]).all()} == {"small", "other"}


def test_the_same_version_with_the_same_content_is_no_conflict(house: Path, tmp_path: Path) -> None:
    extra = tmp_path / "extra"
    (extra / "procedures").mkdir(parents=True)
    write(extra, "copy.v1.yaml", sound())
    assert load_procedures([house, extra]).get("small").version == 1


def test_the_same_version_with_other_content_is_refused(house: Path, tmp_path: Path) -> None:
    extra = tmp_path / "extra"
    (extra / "procedures").mkdir(parents=True)
    write(extra, "copy.v1.yaml", with_value("actions/close/name", {"zh": "结", "en": "close"}))
    assert refused(house, extra) == [("copy.v1.yaml", "/version", "version-taken")]


def test_comments_and_order_of_keys_are_not_content(house: Path) -> None:
    digest = load_procedures([house]).get("small").digest
    path = house / "procedures" / "small.v1.yaml"
    document = sound()
    write(house, "small.v1.yaml", dict(reversed(document.items())))
    path.write_text("# a remark\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_procedures([house]).get("small").digest == digest


def test_an_older_version_stays_beside_a_new_one(house: Path) -> None:
    write(house, "small.v2.yaml", with_value("version", 2) | {"counts": False})
    found = load_procedures([house])
    assert found.get("small").version == 2
    assert found.pinned("small", 1).counts


SHAPES = {
    "an unknown key": (with_value("colour", "red"), ""),
    "an unknown key of an action": (with_value("actions/close/colour", "red"), "/actions/close"),
    "no name": (with_value("name", ...), ""),
    "an unknown role": (with_value("actions/close/by", "mayor"), "/actions/close/by"),
    "an unknown category": (with_value("states/open/category", "busy"), "/states/open/category"),
    "an id with capitals": (with_value("procedure", "Small"), "/procedure"),
    "a version of nought": (with_value("version", 0), "/version"),
    "an unknown milestone": (with_value("actions/close/milestone", {"kind": "over"}), "/actions/close/milestone/kind"),
}


@pytest.mark.parametrize(("document", "path"), SHAPES.values(), ids=SHAPES)
def test_a_wrong_shape_is_refused_with_its_place(house: Path, document: Any, path: str) -> None:
    write(house, "small.v1.yaml", document)
    assert ("small.v1.yaml", path, "schema") in refused(house)


def test_broken_yaml_and_double_keys_are_problems_and_no_crash(house: Path) -> None:
    (house / "procedures" / "small.v1.yaml").write_text("states: [", encoding="utf-8")
    (house / "procedures" / "twice.v1.yaml").write_text("version: 1\nversion: 2\n", encoding="utf-8")
    assert [(name, rule) for name, _, rule in refused(house)] == [
        ("small.v1.yaml", "unreadable"),
        ("twice.v1.yaml", "unreadable"),
    ]


def test_every_broken_file_is_told_at_once(house: Path) -> None:
    write(house, "small.v1.yaml", with_value("actions/close/documents", ["poem"]))
    write(house, "other.v1.yaml", with_value("procedure", "other") | {"version": "one"})
    problems = check_definitions([], [house])
    assert {(Path(problem.file).name, problem.rule) for problem in problems} == {
        ("small.v1.yaml", "unknown-document"),
        ("other.v1.yaml", "schema"),
    }


def test_clocks_are_judged_against_the_rule_book(house: Path) -> None:
    write(house, "small.v1.yaml", with_value("actions/close/clocks", {"meets": "P98"}))
    with pytest.raises(DefinitionError, match="P98"):
        load_procedures([house], rules=load_rule_book([house]))


def test_a_file_can_be_checked_on_its_own(house: Path, tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    write(house, "draft.yaml", with_value("actions/close", ...))
    (house / "procedures" / "draft.yaml").rename(path)
    problems = check_definitions([path], [house])
    assert {problem.file for problem in problems} == {str(path)}
    assert "unreachable" in {problem.rule for problem in problems}


def test_a_broken_neighbour_is_a_problem_of_its_own(house: Path) -> None:
    (house / "clocks.yaml").write_text("clocks: 7\n", encoding="utf-8")
    (house / "amounts.yaml").write_text("amounts: 7\n", encoding="utf-8")
    problems = check_definitions([], [house])
    assert {Path(problem.file).name for problem in problems} == {"clocks.yaml", "amounts.yaml"}


def test_what_the_law_demands_holds_for_copies_of_the_shipped_procedures(house: Path) -> None:
    document = YAML(typ="safe", pure=True).load(
        (WORKFLOWS / "procedures" / "penalty_general.v1.yaml").read_text("utf-8")
    )
    document["guard_sets"]["penalty_ready"].remove("prior_notice_served")
    document["actions"]["decide_not_established"]["approval"] = [
        {"step": "section_head", "name": {"zh": "科室", "en": "section"}, "role": "section_head"}
    ]
    path = write(house, "own.v1.yaml", document)
    found = {problem.rule: problem for problem in check_definitions([path], [WORKFLOWS])}
    assert set(found) == {"law:prior_notice", "law:head_decides"}
    assert found["law:prior_notice"].example[-1] == "decide_penalty"
    assert (
        "serve_prior_notice" in found["law:prior_notice"].example
        or "submit_without_notice" in found["law:prior_notice"].example
    )


def test_invariants_are_read() -> None:
    assert {rule.id for rule in load_invariants([WORKFLOWS])} >= {"prior_notice", "legal_review", "closing"}


# --- The cache -------------------------------------------------------------------------------------------------------


def loaded(house: Path, cache: Path) -> str:
    return load_procedures([house], cache=cache).get("small").digest


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts how often definitions are judged."""
    judged: list[str] = []
    real = definition_files.check

    def check(procedure: Any, vocabulary: Any) -> Any:
        judged.append(procedure.id)
        return real(procedure, vocabulary)

    monkeypatch.setattr(definition_files, "check", check)
    return judged


def test_an_unchanged_set_is_not_judged_again(house: Path, tmp_path: Path, counted: list[str]) -> None:
    assert loaded(house, tmp_path / "cache") == loaded(house, tmp_path / "cache")
    assert counted == ["small"]


@pytest.mark.parametrize("name", ["procedures/small.v1.yaml", "schema.json", "amounts.yaml", "invariants.yaml"])
def test_a_changed_file_is_judged_again(house: Path, tmp_path: Path, counted: list[str], name: str) -> None:
    loaded(house, tmp_path / "cache")
    path = house / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    loaded(house, tmp_path / "cache")
    assert counted == ["small", "small"]


def test_other_words_are_judged_again(house: Path, tmp_path: Path, counted: list[str]) -> None:
    loaded(house, tmp_path / "cache")
    load_procedures([house], documents={"closing_approval"}, cache=tmp_path / "cache")
    assert counted == ["small", "small"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"key": 1}', '{"key": "x", "sources": [{"file": 1}]}'])
def test_a_damaged_cache_is_ignored(house: Path, tmp_path: Path, counted: list[str], damage: str) -> None:
    cache = tmp_path / "cache"
    loaded(house, cache)
    (file,) = cache.iterdir()
    file.write_text(damage, encoding="utf-8")
    loaded(house, cache)
    assert counted == ["small", "small"]


def test_a_cache_with_other_content_is_ignored(house: Path, tmp_path: Path, counted: list[str]) -> None:
    cache = tmp_path / "cache"
    loaded(house, cache)
    (file,) = cache.iterdir()
    content = json.loads(file.read_text(encoding="utf-8"))
    content["sources"][0]["document"]["name"]["zh"] = "假程序"
    file.write_text(json.dumps(content), encoding="utf-8")
    assert load_procedures([house], cache=cache).get("small").name.zh == "小程序"


def test_a_broken_set_is_never_kept(house: Path, tmp_path: Path) -> None:
    write(house, "small.v1.yaml", with_value("actions/close", ...))
    for _ in range(2):
        with pytest.raises(DefinitionError):
            loaded(house, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_only_the_newest_set_is_kept(house: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    loaded(house, cache)
    write(house, "small.v1.yaml", with_value("counts", False))
    loaded(house, cache)
    assert len(list(cache.iterdir())) == 1
