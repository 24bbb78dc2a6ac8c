"""Which article a refusal cites: that of the text its clock began under, and of the main procedure's law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from caseapp.domain.errors import Unmet
from caseapp.domain.workflow.cited import article_of, citations_of, citing, clock_began, older_text
from caseapp.domain.workflow.definition import Citation, GuardUse, OtherArticles
from caseapp.domain.workflow.situation import ClockView
from tests.domain.workflow.situations import TODAY, situation
from tests.workflows.walking import procedures

NEWER = date(2025, 2, 1)
OLD, NEW = date(2025, 1, 24), date(2025, 3, 3)
PLAIN = replace(procedures().get("penalty_simplified"), other_articles=())
DATED = replace(
    PLAIN,
    handling_clock=("D12", "Q07"),
    other_articles=(
        OtherArticles(
            before=NEWER, instead={"《新办法》第37条": "《旧办法》第21条"}, law="新办法", otherwise="《专利法》第65条"
        ),
        OtherArticles(beside=("patent_dispute",), instead={"《处罚法》第43条": "《新办法》第5条"}),
    ),
)


@pytest.mark.parametrize(
    ("article", "began", "on", "cited"),
    [
        ("《新办法》第37条", NEW, NEW, "《新办法》第37条"),
        ("《新办法》第37条", OLD, OLD, "《旧办法》第21条"),
        ("《新办法》第37条", OLD, NEW, "《旧办法》第21条"),
        ("《新办法》第25条", OLD, OLD, "《专利法》第65条"),
        ("《新办法》第25条", OLD, NEW, "《新办法》第25条"),
        ("《新办法》第37条、《新办法》第25条", OLD, OLD, "《旧办法》第21条、《专利法》第65条"),
        ("《行政诉讼法》第46条", OLD, OLD, "《行政诉讼法》第46条"),
        ("", OLD, OLD, ""),
    ],
)
def test_the_text_of_the_start_day_is_cited(article: str, began: date, on: date, cited: str) -> None:
    assert article_of(DATED, article, main="penalty_general", began=began, on=on) == cited


def test_the_law_of_the_main_procedure_is_cited_beside_it() -> None:
    assert article_of(DATED, "《处罚法》第43条", main="patent_dispute", began=NEW, on=NEW) == "《新办法》第5条"
    assert article_of(DATED, "《处罚法》第43条", main="penalty_general", began=NEW, on=NEW) == "《处罚法》第43条"


def test_what_an_act_rests_on_is_cited_alike_and_each_article_once() -> None:
    resting = [Citation("处罚法", "43", "recalled_high"), Citation("新办法", "5"), Citation("强制法", "")]
    told = citations_of(DATED, resting, main="patent_dispute", began=NEW, on=NEW)
    assert [str(one) for one in told] == ["《新办法》第5条", "《强制法》"]
    assert citations_of(DATED, resting, main="penalty_general", began=NEW, on=NEW) == tuple(resting)


def test_of_an_article_and_the_older_one_it_stands_for_a_case_cites_the_one_that_binds() -> None:
    both = [Citation("新办法", "37"), Citation("旧办法", "21")]
    alone = [Citation("旧办法", "21")]
    for named, began, told in ((both, NEW, "新办法"), (both, OLD, "旧办法"), (alone, NEW, "旧办法")):
        cited = citations_of(DATED, named, main="patent_dispute", began=began, on=NEW)
        assert [one.law for one in cited] == [told]


def test_the_older_text_governs_what_began_before_the_newer_beside_the_procedures_it_names() -> None:
    dated, undated = DATED.other_articles
    assert older_text(DATED, main="patent_dispute", began=OLD) is dated
    assert older_text(DATED, main="patent_dispute", began=NEW) is None
    beside = replace(DATED, other_articles=(undated, replace(dated, beside=("mediation",))))
    assert older_text(beside, main="patent_dispute", began=OLD) is None


def test_the_clock_that_is_judged_decides_then_the_time_to_conclude_then_the_first() -> None:
    answer, conclude = ClockView("D03a", NEW, None, None, None), ClockView("Q07", OLD, None, None, None)
    both = situation(clocks=[answer, conclude])
    assert clock_began(DATED, both, ("D03a", "Q04")) == NEW
    assert clock_began(DATED, both, ("D13",)) == OLD
    assert clock_began(PLAIN, both, ()) == NEW
    assert clock_began(DATED, situation(), ()) == TODAY


def test_a_condition_is_left_alone_where_nothing_else_is_cited_and_where_it_is_met() -> None:
    def check(_: object) -> tuple[Unmet, ...]:
        return ()

    assert citing(PLAIN, GuardUse("x"), check) is check
    assert citing(DATED, GuardUse("x"), check)(situation()) == ()
