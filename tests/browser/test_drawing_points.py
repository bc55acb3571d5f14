"""Points drawn by hand in a real browser, and trained on."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import OpenPage

SMALL = "?x=g_width:16,d_width:16,batch_size:32"


def test_draw_points_undo_and_train_on_them(new_page: OpenPage) -> None:
    page = new_page().open(SMALL)
    before = page.run_id
    page.page.get_by_role("button", name="Your own data").click()
    page.page.get_by_role("tab", name="Draw").click()
    drawing = page.page.locator(".draw")
    told = drawing.get_by_role("status")
    expect(told).to_contain_text("Draw here")
    canvas = drawing.locator("canvas")
    box = canvas.bounding_box()
    assert box is not None

    def stroke(radius: float) -> None:
        for i in range(33):
            angle = 2 * math.pi * i / 32
            place = (0.5 + radius * math.cos(angle)) * box["width"], (0.5 + radius * math.sin(angle)) * box["height"]
            page.page.mouse.move(box["x"] + place[0], box["y"] + place[1])
            if i == 0:
                page.page.mouse.down()
        page.page.mouse.up()

    stroke(0.3)
    expect(told).to_have_text(re.compile(r"^\d+ points$"))
    many = int((told.text_content() or "").split()[0])
    assert many > 100
    expect(page.page.get_by_text(f"{many} points drawn.")).to_be_visible()
    stroke(0.1)
    expect(told).not_to_have_text(f"{many} points")
    drawing.get_by_role("button", name="Undo").click()
    expect(page.page.get_by_text(f"{many} points drawn.")).to_be_visible()
    page.page.get_by_role("button", name="Use these points").click()
    expect(page.page.get_by_role("dialog")).to_be_hidden()
    page.address_says("data:own_points")
    assert page.run_id != before
    expect(page.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.play.click()
    page.beyond(5)
    page.in_state("Training")
    page.page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()


def test_closing_the_dialog_changes_nothing(new_page: OpenPage) -> None:
    page = new_page().open(SMALL)
    before = page.run_id
    page.choose("Real data", "Your own points")
    expect(page.page.get_by_role("dialog")).to_be_visible()
    page.page.get_by_role("tab", name="Paste numbers").click()
    page.page.get_by_role("textbox", name="Numbers").fill("1, 2\n3, four\n")
    page.page.keyboard.press("Control+Enter")
    expect(page.page.get_by_text('Line 2 reads "3, four", but two numbers')).to_be_visible()
    page.page.keyboard.press("Escape")
    expect(page.page.get_by_role("dialog")).to_be_hidden()
    assert page.run_id == before
    expect(page.page.get_by_role("combobox", name="Real data").first).to_have_value("Ring of 8 Gaussians")
