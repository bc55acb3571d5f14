"""Who may ask this server: checked for every request and every socket, Streamlit's own included.

Two attacks from a page of another site are kept out. DNS rebinding: the other site's name is made to point here, so
that its pages count as ours; the name is in the Host header. Cross-site requests: a page of another site asks here in
its own name; that name is in the Origin header, which no page can change.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from ganlab.live.addresses import LOOPBACK, is_literal

logger = logging.getLogger(__name__)

REFUSED, SOCKET_REFUSED = 403, 4403
LONGEST_NAME = 80  # characters of a stranger's name that a sentence repeats
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Rules:
    """Which names a server answers to, and whose pages may use it.

    Attributes:
        hosts: the names that were set (`server.allowedHosts`), `*.` for any below one. If there are some, no others.
        names: those of this machine on its network, if it listens to one.
        origins: hosts whose pages may use this server besides its own pages (`server.corsAllowedOrigins`).
        any_origin: every page may (`server.enableCORS` is off).
    """

    hosts: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    any_origin: bool = False

    def answers_to(self, host: str) -> bool:
        """Whether this Host header is one of the server's own.

        An address in digits always is: rebinding needs a name.
        """
        name = _name(host)
        if name in LOOPBACK:
            return True
        if self.hosts:
            return any(_matches(name, pattern) for pattern in self.hosts)
        return is_literal(name) or name.endswith(".localhost") or name in self.names

    def admits(self, origin: str, *hosts: str) -> bool:
        """Whether pages of this origin may use the server that was asked as one of these hosts."""
        if self.any_origin:
            return True
        place = _place(origin)
        if place is None:
            return False
        if place in {_place(origin, host) for host in hosts if host}:
            return True
        name, _ = place
        listed = any(_matches(name, pattern) for pattern in self.hosts if pattern != "*")
        return name in LOOPBACK or name in self.names or name in self.origins or listed

    def refusal(self, headers: Headers) -> str | None:
        """Why a request with these headers is refused; None where it isn't."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self.answers_to(host):
            shown = _shown(_name(host) or host)
            return (
                f"GanLab does not answer under the name {shown}. If this is your server's name, start it with: "
                f"ganlab --allow-host {shown}"
            )
        forwarded = headers.get("x-forwarded-host", "").partition(",")[0].strip()
        if origin is not None and not self.admits(origin, host, forwarded):
            name = _shown(urlsplit(origin).hostname or origin)
            return (
                f"Pages of {name} may not use this GanLab. If these are your pages, start it with: "
                f"ganlab --allow-host {name}"
            )
        return None


class Admission:
    """Refuses requests that are not allowed, with a sentence, and passes on all others."""

    def __init__(self, app: ASGIApp, rules: Callable[[], Rules]) -> None:
        self._app, self._rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif refusal := self._rules().refusal(Headers(scope=scope)):
            logger.warning(refusal)
            await _refuse(refusal, scope, receive, send)
        else:
            await self._app(_as_our_own(scope), receive, send)


async def _refuse(sentence: str, scope: Scope, receive: Receive, send: Send) -> None:
    answer = PlainTextResponse(sentence + "\n", REFUSED)
    if scope["type"] == "http":
        return await answer(scope, receive, send)
    socket = WebSocket(scope, receive, send)
    if "/live/" not in scope["path"]:
        return await socket.send_denial_response(answer)
    await socket.accept()  # first, or our page would not learn the code it is closed with
    return await socket.close(SOCKET_REFUSED, sentence.partition(".")[0] + ".")


def _as_our_own(scope: Scope) -> Scope:
    """A socket that was let in, as one from this server's own pages.

    Streamlit compares by other rules. What it does not know, it would ask an outside service about.
    """
    headers = MutableHeaders(raw=list(scope["headers"]))
    if scope["type"] == "http" or "origin" not in headers:
        return scope
    headers["origin"] = f"{urlsplit(headers['origin']).scheme or 'http'}://{headers['host']}"
    return {**scope, "headers": headers.raw}


def _matches(name: str, pattern: str) -> bool:
    pattern = pattern.strip().lower().rstrip(".")
    return pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))


def _name(host: str) -> str:
    """The name in a Host header, without its port; "" where there is none, or more than a name and a port."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return ""
    return "" if parts.netloc != host or "@" in host else (parts.hostname or "").rstrip(".")


def _place(origin: str, host: str | None = None) -> tuple[str, int] | None:
    """Name and port of an origin, or of a host that is asked by the origin's scheme; None for what is neither."""
    scheme, _, netloc = origin.partition("://")
    netloc = netloc if host is None else host
    if scheme not in DEFAULT_PORTS or not _name(netloc):
        return None
    return _name(netloc), urlsplit(f"//{netloc}").port or DEFAULT_PORTS[scheme]


def _shown(name: str) -> str:
    """A stranger's name as a sentence may repeat it."""
    return "".join(character for character in name if character.isalnum() or character in ".-:[]*_")[:LONGEST_NAME]
