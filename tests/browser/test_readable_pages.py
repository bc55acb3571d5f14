"""Every page can be read, also by a screen reader: axe finds nothing serious, and no text is below 12 pixels."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from conftest import OpenPage

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const serious = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  const told = ({ target, failureSummary }) => `${target.flat().at(-1)}: ${failureSummary}`;
  return serious.flatMap(({ nodes }) => nodes.map(told));
}"""
SMALL_TEXT = """(smallest) => {
  const small = [];
  const says = ({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim().replace("\\u200b", "");
  const visit = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) visit(node.shadowRoot);
      const { width, height } = node.getBoundingClientRect();
      const shown = width > 1 && height > 1 && [...node.childNodes].some(says);
      const size = parseFloat(getComputedStyle(node).fontSize) * (node.currentCSSZoom ?? 1);
      if (shown && size < smallest) small.push(node.outerHTML);
    }
  };
  visit(document);
  return small;
}"""


def legible(page: Page) -> list[Any]:
    """What can't be read well on the page as it is now."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [*page.evaluate(SERIOUS), *page.evaluate(SMALL_TEXT, 12)]


@pytest.mark.skipif(not AXE.exists(), reason="Needs axe-core: run npm ci.")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read(new_page: OpenPage, scheme: Literal["light", "dark"]) -> None:
    opened = new_page(scheme=scheme).open()
    page = opened.page
    assert legible(page) == []
    for name in ("Model", "Collapse", "Compare", "Sweep", "Latent", "Export"):
        turn_to(page, name)
        assert legible(page) == [], name
    for node, shown in (("d", page.locator(".inside canvas").first), ("loss_d", page.locator("code .keyword").first)):
        page.goto(f"{opened.server.address}/model?node={node}")
        expect(shown).to_be_visible()
        assert legible(page) == [], node


def turn_to(page: Page, name: str) -> None:
    page.get_by_test_id("stHeader").get_by_role("link", name=name).click()
    expect(page.get_by_test_id("stMain").get_by_role("button").nth(1)).to_be_visible()  # the first is every page's
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_function("!document.querySelector('[data-stale=true]')")


def test_a_lecture_sees_large_letters_on_every_page_and_no_settings(new_page: OpenPage) -> None:
    opened = new_page(1280, 720).open("?present=1")
    page, sidebar = opened.page, opened.page.get_by_test_id("stSidebar")
    expect(sidebar).to_be_hidden()
    plane = opened.lab.get_by_role("group", name="Points in the plane")
    expect(plane).to_be_in_viewport(ratio=1)
    plane.hover()
    expect(plane.locator(".where")).to_have_text(re.compile(r"^x −?0\.\d+, y −?0\.\d+: D = "))  # its middle, about
    for name in ("Model", "Collapse", "Compare", "Export", "Train"):
        assert page.evaluate(SMALL_TEXT, 14) == []
        turn_to(page, name)
        expect(sidebar).to_be_hidden()
    opened.frames(1)
    page.keyboard.press("Escape")
    expect(sidebar).to_be_visible()
    page.get_by_role("button", name="Present", exact=True).click()
    opened.address_says("present=1")
    page.get_by_role("button", name="Leave the presentation").click()
    expect(sidebar).to_be_visible()
    assert "present" not in page.url
