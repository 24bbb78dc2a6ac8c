"""Which article a refusal cites: that of the text under which the clock began, and of the law of the main procedure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from caseapp.domain.errors import Unmet
from caseapp.domain.workflow.definition import Citation, GuardUse, OtherArticles, Procedure
from caseapp.domain.workflow.guards.reading import texts_of
from caseapp.domain.workflow.situation import ClockView, Situation

_PRINTED = re.compile(r"《(?P<law>[^》]+)》第(?P<article>.+)条")
_BETWEEN = "、"
"""Between the articles of one citation."""


def citing(
    procedure: Procedure, use: GuardUse, check: Callable[[Situation], tuple[Unmet, ...]]
) -> Callable[[Situation], tuple[Unmet, ...]]:
    """Return the guard so that what it refuses is cited as the definition says for the case at hand."""
    if not procedure.other_articles:
        return check

    def cited(situation: Situation) -> tuple[Unmet, ...]:
        found = check(situation)
        if not found:
            return found
        began = clock_began(procedure, situation, texts_of(use.params.get("rule")))
        main = situation.case.main.procedure
        return tuple(
            replace(one, article=article_of(procedure, one.article, main=main, began=began, on=situation.on))
            for one in found
        )

    return cited


def clock_began(procedure: Procedure, situation: Situation, rules: tuple[str, ...]) -> date:
    """Return the start day of the clock that is judged, else what `began_on` says."""
    clock = situation.clock(*rules)
    return clock.started_on if clock is not None else began_on(procedure, situation.clocks, on=situation.on)


def began_on(procedure: Procedure, clocks: Sequence[ClockView], *, on: date) -> date:
    """Return the start day of the latest time to conclude, else of the first clock, else the day of the act."""
    handling = [clock for clock in clocks if clock.rule in procedure.handling_clock]
    binding = handling[-1] if handling else clocks[0] if clocks else None
    return binding.started_on if binding is not None else on


def older_text(procedure: Procedure, *, main: str, began: date) -> OtherArticles | None:
    """Return what is cited under the text of the day on which the clock began; None where the newer text governs."""
    for other in procedure.other_articles:
        if other.before is not None and began < other.before and (not other.beside or main in other.beside):
            return other
    return None


def article_of(procedure: Procedure, article: str, *, main: str, began: date, on: date) -> str:
    """Return the citation in the words of the text that governs.

    article  one or several, with 、 between
    main     id of the case's main procedure
    began    start day of the clock that binds
    on       day of the act
    """
    for other in procedure.other_articles:
        if (not other.beside or main in other.beside) and (other.before is None or began < other.before):
            article = _BETWEEN.join(dict.fromkeys(_each(other, article, on)))
    return article


def citations_of(
    procedure: Procedure, citations: Iterable[Citation], *, main: str, began: date, on: date
) -> tuple[Citation, ...]:
    """Return what an act or a field rests on as it is cited in the case, each article once; see `article_of`.

    Where a definition names an article together with the older one it stands for, a case under the newer text cites
    the newer alone.
    """
    named = tuple(citations)
    replaced = _replaced(procedure, {str(one) for one in named}, main=main, began=began)
    found: dict[str, Citation] = {}
    for one in named:
        if str(one) in replaced:
            continue
        told = article_of(procedure, str(one), main=main, began=began, on=on)
        match = _PRINTED.fullmatch(told)
        found.setdefault(told, one if told == str(one) or match is None else Citation(match["law"], match["article"]))
    return tuple(found.values())


def _replaced(procedure: Procedure, named: set[str], *, main: str, began: date) -> set[str]:
    return {
        older
        for other in procedure.other_articles
        if other.before is not None and began >= other.before and (not other.beside or main in other.beside)
        for newer, older in other.instead.items()
        if newer in named
    }


def _each(other: OtherArticles, article: str, on: date) -> Iterator[str]:
    for one in article.split(_BETWEEN):
        yet_unknown = other.before is not None and on < other.before and one.startswith(f"《{other.law}》")
        yield other.instead.get(one) or (other.otherwise if yet_unknown and other.otherwise else one)
