"""Points of one's own in two units: scaled for training axis by axis, and given back as they were handed in.

One axis lies a million of its spreads away from 0, where a float has only a tenth of a metre left.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from ganlab.data import load
from ganlab.data.own_points import about, chosen, keep
from ganlab.data.tables import read
from ganlab.export.formats import FORMATS, export
from ganlab.export.generator import load_generator
from ganlab.export.page.graph import graph_of
from ganlab.export.program import tracing
from ganlab.export.trained_run import TrainedRun
from tests.export.conftest import trained

CENTRE, SCALE = (1e6, 72.0), (1.0, 15.0)  # metres and kilogrammes


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainedRun]:
    """A generator of places and weights, after a few iterations."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANLAB_CACHE", str(tmp_path_factory.mktemp("cache")))
        values = np.random.default_rng(0).normal(CENTRE, SCALE, (300, 2))
        points = chosen(read("place_m,weight_kg\n" + "\n".join(f"{m},{kg}" for m, kg in values)))
        yield trained(data="own_points", own_data=keep(points.values, about(points)))


def expected(taken: TrainedRun, n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs, and what the network gives for them, moved back by hand."""
    units = taken.generator.units
    assert units is not None
    z = taken.generator.latents(n, seed=5)
    return z, taken.generator.network(z) * torch.tensor(units.scale) + torch.tensor(units.centre)


def in_spreads(values: object) -> np.ndarray:
    """Values in the data's units as distances from the data's centre, in spreads of each axis."""
    return (np.asarray(values, np.float64) - CENTRE) / SCALE


def test_each_axis_is_trained_on_with_standard_deviation_1(people: TrainedRun) -> None:
    dataset = load(people.experiment)
    points = dataset.take(torch.arange(300))  # type: ignore[union-attr]
    np.testing.assert_allclose(points.std(0, correction=0), 1, rtol=1e-4)
    assert dataset.spec.units is not None
    np.testing.assert_allclose(in_spreads(dataset.spec.units.centre), 0, atol=0.2)
    np.testing.assert_allclose(dataset.spec.units.scale, SCALE, rtol=0.1)
    assert dataset.spec.units.names == ("place_m", "weight_kg")


def test_the_weights_give_metres_and_kilogrammes(people: TrainedRun, tmp_path: Path) -> None:
    export(people, FORMATS["weights"], tmp_path)
    z, samples = expected(people, 50)
    again = load_generator(tmp_path)
    assert again.units == people.generator.units
    assert torch.equal(again(z), samples)
    assert torch.equal(again.sample(50, seed=5), samples)
    assert np.abs(in_spreads(samples).mean(0)).max() < 2


@pytest.mark.usefixtures("in_this_process")
def test_the_onnx_model_gives_metres_and_kilogrammes(people: TrainedRun, tmp_path: Path) -> None:
    export(people, FORMATS["onnx"], tmp_path)
    z, samples = expected(people, 50)
    session = onnxruntime.InferenceSession(tmp_path / "generator.onnx")
    np.testing.assert_allclose(in_spreads(session.run(None, {"z": z.numpy()})[0]), in_spreads(samples), atol=0.1)
    said = session.get_modelmeta().custom_metadata_map
    assert said["axes"] == "place_m, weight_kg"


@pytest.mark.usefixtures("in_this_process")
def test_the_program_gives_metres_and_kilogrammes(people: TrainedRun, tmp_path: Path) -> None:
    assert f"written by torch {torch.__version__}" in export(people, FORMATS["pt2"], tmp_path).check
    program = torch.export.load(tmp_path / "generator.pt2").module()
    for n in (1, 7):
        z, samples = expected(people, n)
        torch.testing.assert_close(program(z), samples, rtol=1e-7, atol=0.001)


@pytest.mark.usefixtures("in_this_process")
def test_the_page_for_a_browser_gives_metres_and_kilogrammes(people: TrainedRun, tmp_path: Path) -> None:
    with tracing():
        graph = graph_of(people.generator)
    z, samples = expected(people, 5)
    torch.testing.assert_close(torch.cat([graph.run(one) for one in z[:, None]]), samples, rtol=1e-7, atol=0.001)
    export(people, FORMATS["html"], tmp_path)
    assert '"names": ["place_m", "weight_kg"]' in (tmp_path / "generator.html").read_text(encoding="utf-8")


def test_the_script_saves_metres_and_kilogrammes(
    people: TrainedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(people, FORMATS["script"], tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["train.py", "--steps", "3"])
    runpy.run_path("train.py", run_name="__main__")
    assert np.abs(in_spreads(np.load("samples.npy")).mean(0)).max() < 2


def test_the_card_and_the_picture_name_the_units(people: TrainedRun, tmp_path: Path) -> None:
    export(people, FORMATS["card"], tmp_path)
    told = (tmp_path / "model-card.md").read_text(encoding="utf-8")
    assert (
        "those of the data (place_m, weight_kg); the network itself was trained on scaled numbers: x = (value - (1e+06"
        in told
    )
    export(people, FORMATS["svg"], tmp_path)
