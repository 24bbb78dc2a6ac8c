"""The one tree of errors, and the messages that people read in them.

A message is a Chinese sentence (the gettext msgid) with named placeholders; the edge translates it. Domain code never
formats text for a language itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - the conventional gettext marker
    """Mark a text for translation and return it unchanged."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for people: msgid with `%(name)s` placeholders and their values.

    A value may itself be a `Message` or a `{"zh": …, "en": …}` mapping; the edge resolves it in the reader's language.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % {key: _chinese(value) for key, value in self.values.items()} if self.values else self.text


def _chinese(value: object) -> str:
    if isinstance(value, Mapping):
        return str(value.get("zh", ""))
    return str(value)


class CaseAppError(Exception):
    """Root of every error this program raises on purpose."""

    def __init__(self, message: Message | str) -> None:
        self.message = message if isinstance(message, Message) else Message(message)
        super().__init__(str(self.message))


class InputError(CaseAppError):
    """Something that was entered breaks a rule. HTTP 422; `field` names where it was entered ('' = the whole form)."""

    def __init__(self, field: str, message: Message | str) -> None:
        self.field = field
        super().__init__(message)


class InputErrors(CaseAppError):
    """Several fields are wrong at once; every one is told."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        self.errors = tuple(errors)
        super().__init__(Message(N_("有 %(count)s 处需要更正"), {"count": len(self.errors)}))


class NotFound(CaseAppError):
    """The thing does not exist, or the actor may not know that it does. HTTP 404."""


class NotPermitted(CaseAppError):
    """The actor lacks the right. HTTP 403."""


class RuleRefused(CaseAppError):
    """A rule of procedure forbids it now. HTTP 409."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """One condition that is not met: what, who can cure it, and the article.

    cure    a role id or '' where nobody can cure it (time must pass, or it can never be)
    """

    message: Message
    cure: str = ""
    article: str = ""
    guard: str = ""


class ActionRefused(RuleRefused):
    """The action is not available: every unmet condition is carried along.

    seq  of the ledger entry that does not fit, where a whole history was replayed
    """

    def __init__(self, action: str, unmet: Sequence[Unmet]) -> None:
        self.action = action
        self.unmet = tuple(unmet)
        self.seq: int | None = None
        if len(self.unmet) == 1:
            super().__init__(self.unmet[0].message)
        else:
            super().__init__(Message(N_("有 %(count)s 项条件未满足，暂不能办理"), {"count": len(self.unmet)}))


class OutOfTime(RuleRefused):
    """The act comes after the last day on which it is lawful."""


class StaleCase(CaseAppError):
    """Somebody else changed the case since the form was opened. HTTP 409; nothing typed is lost."""

    def __init__(self, seen: int, current: int) -> None:
        self.seen = seen
        self.current = current
        super().__init__(
            Message(
                N_("案件在您填写期间已被他人更新（您看到第 %(seen)s 版，现为第 %(current)s 版）"),
                {"seen": seen, "current": current},
            )
        )


class ExternalError(CaseAppError):
    """Something outside this program is missing or failed. HTTP 503."""


class FileChanged(ExternalError):
    """A file that is kept is missing or no longer what it was: it is given to nobody. HTTP 409."""


@dataclass(frozen=True, slots=True)
class DefinitionProblem:
    """One fault in `workflows/`: where it is and which rule it breaks.

    path    JSON-pointer-like place inside the file, '' for the whole file
    rule    short id of the broken rule, e.g. 'schema', 'unknown-state', 'unreachable', 'trap'
    example a counter-example path of action ids where the rule is about paths
    """

    file: str
    path: str
    problem: str
    rule: str = "schema"
    example: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}: {self.path or '/'}: {self.problem}"


class DefinitionError(CaseAppError):
    """`workflows/` is broken: the process must not start. Lists every problem."""

    def __init__(self, problems: Sequence[DefinitionProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(Message("%(problems)s", {"problems": "\n".join(str(problem) for problem in self.problems)}))
