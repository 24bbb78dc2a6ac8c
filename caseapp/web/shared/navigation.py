"""The rooms of the house, as rights allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask.sansio.app import App

from caseapp.domain.errors import N_
from caseapp.domain.policies.policy_map import Permission
from caseapp.web.shared.guard import may
from caseapp.web.shared.language import gettext

WIDE_SEARCH = "officer.search"


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the left navigation.

    paths   addresses that belong to the room: it is marked as the present one there
    """

    name: str
    icon: str
    endpoint: str
    permission: Permission
    paths: tuple[str, ...]


ROOMS: tuple[Room, ...] = (
    Room(N_("今日"), "home", "officer.desk", Permission.DESK_SEE, ("/desk",)),
    Room(N_("案件"), "folders", "officer.case_list", Permission.CASE_LIST, ("/cases", "/search", "/packages")),
    Room(N_("审批"), "signature", "approver.inbox", Permission.APPROVAL_LIST, ("/approvals",)),
    Room(N_("移交"), "send", "officer.transfers", Permission.TRANSFER_SEE, ("/transfers",)),
    Room(N_("移送"), "arrows-exchange", "liaison.inbox", Permission.REFERRAL_LIST, ("/referrals",)),
    Room(N_("监督"), "scale", "liaison.console", Permission.SUPERVISION_SEE, ("/supervision",)),
    Room(N_("协作"), "users", "liaison.joint_list", Permission.JOINT_SEE, ("/joint-work",)),
    Room(N_("快维"), "shield-check", "fast_channel.desk", Permission.FAST_CHANNEL_LIST, ("/fast-channel",)),
    Room(N_("统计"), "chart-bar", "supervisor.closure", Permission.FIGURE_SEE, ("/figures", "/overdue")),
    Room(N_("管理"), "settings", "admin.home", Permission.ADMIN_SEE, ("/admin",)),
)


@dataclass(frozen=True, slots=True)
class RoomLink:
    """A room as the navigation draws it; count is the number of things that wait there, 0 where nothing or unknown."""

    name: str
    icon: str
    url: str
    active: bool
    exact: bool
    count: int = 0


def open_rooms(rooms: Iterable[Room] = ROOMS) -> tuple[Room, ...]:
    """Return the rooms that exist in this installation and that the person may enter."""
    doors: dict[str, Callable[[], bool]] = current_app.extensions.get("huhang_room_doors", {})
    return tuple(
        room
        for room in rooms
        if room.endpoint in current_app.view_functions
        and may(room.permission)
        and (room.endpoint not in doors or doors[room.endpoint]())
    )


def navigation() -> tuple[RoomLink, ...]:
    """Return the left navigation of this page."""
    counts: dict[str, Callable[[], int]] = current_app.extensions.get("huhang_room_counts", {})
    links = []
    for room in open_rooms():
        url = url_for(room.endpoint)
        active = any(request.path == path or request.path.startswith(f"{path}/") for path in room.paths)
        count = counts[room.endpoint]() if room.endpoint in counts else 0
        links.append(RoomLink(gettext(room.name), room.icon, url, active, request.path == url, count))
    return tuple(links)


def count_in_navigation(app: App, endpoint: str, count: Callable[[], int]) -> None:
    """Show beside a room how much waits there; the room's package says how it is counted."""
    app.extensions.setdefault("huhang_room_counts", {})[endpoint] = count


def open_in_navigation(app: App, endpoint: str, door: Callable[[], bool]) -> None:
    """Show a room only where its door is open to the person, beside the permission; the room's package says when."""
    app.extensions.setdefault("huhang_room_doors", {})[endpoint] = door


def first_room_url() -> str:
    """Return where a person begins: the first room that is open, else the own account."""
    rooms = open_rooms()
    return url_for(rooms[0].endpoint if rooms else "auth.account")


def search_url() -> str:
    """Return where the search box leads, '' where the person may not list cases."""
    if WIDE_SEARCH in current_app.view_functions and may(Permission.CASE_LIST):
        return url_for(WIDE_SEARCH)
    return ""


def install(app: Flask) -> None:
    """Give the navigation to the layout."""
    app.jinja_env.globals.update(navigation=navigation, search_url=search_url, may=may)
