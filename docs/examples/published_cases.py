"""Turn 29 published cases into records of the exchange format, and list those that cannot be one, each with its reason.

    python docs/examples/published_cases.py ../shared/data/published_cases.jsonl OUT.jsonl
    flask cases import OUT.jsonl --json
    flask cases import OUT.archive.jsonl --mode archive --json

OUT.jsonl holds the cases whose milestones are a sequence that the procedure allows; OUT.archive.jsonl, beside it, those of
which the press told a later act but not the ones before it. The table at the end names every case.

Nothing is invented. A date is copied as the source prints it ('2021-09' stays a month). Only acts that are milestones of a
proceeding become one: a complaint or a request received is registered, a filing is filed, a handing over to the police is
transferred, a decision is decided; what courts did to it is theirs. An inspection is none, for the law allows it while a lead is still being checked (市场监督管理行政处罚程序规定
第18条), so a case of which only an inspection is dated has no milestone and is listed. The published line goes along under
`published`, whole. Amounts are copied where the word of the source is the measure of the format, and nowhere else.

Needs nothing but Python.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PENALTY, DISPUTE = "penalty_general", "patent_dispute"
STRICT, ARCHIVE, LISTED = "strict", "archive", "listed"

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass(frozen=True)
class Reading:
    """How one published case is read.

    division    GB/T 2260 code of the place that the source names
    milestones  (kind, name of the published date, details in words of the published outcome), in order
    unused      names of published dates that are no milestone
    procedure   whose milestones they are
    amounts     measure of the format -> name of the published amount
    goods       (name of the published quantity, unit), where one quantity is that of all the goods concerned
    rights      'number' or 'title': what the published right_number is
    """

    mode: str
    division: str
    ip_types: tuple[str, ...]
    milestones: tuple[tuple[str, str, Mapping[str, str]], ...]
    unused: tuple[str, ...] = ()
    source: str | None = None
    amounts: Mapping[str, str] = field(default_factory=dict)
    goods: tuple[str, str] | None = None
    rights: str = "title"
    right_kind: str = "trademark"
    procedure: str = PENALTY


READINGS: Mapping[str, Reading] = {
    # 厦门市集美区. Found by a special inspection: the day (here the month) of finding is that of the lead (程序规定 art 18).
    # The penalty is told without its date.
    "RC026": Reading(
        STRICT,
        "350211",
        ("patent",),
        (("registered", "inspection", {}),),
        unused=("patent_terminated",),
        source="inspection",
    ),
    # 宁德市霞浦县. Found on inspection, as above; what was made of it is not published. The goods were valued unsold.
    "RC051": Reading(
        STRICT,
        "350921",
        ("trademark",),
        (("registered", "inspection", {}),),
        amounts={"unsold_value": "goods_value"},
        goods=("total", "件"),
    ),
    # 襄阳市. A consumer's report and the inspection on one day; filing was still to come.
    "RC034": Reading(
        STRICT,
        "420600",
        ("other",),
        (("registered", "complaint", {}),),
        unused=("inspection",),
        source="report",
        right_kind="other",
    ),
    # 珠海市斗门区. Complaint, joint inspection two days later; the outcome is not published. 1,200 toys were registered.
    "RC046": Reading(
        STRICT,
        "440403",
        ("copyright",),
        (("registered", "complaint", {}),),
        unused=("inspection",),
        source="complaint",
        goods=("toys", "个"),
        right_kind="copyright",
    ),
    # 福州市罗源县. Inspected and filed on one day, handed to the county police 18 days later; the closing is not published.
    "RC048": Reading(
        STRICT,
        "350123",
        ("trademark",),
        (("filed", "filed", {}), ("transferred", "transfer", {"to": "县公安局"})),
        unused=("inspection",),
        source="report",
        amounts={"turnover": "illegal_turnover"},
        goods=("total_pairs", "双"),
        rights="number",
    ),
    # 深圳市龙岗区. Only the handing over is dated; complaint or report is not told apart. The value is a lower bound.
    "RC054": Reading(
        ARCHIVE,
        "440307",
        ("trademark",),
        (("transferred", "transfer", {"to": "公安"}),),
    ),
    # 乐山市犍为县. A report in a month; the joint action with the police is no transfer. All the goods valued were seized.
    # 宁波市宁海县. Accepted, heard orally, the page dated; the oral hearing is no milestone and the outcome is not told.
    "RC018": Reading(
        STRICT,
        "330226",
        ("patent_utility",),
        (("filed", "accepted", {}),),
        unused=("hearing", "published"),
        source="request",
        rights="number",
        right_kind="patent_utility",
        procedure=DISPUTE,
    ),
    # 广州市花都区. Accepted, served and inspected on one day, heard 83 days later; 544 pieces were on the spot.
    "RC019": Reading(
        STRICT,
        "440114",
        ("patent_design",),
        (("filed", "accepted", {}), ("served", "served", {})),
        unused=("inspection", "hearing"),
        source="request",
        goods=("units", "个"),
        rights="number",
        right_kind="patent_design",
        procedure=DISPUTE,
    ),
    # 上海市. Six requests in one month; one respondent settled, without a date, and the others' cases went on.
    "RC020": Reading(
        STRICT,
        "310000",
        ("patent_invention",),
        (("registered", "complaint", {}),),
        source="request",
        rights="number",
        right_kind="patent_invention",
        procedure=DISPUTE,
    ),
    # 北京市. Requested in a month, decided on a day; the filing between them is not dated. What the courts did is theirs,
    # and what the 处理决定 said is not told.
    "RC023": Reading(
        ARCHIVE,
        "110000",
        ("patent_design",),
        (("registered", "complaint", {}), ("decided", "decision", {"outcome": "处理决定"})),
        unused=("court_accepted", "appeal_accepted", "appeal_hearing", "appeal_judgment"),
        source="request",
        rights="title",
        right_kind="patent_design",
        procedure=DISPUTE,
    ),
    # 淮北市. 7月立案: the month of the request is that of the filing. Agreement and confirmation are told without their day.
    "RC083": Reading(
        STRICT,
        "340600",
        ("patent_design",),
        (("filed", "complaint", {}),),
        unused=("confirmation_reported",),
        source="request",
        right_kind="patent_design",
        procedure=DISPUTE,
    ),
    # 南京市. Only the decision is dated; the suit against it is the court's.
    "RC087": Reading(
        ARCHIVE,
        "320100",
        ("patent_invention",),
        (("decided", "decision", {"outcome": "认定许诺销售"}),),
        source="request",
        right_kind="patent_invention",
        procedure=DISPUTE,
    ),
    "RC056": Reading(
        STRICT,
        "511123",
        ("trademark",),
        (("registered", "complaint", {}),),
        unused=("joint_action",),
        source="report",
        amounts={"unsold_value": "total_value"},
    ),
}

_FAST = "platform removal: waits for procedure fast_channel"
_BOARD = "before the national board: an invalidation, no case of an enforcement agency"
_UNDATED = "penalty_general, but no milestone is dated: "
_CIVIL = "civil: before a court or between the parties, no case of an enforcement agency"
_CRIMINAL = "criminal: investigated and tried by police, procuratorate and court"

REASONS: Mapping[str, str] = {
    "RC002": _FAST,
    "RC003": _FAST,
    "RC011": _CIVIL,
    "RC014": _BOARD,
    "RC016": f"{_CIVIL} (evidence preserved by a court)",
    "RC017": f"{_CIVIL} (a lawyer's letter)",
    "RC024": _CIVIL,
    "RC029": f"{_UNDATED}the infringement has years (2014 to 2016), the penalty none",
    "RC058": f"{_UNDATED}the inspection lacks its year (--04-11), the transfer has no date",
    "RC060": f"{_UNDATED}nothing at all has a date",
    "RC061": f"{_UNDATED}a year is given (2023), but of no act",
    "RC063": f"{_CRIMINAL} (the penalty of 2015 is told only as a previous one)",
    "RC067": "customs: seized at the border, no case of an IP authority",
    "RC072": _CRIMINAL,
    "RC076": _CRIMINAL,
    "RC079": f"{_UNDATED}arrest and prosecution have dates, the penalty after them none",
}

TRANSFERS: Mapping[str, tuple[str, tuple[tuple[str, str, str], ...], str]] = {
    "RC048": ("referral", (("hand_over", "transfer", ""),), ""),
    "RC054": ("referral", (("hand_over", "transfer", ""),), ""),
    "RC058": ("referral", (("hand_over", "", ""),), "移交公安: told without its date"),
    "RC061": (
        "referral",
        (("hand_over", "", "published"),),
        "移送司法机关: told without its date; the year 2023 is that of the case",
    ),
    "RC067": (
        "referral",
        (("hand_over", "", "announced"), ("file_case", "", "announced")),
        "customs; 移送后约一年破案: neither act is dated",
    ),
    "RC079": (
        "reverse_referral",
        (("send_matter", "", ""), ("reply_result", "", "")),
        "行刑反向衔接: arrest and prosecution are dated, what was sent to the authority is not",
    ),
}
"""Every published case that one authority sent to another: the procedure, the acts told, each with the name of its
published date ('' where there is none) and of the published day by which it had been done ('' where there is none), and
why it has no date. A case that the police joined (RC056, RC060) or began (RC063, RC072, RC076) was not sent.
"""

EXPECTED = {
    "administrative": 21,
    "civil": 4,
    "criminal": 3,
    "customs": 1,
    STRICT: 10,
    ARCHIVE: 3,
    LISTED: 16,
}
"""How many lines of each track, and what becomes of them."""


def record_of(line: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """Return one published case as a record of the exchange format."""
    dates = line["dates"]
    read = {name for _, name, _ in reading.milestones} | set(reading.unused)
    if read != set(dates):
        raise ValueError(f"{line['case_id']}: the dates are {sorted(dates)}, read were {sorted(read)}")
    for word in (word for _, _, details in reading.milestones for word in details.values()):
        if word not in line["outcome"]:
            raise ValueError(f"{line['case_id']}: the outcome does not say {word}")
    record: dict[str, Any] = {
        "external_id": line["case_id"],
        "procedure": reading.procedure,
        "division": reading.division,
        "ip_types": list(reading.ip_types),
        "title": f"{line['goods']}（{line['ip_type']}）" if "goods" in line else line["ip_type"],
        "summary": line["summary"],
        "parties": [
            {"role": role, "kind": "organisation", "name": line[role]}
            for role in ("respondent", "complainant")
            if role in line
        ],
        "rights": [
            {"kind": reading.right_kind, reading.rights: name} for name in names_in(line.get("right_number", ""))
        ],
        "goods": [goods_of(line, reading)] if "goods" in line else [],
        "amounts": {measure: line["amounts"][name] for measure, name in reading.amounts.items()},
        "milestones": [
            {"kind": kind, "on": exact(dates[name], line["case_id"]), **details}
            for kind, name, details in reading.milestones
        ],
        "published": dict(line),
    }
    if line["case_id"] in TRANSFERS:
        record["referrals"] = referrals_of(line)
    if reading.source:
        record["source"] = reading.source
    return record


def referrals_of(line: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is published of a transfer: of every act its date, else the day by which it had been done, else only
    that it was done.
    """
    procedure, acts, _undated = TRANSFERS[line["case_id"]]
    told = []
    for action, name, by in acts:
        act = {"action": action}
        if name:
            act["on"] = exact(line["dates"][name], line["case_id"])
        elif by:
            act["by"] = exact(line[by] if by == "published" else line["dates"][by], line["case_id"])
        told.append(act)
    return [{"procedure": procedure, "acts": told}]


def goods_of(line: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """Return the goods as named, with the quantity where one number counts them all."""
    if reading.goods is None:
        return {"name": line["goods"]}
    name, unit = reading.goods
    return {"name": line["goods"], "quantity": line["quantities"][name], "unit": unit}


def names_in(text: str) -> list[str]:
    """Return the names or numbers of a published list; 等 ('and others') names none."""
    return [name for part in re.split(r"[;、]", text) if (name := part.strip().removesuffix("等"))]


def exact(text: str, case_id: str) -> str:
    """Return a published date as it stands. raises ValueError where it is not even a year."""
    if not _DATE.fullmatch(text):
        raise ValueError(f"{case_id}: {text!r} is no date")
    return text


def convert(lines: list[dict[str, Any]]) -> tuple[dict[str, list[dict[str, Any]]], list[tuple[str, str, str]]]:
    """Return the records by mode, and one row (case, mode, what it became or why not) for every line.

    raises  ValueError when the file is not the one that was read: another number of cases, other ids or other dates
    """
    ids = [line["case_id"] for line in lines]
    if sorted(ids) != sorted([*READINGS, *REASONS]):
        unread = sorted(set(ids) ^ {*READINGS, *REASONS}) or [name for name, times in Counter(ids).items() if times > 1]
        raise ValueError(f"cases that were not read one by one, or are missing: {', '.join(unread)}")
    records: dict[str, list[dict[str, Any]]] = {STRICT: [], ARCHIVE: []}
    rows = []
    for line in lines:
        case_id = line["case_id"]
        reading = READINGS.get(case_id)
        if reading is None:
            rows.append((case_id, LISTED, REASONS[case_id]))
            continue
        record = record_of(line, reading)
        records[reading.mode].append(record)
        acts = ", ".join(f"{item['kind']} {item['on']}" for item in record["milestones"])
        rows.append((case_id, reading.mode, f"{reading.procedure}: {acts}"))
    counted = Counter([*(line["track"] for line in lines), *(mode for _, mode, _ in rows)])
    if counted != EXPECTED:
        raise ValueError(f"counted {dict(counted)}, expected {EXPECTED}")
    return records, rows


def main(arguments: list[str]) -> int:
    """Convert the file named first into the one named second. Returns the exit status."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python docs/examples/published_cases.py published_cases.jsonl OUT.jsonl\n")
        return 2
    source, target = map(Path, arguments)
    try:
        lines = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
        records, rows = convert(lines)
    except (OSError, ValueError, KeyError) as wrong:
        sys.stderr.write(f"{source}: {wrong}\n")
        return 2
    for mode, path in ((STRICT, target), (ARCHIVE, target.with_suffix(f".archive{target.suffix}"))):
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records[mode])
        path.write_text(text, encoding="utf-8")
    for case_id, mode, what in rows:
        sys.stdout.write(f"{case_id}  {mode:<7}  {what}\n")
    counts = Counter(mode for _, mode, _ in rows)
    sys.stdout.write(
        f"{len(rows)} cases: {counts[STRICT]} strict, {counts[ARCHIVE]} archive, {counts[LISTED]} listed with the reason\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
