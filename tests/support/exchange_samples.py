"""Samples for tests of outside data: a small table of divisions, a fixed now, and the example of the exchange
format.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from caseapp.domain.divisions import Division, DivisionKind, DivisionTable

NOW = datetime(2026, 9, 26, 2, 0, tzinfo=UTC)
DIVISIONS = DivisionTable(
    {"11": {"zh": "北京市", "en": "Beijing"}, "32": {"zh": "江苏省", "en": "Jiangsu"}},
    {
        "320600": Division("320600", "南通市", "Nantong", DivisionKind.CITY),
        "320613": Division("320613", "崇川区", "Chongchuan", DivisionKind.DISTRICT, valid_from=date(2020, 7, 1)),
        "320611": Division(
            "320611", "港闸区", "Gangzha", DivisionKind.DISTRICT, valid_to=date(2020, 6, 30), successor="320613"
        ),
        "320612": Division("320612", "通州区", "Tongzhou", DivisionKind.DISTRICT),
    },
    "320600",
)

EXAMPLE: dict[str, object] = {
    "external_id": "NT-2025-000123",
    "procedure": "penalty_general",
    "organ": "320612-ip",
    "division": "320612",
    "ip_types": ["trademark"],
    "source": "complaint",
    "title": "销售假冒注册商标的床品案",
    "campaigns": ["huhang"],
    "parties": [
        {"role": "respondent", "kind": "organisation", "name": "某家纺店", "uscc": "91110000600037341L"},
        {"role": "complainant", "kind": "person", "name": "张某", "phone": "13800000000", "note": "自称权利人"},
    ],
    "rights": [{"kind": "trademark", "number": "3210010"}],
    "goods": [{"name": "四件套", "quantity": 12, "unit": "套", "unit_price": Decimal("99.90")}],
    "amounts": {"turnover": Decimal("97353.00"), "gains": None, "marks": 1},
    "milestones": [
        {"kind": "registered", "on": "2025-03-03"},
        {"kind": "filed", "on": "2025-03-10", "recorded_at": "2025-03-12T09:00:00+08:00"},
        {"kind": "excluded_from", "on": "2025-04-01", "reason": "appraisal"},
        {"kind": "excluded_until", "on": "2025-04-21"},
        {"kind": "decided", "on": "2025-06-20", "outcome": "penalty"},
        {"kind": "closed", "on": "2025-07-15", "manner": "executed"},
    ],
}
