"""Two runs side by side in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from conftest import OpenPage

# How many points each run's curve has in a chart; those that are hidden are not among them.
LENGTHS = "chart => (chart.dataset.points ?? '').split(' ').filter(Boolean).map(Number)"
FLOOR = re.compile(r"^[\d.]+ / 0\.00\d$")  # a Fréchet distance and what a perfect sampler reads


def until(page: Page, chart: Locator, condition: str) -> None:
    page.wait_for_function(f"chart => ({condition})(({LENGTHS})(chart))", arg=chart.element_handle())


def test_two_runs_train_side_by_side(new_page: OpenPage) -> None:
    page = new_page().open("?x=g_width:8,d_width:8,batch_size:16").page
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("button", name="Add runs").click()
    box = page.get_by_role("combobox", name="Preset")
    box.fill("Two moons, least")
    page.get_by_role("option", name="Two moons, least squares").click()
    panels = page.locator(".compare .panel")
    expect(panels).to_have_count(2)
    expect(page.locator(".differing")).to_contain_text("Real data")
    expect(page.locator(".differing")).not_to_contain_text("Seed")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Train all").click()
    chart = page.locator(".overlay-left canvas")
    until(page, chart, "lengths => lengths.length === 2 && Math.min(...lengths) > 20")
    until(page, chart, "lengths => Math.min(...lengths) > 60")
    expect(page.locator("table.scores tbody tr").last.locator("td").filter(has_text=FLOOR)).to_have_count(1)
    page.get_by_role("combobox", name="Scalar of the right chart").select_option("Fréchet distance")
    until(page, page.locator(".overlay-right canvas"), "lengths => lengths.length === 2")
    page.get_by_role("button", name="Pause all").click()
    for panel in panels.all():
        expect(panel.get_by_role("button", name="Train this run")).to_be_visible()

    page.get_by_role("combobox", name="Scalar of the left chart").select_option("Good samples")
    good = page.locator("table.scores tbody tr").first.locator("td").nth(4).inner_text()
    expect(page.locator(".overlay-left .legend button").first).to_contain_text(good)  # as measured, not smoothed
    page.get_by_role("combobox", name="Scalar of the left chart").select_option("D's loss")

    page.locator(".overlay-left .legend button").first.click()
    until(page, chart, "lengths => lengths.length === 1")
    panels.first.get_by_role("button", name="Train this run").click()
    expect(panels.first.get_by_role("button", name="Pause this run")).to_be_visible()
