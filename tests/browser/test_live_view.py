"""The live view by itself: what it asks the server for, what it keeps, and how it comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import WebSocketRoute, expect

if TYPE_CHECKING:
    from conftest import OpenPage, TrainPage

SMALL = "?x=g_width:16,d_width:16,batch_size:32"
LIVE = re.compile(r"/live/[^/]+$")


def overheard(page: TrainPage) -> tuple[list[WebSocketRoute], Callable[[], set[str]]]:
    """The live sockets that the page opens from now on, and what it last asked for on them."""
    sockets: list[WebSocketRoute] = []
    wishes: list[set[str]] = [set()]

    def pass_on(client: WebSocketRoute) -> None:
        server = client.connect_to_server()

        def wish(message: str | bytes) -> None:
            wishes.append(set(json.loads(message)["views"]))
            server.send(message)

        client.on_message(wish)
        sockets.append(client)

    page.page.route_web_socket(LIVE, pass_on)
    return sockets, lambda: wishes[-1]


def test_a_lost_connection_comes_back_by_itself(new_page: OpenPage) -> None:
    page = new_page()
    sockets, _ = overheard(page)
    page.open(SMALL)
    page.play.click()
    page.beyond(0)
    sockets[-1].close(code=1011, reason="gone for a moment")
    expect(page.lab).to_have_attribute("data-link", "lost")
    expect(page.lab).to_have_attribute("data-link", "open")
    page.beyond(page.iteration)
    assert len(sockets) == 2


def test_a_chart_that_is_put_away_is_not_asked_for(new_page: OpenPage) -> None:
    page = new_page()
    _, wished = overheard(page)
    page.open(SMALL)
    card = page.lab.get_by_role("group", name="Gradient norms")
    card.hover()
    assert {"plane", "losses", "gradients", "commentary"} <= wished()
    card.get_by_role("button", name="Hide Gradient norms").click()
    expect(card).to_be_hidden()
    assert "gradients" not in wished()
    page.page.reload()
    page.frames(1)
    expect(card).to_be_hidden()
    page.lab.get_by_role("button", name="+ Gradient norms").click()
    expect(card).to_be_visible()
    assert "gradients" in wished()


def test_two_charts_share_a_place_and_the_choice_is_remembered(new_page: OpenPage) -> None:
    page = new_page()
    _, wished = overheard(page)
    page.open(SMALL)
    norms, cosine = (page.lab.get_by_role("group", name=name, exact=True) for name in ("Gradient norms", "Cosine"))
    expect(cosine).to_be_hidden()
    assert "cosine" not in wished()
    norms.get_by_role("button", name="Cosine", exact=True).click()
    expect(norms).to_be_hidden()
    expect(cosine.locator(".drawing")).to_have_attribute(
        "aria-label", re.compile(r"raw .*\d, centred .*\d, features .*\d")
    )
    assert "cosine" in wished() and "gradients" not in wished()
    page.page.reload()
    page.frames(1)
    expect(cosine).to_be_visible()
    cosine.hover()
    cosine.get_by_role("button", name="Hide Cosine").click()
    expect(cosine).to_be_hidden()
    expect(norms).to_be_hidden()
    page.lab.get_by_role("button", name="+ Cosine").click()
    cosine.get_by_role("button", name="Gradient norms", exact=True).click()
    expect(norms).to_be_visible()


def test_an_enlarged_chart_stands_alone_until_escape(new_page: OpenPage) -> None:
    page = new_page().open(SMALL)
    losses, big = (page.lab.get_by_role("group", name=name, exact=True) for name in ("Losses", "Points in the plane"))
    losses.hover()
    losses.get_by_role("button", name="Enlarge Losses").click()
    expect(big).to_be_hidden()
    page.page.keyboard.press("Escape")
    expect(big).to_be_visible()


def test_layers_are_remembered(new_page: OpenPage) -> None:
    page = new_page().open(SMALL)
    arrows = page.lab.get_by_role("button", name="Gradients", exact=True)
    expect(arrows).to_have_attribute("aria-pressed", "false")
    arrows.click()
    expect(arrows).to_have_attribute("aria-pressed", "true")
    page.page.reload()
    expect(arrows).to_have_attribute("aria-pressed", "true")


def test_a_zoom_survives_the_curves_growth(new_page: OpenPage) -> None:
    page = new_page().open(SMALL)
    page.play.click()
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


def test_colours_follow_the_theme(new_page: OpenPage) -> None:
    page = new_page(scheme="light").open(SMALL)
    colour = "lab => getComputedStyle(lab).getPropertyValue('--real').trim()"
    assert page.lab.evaluate(colour) == "#0072B2"
    page.page.emulate_media(color_scheme="dark")
    expect(page.lab).to_have_class(re.compile("dark"))
    assert page.lab.evaluate(colour) == "#56B4E9"


def test_every_view_has_a_name_and_says_its_latest_values(new_page: OpenPage) -> None:
    page = new_page().open(SMALL)
    page.play.click()
    for card in page.lab.get_by_role("group").filter(has=page.page.locator(".drawing")).all():
        expect(card.locator(".drawing")).to_have_attribute("aria-label", re.compile(r"\. .*\d"))
