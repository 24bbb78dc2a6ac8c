"""What passwords are built from, as far as it is looked up outside: names in pinyin, the passwords of others."""

from __future__ import annotations

import pytest

from caseapp.adapters.common_passwords import PasswordList
from caseapp.adapters.name_readings import PinyinReadings


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("顾海宁", ("gu", "hai", "ning"), id="an ordinary name"),
        pytest.param("单雄信", ("shan", "xiong", "xin"), id="a surname read otherwise than the word"),
        pytest.param("仇英", ("qiu", "ying"), id="another one"),
        pytest.param("吕布", ("lv", "bu"), id="ü is v"),
        pytest.param("买买提·吐尔逊", ("mai", "mai", "ti", "tu", "er", "xun"), id="a name with a dot"),
    ],
)
def test_the_readings_of_a_name_hold_the_one_its_owner_uses(name: str, expected: tuple[str, ...]) -> None:
    found = PinyinReadings().readings(name)
    assert len(found) == len(expected)
    assert all(one in readings for one, readings in zip(expected, found, strict=True))


@pytest.mark.parametrize("name", ["", "Tom Wang", "·"])
def test_what_is_not_chinese_has_no_readings(name: str) -> None:
    assert PinyinReadings().readings(name) == ()


def test_the_list_knows_what_is_tried_first_and_nothing_short() -> None:
    passwords = PasswordList()
    for common in ("123456", "woaini1314", "q1w2e3r4"):
        assert common in passwords
    for rare in ("abc", "kestrel-41-moss", ""):
        assert rare not in passwords
