"""The rows by which lists show referrals that came as packages, and those that were begun for another network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, delete, exists, insert, select

from caseapp.context import Context
from caseapp.models.package_line import PackageLine
from caseapp.models.package_matter import PackageMatter
from caseapp.queries.package_matters import ReceivedImage, matter, received_image
from caseapp.services.share_rows import share_rows
from caseapp.services.unit_of_work import Unit, unit_of_work

_SAME = (
    "peer", "sender_id", "procedure", "procedure_version", "state", "category", "mine", "title", "offence", "sent_on",
    "opened_on", "until_on", "binds_at",
)  # fmt: skip
_AT_ONCE = 500


def relist(ctx: Context, unit: Unit, of_id: str, *, turned_down: str = "") -> None:
    """Bring the row of a matter whose case is another installation's to how it stands: none while its first step is
    not here.

    turned_down  why the other installation could not take in what was begun here: then it waits for us
    """
    kept = matter(ctx, of_id)
    assert kept is not None
    seen = received_image(ctx, kept)
    unit.connection.execute(delete(PackageLine).where(PackageLine.matter_id == of_id))
    if seen is None:
        return
    mine = [row for row in share_rows(seen.image, ctx.law) if row["organ_id"] == kept.peer_organ and row["latest"]]
    for row in mine:
        told = {name: row[name] for name in _SAME}
        told.update(matter_id=of_id, organ_id=kept.peer_organ, turned_down=turned_down)
        if turned_down:
            told["mine"] = True
        if row["opened_on"] is not None and not row["offence"]:
            told["offence"] = _carried_offence(seen)
        unit.connection.execute(insert(PackageLine), told)


def _carried_offence(seen: ReceivedImage) -> str:
    """Return the offence that an act of the house told which was carried along, '' where none did."""
    told = [facts.get("offence") for _seq, facts in sorted(seen.told.items())]
    return next((one for one in reversed(told) if isinstance(one, str)), "")


def matters_without_line() -> Select[Any]:
    """Return what selects the matters that stand in no list."""
    has = exists().where(PackageLine.matter_id == PackageMatter.id)
    return select(PackageMatter.id).where(PackageMatter.case_id.is_(None), ~has)


def relist_all(ctx: Context, progress: Callable[[int], object] | None) -> int:
    """Write the rows of matters that have none; returns how many matters were looked at."""
    looked, after = 0, ""
    while True:
        wanted = matters_without_line().where(PackageMatter.id > after)
        batch = list(ctx.session.execute(wanted.order_by(PackageMatter.id).limit(_AT_ONCE)).scalars())
        if not batch:
            return looked
        with unit_of_work(ctx) as unit:
            for of_id in batch:
                relist(ctx, unit, of_id)
        after, looked = batch[-1], looked + len(batch)
        if progress is not None:
            progress(len(batch))
