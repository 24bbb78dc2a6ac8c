"""Reads `workflows/supervision.yaml`: what is silence, a refusal without reasons, a repetition."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.supervision.rules import Held, RefusalRule, RepeatRule, SilenceRule, SupervisionRules

FILE: Final = "supervision.yaml"
_SILENCE = frozenset({"clock", "held"})
_REFUSAL = frozenset({"procedure", "action", "where", "fact", "held", "citation", "confidence"})
_BY: Final = ("party", "officer", "organ")


def load_supervision(path: Path, *, clocks: Collection[str], actions: Collection[tuple[str, str]]) -> SupervisionRules:
    """Return the rules. raises DefinitionError listing every problem

    clocks   ids of the rules that may be named
    actions  (procedure, action) that may be named
    """
    reader = Reader(path.name)
    top = reader.mapping(read_yaml(path), "")
    repeated = reader.mapping(top.get("repeated"), "repeated")
    rules = SupervisionRules(
        silences=tuple(_silences(reader, top, clocks)),
        refusals=tuple(_refusals(reader, top, actions)),
        repeated=RepeatRule(
            within_days=reader.whole_number(repeated, "within_days", "repeated"),
            least={by: reader.whole_number(repeated, by, "repeated") for by in _BY},
            citation=reader.text(repeated, "citation", "repeated"),
            confidence=reader.text(repeated, "confidence", "repeated"),
        ),
        empty_words=tuple(_words(reader, top)),
        least_letters=reader.whole_number(top, "least_letters", ""),
    )
    reader.finish()
    return rules


def _silences(reader: Reader, top: dict[str, object], clocks: Collection[str]) -> Iterator[SilenceRule]:
    for at, row in reader.rows(top.get("silences"), "silences", keys=_SILENCE):
        clock = reader.text(row, "clock", at)
        if clock not in clocks:
            reader.wrong(f"{at}/clock", f"there is no clock {clock!r}", rule="unknown-clock")
        yield SilenceRule(clock, reader.word(row, "held", at, Held))


def _refusals(reader: Reader, top: dict[str, object], actions: Collection[tuple[str, str]]) -> Iterator[RefusalRule]:
    for at, row in reader.rows(top.get("refusals"), "refusals", keys=_REFUSAL):
        procedure, action = reader.text(row, "procedure", at), reader.text(row, "action", at)
        if (procedure, action) not in actions:
            reader.wrong(f"{at}/action", f"there is no action {action!r} in {procedure!r}", rule="unknown-action")
        where = reader.mapping(row.get("where") or {}, f"{at}/where")
        yield RefusalRule(
            procedure=procedure,
            action=action,
            fact=reader.text(row, "fact", at),
            held=reader.word(row, "held", at, Held),
            citation=reader.text(row, "citation", at),
            confidence=reader.text(row, "confidence", at),
            where={key: reader.text(where, key, f"{at}/where") for key in where},
        )


def _words(reader: Reader, top: dict[str, object]) -> Iterator[str]:
    told = top.get("empty_words")
    for number, word in enumerate(told if isinstance(told, list) else []):
        if isinstance(word, str) and word.strip():
            yield word
        else:
            reader.wrong(f"empty_words/{number}", "a text is expected")
