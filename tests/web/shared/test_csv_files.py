"""Lists as files for spreadsheets."""

from __future__ import annotations

import pytest

from caseapp.web.shared.csv_files import csv_answer, csv_line
from tests.web.shell import Shell


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_be_a_formula_is_disarmed(cell: str) -> None:
    assert csv_line([cell]).lstrip('"').startswith("'")


def test_ordinary_cells_stay_as_they_are() -> None:
    assert csv_line(["通州市监知线字〔2026〕1号", "a,b", ""]) == '通州市监知线字〔2026〕1号,"a,b",\r\n'


def test_the_file_says_that_it_is_utf_8_and_is_not_kept(shell: Shell) -> None:
    with shell.app.test_request_context():
        answer = csv_answer("list", ["案号"], (("一",), ("二",)))
        assert answer.get_data(as_text=True) == "\ufeff案号\r\n一\r\n二\r\n"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="list.csv"'
        assert answer.headers["Cache-Control"] == "no-store"
