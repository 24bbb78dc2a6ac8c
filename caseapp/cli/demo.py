"""`flask demo`: the demonstration year."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta

import click
from flask import current_app
from tqdm import tqdm

from caseapp.cli.answers import context, emit, wrong_use
from caseapp.domain.errors import InputError
from caseapp.services.demo.load import LoadedYear
from caseapp.services.demo.load import load_year as load_into

DEFAULT_CASES = 800
DEFAULT_SEED = 7
DEFAULT_DAYS = 365


@click.group("demo")
def command() -> None:
    """Demonstration data: invented people and firms, real procedures."""


@command.command("load")
@click.option("--cases", default=DEFAULT_CASES, show_default=True, help="how many leads and cases")
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="the same seed and days make the same year")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="first day; default: a year before the last")
@click.option(
    "--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="the morning on which the year ends; default: today"
)
@click.option("--json", "as_json", is_flag=True, help="print the counts as one JSON document")
def load(cases: int, seed: int, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Load a year of cases into an empty database, which is marked as a demonstration for good."""
    with context() as ctx:
        last = until.date() if until else ctx.today()
    first = since.date() if since else last - timedelta(days=DEFAULT_DAYS)
    try:
        loaded = load_year(cases=cases, seed=seed, since=first, until=last)
    except InputError as error:
        wrong_use(str(error))
    if as_json:
        emit(asdict(loaded))
        return
    click.echo(
        f"已载入 {loaded.cases} 件（立案 {loaded.filed}，结案 {loaded.closed}，未结 {loaded.open}），台账 {loaded.entries} 条"
    )


def load_year(*, cases: int, seed: int, since: date, until: date) -> LoadedYear:
    """Load the demonstration into this installation, with a progress bar on standard error.

    raises  InputError
    """
    parts = current_app.extensions["huhang"]
    with (
        context() as ctx,
        tqdm(total=(until - since).days, unit="天", desc="演示年度", mininterval=0.5, disable=None) as bar,
    ):
        loaded = load_into(ctx, cases=cases, seed=seed, since=since, until=until, progress=lambda _day: bar.update(1))
    parts.demonstrates_now()
    return loaded
