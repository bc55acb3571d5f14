"""The latent page in a real browser: what moves when a person moves something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Route, expect

if TYPE_CHECKING:
    from conftest import OpenPage, TrainPage

SMALL = "?x=g_width:16,d_width:16,batch_size:32,latent_dim:4"


class LatentPage:
    """The latent page of a run that trained for a moment."""

    def __init__(self, page: TrainPage) -> None:
        self.page = page.page
        page.open(SMALL)
        page.play.click()
        page.beyond(20)
        page.pause.click()
        page.in_state("Paused")
        self.page.get_by_role("link", name="Latent").click()
        self.view = self.page.locator(".latent")
        expect(self.view).to_have_attribute("data-panel", "walk")
        self.drawn_beyond(0)

    def show(self, panel: str) -> None:
        before = self.drawn
        self.button(panel).click()
        self.drawn_beyond(before)

    def button(self, name: str) -> Locator:
        return self.view.get_by_role("button", name=name, exact=True)

    @property
    def drawn(self) -> int:
        return int(self.view.get_attribute("data-drawn") or 0)

    def drawn_beyond(self, count: int) -> None:
        self.page.wait_for_function(
            "([view, n]) => Number(view.dataset.drawn) > n", arg=[self.view.element_handle(), count]
        )

    def picture(self) -> str:
        """What the panel's large picture shows, as text."""
        return str(self.view.locator(".stage .picture").evaluate("canvas => canvas.toDataURL()"))

    def picture_other_than(self, before: str) -> None:
        self.page.wait_for_function(
            "([canvas, before]) => canvas.toDataURL() !== before",
            arg=[self.view.locator(".stage .picture").element_handle(), before],
        )


@pytest.fixture
def latent_page(new_page: OpenPage) -> LatentPage:
    return LatentPage(new_page())


def test_a_direction_s_slider_changes_the_picture_and_a_named_direction_is_kept_with_the_run(
    latent_page: LatentPage,
) -> None:
    latent_page.show("Directions")
    latent_page.button("SeFa").click()
    slider = latent_page.view.get_by_role("slider", name="Factor 1", exact=True)
    slider.wait_for()
    before = latent_page.picture()
    slider.fill("4")
    latent_page.picture_other_than(before)
    latent_page.button("Set all to 0").click()
    expect(slider).to_have_value("0")

    latent_page.button("GANSpace").click()
    name = latent_page.view.get_by_role("textbox", name="Name of Component 1")
    name.fill("to the left")
    latent_page.button("Keep").first.click()
    expect(latent_page.button("Kept").last).to_be_visible()
    latent_page.page.get_by_role("link", name="Train").click()
    expect(latent_page.page.get_by_role("button", name=re.compile(r"^Train\b"))).to_be_visible()
    latent_page.page.get_by_role("link", name="Latent").click()
    expect(latent_page.view).to_have_attribute("data-panel", "walk")
    latent_page.show("Directions")
    latent_page.button("Kept").click()
    expect(latent_page.view.get_by_role("slider", name="to the left")).to_be_visible()


def test_pick_walk_play_and_look_at_the_other_panels(latent_page: LatentPage) -> None:
    view = latent_page.view
    expect(view.locator(".places")).to_contain_text("where in the plane its sample lies")
    view.locator(".source .map").click(position={"x": 40, "y": 40})
    expect(view.get_by_role("button", name="Remove D")).to_be_attached()
    before, drawn = latent_page.picture(), latent_page.drawn
    latent_page.button("Play").click()
    latent_page.drawn_beyond(drawn + 10)
    assert latent_page.picture() != before
    expect(view.locator(".told")).to_contain_text("Whole path")
    for panel in ("Slice", "Sensitivity"):
        latent_page.show(panel)
        drawn = latent_page.drawn
        view.locator(".stage .map").click(position={"x": 150, "y": 220})
        latent_page.drawn_beyond(drawn)
    latent_page.button("Real").click()
    view.locator(".source .map").click(position={"x": 40, "y": 40})
    expect(view.locator(".source .foot")).to_contain_text("Nearest match found")


def test_real_samples_stay_when_an_answer_from_before_comes_late(latent_page: LatentPage) -> None:
    page, held = latent_page.page, list[Route]()
    picture = latent_page.view.locator(".source canvas.map")
    drawn = "canvas => canvas.toDataURL()"
    page.route(re.compile(r"/ask$"), lambda route: held.append(route))
    before = picture.evaluate(drawn)
    latent_page.button("Samples").click()
    while not held:
        page.wait_for_timeout(20)
    latent_page.button("Real").click()
    page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before", arg=[picture.element_handle(), before]
    )
    real = picture.evaluate(drawn)
    with page.expect_response(re.compile(r"/ask$")) as answer:
        held[0].continue_()
    answer.value.finished()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert picture.evaluate(drawn) == real
