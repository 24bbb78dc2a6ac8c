"""The officer's room: the desk, the list, new cases, the case page and the forms of acts."""

from caseapp.web.officer import (
    actions,
    case_files,
    case_list,
    case_page,
    changes,
    clocks,
    connections,
    custody,
    deputies,
    desk,
    evidence,
    evidence_files,
    handover,
    intake,
    masked_copies,
    papers,
    parties,
    request_intake,
    search,
    transfers,
    views,
    words,
)
from caseapp.web.officer.room import blueprint

words.install(blueprint)

__all__ = [
    "actions",
    "blueprint",
    "case_files",
    "case_list",
    "case_page",
    "changes",
    "clocks",
    "connections",
    "deputies",
    "custody",
    "desk",
    "evidence",
    "evidence_files",
    "handover",
    "intake",
    "masked_copies",
    "papers",
    "parties",
    "transfers",
    "request_intake",
    "search",
    "views",
]
