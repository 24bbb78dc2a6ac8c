"""Configuration from the environment: frozen, complete, and told all at once where it is wrong."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from caseapp.adapters.secret_files import kept_secret

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Config:
    """How this installation runs.

    database_url        SQLAlchemy URL; the embedded SQLite file under `var` by default
    var                 folder for the embedded database, keys, anchors, files, caches
    workflow_folders    definitions: the shipped ones first, then those of CASEAPP_WORKFLOWS
    secret_key          signs sessions; made once and kept under `var/keys` where none is given
    password_cost       argon2 parameters: (time, memory in KiB, lanes)
    lock_after, lock_minutes   failed sign-ins in a row before an account locks, and for how long
    session_idle_minutes, session_hours   a session ends after so long without requests, and after so long in all
                        (these four until the security administrator sets others)
    second_factor_required   whether approvers and administrators must have a second factor outside a demonstration;
                        not to be turned off from outside
    vault_key           32 bytes in base64 that seal the secrets of second factors; kept under `var/keys` where none is
                        given
    evidence_megabytes, picture_megapixels   the largest file, and the largest picture when unpacked, taken as evidence
    document_font       an office's own licensed 仿宋 for documents
    mail_server         smtp://, smtp+starttls:// or smtps:// with user:password@host:port; None: no e-mail is sent
    mail_from           address that e-mails come from
    public_url          how people reach this installation, for links in e-mails; without a slash at the end
    """

    database_url: str
    var: Path
    workflow_folders: tuple[Path, ...]
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    secure_cookies: bool = False
    password_cost: tuple[int, int, int] = (3, 65536, 4)
    lock_after: int = 5
    lock_minutes: int = 15
    session_idle_minutes: int = 30
    session_hours: int = 12
    second_factor_required: bool = True
    vault_key: str = ""
    evidence_megabytes: int = 200
    picture_megapixels: int = 120
    document_font: Path | None = None
    mail_server: str | None = None
    mail_from: str = ""
    public_url: str = ""
    templates: Path = ROOT / "templates"
    static: Path = ROOT / "caseapp" / "static"
    migrations: Path = ROOT / "migrations"
    testing: bool = False

    @property
    def database_is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Config:
        """Read the environment. Every missing or wrong variable is told, then the process stops (status 2)."""
        env = os.environ if env is None else env
        problems: list[str] = []
        var = Path(env.get("CASEAPP_VAR") or ROOT / "var").resolve()
        url = env.get("DATABASE_URL") or f"sqlite:///{var / 'huhang.sqlite3'}"
        if url.startswith("postgres://"):
            url = "postgresql://" + url.removeprefix("postgres://")
        if url.startswith("postgresql://"):
            url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            problems.append("DATABASE_URL: 只支持 sqlite:///… 与 postgresql://…")
        folders = [ROOT / "workflows"]
        for part in (env.get("CASEAPP_WORKFLOWS") or "").split(":"):
            if part:
                folder = Path(part).resolve()
                if not folder.is_dir():
                    problems.append(f"CASEAPP_WORKFLOWS: 没有文件夹 {part}")
                folders.append(folder)
        font = Path(env["CASEAPP_DOCUMENT_FONT"]) if env.get("CASEAPP_DOCUMENT_FONT") else None
        if font is not None and not font.is_file():
            problems.append(f"CASEAPP_DOCUMENT_FONT: 没有文件 {font}")
        vault_key = env.get("CASEAPP_VAULT_KEY") or ""
        if vault_key and not _is_vault_key(vault_key):
            problems.append("CASEAPP_VAULT_KEY: 应为 base64 编码的 32 字节")
        mail = _mail(env, problems)
        numbers = {
            name: _number(env, name, default, problems)
            for name, default in (
                ("PORT", 8000),
                ("CASEAPP_LOCK_AFTER", 5),
                ("CASEAPP_LOCK_MINUTES", 15),
                ("CASEAPP_SESSION_MINUTES", 30),
                ("CASEAPP_EVIDENCE_MB", 200),
                ("CASEAPP_PICTURE_MEGAPIXELS", 120),
            )
        }
        if problems:
            sys.stderr.write("\n".join(problems) + "\n")
            raise SystemExit(2)
        return cls(
            database_url=url,
            var=var,
            workflow_folders=tuple(folders),
            secret_key=env.get("SECRET_KEY") or _kept_secret(var / "keys" / "session.key"),
            host=env.get("HOST") or "127.0.0.1",
            port=numbers["PORT"],
            secure_cookies=env.get("CASEAPP_SECURE_COOKIES", "") in ("1", "true", "yes"),
            lock_after=numbers["CASEAPP_LOCK_AFTER"],
            lock_minutes=numbers["CASEAPP_LOCK_MINUTES"],
            session_idle_minutes=numbers["CASEAPP_SESSION_MINUTES"],
            vault_key=vault_key,
            evidence_megabytes=numbers["CASEAPP_EVIDENCE_MB"],
            picture_megapixels=numbers["CASEAPP_PICTURE_MEGAPIXELS"],
            document_font=font,
            mail_server=mail[0],
            mail_from=mail[1],
            public_url=mail[2],
        )


def _number(env: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdigit() or not 0 < int(text) < 65536:
        problems.append(f"{name}: 应为 1 至 65535 的整数")
        return default
    return int(text)


def _is_vault_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        return False


_MAIL = ("CASEAPP_MAIL_SERVER", "CASEAPP_MAIL_FROM", "CASEAPP_URL")


def _mail(env: Mapping[str, str], problems: list[str]) -> tuple[str | None, str, str]:
    """Return (server, sender, address of the installation): all three, or nothing where no e-mail is sent."""
    server, sender, url = (env.get(name) or "" for name in _MAIL)
    if not server:
        return None, sender, url.rstrip("/")
    if urlsplit(server).scheme not in ("smtp", "smtp+starttls", "smtps") or not urlsplit(server).hostname:
        problems.append(f"{_MAIL[0]}: 应为 smtp://、smtp+starttls:// 或 smtps:// 开头的地址")
    if "@" not in sender:
        problems.append(f"{_MAIL[1]}: 应为发件邮箱地址")
    if not url.startswith(("http://", "https://")):
        problems.append(f"{_MAIL[2]}: 应为本系统的网址，邮件中的链接由它开头")
    return server, sender, url.rstrip("/")


def _kept_secret(path: Path) -> str:
    """Return the secret kept in a file that only its owner can read, making it on first use."""
    return kept_secret(path, lambda: secrets.token_urlsafe(48).encode()).decode().strip()
