"""What an installation needs before the first case: organs in the table, its settings, its people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import Stream
from caseapp.domain.organs import OrganRecord
from caseapp.domain.policies.seats import refuse_seat
from caseapp.domain.roles import Role, Scope
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.organ import Organ
from caseapp.models.setting import Setting
from caseapp.queries.security import security_policy
from caseapp.services import ledger
from caseapp.services.case_store import new_id
from caseapp.services.passwords import refuse_weak_for
from caseapp.services.unit_of_work import Unit, unit_of_work


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """A person to be given an account. The password is hashed before it is kept.

    roles   may be empty: the person can do nothing until the security administrator grants a role
    """

    login: str
    name: str
    organ: str
    roles: tuple[Role, ...]
    scope: Scope
    password: str
    certificate_number: str | None = None
    certificate_from: date | None = None
    certificate_until: date | None = None
    demo: bool = False
    must_change_password: bool = True


def is_empty(ctx: Context) -> bool:
    """Return whether nobody has an account and no case exists."""
    accounts = ctx.session.execute(select(func.count()).select_from(Account)).scalar_one()
    return accounts == 0 and ctx.session.execute(select(CaseFile.id).limit(1)).first() is None


def sync_organs(ctx: Context) -> int:
    """Bring the organ table in line with `workflows/organs.yaml`. Returns how many were added or changed."""
    known = {row.id: row for row in ctx.session.execute(select(Organ.__table__))}
    fresh, changed = [], []
    for record in _parents_first(list(ctx.law.organs)):
        row = _organ_row(ctx, record)
        if record.id not in known:
            fresh.append(row)
        elif any(getattr(known[record.id], name) != value for name, value in row.items()):
            changed.append(row)
    if not fresh and not changed:
        return 0
    with unit_of_work(ctx) as unit:
        for row in fresh:
            unit.connection.execute(insert(Organ), row)
        for row in changed:
            unit.connection.execute(update(Organ).where(Organ.id == row["id"]).values(**row))
        ledger.append_beside(
            ctx,
            unit,
            stream=Stream.SYSTEM,
            kind="organs_synchronised",
            payload={"added": [str(row["id"]) for row in fresh], "changed": [str(row["id"]) for row in changed]},
        )
    return len(fresh) + len(changed)


def _organ_row(ctx: Context, record: OrganRecord) -> dict[str, object]:
    path = "".join(f"{organ}/" for organ in reversed(ctx.law.organs.upward(record.id)))
    return {
        "id": record.id,
        "name_zh": record.name_zh,
        "name_en": record.name_en,
        "short_zh": record.short_zh,
        "short_en": record.short_en,
        "level": record.level.value,
        "kind": record.kind.value,
        "division": record.division,
        "parent_id": record.parent,
        "path": path,
        "document_word": record.document_word or "",
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
    }


def _parents_first(records: Sequence[OrganRecord]) -> Iterable[OrganRecord]:
    waiting, done = list(records), set[str]()
    while waiting:
        ready = [record for record in waiting if record.parent is None or record.parent in done]
        done.update(record.id for record in ready)
        waiting = [record for record in waiting if record.id not in done]
        yield from ready


def create_account(ctx: Context, draft: AccountDraft) -> str:
    """Give a person an account and return its id.

    raises  InputError (login taken, organ unknown, weak password, administrators mixed with other roles)
    """
    return create_accounts(ctx, [draft])[0]


def create_accounts(ctx: Context, drafts: Sequence[AccountDraft]) -> list[str]:
    """Give several people accounts in one transaction; equal passwords are hashed once. Returns their ids in order."""
    for draft in drafts:
        _check(ctx, draft)
    logins = [draft.login for draft in drafts]
    taken = ctx.session.execute(select(Account.login).where(Account.login.in_(logins))).scalars().first()
    if taken is not None:
        raise InputError("login", Message(N_("用户名“%(login)s”已被使用"), {"login": taken}))
    hashes = {password: ctx.ports.hasher.hash(password) for password in {draft.password for draft in drafts}}
    now = ctx.now()
    rows = [
        {
            "id": new_id(ctx),
            "login": draft.login,
            "name": draft.name,
            "password_hash": hashes[draft.password],
            "organ_id": draft.organ,
            "roles": roles_text(draft.roles),
            "scope": draft.scope.value,
            "certificate_number": draft.certificate_number,
            "certificate_from": draft.certificate_from,
            "certificate_until": draft.certificate_until,
            "active": True,
            "demo": draft.demo,
            "must_change_password": draft.must_change_password,
            "failed_logins": 0,
            "session_epoch": 0,
            "password_set_at": now,
            "created_at": now,
        }
        for draft in drafts
    ]
    with unit_of_work(ctx) as unit:
        unit.connection.execute(insert(Account), rows)
        ledger.append_beside(
            ctx,
            unit,
            stream=Stream.SYSTEM,
            kind="accounts_created",
            payload={"logins": [str(row["login"]) for row in rows]},
        )
    return [str(row["id"]) for row in rows]


def roles_text(roles: Sequence[Role]) -> str:
    """Return roles in their stored form: '|officer|leader|', '|' for none."""
    return "|" + "".join(f"{role.value}|" for role in roles)


def _check(ctx: Context, draft: AccountDraft) -> None:
    if (
        not draft.login
        or len(draft.login) > 60
        or not draft.login.replace("-", "").replace(".", "").replace("_", "").isalnum()
    ):
        raise InputError("login", Message(N_("用户名只能由字母、数字、点、横线组成")))
    if draft.organ not in ctx.law.organs:
        raise InputError("organ", Message(N_("没有编号为 %(organ)s 的机关"), {"organ": draft.organ}))
    refuse_seat(draft.roles, draft.scope, ctx.law.organs.get(draft.organ).kind)
    if not draft.demo:
        refuse_weak_for(ctx, draft.password, login=draft.login, name=draft.name, policy=security_policy(ctx))


def mark_demo(unit: Unit) -> None:
    """Mark the database as a demonstration, for good."""
    unit.connection.execute(insert(Setting), {"name": "demo", "value": "yes"})
