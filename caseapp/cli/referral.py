"""`flask referral`: the handoff as files between separated networks (INTERFACES §6)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from caseapp.cli.answers import context, emit, wrong_use
from caseapp.context import Context
from caseapp.domain.errors import CaseAppError, NotFound
from caseapp.domain.packages.parcel import Fault, Parcel
from caseapp.queries.case_find import find_case
from caseapp.queries.package_matters import matter
from caseapp.services import organ_keys, package_refuse, package_send
from caseapp.services.package_receive import receive as received
from caseapp.services.package_reception import Reception, opened

LARGEST = 1 << 30


@click.group("referral")
def command() -> None:
    """Referrals as files: pack, take in, check."""


@command.command("package")
@click.argument("case")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="where the package goes")
@click.option("--to", help="organ that it goes to, where several take part")
@click.option("--step", "sequence", type=int, help="number of a certain step, to give it out again")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def package(case: str, out: Path, to: str | None, sequence: int | None, as_json: bool) -> None:
    """Write the next step of a referral as a package: the first that was not given out yet, else the last again.

    CASE is a case of ours, or a matter whose case is another organ's, by id or by the number that it has there; of that
    the package holds our next step (or the beginning), else the receipt of what came.
    """
    with context() as ctx:
        try:
            made = package_send.package_of(ctx, case, _case(ctx, case), to=to, sequence=sequence)
        except CaseAppError as error:
            wrong_use(str(error))
    try:
        out.write_bytes(made.content)
    except OSError as error:
        wrong_use(f"不能写入 {out}：{error.strerror}")
    if as_json:
        emit(
            {
                "out": str(out),
                "package": made.id,
                "matter": made.matter,
                "kind": made.kind,
                "step": made.action or made.kind,
                "sequence": made.sequence,
                "sender": made.sender,
                "receiver": made.receiver,
                "bytes": len(made.content),
                "left": made.left,
            }
        )
    else:
        more = f"，另有 {made.left} 步尚未打包" if made.left else ""
        click.echo(f"已打包第 {made.sequence} 步（{made.action or made.kind}），发往 {made.receiver}：{out}{more}")


@command.command("receive")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--receipt",
    type=click.Path(path_type=Path, dir_okay=False),
    help="write the receipt here, or the refusal where the package is refused and its sender is sure",
)
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def receive(file: Path, receipt: Path | None, as_json: bool) -> None:
    """Take in a package; the same one again changes nothing. Status 1 where it is refused, with the reasons."""
    content = _content(file)
    with context() as ctx:
        try:
            found = received(ctx, content)
            answer = _answer(ctx, found) if receipt is not None else None
            returned = str(receipt) if answer is not None else None
            if receipt is not None and answer is not None:
                receipt.write_bytes(answer)
        except (CaseAppError, OSError) as error:
            wrong_use(str(error))
    if as_json:
        emit({**found.told(), "receipt": returned})
    else:
        click.echo(_words(found.status))
        for number, action, why in found.applied:
            click.echo(f"  第 {number} 步 {action}" + (f"：未能办理，{why}" if why else ""))
        _faults(found.faults)
    raise click.exceptions.Exit(1 if found.status == "refused" else 0)


def _answer(ctx: Context, found: Reception) -> bytes | None:
    """Return what goes back to the sender: a receipt or a refusal; None where nothing does."""
    if found.refusal:
        return package_refuse.refusal_of(ctx, found.refusal).content
    kept = matter(ctx, found.matter) if found.status in ("taken", "unchanged") else None
    if kept is None or not kept.theirs or found.kind in ("receipt", "refusal"):
        return None
    return package_send.receipt_of(ctx, kept).content


@command.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--trust", type=click.Path(path_type=Path), multiple=True, help="public keys, instead of our own list")
@click.option("--receiver", help="organ that it must be addressed to")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def verify(file: Path, trust: tuple[Path, ...], receiver: str | None, as_json: bool) -> None:
    """Check a package without taking it in; status 1 where something is wrong, each problem named."""
    content = _content(file)
    with context() as ctx:
        try:
            found = _checked(ctx, content, trust, receiver)
        except CaseAppError as error:
            wrong_use(str(error))
    told: dict[str, Any] = {
        name: found.manifest[name]
        for name in ("format", "kind", "package", "matter", "sender", "receiver", "sequence", "key", "made_at")
        if name in found.manifest
    }
    if as_json:
        emit({"sound": not found.faults, "problems": [fault.told() for fault in found.faults], **told})
    elif found.faults:
        _faults(found.faults)
    else:
        click.echo(f"完好：{told['sender']} → {told['receiver']} 第 {told['sequence']} 步，密钥 {told['key']}")
    raise click.exceptions.Exit(1 if found.faults else 0)


def _checked(ctx: Context, content: bytes, trust: tuple[Path, ...], receiver: str | None) -> Parcel:
    if not trust:
        found = opened(ctx, content, addressed=False)
        if receiver is not None and found.manifest and found.manifest["receiver"] != receiver:
            wrong = Fault(
                "wrong_receiver", found.manifest["receiver"], "收件机关不是本机关", "addressed to another organ"
            )
            return Parcel((*found.faults, wrong), found.manifest, found.items, found.digest)
        return found
    documents = []
    for path in trust:
        try:
            files = sorted(path.glob("*.json")) if path.is_dir() else [path]
            documents += [json.loads(one.read_text(encoding="utf-8")) for one in files]
        except (OSError, ValueError):
            wrong_use(f"公钥文件不能读取：{path}")
    return organ_keys.checked_with(ctx, content, documents, (receiver,) if receiver else None)


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            wrong_use(f"文件太大：{file}")
        return file.read_bytes()
    except OSError:
        wrong_use(f"文件不能读取：{file}")


def _case(ctx: Context, text: str) -> str | None:
    try:
        return find_case(ctx, text)
    except NotFound:
        return None


def _words(status: str) -> str:
    return {
        "taken": "已接收",
        "unchanged": "此前已经接收，没有变化",
        "held": "已收下，等待前一步到达后办理",
        "refused": "拒绝接收",
    }[status]


def _faults(faults: tuple[Fault, ...]) -> None:
    for fault in faults:
        click.echo(f"  {fault.item + '：' if fault.item else ''}{fault.zh}（{fault.code}）")
