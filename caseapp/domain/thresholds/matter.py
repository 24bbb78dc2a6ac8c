"""What is held against the limits: the acts, their amounts, earlier punishments. Facts only, unknown ones said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PriorPunishment:
    """An earlier punishment for an act of an offence.

    on    day the decision or judgment took effect
    kind  administrative | criminal | exempted | not_prosecuted
    fits  whether that act was one of the offence itself (identical mark …); None where nobody has said
    """

    offence: str
    on: date
    kind: str
    fits: bool | None = True
    label: str = ""


@dataclass(frozen=True, slots=True)
class OtherAct:
    """Another act of the same party, in this case or another, whose amounts may count together with this one.

    dealt_with    it was punished or otherwise dealt with; None where nobody has said
    prosecutable  False where it is time-barred
    """

    label: str
    amounts: Mapping[str, int | None]
    act_to: date | None = None
    dealt_with: bool | None = False
    prosecutable: bool = True


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything that is assessed.

    act_from, act_to  first and last day of the acts; None = unknown
    decided_on        day of the decision by which the case is judged; None: it is pending
    offences          ids to look at, () = all
    amounts           fen and numbers by name; a name that is missing or None is unknown, never zero
    priors            None: nobody has said whether there are any
    priors_asked      False where the question was left out: the limits for a repeat then only call for a look
    flags             circumstances by name (`rules.FLAGS`); None = unknown
    one_source        several marks identify one and the same source; None where nobody has said
    reasonable, police_measures_needed  the two halves of reasonable suspicion; None = unknown
    """

    act_from: date | None = None
    act_to: date | None = None
    decided_on: date | None = None
    offences: tuple[str, ...] = ()
    amounts: Mapping[str, int | None] = field(default_factory=dict)
    priors: tuple[PriorPunishment, ...] | None = None
    priors_asked: bool = True
    flags: Mapping[str, bool | None] = field(default_factory=dict)
    one_source: bool | None = None
    other_acts: tuple[OtherAct, ...] = ()
    reasonable: bool | None = None
    police_measures_needed: bool | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much there is of something: at least so much, and whether that is all."""

    at_least: int
    exact: bool

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.at_least + other.at_least, self.exact and other.exact)


NOTHING_KNOWN = Quantity(0, exact=False)
