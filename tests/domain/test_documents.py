"""Mirrors caseapp/domain/documents.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.documents import (
    Audience,
    Authority,
    Condition,
    DocumentNotReady,
    DocumentType,
    FactPath,
    FrozenFacts,
    MissingFact,
    NumberSeries,
    RequiredFact,
    Volume,
    is_blank,
    missing_facts,
    texts,
    unprintable_characters,
)


def notice(*required: RequiredFact) -> DocumentType:
    return DocumentType(
        id="prior_notice",
        name={"zh": "行政处罚告知书", "en": "Prior notice of penalty"},
        form="37",
        template="prior_notice.html",
        template_version="1",
        series=NumberSeries("notice", "知告字", {"zh": "行政处罚告知", "en": "Prior notices"}),
        audience=Audience.PARTY,
        volume=Volume.MAIN,
        order=3,
        issued_by={"zh": "告知", "en": "Notice"},
        authority=Authority("市场监督管理行政处罚程序规定", "五十七", "verified"),
        required=required,
        labels={"rights.title": "权利名称"},
    )


def required(path: str, label: str = "某项", when: tuple[str, tuple[object, ...]] | None = None) -> RequiredFact:
    condition = Condition(FactPath.parse(when[0]), when[1]) if when else None
    return RequiredFact(FactPath.parse(path), label, condition)


def missing_paths(facts: Mapping[str, object], *paths: RequiredFact | str) -> list[str]:
    facts_required = [required(path) if isinstance(path, str) else path for path in paths]
    return [fact.path for fact in missing_facts(notice(*facts_required), facts)]


@pytest.mark.parametrize(
    "text", ["", "Case.name", "case..name", "case.name ", "parties[role]", "parties[role=]", "parties[0].name", ".name"]
)
def test_a_path_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no path to a fact"):
        FactPath.parse(text)


@pytest.mark.parametrize(
    ("value", "blank"),
    [
        pytest.param(None, True, id="nothing"),
        pytest.param("", True, id="empty-text"),
        pytest.param(" \u3000\n", True, id="only-spaces"),
        pytest.param([], True, id="empty-list"),
        pytest.param({}, True, id="empty-mapping"),
        pytest.param(0, False, id="zero-fen-is-an-amount"),
        pytest.param(False, False, id="no-is-an-answer"),
        pytest.param("无", False, id="text"),
    ],
)
def test_zero_and_false_say_something_blank_text_does_not(value: object, blank: bool) -> None:
    assert is_blank(value) is blank
    assert missing_paths({"fact": value}, "fact") == (["fact"] if blank else [])


def test_a_fact_inside_something_absent_is_missing() -> None:
    assert missing_paths({}, "organ.name") == ["organ.name"]
    assert missing_paths({"organ": "局"}, "organ.name") == ["organ.name"]


def test_a_list_at_the_end_needs_at_least_one_item() -> None:
    assert missing_paths({"evidence": []}, "evidence[]") == ["evidence"]
    assert missing_paths({"evidence": [{}]}, "evidence[]") == []


def test_a_selector_counts_matching_items_only() -> None:
    facts = {"parties": [{"role": "complainant", "name": "甲"}]}
    assert missing_paths(facts, "parties[role=respondent]") == ["parties[role=respondent]"]
    facts["parties"].append({"role": "respondent"})
    assert missing_paths(facts, "parties[role=respondent]") == []


def test_a_field_behind_a_list_must_be_in_every_matching_item_and_nowhere_else() -> None:
    facts = {"parties": [{"role": "respondent", "address": "x"}, {"role": "reporter"}, {"role": "respondent"}]}
    assert missing_paths(facts, "parties[role=respondent].address") == ["parties.2.address"]
    assert missing_paths({"parties": []}, "parties[role=respondent].address") == []


def test_the_label_says_which_of_several_items_lacks_the_fact() -> None:
    doc_type = notice(required("evidence[].name", "证据名称"))
    two = {"evidence": [{"name": "笔录"}, {"name": ""}]}
    assert missing_facts(doc_type, two) == (MissingFact("evidence.1.name", "证据名称（第2项）"),)
    assert missing_facts(doc_type, {"evidence": [{}]}) == (MissingFact("evidence.0.name", "证据名称"),)


def test_missing_facts_come_in_the_order_of_the_definition() -> None:
    assert missing_paths({"b": "有"}, "c", "b", "a") == ["c", "a"]


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        pytest.param({"proposed": {"kinds": ["warning", "fine"]}}, True, id="list-contains-it"),
        pytest.param({"proposed": {"kinds": ["warning"]}}, False, id="list-lacks-it"),
        pytest.param({"proposed": {}}, False, id="unknown-asks-nothing"),
        pytest.param({"proposed": {"kinds": "fine"}}, True, id="single-value"),
    ],
)
def test_a_conditional_fact_is_asked_only_where_the_condition_holds(facts: Mapping[str, object], asked: bool) -> None:
    fine = required("proposed.fine_fen", when=("proposed.kinds", ("fine",)))
    assert missing_paths(facts, fine) == (["proposed.fine_fen"] if asked else [])


def test_a_condition_does_not_take_one_for_yes() -> None:
    days = required("hearing.working_days", when=("hearing.entitled", (True,)))
    assert missing_paths({"hearing": {"entitled": 1}}, days) == []
    assert missing_paths({"hearing": {"entitled": True}}, days) == ["hearing.working_days"]


def test_a_label_is_found_for_concrete_paths_and_falls_back_to_the_path() -> None:
    doc_type = notice(required("parties[role=respondent].name", "当事人名称"))
    assert doc_type.label("parties.3.name") == "当事人名称"
    assert doc_type.label("rights.0.title") == "权利名称"
    assert doc_type.label("rights.0.number") == "rights.0.number"


def test_every_text_of_the_facts_is_looked_at() -> None:
    facts = {"a": "甲", "b": {"c": ["乙", {"d": "丙"}]}, "n": 3, "x": None}
    assert list(texts(facts)) == [("a", "甲"), ("b.c.0", "乙"), ("b.c.1.d", "丙")]


def test_a_character_without_glyph_is_found_with_the_fact_it_stands_in() -> None:
    def glyphs_missing(text: str) -> tuple[str, ...]:
        return ("𪛖",) if "𪛖" in text else ()

    doc_type = notice(required("parties[role=respondent].name", "当事人名称"))
    facts = {"parties": [{"role": "respondent", "name": "王𪛖", "address": "南通"}]}
    (found,) = unprintable_characters(doc_type, facts, glyphs_missing)
    assert (found.path, found.label, found.character, found.code) == ("parties.0.name", "当事人名称", "𪛖", "U+2A6D6")
    assert unprintable_characters(doc_type, {"name": "王"}, glyphs_missing) == ()


def test_a_document_that_is_not_ready_says_why() -> None:
    refusal = DocumentNotReady(notice(), [MissingFact("case.name", "案件名称"), MissingFact("basis", "依据")])
    assert str(refusal) == "行政处罚告知书尚缺以下内容：案件名称、依据"
    assert [fact.path for fact in refusal.missing] == ["case.name", "basis"]


FACTS = {"case": {"name": "某案"}, "number": "通知知告字〔2026〕1号", "amount_fen": 100}


def test_frozen_facts_do_not_depend_on_the_order_of_keys() -> None:
    turned = dict(reversed(FACTS.items()))
    assert FrozenFacts.freeze(notice(), FACTS) == FrozenFacts.freeze(notice(), turned)


def test_the_digest_names_its_algorithm_and_covers_facts_kind_and_template_version() -> None:
    digests = {
        FrozenFacts.freeze(notice(), FACTS).digest,
        FrozenFacts.freeze(notice(), {**FACTS, "amount_fen": 101}).digest,
        FrozenFacts.freeze(replace(notice(), template_version="2"), FACTS).digest,
        FrozenFacts.freeze(replace(notice(), id="other"), FACTS).digest,
    }
    assert len(digests) == 4
    assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in digests)


def test_tampering_with_frozen_facts_is_seen() -> None:
    frozen = FrozenFacts.freeze(notice(), FACTS)
    assert frozen.intact
    assert not replace(frozen, canonical=frozen.canonical.replace("某案", "他案")).intact
    assert not replace(frozen, template_version="9").intact


def test_a_float_cannot_be_frozen() -> None:
    with pytest.raises(ValueError, match="float"):
        FrozenFacts.freeze(notice(), {"amount": 1.5})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_thawed_facts_are_the_facts_and_freeze_to_the_same_digest(facts: dict[str, object]) -> None:
    frozen = FrozenFacts.freeze(notice(), facts)
    assert frozen.thaw() == facts
    assert FrozenFacts.freeze(notice(), frozen.thaw()) == frozen
