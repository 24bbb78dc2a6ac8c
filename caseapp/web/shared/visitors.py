"""Who is asking, seen from outside: the address, the browser, and whether it is this machine itself."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_BROWSERS: Final = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d+)")),
    ("WeChat", re.compile(r"MicroMessenger/(\d+)")),
    ("360", re.compile(r"QihooBrowser|360SE|360EE")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)[^ ]* .*Safari/")),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def visitor_address() -> str:
    """Return the address the request came from: behind a proxy on this machine the one the proxy saw."""
    address = request.remote_addr or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    return forwarded if forwarded and is_loopback(address) else address


def is_loopback(address: str) -> bool:
    """Return whether an address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def asked_as_this_machine() -> bool:
    """Return whether the address in the browser's bar names this machine itself."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return host in LOOPBACK_NAMES


def device_name(told: str) -> str:
    """Return a browser's long name for itself as people know it: 'Chrome 147 · Windows'; as it is where unknown."""
    browser = next((f"{name} {found[1] if found.re.groups else ''}".strip() for name, found in _found(told)), "")
    system = next((name for mark, name in _SYSTEMS if mark in told), "")
    return " · ".join(part for part in (browser, system) if part) or told[:40]


def _found(told: str) -> list[tuple[str, re.Match[str]]]:
    return [(name, found) for name, pattern in _BROWSERS if (found := pattern.search(told)) is not None]


class OnlyEncrypted(SecureCookieSessionInterface):
    """Cookies that leave this machine only over an encrypted connection."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Return whether the cookie may only travel encrypted: always, save between this machine and itself."""
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure or not asked_as_this_machine()


def travels_in_clear() -> bool:
    """Return whether the page was asked for from elsewhere over a plain connection, so that no cookie comes back.

    A proxy that ends the encryption says so in `X-Forwarded-Proto`.
    """
    forwarded = request.headers.get("X-Forwarded-Proto", "").rsplit(",", 1)[-1].strip()
    return not (request.is_secure or forwarded == "https" or asked_as_this_machine())
