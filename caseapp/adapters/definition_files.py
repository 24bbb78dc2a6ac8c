"""Reads procedure definitions: `procedures/*.yaml` of `workflows/` and of extra folders, shaped by
`workflows/schema.json`.

A set that was checked before and has not changed since is taken from a cache keyed by the content of every file that
has a say in the checks, so that a start costs no checking. The cache holds plain JSON; a damaged one is ignored.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from jsonschema import Draft202012Validator

from caseapp.adapters.amount_files import load_amounts
from caseapp.adapters.clock_files import load_rule_book
from caseapp.adapters.correction_files import FILE as CORRECTIONS
from caseapp.adapters.correction_files import load_corrections
from caseapp.adapters.threshold_files import load_thresholds
from caseapp.adapters.yaml_files import Reader, read_yaml, schema_problems
from caseapp.domain.clocks.rules import RuleBook
from caseapp.domain.errors import DefinitionError, DefinitionProblem
from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.check import Invariant, Vocabulary, check, check_set
from caseapp.domain.workflow.definition import Procedure, Text
from caseapp.domain.workflow.parse import parse

FOLDER: Final = "procedures"
_SUFFIXES: Final = (".yaml", ".yml")
_INVARIANT_KEYS: Final = frozenset(
    {"id", "about", "article", "procedures", "milestone", "details", "guards", "approvers", "clocks", "documents"}
)


def load_procedures(
    folders: Sequence[Path],
    *,
    rules: RuleBook | None = None,
    documents: Collection[str] | None = None,
    cache: Path | None = None,
) -> ProcedureSet:
    """Read, check and return every definition of the folders; the first folder is the shipped one.

    rules      the clocks that definitions may name; None: clocks are not judged
    documents  ids of the documents they may name; None: documents are not judged
    cache      folder in which the outcome of the checks is kept

    raises  DefinitionError with every problem of every file
    """
    files = _definition_files(folders)
    clocks = frozenset(rules) if rules is not None else None
    key = _key(files, folders, clocks, documents)
    kept = _kept(cache, key)
    if kept is not None:
        return ProcedureSet(kept)
    sources, problems = _read_all(files, _schema(folders))
    vocabulary = Vocabulary(
        documents=documents,
        clocks=clocks,
        amounts=load_amounts(folders).ids(),
        invariants=load_invariants(folders),
    )
    procedures, more = _judge(sources, vocabulary)
    problems += more
    if problems:
        raise DefinitionError(problems)
    _keep(cache, key, sources)
    return ProcedureSet(procedures)


def check_definitions(files: Sequence[Path], folders: Sequence[Path]) -> tuple[DefinitionProblem, ...]:
    """Return every problem of some definition files, or of all files of the folders where none are named.

    Works on a broken set: what of the surrounding files cannot be read is itself a problem, and names that need it are
    not judged. `folders[0]` is the shipped folder; clocks, documents and amounts come from all of them, and so do the
    limits of crime, which are checked with them.
    """
    problems: list[DefinitionProblem] = []
    named = tuple(files) or _definition_files(folders)
    sources, unread = _read_all(named, _schema(folders))
    problems += unread
    clocks = amounts = documents = None
    invariants: tuple[Invariant, ...] = ()
    try:
        clocks = frozenset(load_rule_book(folders))
    except DefinitionError as wrong:
        problems += wrong.problems
    try:
        amounts = load_amounts(folders).ids()
    except DefinitionError as wrong:
        problems += wrong.problems
    try:
        documents = _document_ids(folders)
    except DefinitionError as wrong:
        problems += wrong.problems
    try:
        invariants = load_invariants(folders)
    except DefinitionError as wrong:
        problems += wrong.problems
    try:
        load_thresholds(folders)
    except DefinitionError as wrong:
        problems += wrong.problems
    try:
        if any((folder / CORRECTIONS).is_file() for folder in folders):
            load_corrections(folders)
    except DefinitionError as wrong:
        problems += wrong.problems
    vocabulary = Vocabulary(documents=documents, clocks=clocks, amounts=amounts, invariants=invariants)
    _, found = _judge(sources, vocabulary)
    return (*problems, *found)


def load_invariants(folders: Sequence[Path]) -> tuple[Invariant, ...]:
    """Return what `invariants.yaml` of the folders demands. raises DefinitionError"""
    found: list[Invariant] = []
    for folder in folders:
        path = folder / "invariants.yaml"
        if not path.is_file():
            continue
        reader = Reader(str(path))
        content = reader.mapping(read_yaml(path), "")
        for place, row in reader.rows(content.get("invariants"), "/invariants", keys=_INVARIANT_KEYS):
            found.append(_invariant(row, place, reader))
        reader.finish()
    return tuple(found)


def _invariant(row: dict[str, object], place: str, reader: Reader) -> Invariant:
    details = reader.mapping(row.get("details", {}), f"{place}/details")
    return Invariant(
        id=reader.text(row, "id", place),
        about=Text(*reader.both_languages(row, "about", place)),
        article=reader.text(row, "article", place),
        procedures=_names(row, "procedures", place, reader),
        milestone=reader.word(row, "milestone", place, MilestoneKind),
        details={key: value for key, value in details.items() if isinstance(value, (str, int))},
        guards=_names(row, "guards", place, reader),
        approvers=tuple(
            reader.word({"role": name}, "role", f"{place}/approvers", Role)
            for name in _names(row, "approvers", place, reader)
        ),
        clocks=_names(row, "clocks", place, reader),
        documents=_names(row, "documents", place, reader),
    )


def _names(row: dict[str, object], key: str, place: str, reader: Reader) -> tuple[str, ...]:
    value = row.get(key, [])
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(str(item) for item in value)
    reader.wrong(f"{place}/{key}", "a list of names is expected")
    return ()


# --- Reading ---------------------------------------------------------------------------------------------------------


class _Source:
    """One definition file as read: its document and the sha256 of that document's canonical form."""

    def __init__(self, file: str, document: object) -> None:
        self.file = file
        self.document = document
        self.digest = "sha256:" + hashlib.sha256(_canonical(document).encode()).hexdigest()


def _canonical(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _definition_files(folders: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(
        path
        for folder in folders
        for path in sorted((folder / FOLDER).glob("*"))
        if path.suffix in _SUFFIXES and path.is_file()
    )


def _schema(folders: Sequence[Path]) -> Path:
    return folders[0] / "schema.json"


def _read_all(files: Iterable[Path], schema: Path) -> tuple[list[_Source], list[DefinitionProblem]]:
    """Read the files and hold each against the schema; a file that is no YAML or breaks it is left out."""
    validator = Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    sources: list[_Source] = []
    problems: list[DefinitionProblem] = []
    for path in files:
        try:
            document = read_yaml(path)
        except DefinitionError as wrong:
            problems += [
                DefinitionProblem(str(path), item.path, item.problem, item.rule, item.example)
                for item in wrong.problems
            ]
            continue
        broken = list(schema_problems(validator, document, str(path)))
        problems += broken
        if not broken:
            sources.append(_Source(str(path), document))
    return sources, problems


def _judge(sources: Iterable[_Source], vocabulary: Vocabulary) -> tuple[list[Procedure], list[DefinitionProblem]]:
    procedures: list[Procedure] = []
    problems: list[DefinitionProblem] = []
    for source in sources:
        procedure, found = parse(source.document, file=source.file, digest=source.digest)
        problems += found
        if procedure is not None:
            procedures.append(procedure)
            problems += check(procedure, vocabulary)
    problems += check_set(procedures)
    return procedures, list(dict.fromkeys(problems))


def _document_ids(folders: Iterable[Path]) -> frozenset[str] | None:
    found: set[str] = set()
    seen = False
    for folder in folders:
        path = folder / "documents.yaml"
        if path.is_file():
            seen = True
            content = read_yaml(path)
            kinds = content.get("documents") if isinstance(content, Mapping) else None
            if isinstance(kinds, Mapping):
                found.update(str(name) for name in kinds)
    return frozenset(found) if seen else None


# --- The cache -------------------------------------------------------------------------------------------------------


def _key(
    files: Iterable[Path], folders: Sequence[Path], clocks: Collection[str] | None, documents: Collection[str] | None
) -> str:
    """Return a hash over everything that decides whether the set is sound: files, word lists, and this program."""
    total = hashlib.sha256(sys.version.encode())
    program = Path(parse.__code__.co_filename).parent
    beside = [folder / name for folder in folders for name in ("schema.json", "amounts.yaml", "invariants.yaml")]
    for path in (*sorted(program.glob("*.py")), Path(__file__), *beside, *files):
        total.update(str(path).encode())
        if path.is_file():
            total.update(hashlib.sha256(path.read_bytes()).digest())
    for words in (clocks, documents):
        total.update(json.dumps(sorted(words) if words is not None else None).encode())
    return total.hexdigest()


def _cache_file(cache: Path, key: str) -> Path:
    return cache / f"procedures-{key[:32]}.json"


def _kept(cache: Path | None, key: str) -> list[Procedure] | None:
    """Return the definitions of a set that passed the checks before, or None."""
    if cache is None:
        return None
    try:
        content = json.loads(_cache_file(cache, key).read_text(encoding="utf-8"))
        sources = [_Source(item["file"], item["document"]) for item in content["sources"]]
        sound = content["key"] == key and [source.digest for source in sources] == [
            item["digest"] for item in content["sources"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not sound:
        return None
    procedures = []
    for source in sources:
        procedure, problems = parse(source.document, file=source.file, digest=source.digest)
        if procedure is None or problems:
            return None
        procedures.append(procedure)
    return procedures


def _keep(cache: Path | None, key: str, sources: Iterable[_Source]) -> None:
    """Write the checked set down for the next start; a cache that cannot be written is no fault."""
    if cache is None:
        return
    content = {
        "key": key,
        "sources": [{"file": source.file, "digest": source.digest, "document": source.document} for source in sources],
    }
    try:
        cache.mkdir(parents=True, exist_ok=True)
        written = _cache_file(cache, key)
        part = written.with_suffix(".part")
        part.write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")
        part.replace(written)
        for old in cache.glob("procedures-*.json"):
            if old != written:
                old.unlink(missing_ok=True)
    except OSError:
        return
