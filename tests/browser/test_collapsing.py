"""A run that collapses and a remedy beside it, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import OpenPage


def test_a_case_begins_and_a_remedy_opens_a_second_live_column(new_page: OpenPage) -> None:
    page = new_page().open().page
    page.get_by_role("link", name="Collapse").click()
    page.get_by_role("button", name="Make it collapse").first.click()
    columns = page.locator(".collapse .column")
    expect(columns).to_have_count(1)
    expect(columns.first.locator(".tally")).to_contain_text("of 8 modes")
    page.wait_for_function("panel => Number(panel.dataset.iteration) > 5", arg=page.locator(".panel").element_handle())

    page.get_by_role("button", name="R1", exact=True).click()
    expect(columns).to_have_count(2)
    expect(columns.last.locator("h3").first).to_have_text("R1")
    expect(page.locator(".story")).to_contain_text("since the fork at iteration")
    expect(page.locator(".differing")).to_contain_text("R1 (gamma)")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(columns.first.get_by_role("button", name="Train this run")).to_be_visible()
