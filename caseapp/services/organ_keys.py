"""Keys with which organs sign packages: made, trusted, revoked; each change is in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, ExternalError, InputError, Message
from caseapp.domain.events import Json, Stream
from caseapp.domain.packages.keys import ALGORITHM, OrganKey, key_name
from caseapp.domain.packages.parcel import Parcel
from caseapp.ports import KeyRing, PackageSeals
from caseapp.services.ledger import append_beside
from caseapp.services.unit_of_work import unit_of_work


def ring(ctx: Context) -> KeyRing:
    """Return where keys are kept. raises ExternalError where the installation has none"""
    if ctx.ports.keys is None:
        raise ExternalError(Message(N_("本系统没有配置密钥库")))
    return ctx.ports.keys


def seals(ctx: Context) -> PackageSeals:
    """Return what makes and opens packages. raises ExternalError where the installation has none"""
    if ctx.ports.seals is None:
        raise ExternalError(Message(N_("本系统没有配置密钥库")))
    return ctx.ports.seals


def signing_key(ctx: Context, organ: str) -> OrganKey | None:
    """Return the key with which an organ signs now, the newest that is good."""
    return next((key for key in reversed(ring(ctx).own()) if key.organ == organ and key.good), None)


def create(ctx: Context, organ: str, *, renew: bool = False) -> tuple[OrganKey, bool]:
    """Return the key of an organ that works here, and whether it was made now.

    renew  make another one although there is one; what the older one signed stays good

    raises  InputError for an organ that does not exist
    """
    if organ not in ctx.law.organs:
        raise InputError("organ", Message(N_("没有这个机关：%(organ)s"), {"organ": organ}))
    known = signing_key(ctx, organ)
    if known is not None and not renew:
        return known, False
    with unit_of_work(ctx) as unit:
        made = ring(ctx).make(organ, at=_instant(ctx))
        append_beside(ctx, unit, stream=Stream.SYSTEM, kind="organ_key_made", payload=_payload(made))
    return made, True


def trust(ctx: Context, document: object) -> tuple[tuple[OrganKey, bool], ...]:
    """Trust the public keys in a document that another installation exported; returns each, and whether it is new.

    raises  InputError where there is none in it, or one is wrong, revoked, or of an organ that works here
    """
    found = [_checked(ctx, told) for told in seals(ctx).keys_of(document)]
    if not found:
        raise InputError("file", Message(N_("文件中没有公钥")))
    known = {(key.organ, key.key): key for key in ring(ctx).trusted()}
    done = []
    for key in found:
        earlier = known.get((key.organ, key.key))
        if earlier is not None and not earlier.good:
            raise InputError("file", Message(N_("密钥 %(key)s 已经撤销，不能再次信任"), {"key": key.key}))
        if earlier is None:
            with unit_of_work(ctx) as unit:
                ring(ctx).trust(key)
                append_beside(ctx, unit, stream=Stream.SYSTEM, kind="organ_key_trusted", payload=_payload(key))
        done.append((earlier or key, earlier is None))
    return tuple(done)


def revoke(ctx: Context, key: str, *, reason: str) -> OrganKey:
    """Take back a key: nothing signed with it is accepted from now on.

    raises  InputError without a reason, or where there is no such key
    """
    if not reason.strip():
        raise InputError("reason", Message(N_("请填写内容")))
    if key not in {known.key for known in (*ring(ctx).own(), *ring(ctx).trusted())}:
        raise InputError("key", Message(N_("没有这把密钥：%(key)s"), {"key": key}))
    with unit_of_work(ctx) as unit:
        gone = ring(ctx).revoke(key, at=_instant(ctx), reason=reason.strip())
        payload: dict[str, Json] = {**_payload(gone), "reason": reason.strip()}
        append_beside(ctx, unit, stream=Stream.SYSTEM, kind="organ_key_revoked", payload=payload)
    return gone


def checked_with(
    ctx: Context, content: bytes, documents: Sequence[object], receivers: tuple[str, ...] | None
) -> Parcel:
    """Open a package with the keys that stand in documents, instead of those that are kept here.

    raises  InputError where there is none in them
    """
    keys = []
    for told in (told for document in documents for told in seals(ctx).keys_of(document)):
        public = str(told["public_key"])
        gone = str(told.get("revoked_at") or "")
        keys.append(OrganKey(str(told["organ"]), str(told.get("key", "")), public, "", own=False, revoked_at=gone))
    if not keys:
        raise InputError("file", Message(N_("文件中没有公钥")))
    return seals(ctx).check(content, keys, receivers)


def _checked(ctx: Context, told: Mapping[str, Any]) -> OrganKey:
    organ = str(told["organ"])
    try:
        name = key_name(str(told["public_key"]))
    except ValueError:
        raise InputError("file", Message(N_("公钥无效"))) from None
    if told.get("key", name) != name or told.get("algorithm", ALGORITHM) != ALGORITHM or told.get("revoked_at"):
        raise InputError("file", Message(N_("密钥 %(key)s 无效或者已经撤销"), {"key": name}))
    if organ not in ctx.law.organs:
        raise InputError("file", Message(N_("没有这个机关：%(organ)s"), {"organ": organ}))
    own = {key.organ for key in ring(ctx).own()}
    if organ in own and name not in {key.key for key in ring(ctx).own()}:
        raise InputError("file", Message(N_("%(organ)s在本系统有自己的密钥，不能信任外来密钥"), {"organ": organ}))
    return OrganKey(organ, name, str(told["public_key"]), _instant(ctx), own=False)


def _payload(key: OrganKey) -> dict[str, Json]:
    return {"organ": key.organ, "key": key.key, "algorithm": key.algorithm, "public_key": key.public_key}


def _instant(ctx: Context) -> str:
    return ctx.now().isoformat(timespec="seconds")
