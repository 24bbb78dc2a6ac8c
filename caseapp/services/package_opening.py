"""A matter that another organ began on its own network, as it reaches the organ that is to have the case: it is opened
through the same service as one that is sent at the screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.packages.parcel import Fault, Parcel
from caseapp.domain.roles import Role
from caseapp.domain.workflow.attached import KeptFile, attached
from caseapp.domain.workflow.referrals import REVERSE
from caseapp.domain.workflow.situation import Actor
from caseapp.models.side_proceeding import SideProceeding
from caseapp.queries.package_matters import Matter
from caseapp.queries.users import ORGAN_ACTOR
from caseapp.services import attachments, matter_send, package_rows
from caseapp.services.document_scan import SUFFIXES
from caseapp.services.matter_send import MatterDraft
from caseapp.services.unit_of_work import Unit

_ID = re.compile(r"[0-9a-f]{32}")
_KNOWN = Fault("replayed", "", "这一办理环节在本系统已经存在（重放）", "a proceeding with this number is here already")
_STRANGE = Fault("bad_step", "step.json", "内容与清单不符或者格式不对", "it does not fit the manifest")


def item_of(number: int, file: KeptFile) -> str:
    """Return under what name a file that comes with an act lies in its package. number: 1, 2, 3 …"""
    return f"attached/{number:02d}.{SUFFIXES[file.media]}"


def is_sound(step: Mapping[str, Any]) -> bool:
    """Return whether what the house opens the matter with is of the shape it must have. raises KeyError, TypeError"""
    told = step["opens"]
    return (
        isinstance(step["fields"], Mapping)
        and step["action"] == matter_send.SEND
        and _ID.fullmatch(step["matter"]["proceeding"]) is not None
        and all(isinstance(told[name], str) for name in ("from_matter", "respondent", "respondent_kind"))
        and isinstance(told["ip_types"], list)
        and all(isinstance(one, str) for one in told["ip_types"])
    )


def fault_of(ctx: Context, parcel: Parcel) -> Fault | None:
    """Return why the matter cannot be opened here whatever it says: its proceeding is another's, or its files are not
    those that the act names.
    """
    step = parcel.step
    known = select(SideProceeding.case_id).where(SideProceeding.proceeding_id == step["matter"]["proceeding"])
    if ctx.session.execute(known.limit(1)).scalar() is not None:
        return _KNOWN
    return None if brings_its_files(parcel) else _STRANGE


def brings_its_files(parcel: Parcel) -> bool:
    """Return whether the files that an act names lie in its package, with the content that it names."""
    try:
        named = attached(parcel.step["payload"].get("facts"))
        listed = {item_of(number, file): f"sha256:{file.sha256}" for number, file in enumerate(named, start=1)}
    except (KeyError, TypeError, AttributeError):
        return False
    there = {item["name"]: item["sha256"] for item in parcel.manifest["items"]}
    return all(there.get(name) == digest for name, digest in listed.items())


def kept_files(ctx: Context, parcel: Parcel) -> tuple[KeptFile, ...]:
    """Keep the files that came with an act. raises NotFound, InputError as `attachments.keep`"""
    if parcel.faults:  # its key was revoked while the package waited for the one before it
        raise NotFound(Message(N_("没有这份文件")))
    named = attached(parcel.step["payload"].get("facts"))
    contents = [(file.name, parcel.items[item_of(number, file)]) for number, file in enumerate(named, start=1)]
    return attachments.keep(ctx, contents)


def open_matter(ctx: Context, unit: Unit, kept: Matter, parcel: Parcel) -> int:
    """Open the matter in the name of the organ that began it, and return the entry of the ledger in which it did. It
    is dated by the day on which it reached us.

    raises  as `matter_send.take_in`
    """
    step, told = parcel.step, parcel.step["opens"]
    draft = MatterDraft(
        fields={name: value for name, value in step["fields"].items() if name != "authority_organ"},
        organ=kept.house,
        from_matter=told["from_matter"],
        ip_types=tuple(told["ip_types"]),
        respondent=told["respondent"],
        respondent_kind=told["respondent_kind"],
    )
    them = ctx.acting_as(authority(kept, str(step.get("person") or "")))
    files = kept_files(them, parcel)
    case_id, image = matter_send.take_in(them, draft, kept.proceeding_id, files=files)
    if image.organ != kept.house:  # the case that it came from is another organ's by now
        raise NotFound(Message(N_("没有这项移送")))
    package_rows.change_matter(ctx, unit, kept.id, case_id=case_id)
    opened = image.proceeding(kept.proceeding_id)
    assert opened is not None
    return opened.acts[0].seq


def authority(kept: Matter, person: str) -> Actor:
    """Return the other organ as it acts in our case."""
    return Actor(f"{ORGAN_ACTOR}{kept.peer_organ}", person, kept.peer_organ, frozenset({Role.LIAISON}))


def unknown_version(ctx: Context, about: Mapping[str, Any]) -> bool:
    """Return whether the matter is of another version of the procedure than the one with which we open it."""
    return bool(about["version"] != ctx.law.procedures.get(REVERSE).version)
