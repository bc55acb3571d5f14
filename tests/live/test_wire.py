"""Real snapshots on the wire: within their budgets, and still the same picture."""

import io
from concurrent.futures import Future

import numpy as np
import pytest
from PIL import Image

from ganlab.experiment import Experiment
from ganlab.live.frames import Quantised, encode
from ganlab.live.wire import jpeg, lighten
from ganlab.metrics import features
from ganlab.runs import Run
from ganlab.runs.engine import Engine
from ganlab.runs.sweeps.wall import SweepEngine
from ganlab.training.history import SCALARS
from ganlab.views import VIEWS, film, quality
from tests.live.decoding import decode

KB = 1000
# The interpolation and the nearest images have one place with the progress; classes and the diagram are on other pages.
ON_A_PAGE = set(VIEWS) - {"interpolation", "neighbours", "classes", "model", "feature_maps", "layers"}
ON_THE_MODEL_PAGE = {"model", "samples", "histograms", "feature_maps", "layers", "layers.d", "commentary"}


@pytest.fixture(autouse=True)
def _no_classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits here for the classifiers of these images, which would be trained while the next tests run."""
    monkeypatch.setattr(features, "classifier_soon", lambda dataset: None)
    monkeypatch.setattr(quality, "in_training", lambda dataset: Future())


def snapshot(experiment: Experiment, *views: str) -> dict:
    """Of a run with a long history, with these views."""
    engine = Engine(experiment)
    engine.history.append(np.random.default_rng(0).standard_normal((5000, len(SCALARS))).astype(np.float32))
    return Run(experiment)._facts(engine, engine.probes.answer(views))


def test_a_frame_of_points_fits_40_kb() -> None:
    shown = snapshot(Experiment(), "losses", "scores", "plane")
    assert len(encode(lighten(shown))) <= 40 * KB
    everything = snapshot(Experiment(), *VIEWS)
    assert len(encode(lighten(everything))) <= 45 * KB


@pytest.mark.parametrize("size", [8, 16, 28, 32, 64, 100])
def test_a_frame_of_images_fits_60_kb_even_as_noise(size: int) -> None:
    experiment = Experiment.of(
        data="shapes", image_size=size, generator="dense", discriminator="cnn", g_width=16, d_channels=4, d_width=16
    )
    shown, shown_there = (snapshot(experiment, *views) for views in (ON_A_PAGE, ON_THE_MODEL_PAGE))
    noise = np.random.default_rng(0).integers(0, 256, shown["views"]["samples"]["pixels"].shape, dtype=np.uint8)
    shown["views"]["samples"]["pixels"] = noise
    shown["views"]["progress"]["stills"] = [
        {"passes": i, "iteration": i, "picture": noise.reshape(-1)[: film.MOST_BYTES]} for i in range(film.MOST)
    ]
    assert len(encode(lighten(shown))) <= 60 * KB
    of_the_game = {name: shown["views"].get(name, view) for name, view in shown_there["views"].items()}
    assert len(encode(lighten({**shown, "views": of_the_game}))) <= 60 * KB


def test_a_mosaic_has_its_images_in_rows() -> None:
    images = np.repeat(np.arange(6, dtype=np.uint8) * 40, 32 * 32 * 3).reshape(6, 32, 32, 3)
    picture = np.asarray(Image.open(io.BytesIO(jpeg(images, 2, 3, 20_000))))
    assert picture.shape == (64, 96, 3)
    assert [int(picture[y, x, 0]) for y in (16, 48) for x in (16, 48, 80)] == pytest.approx(
        [0, 40, 80, 120, 160, 200], abs=3
    )


def test_small_images_and_numbers_that_are_read_stay_exact() -> None:
    digits = snapshot(Experiment.of(data="digits", generator="dcgan", discriminator="dcgan"), "samples", "losses")
    light = lighten(digits)["views"]
    assert np.array_equal(light["samples"]["pixels"], digits["views"]["samples"]["pixels"])
    assert light["losses"]["d"] is digits["views"]["losses"]["d"]
    assert isinstance(light["losses"]["d_lo"], Quantised)


def test_a_wall_of_images_is_sent_whole() -> None:
    base = Experiment.of(data="digits", g_width=8, d_width=8, batch_size=16)
    wall = SweepEngine([base.changed(seed=i) for i in range(25)]).view()
    frame = encode(lighten({"views": {"wall": wall}}))
    assert np.array_equal(decode(frame)["views"]["wall"]["pixels"], wall["pixels"])
    assert len(frame) <= 20 * KB
