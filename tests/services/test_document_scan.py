"""The scan of a paper signed by hand: what is taken in, what is refused and why, what stands for the paper then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caseapp.domain.errors import ExternalError, InputError, NotFound
from caseapp.services import document_scan
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import Course
from tests.factories.pictures import png
from tests.support import evidence_files as files


def paper_of(course: Course) -> tuple[str, str]:
    """Return a filed case and a paper of it."""
    case_id = course.filed()
    return case_id, course.image(case_id).documents[-1].id


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "文件是空的", id="nothing"),
        pytest.param(b"<html></html>", "只接受 PDF、JPEG、PNG 文件", id="a page"),
        pytest.param(b"GIF89a", "只接受 PDF、JPEG、PNG 文件", id="another kind of picture"),
        pytest.param(b"%PDF-1.7\nbroken", "", id="a damaged PDF"),
        pytest.param(files.jpeg()[:40], "", id="a damaged picture"),
    ],
)
def test_what_is_no_scan_is_refused_and_leaves_nothing(course: Course, content: bytes, why: str) -> None:
    case_id, paper = paper_of(course)
    before = course.everything()
    with course.as_("officer") as ctx, pytest.raises(InputError, match=why):
        document_scan.attach(ctx, case_id, paper, content)
    assert course.everything() == before


def test_a_file_beyond_the_limit_is_refused_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_scan, "MOST_BYTES", 1024 * 1024)
    with pytest.raises(InputError, match="1 MB"):
        document_scan.media_of(b"%PDF-" + b"0" * 1024 * 1024)
    assert document_scan.media_of(b"%PDF-") == "application/pdf"


def test_only_papers_of_the_case_are_scanned_and_only_scans_are_given_out(course: Course) -> None:
    case_id, paper = paper_of(course)
    with course.as_("officer") as ctx:
        with pytest.raises(NotFound):
            document_scan.attach(ctx, case_id, "0" * 32, png())
        for unknown in (paper, "0" * 32):
            with pytest.raises(NotFound):
                document_scan.scan_of(ctx, case_id, unknown)


def test_a_later_scan_takes_the_place_of_an_earlier_one_which_is_kept(course: Course) -> None:
    case_id, paper = paper_of(course)
    first, second = png(40, 40), files.jpeg()
    with course.as_("officer") as ctx:
        document_scan.attach(ctx, case_id, paper, first)
        kept = course.image(case_id).document(paper)
        assert kept is not None
        document_scan.attach(ctx, case_id, paper, second)
        content, media, name = document_scan.scan_of(ctx, case_id, paper)
        assert (content, media, name.rpartition(".")[2]) == (second, "image/jpeg", "jpg")
        assert ctx.ports.files.get(kept.scan) == first
        assert list(differences(ctx, case_id)) == []


def test_without_a_binder_no_scan_is_taken_in_unseen(course: Course) -> None:
    case_id, paper = paper_of(course)
    with course.as_("officer") as ctx, pytest.raises(ExternalError):
        bare = replace(ctx, ports=replace(ctx.ports, binder=None))
        document_scan.attach(bare, case_id, paper, png())
