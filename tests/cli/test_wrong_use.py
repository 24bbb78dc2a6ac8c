"""Wrong use of any command: status 2, one clear line on standard error, nothing on standard output (INTERFACES)."""

from __future__ import annotations

import click
import pytest
from flask import Flask

from caseapp.cli import GROUPS, register


@pytest.fixture(scope="module")
def app() -> Flask:
    found = Flask("commands")
    register(found)
    register(Flask("another"))  # of the same process: the groups are the same objects
    return found


def commands(app: Flask) -> list[list[str]]:
    """Return every command of ours by its words."""
    found = []
    for group in app.cli.commands.values():
        if isinstance(group, click.Group):
            found += [[str(group.name), str(name)] for name in group.commands]
        else:
            found.append([str(group.name)])
    return [words for words in found if words[0] in {"referral", "thresholds", "cases", "keys", *GROUPS}]


def test_an_option_that_is_none_is_told_in_one_line_by_every_command(app: Flask) -> None:
    every = commands(app)
    assert ["referral", "receive"] in every
    for words in (*every, ["referral", "no-such-command"]):
        found = app.test_cli_runner().invoke(args=[*words, "--no-such-option"])
        assert (found.exit_code, found.stdout, len(found.stderr.strip().splitlines())) == (2, "", 1), (
            words,
            found.stderr,
        )


def test_what_is_missing_is_named_in_one_line(app: Flask) -> None:
    for words, missing in (
        (["thresholds", "assess"], "FACTS.json"),
        (["referral", "receive"], "FILE"),
        (["referral", "package", "1"], "--out"),
        (["metrics", "transfers", "--from", "2026-01-01"], "--to"),
    ):
        found = app.test_cli_runner().invoke(args=words)
        assert (found.exit_code, found.stdout, len(found.stderr.strip().splitlines())) == (2, "", 1), found.stderr
        assert missing in found.stderr
