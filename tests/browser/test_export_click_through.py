"""From the train page to a file on the disk and back, in a real browser."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from ganlab.export.generator import load_generator
from tests.browser.conftest import TrainPage


def test_weights_are_exported_while_training_goes_on_and_open_as_a_run_again(
    new_page: Callable[[], TrainPage], tmp_path: Path
) -> None:
    train = new_page().open("?x=g_width:8,d_width:8,batch_size:16")
    train.play.click()
    expect(train.pause).to_be_visible()
    page = train.page
    page.get_by_role("link", name="Export").click()
    page.get_by_role("button", name="Export", exact=True).first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    download.value.save_as(tmp_path / "weights.zip")
    zipfile.ZipFile(tmp_path / "weights.zip").extractall(tmp_path)
    assert load_generator(tmp_path).sample(3).shape == (3, 2)
    assert json.loads((tmp_path / "experiment.json").read_text())["g_width"] == 8

    page.get_by_text("Open exported weights again").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "generator.safetensors")
    page.get_by_role("button", name="Open as a new run").click()
    expect(page.get_by_text("It is now the run on the Train page")).to_be_visible()
