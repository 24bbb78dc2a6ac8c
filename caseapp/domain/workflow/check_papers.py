"""Judging what an action issues: its documents exist, what limits one to an answer of the form can be answered, and who
signs on glass signs what is issued at once.

A part of `check`; it knows problems by the same rule ids.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.workflow.definition import Action, FieldKind

Wrong = Callable[[str, str, str], DefinitionProblem]
"""Makes a problem of the file from path, text and rule."""


def paper_problems(
    action: Action, at: str, documents: Collection[str] | None, wrong: Wrong
) -> Iterator[DefinitionProblem]:
    """Yield the faults of what one action issues. documents: ids of the kinds there are; None = not known"""
    for document in action.documents:
        if documents is not None and document not in documents:
            yield wrong(f"{at}/documents", f"there is no document {document!r}", "unknown-document")
    for document in action.sends.papers if action.sends is not None else ():
        if documents is not None and document not in documents:
            yield wrong(f"{at}/sends/papers", f"there is no document {document!r}", "unknown-document")
    asked = {item.fact_name: item for item in action.fields}
    for document, (fact, one_of) in action.documents_when.items():
        if fact not in asked:
            text = f"{document!r} depends on {fact!r}, which the form does not ask"
            yield wrong(f"{at}/documents", text, "unknown-field")
            continue
        choices = {choice for choice, _ in asked[fact].choices}
        for value in one_of:
            if choices and value not in choices:
                yield wrong(f"{at}/documents", f"{value!r} is none of the choices of {fact!r}", "field")
    for index, item in enumerate(action.fields):
        if item.kind is FieldKind.SIGNATURE and (action.approval or not action.documents):
            text = (
                "who signs on glass signs a document that is issued at once: not one that waits for approval, nor none"
            )
            yield wrong(f"{at}/fields/{index}", text, "signature")
