"""Registering a lead: the folder is opened and its main proceeding begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, InputErrors, Message
from caseapp.domain.events import EntryKind, Json, legal_date
from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS, Goods, IpType, Party, Right
from caseapp.domain.workflow.definition import Kind, Procedure
from caseapp.services import numbers, personal, submissions
from caseapp.services.case_store import CaseEdit, new_id
from caseapp.services.unit_of_work import Unit, unit_of_work

_DISPUTES = {"patent_dispute": "侵权纠纷", "mediation": "纠纷调解"}
"""Procedures that a party's request begins, and what their cases are called."""


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """A party as entered: identifiers already checked and normalised, personal values in clear."""

    role: str
    kind: str
    name: str
    uscc: str | None = None
    personal: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """What is entered when a lead or a request is registered. Amounts in fen or numbers.

    received_on  the day it was found or came in
    facts        what a request says, by fact names that forms of its procedure ask: they need not be typed again
    """

    division: str
    ip_types: tuple[str, ...]
    source: str
    summary: str
    received_on: date
    procedure: str = "penalty_general"
    organ: str = ""
    title: str = ""
    channel: str | None = None
    campaigns: tuple[str, ...] = ()
    parties: tuple[PartyDraft, ...] = ()
    rights: tuple[Right, ...] = ()
    goods: tuple[Goods, ...] = ()
    amounts: Mapping[str, int | None] = field(default_factory=dict)
    act_from: date | None = None
    act_to: date | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseRef:
    """Which case a service worked on, and its version afterwards."""

    id: str
    number: str
    version: int


@submissions.once(CaseRef)
def register_lead(ctx: Context, draft: LeadDraft, *, idempotency_key: str | None = None) -> CaseRef:
    """Open a case folder for a lead or for a party's request.

    The clock for checking it runs from the day it was found or received (市场监督管理行政处罚程序规定 art 18;
    专利纠纷行政裁决和调解办法 art 20, 65).

    raises  InputErrors
    """
    require_complete(ctx, draft)
    with unit_of_work(ctx) as unit:
        edit = opened(ctx, unit, draft)
        edit.save(unit)
        reference = CaseRef(edit.case_id, edit.current.lead_number or "", edit.current.version)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


def opened(ctx: Context, unit: Unit, draft: LeadDraft) -> CaseEdit:
    """Open the folder of a draft that is complete: its number is taken, nothing is saved yet."""
    procedure = ctx.law.procedures.get(draft.procedure)
    organ = draft.organ or ctx.actor.organ
    case_id, proceeding_id = new_id(ctx), new_id(ctx)
    edit = CaseEdit(ctx, case_id, None)
    parties = []
    for entered in draft.parties:
        party_id = new_id(ctx)
        parties.append(
            Party(
                id=party_id,
                role=entered.role,
                kind=entered.kind,
                name=entered.name,
                uscc=entered.uscc,
                personal=personal.commit_values(edit, party_id, entered.personal),
            )
        )
    occurred_at, precision = edit.occurred(draft.received_on)
    opening = procedure.opening
    milestone: Json = (
        {
            "kind": opening.kind.value,
            "on": draft.received_on.isoformat(),
            "precision": "day",
            "details": dict(opening.details),
        }
        if opening
        else None
    )
    lead_number = numbers.take(
        ctx,
        unit,
        organ_id=organ,
        series=numbers.LEAD_SERIES,
        word=numbers.WORDS[numbers.LEAD_SERIES],
        year=legal_date(occurred_at).year,
    )
    case: dict[str, Json] = {
        "id": case_id,
        "lead_number": lead_number,
        "title": draft.title.strip() or name_of(draft),
        "organ": organ,
        "division": ctx.law.divisions.current(draft.division),
        "ip_types": list(draft.ip_types),
        "source": draft.source,
        "channel": draft.channel,
        "campaigns": list(draft.campaigns),
        "summary": draft.summary.strip(),
        "parties": [_json(asdict(party)) for party in parties],
        "rights": [_json(asdict(right)) for right in draft.rights],
        "goods": [_json(asdict(item)) for item in draft.goods],
        "amounts": {name: value for name, value in draft.amounts.items() if value is not None},
        "act_from": draft.act_from.isoformat() if draft.act_from else None,
        "act_to": draft.act_to.isoformat() if draft.act_to else None,
        "demo": ctx.demo,
        "origin": "demo" if ctx.demo else "user",
    }
    edit.append(
        EntryKind.OPENED,
        {
            "case": case,
            "proceeding": {"id": proceeding_id, "procedure": procedure.id, "version": procedure.version},
            "milestone": milestone,
            "starts": list(procedure.opening_clocks.starts),
            **({"facts": dict(draft.facts)} if draft.facts else {}),
        },
        occurred_at=occurred_at,
        precision=precision,
    )
    return edit


def name_of(draft: LeadDraft) -> str:
    """Return the usual name of a case: 当事人 + 涉嫌 + act + 案 (LAW 7.3); of a dispute, both sides and its kind."""
    respondent = next((party.name for party in draft.parties if party.role == "respondent"), "当事人待查")
    if draft.procedure in _DISPUTES:
        requester = next((party.name for party in draft.parties if party.role == "complainant"), "请求人待查")
        kinds = {
            IpType.PATENT_INVENTION: "发明专利",
            IpType.PATENT_UTILITY: "实用新型专利",
            IpType.PATENT_DESIGN: "外观设计专利",
        }
        kind = kinds.get(IpType(draft.ip_types[0]), "专利")
        return f"{requester}与{respondent}{kind}{_DISPUTES[draft.procedure]}案"
    acts = {
        IpType.TRADEMARK: "侵犯注册商标专用权",
        IpType.COPYRIGHT: "侵犯著作权",
        IpType.GI: "侵犯地理标志",
        IpType.PLANT_VARIETY: "侵犯植物新品种权",
        IpType.TRADE_SECRET: "侵犯商业秘密",
        IpType.OTHER: "知识产权违法",
    }
    first = IpType(draft.ip_types[0])
    return f"{respondent}涉嫌{acts.get(first, '假冒专利')}案"


def _json(value: dict[str, object]) -> Json:
    return value  # type: ignore[return-value]


def require_complete(ctx: Context, draft: LeadDraft) -> None:
    """Raise InputErrors where the draft lacks something, or says what cannot be."""
    errors: list[InputError] = []
    if draft.received_on > ctx.today():
        errors.append(
            InputError(
                "received_on",
                Message(N_("发现或者收到线索的日期不能晚于今天（%(today)s）"), {"today": ctx.today().isoformat()}),
            )
        )
    if not draft.ip_types:
        errors.append(InputError("ip_types", Message(N_("请至少选择一种权利类型"))))
    for ip_type in draft.ip_types:
        if ip_type not in tuple(IpType):
            errors.append(InputError("ip_types", Message(N_("没有这种权利类型"))))
    if not draft.summary.strip():
        errors.append(InputError("summary", Message(N_("请写明线索内容"))))
    if draft.act_from and draft.act_to and draft.act_to < draft.act_from:
        errors.append(InputError("act_to", Message(N_("违法行为终了之日不能早于开始之日"))))
    if not ctx.law.divisions.is_well_formed(draft.division):
        errors.append(InputError("division", Message(N_("行政区划代码应为六位数字"))))
    organ = draft.organ or ctx.actor.organ
    if organ not in ctx.law.organs:
        errors.append(InputError("organ", Message(N_("没有编号为 %(organ)s 的机关"), {"organ": organ})))
    for name, value in draft.amounts.items():
        if name not in MONEY_AMOUNTS and name not in COUNT_AMOUNTS:
            errors.append(InputError(f"amounts.{name}", Message(N_("没有这一项数额"))))
        elif value is not None and value < 0:
            errors.append(InputError(f"amounts.{name}", Message(N_("数额不能为负"))))
    if draft.procedure not in ctx.law.procedures or ctx.law.procedures.get(draft.procedure).kind is not Kind.MAIN:
        errors.append(
            InputError("procedure", Message(N_("没有名为“%(procedure)s”的程序定义"), {"procedure": draft.procedure}))
        )
    else:
        errors += _strange_facts(ctx.law.procedures.get(draft.procedure), draft.facts)
    if errors:
        raise InputErrors(errors)


def _strange_facts(procedure: Procedure, facts: Mapping[str, Json]) -> list[InputError]:
    """Return an error for each fact that no form of the procedure asks, and for each choice that it does not offer."""
    asked = {one.fact_name: one for action in procedure.actions for one in action.fields}
    errors = []
    for name, value in facts.items():
        choices = {choice for choice, _ in asked[name].choices} if name in asked else set()
        told = value if isinstance(value, list) else [value]
        if name not in asked or (choices and not choices.issuperset(told)):
            errors.append(InputError(name, Message(N_("没有这一项内容"))))
    return errors
