"""Mirrors caseapp/adapters/case_file_files.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from caseapp.adapters.case_file_files import load_binding_rules
from caseapp.adapters.document_files import load_document_types
from caseapp.domain.bound_file import Course, missing
from caseapp.domain.documents import Volume
from caseapp.domain.errors import DefinitionError
from tests.support.document_facts import DOCUMENTS_FILE, TEMPLATES
from tests.workflows.walking import procedures

CASE_FILE = DOCUMENTS_FILE.parent / "case_file.yaml"
DOCUMENTS = load_document_types(DOCUMENTS_FILE, templates_dir=TEMPLATES)
SHIPPED = load_binding_rules(CASE_FILE, documents=DOCUMENTS)


def problems_of(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> list[tuple[str, str, str]]:
    """Load the shipped file with one change and return (file, path, rule) of what is wrong with it."""
    content = YAML(typ="safe", pure=True).load(CASE_FILE.read_text(encoding="utf-8"))
    change(content)
    file = tmp_path / "case_file.yaml"
    with file.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(content, stream)
    with pytest.raises(DefinitionError) as refused:
        load_binding_rules(file, documents=DOCUMENTS)
    assert all(problem.problem for problem in refused.value.problems)
    return [(problem.file, problem.path, problem.rule) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("procedure", "cover", "fourth"),
    [
        ("penalty_general", "行政处罚案卷", "证据材料"),
        ("patent_dispute", "专利侵权纠纷行政裁决案卷", "证据材料"),
        ("mediation", "专利纠纷行政调解案卷", "证据材料"),
        ("another_office_s_own", "行政处罚案卷", "证据材料"),
    ],
)
def test_every_main_procedure_has_an_order(procedure: str, cover: str, fourth: str) -> None:
    rules = SHIPPED.of(procedure)
    assert (rules.cover, rules.section_name(*rules.evidence)) == (cover, fourth)


@pytest.mark.parametrize("procedure", ["penalty_general", "patent_dispute", "mediation"])
def test_every_paper_that_is_expected_has_a_named_place(procedure: str) -> None:
    rules = SHIPPED.of(procedure)
    expected = {name for one in rules.expected if procedure in one.procedures for name in one.documents}
    assert expected
    assert {name: rules.section_name(*rules.place_of(DOCUMENTS[name])) for name in expected if not rules.section_name(*rules.place_of(DOCUMENTS[name]))} == {}  # fmt: skip


DISPUTES = ("patent_dispute", "mediation", "seizure", "evidence_preservation", "appraisal", "recusal",
            "evidence_registration", "evidence_sampling")  # fmt: skip
FORMS_OF_APPROVAL = {"matter_approval", "decision_approval"}
PROOFS = {"service_receipt"}
"""Expected with what they prove the service of, not after every act that may be served."""


@pytest.mark.parametrize("procedure", DISPUTES)
def test_every_paper_of_an_act_in_and_beside_a_dispute_is_missed_where_it_is_not_on_file(procedure: str) -> None:
    definition = procedures().get(procedure)
    unmissed = []
    for action in (*definition.actions, *definition.papers):
        milestone = action.milestone
        happened: dict[str, Any] = dict(milestone.details) if milestone else {}
        course = Course(
            procedures=frozenset({procedure}),
            milestones=((milestone.kind.value, happened),) if milestone else (),
            acts=frozenset({action.id}),
            issued=frozenset({action.id}) if action.paper else frozenset(),
        )
        told = {item.key for item in missing(SHIPPED, course, [], {}, {})}
        always = {action.id} if action.paper else set(action.documents_for({})) - FORMS_OF_APPROVAL - PROOFS
        unmissed += [(action.id, name) for name in sorted(always) if name not in told]
    assert unmissed == []


def test_internal_papers_of_a_dispute_are_kept_from_the_parties() -> None:
    rules = SHIPPED.of("patent_dispute")
    side = {name for name, kind in DOCUMENTS.items() if rules.place_of(kind)[0] is Volume.SIDE}
    assert {"dispute_filing_approval", "deliberation_record", "extension_approval", "closing_approval"} <= side
    assert "adjudication" not in side


def first_order(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = content["orders"][0]
    return found


@pytest.mark.parametrize(
    ("change", "path", "rule"),
    [
        pytest.param(lambda c: c.pop("cover"), "/cover", "schema", id="no-cover"),
        pytest.param(lambda c: c["evidence"].update(volume="attic"), "evidence/volume", "schema", id="no-such-volume"),
        pytest.param(
            lambda c: c["volumes"]["main"]["sections"][1].update(order=5),
            "volumes/main/sections/1/order",
            "order",
            id="sections-out-of-order",
        ),
        pytest.param(
            lambda c: c["expected"][0].update(documents=["poem"]), "expected/0", "unknown-document", id="unknown-document"
        ),
        pytest.param(
            lambda c: c["expected"][0].update(when={"issued": "poem"}), "expected/0", "unknown-document", id="unknown-issued"
        ),
        pytest.param(
            lambda c: c["expected"][0].update(when={"moon": "full"}), "expected/0/when/moon", "schema", id="unknown-when"
        ),
        pytest.param(lambda c: c["expected"][0].pop("procedures"), "expected/0/procedures", "schema", id="of-no-procedure"),
        pytest.param(lambda c: c["expected"][0].update(colour="red"), "expected/0/colour", "schema", id="unknown-key"),
        pytest.param(lambda c: first_order(c).update(colour="red"), "orders/0/colour", "schema", id="unknown-key-of-an-order"),
        pytest.param(lambda c: first_order(c).pop("cover"), "orders/0/cover", "schema", id="order-without-cover"),
        pytest.param(
            lambda c: c["orders"][1].update(procedures=["patent_dispute"]),
            "orders/1/procedures",
            "duplicate",
            id="two-orders-for-one-procedure",
        ),
        pytest.param(
            lambda c: first_order(c)["places"].update(poem={"volume": "main", "order": 1}),
            "orders/0/places/poem",
            "unknown-document",
            id="place-of-an-unknown-document",
        ),
        pytest.param(
            lambda c: first_order(c)["places"].update(adjudication={"volume": "side", "order": 9}),
            "orders/0/places/adjudication/order",
            "order",
            id="place-in-no-section",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_and_place(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], path: str, rule: str
) -> None:
    assert problems_of(tmp_path, change) == [("case_file.yaml", path, rule)]


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "case_file.yaml"
    file.write_text("volumes: [", encoding="utf-8")
    with pytest.raises(DefinitionError):
        load_binding_rules(file, documents=DOCUMENTS)
