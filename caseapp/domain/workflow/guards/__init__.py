"""Every condition that a procedure may name, each with the article it rests on and who can cure it. Pure functions.

A guard is called with a `Situation` and the parameters that the definition gives it, and answers with the conditions
that are not met: () when all is well. Guards marked `needs_form` judge what was entered; before the form is filled in
they answer (). Generic guards (`fact_…`, `act_…`, `clock_…`, dates) take `message` {zh, en}, `cure` (role id) and
`article` from the definition, because the law behind them is the definition's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from caseapp.domain.workflow.guards import (
    acts,
    courts,
    crime,
    dates,
    decision,
    defence,
    dispute_times,
    disputes,
    facts,
    handoff,
    investigation,
    on_the_spot,
    people,
    performance,
    recusal,
    recusal_times,
    review,
    siblings,
)
from caseapp.domain.workflow.guards.registry import REGISTERED, WORDING, Check, GuardSpec, Params

__all__ = ["GUARDS", "THEMES", "WORDING", "Check", "GuardSpec", "Params"]

THEMES: Final = (
    people,
    investigation,
    review,
    defence,
    decision,
    crime,
    performance,
    on_the_spot,
    disputes,
    dispute_times,
    siblings,
    recusal,
    recusal_times,
    handoff,
    courts,
    facts,
    acts,
    dates,
)
"""The modules whose import registers the guards, in the order of a case's life, then the generic ones."""

GUARDS: Final[Mapping[str, GuardSpec]] = REGISTERED
"""Every guard by name."""
