"""The limits of crime, written down by hand from the texts of law: what the shipped file is held against.

One line per offence, set, grade and condition: `measure limit` pairs, in yuan or numbers. Nothing here is read from
`workflows/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from caseapp.domain.facts import MONEY_AMOUNTS

# offence set grade condition | measure limit, …        (2004 art 1-7; 2007 art 1; 2011 art 8, 9, 13; 2008 art 27)
IN_SET_A = """
213 entry base    | turnover 50000, gains 30000
213 entry plural  | turnover 30000, gains 20000
213 upper base    | turnover 250000, gains 150000
213 upper plural  | turnover 150000, gains 100000
214 entry base    | sales 50000
214 entry attempt | unsold_value 150000, sales+unsold_value 150000
214 upper base    | sales 250000
214 upper attempt | unsold_value 250000
215 entry base    | pieces 20000, turnover 50000, gains 30000
215 entry plural  | pieces 10000, turnover 30000, gains 20000, unsold_pieces 30000, pieces+unsold_pieces 30000
215 entry attempt | unsold_pieces 60000, pieces+unsold_pieces 60000
215 upper base    | pieces 100000, turnover 250000, gains 150000
215 upper plural  | pieces 50000, turnover 150000, gains 100000
216 entry base    | turnover 200000, gains 100000, loss 500000
216 entry plural  | turnover 100000, gains 50000
217 entry base    | gains 30000, turnover 50000, copies 500, works 500, clicks 50000, members 1000
217 upper base    | gains 150000, turnover 250000, copies 2500, works 2500, clicks 250000, members 5000
218 entry base    | gains 100000
218 entry attempt | unsold_value 300000
219 entry base    | loss 300000, gains 300000
219 upper base    | loss 2500000, gains 2500000
"""

# 法释〔2025〕5号 arts 3, 5, 6, 10, 13, 14, 17, 20; ten, three and five times reckoned out.
IN_SET_B = """
213 entry base    | gains 30000, turnover 50000, service_gains 50000, gains+service_gains 50000
213 entry plural  | gains 20000, turnover 30000, service_gains 30000, gains+service_gains 30000
213 entry repeat  | gains 20000, turnover 30000, service_gains 30000, gains+service_gains 30000
213 upper base    | gains 300000, turnover 500000, service_gains 500000, gains+service_gains 500000
213 upper plural  | gains 200000, turnover 300000, service_gains 300000, gains+service_gains 300000
213 upper repeat  | gains 200000, turnover 300000, service_gains 300000, gains+service_gains 300000
214 entry base    | gains 30000, sales 50000
214 entry repeat  | gains 20000, sales 30000, unsold_value 90000, sales+unsold_value 90000
214 entry attempt | unsold_value 150000, sales+unsold_value 150000
214 upper base    | gains 300000, sales 500000
214 upper repeat  | gains 200000, sales 300000, unsold_value 900000, sales+unsold_value 900000
214 upper attempt | unsold_value 1500000, sales+unsold_value 1500000
215 entry base    | pieces 10000, gains 20000, turnover 30000
215 entry plural  | pieces 5000, gains 10000, turnover 20000, unsold_pieces 15000, pieces+unsold_pieces 15000
215 entry repeat  | pieces 5000, gains 10000, turnover 20000, unsold_pieces 15000, pieces+unsold_pieces 15000
215 entry attempt | unsold_pieces 30000, pieces+unsold_pieces 30000
215 upper base    | pieces 50000, gains 100000, turnover 150000
215 upper plural  | pieces 25000, gains 50000, turnover 100000, unsold_pieces 75000, pieces+unsold_pieces 75000
215 upper repeat  | pieces 25000, gains 50000, turnover 100000, unsold_pieces 75000, pieces+unsold_pieces 75000
215 upper attempt | unsold_pieces 150000, pieces+unsold_pieces 150000
216 entry base    | gains 100000, turnover 200000, loss 300000
216 entry plural  | gains 50000, turnover 100000
216 entry repeat  | gains 50000, turnover 100000
217 entry base    | gains 30000, turnover 50000, copies 500, works 500, downloads 10000, clicks 100000, members 1000
217 entry repeat  | gains 20000, turnover 30000
217 upper base    | gains 300000, turnover 500000, copies 5000
217 upper base    | works 5000, downloads 100000, clicks 1000000, members 10000
217 upper repeat  | gains 200000, turnover 300000
218 entry base    | gains 50000, sales 100000, copies 1000
218 entry repeat  | gains 30000, sales 50000, unsold_value 150000, sales+unsold_value 150000
218 entry attempt | unsold_value 300000, unsold_copies 3000, sales+unsold_value 300000, copies+unsold_copies 3000
219 entry base    | loss 300000, gains 300000
219 entry repeat  | loss 100000, gains 100000
219 upper base    | loss 3000000, gains 3000000
219 upper repeat  | loss 1000000, gains 1000000
219-1 entry base   | loss 300000, gains 300000
219-1 entry repeat | loss 100000, gains 100000
219-1 upper base   | loss 300000, gains 300000
219-1 upper repeat | loss 100000, gains 100000
"""

# Limits that an act of an earlier day was held against: day | offence grade measure limit
EARLIER = """
2007-04-04 | 217 entry copies 1000
2007-04-04 | 217 upper copies 5000
2007-04-05 | 217 entry copies 500
2007-04-05 | 217 upper copies 2500
2020-09-13 | 219 entry loss 500000
2020-09-13 | 219 upper loss 2500000
2020-09-14 | 219 entry loss 300000
2020-09-14 | 219 entry gains 300000
2025-04-25 | 216 entry loss 500000
2025-04-26 | 216 entry loss 300000
2025-04-25 | 218 entry gains 100000
2025-04-26 | 218 entry gains 50000
2025-04-25 | 215 entry pieces 20000
2025-04-26 | 215 entry pieces 10000
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One limit, as the law says it; `limit` in fen or numbers, `on` the day of the act."""

    offence: str
    set: str
    grade: str
    condition: str
    measure: str
    limit: int
    on: date

    def __str__(self) -> str:
        return f"{self.offence} {self.set} {self.grade} {self.condition} {self.measure} {self.on}"


def _in_fen(measure: str, limit: str) -> int:
    return int(limit) * (100 if measure.split("+")[0] in MONEY_AMOUNTS else 1)


def rows() -> Iterator[Row]:
    """Give every limit of the table."""
    for text, set_id, on in ((IN_SET_A, "A", date(2024, 5, 1)), (IN_SET_B, "B", date(2025, 5, 10))):
        for line in text.strip().splitlines():
            head, tail = line.split("|")
            offence, grade, condition = head.split()
            for pair in tail.split(","):
                measure, limit = pair.split()
                yield Row(offence, set_id, grade, condition, measure, _in_fen(measure, limit), on)
    for line in EARLIER.strip().splitlines():
        day, tail = line.split("|")
        offence, grade, measure, limit = tail.split()
        on = date.fromisoformat(day.strip())
        set_id = "B" if on >= date(2025, 4, 26) else "A"
        yield Row(offence, set_id, grade, "base", measure, _in_fen(measure, limit), on)
