"""Who may stand in for whom, and with which roles.

A deputy acts and signs inside the dates only, for the principal, by the principal's rights and never beyond them; what
bars either of the two (own work, investigation) bars the act. What is bound to the person is not lent: an investigating
officer needs a certificate of his own (行政处罚法 art 42, 55), a legal reviewer his qualification (art 58).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from caseapp.domain.errors import N_, InputError, InputErrors, Message
from caseapp.domain.roles import ADMINISTRATORS, Role

BOUND_TO_PERSON: Final = frozenset({Role.OFFICER, Role.LEGAL_REVIEWER, Role.EXAMINER})
NEVER_LENT: Final = ADMINISTRATORS | {Role.LIAISON, Role.RIGHT_HOLDER, Role.SUPERVISOR, Role.SYSTEM}


def lent_roles(principal: Iterable[Role], deputy: Iterable[Role]) -> frozenset[Role]:
    """Return the roles of the principal in which the deputy may stand in for him."""
    held = frozenset(deputy)
    if held & (ADMINISTRATORS | {Role.LIAISON, Role.RIGHT_HOLDER}):
        return frozenset()
    return frozenset(
        role for role in principal if role not in NEVER_LENT and (role not in BOUND_TO_PERSON or role in held)
    )


def needs_leave(principal: Iterable[Role], deputy: Iterable[Role]) -> bool:
    """Return whether a leader must allow it: the deputy does not hold every role that he would be lent."""
    held = frozenset(deputy)
    return not lent_roles(principal, held) <= held


def refuse_deputy(
    *,
    principal: tuple[str, str, frozenset[Role]],
    deputy: tuple[str, str, frozenset[Role]],
    first_on: date,
    last_on: date,
    today: date,
) -> None:
    """Refuse a deputy who may not stand in, or dates that cannot be.

    principal, deputy  id, organ, roles
    raises  InputErrors (fields 'deputy', 'first_on', 'last_on')
    """
    errors: list[InputError] = []
    if principal[0] == deputy[0]:
        errors.append(InputError("deputy", Message(N_("不能由本人代理本人"))))
    if principal[1] != deputy[1]:
        errors.append(InputError("deputy", Message(N_("代理人应当是本机关在岗人员"))))
    elif not lent_roles(principal[2], deputy[2]):
        errors.append(
            InputError("deputy", Message(N_("所选人员不具备代理所需的资格：办案须有执法证件，法制审核须有相应资格")))
        )
    if last_on < first_on:
        errors.append(InputError("last_on", Message(N_("代理终止日期不能早于开始日期"))))
    elif last_on < today:
        errors.append(InputError("last_on", Message(N_("代理终止日期已经过去"))))
    if errors:
        raise InputErrors(errors)
