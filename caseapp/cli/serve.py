"""`flask serve`: everything `make run` promises, in one process tree on one machine."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app

from caseapp.cli.answers import context, prepare_database
from caseapp.cli.demo import load_year
from caseapp.cli.http_server import http_server
from caseapp.domain.roles import ROLE_NAMES
from caseapp.queries.demonstration import demo_people
from caseapp.services.installation import is_empty

DEMO_CASES = 800
DEMO_SEED = 7
DEMO_DAYS = 365


@click.command("serve")
@click.option("--demo/--no-demo", default=True, help="load the demonstration year into an empty database")
@click.option("--jobs/--no-jobs", default=True, help="start the scheduler beside the server")
def command(demo: bool, jobs: bool) -> None:
    """Prepare the database, load the demonstration where there is nothing yet, and serve."""
    parts = current_app.extensions["huhang"]
    config = parts.config
    prepare_database()
    with context() as ctx:
        empty = is_empty(ctx)
        today = ctx.today()
    if empty and demo:
        click.echo("首次启动：正在生成演示年度数据 …", err=True)
        load_year(cases=DEMO_CASES, seed=DEMO_SEED, since=today - timedelta(days=DEMO_DAYS), until=today)
    if jobs:
        _start_jobs()
    click.echo("")
    click.echo(f"护航已启动： http://{config.host}:{config.port}/")
    _print_logins()
    sys.stdout.flush()
    gc.collect()
    gc.freeze()  # the law and the code live as long as the server: no later collection has to look through them
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    http_server(application, host=config.host, port=config.port).run()


def _start_jobs() -> None:
    """Start `flask jobs run` beside the server; it ends with it. A scheduler that dies changes no deadline."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "jobs", "run"],
        cwd=Path(current_app.root_path).parent,
        env={**os.environ, "FLASK_APP": "run"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )

    def stop() -> None:
        if process.poll() is None:
            process.terminate()

    atexit.register(stop)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def _print_logins() -> None:
    with context() as ctx:
        people = demo_people(ctx)
        if people is None:
            click.echo("演示账号不可用：请用管理员建立的账号登录（flask users create）")
            return
        click.echo("演示账号（仅限本机访问）：")
        for person in people.people:
            roles = "、".join(ROLE_NAMES[role]["zh"] for role in person.roles)
            click.echo(f"  {person.login:<16} {people.password:<18} {roles}  {person.organ_name.zh} {person.name}")
