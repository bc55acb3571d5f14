"""The app where people put it: behind proxies, under a path, at an IPv6 address, in a frame of a course page."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.browser.conftest import TrainPage
from tests.browser.proxy import SET_UPS, SetUp, behind
from tests.serving import Server, serving

Visit = Callable[[Server], TrainPage]


@pytest.fixture
def visit(profile: BrowserContext) -> Iterator[Visit]:
    """Opens a page at an address; afterwards none may have logged an error."""
    complaints: list[str] = []

    def new(server: Server) -> TrainPage:
        page = profile.new_page()
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return TrainPage(page, server)

    yield new
    for page in profile.pages:
        page.close()
    assert not complaints


def the_picture_moves(page: TrainPage) -> None:
    page.open("?x=g_width:8,d_width:8,latent_dim:4")
    page.play.click()
    page.beyond(20)
    page.pause.click()
    page.in_state("Paused")


@pytest.mark.parametrize("set_up", SET_UPS.values(), ids=SET_UPS)
@pytest.mark.parametrize("path", ["/_stcore/stream", "/live/0123456789abcdef"])
def test_both_sockets_open_for_a_page_behind_a_proxy(server: Server, set_up: SetUp, path: str) -> None:
    """What differs from proxy to proxy: how a browser names the page that asks. The rest is the picture that moves."""
    with behind(server.address.partition("://")[2], set_up) as place:
        page = Origin(f"http://{place.partition('/')[0]}")
        with connect(f"ws://{place}{path}", origin=page, subprotocols=[Subprotocol("streamlit")]) as opened:
            assert opened.response is not None and opened.response.status_code == 101


def test_every_page_works_under_a_prefix_that_the_app_never_sees(visit: Visit, server: Server) -> None:
    with behind(server.address.partition("://")[2], SET_UPS["stripped prefix"]) as place:
        page = visit(Server(f"http://{place}", server.log))
        the_picture_moves(page)
        page.page.get_by_role("link", name="Latent").click()
        expect(page.page.locator(".latent")).not_to_have_attribute("data-drawn", "0")
        page.page.get_by_role("link", name="Compare").click()
        page.frames(1)
        page.page.reload()
        page.frames(1)


@pytest.fixture
def course() -> Iterator[str]:
    """The address of a page of another site, which shows in a frame what is named after the question mark."""

    class Course(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown = self.path.partition("?")[2]
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<link rel="icon" href="data:,"><iframe src="{shown}"></iframe>'.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Course) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_address[1]}"
        site.shutdown()


def test_a_path_of_its_own_an_ipv6_address_and_a_course_page(visit: Visit, tmp_path: Path, course: str) -> None:
    below = {"path": "/courses/gan", "STREAMLIT_SERVER_BASE_URL_PATH": "courses/gan"}
    with serving(tmp_path / "log.txt", "--host", "::1", "--embed-in", course, host="[::1]", **below) as server:
        page = visit(server)
        the_picture_moves(page)
        page.page.goto(f"{course}/?{server.address}/")
        expect(page.page.frame_locator("iframe").get_by_role("button", name=re.compile(r"^Train\b"))).to_be_visible()
        page.page.close()  # or it would complain that the server has gone
