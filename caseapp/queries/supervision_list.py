"""The list "should have been transferred", ranked, as far as the reader may know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, and_, func, or_, select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound, NotPermitted
from caseapp.domain.roles import Role
from caseapp.domain.supervision.ranking import FindingKind, Handling
from caseapp.domain.workflow.guards.crime import SUSPICION, article_of
from caseapp.models.case_file import CaseFile
from caseapp.models.referral_share import ReferralShare
from caseapp.models.supervision_finding import SupervisionFinding
from caseapp.queries.case_page import organ_name
from caseapp.queries.visibility import is_procurator, supervised_findings, visible_cases

PAGE: Final = 50
CAP: Final = 1000
Words = Mapping[str, str]
Key = tuple[int, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount and the limit that it reaches: fen where `money`, else numbers; percent of the limit, rounded down."""

    offence: str
    measure: tuple[str, ...]
    value: int
    limit: int
    money: bool
    percent: int
    article: str
    confidence: str


@dataclass(frozen=True, slots=True)
class NearCase:
    """One case of a repetition: its number and the share of the limit in per cent."""

    number: str
    percent: int


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One row.

    title     '' where the reader may know no more of the case than the row says
    held      organ | police: who is asked, for a silence or a refusal
    clock     the name of the term that is over, None for other kinds
    reasons   the words of a refusal; '' where there are none
    by, near  what the cases of a repetition have in common, and the newest of them; count: how many there are
    late      the term of the reply to a letter is over
    """

    case_id: str
    kind: FindingKind
    subject: str
    number: str
    title: str
    organ: Words
    since_on: date
    offences: tuple[tuple[str, Words], ...]
    suspicion: bool
    figures: tuple[Figure, ...]
    article: str
    confidence: str
    fined: bool
    lowered: bool
    held: str
    clock: Words | None
    reasons: str
    by: str
    near: tuple[NearCase, ...]
    count: int
    handling: Handling
    letter: str
    reply_due_on: date | None
    late: bool
    openable: bool
    key: Key


@dataclass(frozen=True, slots=True)
class FindingList:
    """A page of rows. after: key of the last row where more follow; total: counted no further than CAP + 1."""

    lines: tuple[FindingLine, ...]
    after: Key | None
    total: int
    counts: Mapping[str, int]
    organs: tuple[tuple[str, Words], ...]


def finding_list(
    ctx: Context,
    *,
    handling: str = "todo",
    kind: FindingKind | None = None,
    organ: str | None = None,
    after: Key | None = None,
) -> FindingList:
    """Return rows by weight, then by day.

    handling  todo (nothing asked, answered, or a reply overdue) | asked | settled

    raises  NotPermitted for those who supervise nothing
    """
    require_supervisor(ctx)
    seen = and_(supervised_findings(ctx), SupervisionFinding.since_on <= ctx.today())
    narrowed = [_HANDLED[handling](ctx.today())]
    if kind is not None:
        narrowed.append(SupervisionFinding.kind == kind.value)
    if organ:
        narrowed.append(SupervisionFinding.organ_id == organ)
    counted = select(SupervisionFinding.case_id).where(seen, *narrowed).limit(CAP + 1)
    total = ctx.session.execute(select(func.count()).select_from(counted.subquery())).scalar_one()
    query = _selected(ctx).where(seen, *narrowed).order_by(*_ORDER).limit(PAGE + 1)
    if after is not None:
        query = query.where(_behind(after))
    rows = ctx.session.execute(query).all()
    lines = tuple(_line(ctx, row) for row in rows[:PAGE])
    return FindingList(
        lines,
        lines[-1].key if len(rows) > PAGE else None,
        total,
        _counts(ctx, seen),
        _organs(ctx, seen),
    )


def finding(ctx: Context, case_id: str, kind: FindingKind, subject: str) -> FindingLine:
    """Return one row. raises NotPermitted, NotFound (also: not the reader's to know)"""
    require_supervisor(ctx)
    row = ctx.session.execute(
        _selected(ctx).where(
            supervised_findings(ctx),
            SupervisionFinding.since_on <= ctx.today(),
            SupervisionFinding.case_id == case_id,
            SupervisionFinding.kind == kind.value,
            SupervisionFinding.subject == subject,
        )
    ).first()
    if row is None:
        raise NotFound(Message(N_("没有这条线索")))
    return _line(ctx, row)


def require_supervisor(ctx: Context) -> None:
    """Raise NotPermitted for a liaison of the police or a court: the list is the procuratorate's."""
    if Role.LIAISON in ctx.actor.roles and not is_procurator(ctx):
        raise NotPermitted(Message(N_("应当移送而未移送的线索只供检察机关和督查人员查看")))


_ORDER: Final = (
    SupervisionFinding.weight.desc(),
    SupervisionFinding.since_on,
    SupervisionFinding.case_id,
    SupervisionFinding.kind,
    SupervisionFinding.subject,
)


def _behind(key: Key) -> ColumnElement[bool]:
    weight, since, case_id, kind, subject = key
    row = SupervisionFinding
    day = date.fromisoformat(since)
    tied = and_(row.weight == weight, row.since_on == day)
    return or_(
        row.weight < weight,
        and_(row.weight == weight, row.since_on > day),
        and_(tied, row.case_id > case_id),
        and_(tied, row.case_id == case_id, row.kind > kind),
        and_(tied, row.case_id == case_id, row.kind == kind, row.subject > subject),
    )


def _todo(today: date) -> ColumnElement[bool]:
    row = SupervisionFinding
    waiting = and_(row.handling == Handling.ASKED.value, or_(row.reply_due_on.is_(None), row.reply_due_on >= today))
    return and_(row.handling != Handling.SETTLED.value, ~waiting)


def _asked(_today: date) -> ColumnElement[bool]:
    return SupervisionFinding.handling.in_((Handling.ASKED.value, Handling.ANSWERED.value))


def _settled(_today: date) -> ColumnElement[bool]:
    return SupervisionFinding.handling == Handling.SETTLED.value


_HANDLED: Final = {"todo": _todo, "asked": _asked, "settled": _settled}
TABS: Final = tuple(_HANDLED)


def _counts(ctx: Context, seen: ColumnElement[bool]) -> dict[str, int]:
    """Return how many rows each tab has, counted no further than CAP + 1."""
    found = {}
    for tab, narrowed in _HANDLED.items():
        rows = select(SupervisionFinding.case_id).where(seen, narrowed(ctx.today())).limit(CAP + 1)
        found[tab] = ctx.session.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
    return found


def _organs(ctx: Context, seen: ColumnElement[bool]) -> tuple[tuple[str, Words], ...]:
    rows = ctx.session.execute(select(SupervisionFinding.organ_id).where(seen).distinct()).scalars()
    return tuple((organ, organ_name(ctx, organ)) for organ in sorted(rows))


def _selected(ctx: Context) -> Any:
    """Return the rows with what may be read of their cases: the title only where the case is the reader's to see, or
    its dossier is open to his organ.
    """
    opened = (
        select(ReferralShare.case_id)
        .where(
            ReferralShare.case_id == SupervisionFinding.case_id,
            ReferralShare.organ_id == ctx.actor.organ,
            ReferralShare.opened_on.is_not(None),
        )
        .exists()
    )
    return select(
        SupervisionFinding,
        CaseFile.number,
        CaseFile.lead_number,
        CaseFile.external_id,
        CaseFile.title,
        opened.label("opened"),
        visible_cases(ctx).label("seen"),
    ).join(CaseFile, CaseFile.id == SupervisionFinding.case_id)


def _line(ctx: Context, row: Any) -> FindingLine:
    kept: SupervisionFinding = row[0]
    told = msgspec.json.decode(kept.details)
    limbs = told.get("limbs", [])
    figures = tuple(_figure(one) for one in told.get("figures", ()))
    offences = [one for one in limbs if one != SUSPICION] or list(dict.fromkeys(one.offence for one in figures))
    handling = Handling(kept.handling)
    due = kept.reply_due_on
    first = figures[0] if figures else None
    return FindingLine(
        case_id=kept.case_id,
        kind=FindingKind(kept.kind),
        subject=kept.subject,
        number=row.number or row.lead_number or row.external_id or kept.case_id,
        title=row.title if row.seen or row.opened else "",
        organ=organ_name(ctx, kept.organ_id),
        since_on=kept.since_on,
        offences=tuple((article_of(one), ctx.law.thresholds.offence(one).name) for one in offences),
        suspicion=SUSPICION in limbs,
        figures=figures,
        article=told.get("article") or (first.article if first else ""),
        confidence=told.get("confidence") or (first.confidence if first else ""),
        fined=bool(told.get("fined")),
        lowered=bool(told.get("lowered")),
        held=told.get("held", "organ"),
        clock=_clock(ctx, told),
        reasons=told.get("reasons", ""),
        by=told.get("by", ""),
        near=tuple(NearCase(one["number"], one["share"] // 10) for one in told.get("cases", ())),
        count=told.get("count", 1),
        handling=handling,
        letter=kept.letter,
        reply_due_on=due,
        late=handling is Handling.ASKED and due is not None and due < ctx.today(),
        openable=bool(row.seen),
        key=(kept.weight, kept.since_on.isoformat(), kept.case_id, kept.kind, kept.subject),
    )


def _clock(ctx: Context, told: Mapping[str, Any]) -> Words | None:
    rule = ctx.law.rules.find(told["clock"], date.fromisoformat(told["started"])) if "clock" in told else None
    return rule.name if rule is not None else None


def _figure(told: Mapping[str, Any]) -> Figure:
    value, limit = told["value"], told["limit"]
    return Figure(
        offence=told["offence"],
        measure=tuple(told["measure"].split("+")),
        value=value,
        limit=limit,
        money=told["money"],
        percent=value * 100 // limit if limit else 100,
        article=told["article"],
        confidence=told["confidence"],
    )
