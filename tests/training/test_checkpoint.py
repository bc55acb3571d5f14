"""A run that was saved and resumed goes on to the same bits as one that never stopped."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from ganlab.experiment import Experiment, ExperimentError
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import load_trainer, save, state_of
from ganlab.training.trainer import Trainer
from tests.training.kinds import KINDS, SMALL


@pytest.mark.parametrize("values", KINDS)
def test_resumes_to_the_same_bits(values: dict, tmp_path: Path) -> None:
    experiment = Experiment.of(**{**SMALL, **values})
    unbroken = build_trainer(experiment)
    for _ in range(7):
        unbroken.step()
    resumed = load_trainer(save(unbroken, tmp_path / "run.safetensors"))
    assert resumed.iteration == 7
    for trainer in (unbroken, resumed):
        for _ in range(7):
            trainer.step()
    assert torch.equal(resumed.g.theta, unbroken.g.theta)
    assert torch.equal(resumed.d.theta, unbroken.d.theta)
    mine, theirs = state_of(resumed)[0], state_of(unbroken)[0]
    assert mine.keys() == theirs.keys()
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)
    assert [path.name for path in tmp_path.iterdir()] == ["run.safetensors"]


def test_a_changed_run_resumes_with_its_changes(tmp_path: Path) -> None:
    trainer = Trainer(Experiment.of(**SMALL))
    trainer.change(lr_g=0.05, loss="hinge")
    resumed = load_trainer(save(trainer, tmp_path / "run.safetensors"))
    assert resumed.optimizer_g.param_groups[0]["lr"] == 0.05
    assert resumed.loss.name == "hinge"


def test_files_that_are_no_checkpoints_are_refused_in_a_sentence(tmp_path: Path) -> None:
    broken, foreign = tmp_path / "broken.safetensors", tmp_path / "foreign.safetensors"
    broken.write_bytes(b"not safetensors")
    save_file({"weight": torch.zeros(2)}, foreign)
    with pytest.raises(ExperimentError, match=r"broken.safetensors can't be read as a checkpoint"):
        load_trainer(broken)
    with pytest.raises(ExperimentError, match=r"foreign.safetensors holds weights, but is not a checkpoint"):
        load_trainer(foreign)
    with pytest.raises(ExperimentError, match=r"missing.safetensors can't be read"):
        load_trainer(tmp_path / "missing.safetensors")
