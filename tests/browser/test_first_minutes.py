"""The train page in a real browser: what a newcomer does in the first minutes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import OpenPage, TrainPage

SMALL = "?x=g_width:16,d_width:16,batch_size:32"
WILD = "?x=g_width:8,d_width:8,batch_size:16,loss:wasserstein,optimizer_d:sgd,optimizer_g:sgd,lr_d:10,lr_g:10"

# A finger on a node scrolls what it lies in: no style and no listener takes the gesture.
LEFT_TO_THE_PAGE = """node => {
  for (let at = node; at; at = at.parentElement ?? at.getRootNode().host)
    if (getComputedStyle(at).touchAction !== "auto") return false;
  const touch = { pointerType: "touch", bubbles: true, composed: true, cancelable: true };
  return ["pointerdown", "pointermove"].every((kind) => node.dispatchEvent(new PointerEvent(kind, touch)));
}"""


NAMELESS = """() => [...document.querySelectorAll('button, input, [role=combobox]')]
  .filter((control) => control.checkVisibility() && !control.closest('[aria-hidden=true]'))
  .filter((control) => !(control.getAttribute('aria-label') || control.getAttribute('aria-labelledby')
    || control.textContent.trim() || control.title || control.labels?.length))
  .map((control) => control.outerHTML.slice(0, 200))"""


def big_picture(page: TrainPage) -> str:
    """The pixels of the big view."""
    return str(page.lab.locator(".card.big canvas").first.evaluate("canvas => canvas.toDataURL()"))


def until_picture_differs(page: TrainPage, before: str) -> None:
    page.until(lambda: big_picture(page) != before)


def essentials_need_no_scrolling(page: TrainPage, height: int = 900) -> None:
    for part in (page.play, page.lab.locator(".status"), page.lab.locator(".board")):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height


def test_all_is_in_view_and_named_the_points_move_and_pause(new_page: OpenPage) -> None:
    page = new_page(1440, 900).open()
    page.in_state("Ready")
    essentials_need_no_scrolling(page)
    assert page.page.evaluate(NAMELESS) == []
    before = big_picture(page)
    page.play.click()
    page.beyond(20)
    page.in_state("Training")
    until_picture_differs(page, before)

    page.pause.click()
    expect(page.play).to_be_visible()
    page.in_state("Paused")
    at = page.iteration
    page.page.get_by_role("button", name="Step", exact=False).first.click()
    page.at(at + 1)


def test_digits_are_one_click_away(new_page: OpenPage) -> None:
    page = new_page(1440, 900).open()
    page.choose("Preset", "Handwritten digits, DCGAN", says="data:digits")
    expect(page.lab.locator(".board.images")).to_be_visible()
    page.frames(1)
    essentials_need_no_scrolling(page)
    before = big_picture(page)
    page.play.click()
    page.beyond(0)
    until_picture_differs(page, before)


def test_samples_on_a_line_need_no_scrolling_either(new_page: OpenPage) -> None:
    essentials_need_no_scrolling(new_page(1440, 900).open("?x=data:mixture_1d"))


def test_who_presses_train_at_once_sees_it_train(new_page: OpenPage) -> None:
    for _ in range(2):  # the press overtakes the live view's scripts, or does not
        page = new_page()
        page.page.goto(page.server.address + "/" + SMALL)
        page.play.click()
        page.beyond(0)
        page.in_state("Training")
        page.page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()
        page.in_state("Stopped")


def test_steps_by_key_and_by_button(new_page: OpenPage) -> None:
    page = new_page().open(SMALL)
    page.page.keyboard.press("ArrowRight")
    page.at(1)
    page.page.keyboard.press("Space")
    page.beyond(1)
    expect(page.pause).to_be_visible()
    page.page.keyboard.press("Space")
    expect(page.play).to_be_visible()
    page.in_state("Paused")
    at = page.iteration
    page.page.keyboard.press("ArrowRight")
    page.at(at + 1)

    # A key is the control's that has the focus.
    layer = page.lab.get_by_role("button", name="Gradients", exact=True)
    layer.focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("Space")
    expect(layer).to_have_attribute("aria-pressed", "true")
    layer.evaluate("button => button.blur()")
    page.page.keyboard.press("ArrowRight")
    page.at(at + 2)  # so that the keys before have had their time: they neither stepped nor trained
    page.in_state("Paused")

    # One update of each network.
    page.page.get_by_role("button", name="D step").click()
    page.at(at + 3)
    page.page.get_by_role("button", name="G step").click()
    page.at(at + 4)
    page.page.get_by_role("button", name="Reset").click()
    page.at(0)
    page.in_state("Ready")


def test_a_setting_changes_while_it_trains_or_says_why_not_and_a_reload_finds_the_run_again(new_page: OpenPage) -> None:
    page = new_page().open(SMALL)
    page.type("G learning rate", "quick")
    sentence = page.page.get_by_role("alert").filter(has_text="must be a number from")
    expect(sentence).to_be_visible()
    expect(page.page.get_by_role("combobox", name="G learning rate").first).to_have_value("0.001")

    run = page.run_id
    page.play.click()
    page.beyond(0)
    page.type("G learning rate", "0.00037")
    page.address_says("lr_g:0.00037")
    assert page.run_id == run
    page.beyond(page.iteration)
    page.in_state("Training")

    at = page.iteration
    page.page.reload()
    expect(page.pause).to_be_visible()
    page.frames(1)
    assert page.run_id == run
    assert page.iteration >= at
    page.beyond(page.iteration)


def test_two_tabs_on_one_run(new_page: OpenPage) -> None:
    one = new_page().open(SMALL)
    other = new_page().open(f"?run={one.run_id}")
    one.play.click()
    one.beyond(0)
    other.beyond(0)
    expect(other.pause).to_be_visible()
    other.pause.click()
    one.in_state("Paused")
    expect(one.play).to_be_visible()
    other.at(one.iteration)


def test_a_small_laptop_shows_the_plane_whole_and_enlarges_it_to_the_window(new_page: OpenPage) -> None:
    page = new_page(1280, 720).open(SMALL)
    canvas = page.lab.locator(".card.big canvas")
    page.until(lambda: (box := canvas.bounding_box()) is not None and box["y"] + box["height"] <= 720)
    page.lab.locator(".card.big").hover()
    page.lab.get_by_role("button", name="Enlarge Points in the plane").click()
    page.until(lambda: (box := canvas.bounding_box()) is not None and box["width"] > 1200 and box["height"] > 560)


def test_a_phone_has_the_pages_one_tap_away_and_a_finger_on_a_chart_scrolls(new_page: OpenPage) -> None:
    page = new_page(390, 844).open(SMALL)
    losses = page.lab.locator(".card.losses canvas")
    assert losses.get_attribute("data-points") is None, "drawn though it is out of sight"
    losses.scroll_into_view_if_needed()
    page.until(lambda: losses.get_attribute("data-points") is not None)
    assert losses.evaluate(LEFT_TO_THE_PAGE)
    main = page.page.get_by_test_id("stMain")
    main.get_by_role("link", name="Compare").click()
    expect(page.page.locator(".compare")).to_be_visible()


def test_a_run_that_fails_says_so_by_itself(new_page: OpenPage) -> None:
    page = new_page().open(WILD)
    page.play.click()
    message = page.page.get_by_role("alert").filter(has_text="iteration")
    expect(message).to_contain_text("Try")
    expect(page.play).to_be_disabled()
    page.page.get_by_role("button", name="Reset").click()
    expect(message).to_have_count(0)
    expect(page.play).to_be_enabled()


def test_back_to_the_previous_run(new_page: OpenPage) -> None:
    page = new_page().open(SMALL)
    run = page.run_id
    page.page.keyboard.press("ArrowRight")
    page.at(1)
    page.choose("Loss", "Hinge", says="loss:hinge")
    assert page.run_id == run, "the loss may change while it trains"
    page.choose("Preset", "Two moons", says="data:moons")
    assert page.run_id != run
    page.page.get_by_role("button", name="Back to the previous run").click()
    page.address_says(f"run={run}")
    page.at(1)


def test_a_link_opens_the_same_experiment(new_page: OpenPage) -> None:
    page = new_page().open("?x=data:grid,loss:hinge,lr_g:0.0003")
    expect(page.page.get_by_role("combobox", name="Real data").first).to_have_value("Grid of 25 Gaussians")
    expect(page.page.get_by_role("combobox", name="G learning rate").first).to_have_value("0.0003")
    page.page.get_by_role("button", name="Share", exact=True).click()
    expect(page.page.get_by_text("x=data:grid,lr_g:0.0003,loss:hinge")).to_be_visible()


def test_nothing_sticks_out_at_900_pixels(new_page: OpenPage) -> None:
    page = new_page(900, 900, "light").open()
    page.play.click()
    page.beyond(0)
    main = page.page.get_by_test_id("stMain")

    def nothing_sticks_out() -> None:
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
        for name in ("Pause", "Step", "D step", "G step", "Reset", "Defaults", "Stop", "Share"):
            box = main.get_by_role("button", name=name).first.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= 900

    nothing_sticks_out()
    page.page.emulate_media(color_scheme="dark")
    expect(page.lab).to_have_class(re.compile(r"\bdark\b"))
    nothing_sticks_out()


@pytest.mark.parametrize("name", ["latent", "export"])
def test_a_page_is_opened_by_its_address(new_page: OpenPage, name: str) -> None:
    """Without an error in the console, which `new_page` sees to; Streamlit by itself asks below the page first."""
    opened = new_page()
    page = opened.page
    page.goto(f"{opened.server.address}/{name}?x=g_width:8,d_width:8,batch_size:16")
    expect(page.get_by_test_id("stMain").get_by_role("combobox", name="Run")).to_be_visible()
    assert f"/{name}?" in page.url
