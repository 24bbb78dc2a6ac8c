"""Mirrors caseapp/adapters/document_renderer.py."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest

from caseapp.adapters.document_files import load_document_types
from caseapp.adapters.document_renderer import DocumentRenderer, cn_date, cn_number, cn_time, letterhead_points
from caseapp.domain.documents import DocumentNotReady, DocumentType, RequiredFact, missing_facts
from tests.support.document_facts import DOCUMENTS_FILE, TEMPLATES, facts_for, full_facts, part

TYPES = load_document_types(DOCUMENTS_FILE, templates_dir=TEMPLATES)
RENDERER = DocumentRenderer(TEMPLATES)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent = tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


def text_of(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    return re.sub(r"\s+", "", "".join(parser.pieces))


def paper(kind: str, facts: Mapping[str, object] | None = None) -> str:
    return text_of(RENDERER.render_html(TYPES[kind], facts or facts_for(kind), preview=False))


def draft(kind: str, facts: Mapping[str, object]) -> str:
    return text_of(RENDERER.render_html(TYPES[kind], facts, preview=True))


def without(facts: dict[str, object], required: RequiredFact) -> dict[str, object]:
    """Return the facts without what a required path means, and nothing else changed."""
    facts = copy.deepcopy(facts)

    def cut(place: Any, steps: tuple[Any, ...]) -> None:
        step, rest = steps[0], steps[1:]
        if step.is_list:
            chosen = [item for item in place[step.key] if step.field is None or item.get(step.field) == step.value]
            if rest:
                for item in chosen:
                    cut(item, rest)
            else:
                place[step.key] = [item for item in place[step.key] if item not in chosen]
        elif rest:
            cut(place[step.key], rest)
        else:
            del place[step.key]

    cut(facts, required.path.steps)
    return facts


def bare_minimum(doc_type: DocumentType, facts: Mapping[str, object]) -> dict[str, object]:
    """Return only those of the facts that the document requires, with number and date of issue."""
    wanted = {required.path.bare for required in doc_type.required}
    wanted |= {required.when.path.bare for required in doc_type.required if required.when is not None}
    # The keys by which items of a list are chosen, and the day and number that issuing gives.
    wanted |= {f"{key.split('.')[0]}.{field}" for key in wanted for field in ("role", "kind", "step")}
    wanted |= {"number", "issued_on"}

    def prune(value: object, path: str) -> object:
        if isinstance(value, Mapping):
            kept = {key: prune(item, f"{path}.{key}" if path else key) for key, item in value.items()}
            return {key: item for key, item in kept.items() if item is not None}
        if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            return [prune(item, path) for item in value] if any(key.startswith(path) for key in wanted) else None
        return value if path in wanted else None

    pruned = prune(facts, "")
    assert isinstance(pruned, dict)
    return {key: value for key, value in pruned.items() if value not in ({}, [])}


EVERY_REQUIRED_FACT = [
    pytest.param(kind, required, id=f"{kind}-{required.path.text}")
    for kind, doc_type in TYPES.items()
    for required in doc_type.required
]


@pytest.mark.parametrize("kind", TYPES)
def test_every_document_prints_from_full_facts_and_shows_nothing_missing(kind: str) -> None:
    assert missing_facts(TYPES[kind], facts_for(kind)) == ()
    text = paper(kind)
    assert "【缺" not in text
    assert "None" not in text
    assert "草稿" not in text


@pytest.mark.parametrize("kind", TYPES)
def test_a_document_prints_from_the_required_facts_alone(kind: str) -> None:
    facts = bare_minimum(TYPES[kind], facts_for(kind))
    assert "rights" not in facts
    assert missing_facts(TYPES[kind], facts) == ()
    assert "【缺" not in paper(kind, facts)


@pytest.mark.parametrize("kind", TYPES)
def test_a_preview_of_nothing_at_all_still_renders(kind: str) -> None:
    text = draft(kind, {})
    assert "【缺：机关名称】" in text
    assert "草稿" in text


@pytest.mark.parametrize(("kind", "required"), EVERY_REQUIRED_FACT)
def test_without_a_required_fact_the_preview_marks_it_and_issuing_is_refused(kind: str, required: RequiredFact) -> None:
    facts = facts_for(kind)
    if required.when is not None and not required.when.holds(facts):
        facts = _made_to_hold(facts, required)
    lacking = without(facts, required)
    with pytest.raises(DocumentNotReady) as refused:
        RENDERER.render_html(TYPES[kind], lacking, preview=False)
    assert required.label in {fact.label.split("（第")[0] for fact in refused.value.missing}
    # An opinion that nobody gave yet leaves room for one by hand.
    if not (required.path.text.startswith("approvals[") and required.path.text.endswith("]")):
        assert f"【缺：{required.label}】" in draft(kind, lacking)
    else:  # the paper that waits for this very signature has room for it
        assert "部门负责人意见签名：年月日" in draft(kind, lacking)


def _made_to_hold(facts: dict[str, object], required: RequiredFact) -> dict[str, object]:
    """Change the one fact on which a conditional requirement hangs, and give the required fact a value."""
    assert required.when is not None
    for path, value in ((required.when.path, required.when.any_of[0]), (required.path, "某项内容")):
        *groups, last = (step.key for step in path.steps)
        place: dict[str, Any] = facts
        for group in groups:
            place = place.setdefault(group, {})
        if isinstance(place.get(last), list):
            place[last] = [*place[last], value]
        elif path is required.when.path or last not in place:
            place[last] = value
    if required.path.text.endswith("_fen"):
        place[last] = 100
    return facts


def test_number_and_date_come_with_issuing_and_a_preview_says_so() -> None:
    facts = full_facts(number=None, issued_on=None, issued_at=None)
    assert "（签发时编号）" in draft("penalty_decision", facts)
    assert "（签发日期）" in draft("penalty_decision", facts)
    assert missing_facts(TYPES["penalty_decision"], facts) == ()
    with pytest.raises(DocumentNotReady) as refused:
        RENDERER.render_html(TYPES["penalty_decision"], facts, preview=False)
    assert [fact.path for fact in refused.value.missing] == ["number", "issued_on"]


def test_an_internal_form_needs_no_number() -> None:
    assert "结案审批表" in paper("closing_approval", full_facts(number=None))


@pytest.mark.parametrize(
    ("demo", "preview", "words"),
    [(True, False, "演示"), (False, True, "草稿"), (True, True, "演示草稿"), (False, False, "")],
)
def test_demonstration_papers_and_drafts_carry_a_watermark(demo: bool, preview: bool, words: str) -> None:
    html = RENDERER.render_html(TYPES["prior_notice"], full_facts(demo=demo), preview=preview)
    marks = re.findall(r'<div class="watermark">(.*?)</div></div>', html)
    assert [re.sub("<[^>]+>", "", mark) for mark in marks] == ([words] if words else [])


def test_what_people_typed_is_never_markup() -> None:
    facts = full_facts(facts_found='<img src="file:///etc/passwd"><script>1</script>')
    html = RENDERER.render_html(TYPES["penalty_decision"], facts, preview=False)
    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_terms_are_printed_as_the_facts_give_them() -> None:
    facts = full_facts()
    part(facts, "remedies").update(days=45, months=9)
    part(facts, "payment").update(days=12, surcharge_percent=2)
    part(facts, "defence").update(working_days=3)
    part(facts, "hearing").update(working_days=4)
    decision, notice = paper("penalty_decision", facts), paper("prior_notice", facts)
    assert "自收到本决定书之日起四十五日内向南通市通州区人民政府申请行政复议" in decision
    assert "自收到本决定书之日起九个月内依法向南通市通州区人民法院提起行政诉讼" in decision
    assert "自收到本决定书之日起十二日内" in decision
    assert "百分之二加处罚款" in decision
    assert "自收到本告知书之日起三个工作日内，以书面或者口头方式" in notice
    assert "自收到本告知书之日起四个工作日内向本局提出" in notice


def test_no_template_knows_a_term_or_an_amount_of_its_own() -> None:
    number = "[0-9零一二三四五六七八九十百两]+"
    for template in TEMPLATES.glob("*.html"):
        source = re.sub(r'{#.*?#}|style="[^"]*"', "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        found = re.findall(rf"{number}(?:个工作日|日内|个月|年内|小时|元|%)|百分之{number}", source)
        assert found == [], template.name


def test_a_decision_has_the_seven_items_of_article_62() -> None:
    text = paper("penalty_decision")
    for words in (
        "当事人：南通锦屏家纺有限公司",
        "统一社会信用代码：91320612MA1WAXYZ0T",
        "住所（经营场所）：江苏省南通市通州区川姜镇家纺城3区1208号",
        "经查明，当事人于2026年3月至8月间",
        "1．当事人营业执照复印件1份、法定代表人身份证复印件1份，证明当事人的主体资格；",
        "当事人提出以下陈述、申辩意见：当事人称其已停止销售",
        "对减轻处罚的请求不予采纳",
        "违反了《中华人民共和国商标法》第五十七条第（三）项的规定",
        "依据《中华人民共和国商标法》第六十条第二款的规定，本局决定对当事人作出如下处理：",
        "3．罚款97,353.00元（大写：人民币玖万柒仟叁佰伍拾叁元整）。",
        "江苏省非税收入收缴系统或者中国建设银行南通通州支行",
        "申请行政复议",
        "提起行政诉讼",
        "南通市通州区知识产权局（印章）2026年11月6日",
    ):
        assert words in text


def test_penalties_are_numbered_only_where_there_are_several() -> None:
    facts = full_facts()
    part(facts, "decision").update(kinds=["fine"], orders=[], fine_fen=100000)
    assert "如下处理：罚款1,000.00元（大写：人民币壹仟元整）。" in paper("penalty_decision", facts)


@pytest.mark.parametrize("entered", ["侵权的四件套96套", "没收侵权的四件套96套。"])
def test_goods_are_confiscated_whether_or_not_the_verb_was_typed(entered: str) -> None:
    facts = full_facts()
    part(facts, "decision").update(kinds=["confiscate_goods"], orders=[], confiscation_text=entered)
    assert "如下处理：没收侵权的四件套96套。" in paper("penalty_decision", facts)


def test_text_typed_without_a_full_stop_gets_one() -> None:
    facts = full_facts(nature="当事人构成商标侵权", facts_found="第一段\n第二段；")
    text = paper("penalty_decision", facts)
    assert "本局认为，当事人构成商标侵权。上述行为违反了" in text
    assert "经查明，第一段。第二段；" in text


def test_nothing_is_said_of_measures_that_the_facts_do_not_mention() -> None:
    assert "扣押" in paper("investigation_report")
    assert "强制措施的情况2026年8月3日" in paper("investigation_report", full_facts(measures=None))


@pytest.mark.parametrize(
    ("manner", "decided", "ticked"),
    [
        ("executed", True, "行政处罚决定执行完毕"),
        ("terminated", True, "人民法院裁定终结执行"),
        ("terminated", False, "案件终止调查"),
        ("moved", False, "不予行政处罚、移送其他行政管理部门或者司法机关"),
        ("merged", False, "其他应予结案的情形"),
    ],
)
def test_a_closing_form_ticks_the_case_of_article_77(manner: str, decided: bool, ticked: str) -> None:
    facts = full_facts() if decided else full_facts(decision=None)
    part(facts, "closing").update(manner=manner)
    text = paper("closing_approval", facts)
    assert f"□√{ticked}" in text
    assert text.count("√") == 1


def test_a_warning_alone_speaks_of_no_payment() -> None:
    facts = full_facts()
    part(facts, "decision").update(kinds=["warning"], orders=[])
    text = paper("penalty_decision", facts)
    assert "如下处理：警告。" in text
    assert "缴纳" not in text
    assert "附件" not in text


def test_a_party_who_kept_silent_is_said_to_have_kept_silent() -> None:
    facts = full_facts()
    part(facts, "defence").update(status="waived")
    assert "当事人在规定期限内未提出陈述、申辩意见，也未要求听证。" in paper("penalty_decision", facts)


def test_the_right_to_a_hearing_is_told_only_where_there_is_one() -> None:
    assert "你单位有要求举行听证的权利" in paper("prior_notice")
    facts = full_facts(hearing={"entitled": False})
    text = paper("prior_notice", facts)
    assert "听证" not in text
    assert "第六十三条" not in text


def test_a_person_is_addressed_as_a_person() -> None:
    facts = full_facts(parties=[{"role": "respondent", "kind": "person", "name": "翟䶮", "address": "南通"}])
    text = paper("prior_notice", facts)
    assert "你有权进行陈述和申辩" in text
    assert "你单位" not in text
    assert "住址：南通" in paper("penalty_decision", facts)


def test_the_form_is_named_after_what_was_decided() -> None:
    assert "不予立案审批表" not in paper("filing_approval")
    facts = full_facts(officers=None)
    part(facts, "filing").update(result="not_file")
    text = paper("filing_approval", facts)
    assert "不予立案审批表" in text
    assert "指定的办案人员" not in text
    assert "法制审核表" in paper("review_form")
    part(facts, "review").update(kind="case")
    assert "案件审核表" in paper("review_form", {**full_facts(), "review": facts["review"]})


def test_on_the_spot_reconsideration_comes_first_where_the_law_says_so() -> None:
    text = paper("on_spot_decision")
    assert "应当自收到本决定书之日起六十日内先向南通市通州区人民政府申请行政复议" in text
    assert "自收到行政复议决定书之日起十五日内依法向南通市通州区人民法院提起行政诉讼" in text


def test_an_opinion_box_without_signature_leaves_room_for_one_by_hand() -> None:
    facts = full_facts()
    facts["approvals"] = [item for item in facts["approvals"] if item["step"] == "leader"]  # type: ignore[attr-defined]
    text = paper("closing_approval", facts)
    assert "办案机构负责人意见签名：年月日" in text
    assert "部门负责人意见同意。签名：姜㛃2026年8月17日" in text


@pytest.mark.parametrize(
    ("kind", "ticked"),
    [
        ("lead_register", "□√投诉"),
        ("review_form", "□√法制审核"),
        ("service_receipt", "□√直接送达"),
        ("closing_approval", "□√行政处罚决定执行完毕"),
        ("on_spot_decision", "□√自收到本决定书之日起十五日内"),
    ],
)
def test_one_box_is_ticked(kind: str, ticked: str) -> None:
    text = paper(kind)
    assert ticked in text
    if kind not in {"review_form"}:
        assert text.count("√") == 1


def test_a_character_that_no_font_has_is_shown_in_the_preview_and_stops_the_paper() -> None:
    renderer = DocumentRenderer(TEMPLATES, glyphs_missing=lambda text: ("𪛖",) if "𪛖" in text else ())
    facts = full_facts()
    facts["parties"][0]["name"] = "南通𪛖家纺有限公司"  # type: ignore[index]
    html = renderer.render_html(TYPES["prior_notice"], facts, preview=True)
    assert "南通【缺字\xa0U+2A6D6】家纺有限公司" in re.sub("<[^>]+>", "", html).replace("&nbsp;", "\xa0")
    assert "𪛖" not in html
    with pytest.raises(DocumentNotReady, match="U\\+2A6D6") as refused:
        renderer.render_html(TYPES["prior_notice"], facts, preview=False)
    assert refused.value.missing == ()
    assert [item.path for item in refused.value.unprintable] == ["parties.0.name"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (2, "二"),
        (5, "五"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (60, "六十"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1000, "一千"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (9999, "九千九百九十九"),
    ],
)
def test_numbers_are_written_as_in_statutes(number: int, words: str) -> None:
    assert cn_number(number) == words


@pytest.mark.parametrize("number", [-1, 10000])
def test_other_numbers_are_no_terms(number: int) -> None:
    with pytest.raises(ValueError, match="no number of days"):
        cn_number(number)


def test_dates_are_written_in_full_in_legal_time() -> None:
    assert cn_date("2026-01-05") == "2026年1月5日"
    assert cn_date("2026-11-21T17:30:00+00:00") == "2026年11月22日"
    assert cn_time("2026-11-21T17:05:00+00:00") == "2026年11月22日1时05分"
    assert cn_time("2026-11-21") == "2026年11月21日"


@pytest.mark.parametrize(
    ("changes", "created"),
    [
        ({"issued_at": "2026-11-06T01:30:00.123456+00:00"}, "2026-11-06T09:30:00+08:00"),
        ({"issued_at": None}, "2026-11-06"),
    ],
)
def test_the_file_is_dated_by_the_instant_of_issue_else_by_its_day(changes: dict[str, object], created: str) -> None:
    html = RENDERER.render_html(TYPES["prior_notice"], full_facts(**changes), preview=False)
    assert f'<meta name="dcterms.created" content="{created}">' in html


def test_a_letterhead_fills_at_most_the_type_area() -> None:
    assert letterhead_points("南通市知识产权局") == 40.0
    long_name = "南通市苏锡通科技产业园区市场监督管理局"
    assert letterhead_points(long_name) * len(long_name) <= 442
