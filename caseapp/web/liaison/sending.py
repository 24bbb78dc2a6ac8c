"""What forms of the liaisons' room have in common: files that go along, and what stood in the way."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext
from flask_wtf.file import MultipleFileField

from caseapp.domain.errors import Message
from caseapp.domain.workflow.attached import KeptFile
from caseapp.queries.next_steps import Obstacle
from caseapp.services import attachments
from caseapp.services.document_scan import MOST_BYTES
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import ActionForm


class FilesForm(ActionForm):
    """The form of an act with the decision, the ruling or whatever else goes with it."""

    files = MultipleFileField(lazy_gettext("所附文书（PDF、JPEG、PNG）"))


@dataclass(frozen=True, slots=True)
class Refused:
    """What stood in the way of an act."""

    message: Message
    unmet: tuple[Obstacle, ...] = ()
    stale: bool = False


def kept_files(form: FilesForm) -> tuple[KeptFile, ...]:
    """Keep what was chosen for the form. raises InputError (field 'files')"""
    chosen = [one for one in form.files.data or () if getattr(one, "filename", "")]
    return attachments.keep(ctx(), [(one.filename, one.read(MOST_BYTES + 1)) for one in chosen])
