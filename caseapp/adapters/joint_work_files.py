"""Reads `workflows/joint_work.yaml`: the kinds of joint work, who begins and who takes part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.joint_work import JointKind, JointWorkRules
from caseapp.domain.organs import OrganKind

FILE: Final = "joint_work.yaml"
_KIND: Final = frozenset({"id", "name", "help", "opens", "invites", "minutes", "source"})


def load_joint_work(path: Path) -> JointWorkRules:
    """Return the rules. raises DefinitionError listing every problem"""
    reader = Reader(path.name)
    top = reader.mapping(read_yaml(path), "")
    organs = _organs(reader, top.get("organs"), "organs")
    topics = reader.mapping(top.get("topics"), "topics")
    rules = JointWorkRules(
        organs=organs,
        topics={name: _words(reader, topics, name, "topics") for name in topics},
        kinds=tuple(_kinds(reader, top.get("kinds"), organs)),
    )
    if len({kind.id for kind in rules.kinds}) != len(rules.kinds):
        reader.wrong("kinds", "two kinds have one id", rule="duplicate")
    reader.finish()
    return rules


def _kinds(reader: Reader, value: object, organs: frozenset[OrganKind]) -> Iterator[JointKind]:
    for at, row in reader.rows(value, "kinds", keys=_KIND):
        opens = _organs(reader, row.get("opens"), f"{at}/opens")
        invites = _organs(reader, row.get("invites"), f"{at}/invites")
        if (opens | invites) - organs:
            reader.wrong(at, "a kind of organ is named that takes no part", rule="unknown-organ")
        yield JointKind(
            id=reader.text(row, "id", at),
            name=_words(reader, row, "name", at),
            help=_words(reader, row, "help", at),
            opens=opens,
            invites=invites,
            minutes=reader.truth(row, "minutes", at, default=False),
            source=reader.text(row, "source", at),
        )


def _words(reader: Reader, row: dict[str, object], key: str, place: str) -> dict[str, str]:
    chinese, english = reader.both_languages(row, key, place)
    return {"zh": chinese, "en": english}


def _organs(reader: Reader, value: object, place: str) -> frozenset[OrganKind]:
    told = value if isinstance(value, list) else []
    return frozenset(reader.word({"kind": one}, "kind", place, OrganKind) for one in told)
