"""Mirrors caseapp/adapters/document_files.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from caseapp.adapters.document_files import load_document_types
from caseapp.adapters.yaml_files import read_yaml
from caseapp.domain.documents import Audience, Volume
from caseapp.domain.errors import DefinitionError
from tests.support.document_facts import DISPUTE_PAPERS, DOCUMENTS_FILE, TEMPLATES

SHIPPED = load_document_types(DOCUMENTS_FILE, templates_dir=TEMPLATES)


def problems_of(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> list[tuple[str, str]]:
    """Load the shipped file with one change and return (path, rule) of what is wrong with it."""
    content: Any = read_yaml(DOCUMENTS_FILE)
    change(content)
    file = tmp_path / "documents.yaml"
    with file.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(content, stream)
    try:
        load_document_types(file, templates_dir=TEMPLATES)
    except DefinitionError as error:
        return [(problem.path, problem.rule) for problem in error.problems if problem.file == "documents.yaml"]
    return []


SIDE_PAPERS = {
    "preservation_notice",
    "preservation_release",
    "measure_decision",
    "measure_extension",
    "measure_release",
    "property_list",
    "seal_strip",
    "goods_transfer_notice",
    "appraisal_order",
    "appraisal_period_notice",
    "appraisal_result_notice",
    "recusal_decision",
    "custody_order",
    "seizure_assistance",
    "early_disposal_confirmation",
    "early_disposal_notice",
}


def test_the_shipped_kinds_of_document_are_complete() -> None:
    assert set(SHIPPED) >= {
        "lead_register",
        "filing_approval",
        "investigation_report",
        "review_form",
        "prior_notice",
        "penalty_decision",
        "no_penalty_decision",
        "on_spot_decision",
        "service_receipt",
        "closing_approval",
        "interview_record",
        "site_record",
        "assistance_letter",
        "correction_order",
        "hearing_notice",
        "hearing_record",
        "hearing_report",
        "collective_discussion",
        "reminder",
        "court_application",
        "designation_notice",
        "hand_down_notice",
        "transfer_letter",
        "transfer_receipt",
        "case_front",
        "case_remarks",
        "evidence_list",
        "masked_copy",
        "matter_approval",
        "decision_approval",
        "service_announcement",
        "address_confirmation",
        "extraction_sheet",
        "electronic_extraction_record",
        "interview_notice",
        "materials_notice",
        "identification_notice",
        "sampling_record",
        "defence_record",
        "disposal_record",
        "deferral_notice",
        *DISPUTE_PAPERS,
        *SIDE_PAPERS,
    }


def test_papers_to_parties_that_decide_something_are_numbered_in_series_of_their_own() -> None:
    words = {key: kind.series.word for key, kind in SHIPPED.items() if kind.series is not None}
    own = {
        "prior_notice": "知告字",
        "penalty_decision": "知罚字",
        "no_penalty_decision": "知不罚字",
        "on_spot_decision": "知当罚字",
        "assistance_letter": "知协查字",
        "correction_order": "知责改字",
        "hearing_notice": "知听通字",
        "reminder": "知催字",
        "court_application": "知申执字",
        "adjudication": "知裁字",
        "cancellation_decision": "知撤字",
        "mediation_agreement": "知协字",
        "designation_notice": "知指字",
        "hand_down_notice": "知交字",
        "transfer_letter": "知移字",
        "recusal_decision": "知回字",
        "jurisdiction_decision": "知管字",
        "dispute_court_application": "知裁执字",
        "cooperation_notice": "知协执字",
        "clue_letter": "知线移字",
        "deferral_notice": "知缓字",
        "sampling_decision": "知抽字",
    }
    assert own.items() <= words.items()
    assert sorted(word for word in words.values() if word in own.values()) == sorted(own.values())
    assert all(not kind.numbered for kind in SHIPPED.values() if kind.audience is Audience.INTERNAL)


def test_what_the_rules_put_in_the_closed_volume_is_kept_there() -> None:
    # 程序规定 art 78: sources, report, review and closing are 副卷; the filing form is 正卷 although it is internal.
    side = {key for key, kind in SHIPPED.items() if kind.volume is Volume.SIDE}
    assert side == {
        "lead_register",
        "investigation_report",
        "review_form",
        "hearing_report",
        "collective_discussion",
        "closing_approval",
        "extension_approval",
        "deliberation_record",
        "investigation_approval",
        "publication_approval",
        "matter_approval",
        "decision_approval",
        "registration_approval",
    }


def test_every_kind_rests_on_an_article_that_was_read() -> None:
    assert {kind.authority.confidence for kind in SHIPPED.values()} == {"verified"}
    assert str(SHIPPED["penalty_decision"].authority) == "《市场监督管理行政处罚程序规定》第六十二条"


def test_a_change_that_breaks_nothing_is_accepted(tmp_path: Path) -> None:
    assert problems_of(tmp_path, lambda content: content["documents"].pop("on_spot_decision")) == []


@pytest.mark.parametrize(
    ("change", "path", "rule"),
    [
        pytest.param(
            lambda c: c["documents"]["prior_notice"].update(template="none.html"),
            "documents/prior_notice/template",
            "unknown-template",
            id="template-that-does-not-exist",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"].update(template="../layout/base.html"),
            "documents/prior_notice/template",
            "unknown-template",
            id="template-outside-its-folder",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"].update(series="letters"),
            "documents/prior_notice/series",
            "unknown-series",
            id="series-that-is-not-defined",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"].pop("series"),
            "documents/prior_notice",
            "missing-key",
            id="series-left-out-is-not-the-same-as-unnumbered",
        ),
        pytest.param(
            lambda c: c["series"]["penalty"].update(word="知告字"),
            "series/penalty/word",
            "duplicate",
            id="two-series-with-one-word",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"].update(colour="red"),
            "documents/prior_notice/colour",
            "unknown-key",
            id="unknown-key",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"]["required"].append("case.colour"),
            "documents/prior_notice/required/24",
            "unknown-label",
            id="fact-without-a-name",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"]["required"].append("organ.name"),
            "documents/prior_notice/required/24",
            "duplicate",
            id="fact-required-twice",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"]["required"].append("case[0].name"),
            "documents/prior_notice/required/24/path",
            "fact-path",
            id="malformed-path",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"]["required"].append(
                {"path": "case.number", "when": {"fact": "case.name", "is": []}}
            ),
            "documents/prior_notice/required/24/when/is",
            "schema",
            id="condition-without-values",
        ),
        pytest.param(
            lambda c: c["documents"]["lead_register"]["signers"][0].update(role="emperor"),
            "documents/lead_register/signers/0/role",
            "schema",
            id="unknown-role",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"]["citation"].update(confidence="sure"),
            "documents/prior_notice/citation/confidence",
            "schema",
            id="unknown-confidence",
        ),
        pytest.param(
            lambda c: c["documents"]["prior_notice"]["name"].pop("en"),
            "documents/prior_notice/name/en",
            "schema",
            id="name-in-one-language-only",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], path: str, rule: str
) -> None:
    assert problems_of(tmp_path, change) == [(path, rule)]


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    def two_faults(content: dict[str, Any]) -> None:
        content["documents"]["prior_notice"]["template"] = "none.html"
        content["documents"]["penalty_decision"]["series"] = "letters"

    assert len(problems_of(tmp_path, two_faults)) == 2


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "documents.yaml"
    file.write_text("series: [", encoding="utf-8")
    with pytest.raises(DefinitionError):
        load_document_types(file, templates_dir=TEMPLATES)
