"""Reads `metrics.yaml`: the metric policies, every version of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.events import ClosingManner, MilestoneKind
from caseapp.domain.metrics.closure import FORMULAS
from caseapp.domain.metrics.policy import ClosingAdds, Counts, Dimension, MetricPolicy

FILE_NAME = "metrics.yaml"
_KEYS = frozenset(
    {
        "id",
        "version",
        "published_on",
        "name",
        "description",
        "note",
        "formula",
        "dimensions",
        "milestones",
        "manners",
        "closing_adds",
        "target",
        "target_source",
        "source",
        "confidence",
    }
)

Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value")


class _Confidence(StrEnum):
    VERIFIED = "verified"
    SECONDARY = "secondary"
    RECALLED_HIGH = "recalled_high"
    RECALLED_MEDIUM = "recalled_medium"
    UNCERTAIN = "uncertain"
    DESIGN = "design"


def load_metric_policies(folders: Sequence[Path]) -> Mapping[str, MetricPolicy]:
    """Return the newest version of every policy by its id, in the order of the files; raises as the next."""
    return newest_policies(load_policy_versions(folders))


def newest_policies(versions: Sequence[MetricPolicy]) -> Mapping[str, MetricPolicy]:
    """Return the newest version of every policy by its id, in the order given."""
    newest: dict[str, MetricPolicy] = {}
    for policy in versions:
        if policy.id not in newest or newest[policy.id].published_on < policy.published_on:
            newest[policy.id] = policy
    return newest


def load_policy_versions(folders: Sequence[Path]) -> tuple[MetricPolicy, ...]:
    """Return every version of every policy, in the order of the files.

    folders  definition folders; the first must have a metrics.yaml, later ones may

    raises  DefinitionError  with every problem of a file: an unknown key or word, a milestone or a manner that a table
            leaves out, a formula that does not exist; or the same id and version with other content
    """
    found: dict[tuple[str, str], MetricPolicy] = {}
    for position, folder in enumerate(folders):
        if position > 0 and not (folder / FILE_NAME).exists():
            continue
        reader = Reader(FILE_NAME if position == 0 else str(folder / FILE_NAME))
        for place, policy in _policies(reader, reader.mapping(read_yaml(folder / FILE_NAME), "")):
            known = found.setdefault((policy.id, policy.version), policy)
            if known is not policy and known != policy:
                reader.wrong(place, f"{policy.id} {policy.version} exists already with other content", rule="version")
        reader.finish()
    return tuple(found.values())


def _policies(reader: Reader, content: dict[str, object]) -> Sequence[tuple[str, MetricPolicy]]:
    milestones = _tables(reader, content, "milestone_tables", MilestoneKind, _effect)
    for name, table in milestones.items():
        # A lead never filed is in no figure, whatever else happened to it.
        for kind, effect in table.items():
            if (effect is Counts.FILES) is not (kind is MilestoneKind.FILED):
                reader.wrong(f"milestone_tables/{name}/{kind}", "`filed`, and nothing else, files a case")
    manners = _tables(reader, content, "manner_tables", ClosingManner, _truth)
    for key in sorted(content.keys() - {"milestone_tables", "manner_tables", "policies"}):
        reader.wrong(key, "unknown key")
    found: list[tuple[str, MetricPolicy]] = []
    for place, row in reader.rows(content.get("policies"), "policies", keys=_KEYS):
        policy = _policy(reader, row, place, milestones, manners)
        if policy is None:
            continue
        if any((other.id, other.published_on) == (policy.id, policy.published_on) for _, other in found):
            reader.wrong(place, f"{policy.id} has two versions of {policy.published_on}", rule="version")
        found.append((place, policy))
    return found


def _policy(
    reader: Reader,
    row: dict[str, object],
    place: str,
    milestones: Mapping[str, Mapping[MilestoneKind, Counts]],
    manners: Mapping[str, Mapping[ClosingManner, bool]],
) -> MetricPolicy | None:
    formula = reader.text(row, "formula", place)
    if formula not in FORMULAS:
        reader.wrong(f"{place}/formula", f"{formula!r} is none of {', '.join(FORMULAS)}", rule="unknown-formula")
    published_on = reader.first_day(row, "published_on", place)
    if published_on is None:
        reader.wrong(f"{place}/published_on", "a date in quotes is expected: '2026-01-01'")
    milestone_table = _named(reader, row, "milestones", place, milestones)
    manner_table = _named(reader, row, "manners", place, manners)
    policy_id, version = reader.text(row, "id", place), reader.text(row, "version", place)
    name, description, note = (_words(reader, row, key, place) for key in ("name", "description", "note"))
    dimensions = _dimensions(reader, row, place)
    closing_adds = reader.word(row, "closing_adds", place, ClosingAdds)
    target = _target(reader, row, place)
    target_source = "" if target is None else reader.text(row, "target_source", place)
    source = reader.text(row, "source", place)
    confidence = reader.word(row, "confidence", place, _Confidence).value
    if published_on is None or milestone_table is None or manner_table is None:
        return None
    return MetricPolicy(
        id=policy_id,
        version=version,
        published_on=published_on,
        name=name,
        description=description,
        note=note,
        formula=formula,
        dimensions=dimensions,
        milestones=milestone_table,
        manners=manner_table,
        closing_adds=closing_adds,
        target=target,
        target_source=target_source,
        source=source,
        confidence=confidence,
    )


def _tables(
    reader: Reader, content: dict[str, object], key: str, words: type[Word], value_of: Callable[..., Value]
) -> dict[str, dict[Word, Value]]:
    """Return the named tables of one kind; each must speak of every word, so that nothing counts unawares."""
    tables: dict[str, dict[Word, Value]] = {}
    for name, rows in reader.mapping(content.get(key), key).items():
        place = f"{key}/{name}"
        table = reader.mapping(rows, place)
        for unknown in sorted(table.keys() - set(words)):
            reader.wrong(f"{place}/{unknown}", f"none of {', '.join(words)}")
        tables[name] = {word: value_of(reader, table, word.value, place) for word in words}
    return tables


def _effect(reader: Reader, table: dict[str, object], key: str, place: str) -> Counts:
    return reader.word(table, key, place, Counts)


def _truth(reader: Reader, table: dict[str, object], key: str, place: str) -> bool:
    if key not in table:
        reader.wrong(f"{place}/{key}", "true or false is expected")
        return False
    return reader.truth(table, key, place, default=False)


def _named(
    reader: Reader, row: dict[str, object], key: str, place: str, tables: Mapping[str, Mapping[Word, Value]]
) -> Mapping[Word, Value] | None:
    name = reader.text(row, key, place)
    if name and name not in tables:
        reader.wrong(
            f"{place}/{key}", f"there is no table {name!r}; known are {', '.join(tables)}", rule="unknown-table"
        )
    return tables.get(name)


def _words(reader: Reader, row: dict[str, object], key: str, place: str) -> Mapping[str, str]:
    zh, en = reader.both_languages(row, key, place)
    return {"zh": zh, "en": en}


def _dimensions(reader: Reader, row: dict[str, object], place: str) -> tuple[Dimension, ...]:
    value = row.get("dimensions", [])
    if not isinstance(value, list):
        reader.wrong(f"{place}/dimensions", "a list is expected")
        return ()
    words = {str(index): item for index, item in enumerate(value)}
    return tuple(reader.word(words, key, f"{place}/dimensions", Dimension) for key in words)


def _target(reader: Reader, row: dict[str, object], place: str) -> Fraction | None:
    text = reader.optional_text(row, "target", place)
    if text is None:
        return None
    if re.fullmatch(r"0\.[0-9]+|1(\.0+)?", text) and (target := Fraction(text)) > 0:
        return target
    reader.wrong(f"{place}/target", "a share above 0 and up to 1 is expected, in quotes: '0.95'")
    return None
