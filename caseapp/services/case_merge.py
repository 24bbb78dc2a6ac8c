"""Making two cases one, and one case two: both histories linked, both written in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from caseapp.context import Context
from caseapp.domain.connections import LinkKind
from caseapp.domain.errors import N_, ActionRefused, InputError, Message, Unmet
from caseapp.domain.events import EntryKind, Json, MilestoneKind
from caseapp.domain.facts import CaseImage, Party
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow import evidence_follow, merging
from caseapp.domain.workflow.automaton import facts_of
from caseapp.domain.workflow.definition import Category
from caseapp.domain.workflow.merging import EndingAct, Part, Portion
from caseapp.domain.workflow.situation import Actor
from caseapp.services import numbers, personal, submissions
from caseapp.services.case_intake import CaseRef
from caseapp.services.case_store import CaseEdit, begin, new_id, require_text
from caseapp.services.effects import officers_told
from caseapp.services.unit_of_work import unit_of_work

LONGEST_REASON = 2000
NOT_FILED_REASON = "merged"


@submissions.once(CaseRef)
def merge(
    ctx: Context,
    into_id: str,
    other_id: str,
    *,
    reason: str,
    take: Collection[Part] = (),
    seen_version: int | None,
    idempotency_key: str | None = None,
) -> CaseRef:
    """Merge one case into another: it closes with the manner `merged` (a lead: not filed) and the two are linked.

    Evidence that stands and goods in custody always go along, in the hands they are in. A restricted case makes the one
    it comes into restricted.

    take          what goes along; a party or right that the other case has already is not doubled, amounts are summed
    seen_version  of the case merged into

    raises  NotPermitted, NotFound, StaleCase, ActionRefused (with reasons), InputError
    """
    require(ctx.actor.roles, Permission.CASE_MERGE)
    reason = require_text("reason", reason, LONGEST_REASON)
    into, other = begin(ctx, into_id, seen_version=seen_version), begin(ctx, other_id)
    bars = obstacles(ctx, into.current, other.current, ctx.actor)
    acts = _ending(ctx, other.current, into.current.display_number())
    if bars or acts is None:
        raise ActionRefused("merge", bars)
    join(ctx, into, other, reason=reason, take=frozenset(take))
    if acts:
        for act in acts:
            _end(ctx, other, act, reason)
    else:
        _not_filed(ctx, other, into.current.display_number())
    with unit_of_work(ctx) as unit:
        for edit in sorted((into, other), key=lambda edit: edit.case_id):
            edit.save(unit)
        told = [one for one in other.current.handlers if one not in into.current.handlers]
        officers_told(ctx, unit, other.current, told)
        reference = _reference(into)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


def join(ctx: Context, into: CaseEdit, other: CaseEdit, *, reason: str, take: frozenset[Part]) -> None:
    """Link two edits of which `other` goes into `into`, with what it brings along. Nothing is saved yet."""
    patch = _taken_along(ctx, into, other.current, take)
    following = evidence_follow.follow(
        other.current,
        into.current,
        pieces=[piece.id for piece in other.current.evidence],
        items=evidence_follow.held(other.current.custody),
        new_id=lambda: new_id(ctx),
    )
    _link(into, LinkKind.MERGED_FROM, other.current, reason, patch, following.coming)
    _link(other, LinkKind.MERGED_INTO, into.current, reason, {}, following.going)


@submissions.once(CaseRef)
def split(
    ctx: Context,
    case_id: str,
    portion: Portion,
    *,
    title: str,
    reason: str,
    seen_version: int | None,
    idempotency_key: str | None = None,
) -> CaseRef:
    """Split a new case off: it begins as a lead of the same organ and officers and is counted once it is filed itself.

    raises  NotPermitted, NotFound, StaleCase, ActionRefused, InputError (nothing chosen, no respondent left)
    """
    require(ctx.actor.roles, Permission.CASE_MERGE)
    title = require_text("title", title, 200)
    reason = require_text("reason", reason, LONGEST_REASON)
    edit = begin(ctx, case_id, seen_version=seen_version)
    image = edit.current
    bars = merging.obstacles_to_split(image, ctx.actor, portion.items)
    if bars:
        raise ActionRefused("split", bars)
    require_divisible(image, portion)
    gone = tuple(party for party in image.parties if party.id in portion.parties)
    moved_rights = tuple(right for place, right in enumerate(image.rights) if place in portion.rights)
    moved_goods = tuple(item for place, item in enumerate(image.goods) if place in portion.goods)
    left = tuple(party for party in image.parties if party.id not in portion.parties)
    new = CaseEdit(ctx, new_id(ctx), None)
    procedure = ctx.law.procedures.get(image.main.procedure)
    with unit_of_work(ctx) as unit:
        lead_number = numbers.take(
            ctx, unit, organ_id=image.organ, series=numbers.LEAD_SERIES, word=numbers.word_of(ctx, numbers.LEAD_SERIES),
            year=ctx.today().year,
        )  # fmt: skip
        case: dict[str, Json] = {
            "id": new.case_id,
            "lead_number": lead_number,
            "title": title,
            "organ": image.organ,
            "division": image.division,
            "ip_types": list(image.ip_types),
            "source": image.source,
            "channel": image.channel,
            "campaigns": list(image.campaigns),
            "summary": image.summary,
            "parties": [_json(asdict(party)) for party in _recommitted(ctx, new, image, gone)],
            "rights": [_json(asdict(right)) for right in moved_rights],
            "goods": [_json(asdict(item)) for item in moved_goods],
            "act_from": image.act_from.isoformat() if image.act_from else None,
            "act_to": image.act_to.isoformat() if image.act_to else None,
            "officers": list(image.officers),
            "restricted": image.restricted,
            "demo": image.demo,
            "origin": "demo" if image.demo else "user",
        }
        _open(ctx, new, case, procedure.id, procedure.version)
        _split_from(new, image)
        following = evidence_follow.follow(
            image, new.current, pieces=portion.evidence, items=portion.items,
            new_id=lambda: new_id(ctx), stays_too=portion.evidence_in_both,
        )  # fmt: skip
        _link(new, LinkKind.SPLIT_FROM, image, reason, {}, following.coming)
        kept_rights = tuple(right for place, right in enumerate(image.rights) if place not in portion.rights)
        changed: dict[str, Json] = {}
        if gone:
            changed["parties"] = [_json(asdict(party)) for party in left]
        if kept_rights and moved_rights:
            changed["rights"] = [_json(asdict(right)) for right in kept_rights]
        if moved_goods:
            changed["goods"] = [
                _json(asdict(item)) for place, item in enumerate(image.goods) if place not in portion.goods
            ]
        _link(edit, LinkKind.SPLIT_INTO, new.current, reason, changed, following.going)
        edit.save(unit)
        new.save(unit)
        officers_told(ctx, unit, new.current, new.current.officers)
        reference = _reference(new)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


def obstacles(ctx: Context, into: CaseImage, other: CaseImage, actor: Actor) -> tuple[Unmet, ...]:
    """Return why this person may not merge the other case into this one; () = may."""
    found = merging.obstacles_to_merge(into, other, actor)
    if not found and _ending(ctx, other, into.display_number()) is None:
        return (Unmet(Message(N_("本程序在当前状态下不能并案")), guard="procedure"),)
    return found


def require_divisible(image: CaseImage, portion: Portion) -> None:
    """Refuse a split of nothing, of what is not in the case, or of every respondent. raises InputError"""
    _check_things(image, portion.evidence, portion.items)
    gone = tuple(party for party in image.parties if party.id in portion.parties)
    left = tuple(party for party in image.parties if party.id not in portion.parties)
    moved = {*portion.rights} & {*range(len(image.rights))} or {*portion.goods} & {*range(len(image.goods))}
    _check_division(image, gone, left, bool(moved or portion.evidence or portion.items))


def _ending(ctx: Context, other: CaseImage, number: str) -> tuple[EndingAct, ...] | None:
    """Return the acts that end the case; () for a lead, None where its procedure has none."""
    if other.main.category == Category.LEAD:
        return ()
    procedure = ctx.law.procedures.pinned(other.main.procedure, other.main.version)
    return merging.ending_acts(procedure, other.main, number)


def _end(ctx: Context, edit: CaseEdit, act: EndingAct, reason: str) -> None:
    main, action = edit.current.main, act.action
    use = action.milestone
    assert use is not None
    facts: dict[str, Json] = dict(facts_of(action, act.details))
    named = {field.fact_name for field in action.fields}
    facts.update({name: reason for name in ("merge_reason", "closing_summary") if name in named})
    occurred_at, precision = edit.occurred(None)
    milestone: dict[str, Json] = {
        "kind": use.kind.value,
        "on": ctx.today().isoformat(),
        "precision": "day",
        "details": {**use.details, **act.details},
    }
    payload: dict[str, Any] = {
        "proceeding": main.id,
        "procedure": main.procedure,
        "version": main.version,
        "action": action.id,
        "from": act.source,
        "to": act.to,
        "facts": facts,
        "milestone": milestone,
        "starts": list(action.clocks.starts),
        "meets": list(action.clocks.meets),
        "ends": list(action.clocks.ends),
    }
    edit.append(EntryKind.ACTED, payload, occurred_at=occurred_at, precision=precision)


def _not_filed(ctx: Context, edit: CaseEdit, number: str) -> None:
    occurred_at, precision = edit.occurred(None)
    milestone: dict[str, Json] = {
        "kind": MilestoneKind.NOT_FILED.value,
        "on": ctx.today().isoformat(),
        "precision": "day",
        "details": {"reason": NOT_FILED_REASON, "into": number},
    }
    payload: dict[str, Json] = {"proceeding": edit.current.main.id, "milestone": milestone, "irregular": False}
    edit.append(EntryKind.MILESTONE, payload, occurred_at=occurred_at, precision=precision)


def _taken_along(ctx: Context, into: CaseEdit, other: CaseImage, take: frozenset[Part]) -> dict[str, Json]:
    image = into.current
    patch: dict[str, Json] = {}
    if Part.PARTIES in take:
        coming = _recommitted(ctx, into, other, merging.new_parties(image, other))
        if coming:
            patch["parties"] = [_json(asdict(party)) for party in (*image.parties, *coming)]
    if Part.RIGHTS in take and (rights := merging.new_rights(image, other)):
        patch["rights"] = [_json(asdict(right)) for right in (*image.rights, *rights)]
    if Part.GOODS in take and other.goods:
        patch["goods"] = [_json(asdict(item)) for item in merging.joined_goods(image, other)]
    if Part.AMOUNTS in take and (amounts := merging.joined_amounts(image, other)) != dict(image.amounts):
        patch["amounts"] = _json(dict(amounts))
    if "rights" in patch and (more := [kind for kind in other.ip_types if kind not in image.ip_types]):
        patch["ip_types"] = [*image.ip_types, *more]
    if other.restricted and not image.restricted:
        patch["restricted"] = True
    return patch


def _recommitted(ctx: Context, edit: CaseEdit, source: CaseImage, parties: Sequence[Party]) -> list[Party]:
    """Return the parties as they come into another case: ids of their own, personal values committed anew there."""
    values = personal.values_of(ctx, source.id) if any(party.personal for party in parties) else {}
    found = []
    for party in parties:
        party_id = new_id(ctx)
        known = {name: values.get(promised) for name, promised in party.personal.items()}
        found.append(replace(party, id=party_id, personal=personal.commit_values(edit, party_id, known)))
    return found


def _check_division(image: CaseImage, gone: Sequence[Party], left: Sequence[Party], more: bool) -> None:
    if not gone and not more:
        raise InputError("parties", Message(N_("请选择分出的当事人、权利、证据或者物品")))
    had = any(party.role == "respondent" for party in image.parties)
    if had and not any(party.role == "respondent" for party in left):
        raise InputError("parties", Message(N_("原案至少保留一名当事人")))


def _check_things(image: CaseImage, evidence: Sequence[str], items: Sequence[str]) -> None:
    standing = {piece.id for piece in image.evidence if piece.stands}
    here = set(evidence_follow.held(image.custody))
    for name, chosen, known in (("evidence", evidence, standing), ("items", items, here)):
        if not known.issuperset(chosen):
            raise InputError(name, Message(N_("所选证据或者物品已不在本案中，请重新选择")))


def _open(ctx: Context, edit: CaseEdit, case: dict[str, Json], procedure_id: str, version: int) -> None:
    procedure = ctx.law.procedures.pinned(procedure_id, version)
    occurred_at, precision = edit.occurred(None)
    opening = procedure.opening
    payload: dict[str, Json] = {
        "case": case,
        "proceeding": {"id": new_id(ctx), "procedure": procedure.id, "version": procedure.version},
        "starts": list(procedure.opening_clocks.starts),
    }
    if opening is not None:
        payload["milestone"] = {
            "kind": opening.kind.value,
            "on": ctx.today().isoformat(),
            "precision": "day",
            "details": _json(dict(opening.details)),
        }
    edit.append(EntryKind.OPENED, payload, occurred_at=occurred_at, precision=precision)


def _split_from(edit: CaseEdit, image: CaseImage) -> None:
    occurred_at, precision = edit.occurred(None)
    milestone: dict[str, Json] = {
        "kind": MilestoneKind.SPLIT.value,
        "on": edit.ctx.today().isoformat(),
        "precision": "day",
        "details": {"from": image.display_number()},
    }
    payload: dict[str, Json] = {"proceeding": edit.current.main.id, "milestone": milestone, "irregular": False}
    edit.append(EntryKind.MILESTONE, payload, occurred_at=occurred_at, precision=precision)


def _link(
    edit: CaseEdit,
    kind: LinkKind,
    other: CaseImage,
    reason: str,
    patch: dict[str, Json],
    things: Mapping[str, Json],
) -> None:
    occurred_at, precision = edit.occurred(None)
    link: dict[str, Json] = {"kind": kind.value, "case": other.id, "number": other.display_number(), "reason": reason}
    edit.append(EntryKind.LINKED, {"link": link, "case": patch, **things}, occurred_at=occurred_at, precision=precision)


def _reference(edit: CaseEdit) -> CaseRef:
    return CaseRef(edit.case_id, edit.current.display_number(), edit.current.version)


def _json(value: Any) -> Json:
    return value  # type: ignore[no-any-return]
