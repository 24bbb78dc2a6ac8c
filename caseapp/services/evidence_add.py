"""Adding a piece of evidence: the file is looked at, kept by its hash, and only then entered into the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import IO

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, InputError, InputErrors, Message, Unmet
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.evidence import (
    DEFAULT_KINDS,
    HANDED_IN,
    Acquisition,
    EvidenceDraft,
    EvidenceFile,
    EvidenceKind,
)
from caseapp.domain.facts import CaseImage
from caseapp.domain.file_kinds import DRAWN, KINDS, FileKind, odd_name, recognise, safe_name
from caseapp.domain.roles import Role
from caseapp.ports import IncomingFile
from caseapp.queries.case_images import load
from caseapp.queries.staff import staff_of
from caseapp.services import outbox, submissions
from caseapp.services.case_store import CaseEdit, new_id, told_for
from caseapp.services.evidence_entry import record, require_hand_in
from caseapp.services.unit_of_work import Unit

LONGEST_TITLE = 120
LONGEST_SOURCE = 200
LONGEST_PLACE = 200
LONGEST_PROVES = 1000
PREVIEW_SIZES: Mapping[str, int] = {"small": 320, "large": 1600}
"""Name -> the longest side of a preview in pixels."""


@dataclass(frozen=True, slots=True)
class AddedEvidence:
    """Which piece was added, and its number in the case."""

    case_id: str
    id: str
    number: int
    title: str


@submissions.once(AddedEvidence)
def add(
    ctx: Context,
    case_id: str,
    file: IO[bytes],
    name: str,
    draft: EvidenceDraft,
    *,
    idempotency_key: str | None = None,
) -> AddedEvidence:
    """Add one file as a piece of evidence.

    The file is copied, hashed and looked at before anything is entered; a refusal or a crash leaves nothing of it. A
    case never names a file that is not kept whole.

    raises  NotFound, ActionRefused (not an officer of the case, closed, fewer than two certified officers),
            InputError, InputErrors (the file, or what is said about it)
    """
    image = load(ctx, case_id).image
    principal = require_hand_in(ctx, image)
    check_draft(ctx, image, draft)
    with ctx.ports.evidence.receive(file) as came:
        kind = look_at(ctx, came, name)
        _refuse_twin(image, came.digest)
        came.keep()
        kept = EvidenceFile(safe_name(name), came.digest, came.size, kind.id, odd_name(name))
    evidence_id = new_id(ctx)

    def tell(edit: CaseEdit) -> tuple[EntryKind, Mapping[str, Json]]:
        _refuse_twin(edit.current, kept.digest)
        number = 1 + max((piece.number for piece in edit.current.evidence), default=0)
        told = {"id": evidence_id, "number": number, **_told(draft, kept, kind), "file": asdict(kept)}
        return EntryKind.EVIDENCE_ADDED, {"evidence": told, **told_for(principal)}

    def answer(edit: CaseEdit) -> dict[str, object]:
        piece = edit.current.piece(evidence_id)
        assert piece is not None
        return asdict(AddedEvidence(case_id, evidence_id, piece.number, piece.title))

    def preview_later(unit: Unit, edit: CaseEdit) -> None:
        if kind.preview in DRAWN:
            outbox.put(
                ctx,
                unit,
                topic="draw_preview",
                key=f"preview:{evidence_id}",
                payload={"digest": kept.digest, "kind": kind.id},
            )

    after = record(ctx, case_id, tell, beside=preview_later, key=idempotency_key, answer=answer)
    piece = after.piece(evidence_id)
    assert piece is not None
    return AddedEvidence(case_id, evidence_id, piece.number, piece.title)


def check_draft(ctx: Context, image: CaseImage, draft: EvidenceDraft) -> None:
    """Refuse what is said about a piece where it is incomplete or cannot be.

    raises  InputErrors; ActionRefused where an act of investigation names too few certified officers
            (行政处罚法 art 42, 55; 市场监督管理行政处罚程序规定 art 22)
    """
    errors = [
        *_texts(draft),
        *([] if draft.how in tuple(Acquisition) else [InputError("how", Message(N_("请选择取得方式")))]),
        *(
            [InputError("kind", Message(N_("没有这种证据种类")))]
            if draft.kind and draft.kind not in tuple(EvidenceKind)
            else []
        ),
    ]
    if draft.acquired_on > ctx.today():
        errors.append(InputError("acquired_on", Message(N_("取得日期不能晚于今天"))))
    if not draft.officers:
        errors.append(InputError("officers", Message(N_("请选择取得（接收）证据的人员"))))
    staff = staff_of(ctx, image.organ, draft.officers)
    if any(officer not in staff for officer in draft.officers):
        errors.append(InputError("officers", Message(N_("所选人员不在本系统中"))))
    if errors:
        raise InputErrors(errors)
    if draft.how in HANDED_IN:
        return
    least = ctx.law.amounts.at(draft.acquired_on).get("officers_least")
    unmet = [
        Unmet(
            Message(
                N_("%(name)s在%(on)s没有有效的行政执法证件"),
                {"name": staff[officer].name, "on": draft.acquired_on.isoformat()},
            ),
            Role.SECTION_HEAD.value,
            _ARTICLE,
            "two_certified_officers",
        )
        for officer in dict.fromkeys(draft.officers)
        if not staff[officer].is_certified(draft.acquired_on)
    ]
    count = len(set(draft.officers))
    if least is not None and count < least:
        message = Message(N_("调查取证不得少于%(least)s人，现为%(count)s人"), {"least": least, "count": count})
        unmet.insert(0, Unmet(message, Role.SECTION_HEAD.value, _ARTICLE, "two_certified_officers"))
    if unmet:
        raise ActionRefused("evidence", unmet)


_ARTICLE = "《行政处罚法》第42条、第55条"


def _texts(draft: EvidenceDraft) -> list[InputError]:
    limits = (
        ("source", draft.source, LONGEST_SOURCE, True),
        ("place", draft.place, LONGEST_PLACE, True),
        ("title", draft.title, LONGEST_TITLE, False),
        ("proves", draft.proves, LONGEST_PROVES, False),
        ("acquired_at", draft.acquired_at, 5, False),
    )
    errors = []
    for name, text, longest, required in limits:
        if required and not text.strip():
            errors.append(InputError(name, Message(N_("请填写内容"))))
        elif len(text) > longest:
            errors.append(InputError(name, Message(N_("不得超过 %(longest)s 字"), {"longest": longest})))
    return errors


def look_at(ctx: Context, came: IncomingFile, name: str) -> FileKind:
    """Return what a file is that came in. raises InputError (field 'files') where it is not taken, or is broken"""
    kind = recognise(came.head, came.tail, name)
    if kind.drawable:
        with came.open() as file:
            ctx.ports.pictures.measure(file)
    return kind


def _refuse_twin(image: CaseImage, digest: str) -> None:
    twin = next((piece for piece in image.evidence if piece.file.digest == digest and piece.stands), None)
    if twin is not None:
        text = N_("同一个文件已作为证据 %(number)s“%(title)s”附入本案")
        raise InputError("files", Message(text, {"number": twin.number, "title": twin.title}))


def _told(draft: EvidenceDraft, file: EvidenceFile, kind: FileKind) -> dict[str, Json]:
    suggested = DEFAULT_KINDS.get(kind.group.value, EvidenceKind.DOCUMENTARY).value
    return {
        **described(draft),
        "kind": draft.kind or suggested,
        "title": draft.title.strip() or file.name[:LONGEST_TITLE],
    }


def described(draft: EvidenceDraft) -> dict[str, Json]:
    """Return what a draft says, as entries carry it."""
    day: date = draft.acquired_on
    return {
        "kind": draft.kind,
        "title": draft.title.strip(),
        "source": draft.source.strip(),
        "acquired_on": day.isoformat(),
        "acquired_at": draft.acquired_at,
        "place": draft.place.strip(),
        "how": draft.how,
        "officers": list(dict.fromkeys(draft.officers)),
        "proves": draft.proves.strip(),
    }


def kind_of(file: EvidenceFile) -> FileKind:
    """Return the kind of a kept file."""
    return KINDS[file.kind]
