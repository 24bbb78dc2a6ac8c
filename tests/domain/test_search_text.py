"""What is the same in a search and what is not, and that the index never loses a text that a scan would find."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caseapp.domain.search_text import fold, grams, grams_asked, snippet, terms_of
from tests.factories.text_scan import LETTERS, is_found

TEXTS = st.text(st.sampled_from(LETTERS), max_size=30)


def holds(question: str, text: str) -> bool:
    terms = terms_of(question)
    return bool(terms) and all(term in fold(text) for term in terms)


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("通", "南通家纺", True),
        ("南通通州", "南通（通州）川姜镇", True),
        ("nike", "ＮＩＫＥ运动鞋", True),
        ("2026 128", "通知罚字〔2026〕128号", True),
        ("〔2026〕128号", "通知罚字（2026）128号", True),
        ("12", "通知罚字〔2026〕128号", True),
        ("28号", "通知罚字〔2026〕128号", False),
        ("2020", "20 20", False),
        ("zl2020", "ZL 202030123456.7", True),
        ("商标 家纺", "家纺城\n侵犯商标", True),
        ("家纺侵犯", "家纺\n侵犯", False),
        ("𬱖", "张𬱖", True),
        ("①", "第1项", True),
        ("（）", "（）", False),
        ("100%", "100 元", True),
    ],
)
def test_a_question_is_answered_as_people_expect(question: str, text: str, found: bool) -> None:
    assert holds(question, text) is found
    assert is_found(question, text) is found


@given(TEXTS, TEXTS)
@example("é", "e\u0301")
def test_the_normal_form_finds_what_reading_from_left_to_right_finds(question: str, text: str) -> None:
    assert holds(question, text) is is_found(question, text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_text_that_is_found_has_all_grams_of_the_question(question: str, text: str) -> None:
    has = set(grams(fold(text)))
    for term in terms_of(question):
        exact, beginning = grams_asked(term)
        assert exact or beginning
        if term in fold(text):
            assert set(exact) <= has
            assert beginning is None or any(gram.startswith(beginning) for gram in has)


@given(st.text(st.sampled_from(LETTERS), min_size=1, max_size=120), st.data())
def test_a_part_of_a_text_is_found_in_it_and_marked(text: str, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(text.splitlines() or [""]))
    begin = data.draw(st.integers(0, len(line)))
    part = line[begin : begin + data.draw(st.integers(1, 20))]
    terms = [term for term in terms_of(part) if term in fold(text)]
    pieces = snippet(text, terms, letters=30)
    assert any(piece.marked for piece in pieces) is bool(terms)
    shown = "".join(piece.text for piece in pieces if piece.text != "…")
    assert shown in text
    for piece in pieces:
        assert not piece.marked or any(term.strip() in fold(piece.text) or fold(piece.text).strip() for term in terms)


def test_what_is_marked_is_the_writer_s_own_text() -> None:
    pieces = snippet("当事人销售ＮＩＫＥ鞋", terms_of("nike鞋"))
    assert [(piece.text, piece.marked) for piece in pieces] == [("当事人销售", False), ("ＮＩＫＥ鞋", True)]


def test_a_long_line_is_cut_round_what_was_found() -> None:
    pieces = snippet("前" * 200 + "商标" + "后" * 200, terms_of("商标"), letters=40)
    assert pieces[0].text == pieces[-1].text == "…"
    assert [piece.text for piece in pieces if piece.marked] == ["商标"]
    assert sum(len(piece.text) for piece in pieces) == 42


def test_without_a_term_the_beginning_is_shown() -> None:
    assert [piece.text for piece in snippet("第一行\n第二行", ())] == ["第一行"]
    assert [piece.text for piece in snippet("", ("商",))] == []


def test_a_question_is_cut_where_it_becomes_absurd() -> None:
    assert len(terms_of(" ".join(str(number) for number in range(100)))) == 8
    assert terms_of("商标 商标") == ("商标",)
    exact, _ = grams_asked(terms_of("".join(chr(0x4E00 + number) for number in range(100)))[0])
    assert len(exact) == 24
