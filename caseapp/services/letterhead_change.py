"""Letterheads: a change is a new version; papers keep the one they were issued with."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import insert

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, InputErrors, Message, NotPermitted, RuleRefused
from caseapp.domain.events import Json, Stream
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.policies.predicates import actor_keeps_organ
from caseapp.models.letterhead import Letterhead
from caseapp.queries.letterheads import PLACES, LetterheadText, letterhead
from caseapp.services import ledger
from caseapp.services.unit_of_work import unit_of_work

LONGEST = {"head": 60, "signature": 200, "contact": 300}
LONGEST_PHRASE, MOST_PHRASES = 300, 20


def change(ctx: Context, organ_id: str, text: LetterheadText) -> int:
    """Give an organ a new letterhead. Returns the version now in use; the same text again makes no new one.

    text  `version` is the one that the form was made from

    raises  NotFound, NotPermitted (another organ's administrator), InputErrors, RuleRefused (changed meanwhile)
    """
    require_keeper(ctx, organ_id)
    _check(ctx, text)
    with unit_of_work(ctx) as unit:
        now = letterhead(ctx, organ_id)
        if now.version != text.version:
            raise RuleRefused(Message(N_("文书格式在您打开页面后已被他人更改，请重新打开核对后再提交")))
        if _content(now) == _content(text):
            return now.version
        version = now.version + 1
        content = _content(text)
        unit.connection.execute(
            insert(Letterhead),
            {
                "organ_id": organ_id,
                "version": version,
                "head": text.head,
                "signature": text.signature,
                "contact": text.contact,
                "phrases": json.dumps(content["phrases"], ensure_ascii=False),
                "made_by": ctx.actor.id,
                "made_at": ctx.now(),
            },
        )
        ledger.append_beside(
            ctx,
            unit,
            stream=Stream.SYSTEM,
            kind="letterhead_changed",
            payload={"organ": organ_id, "version": version, **content},
        )
    return version


def is_kept(ctx: Context, organ_id: str) -> bool:
    """Return whether the letterhead of that organ lies within the actor's: his own or one below. raises NotFound"""
    ctx.law.organs.get(organ_id)
    return actor_keeps_organ(ctx.actor.organ, ctx.law.organs.upward(organ_id))


def require_keeper(ctx: Context, organ_id: str) -> None:
    """Refuse who does not keep the letterhead of that organ. raises NotFound, NotPermitted"""
    require(ctx.actor.roles, Permission.LETTERHEAD_CHANGE)
    if not is_kept(ctx, organ_id):
        raise NotPermitted(Message(N_("只能维护本机关和下级机关的文书格式")))


def preview_pdf(ctx: Context, organ_id: str, text: LetterheadText) -> bytes:
    """Return a draft notice under the letterhead as typed. raises NotFound, NotPermitted, InputErrors, ExternalError"""
    require_keeper(ctx, organ_id)
    _check(ctx, text)
    record = ctx.law.organs.get(organ_id)
    kind = ctx.law.documents["prior_notice"]
    organ = {"name": record.name_zh, "letterhead": facts_of(text)}
    html = ctx.ports.pages.render_html(kind, {"organ": organ}, preview=True)
    return ctx.ports.pdf.render(html, title=kind.name["zh"])


def facts_of(text: LetterheadText) -> dict[str, object] | None:
    """Return what papers freeze of a letterhead; None where the organ has none of its own."""
    found = {
        "version": text.version,
        "head": text.head,
        "signature": [line.strip() for line in text.signature.splitlines() if line.strip()],
        "contact": text.contact,
    }
    return found if text.head or text.signature or text.contact else None


def _content(text: LetterheadText) -> dict[str, Json]:
    phrases: Mapping[str, Json] = {place: list(items) for place, items in sorted(text.phrases.items()) if items}
    return {"head": text.head, "signature": text.signature, "contact": text.contact, "phrases": dict(phrases)}


def _check(ctx: Context, text: LetterheadText) -> None:
    errors = [
        InputError(name, Message(N_("不能超过 %(n)s 字"), {"n": longest}))
        for name, longest in LONGEST.items()
        if len(getattr(text, name)) > longest
    ]
    for place, items in text.phrases.items():
        if place not in PLACES:
            errors.append(InputError(place, Message(N_("没有这一项"))))
        if len(items) > MOST_PHRASES:
            errors.append(InputError(place, Message(N_("至多 %(n)s 处"), {"n": MOST_PHRASES})))
        if any(len(item) > LONGEST_PHRASE for item in items):
            errors.append(InputError(place, Message(N_("不能超过 %(n)s 字"), {"n": LONGEST_PHRASE})))
    lacking = ctx.ports.pdf.glyphs_missing(text.head + text.signature + text.contact)
    if lacking:
        said = "、".join(lacking)
        errors.append(
            InputError("head", Message(N_("字库中没有以下字，无法打印：%(characters)s"), {"characters": said}))
        )
    if errors:
        raise InputErrors(errors)
