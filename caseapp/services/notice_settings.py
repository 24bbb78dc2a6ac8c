"""How a person wants to be told: the address, and for each group of notices how often."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import delete, insert, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import Stream
from caseapp.domain.notices import Cadence, NoticeGroup
from caseapp.models.account import Account
from caseapp.models.notice_cadence import NoticeCadence
from caseapp.services import ledger
from caseapp.services.unit_of_work import unit_of_work

LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]|\.(?=[A-Za-z0-9])){0,188}")


def change(ctx: Context, *, email: str, cadences: Mapping[NoticeGroup, Cadence]) -> None:
    """Keep the actor's own settings. An address that a server refused is tried again once it is given anew.

    email  '' for none: no e-mail is sent then

    raises  InputError
    """
    address = email.strip()
    if len(address) > LONGEST_ADDRESS or (address and not _ADDRESS.fullmatch(address)):
        raise InputError("email", Message(N_("请填写完整的邮箱地址，例如 name@example.cn")))
    me = ctx.actor.id
    before = ctx.session.execute(select(Account.email).where(Account.id == me)).scalar()
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(Account).where(Account.id == me).values(email=address or None, email_refused=None)
        )
        unit.connection.execute(delete(NoticeCadence).where(NoticeCadence.user_id == me))
        rows = [
            {"user_id": me, "notice_group": group.value, "cadence": cadence.value}
            for group, cadence in cadences.items()
        ]
        if rows:
            unit.connection.execute(insert(NoticeCadence), rows)
        # The address itself is personal and stays out of what cannot be forgotten.
        ledger.append_beside(
            ctx,
            unit,
            stream=Stream.SYSTEM,
            kind="notice_settings_changed",
            payload={
                "user": me,
                "email_changed": (address or None) != before,
                "cadences": {group.value: cadence.value for group, cadence in cadences.items()},
            },
        )
