"""The exported page, opened from the disk in a real Chromium: its pictures are torch's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from ganlab.export.page.browser_page import write_page
from ganlab.export.trained_run import TrainedRun
from tests.export.conftest import DIGITS, trained

SHAPES = {"data": "shapes", "batch_size": 4, "discriminator": "dcgan", "g_channels": 4, "d_channels": 2}
LEVEL = 2 / 255
PICTURE = "document.getElementById('sample').toDataURL()"


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


def opened(page: Page, taken: TrainedRun, folder: Path) -> list[str]:
    """The page, open; what it complains about and asks the network for, as it goes."""
    write_page(taken, folder)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url))
    page.goto((folder / "generator.html").as_uri())
    heard.remove((folder / "generator.html").as_uri())
    return heard


def difference(page: Page, taken: TrainedRun) -> float:
    """The largest of any number of any sample."""
    z = taken.generator.latents(4, seed=9)
    found = page.evaluate("latents => latents.map(z => Array.from(generate(z)))", z.tolist())
    return float(np.abs(np.array(found) - taken.generator(z).flatten(1).numpy()).max())


@pytest.mark.parametrize(
    "values",
    [
        {"g_norm": "layer", "g_activation": "silu"},
        {**SHAPES, "generator": "dcgan", "g_channels": 64, "latent_dim": 100, "g_activation": "leaky_relu"},
        {**SHAPES, "generator": "resnet", "g_norm": "layer", "self_attention": True},
        {**SHAPES, "generator": "r3gan"},
        {**SHAPES, "generator": "stylegan", "latent_distribution": "uniform"},
    ],
    ids=["points", "dcgan", "resnet with attention", "r3gan", "stylegan"],
)
def test_the_page_makes_what_torch_makes_and_asks_the_network_for_nothing(
    page: Page, tmp_path: Path, values: dict[str, object]
) -> None:
    taken = trained(2, **values)
    heard = opened(page, taken, tmp_path)
    assert difference(page, taken) < LEVEL
    assert (tmp_path / "generator.html").stat().st_size < 4_000_000
    expect(page.locator("#check")).to_contain_text("Checked in this browser")
    assert heard == []


def test_a_class_a_category_and_a_dial_move_the_picture(page: Page, tmp_path: Path) -> None:
    taken = trained(2, **DIGITS, condition="projection", info_categories=3, info_continuous=1)
    assert opened(page, taken, tmp_path) == []
    assert difference(page, taken) < LEVEL
    pictures = [page.evaluate(PICTURE)]
    page.get_by_label("Class").select_option("7")
    pictures.append(page.evaluate(PICTURE))
    page.get_by_label("Category").select_option("2")
    pictures.append(page.evaluate(PICTURE))
    page.get_by_label("c1").press("End")
    pictures.append(page.evaluate(PICTURE))
    assert len(set(pictures)) == 4
    z, expected = page.evaluate("Array.from(z)"), page.evaluate("Array.from(generate(input(z)))")
    asked = torch.tensor([[*z, *[0.0] * 7, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0]])
    assert np.abs(taken.generator(asked).flatten().numpy() - expected).max() < LEVEL


def test_seed_sliders_grid_and_interpolation_move_the_picture(page: Page, tmp_path: Path) -> None:
    opened(page, trained(2, **DIGITS), tmp_path)

    def picture() -> str:
        return str(page.evaluate(PICTURE))

    first = picture()
    page.get_by_label("Seed", exact=True).fill("3")
    page.get_by_label("Seed", exact=True).press("Enter")
    third = picture()
    assert third != first
    page.get_by_role("slider").first.press("End")
    moved = picture()
    assert moved != third
    page.get_by_role("button", name="Seed 3", exact=True).click()
    assert picture() == third, "the same seed gives the same picture"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("was => document.getElementById('sample').toDataURL() !== was", arg=third)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
