"""What was taken home comes back as a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from ganlab.experiment import Experiment, ExperimentError
from ganlab.export.reopening import reopened
from ganlab.export.weights import write_weights
from ganlab.runs import Lab
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import FORMAT, save, state_of
from tests.export.conftest import TINY, trained
from tests.patience import PATIENCE


def test_exported_weights_open_as_a_run_that_makes_the_same_samples_and_trains_on(tmp_path: Path) -> None:
    taken = trained(3, ema_decay=0.9)
    write_weights(taken, tmp_path)
    z = taken.generator.latents(8)
    with Lab() as lab:
        run = lab.go_on_from(*reopened(tmp_path / "generator.safetensors"))
        assert torch.equal(run.ask(lambda trainer: trainer.shown(z).detach()).result(PATIENCE), taken.generator(z))
        run.step()
        assert run.ask(lambda trainer: trainer.iteration).result(PATIENCE) == 1


def test_a_checkpoint_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    trainer = build_trainer(Experiment.of(**TINY))
    trainer.step()
    save(trainer, tmp_path / "checkpoint.safetensors")
    trainer.step()
    with Lab() as lab:
        run = lab.go_on_from(*reopened(tmp_path / "checkpoint.safetensors"))
        run.step()
        theta = run.ask(lambda trainer: trainer.g.theta.clone()).result(PATIENCE)
        assert (run.iteration, len(run.history)) == (2, 2)
    assert torch.equal(theta, trainer.g.theta)


def test_other_files_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_text("nothing")
    with pytest.raises(ExperimentError, match="can't be read"):
        reopened(tmp_path / "a.safetensors")
    save_file({"w": torch.zeros(1)}, tmp_path / "b.safetensors")
    with pytest.raises(ExperimentError, match="GanLab did not write"):
        reopened(tmp_path / "b.safetensors")


@pytest.mark.parametrize(
    "changes",
    [
        {"iteration": 10**12},
        {"iteration": -1},
        {"iteration": "soon"},
        {"iteration": float("inf")},
        {"iteration": None},
        {"experiment": 3},
        {"experiment": None},
    ],
)
def test_a_checkpoint_with_broken_notes_is_refused_in_a_sentence(changes: dict[str, Any], tmp_path: Path) -> None:
    tensors, plain = state_of(build_trainer(Experiment.of(**TINY)))
    save_file(tensors, tmp_path / "c.safetensors", {"format": FORMAT, "state": json.dumps(plain | changes)})
    with pytest.raises(ExperimentError, match="damaged"):
        reopened(tmp_path / "c.safetensors")


@pytest.mark.parametrize("notes", [{}, {"state": "{"}, {"state": "[]"}, {"state": "[" * 100_000}])
def test_a_checkpoint_without_notes_is_refused_in_a_sentence(notes: dict[str, str], tmp_path: Path) -> None:
    save_file({"w": torch.zeros(1)}, tmp_path / "c.safetensors", {"format": FORMAT, **notes})
    with pytest.raises(ExperimentError, match="damaged"):
        reopened(tmp_path / "c.safetensors")


@pytest.mark.parametrize("shape", [(3,), None])
def test_a_checkpoint_without_its_weights_is_refused_in_a_sentence(shape: tuple[int] | None, tmp_path: Path) -> None:
    tensors, plain = state_of(build_trainer(Experiment.of(**TINY)))
    name = next(name for name in tensors if name.startswith("generator."))
    tensors = {key: value for key, value in tensors.items() if key != name}
    tensors |= {} if shape is None else {name: torch.zeros(shape)}
    save_file(tensors, tmp_path / "c.safetensors", {"format": FORMAT, "state": json.dumps(plain)})
    with pytest.raises(ExperimentError, match="damaged"):
        reopened(tmp_path / "c.safetensors")
