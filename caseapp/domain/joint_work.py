"""Joint work of several organs: early intervention, clue notices, consultations, co-handling, joint operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from caseapp.domain.errors import N_, InputError, Message, NotFound, RuleRefused
from caseapp.domain.organs import OrganKind

Words = Mapping[str, str]


class Answer(StrEnum):
    """What an invited organ said."""

    AWAITED = "awaited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class PostKind(StrEnum):
    """What is written on the board below the first word."""

    REPLY = "reply"
    MINUTES = "minutes"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class JointKind:
    """One kind of joint work.

    opens, invites  kinds of organ that may begin one, and that may be asked to take part
    minutes         whether it ends only when minutes are kept
    source          the words of the plan that it rests on
    """

    id: str
    name: Words
    help: Words
    opens: frozenset[OrganKind]
    invites: frozenset[OrganKind]
    minutes: bool
    source: str


@dataclass(frozen=True, slots=True)
class JointWorkRules:
    """Everything that `workflows/joint_work.yaml` says."""

    organs: frozenset[OrganKind] = frozenset()
    topics: Mapping[str, Words] = field(default_factory=dict)
    kinds: tuple[JointKind, ...] = ()

    def kind(self, kind_id: str) -> JointKind:
        """Return one kind. raises NotFound"""
        found = next((one for one in self.kinds if one.id == kind_id), None)
        if found is None:
            raise NotFound(Message(N_("没有这种协作事项")))
        return found

    def opened_by(self, organ: OrganKind) -> tuple[JointKind, ...]:
        """Return the kinds that an organ of this kind may begin."""
        return tuple(kind for kind in self.kinds if organ in kind.opens)


def refuse_opening(
    kind: JointKind, opener: tuple[str, OrganKind], invited: Mapping[str, OrganKind], topics: Iterable[str], topic: str
) -> None:
    """Refuse a joint work that its kind does not allow.

    opener, invited  organs by id, with their kinds
    raises           RuleRefused, InputError (fields 'invited', 'topic')
    """
    if opener[1] not in kind.opens:
        raise RuleRefused(Message(N_("本机关不能发起“%(kind)s”"), {"kind": dict(kind.name)}))
    if not invited or opener[0] in invited:
        raise InputError("invited", Message(N_("请选择至少一个其他机关参加")))
    if any(organ not in kind.invites for organ in invited.values()):
        raise InputError("invited", Message(N_("所选机关不属于“%(kind)s”的参加机关"), {"kind": dict(kind.name)}))
    if topic not in topics:
        raise InputError("topic", Message(N_("请选择衔接环节")))


def refuse_closing(kind: JointKind, *, is_opener: bool, has_minutes: bool) -> None:
    """Refuse to end a joint work too early, or by somebody else than who began it. raises RuleRefused"""
    if not is_opener:
        raise RuleRefused(Message(N_("协作事项由发起机关办结")))
    if kind.minutes and not has_minutes:
        raise RuleRefused(Message(N_("“%(kind)s”应当先登记纪要再办结"), {"kind": dict(kind.name)}))
