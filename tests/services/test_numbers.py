"""Numbers of cases, leads and papers: without gap, without double, for each organ, kind and year."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from caseapp.services import numbers
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang


def take(parts: Huhang, organ: str = "320612-ip", series: str = "case", word: str = "知执字", year: int = 2026) -> str:
    with parts.context() as ctx, unit_of_work(ctx) as unit:
        return numbers.take(ctx, unit, organ_id=organ, series=series, word=word, year=year)


def test_each_organ_kind_and_year_counts_for_itself(parts: Huhang) -> None:
    assert [take(parts) for _ in range(3)] == [f"通州市监知执字〔2026〕{serial}号" for serial in (1, 2, 3)]
    assert take(parts, series="lead", word="知线字") == "通州市监知线字〔2026〕1号"
    assert take(parts, year=2027) == "通州市监知执字〔2027〕1号"
    assert take(parts, organ="320600-ip") == "通知知执字〔2026〕1号"
    assert take(parts) == "通州市监知执字〔2026〕4号"


def test_an_organ_without_a_word_of_its_own_counts_with_the_one_whose_word_it_uses(parts: Huhang) -> None:
    """A station numbers in the name of its county: both together are one series, or two papers would share a number."""
    taken = [take(parts), take(parts, organ="320612-station-chuanjiang"), take(parts)]
    assert taken == [f"通州市监知执字〔2026〕{serial}号" for serial in (1, 2, 3)]


def test_a_number_taken_in_vain_is_given_to_the_next(parts: Huhang) -> None:
    take(parts)
    with suppress(ZeroDivisionError), parts.context() as ctx, unit_of_work(ctx) as unit:
        numbers.take(ctx, unit, organ_id="320612-ip", series="case", word="知执字", year=2026)
        raise ZeroDivisionError
    assert take(parts) == "通州市监知执字〔2026〕2号"


def test_who_takes_a_number_while_another_is_taken_waits_for_it(parts: Huhang) -> None:
    """Also for the first of a year; and what was rolled back leaves no hole."""
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with suppress(ZeroDivisionError), parts.context() as ctx, unit_of_work(ctx) as unit:
            numbers.take(ctx, unit, organ_id="320612-ip", series="case", word="知执字", year=2026)
            begun.set()
            go_on.wait(30)
            raise ZeroDivisionError

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(slow)
        begun.wait(30)
        others = [pool.submit(take, parts) for _ in range(3)]
        go_on.set()
        taken = sorted(other.result(30) for other in others)
        first.result(30)
    assert taken == [f"通州市监知执字〔2026〕{serial}号" for serial in (1, 2, 3)]


def test_every_series_has_its_word(parts: Huhang) -> None:
    with parts.context() as ctx:
        assert numbers.word_of(ctx, "case") == "知执字"
        assert numbers.word_of(ctx, "lead") == "知线字"
        assert numbers.word_of(ctx, "penalty") == "知罚字"
