"""A procedure as data: states, actions and what each action asks, starts and prints.

Built by `parse` from YAML, judged by `check`, run by `engine`. Everything here is frozen; a running case is pinned to
(id, version) of its definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role

PREVIOUS = "@previous"
"""Post-state of an action that leads back to the state the proceeding was suspended from."""
SAME = "@same"
"""Post-state of an action that does not change the state."""
MAIN = "main"
"""To whom an act tells something: the main proceeding of its case."""
ANY_MAIN = "*"
"""Among `opens_from`: every main procedure that is not named itself."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the two languages of the interface."""

    zh: str
    en: str


class Category(StrEnum):
    """What a state means to figures and lists."""

    LEAD = "lead"
    OPEN = "open"
    SUSPENDED = "suspended"
    DECIDED = "decided"
    CLOSED = "closed"


class Kind(StrEnum):
    MAIN = "main"
    SIDE = "side"


class FieldKind(StrEnum):
    """Shape of a form field; the web draws a control for each, the engine checks the value."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    INSTANT = "instant"
    INTEGER = "integer"
    MONEY = "money"
    """Integer fen."""
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    OFFICERS = "officers"
    """Ids of officers of the case's organ."""
    PERSON = "person"
    """Id of one user of the organ."""
    ORGAN = "organ"
    CASE = "case"
    """Number of another open case of the organ about one of the same rights, under the same procedure."""
    CASES = "cases"
    """Numbers of such cases, or of cases of the same parties."""
    SIGNATURE = "signature"
    """A signature written on glass: a PNG as a data URL, see `caseapp.domain.signatures`."""


class ApprovalMode(StrEnum):
    ALL = "all"
    ANY = "any"
    VOTE = "vote"


@dataclass(frozen=True, slots=True)
class Citation:
    """The article an action, guard or field rests on.

    confidence  verified | secondary | recalled_high | recalled_medium | uncertain | design
    """

    law: str
    article: str
    confidence: str = "verified"

    def __str__(self) -> str:
        return f"《{self.law}》第{self.article}条" if self.article else f"《{self.law}》"


@dataclass(frozen=True, slots=True)
class OtherArticles:
    """Where refusals cite other articles than the conditions name: beside some main procedures, or where the clock that
    binds began under an older text.

    beside     ids of main procedures; () = beside any, and in a main procedure itself
    before     first start day of the newer text; None = whatever the day
    instead    article as the conditions name it -> article that is cited, both as printed
    law        name of the newer text
    otherwise  cited for its other articles where the act itself lies before that day: it did not bind yet
    """

    beside: tuple[str, ...] = ()
    before: date | None = None
    instead: Mapping[str, str] = field(default_factory=dict)
    law: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class GuardUse:
    """A named condition with its parameters; `negate` turns it round (only where the guard is a plain predicate)."""

    name: str
    params: Mapping[str, object] = field(default_factory=dict)
    negate: bool = False


@dataclass(frozen=True, slots=True)
class EffectUse:
    """A named consequence with its parameters, carried out by `services.effects` in the act's transaction."""

    name: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """owner: the role that must move the case on from here; `note` is shown to people on the case page.

    blocks_closing  of a side procedure: whether the main proceeding must not be closed while this one stays here
    """

    id: str
    name: Text
    category: Category
    owner: Role | None = None
    note: Text | None = None
    blocks_closing: bool = True


@dataclass(frozen=True, slots=True)
class PostState:
    """Where an action leads; the first whose guards are all met is taken, the last has no guards (mandatory
    default).
    """

    to: str
    when: tuple[GuardUse, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldDef:
    """One field of an action's form.

    fact      name under which the value is kept among the case's facts (default: the field's id); later guards,
              documents and forms read it there
    show_when other field id -> value that makes this field appear (and, if required, be required)
    minimum/maximum  for integer and money (fen); for officers and choices the number of items
    """

    id: str
    kind: FieldKind
    label: Text
    required: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    help: Text | None = None
    fact: str = ""
    default: object = None
    minimum: int | None = None
    maximum: int | None = None
    show_when: tuple[str, object] | None = None
    citation: Citation | None = None

    @property
    def fact_name(self) -> str:
        return self.fact or self.id


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One step of an approval chain.

    when   guards that decide whether this step applies to this case (none: always)
    """

    id: str
    name: Text
    role: Role
    mode: ApprovalMode = ApprovalMode.ANY
    when: tuple[GuardUse, ...] = ()


@dataclass(frozen=True, slots=True)
class MilestoneUse:
    """The milestone an action is.

    details        fixed details, e.g. {"outcome": "penalty"}
    details_from   detail name -> field id of the action's form
    date_from      field id whose date is the day of the act (default: the day it is done)
    optional       an import may skip it: sequences without it are still lawful
    """

    kind: MilestoneKind
    details: Mapping[str, str | int] = field(default_factory=dict)
    details_from: Mapping[str, str] = field(default_factory=dict)
    date_from: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class EarlierClock:
    """A clock that ran before the proceeding was opened, and was met by what opened it (limitation of a request).

    since   fact that holds the day from which it ran; where that is unknown there is no clock
    anew    fact that holds the day from which it ran anew (interruption); '' = none
    longer  fact that holds the calendar days that did not count (suspension); '' = none
    """

    rule: str
    since: str
    anew: str = ""
    longer: str = ""


@dataclass(frozen=True, slots=True)
class ClockUse:
    """Clocks an action starts, meets (done in time is judged by it), ends without judging, or extends.

    extends  rule ids; by the number in the fact `extension_n` where the form asks one, else by what the rule grants.
             A handling clock needs no `extends` where the action's milestone is `extended`
    ran      clocks that ran before the proceeding was opened, as the facts entered here tell
    starts_when  limits one of `starts` to what the form says: rule → (fact, values)
    """

    starts: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    ran: tuple[EarlierClock, ...] = ()
    starts_when: Mapping[str, tuple[str, tuple[object, ...]]] = field(default_factory=dict)

    def started(self, facts: Mapping[str, object]) -> tuple[str, ...]:
        """Return the clocks that start where the form says these facts (by fact name)."""
        return tuple(rule for rule in self.starts if self._starts(rule, facts))

    def _starts(self, rule: str, facts: Mapping[str, object]) -> bool:
        if rule not in self.starts_when:
            return True
        fact, one_of = self.starts_when[rule]
        return facts.get(fact) in one_of


@dataclass(frozen=True, slots=True)
class Telling:
    """What an act of a side proceeding tells another proceeding of the case: time that its clocks do not count.

    to       `main`, or the id of a side procedure: every proceeding of it that is active then
    kind     excluded_from or excluded_until
    details  the reason of the excluded time
    when     guards that decide whether it is told in this case (none: always)
    """

    to: str
    kind: MilestoneKind
    details: Mapping[str, str | int] = field(default_factory=dict)
    when: tuple[GuardUse, ...] = ()


class Peer(StrEnum):
    """A side of a handoff. Which organ it is, is told by the proceeding's fact `<peer>_organ` (but for our own)."""

    ORGAN = "organ"
    """The organ that handles the case."""
    POLICE = "police"
    PROCURATORATE = "procuratorate"
    COURT = "court"
    AUTHORITY = "authority"
    """Police, procuratorate or court: whoever sent a case back (反向移送)."""

    @property
    def organ_fact(self) -> str:
        """Return the fact that names the organ."""
        return f"{self.value}_organ"


@dataclass(frozen=True, slots=True)
class Sending:
    """That an act of a side procedure is told to another organ: it is a message between the two sides.

    yields_to  acts of the other side that win where both were done before either side knew of the other's
    opens      sides to whom everything that was sent is disclosed from this act on; until then they see a preview
    carries    acts of the house whose forms and papers go with the message
    papers     kinds of documents of the case that go with the message: those that had been issued by then
    """

    sender: Peer
    receivers: tuple[Peer, ...]
    yields_to: tuple[str, ...] = ()
    opens: tuple[Peer, ...] = ()
    carries: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()

    @property
    def peers(self) -> tuple[Peer, ...]:
        """Return every side that knows of the act, our own left out."""
        return tuple(peer for peer in (self.sender, *self.receivers) if peer is not Peer.ORGAN)


@dataclass(frozen=True, slots=True)
class Action:
    """A step that a role may take.

    documents   every document it may issue, in this order; `documents_when` limits one to what its form says: document
                -> (fact of the form, values of which one is enough)
    occurs_on   field id that carries the day of the act where it is not today ('' = today)
    approval    ordered steps before it takes effect; () = at once
    automatic   taken by the system only (a clock that lapsed); no button
    paper       no step at all: it only issues its documents, and what its form asks is kept with them alone
    lapses      rule id: the law itself takes this automatic action on the day after the rule's clock has run out
    tells       what other proceedings of the case are told (actions of side procedures only)
    sends       between which organs it is a message (actions of side procedures only); None: it stays in the house
    """

    id: str
    name: Text
    sources: tuple[str, ...]
    posts: tuple[PostState, ...]
    roles: tuple[Role, ...]
    guards: tuple[GuardUse, ...] = ()
    fields: tuple[FieldDef, ...] = ()
    documents: tuple[str, ...] = ()
    documents_when: Mapping[str, tuple[str, tuple[object, ...]]] = field(default_factory=dict)
    effects: tuple[EffectUse, ...] = ()
    approval: tuple[ApprovalStep, ...] = ()
    milestone: MilestoneUse | None = None
    clocks: ClockUse = ClockUse()
    citations: tuple[Citation, ...] = ()
    help: Text | None = None
    occurs_on: str = ""
    primary: bool = False
    automatic: bool = False
    paper: bool = False
    lapses: str = ""
    tells: tuple[Telling, ...] = ()
    sends: Sending | None = None

    def documents_for(self, facts: Mapping[str, object]) -> tuple[str, ...]:
        """Return the documents it issues where its form says these facts (by fact name)."""
        return tuple(item for item in self.documents if self._is_issued(item, facts))

    def _is_issued(self, document: str, facts: Mapping[str, object]) -> bool:
        if document not in self.documents_when:
            return True
        fact, one_of = self.documents_when[document]
        return facts.get(fact) in one_of


@dataclass(frozen=True, slots=True)
class Procedure:
    """A workflow definition: id + version, immutable once published.

    initial          id of the one initial state; a proceeding is opened into it
    opening          milestone and clocks of opening the proceeding itself (a lead registered, a request received)
    handling_clock   rule ids whose version in force at the start day judges R4, e.g. ("P10",) or ("D12", "Q07")
    counts           whether its cases are in closure figures (INTERFACES §3)
    papers           documents that may be issued in given states without a step, as actions that lead nowhere
    shows            facts that a page shows beside the state while the proceeding runs, e.g. who keeps the things
    party_names      role of a party -> what it is called in this procedure (请求人), where the usual word does not fit
    opens_from       side procedures: main procedure id (`ANY_MAIN`: every other one) -> its states, as in `from`
    opens_with       side procedures: the actions with which a proceeding begins, each from the initial state
    other_articles   where refusals cite other articles than the conditions name
    digest           sha256 of the canonical source
    """

    id: str
    version: int
    name: Text
    kind: Kind
    initial: str
    states: tuple[State, ...]
    actions: tuple[Action, ...]
    papers: tuple[Action, ...] = ()
    opening: MilestoneUse | None = None
    opening_clocks: ClockUse = ClockUse()
    handling_clock: tuple[str, ...] = ()
    counts: bool = False
    citations: tuple[Citation, ...] = ()
    party_names: Mapping[str, Text] = field(default_factory=dict)
    effective_from: str = ""
    opens_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opens_with: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    other_articles: tuple[OtherArticles, ...] = ()
    digest: str = ""
    source_file: str = ""
    _states: dict[str, State] = field(default_factory=dict, repr=False, compare=False)
    _actions: dict[str, Action] = field(default_factory=dict, repr=False, compare=False)
    _from: dict[str, tuple[Action, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._states.update({state.id: state for state in self.states})
        self._actions.update({action.id: action for action in (*self.actions, *self.papers)})
        for state in self.states:
            self._from[state.id] = tuple(action for action in self.actions if state.id in action.sources)

    def state(self, state_id: str) -> State:
        """Return a state. raises KeyError for an unknown id (definitions are checked before they run)."""
        return self._states[state_id]

    def action(self, action_id: str) -> Action | None:
        """Return an action or a paper, or None where the procedure has none of that id."""
        return self._actions.get(action_id)

    def actions_from(self, state_id: str) -> tuple[Action, ...]:
        """Return the actions whose sources name the state, in the order of the definition."""
        return self._from[state_id]

    @property
    def is_handoff(self) -> bool:
        """Return whether two organs work in it: some act of it is a message."""
        return any(action.sends is not None for action in self.actions)

    def names_state(self, patterns: tuple[str, ...], state_id: str) -> bool:
        """Return whether patterns as in `from` (`*`, `*category`, a state, `-state`) name a state of this procedure."""
        if f"-{state_id}" in patterns:
            return False
        return not {"*", f"*{self.state(state_id).category.value}", state_id}.isdisjoint(patterns)
