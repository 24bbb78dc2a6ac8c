"""What conditions are given from the definition around them: the label of what they name, and if their form asks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from caseapp.domain.workflow.definition import Action, GuardUse, Text

_LABELLED: Final = ("fact_", "act_", "nothing_pending", "not_before", "no_future_date", "date_in_future")


def entered(guards: tuple[GuardUse, ...], facts: set[str]) -> tuple[GuardUse, ...]:
    """Mark guards on a fact that the action's own form asks: they can be judged only once it is filled in."""
    return tuple(
        replace(use, params={**use.params, "entered": True})
        if use.name.startswith("fact_") and use.params.get("fact") in facts
        else use
        for use in guards
    )


def labelled(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """Give guards that name an action or a fact its label, so that a refusal speaks of it in the office's words."""
    acts = {action.id: action.name for action in actions}
    facts: dict[str, Text] = {}
    for action in actions:
        for field in action.fields:
            facts.setdefault(field.fact_name, field.label)
            facts.setdefault(field.id, field.label)

    def name(use: GuardUse) -> GuardUse:
        if "label" in use.params:
            return use
        told = use.params.get("action")
        told = told[0] if isinstance(told, list) and told else told
        label = acts.get(str(told)) if told else None
        if label is None:
            label = facts.get(str(use.params.get("fact") or use.params.get("field") or ""))
        if label is None or not _takes_label(use):
            return use
        return replace(use, params={**use.params, "label": {"zh": label.zh, "en": label.en}})

    return tuple(
        replace(
            action,
            guards=tuple(name(use) for use in action.guards),
            posts=tuple(replace(post, when=tuple(name(use) for use in post.when)) for post in action.posts),
            approval=tuple(replace(step, when=tuple(name(use) for use in step.when)) for step in action.approval),
        )
        for action in actions
    )


def _takes_label(use: GuardUse) -> bool:
    return use.name.startswith(_LABELLED)
