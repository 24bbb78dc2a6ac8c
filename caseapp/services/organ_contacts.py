"""How an organ is reached and where its fines are paid: kept by the system administrator, printed in documents."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, InputErrors, Message, NotFound, RuleRefused
from caseapp.domain.events import Json, Stream
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.models.organ import Organ
from caseapp.queries.organ_tree import OrganContact
from caseapp.services import ledger
from caseapp.services.unit_of_work import unit_of_work

LONGEST = {"address": 200, "phone": 40, "postcode": 10, "fee_bank": 200}
"""Letters that each part may have."""


def change(ctx: Context, organ_id: str, contact: OrganContact, *, seen: str) -> bool:
    """Set the contact data of an organ. Returns whether anything changed.

    seen    mark of the data that the form showed

    raises  NotPermitted, NotFound, InputErrors, RuleRefused (somebody changed it meanwhile)
    """
    require(ctx.actor.roles, Permission.ORGAN_CHANGE)
    _check(contact)
    with unit_of_work(ctx) as unit:
        row = unit.connection.execute(
            select(Organ.address, Organ.phone, Organ.postcode, Organ.fee_bank)
            .where(Organ.id == organ_id)
            .with_for_update()
        ).first()
        if row is None:
            raise NotFound(Message(N_("没有编号为 %(organ)s 的机关"), {"organ": organ_id}))
        before = OrganContact(row.address or "", row.phone or "", row.postcode or "", row.fee_bank or "")
        if before.mark != seen:
            raise RuleRefused(Message(N_("该机关的联系信息在您打开页面后已被他人更改，请重新打开核对后再提交")))
        old, new = asdict(before), asdict(contact)
        changed: dict[str, Json] = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
        if changed:
            unit.connection.execute(
                update(Organ).where(Organ.id == organ_id).values({name: new[name] or None for name in changed})
            )
            ledger.append_beside(
                ctx,
                unit,
                stream=Stream.SYSTEM,
                kind="organ_contact_changed",
                payload={"organ": organ_id, "changed": changed},
            )
    return bool(changed)


def _check(contact: OrganContact) -> None:
    errors = [
        InputError(name, Message(N_("不能超过 %(n)s 字"), {"n": LONGEST[name]}))
        for name, text in asdict(contact).items()
        if len(text) > LONGEST[name]
    ]
    if contact.postcode and not (
        contact.postcode.isascii() and contact.postcode.isdigit() and len(contact.postcode) == 6
    ):
        errors.append(InputError("postcode", Message(N_("邮政编码应为六位数字"))))
    if errors:
        raise InputErrors(errors)
