"""Reads `corrections.yaml` of `workflows/` and of extra folders: who asks for corrections, who signs, what stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from caseapp.adapters.yaml_files import read_yaml, schema_problems
from caseapp.domain.errors import DefinitionError, DefinitionProblem
from caseapp.domain.roles import Role
from caseapp.domain.workflow.correction_rules import CORRECT, CorrectionRule, CorrectionRules, Standing, problems_of
from caseapp.domain.workflow.definition import Action, ApprovalStep, Citation, FieldDef, FieldKind, Text
from caseapp.domain.workflow.guards import GUARDS

FILE: Final = "corrections.yaml"
SCHEMA: Final = "corrections.schema.json"
EVERY: Final = "*"
_PROCEDURE: Final = re.compile(r"""^procedure:\s*["']?(?P<id>[a-z][a-z0-9_]*)""", re.MULTILINE)
_REASON = FieldDef("reason", FieldKind.LONG_TEXT, Text("更正理由", "Reason"), required=True)


def load_corrections(folders: Sequence[Path]) -> CorrectionRules:
    """Return the rules of all folders that have a `corrections.yaml`; the first folder is the shipped one.

    A later folder adds rules for procedures of its own; what a folder before it says is never replaced: the same id
    with other content, a procedure that has a rule, a second rule for every procedure are refused.

    raises  DefinitionError with every problem of every file
    """
    validator = Draft202012Validator(json.loads((folders[0] / SCHEMA).read_text(encoding="utf-8")))
    told: list[tuple[CorrectionRule, object]] = []
    problems: list[DefinitionProblem] = []
    for number, folder in enumerate(folders):
        path = folder / FILE
        if path.is_file():
            try:
                content = read_yaml(path)
            except DefinitionError as wrong:
                problems += [replace(item, file=str(path)) for item in wrong.problems]
                continue
            broken = list(schema_problems(validator, content, str(path)))
            problems += broken or _add(told, content, str(path), folders[:number])
    if not problems and not any(not rule.procedures for rule, _row in told):
        problems.append(
            DefinitionProblem(str(folders[0] / FILE), "/corrections", "no rule is for every procedure", "every")
        )
    if problems:
        raise DefinitionError(problems)
    return CorrectionRules(tuple(rule for rule, _row in told))


def _add(
    told: list[tuple[CorrectionRule, object]], content: Any, file: str, earlier: Sequence[Path]
) -> list[DefinitionProblem]:
    """Add the rules of one file; return what is wrong with them. earlier: the folders before it."""
    problems: list[DefinitionProblem] = []
    for number, row in enumerate(content["corrections"]):
        place, rule = f"/corrections/{number}", _rule(row)
        if (rule, row) in told:
            continue
        found = [
            *(DefinitionProblem(file, f"{place}/{at}", what, name) for at, what, name in problems_of(rule, GUARDS)),
            *(DefinitionProblem(file, f"{place}/{at}", what, name) for at, what, name in _clashes(rule, told, earlier)),
        ]
        problems += found
        if not found:
            told.append((rule, row))
    return problems


def _clashes(
    rule: CorrectionRule, told: Sequence[tuple[CorrectionRule, object]], earlier: Sequence[Path]
) -> Iterator[tuple[str, str, str]]:
    if any(other.id == rule.id for other, _row in told):
        yield "id", f"{rule.id} is there already with other content", "override"
    if not rule.procedures and any(not other.procedures for other, _row in told):
        yield "procedures", "there is a rule for every procedure already", "override"
    theirs = {name for folder in earlier for name in _procedures_in(folder)} if rule.procedures else set()
    for name in rule.procedures:
        if any(name in other.procedures for other, _row in told):
            yield "procedures", f"procedure {name} has a rule already", "override"
        elif name in theirs:
            yield "procedures", f"procedure {name} is of a folder before this one, whose rules hold for it", "override"


def _procedures_in(folder: Path) -> Iterator[str]:
    """Give the ids of a folder's procedures: the whole of each file is read, and judged, where definitions are."""
    for path in sorted((folder / "procedures").glob("*.y*ml")):
        found = _PROCEDURE.search(path.read_text(encoding="utf-8", errors="replace"))
        if found is not None:
            yield found["id"]


def _rule(row: Any) -> CorrectionRule:
    named = row["procedures"]
    return CorrectionRule(
        id=row["id"],
        procedures=() if named == EVERY else tuple(named),
        action=Action(
            id=CORRECT,
            name=_text(row["name"]),
            sources=(),
            posts=(),
            roles=tuple(Role(name) for name in row["asked_by"]),
            fields=(_REASON,),
            approval=tuple(
                ApprovalStep(step["id"], _text(step["name"]), Role(step["role"])) for step in row["approval"]
            ),
            help=_text(row["help"]),
        ),
        stands=tuple(
            Standing(
                item["guard"],
                _text(item["reason"]),
                Citation(item["law"], str(item["article"]), item["confidence"]),
            )
            for item in row.get("stands", ())
        ),
    )


def _text(told: Any) -> Text:
    return Text(told["zh"], told["en"])
