"""A run that collapses and a remedy beside it, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import OpenPage


def test_a_remedy_and_its_untreated_twin_open_beside_the_run_that_stands_still(new_page: OpenPage) -> None:
    page = new_page().open().page
    page.get_by_role("link", name="Collapse").click()
    page.get_by_role("button", name="Make it collapse").first.click()
    columns = page.locator(".collapse .column")
    expect(columns).to_have_count(1)
    expect(columns.first.locator(".tally")).to_contain_text("modes")
    page.wait_for_function("panel => Number(panel.dataset.iteration) > 5", arg=page.locator(".panel").element_handle())

    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()  # a press while it runs can be lost
    page.get_by_role("button", name="R1", exact=True).click()
    expect(columns).to_have_count(3)
    expect(columns.nth(1).locator("h3").first).to_have_text("Untreated twin")
    expect(columns.last.locator("h3").first).to_have_text("R1")
    expect(columns.first.locator(".play")).to_be_hidden()
    expect(page.locator(".story")).to_contain_text("more iterations, 5 pairs: modes")
    expect(page.locator(".pairs .legend").first).to_contain_text("R1")
    expect(page.locator(".differing")).to_contain_text("R1 (gamma)")
    held = columns.first.locator(".panel").get_attribute("data-iteration")
    page.wait_for_function(
        "panel => Number(panel.dataset.iteration) > 100", arg=columns.last.locator(".panel").element_handle()
    )
    assert columns.first.locator(".panel").get_attribute("data-iteration") == held
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(columns.last.get_by_role("button", name="Train this run")).to_be_visible()
