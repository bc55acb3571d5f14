"""A run that was saved and resumed goes on to the same bits as one that never stopped."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from ganlab.experiment import Experiment, ExperimentError
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import load_trainer, save, state_of
from ganlab.training.trainer import Trainer

SMALL = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}
DIGITS = {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"optimizer_g": "momentum", "optimizer_d": "rmsprop", "gp_weight": 1.0, "schedule_g": "cosine"},
        {"optimizer_g": "sgd", "spectral_norm": True, "instance_noise": 0.2, "ema_decay": 0.9, "g_norm": "batch"},
        DIGITS | {"batch_size": 500, "d_norm": "batch", "ema_decay": 0.9},  # 500 of 1797: resumes within a pass
        DIGITS | {"augment": "adaptive", "augment_steps": 20, "augment_target": 0.0, "d_minibatch": "stddev"},
        DIGITS | {"generator": "stylegan", "discriminator": "cnn", "dropout": 0.3, "ema_decay": 0.9, "n_critic": 2},
        DIGITS | {"generator": "resnet", "discriminator": "resnet", "self_attention": True, "spectral_norm": True},
        DIGITS | {"generator": "r3gan", "discriminator": "r3gan", "loss": "relativistic", "r1_weight": 0.1},
        {"lecam_weight": 0.1, "history_weight": 0.1, "d_minibatch": "discrimination", "packing": 2, "unroll_steps": 2},
        {"consensus_weight": 0.1, "history_weight": 0.1, "lecam_weight": 0.1, "dragan_weight": 1.0},
        {"discriminator": "autoencoder", "loss": "began", "began_rate": 0.1, "began_gamma": 0.9},
        {"model": "vae", "ema_decay": 0.9, "clip_norm_d": 1.0, "schedule_g": "linear"},
        DIGITS | {"model": "vae", "discriminator": "cnn", "g_norm": "batch"},
    ],
)
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
