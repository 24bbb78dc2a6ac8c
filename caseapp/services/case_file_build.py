"""Binding a case file: its papers and evidence merged into two volumes, with cover, contents and remarks, and a list of
everything with its hash; sealed where the case is archived.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Row, select, update

from caseapp.context import Context
from caseapp.domain import bound_file
from caseapp.domain.bound_file import BindingRules, Bound, Fragment, Missing
from caseapp.domain.documents import Volume
from caseapp.domain.errors import N_, CaseAppError, ExternalError, InputError, Message, NotFound
from caseapp.domain.events import EntryKind, MilestoneKind
from caseapp.domain.facts import CaseImage, SealedFile
from caseapp.models.bound_file import BoundFile
from caseapp.ports import PdfBinder, Sheet
from caseapp.queries.case_fragments import fragments_of, kept_beside, missing_of
from caseapp.queries.case_images import LoadedCase, load
from caseapp.queries.case_page import organ_name
from caseapp.queries.users import names_of
from caseapp.services.case_store import begin
from caseapp.services.document_print import print_document
from caseapp.services.unit_of_work import Unit, unit_of_work

FINISHED = ("built", "sealed")
DECISIONS = (Volume.MAIN, 2)
"""Where every order keeps what decided the case."""


@dataclass(frozen=True, slots=True)
class Volumes:
    """What was bound: bytes by volume, the list of it, and what is not archival by volume."""

    content: Mapping[Volume, bytes]
    manifest: bytes
    pages: int
    problems: Mapping[str, tuple[str, ...]]


def build(ctx: Context, file_id: str) -> str:
    """Bind a file that was asked for; seal it where it was asked for on archiving. Returns the manifest's sha256.

    Once finished, building again changes nothing. raises  NotFound, ExternalError, InputError (the reason is kept)
    """
    row = ctx.session.execute(select(BoundFile.__table__).where(BoundFile.id == file_id)).first()
    if row is None:
        raise NotFound(Message(N_("没有这份案卷")))
    if row.state in FINISHED and row.manifest_sha256:
        return str(row.manifest_sha256)
    try:
        return _build(ctx, row)
    except CaseAppError as error:
        ctx.session.rollback()
        _note(ctx, file_id, state="failed", error=str(error)[:500])
        raise


def _build(ctx: Context, row: Row[Any]) -> str:
    loaded = load(ctx, row.case_id)
    fragments = fragments_of(ctx, loaded.image)
    _note(ctx, row.id, state="building", case_version=loaded.version, done=0, total=len(fragments) + 2, error=None)
    printed, notes = [], list(kept_beside(loaded.image))
    for place, fragment in enumerate(fragments, start=1):
        ready = _printed(ctx, fragment)
        why = _unbindable(ctx, ready)
        if why:
            notes.append(f"{ready.title}不能装订（{why}），另行保存，sha256:{ready.sha256}")
        else:
            printed.append(ready)
        _note(ctx, row.id, done=place)
    lacking = missing_of(ctx, loaded.image, json.loads(row.reasons))
    volumes = _bound(ctx, loaded, row, printed, lacking, notes)
    hashes = {volume: ctx.ports.files.put(content) for volume, content in volumes.content.items()}
    manifest = ctx.ports.files.put(volumes.manifest)
    with unit_of_work(ctx) as unit:
        if row.to_seal:
            _seal(ctx, unit, loaded, row.id, hashes, volumes, manifest)
        _write(
            unit,
            row.id,
            state="sealed" if row.to_seal else "built",
            done=len(fragments) + 2,
            pages=volumes.pages,
            main_sha256=hashes.get(Volume.MAIN),
            side_sha256=hashes.get(Volume.SIDE),
            manifest_sha256=manifest,
            signature=json.dumps(signature_of(ctx, volumes.manifest)) if row.to_seal else None,
            problems=json.dumps(volumes.problems, ensure_ascii=False),
            finished_at=ctx.now(),
        )
    return manifest


def content_of(ctx: Context, kind: str, sha256: str) -> bytes:
    """Return the file of a fragment, after its hash was checked. raises ExternalError where it is missing or changed

    kind  document | scan | evidence
    """
    if kind != "evidence":
        return ctx.ports.files.get(sha256)
    with ctx.ports.evidence.open(f"sha256:{sha256}") as file:
        return file.read()


def _unbindable(ctx: Context, fragment: Fragment) -> str:
    """Return why evidence cannot be bound, '' where it can: what others handed in may be locked or broken."""
    if fragment.kind != "evidence":
        return ""
    try:
        _binder(ctx).page_count(content_of(ctx, fragment.kind, fragment.sha256), fragment.media)
    except InputError as error:
        return str(error.message.text)
    return ""


def signature_of(ctx: Context, manifest: bytes) -> dict[str, str]:
    """Return the installation's signature over the bytes of a manifest, with all that is needed to check it."""
    signer = ctx.ports.signer
    return {
        "algorithm": signer.algorithm,
        "public_key": signer.public_key(),
        "signature": signer.sign(manifest).hex(),
        "manifest": f"sha256:{hashlib.sha256(manifest).hexdigest()}",
    }


def _printed(ctx: Context, fragment: Fragment) -> Fragment:
    """Return the fragment with the hash of its file, printing the paper where nobody came to it yet."""
    if fragment.kind == "document" and not fragment.sha256:
        return replace(fragment, sha256=print_document(ctx, fragment.key))
    if fragment.kind == "scan" and not fragment.origin:
        return replace(fragment, origin=print_document(ctx, fragment.key))
    return fragment


def _bound(
    ctx: Context,
    loaded: LoadedCase,
    row: Row[Any],
    fragments: Sequence[Fragment],
    lacking: Sequence[Missing],
    notes: Sequence[str],
) -> Volumes:
    binder = _binder(ctx)
    content: dict[Volume, bytes] = {}
    problems: dict[str, tuple[str, ...]] = {}
    told: list[dict[str, Any]] = []
    total = 0
    for volume in Volume:
        chosen = bound_file.arranged(fragments, volume)
        sheets = [Sheet(content_of(ctx, item.kind, item.sha256), item.media, item.title) for item in chosen]
        bound = bound_file.paginated(chosen, [binder.page_count(item.content, item.media) for item in sheets])
        here = (lacking, notes) if volume is Volume.MAIN else ((), ())
        front, back = _around(ctx, loaded.image, row, volume, bound, *here)
        name = ctx.law.binding.of(loaded.image.main.procedure).volumes[volume][0]["zh"]
        content[volume] = binder.bind(front, sheets, back, title=f"{loaded.image.display_number()} {name}")
        pages = bound[-1].last if bound else 0
        total += pages
        found = binder.archival_problems(content[volume])
        if found:
            problems[volume.value] = found
        told.append(
            {
                "volume": volume.value,
                "name": name,
                "sha256": f"sha256:{hashlib.sha256(content[volume]).hexdigest()}",
                "pages": pages,
                "archival": None if found else "PDF/A-2b",
                "items": bound_file.listed(ctx.law.binding.of(loaded.image.main.procedure), bound),
            }
        )
    image = loaded.image
    manifest = bound_file.manifest(
        case={
            "id": image.id,
            "number": image.display_number(),
            "title": image.title,
            "organ": organ_name(ctx, image.organ)["zh"],
            "version": loaded.version,
            "head": f"sha256:{loaded.head_hash}",
        },
        made_at=ctx.now().isoformat(timespec="seconds"),
        sealed=bool(row.to_seal),
        volumes=told,
        lacking=lacking,
    )
    return Volumes(content, manifest, total, problems)


def _around(
    ctx: Context,
    image: CaseImage,
    row: Row[Any],
    volume: Volume,
    bound: Sequence[Bound],
    lacking: Sequence[Missing],
    notes: Sequence[str],
) -> tuple[bytes, bytes]:
    """Print what stands before and behind a volume: the only sheets that are laid out anew."""
    facts = _facts(ctx, image, row, volume, bound, lacking, notes)
    made = []
    for type_id in ("case_front", "case_remarks"):
        kind = ctx.law.documents[type_id]
        html = ctx.ports.pages.render_html(kind, facts, preview=False)
        made.append(ctx.ports.pdf.render(html, title=kind.name["zh"]))
    return made[0], made[1]


def _facts(
    ctx: Context,
    image: CaseImage,
    row: Row[Any],
    volume: Volume,
    bound: Sequence[Bound],
    lacking: Sequence[Missing],
    notes: Sequence[str],
) -> dict[str, Any]:
    filed = next((item.on for item in image.milestones if item.kind is MilestoneKind.FILED), None)
    rules = ctx.law.binding.of(image.main.procedure)
    called = ctx.law.procedures.pinned(image.main.procedure, image.main.version).party_names
    names = names_of(ctx, {row.requested_by, *image.officers})
    today = ctx.today().isoformat()
    return {
        "organ": {"name": organ_name(ctx, image.organ)["zh"]},
        "case": {
            "name": image.title,
            "number": image.display_number(),
            "filed_on": filed.isoformat() if filed else None,
            "closed_on": image.main.closed_on.isoformat() if image.main.closed_on else None,
        },
        "parties": [
            {
                "role": party.role,
                "kind": party.kind,
                "name": party.name,
                "called": called[party.role].zh if party.role in called else None,
            }
            for party in image.parties
            if party.role == "respondent" or party.role in called
        ],
        "officers": [{"name": names.get(officer, "")} for officer in image.officers],
        "decision": {"number": _decision(ctx, image, rules)},
        "volume": {
            "name": rules.volumes[volume][0]["zh"],
            "cover": rules.cover,
            "closed_to_parties": volume is Volume.SIDE,
            "pages": bound[-1].last if bound else 0,
            "items": [
                {
                    "n": item.ordinal,
                    "number": item.fragment.number,
                    "title": item.fragment.title,
                    "on": item.fragment.on.isoformat(),
                    "first": item.first,
                    "last": item.last,
                }
                for item in bound
            ],
        },
        "binding": {
            "on": today,
            "by": names.get(row.requested_by, ""),
            "archive_number": image.main.facts.get("archive_number"),
            "missing": [{"label": item.label, "reason": item.reason} for item in lacking],
            "notes": list(notes),
        },
        "issued_on": today,
        "demo": image.demo,
    }


def _decision(ctx: Context, image: CaseImage, rules: BindingRules) -> str | None:
    """Return the number of the last paper that stands at the place of decisions."""
    for item in reversed(image.documents):
        kind = ctx.law.documents.get(item.type)
        if kind is not None and item.number and item.voided_by is None and rules.place_of(kind) == DECISIONS:
            return item.number
    return None


def _seal(
    ctx: Context,
    unit: Unit,
    loaded: LoadedCase,
    file_id: str,
    hashes: Mapping[Volume, str],
    volumes: Volumes,
    manifest: str,
) -> None:
    """Write into the ledger what was sealed. raises StaleCase where the case moved on while it was bound."""
    edit = begin(ctx, loaded.id, seen_version=loaded.version)
    occurred_at, precision = edit.occurred(None)
    signed = signature_of(ctx, volumes.manifest)
    sealed = SealedFile(
        id=file_id,
        on=ctx.today(),
        manifest=manifest,
        main=hashes.get(Volume.MAIN, ""),
        side=hashes.get(Volume.SIDE, ""),
        pages=volumes.pages,
        algorithm=signed["algorithm"],
        public_key=signed["public_key"],
        signature=signed["signature"],
    )
    payload = {**asdict(sealed), "on": sealed.on.isoformat()}
    edit.append(EntryKind.FILE_SEALED, {"file": payload}, occurred_at=occurred_at, precision=precision)
    edit.save(unit)


def _binder(ctx: Context) -> PdfBinder:
    if ctx.ports.binder is None:
        raise ExternalError(Message(N_("没有装订程序，不能装订案卷")))
    return ctx.ports.binder


def _note(ctx: Context, file_id: str, **values: object) -> None:
    """Keep how far the work is, for those who look at the page meanwhile."""
    with unit_of_work(ctx) as unit:
        _write(unit, file_id, **values)


def _write(unit: Unit, file_id: str, **values: object) -> None:
    unit.connection.execute(update(BoundFile).where(BoundFile.id == file_id).values(values))
