"""Check, or with --update write, THIRD_PARTY.md: every library, font and asset with its licence.

The libraries are those that requirements.txt and requirements-dev.txt pin; what they bring with them must be pinned
there too, so that two machines never run different code. The vendored files are listed in assets.toml beside this
script, with the SHA-256 that each must have.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[1]
PAPER = REPOSITORY / "THIRD_PARTY.md"
ASSETS = REPOSITORY / ".ci" / "assets.toml"

# Where a package states its licence in words of its own, the SPDX name of the text it ships.
LICENCES = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "MIT License": "MIT",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Zope Public License": "ZPL-2.1",
}


def pins(name: str) -> dict[str, str]:
    """Return the pinned packages of a requirements file: canonical name → version."""
    found = {}
    for line in (REPOSITORY / name).read_text(encoding="utf-8").splitlines():
        text = line.split("#", 1)[0].strip()
        if text and not text.startswith("-"):
            requirement = Requirement(text)
            found[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return found


def roots(name: str) -> list[Requirement]:
    lines = (line.split("#", 1)[0].strip() for line in (REPOSITORY / name).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def closure(requirements: list[Requirement]) -> set[str]:
    """Return the canonical names of all packages that the requirements need on this machine."""
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement.name, extra) for requirement in requirements for extra in ("", *requirement.extras)]
    while waiting:
        name, extra = waiting.pop()
        key = (canonicalize_name(name), extra)
        if key in seen:
            continue
        seen.add(key)
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for text in needs:
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                waiting.extend((need.name, each) for each in ("", *need.extras))
    return {name for name, _ in seen}


def licence(package: Distribution) -> str:
    """Return the licence a package states: the SPDX expression, else its classifiers, else its own words."""
    about = package.metadata
    expression = about.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [
        each.rsplit("::", 1)[1].strip()
        for each in about.get_all("Classifier") or []
        if each.startswith("License ::") and not each.endswith("OSI Approved")
    ]
    words = classifiers or [(about.get("License") or "").strip().splitlines()[0] if about.get("License") else ""]
    named = [LICENCES.get(each, each) for each in words if each]
    return " OR ".join(dict.fromkeys(named)) or "not stated"


def library_rows(names: dict[str, str], problems: list[str]) -> list[str]:
    rows = []
    for name, version in sorted(names.items()):
        try:
            package = distribution(name)
        except PackageNotFoundError:
            problems.append(f"{name}=={version} is pinned but not installed")
            continue
        if package.version != version:
            problems.append(f"{name}=={version} is pinned but {package.version} is installed")
        stated = licence(package)
        if stated == "not stated":
            problems.append(f"{name} states no licence")
        rows.append(f"| {package.metadata['Name']} | {version} | {stated} |")
    return rows


def asset_rows(assets: list[dict[str, object]], problems: list[str]) -> list[str]:
    rows = []
    listed = set()
    for asset in assets:
        files = asset["files"]
        assert isinstance(files, dict)
        for name, expected in files.items():
            path = REPOSITORY / name
            listed.add(path)
            if not path.exists():
                problems.append(f"{name} is listed in assets.toml but absent")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
                problems.append(f"{name} is not the file whose SHA-256 assets.toml names")
        licence_file = REPOSITORY / str(asset["licence_file"])
        listed.add(licence_file)
        if not licence_file.exists():
            problems.append(f"{asset['licence_file']} is absent")
        shown = ", ".join(f"`{name}`" for name in files)
        rows.append(
            f"| {asset['name']} | {asset['version']} | {asset['licence']} | {shown} | "
            f"[{licence_file.name}]({asset['licence_file']}) | {asset['source']} |"
        )
    for folder in ("caseapp/static/vendor", "caseapp/static/fonts", "caseapp/adapters/vendor", "tests/vendor"):
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if path.is_file() and path not in listed and not re.match(r"LICENSE|NOTICE|OFL", path.name):
                problems.append(f"{path.relative_to(REPOSITORY)} is not listed in assets.toml")
    return rows


def paper(problems: list[str]) -> str:
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    for name in sorted(closure(roots("requirements.txt")) - set(runtime)):
        problems.append(f"requirements.txt does not pin {name}")
    for name in sorted(closure(roots("requirements-dev.txt")) - set(runtime) - set(development)):
        problems.append(f"requirements-dev.txt does not pin {name}")
    settings = tomllib.loads(ASSETS.read_text(encoding="utf-8"))
    lines = [
        "# Third-party software, fonts and assets",
        "",
        "Huhang itself is under the Apache License 2.0 (see LICENSE). It uses what follows, unmodified unless said.",
        "Written by `.ci/third_party.py --update`; `make check` compares it with what is installed and vendored.",
        "",
        "## Shipped in this repository",
        "",
        "| name | version | licence | files | licence text | source |",
        "|---|---|---|---|---|---|",
        *asset_rows(settings["asset"], problems),
        "",
        "## Libraries of the running system (requirements.txt)",
        "",
        "| package | version | licence |",
        "|---|---|---|",
        *library_rows(runtime, problems),
        "",
        "## Libraries of tests, checks and benchmarks (requirements-dev.txt)",
        "",
        "| package | version | licence |",
        "|---|---|---|",
        *library_rows(development, problems),
        "",
        "## Programs of the system, where installed",
        "",
        "| name | licence | for |",
        "|---|---|---|",
        *(f"| {each['name']} | {each['licence']} | {each['use']} |" for each in settings["program"]),
        "",
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    problems: list[str] = []
    text = paper(problems)
    if "--update" in arguments:
        PAPER.write_text(text, encoding="utf-8")
    elif not PAPER.exists() or PAPER.read_text(encoding="utf-8") != text:
        problems.append("THIRD_PARTY.md is out of date: run .venv/bin/python .ci/third_party.py --update")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
