"""The wall of a sweep in a real browser: its members fill in, and one is opened as a run."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import OpenPage

DRAWN = """canvas => canvas.width > 0 &&
  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0)"""


def test_a_wall_trains_and_a_member_is_opened(new_page: OpenPage) -> None:
    opened = new_page().open("?x=g_width:8,d_width:8,batch_size:16,latent_dim:2")
    page = opened.page
    page.get_by_role("link", name="Sweep").click()
    wall = page.locator(".wall")
    members = wall.locator(".member")
    expect(wall).to_contain_class("planned")
    expect(members).to_have_count(25)
    expect(members.nth(7)).to_be_disabled()
    page.get_by_role("button", name="Train the wall").click()
    expect(wall).not_to_contain_class("planned")
    expect(members).to_have_count(25)
    page.wait_for_function("wall => Number(wall.dataset.iteration) > 20", arg=wall.element_handle())
    page.wait_for_function(DRAWN, arg=members.nth(24).locator("canvas").element_handle())
    expect(wall.locator(".best")).to_contain_text("Nearest to the data")
    expect(wall.locator(".member.nearest").first).to_be_visible()
    wall.get_by_role("combobox", name="Measure").select_option("Modes captured")
    expect(members.nth(7).locator("b")).to_contain_text("of 8")
    wall.get_by_role("combobox", name="Measure").select_option("D's loss")
    expect(members.nth(7).locator("b")).not_to_contain_text("of 8")
    members.nth(7).hover()
    expect(wall.locator(".pointed")).to_contain_text("G learning rate 0.0003, D learning rate 0.001.")
    expect(wall.locator(".pointed")).to_contain_text("Modes captured")

    page.get_by_role("button", name="Pause").click()
    expect(wall.locator(".state")).to_have_text("Paused")
    reached = int(wall.get_attribute("data-iteration") or 0)
    with page.expect_download() as download:
        wall.get_by_role("button", name="Download the table (CSV)").click()
    rows = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert len(rows) == 25
    assert (float(rows[7]["lr_g"]), float(rows[7]["lr_d"])) == (0.0003, 0.001)
    assert 0 <= float(rows[7]["modes"]) <= 8
    members.nth(7).click()
    opened.address_says("lr_g:0.0003")
    opened.in_state("Paused")
    opened.frames(1)
    assert opened.iteration >= reached
    page.get_by_role("button", name="Back to the wall").click()
    expect(members).to_have_count(25)
    expect(wall.locator(".state")).to_have_text("Paused")
    members.nth(7).click()
    opened.address_says("lr_g:0.0003")
    opened.in_state("Paused")
    opened.frames(1)
    opened.play.click()
    opened.beyond(reached)
