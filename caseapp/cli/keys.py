"""`flask keys`: the keys with which organs sign packages (INTERFACES §6)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import click

from caseapp.cli.answers import context, emit, wrong_use
from caseapp.domain.errors import CaseAppError
from caseapp.domain.packages.keys import OrganKey, told
from caseapp.services import organ_keys


@click.group("keys")
def command() -> None:
    """Keys of organs: make, hand out, trust, revoke."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def list_(as_json: bool) -> None:
    """List our own keys and those that are trusted."""
    with context() as ctx:
        own, trusted = organ_keys.ring(ctx).own(), organ_keys.ring(ctx).trusted()
    if as_json:
        emit({"own": [told(key) for key in own], "trusted": [told(key) for key in trusted]})
        return
    for words, keys in (("本系统", own), ("受信任", trusted)):
        for key in keys:
            click.echo(_line(words, key))


@command.command("create")
@click.argument("organ", required=False)
@click.option("--organ", "named", help="organ id, e.g. 320612-ip (the same as the argument)")
@click.option("--renew", is_flag=True, help="make a further key although the organ has one")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def create(organ: str | None, named: str | None, renew: bool, as_json: bool) -> None:
    """Make the key of an organ that works in this installation; nothing happens where it has one."""
    chosen = organ or named
    if not chosen:
        wrong_use("请写明机关，例如 flask keys create 320612-ip")
    with context() as ctx:
        try:
            key, made = organ_keys.create(ctx, chosen, renew=renew)
        except CaseAppError as error:
            wrong_use(str(error))
    if as_json:
        emit({**told(key), "created": made})
    else:
        click.echo(_line("已生成" if made else "已有", key))


@command.command("export")
@click.argument("organ", required=False)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="write it here instead of printing it")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document (it always is one)")
def export(organ: str | None, out: Path | None, as_json: bool) -> None:
    """Print our public keys as other installations take them with `flask keys trust`."""
    with context() as ctx:
        own = [key for key in organ_keys.ring(ctx).own() if key.good and organ in (None, key.organ)]
    if not own:
        wrong_use("没有可以导出的密钥，请先运行 flask keys create")
    document = {"format": "huhang-keys-1", "keys": [told(key) for key in own]}
    if out is None:
        emit(document)
        return
    out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        emit({"out": str(out), "keys": len(own)})
    else:
        click.echo(f"已导出 {len(own)} 把公钥：{out}")


@command.command("trust")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def trust(file: Path, as_json: bool) -> None:
    """Trust the keys in a file that another installation exported: compare the fingerprints by telephone first."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        wrong_use(f"公钥文件不能读取：{file}")
    with context() as ctx:
        try:
            done = organ_keys.trust(ctx, document)
        except CaseAppError as error:
            wrong_use(str(error))
    if as_json:
        emit({"trusted": [{**told(key), "new": new} for key, new in done]})
        return
    for key, new in done:
        click.echo(_line("已信任" if new else "早已信任", key))


@command.command("revoke")
@click.argument("key")
@click.option("--reason", default="", help="why; kept in the ledger")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def revoke(key: str, reason: str, as_json: bool) -> None:
    """Take back a key, our own or another's: nothing signed with it is accepted from now on."""
    with context() as ctx:
        try:
            gone = organ_keys.revoke(ctx, key, reason=reason or "未说明")
        except CaseAppError as error:
            wrong_use(str(error))
    if as_json:
        emit(told(gone))
    else:
        click.echo(_line("已撤销", gone))


@command.command("verifier")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="write the program here")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def verifier(out: Path | None, as_json: bool) -> None:
    """Give out the program that checks packages without this system, with its SHA-256."""
    with context() as ctx:
        program = organ_keys.seals(ctx).verifier()
    digest = hashlib.sha256(program).hexdigest()
    if out is not None:
        out.write_bytes(program)
    if as_json:
        emit({"file": str(out) if out else None, "sha256": f"sha256:{digest}", "bytes": len(program)})
    else:
        click.echo(f"sha256:{digest}" + (f"  {out}" if out else ""))


def _line(words: str, key: OrganKey) -> str:
    gone = f"  已撤销（{key.revoked_reason}）" if key.revoked_at else ""
    return f"{words}  {key.organ}  {key.key}  指纹 {key.fingerprint}{gone}"
