"""Check that everything a person reads can be read in English too, or with --update bring the catalogue up to date.

The texts in the code are Simplified Chinese and are themselves the keys (docs/decisions/001-chinese-is-the-key.md).
Checked: every text has a translation with the same placeholders, none is left over or only guessed, the compiled
catalogue is that of the written one, and no Chinese text in a template or a page's code bypasses translation.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

REPOSITORY = Path(__file__).resolve().parents[1]
TRANSLATIONS = REPOSITORY / "caseapp" / "translations"
WRITTEN = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"
COMPILED = WRITTEN.with_suffix(".mo")

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
HANZI = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
SHORTEST_REPEATED = 40
HEADER = """\
# English texts of Huhang. The Chinese text is the key.
# Brought up to date by `make translations`; then fill what is empty."""
# A date that changed with every run would only make noise in the history.
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def extracted() -> Catalog:
    """Return the texts that the code and the templates contain, with the files they are in."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as settings:
        method_map, options = parse_mapping_cfg(settings, filename="babel.cfg")
    for each in options.values():
        each["silent"] = "false"  # a template that cannot be read is an error, not a file without texts
    catalog = Catalog(
        locale="en", project="Huhang", header_comment=HEADER, creation_date=LONG_AGO, revision_date=LONG_AGO
    )
    found = extract_from_dir(REPOSITORY, method_map, options, keywords=KEYWORDS, strip_comment_tags=True)
    for filename, _line, text, comments, context in sorted(found, key=lambda each: str(each[0])):
        catalog.add(text, None, [(filename, None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    return catalog


def written() -> Catalog:
    if not WRITTEN.exists():
        return Catalog(locale="en")
    with WRITTEN.open("rb") as file:
        return read_po(file, locale="en")


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def once(text: str) -> str:
    """Return a text without its repetitions: what joins catalogues line by line may write a sentence several times."""
    for times in range(2, 7):
        part, rest = divmod(len(text), times)
        if len(text) > SHORTEST_REPEATED and not rest and text == text[:part] * times:
            return text[:part]
    return text


def update() -> None:
    """Write every text of the code into the catalogue, keeping the translations there are, and compile it."""
    fresh, known = extracted(), written()
    for message in fresh:
        old = known.get(key(message)) if message.id else None
        if old is None or old.fuzzy:
            continue
        if message.pluralizable == old.pluralizable:
            message.string = once(old.string) if isinstance(old.string, str) else old.string
        elif message.pluralizable:  # the same words are now counted: one translation serves until somebody refines it
            message.string = (forms(old)[0],) * fresh.num_plurals
        else:
            message.string = forms(old)[-1]
    WRITTEN.parent.mkdir(parents=True, exist_ok=True)
    with WRITTEN.open("wb") as file:
        write_po(file, fresh, width=110, sort_output=True)
    COMPILED.write_bytes(compiled(written()))


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def catalogue_problems() -> Iterator[str]:
    """Yield one line for each text without a good translation, and for each that nobody uses any more."""
    fresh, known = extracted(), written()
    for message in fresh:
        if not message.id:
            continue
        place = message.locations[0][0]
        translation = known.get(key(message))
        if translation is None or not all(forms(translation)):
            yield f"{place}: no English for: {key(message)}"
        elif any(once(form) != form for form in forms(translation)):
            yield f"{place}: the English stands there several times for: {key(message)}"
        elif translation.fuzzy:
            yield f"{place}: the English is only guessed (fuzzy) for: {key(message)}"
        elif message.pluralizable != translation.pluralizable:
            yield f"{place}: counted in the code but not in the catalogue, or the other way round: {key(message)}"
        else:
            wanted = placeholders(key(message))
            for form in forms(translation):
                # "one case" needs no number; anything else must carry the same values
                if placeholders(form) - wanted or (wanted - placeholders(form) - {"num", "count", "n"}):
                    yield f"{place}: placeholders differ in the English of: {key(message)}"
                    break
    for message in known:
        if message.id and key(message) not in fresh:
            yield f"{WRITTEN.name}: not used any more: {key(message)}"
    if not COMPILED.exists() or COMPILED.read_bytes() != compiled(known):
        yield f"{COMPILED.name} is not compiled from {WRITTEN.name}: run make translations"


def template_problems() -> Iterator[str]:
    """Yield one line for each Chinese text that stands in a template outside of a translation.

    A template that means it begins with a comment that says so: `{# not translated: why #}`.
    """
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    for path in sorted((REPOSITORY / "templates").rglob("*.html")):
        name = path.relative_to(REPOSITORY)
        if name.parts[1] == "documents":
            continue
        depth = 0
        tokens = list(environment.lex(path.read_text(encoding="utf-8")))
        if any(kind == "comment" and "not translated:" in text for _line, kind, text in tokens[:2]):
            continue
        for position, (line, kind, text) in enumerate(tokens):
            if kind == "name" and text in {"trans", "endtrans"} and tokens[position - 2][1] == "block_begin":
                depth += 1 if text == "trans" else -1
            elif kind == "data" and depth == 0:
                without_comments = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
                if HANZI.search(without_comments):
                    yield f"{name}:{line}: Chinese outside of a translation: {' '.join(without_comments.split())[:60]}"


def code_problems() -> Iterator[str]:
    """Yield one line for each Chinese text in the code of the pages that is not handed to a translation.

    A line that means it (a format to read, the name of a language) says so in a comment: `# not translated: why`.
    """
    for path in sorted((REPOSITORY / "caseapp" / "web").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        meant = {number for number, line in enumerate(source.splitlines(), 1) if "# not translated:" in line}
        tree = ast.parse(source)
        translated: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in KEYWORDS:
                translated.update(id(part) for argument in node.args for part in ast.walk(argument))
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                translated.add(id(node.value))  # a docstring
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and HANZI.search(node.value)):
                continue
            if id(node) not in translated and node.lineno not in meant:
                place = f"{path.relative_to(REPOSITORY)}:{node.lineno}"
                yield f"{place}: Chinese outside of a translation: {node.value[:60]}"


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def main(arguments: list[str]) -> int:
    if "--update" in arguments:
        update()
    problems = [*template_problems(), *code_problems(), *catalogue_problems()]
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problems with translations", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
