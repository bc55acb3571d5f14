"""Somebody who watches another person's run in a browser of their own."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocket, expect

from ganlab.runs.keeping.store import place
from ganlab.runs.watch_ids import WatchIds, server_key
from tests.browser.conftest import OpenPage, TrainPage


def link_to_watch(page: TrainPage) -> str:
    """The link that "Share" shows: the server's key lies with its runs."""
    return f"{page.server.address}/?watch={WatchIds(server_key(place())).of(page.run_id)}"


def all_that_comes(page: Page) -> list[bytes]:
    """Everything that the page's sockets will bring."""
    received: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: received.append(data.encode() if isinstance(data, str) else data))

    page.on("websocket", listen)
    return received


def test_a_watcher_sees_the_picture_move_and_never_gets_the_id_that_commands(new_page: OpenPage) -> None:
    own = new_page().open("?x=g_width:8,d_width:8")
    own.address_says(f"run={own.run_id}")
    link = link_to_watch(own)
    watcher = new_page()
    received = all_that_comes(watcher.page)
    watcher.page.goto(link)
    watcher.frames(1)
    own.play.click()
    watcher.beyond(20)
    own.pause.click()
    watcher.in_state("Paused")
    for name in ("Train", "Pause", "Reset", "Stop", "lerp", "Share", "Runs"):
        expect(watcher.page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(watcher.page.get_by_role("link", name="Export")).to_have_count(0)
    assert received and not any(own.run_id.encode() in part for part in received)
    assert own.run_id not in watcher.page.content() + watcher.page.url
