"""People of a neighbouring organ and of the city above both: for what goes from one organ to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor
from caseapp.queries.staff import staff_of
from caseapp.services.installation import AccountDraft, create_accounts
from caseapp.wiring import Huhang
from tests.support.app import PASSWORD

TONGZHOU, HAIMEN, CITY = "320612-ip", "320614-ip", "320600-ip"
_MORE = (
    ("haimen_leader", "倪海门", HAIMEN, Role.LEADER, Scope.ORGAN),
    ("haimen_head", "顾海门", HAIMEN, Role.SECTION_HEAD, Scope.ORGAN),
    ("haimen_officer", "陈海门", HAIMEN, Role.OFFICER, Scope.ORGAN),
    ("haimen_officer2", "陆海门", HAIMEN, Role.OFFICER, Scope.ORGAN),
    ("city_leader", "江城", CITY, Role.LEADER, Scope.BELOW),
)


def neighbours(parts: Huhang) -> Mapping[str, Actor]:
    """Give them their accounts and return them by login; their password is `PASSWORD`."""
    drafts = [
        AccountDraft(
            login=login,
            name=name,
            organ=organ,
            roles=(role,),
            scope=scope,
            password=PASSWORD,
            certificate_number=f"测H{number:06d}" if role is Role.OFFICER else None,
            certificate_from=date(2020, 1, 1) if role is Role.OFFICER else None,
            certificate_until=date(2030, 12, 31) if role is Role.OFFICER else None,
            must_change_password=False,
        )
        for number, (login, name, organ, role, scope) in enumerate(_MORE, start=1)
    ]
    with parts.context() as system:
        ids = create_accounts(system, drafts)
        staff = staff_of(system, "", ids)
    return {
        draft.login: Actor(person, staff[person].name, staff[person].organ, staff[person].roles)
        for draft, person in zip(drafts, ids, strict=True)
    }
