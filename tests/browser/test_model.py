"""The Model page in a real browser: the diagram lives, and a step goes forth and back by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from conftest import OpenPage

SMALL = "?x=g_width:16,d_width:16,batch_size:32,ema_decay:0.9"


class ModelPage:
    """The Model page of a run."""

    def __init__(self, new_page: OpenPage) -> None:
        self.opened = new_page().open(f"model{SMALL}")
        self.page: Page = self.opened.page
        self.lab = self.page.locator(".lab.model")

    def node(self, name: str) -> Locator:
        return self.lab.locator(f"[data-node={name}]")

    def picture(self, name: str) -> str:
        return str(self.node(name).locator("canvas").evaluate("canvas => canvas.toDataURL()"))

    def slow(self) -> Locator:
        """One step, recorded and shown from its beginning."""
        self.lab.get_by_role("button", name="Slow motion").click()
        slow = self.lab.locator(".slow")
        expect(slow).to_have_attribute("data-step", "real")
        return slow


@pytest.fixture
def model_page(new_page: OpenPage) -> ModelPage:
    return ModelPage(new_page)


def test_thumbnails_change_while_it_trains(model_page: ModelPage) -> None:
    nodes = ("g", "fake", "d", "scores")
    model_page.opened.until(lambda: all(len(model_page.picture(name)) > 600 for name in nodes))
    before = {name: model_page.picture(name) for name in nodes}
    model_page.opened.play.click()
    for name in nodes:
        model_page.opened.until(lambda name=name: model_page.picture(name) != before[name])


def test_a_step_in_slow_motion_goes_to_its_end_and_back_by_keyboard_and_shows_what_belongs_together(
    model_page: ModelPage,
) -> None:
    slow, page, lab = model_page.slow(), model_page.page, model_page.lab
    caption, code = slow.locator(".caption"), slow.locator(".code .now").first
    expect(lab).to_have_attribute("data-iteration", "1")
    assert caption.get_attribute("role") == "status"
    seen = []
    while not seen or seen[-1] != "ema":
        seen.append(slow.get_attribute("data-step"))
        expect(caption).not_to_be_empty()
        expect(code).not_to_be_empty()
        page.keyboard.press("ArrowRight")
        if seen[-1] != "ema":
            expect(slow).not_to_have_attribute("data-step", str(seen[-1]))
    assert seen == [
        "real", "noise", "fake", "scores_d", "loss_d", "gradient_d", "step_d", "scores_g", "loss_g", "gradient_g",
        "step_g", "ema",
    ]  # fmt: skip
    for key in reversed(seen[:-1]):
        page.keyboard.press("ArrowLeft")
        expect(slow).to_have_attribute("data-step", str(key))
    expect(lab).to_have_attribute("data-iteration", "1")  # to look trains nothing

    # What lights up belongs together, and the followed sample stays the same.
    slow.get_by_role("button", name="Follow the next sample").click()
    expect(slow.locator("output")).to_have_text("sample 2 of 16")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(slow).to_have_attribute("data-step", "loss_d")
    expect(model_page.node("loss_d")).to_have_class(re.compile(r"\blit\b"))
    expect(code).to_contain_text("loss = self._discriminator_loss(")
    share, total = slow.locator(".formula .numbers").inner_text().rpartition(" = ")[::2]
    assert total == slow.locator(".sample dd").nth(4).inner_text()
    assert "log" in share
    placed = slow.locator(".sample dd").nth(2).inner_text()
    expect(lab.locator(".diagram")).to_have_attribute("data-half", "d")
    expect(lab.locator(".detach")).to_be_visible()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(slow).to_have_attribute("data-step", "gradient_g")
    expect(lab.locator(".lock")).to_be_visible()
    expect(lab.locator(".detach")).not_to_be_visible()
    expect(slow.locator("output")).to_have_text("sample 2 of 16")
    assert slow.locator(".sample dd").nth(2).inner_text() == placed

    page.emulate_media(reduced_motion="reduce")
    moves = "(parts) => parts.filter((part) => parseFloat(getComputedStyle(part).transitionDuration) > 0).length"
    assert lab.locator("*").evaluate_all(moves) == 0
    page.keyboard.press("ArrowRight")
    expect(slow).to_have_attribute("data-step", "step_g")


def test_a_node_unfolds_escape_folds_it_and_a_phone_shows_every_one_without_scrolling_sideways(
    model_page: ModelPage,
) -> None:
    page, node = model_page.page, model_page.node("loss_d")
    node.click()
    expect(page.get_by_text("def cross_entropy_d").first).to_be_visible()
    expect(node).to_have_attribute("aria-expanded", "true")
    model_page.opened.address_says("node=loss_d")
    node.press("Escape")
    expect(node).to_have_attribute("aria-expanded", "false")

    model_page.node("g").click()
    weights = model_page.lab.locator(".inside canvas").first
    expect(weights).to_be_visible()
    blank = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.every((x) => !x)"
    model_page.opened.until(lambda: not weights.evaluate(blank))
    model_page.node("g").click()
    expect(weights).not_to_be_visible()

    page.set_viewport_size({"width": 390, "height": 844})

    def inside() -> bool:
        boxes = model_page.lab.locator(".node").evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect())")
        return len(boxes) == 12 and all(box["left"] >= 0 and box["right"] <= 390 for box in boxes)

    model_page.opened.until(inside)


def test_whoever_is_the_discriminator_is_compared_with_d(model_page: ModelPage) -> None:
    model_page.lab.get_by_role("button", name="You are the discriminator").click()
    guess = model_page.lab.locator(".guess")
    for i in range(20):
        expect(guess.locator(".caption")).to_contain_text(f"Sample {i + 1} of 20")
        guess.get_by_role("button", name="Real", exact=True).click()
    expect(guess.locator(".caption")).to_contain_text("You were right 10 times of 20")  # half of them are real
    expect(guess.locator(".rounds li")).to_contain_text("Iteration 0: you 10")


def test_a_newcomer_takes_the_tour_by_keyboard_and_an_address_opens_the_same_step(new_page: OpenPage) -> None:
    opened = new_page().open(SMALL)
    page, lab = opened.page, opened.page.locator(".lab.model")
    page.get_by_role("button", name="Tour: one minute").filter(visible=True).click()
    tour = lab.get_by_role("dialog", name="A tour of one minute")
    for stop, lit in enumerate(("g", "d", "loss_d", "loss_g", "real"), 1):
        expect(tour).to_have_attribute("data-stop", str(stop))
        expect(lab.locator(f"[data-node={lit}]")).to_have_class(re.compile(r"\blit\b"))
        page.keyboard.press("ArrowRight")
    expect(tour.get_by_role("button", name="Train")).to_be_focused()
    page.keyboard.press("Escape")
    expect(tour).to_be_hidden()
    expect(lab.locator(".lit")).to_have_count(0)

    lab.get_by_role("button", name="Slow motion").click()
    slow = lab.locator(".slow")
    expect(slow).to_have_attribute("data-step", "real")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(slow).to_have_attribute("data-step", "loss_d")
    numbers = slow.locator(".formula .numbers").inner_text()
    opened.address_says("step=loss_d")
    lab.locator("[data-node=loss_d]").click()
    opened.address_says("node=loss_d")
    opened.address_says("step=loss_d")

    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(slow).to_have_attribute("data-step", "loss_d")
    assert slow.locator(".formula .numbers").inner_text() == numbers
    expect(lab).to_have_attribute("data-iteration", "1")  # the step was recalled, not made again
    expect(lab.locator("[data-node=loss_d]")).to_have_attribute("aria-expanded", "true")
    expect(lab.get_by_text("New here?")).to_be_hidden()  # never again


def test_what_d_knows_is_drawn_and_turned(model_page: ModelPage) -> None:
    lab, page = model_page.lab, model_page.page
    lab.get_by_role("button", name="What D knows").click()
    for card, said in (("optimal-d", r"D is off by 0\.\d+ on average"), ("pulls", r"Saturating \(minimax\)")):
        lab.locator(f".{card}").scroll_into_view_if_needed()  # what nobody sees is not drawn
        expect(lab.locator(f".{card} .foot")).to_contain_text(re.compile(said))
    lab.locator(".relief").scroll_into_view_if_needed()

    def picture(card: str) -> str:
        return str(lab.locator(f".{card} canvas").evaluate("canvas => canvas.toDataURL()"))

    before = picture("relief")
    lab.locator(".relief canvas").focus()
    page.keyboard.press("ArrowLeft")
    model_page.opened.until(lambda: picture("relief") != before)
    before = picture("morph")
    lab.get_by_role("slider", name="From noise to samples").press("Home")
    model_page.opened.until(lambda: picture("morph") != before)
