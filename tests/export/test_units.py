"""Points of one's own in two units: scaled for training axis by axis, and given back as they were handed in."""

from __future__ import annotations

import subprocess
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

CENTRE, SCALE = (1.72, 72.0), (0.08, 15.0)  # metres and kilogrammes


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainedRun]:
    """A generator of heights and weights, after a few iterations."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANLAB_CACHE", str(tmp_path_factory.mktemp("cache")))
        values = np.random.default_rng(0).normal(CENTRE, SCALE, (300, 2))
        points = chosen(read("height_m,weight_kg\n" + "\n".join(f"{m},{kg}" for m, kg in values)))
        yield trained(data="own_points", own_data=keep(points.values, about(points)))


def expected(taken: TrainedRun, n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs, and what the network gives for them, moved back by hand."""
    units = taken.generator.units
    assert units is not None
    z = taken.generator.latents(n, seed=5)
    return z, taken.generator.network(z) * torch.tensor(units.scale) + torch.tensor(units.centre)


def test_each_axis_is_trained_on_with_standard_deviation_1(people: TrainedRun) -> None:
    dataset = load(people.experiment)
    points = dataset.take(torch.arange(300))  # type: ignore[union-attr]
    np.testing.assert_allclose(points.std(0, correction=0), 1, rtol=1e-4)
    assert dataset.spec.units is not None
    np.testing.assert_allclose(dataset.spec.units.centre, CENTRE, rtol=0.05)
    np.testing.assert_allclose(dataset.spec.units.scale, SCALE, rtol=0.1)
    assert dataset.spec.units.names == ("height_m", "weight_kg")


def test_the_weights_give_metres_and_kilogrammes(people: TrainedRun, tmp_path: Path) -> None:
    export(people, FORMATS["weights"], tmp_path)
    z, samples = expected(people, 50)
    again = load_generator(tmp_path)
    assert again.units == people.generator.units
    torch.testing.assert_close(again(z), samples)
    torch.testing.assert_close(again.sample(50, seed=5), samples)
    assert abs(float(samples[:, 1].mean()) - CENTRE[1]) < 2 * SCALE[1], "kilogrammes"


def test_the_onnx_model_gives_metres_and_kilogrammes(people: TrainedRun, tmp_path: Path) -> None:
    export(people, FORMATS["onnx"], tmp_path)
    z, samples = expected(people, 50)
    session = onnxruntime.InferenceSession(tmp_path / "generator.onnx")
    np.testing.assert_allclose(session.run(None, {"z": z.numpy()})[0], samples, rtol=1e-4)
    said = session.get_modelmeta().custom_metadata_map
    assert said["axes"] == "height_m, weight_kg"


def test_the_program_gives_metres_and_kilogrammes(people: TrainedRun, tmp_path: Path) -> None:
    export(people, FORMATS["pt2"], tmp_path)
    z, samples = expected(people, 50)
    torch.testing.assert_close(torch.export.load(tmp_path / "generator.pt2").module()(z), samples)


def test_the_page_for_a_browser_gives_metres_and_kilogrammes(people: TrainedRun, tmp_path: Path) -> None:
    with tracing():
        graph = graph_of(people.generator)
    z, samples = expected(people, 5)
    torch.testing.assert_close(torch.cat([graph.run(one) for one in z[:, None]]), samples)
    export(people, FORMATS["html"], tmp_path)
    assert '"names": ["height_m", "weight_kg"]' in (tmp_path / "generator.html").read_text(encoding="utf-8")


def test_the_script_saves_metres_and_kilogrammes(people: TrainedRun, tmp_path: Path) -> None:
    export(people, FORMATS["script"], tmp_path)
    subprocess.run([sys.executable, "train.py", "--steps", "3"], cwd=tmp_path, check=True, capture_output=True)
    samples = np.load(tmp_path / "samples.npy")
    assert np.abs((samples.mean(0) - CENTRE) / SCALE).max() < 2


def test_the_card_and_the_picture_name_the_units(people: TrainedRun, tmp_path: Path) -> None:
    export(people, FORMATS["card"], tmp_path)
    told = (tmp_path / "model-card.md").read_text(encoding="utf-8")
    assert (
        "those of the data (height_m, weight_kg); the network itself was trained on scaled numbers: x = (value - (1.7"
        in told
    )
    export(people, FORMATS["svg"], tmp_path)


def test_numbers_far_from_0_are_exported_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANLAB_CACHE", str(tmp_path / "cache"))
    years = np.random.default_rng(0).normal((1e6, 5.0), (1.0, 2.0), (100, 2))
    taken = trained(data="own_points", own_data=keep(years))
    for name in ("weights", "onnx", "html"):
        export(taken, FORMATS[name], tmp_path / name)
