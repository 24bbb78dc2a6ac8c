"""Setting the numbers of signing in: the security administrator's, kept in `setting` and in the ledger."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import delete, insert

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, RuleRefused
from caseapp.domain.events import Json, Stream
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.policies.security import SecurityPolicy, check_policy
from caseapp.models.setting import Setting
from caseapp.queries.security import PREFIX, VERSION, security_settings
from caseapp.services import ledger
from caseapp.services.case_store import new_id
from caseapp.services.unit_of_work import unit_of_work


def change_security(ctx: Context, policy: SecurityPolicy, *, defaults: SecurityPolicy, seen: str) -> bool:
    """Set the numbers of signing in. Returns whether anything changed.

    defaults  what the configuration says: a number equal to it is set all the same, so that it stays what was decided
    seen      the mark of what the form showed (`queries.security.mark_of`)

    raises  NotPermitted, InputErrors (outside the limits), RuleRefused (changed meanwhile)
    """
    require(ctx.actor.roles, Permission.SECURITY_SETTING_CHANGE)
    check_policy(policy)
    with unit_of_work(ctx) as unit:
        present = security_settings(ctx, defaults)
        if present.mark != seen:
            raise RuleRefused(Message(N_("设置在您打开页面后已被他人更改，请重新打开核对后再提交")))
        before, after = asdict(present.policy), asdict(policy)
        changed: dict[str, Json] = {
            name: [before[name], value] for name, value in after.items() if before[name] != value
        }
        if not changed:
            return False
        values = {VERSION: new_id(ctx), **{PREFIX + name: str(after[name]) for name in changed}}
        unit.connection.execute(delete(Setting).where(Setting.name.in_(values)))
        unit.connection.execute(insert(Setting), [{"name": name, "value": value} for name, value in values.items()])
        ledger.append_beside(
            ctx, unit, stream=Stream.SYSTEM, kind="security_settings_changed", payload={"changed": changed}
        )
    return True
