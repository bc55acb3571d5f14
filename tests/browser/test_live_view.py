"""The live view by itself: what it asks the server for, what it keeps, and how it comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import WebSocket, WebSocketRoute, expect

if TYPE_CHECKING:
    from conftest import OpenPage, TrainPage

SMALL = "?x=g_width:16,d_width:16,batch_size:32"
LIVE = re.compile(r"/live/[^/]+$")


def wishes_of(page: TrainPage) -> Callable[[], set[str]]:
    """Tells the views that the page last asked for."""
    wishes: list[set[str]] = [set()]

    def listen(socket: WebSocket) -> None:
        if LIVE.search(socket.url):
            socket.on("framesent", lambda message: wishes.append(set(json.loads(message)["views"])))

    page.page.on("websocket", listen)
    return lambda: wishes[-1]


def test_a_lost_connection_comes_back_by_itself(new_page: OpenPage) -> None:
    page = new_page()
    sockets: list[WebSocketRoute] = []

    def pass_on(client: WebSocketRoute) -> None:
        client.connect_to_server()
        sockets.append(client)

    page.page.route_web_socket(LIVE, pass_on)
    page.open(SMALL)
    page.play.click()
    page.beyond(0)
    sockets[-1].close(code=1011, reason="gone for a moment")
    expect(page.lab).to_have_attribute("data-link", "lost")
    expect(page.lab).to_have_attribute("data-link", "open")
    page.beyond(page.iteration)
    assert len(sockets) == 2


def test_what_is_put_away_or_turned_over_or_on_is_remembered_and_only_what_is_shown_asked_for(
    new_page: OpenPage,
) -> None:
    page = new_page()
    wished = wishes_of(page)
    page.open(SMALL)
    names = ("Gradient norms", "Cosine", "Losses")
    norms, cosine, losses = (page.lab.get_by_role("group", name=name, exact=True) for name in names)
    expect(cosine).to_be_hidden()
    page.until(lambda: {"plane", "losses", "gradients", "commentary"} <= wished())
    assert "cosine" not in wished()

    # Two charts share a place.
    norms.get_by_role("button", name="Cosine", exact=True).click()
    expect(norms).to_be_hidden()
    expect(cosine.locator(".drawing")).to_have_attribute(
        "aria-label", re.compile(r"raw .*\d, centred .*\d, features .*\d")
    )
    page.until(lambda: "cosine" in wished() and "gradients" not in wished())

    # One is put away, and a layer of another turned on.
    losses.hover()
    losses.get_by_role("button", name="Hide Losses").click()
    expect(losses).to_be_hidden()
    page.until(lambda: "losses" not in wished())
    arrows = page.lab.get_by_role("button", name="Gradients", exact=True)
    expect(arrows).to_have_attribute("aria-pressed", "false")
    arrows.click()
    expect(arrows).to_have_attribute("aria-pressed", "true")

    page.page.reload()
    page.frames(1)
    expect(cosine).to_be_visible()
    expect(losses).to_be_hidden()
    expect(arrows).to_have_attribute("aria-pressed", "true")
    page.lab.get_by_role("button", name="+ Losses").click()
    expect(losses).to_be_visible()
    page.until(lambda: "losses" in wished())

    # A place is put away whole, and comes back with what was shown there.
    cosine.hover()
    cosine.get_by_role("button", name="Hide Cosine").click()
    expect(cosine).to_be_hidden()
    expect(norms).to_be_hidden()
    page.lab.get_by_role("button", name="+ Cosine").click()
    cosine.get_by_role("button", name="Gradient norms", exact=True).click()
    expect(norms).to_be_visible()


def test_charts_say_their_values_keep_a_zoom_stand_alone_and_follow_the_theme(new_page: OpenPage) -> None:
    page = new_page(scheme="light").open(SMALL)
    page.play.click()
    for card in page.lab.get_by_role("group").filter(has=page.page.locator(".drawing")).all():
        expect(card.locator(".drawing")).to_have_attribute("aria-label", re.compile(r"\. .*\d"))

    # A zoom survives the curves' growth.
    page.beyond(100)
    drawing = page.lab.locator(".card.losses .drawing")
    box = drawing.bounding_box()
    assert box is not None
    page.page.mouse.move(box["x"] + 60, box["y"] + 30)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 150, box["y"] + 110, steps=5)
    page.page.mouse.up()
    canvas = drawing.locator("canvas")
    expect(canvas).to_have_attribute("data-across", re.compile(r"^[1-9]"))
    zoomed = str(canvas.get_attribute("data-across"))
    points = int(str(canvas.get_attribute("data-points")).split()[0])
    page.until(lambda: int(str(canvas.get_attribute("data-points")).split()[0]) > points)
    expect(canvas).to_have_attribute("data-across", zoomed)
    drawing.dblclick(position={"x": 100, "y": 60})
    expect(canvas).to_have_attribute("data-across", re.compile(r"^0 "))
    page.pause.click()

    # An enlarged chart stands alone until Escape.
    losses, big = (page.lab.get_by_role("group", name=name, exact=True) for name in ("Losses", "Points in the plane"))
    losses.hover()
    losses.get_by_role("button", name="Enlarge Losses").click()
    expect(big).to_be_hidden()
    page.page.keyboard.press("Escape")
    expect(big).to_be_visible()

    # Colours follow the theme.
    colour = "lab => getComputedStyle(lab).getPropertyValue('--real').trim()"
    assert page.lab.evaluate(colour) == "#0072B2"
    page.page.emulate_media(color_scheme="dark")
    expect(page.lab).to_have_class(re.compile("dark"))
    assert page.lab.evaluate(colour) == "#56B4E9"
