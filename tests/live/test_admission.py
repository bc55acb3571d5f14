"""Who may ask the server: its names, its pages, and what everybody else gets."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from starlette.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from ganlab.live.admission import Rules
from tests.patience import PATIENCE
from tests.serving import Server, serving

# Writes down whom the process asks outside this machine. A datagram socket that is connected sends nothing.
WATCH = """
import os, socket, sys
def note(event, arguments):
    if event == "socket.connect" and arguments[0].type != socket.SOCK_DGRAM:
        place = arguments[1][0] if isinstance(arguments[1], tuple) else ""
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        place = arguments[0] or ""
    else:
        return
    if str(place) not in ("", "localhost", "127.0.0.1", "0.0.0.0", "::", "::1"):
        with open(os.environ["ASKED"], "a") as file:
            file.write(f"{event} {place}\\n")
sys.addaudithook(note)
"""
STREAM = "/_stcore/stream"  # Streamlit's own socket
STREAMLIT = Subprotocol("streamlit")
OWN, FOREIGN = "own", "http://evil.example"


def refused(rules: Rules, host: str, origin: str | None = None, **more: str) -> bool:
    headers = {"host": host} | ({"origin": origin} if origin else {}) | more
    return rules.refusal(Headers(headers)) is not None


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "192.0.2.7:8501", "lab.localhost"])
def test_its_own_names_and_any_address_in_digits_are_answered(host: str) -> None:
    assert not refused(Rules(), host)


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "127.0.0.1.evil.example", "evil.example:80", "a@localhost", "localhost/x", "[::1", "x:y"],
)
def test_other_names_are_not(host: str) -> None:
    assert refused(Rules(), host)


def test_names_that_were_set_are_the_only_ones_besides_this_machine_s() -> None:
    rules = Rules(hosts=("ganlab.example", "*.school.example"))
    for host in ("ganlab.example", "GANLAB.example.:443", "a.school.example", "localhost"):
        assert not refused(rules, host)
    for host in ("school.example", "evilschool.example", "192.0.2.7"):
        assert refused(rules, host)
    assert not refused(Rules(hosts=("*",)), "any.example")


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:8501", "http://127.0.0.1:8501"),
        ("ganlab.example", "https://ganlab.example"),
        ("ganlab.example:443", "https://ganlab.example"),
        ("ganlab.example:80", "http://ganlab.example"),
        ("GANLAB.example", "https://ganlab.example:443"),
        ("[2001:db8::1]:8501", "http://[2001:db8::1]:8501"),
        ("127.0.0.1:8501", "https://ganlab.example"),  # a proxy that rewrites the host
        ("ganlab.example", "http://localhost:8501"),  # one that rewrites the origin
        ("127.0.0.1:8501", "http://127.0.0.1:9000"),
    ],
)
def test_its_own_pages_are_let_in_through_every_kind_of_proxy(host: str, origin: str) -> None:
    rules = Rules(hosts=("ganlab.example", "2001:db8::1"))
    assert not refused(rules, host, origin)


def test_a_proxy_may_say_under_which_name_it_was_asked() -> None:
    forwarded = {"x-forwarded-host": "lab.example, inner.example"}
    assert not refused(Rules(), "127.0.0.1:8501", "https://lab.example", **forwarded)
    assert refused(Rules(), "127.0.0.1:8501", "https://other.example", **forwarded)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "x", "http://", "http://192.0.2.9", "://localhost"])
def test_pages_of_other_sites_are_refused(origin: str) -> None:
    assert refused(Rules(), "127.0.0.1:8501", origin)
    assert refused(Rules(hosts=("*",)), "127.0.0.1:8501", origin)


def test_streamlit_s_own_settings_are_honoured() -> None:
    assert not refused(Rules(origins=frozenset({"course.example"})), "127.0.0.1:8501", "https://course.example")
    assert not refused(Rules(any_origin=True), "127.0.0.1:8501", "https://evil.example")
    assert refused(Rules(any_origin=True), "evil.example", "https://evil.example")  # rebinding is another matter


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("asked") / "asked.txt"


@pytest.fixture(scope="module")
def server(asked: Path) -> Iterator[Server]:
    """The whole app, open to the network, with a course page that may use it."""
    settings = {"STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS": "https://course.example", "ASKED": str(asked)}
    log = asked.with_name("log.txt")
    with serving(log, "--host", "0.0.0.0", "--embed-in", "https://course.example", first=WATCH, **settings) as running:
        yield running


def get(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(server.address + path, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode(errors="replace"), dict(answer.headers)
    except HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


def opens(server: Server, path: str, origin: str, host: str | None = None) -> bool:
    """Whether a socket opens and stays open."""
    own = server.address.partition("://")[2]
    wire = socket.create_connection(("127.0.0.1", int(own.rpartition(":")[2])))
    named = Origin(f"http://{own}" if origin == OWN else origin)
    try:
        with connect(f"ws://{host or own}{path}", sock=wire, origin=named, subprotocols=[STREAMLIT]) as opened:
            opened.recv(timeout=0.3)
    except TimeoutError:
        return True
    except (InvalidStatus, ConnectionClosed):
        return False
    return True


PATHS = ("/", "/export", STREAM, "/_stcore/health", "/_stcore/host-config", "/live/assets/x/board/live.js")


@pytest.mark.parametrize("path", PATHS)
def test_a_name_that_was_made_to_point_here_gets_a_sentence_and_nothing_else(server: Server, path: str) -> None:
    for headers in ({}, {"Origin": FOREIGN}):
        status, text, _ = get(server, path, Host="evil.example:8501", **headers)
        assert status == 403
        assert "--allow-host evil.example" in text and len(text.splitlines()) == 1


@pytest.mark.parametrize("path", [STREAM, "/live/0123456789abcdef"])
def test_so_do_its_sockets_and_those_of_foreign_pages(server: Server, path: str) -> None:
    assert not opens(server, path, FOREIGN, host="evil.example")
    assert not opens(server, path, FOREIGN)


@pytest.mark.parametrize("origin", [OWN, "http://localhost:9000", "https://course.example"])
def test_streamlit_s_socket_opens_for_every_page_that_ours_opens_for(server: Server, origin: str) -> None:
    assert opens(server, STREAM, origin)


def test_what_a_browser_may_do_with_an_answer_is_said_in_each(server: Server) -> None:
    for path in ("/", "/_stcore/health", "/live/assets/x/board/live.js", "/live/none/directions", "/nothing.js"):
        _, _, headers = get(server, path)
        found = {name.lower(): value for name, value in headers.items()}
        assert "frame-ancestors 'self' https://course.example" in found["content-security-policy"]
        assert found["x-content-type-options"] == "nosniff"
        assert found["referrer-policy"] == "same-origin"


def test_it_says_at_the_start_that_others_can_use_it(server: Server) -> None:
    assert "Anybody who reaches this address can use this lab" in server.log.read_text()


def test_nobody_outside_is_ever_asked(server: Server, asked: Path) -> None:
    for origin in (FOREIGN, "https://course.example", "http://192.0.2.9:9000"):
        opens(server, STREAM, origin)
        get(server, "/_stcore/health", Origin=origin)
    assert not asked.exists(), asked.read_text()
