"""Anchors: signed, numbered files outside the database that say how far each chain had come.

One file is canonical JSON on one line:

format      huhang-anchor-1
number      1, 2, 3 … without gaps
made_at     instant
previous    sha256 (hex) of the bytes of the file before it; 64 zeros in the first
algorithms  {"hash": "sha256", "signature": "ed25519"}: of every hash and signature in the file
chains      chain -> [seq, hash] for the chains that grew since they were last anchored
counts      {"chains", "entries"}: all that this anchor and those before it cover
root        Merkle root over the lines "chain seq hash", sorted by chain
public_key  of the installation that signed
signature   over the canonical JSON of everything above, hex
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from caseapp.domain.ledger import ALGORITHM, GENESIS, canonical, merkle_root
from caseapp.ports import Signer

FORMAT = "huhang-anchor-1"
_NAME = re.compile(r"anchor-([0-9]{8,})\.json")


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """One anchor as read from disk.

    problems  reasons why it cannot be relied on, in words of `check_folder`; () = sound
    chains    chain -> (seq, hash); empty where the file cannot be relied on
    """

    number: int
    name: str
    sha256: str
    problems: tuple[str, ...] = ()
    chains: Mapping[str, tuple[int, str]] = field(default_factory=dict)


def path_of(folder: Path, number: int) -> Path:
    """Return where the anchor of that number lies."""
    return folder / f"anchor-{number:08d}.json"


def numbers_in(folder: Path) -> list[int]:
    """Return the numbers of the anchors in a folder, ascending; a folder that does not exist holds none."""
    if not folder.is_dir():
        return []
    return sorted(int(match[1]) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)))


def sha256_of(path: Path) -> str:
    """Return the sha256 (hex) of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def root_of(chains: Mapping[str, tuple[int, str]]) -> str:
    """Return the Merkle root over the sorted lines "chain seq hash"."""
    return merkle_root([f"{chain} {seq} {head}" for chain, (seq, head) in sorted(chains.items())])


def file_bytes(body: Mapping[str, Any], signer: Signer) -> bytes:
    """Return the signed file for a body without signature."""
    signature = signer.sign(canonical(body).encode()).hex()
    return (canonical({**body, "signature": signature}) + "\n").encode()


def check_folder(folder: Path, signer: Signer) -> Iterator[AnchorFile]:
    """Yield every anchor of a folder in order of number, each with what is wrong with it. One is in memory at a time.

    problems  unreadable (no such file content), number (differs from its name), gap (the file before it is missing),
              link (`previous` is not the hash of the file before it), key (not this installation's), algorithm,
              signature, root
    """
    before, before_hash = 0, GENESIS
    for number in numbers_in(folder):
        path = path_of(folder, number)
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        follows = number == before + 1
        problems = [] if follows else ["gap"]
        chains: Mapping[str, tuple[int, str]] = {}
        try:
            document = _ANCHOR.decode(content)
        except msgspec.MsgspecError:
            problems.append("unreadable")
        else:
            problems += _problems(document, number, before_hash if follows else None, signer)
            # A gap or a broken link says that another file is missing or changed; what this one signs still holds.
            if not set(problems) - {"gap", "link"}:
                chains = document.chains
        yield AnchorFile(number, path.name, digest, tuple(problems), chains)
        before, before_hash = number, digest


class _Anchor(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    number: int
    made_at: str
    previous: str
    algorithms: dict[str, str]
    chains: dict[str, tuple[int, str]]
    counts: dict[str, int]
    root: str
    public_key: str
    signature: str


_ANCHOR = msgspec.json.Decoder(_Anchor)


def _problems(document: _Anchor, number: int, previous: str | None, signer: Signer) -> list[str]:
    found = []
    if document.format != FORMAT or document.algorithms != {"hash": ALGORITHM, "signature": signer.algorithm}:
        found.append("algorithm")
    if document.number != number:
        found.append("number")
    if previous is not None and document.previous != previous:
        found.append("link")
    if document.public_key not in signer.public_keys():
        found.append("key")
    elif not _is_signed(document, signer):
        found.append("signature")
    if document.root != root_of(document.chains):
        found.append("root")
    return found


def _is_signed(document: _Anchor, signer: Signer) -> bool:
    body = msgspec.structs.asdict(document)
    del body["signature"]
    try:
        signature = bytes.fromhex(document.signature)
    except ValueError:
        return False
    return signer.verify(canonical(body).encode(), signature, document.public_key)
