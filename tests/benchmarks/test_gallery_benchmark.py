"""The gallery's pictures: of every kind of preset one is made, small enough, and only where there is none yet."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import gallery
from benchmarks.gallery import GENERATED, MOST_BYTES, REAL, SIDE, cloud, is_made, make, on_canvas, pace, path
from ganlab.presets import PRESETS


@pytest.mark.parametrize("name", ["ring-vae", "mixture-1d", "dirac-r1", "digits-infogan", "published-wgan-gp-images"])
def test_every_kind_of_preset_has_a_picture(name: str, tmp_path: Path) -> None:
    made = make(name, cpu_seconds=0.01, folder=tmp_path)
    file = tmp_path / f"{name}.webp"
    assert made["iterations"] >= 1
    assert file.stat().st_size <= MOST_BYTES
    assert Image.open(file).size == (SIDE, SIDE)
    colours = np.array(Image.open(file).convert("RGBA"))
    assert np.ptp(colours[..., :3][colours[..., 3] > 200], axis=0).max() > 5, "it is not one plain area"


def test_points_lie_where_the_axes_say_and_what_lies_outside_or_is_not_finite_is_left_out() -> None:
    points = np.array([[0, 0], [2, 2], [3, 0], [np.nan, 0]], np.float32)
    middle = SIDE * gallery.FINE / 2
    assert on_canvas(points, extent=2.0).tolist() == [[middle, middle], [2 * middle, 0]]
    drawn = cloud(points[:1], 2.0, GENERATED)
    assert drawn.getpixel((int(middle), int(middle))) == (*GENERATED, 255)
    assert drawn.getpixel((int(middle) + 20, int(middle))) == (*GENERATED, 0)


def test_a_path_ends_at_its_last_state_and_the_equilibrium_is_the_middle() -> None:
    drawn = path(np.array([[1.0, -1.0], [0.8, 0.8]]))
    at = round(SIDE * (0.8 / gallery.EDGE + 1) / 2)
    assert drawn.getpixel((at, SIDE - at))[:3] == GENERATED
    assert drawn.getpixel((SIDE // 2, SIDE // 2))[:3] == REAL


def test_a_picture_is_made_again_for_other_settings_or_more_time_and_not_after_its_own_end() -> None:
    e = PRESETS["dirac-r1"].experiment
    entry = {"settings": e.differences(), "iterations": 200, "cpu_s": 5.0}
    assert is_made(entry, e, 5.0)
    assert not is_made(entry, e, 6.0)
    assert is_made(entry | {"iterations": e.max_steps}, e, 6.0)
    assert not is_made(entry, e.changed(lr_g=0.1), 5.0)
    assert not is_made({}, e, 5.0)


def test_the_pace_is_the_measured_one_of_the_same_settings() -> None:
    made = {"settings": {"data": "grid"}, "iterations": 100, "cpu_s": 1.0}
    measured = {"settings": {"data": "grid"}, "seeds": [{"failed": "x"}, {"iterations": 500, "cpu_s": 10.0}]}
    assert pace(made, measured) == 20.0
    assert pace(made, measured | {"settings": {}}) == 10.0
    assert pace(made, {}) == 10.0


def test_the_pictures_that_come_with_the_app_are_small_and_of_presets() -> None:
    told = json.loads(gallery.INDEX.read_text())
    files = {file.stem: file.stat().st_size for file in gallery.FOLDER.glob("*.webp")}
    assert files.keys() == told.keys() <= PRESETS.keys()
    assert max(files.values()) <= MOST_BYTES and sum(files.values()) < 400_000
