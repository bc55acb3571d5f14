"""Weights and tables go home whole, and come back the same."""

from __future__ import annotations

import csv
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from pyarrow import parquet

from ganlab.experiment import Experiment, ExperimentError
from ganlab.export.files import CannotExport, staged
from ganlab.export.formats import FORMATS, export
from ganlab.export.generator import load_generator
from ganlab.export.trained_run import TrainedRun, trained_run
from ganlab.export.weights import snippet
from ganlab.runs import Run
from ganlab.training.history import SCALARS
from tests.export.conftest import DIGITS, TINY, trained


def test_the_snippet_that_is_shown_makes_the_same_samples(
    digits: TrainedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(digits, FORMATS["weights"], tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, torch.Tensor] = {}
    exec(lines := snippet(digits.generator.shape, images=True), names)
    assert torch.equal(names["samples"], digits.generator.sample(64))
    assert len(lines.splitlines()) == 3
    assert Experiment.from_json((tmp_path / "experiment.json").read_text()) == digits.experiment


@pytest.mark.parametrize(
    "values",
    [
        {"mistake": "output_batch_norm", **DIGITS},
        {**DIGITS, "generator": "stylegan", "g_depth": 1},
        {"data": "mixture_1d", "latent_distribution": "uniform"},
    ],
    ids=["a network that a mistake rebuilt", "stylegan", "one dimension"],
)
def test_whatever_the_network_its_weights_come_back(values: dict[str, object], tmp_path: Path) -> None:
    taken = trained(1, **values)
    assert "to the last bit" in export(taken, FORMATS["weights"], tmp_path).check
    assert load_generator(tmp_path).shape == taken.generator.shape


def test_what_is_exported_is_the_average_in_eval_mode_and_a_copy() -> None:
    run = Run(Experiment.of(**TINY, **DIGITS, g_norm="batch", ema_decay=0.9, max_steps=3))
    run.play()
    run.obey()
    run.turn(10)
    asked = run.ask(lambda trainer: trainer.shown.state_dict()["0.weight"].clone())
    run.obey()
    while_training = asked.result()
    found: list[TrainedRun] = []
    thread = threading.Thread(target=lambda: found.append(trained_run(run.record().result())))
    thread.start()
    while thread.is_alive():
        run.obey()
    taken = found[0]
    assert not taken.generator.network.training
    assert torch.equal(taken.generator.network.state_dict()["0.weight"], while_training)
    assert taken.iteration == len(taken.history) == 3
    before = taken.generator.sample(4)
    run.step()
    run.obey()
    assert torch.equal(taken.generator.sample(4), before)


def test_both_tables_hold_every_scalar(ring: TrainedRun, tmp_path: Path) -> None:
    for name in ("csv", "parquet"):
        export(ring, FORMATS[name], tmp_path)
    with (tmp_path / "history.csv").open() as file:
        lines = list(csv.DictReader(file))
    table = parquet.read_table(tmp_path / "history.parquet")
    for column, name in enumerate(SCALARS):
        assert np.array_equal(np.float32([line[name] for line in lines]), ring.history[:, column])
        assert np.array_equal(table[name].to_numpy(), ring.history[:, column])
    assert Experiment.from_json(table.schema.metadata[b"experiment"]) == ring.experiment


def test_an_untrained_run_has_an_empty_table(tmp_path: Path) -> None:
    untrained = trained(0)
    assert "0 iterations" in export(untrained, FORMATS["csv"], tmp_path).check
    assert "0 iterations" in export(untrained, FORMATS["parquet"], tmp_path).check


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with staged(tmp_path) as stage:
            (stage / "half").write_text("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_is_a_file_is_refused_in_a_sentence(ring: TrainedRun, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(CannotExport, match="choose another folder"):
        export(ring, FORMATS["csv"], tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_other_files_are_no_weights(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="can't be read as weights"):
        load_generator(tmp_path)
