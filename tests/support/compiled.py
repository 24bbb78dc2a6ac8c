"""What is made once for each worker: compiled templates, the functions that build addresses, SQL, and printed pages.

Nearly every test makes an application and an engine of its own, which would compile the same templates, routes and
statements and print the same papers again for longer than the test itself takes. What is kept here holds nothing of an
application, and what has changed (a template's text, a statement, a paper) is made anew.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from caseapp import wiring
from caseapp.adapters import document_renderer, pdf
from caseapp.adapters.pdf import WeasyPdfRenderer

STATEMENTS_KEPT = 3000
PAPERS_KEPT = 400


class CompiledStatements(dict[Any, Any]):
    """What an engine keeps of its statements, seen by all engines of its kind. SQLAlchemy would keep it by engine."""

    def __init__(self, kind: str, known: LRUCache[Any, Any]) -> None:
        super().__init__()
        self._kind = kind
        self._known = known

    def get(self, key: Any, default: Any = None) -> Any:
        return self._known.get((self._kind, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._known[self._kind, *key[1:]] = compiled


class CompiledTemplates(BytecodeCache):
    """The code of templates by name and text."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


class PrintedOnce(WeasyPdfRenderer):
    """Prints for an installation. The same page and title give the same bytes, which `tests/adapters/test_pdf.py` shows
    of the printer itself; so what has been printed is handed out again.
    """

    papers: ClassVar[LRUCache[object, bytes]] = LRUCache(PAPERS_KEPT)

    def render(self, html: str, *, title: str) -> bytes:
        with pdf._LOCK:  # where the library is missing, nothing is handed out either
            self._printer = self._printer or self._load()
        asked = (self._font_files(), html, title)
        printed = self.papers.get(asked)
        if printed is None:
            printed = self.papers[asked] = super().render(html, title=title)
        return printed


def share() -> None:
    """Let all applications of this process use what one of them compiled. Called once, before the first is made."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    documents: Any = document_renderer
    documents.Environment = partial(documents.Environment, bytecode_cache=CompiledTemplates())
    printers: Any = wiring
    printers.WeasyPdfRenderer = PrintedOnce
    routes: Any = Rule
    routes._compile_builder = _kept(routes._compile_builder)
    statements: LRUCache[Any, Any] = LRUCache(STATEMENTS_KEPT)

    @event.listens_for(Engine, "engine_connect")
    def _know(connection: Connection) -> None:
        engine: Any = connection.engine
        if not isinstance(engine._compiled_cache, CompiledStatements):
            engine._compiled_cache = CompiledStatements(engine.dialect.name, statements)


def _kept(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    """Compile the builders of equal rules once. A builder is a plain function: the rule is its first argument."""
    builders: dict[object, Any] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        told = rule.map is not None and rule.map.host_matching
        key = (rule.rule, rule.merge_slashes, told, rule.host, rule.subdomain, repr(rule.defaults), append_unknown)
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    return compiled
