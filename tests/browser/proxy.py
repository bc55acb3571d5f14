"""A small reverse proxy, set up as people's proxies are."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

Fields = dict[str, str]


class SetUp(NamedTuple):
    """What a proxy does to a request.

    Attributes:
        change: the header's fields on their way, given the app's own host and port.
        prefix: the path under which browsers ask, and which the app never sees.
    """

    change: Callable[[Fields, str], Fields]
    prefix: str = ""


def keep(fields: Fields, app: str) -> Fields:
    """As Caddy does, and nginx with `proxy_set_header Host $http_host`."""
    return fields


def rewrite_host(fields: Fields, app: str) -> Fields:
    """As nginx and Apache do where nothing is said about it."""
    return fields | {"host": app}


def spell_out_port(fields: Fields, app: str) -> Fields:
    """As nginx with `Host $host:$server_port` behind HTTPS."""
    name = fields["host"].partition(":")[0]
    return fields | {"host": f"{name}:443"} | ({"origin": f"https://{name}"} if "origin" in fields else {})


def rewrite_origin(fields: Fields, app: str) -> Fields:
    """As is reported of Codespaces."""
    return fields | ({"origin": f"http://localhost:{app.rpartition(':')[2]}"} if "origin" in fields else {})


def forward_host(fields: Fields, app: str) -> Fields:
    """A rewritten host, and the one that was asked beside it."""
    return fields | {"host": app, "x-forwarded-host": fields["host"], "x-forwarded-proto": "http"}


SET_UPS = {
    "kept": SetUp(keep),
    "rewritten host": SetUp(rewrite_host),
    "port spelt out": SetUp(spell_out_port),
    "rewritten origin": SetUp(rewrite_origin),
    "forwarded host": SetUp(forward_host),
    "stripped prefix": SetUp(rewrite_host, "/user/ann/proxy/8501"),
}


@contextmanager
def behind(app: str, set_up: SetUp) -> Iterator[str]:
    """The address at which a browser finds the app (its host and port) behind a proxy."""

    class Pass(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                _pass_on(self.connection, app, set_up)

    class Proxy(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Proxy(("127.0.0.1", 0), Pass) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{proxy.server_address[1]}{set_up.prefix}"
        proxy.shutdown()


def _pass_on(browser: socket.socket, app: str, set_up: SetUp) -> None:
    """One request, and what follows it on the same connection, if that became a socket's."""
    head, rest = _head(browser)
    if not head:
        return
    first, *lines = head.split("\r\n")
    method, path, version = first.split(" ")
    if not path.startswith(f"{set_up.prefix}/"):
        browser.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if "upgrade" not in fields:
        fields["connection"] = "close"
    fields = set_up.change(fields, app) | {"x-forwarded-for": "192.0.2.9"}
    asked = [
        f"{method} {path[len(set_up.prefix) :]} {version}",
        *(f"{name}: {value}" for name, value in fields.items()),
    ]
    host, _, port = app.rpartition(":")
    with socket.create_connection((host, int(port))) as server:
        server.sendall("\r\n".join((*asked, "", "")).encode("latin-1") + rest)
        back = threading.Thread(target=_pump, args=(server, browser), daemon=True)
        back.start()
        _pump(browser, server)
        back.join()


def _head(browser: socket.socket) -> tuple[str, bytes]:
    """The request's head, and what came with it."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = browser.recv(65_536)
        if not part:
            return "", b""
        received += part
    head, _, rest = received.partition(b"\r\n\r\n")
    return head.decode("latin-1"), rest


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
