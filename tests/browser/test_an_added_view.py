"""The view that docs/adding/view.md adds has a card on the Train page, and draws."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.adding.growing import grow
from tests.serving import Server, serving

if TYPE_CHECKING:
    from conftest import OpenPage


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """In place of the package's own: the copy that has grown."""
    folder = tmp_path_factory.mktemp("grown")
    grow("view.md", folder)
    with serving(folder / "log.txt", first=f"import sys; sys.path.insert(0, {str(folder)!r})") as running:
        yield running


def test_its_card_stands_among_the_others_and_follows_the_run(new_page: OpenPage) -> None:
    opened = new_page().open("?x=g_width:8,d_width:8,batch_size:16")
    card = opened.lab.get_by_role("group", name="Spread")
    expect(card).to_be_visible()
    drawing = card.get_by_role("img")
    opened.play.click()
    opened.beyond(20)
    expect(drawing.locator("canvas")).to_have_attribute("data-points", re.compile(r"^[1-9]\d*$"))
    expect(card.locator(".legend")).to_contain_text(re.compile(r"spread\s*\d"))
