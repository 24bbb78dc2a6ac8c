"""What goes along with a step of the house: the papers it issued, and with a dossier the bound volume, the evidence and
the case as other programs read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from caseapp.context import Context
from caseapp.domain import bound_file
from caseapp.domain.bound_file import Bound, Fragment
from caseapp.domain.documents import Volume
from caseapp.domain.errors import InputError
from caseapp.domain.evidence import Evidence
from caseapp.domain.exchange.emit import emit_record, line_of
from caseapp.domain.facts import CaseImage, DocumentRecord
from caseapp.domain.workflow.definition import Action
from caseapp.ports import Sheet
from caseapp.queries.case_fragments import fragments_of
from caseapp.queries.case_images import load
from caseapp.queries.case_page import organ_name
from caseapp.queries.users import names_of
from caseapp.services.case_file_build import content_of
from caseapp.services.document_print import pdf_of, print_document

WITH_EVIDENCE = frozenset({"send_supplements"})
"""Acts that bring evidence although they carry no other act."""
DOSSIER, CASE = "dossier.pdf", "case.json"


@dataclass(frozen=True, slots=True)
class Luggage:
    """Items by name, and what the step says of them. notes: what could not be bound and why."""

    items: Mapping[str, bytes]
    papers: tuple[Mapping[str, Any], ...] = ()
    evidence: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Mapping[str, Any], ...]:
        """Return what there is beside papers and files of acts: item, title ('' for volume and case), bytes."""
        titles = {one["item"]: f"证据{one['number']}　{one['title']}" for one in self.evidence}
        return tuple(
            {"item": name, "title": titles.get(name, ""), "size": len(content)}
            for name, content in sorted(self.items.items(), key=lambda pair: (pair[0] != DOSSIER, pair[0]))
            if not name.startswith(("papers/", "attached/"))
        )


def luggage(
    ctx: Context, case_id: str, proceeding_id: str, action: Action, known: Sequence[str], sent: frozenset[str]
) -> Luggage:
    """Gather what goes along with an act.

    known  actions whose papers the receiver may see: this one and those that it carries
    sent   ids of the papers and evidence that went to the same organ before

    raises  ExternalError where a stored file is missing or changed
    """
    image = load(ctx, case_id).image
    items: dict[str, bytes] = {}
    records = [
        record
        for record in image.documents
        if record.proceeding == proceeding_id
        and record.action in known
        and record.voided_by is None
        and record.id not in sent
    ]
    papers = []
    for number, record in enumerate(records, start=1):
        name = f"papers/{number:02d}.pdf"
        items[name] = pdf_of(ctx, record.id)[0]
        papers.append(_paper(record, name))
    if not (action.sends is not None and action.sends.carries) and action.id not in WITH_EVIDENCE:
        return Luggage(items, tuple(papers))
    evidence = []
    pieces = [piece for piece in image.evidence if piece.stands and piece.id not in sent]
    for number, piece in enumerate(pieces, start=1):
        name = f"evidence/{number:03d}.{_ending(piece)}"
        with ctx.ports.evidence.open(piece.file.digest) as file:
            items[name] = file.read()
        evidence.append(_piece(piece, name))
    wanted = {record.id for record in records} | {piece.id for piece in pieces}
    volume, notes = _dossier(ctx, image, wanted, all_papers=action.id not in WITH_EVIDENCE, sent=sent)
    if volume:
        items[DOSSIER] = volume
    items[CASE] = _case(ctx, image)
    return Luggage(items, tuple(papers), tuple(evidence), notes)


def _case(ctx: Context, image: CaseImage) -> bytes:
    """Return the case in the exchange format (one line). Personal values stay in the papers that need them."""
    known = {party.id: dict.fromkeys(party.personal, None) for party in image.parties}
    return (line_of(emit_record(image, personal=known)) + "\n").encode()


def _dossier(
    ctx: Context, image: CaseImage, wanted: set[str], *, all_papers: bool, sent: frozenset[str]
) -> tuple[bytes, tuple[str, ...]]:
    """Bind papers and evidence in the order of the file; what is there is merged, only cover and contents are new.

    all_papers  whether everything of the main volume goes along, or only what is wanted
    """
    binder = ctx.ports.binder
    if binder is None:
        return b"", ()
    fragments = [
        replace(item, volume=Volume.MAIN)
        for item in fragments_of(ctx, image)
        if item.key in wanted or (all_papers and item.volume is Volume.MAIN and item.key not in sent)
    ]
    chosen: list[Fragment] = []
    sheets: list[Sheet] = []
    pages: list[int] = []
    notes: list[str] = []
    for item in bound_file.arranged(fragments, Volume.MAIN):
        ready = replace(item, sha256=print_document(ctx, item.key)) if not item.sha256 else item
        content = content_of(ctx, ready.kind, ready.sha256)
        try:
            pages.append(binder.page_count(content, ready.media))
        except InputError as error:
            notes.append(f"{ready.title}不能装订（{error.message.text}），另附原文件")
            continue
        chosen.append(ready)
        sheets.append(Sheet(content, ready.media, ready.title))
    if not sheets:
        return b"", tuple(notes)
    bound = bound_file.paginated(chosen, pages)
    front, back = (
        ctx.ports.pdf.render(
            ctx.ports.pages.render_html(ctx.law.documents[kind], _facts(ctx, image, bound, notes), preview=False),
            title=ctx.law.documents[kind].name["zh"],
        )
        for kind in ("case_front", "case_remarks")
    )
    return binder.bind(front, sheets, back, title=f"{image.display_number()} 移送案卷"), tuple(notes)


def _facts(ctx: Context, image: CaseImage, bound: Sequence[Bound], notes: Sequence[str]) -> dict[str, Any]:
    names = names_of(ctx, set(image.officers))
    today = ctx.today().isoformat()
    return {
        "organ": {"name": organ_name(ctx, image.organ)["zh"]},
        "case": {"name": image.title, "number": image.display_number(), "filed_on": None, "closed_on": None},
        "parties": [
            {"role": party.role, "kind": party.kind, "name": party.name, "called": None}
            for party in image.parties
            if party.role == "respondent"
        ],
        "officers": [{"name": names.get(officer, "")} for officer in image.officers],
        "decision": {"number": None},
        "volume": {
            "name": "移送案卷",
            "cover": "涉嫌犯罪案件移送案卷",
            "closed_to_parties": False,
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
            "by": names.get(image.officers[0], "") if image.officers else "",
            "archive_number": None,
            "missing": [],
            "notes": list(notes),
        },
        "issued_on": today,
        "demo": image.demo,
    }


def _paper(record: DocumentRecord, name: str) -> dict[str, Any]:
    return {
        "item": name,
        "id": record.id,
        "type": record.type,
        "title": record.title,
        "number": record.number,
        "action": record.action,
        "issued_on": record.issued_on.isoformat(),
    }


def _piece(piece: Evidence, name: str) -> dict[str, Any]:
    return {
        "item": name,
        "id": piece.id,
        "number": piece.number,
        "title": piece.title,
        "file": piece.file.name,
        "sha256": piece.file.digest,
        "acquired_on": piece.acquired_on.isoformat(),
    }


def _ending(piece: Evidence) -> str:
    ending = piece.file.name.rpartition(".")[2].lower()
    return ending if ending.isascii() and ending.isalnum() and 0 < len(ending) <= 8 else "bin"
