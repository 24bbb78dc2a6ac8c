"""Who may change the evidence of a case and the goods in its custody."""

from __future__ import annotations

from collections.abc import Collection

from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.facts import CaseImage
from caseapp.domain.roles import Role

_CLERKS = frozenset({Role.INTAKE_CLERK, Role.FAST_CHANNEL_DESK})
_ARTICLE = "《行政处罚法》第42条"


def obstacles_to_evidence(image: CaseImage, *, actor: str, organ: str, roles: Collection[Role]) -> tuple[Unmet, ...]:
    """Return why somebody may not change evidence or custody; () where he may.

    The officers of the case may, and heads of section in their organ; clerks while it is a lead. A closed case is not
    changed any more, unless goods are still in custody.
    """
    if Role.SYSTEM in roles:
        return ()
    if image.main.category == "closed" and not any(item.keeper for item in image.custody.items):
        message = Message(N_("案件已办结，证据和物品不再变动；确需变动的，先按程序重新办理"))
        return (Unmet(message, guard="case_open"),)
    at_home = organ == image.organ
    if actor in image.officers or (at_home and Role.SECTION_HEAD in roles):
        return ()
    if at_home and image.main.category == "lead" and set(roles) & _CLERKS:
        return ()
    return (Unmet(Message(N_("证据和物品由本案办案人员办理")), Role.SECTION_HEAD.value, _ARTICLE, "actor_is_assigned"),)
