"""The strip of moments that is kept of a few latents: when one is kept, which are left out, and what survives."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ganlab.experiment import Experiment
from ganlab.runs.engine import Engine
from ganlab.runs.keeping import checkpoint_file
from ganlab.views import film
from ganlab.views.film import LATENTS, MOST, MOST_BYTES, Still, encoded, thinned

DIGITS = {
    "data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4,
    "batch_size": 600, "latent_dim": 4,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "APART_SECONDS", 0.0)


def trained(passes: int, **values: object) -> Engine:
    engine = Engine(Experiment.of(**{**DIGITS, **values}))
    engine.settle()
    while engine.trainer.sampler.passes < passes:
        engine.trainer.step()
        engine.settle()
    return engine


def shown(still: Still) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(still.picture)).convert("L")).reshape(-1, 8, 8, 1)


def test_a_moment_is_kept_before_training_and_after_each_pass() -> None:
    engine = trained(3)
    stills = engine.probes.film.stills
    assert [still.passes for still in stills] == [0, 1, 2, 3]
    assert stills[0].iteration == 0
    samples = engine.probes.samples()[:LATENTS]
    assert np.array_equal(shown(stills[-1]), samples), "the newest is what the first latents are now"
    assert not np.array_equal(shown(stills[0]), samples)


def test_passes_shorter_than_a_second_are_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "APART_SECONDS", 1000.0)
    assert [still.passes for still in trained(2).probes.film.stills] == [0]


def test_classes_have_a_row_each() -> None:
    engine = trained(1, condition="concat")
    view = engine.probes.answer(["progress"])["progress"]
    assert view["labels"] == tuple("012345")
    wall = engine.probes.answer(["samples"])["samples"]
    first_of_each = wall["pixels"].reshape(wall["rows"], wall["columns"], 8, 8, 1)[:LATENTS, 0]
    assert np.array_equal(shown(engine.probes.film.stills[-1]), first_of_each)


def test_few_classes_have_no_more_rows_than_there_are() -> None:
    shapes = {"data": "shapes", "image_size": 8, "generator": "dense", "discriminator": "cnn", "g_width": 16}
    engine = Engine(Experiment.of(**shapes, condition="concat", d_channels=4, d_width=16))
    engine.settle()
    view = engine.probes.film.view()
    width, height = Image.open(io.BytesIO(engine.probes.film.stills[0].picture)).size
    assert (width, height) == (8, 8 * view["rows"])
    assert view["rows"] == len(view["labels"]) == 5


@given(st.lists(st.integers(1, 50), max_size=120))
def test_at_most_sixteen_moments_are_kept_with_the_first_and_the_newest(steps: list[int]) -> None:
    kept: tuple[Still, ...] = ()
    for passes in np.cumsum([0, *steps]).tolist():
        kept = thinned((*kept, Still(passes, passes, b"")))
        assert len(kept) <= MOST
        assert kept[0].passes == 0
        assert kept[-1].passes == passes
    assert len(kept) == min(MOST, 1 + len(steps))


def test_moments_are_spread_over_all_of_training() -> None:
    kept: tuple[Still, ...] = ()
    for passes in range(200):
        kept = thinned((*kept, Still(passes, passes, b"")))
    gaps = np.diff([still.passes for still in kept])
    assert gaps.max() <= 3 * 200 / MOST


@pytest.mark.parametrize(("side", "channels"), [(8, 3), (28, 1), (32, 3), (64, 3), (100, 3)])
def test_a_moment_is_light_even_as_noise(side: int, channels: int) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (LATENTS, side, side, channels), dtype=np.uint8)
    picture = encoded(noise)
    assert len(picture) <= 2 * MOST_BYTES
    width, height = Image.open(io.BytesIO(picture)).size
    assert height == LATENTS * width


def test_it_is_stored_with_the_run_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    engine = trained(2)
    checkpoint_file.write(engine.checkpoint(), tmp_path / "run.safetensors", {})
    again = Engine(engine.trainer.experiment)
    again.take_back(checkpoint_file.read(tmp_path / "run.safetensors", engine.history.rows()))
    assert again.probes.film.stills == engine.probes.film.stills
    while again.trainer.sampler.passes < 3:
        again.trainer.step()
        again.settle()
    assert [still.passes for still in again.probes.film.stills] == [0, 1, 2, 3]


def test_a_fork_with_another_seed_has_other_latents_and_passes_and_so_a_strip_of_its_own() -> None:
    engine = trained(2)
    fork = Engine(engine.trainer.experiment.changed(seed=5))
    fork.go_on_from(engine.checkpoint())
    fork.settle()
    assert [still.passes for still in fork.probes.film.stills] == [0]
    assert np.array_equal(shown(fork.probes.film.stills[0]), fork.probes.samples()[:LATENTS])
