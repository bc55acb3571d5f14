"""Every page can be read: axe finds no text with too little contrast, and none is smaller than 12 pixels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from conftest import OpenPage

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CONTRAST = """async () => {
  const found = await axe.run(document, { runOnly: ["color-contrast"], resultTypes: ["violations"] });
  const told = ({ target, any }) => `${target.flat().at(-1)}: ${any[0].message}`;
  return found.violations.flatMap(({ nodes }) => nodes.map(told));
}"""
SMALL_TEXT = """() => {
  const small = [];
  const says = ({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim().replace("\\u200b", "");
  const visit = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) visit(node.shadowRoot);
      const { width, height } = node.getBoundingClientRect();
      const shown = width > 1 && height > 1 && [...node.childNodes].some(says);
      if (shown && parseFloat(getComputedStyle(node).fontSize) < 12) small.push(node.outerHTML);
    }
  };
  visit(document);
  return small;
}"""


def legible(page: Page) -> list[Any]:
    """What can't be read well on the page as it is now."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [*page.evaluate(CONTRAST), *page.evaluate(SMALL_TEXT)]


@pytest.mark.skipif(not AXE.exists(), reason="Needs axe-core: run npm ci.")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read(new_page: OpenPage, scheme: Literal["light", "dark"]) -> None:
    opened = new_page(scheme=scheme).open()
    page = opened.page
    assert legible(page) == []
    for name in ("Model", "Collapse", "Compare", "Sweep", "Latent", "Export"):
        page.get_by_test_id("stHeader").get_by_role("link", name=name).click()
        expect(page.get_by_test_id("stMain").get_by_role("button").first).to_be_visible()
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
        page.wait_for_function("!document.querySelector('[data-stale=true]')")
        assert legible(page) == [], name
