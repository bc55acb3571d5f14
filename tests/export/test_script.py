"""The exported script stands alone and trains as the app did: the same bits for the first hundred iterations."""

from __future__ import annotations

import csv
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.experiment.choices import MISTAKES
from ganlab.export.files import CannotExport
from ganlab.export.script.script import script, write_script
from ganlab.export.trained_run import TrainedRun, trained_run
from ganlab.presets import PRESETS
from ganlab.runs import Run
from ganlab.runs.record import untrained
from ganlab.runs.state import MOVED, Intervention
from tests.export.conftest import DIGITS, TINY, intervened, trained, with_record

STEPS = 100
ALONE = """\
import runpy, sys
sys.modules["ganlab"] = None  # importing it fails, installed or not
sys.argv = ["train.py", "--steps", "2"]
runpy.run_path("train.py", run_name="__main__")"""
IMAGES = {**DIGITS, "g_norm": "batch", "init": "dcgan"}
CASES: dict[str, dict[str, Any]] = {
    "ring, average, clipping": {"ema_decay": 0.99, "label_smoothing": 0.1, "clip_norm_g": 0.5, "clip_value_d": 0.1},
    "WGAN-GP on moons": {
        "data": "moons", "loss": "wasserstein", "gp_weight": 0.1, "n_critic": 3, "weight_decay_d": 1e-3,
    },
    "digits, DCGAN, packs and noise": {
        **IMAGES, "ema_decay": 0.99, "r1_weight": 0.5, "packing": 2, "instance_noise": 0.1, "instance_noise_steps": 50,
    },
    "own file, relativistic, augmented": {
        "data": "shapes", "image_size": 16, "generator": "stylegan", "g_depth": 1, "g_channels": 2,
        "discriminator": "cnn", "d_channels": 2, "batch_size": 8, "loss": "relativistic", "augment": "always",
        "r2_weight": 0.5, "optimizer_d": "rmsprop", "style_mixing": 0.5,
    },
    "a class as the input, features, two updates of D": {
        "condition": "concat", "feature_matching": 0.5, "adversarial_weight": 0.5, "r1_weight": 0.5, "n_critic": 2,
    },
    "MNIST's digits, a class as the input": {**IMAGES, "data": "mnist_10k", "condition": "concat", "d_norm": "batch"},
    "AC-GAN of digits, noise": {
        **IMAGES, "condition": "auxiliary", "cosine_weight": 0.1, "instance_noise": 0.1, "gp_weight": 0.1,
    },
    "projection, InfoGAN, spectral norm": {
        "data": "mixture_1d", "condition": "projection", "spectral_norm": True, "info_categories": 3,
        "info_continuous": 2, "info_weight": 0.5, "loss": "hinge", "r2_weight": 0.1, "clip_norm_d": 1.0,
    },
    "InfoGAN with dials alone": {"info_continuous": 2, "latent_distribution": "uniform", "top_k": 0.5},
    "EBGAN": {
        "loss": "energy", "energy_margin": 0.5, "discriminator": "autoencoder", "d_code": 2, "feature_matching": 0.1,
    },
    "BEGAN of packed digits": {
        "data": "digits", "loss": "began", "began_rate": 0.1, "discriminator": "conv_autoencoder", "packing": 2,
    },
    "VAE, average, clipping, schedule": {
        "model": "vae", "kl_weight": 2.0, "ema_decay": 0.9, "clip_norm_g": 0.5, "clip_norm_d": 0.5,
        "schedule_d": "linear", "schedule_steps_d": 150, "discriminator": "cnn", "d_channels": 2, "data": "digits",
    },
    "the Dirac game": {
        "data": "dirac", "generator": "point", "discriminator": "linear", "latent_dim": 1, "r1_weight": 0.2,
    },
    "spectral norm, features, schedules": {
        "data": "mixture_1d", "loss": "hinge", "spectral_norm": True, "feature_matching": 0.5, "cosine_weight": 0.5,
        "top_k": 0.75, "schedule_g": "cosine", "schedule_d": "exponential", "schedule_steps_g": 150,
        "d_minibatch": "discrimination", "weight_clip": 0.5, "optimizer_g": "momentum",
    },
    "unrolled, relativistic, smoothed": {
        "unroll_steps": 3, "d_norm": "batch", "instance_noise": 0.1, "history_weight": 0.02, "label_smoothing": 0.1,
    },
    "consensus": {
        "consensus_weight": 2.0, "r1_weight": 0.1, "lecam_weight": 0.1, "history_weight": 0.1, "ema_decay": 0.9,
        "loss": "relativistic", "instance_noise": 0.1, "clip_norm_g": 0.5, "n_critic": 2,
    },
    "stacked digits, adaptive augmentation": {
        **IMAGES, "data": "stacked_digits", "augment": "adaptive", "augment_steps": 100, "augment_target": 0.1,
    },
    "DRAGAN, minimax": {"loss": "minimax", "dragan_weight": 0.5},
    "StyleGAN": {
        "data": "digits", "generator": "stylegan", "discriminator": "cnn", "g_channels": 4, "d_channels": 4,
    },
    "zero-centred GP, symmetric, minibatch stddev": {
        "loss": "symmetric", "zero_gp_weight": 0.5, "d_minibatch": "stddev",
    },
    "bfloat16, AC-GAN of digits, average": {
        **IMAGES, "precision": "bf16", "condition": "auxiliary", "ema_decay": 0.9, "gp_weight": 0.1, "d_norm": "layer",
    },
    "bfloat16, unrolled": {"precision": "bf16", "unroll_steps": 2, "d_minibatch": "stddev", "n_critic": 2},
    "bfloat16, VAE": {"precision": "bf16", "model": "vae", "data": "digits", "discriminator": "cnn", "d_channels": 2},
    "bfloat16, a mistake": {
        "precision": "bf16", "data": "digits", "mistake": "dense_as_given", "g_activation": "leaky_relu",
    },
}  # fmt: skip

CHANGED: dict[str, tuple[dict[str, Any], list[Intervention]]] = {
    "loss, weights and rates": (
        {"schedule_g": "cosine", "schedule_steps_g": 150, "clip_norm_d": 1.0},
        [
            Intervention(0, "change", {"lr_d": 2e-3}),
            Intervention(10, "change", {"lr_g": 3e-3, "lr_d": 5e-4, "gp_weight": 1.0}),
            Intervention(30, "change", {"gp_weight": 2.0, "clip_norm_d": 0.5}),
            Intervention(30, "change", {"loss": "relativistic"}),
            Intervention(45, "change", {"n_critic": 2, "beta1_d": 0.8, "instance_noise": 0.1, "feature_matching": 0.5}),
            Intervention(60, "change", {"gp_weight": 0.0, "loss": "least_squares", "label_smoothing": 0.1}),
        ],
    ),
    "VAE": (
        {"model": "vae"},
        [
            Intervention(10, "change", {"kl_weight": 4.0, "lr_d": 3e-3}), Intervention(20, "step_d"),
            Intervention(21, "step_g"), Intervention(40, "change", {"decoder_std": 0.2}),
        ],
    ),
    "methods that remember": (
        {"lecam_weight": 0.3},
        [
            Intervention(15, "change", {"consensus_weight": 1.0, "history_weight": 0.1}),
            Intervention(30, "step_d"), Intervention(31, "step_g"),
            Intervention(40, "change", {"consensus_weight": 0.0, "lecam_weight": 0.0, "unroll_steps": 1}),
            Intervention(50, "change", {"lecam_weight": 0.5, "history_weight": 0.2, "unroll_steps": 3}),
        ],
    ),
    "half steps": (
        {"ema_decay": 0.9},
        [
            Intervention(0, "step_d"), Intervention(1, "step_d"), Intervention(20, "change", {"lr_d": 1e-4}),
            Intervention(20, "step_g"), Intervention(21, "change", {"lr_g": 1e-4}),
        ],
    ),
    "rates under a mistake": (
        {"mistake": "not_detached"},
        [
            Intervention(10, "change", {"lr_g": 3e-3, "beta1_d": 0.8}), Intervention(20, "step_d"),
            Intervention(21, "step_g"), Intervention(40, "change", {"weight_decay_d": 1e-3}),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("values", CASES.values(), ids=list(CASES))
def test_the_script_has_the_losses_of_the_app(
    values: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_losses(trained(STEPS, **values), tmp_path, monkeypatch)


@pytest.mark.parametrize("changed", CHANGED.values(), ids=list(CHANGED))
def test_the_script_is_changed_as_the_run_was(
    changed: tuple[dict[str, Any], list[Intervention]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, interventions = changed
    check_losses(intervened(STEPS, interventions, **values), tmp_path, monkeypatch)


@pytest.mark.parametrize("mistake", [name for name in MISTAKES if name != "none"])
def test_the_script_makes_the_mistake_of_the_run(mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"data": "digits", "g_activation": "leaky_relu", "d_norm": "batch", "gp_weight": 0.1, "n_critic": 2}
    check_losses(trained(5, **values, mistake=mistake), tmp_path, monkeypatch)


def test_a_mistake_in_a_loss_goes_with_every_method(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = [Intervention(10, "change", {"feature_matching": 0.5}), Intervention(20, "change", {"gp_weight": 0.1})]
    check_losses(intervened(40, changes, mistake="ones_for_both", top_k=0.5), tmp_path, monkeypatch)
    check_losses(trained(10, mistake="wrong_sign", unroll_steps=2), tmp_path, monkeypatch)


def test_a_vae_makes_no_mistake_and_neither_does_its_script() -> None:
    taken = trained(0, model="vae")
    broken = taken.experiment.changed(mistake="wrong_sign")
    assert script(with_record(taken, initial_experiment=broken, experiment=broken)) == script(taken)


def test_consensus_copes_with_gradients_that_lie_otherwise_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = trained(5, data="digits", generator="r3gan", g_channels=2, consensus_weight=1.0)
    check_losses(taken, tmp_path, monkeypatch)


def test_the_script_stands_alone(ring: TrainedRun, tmp_path: Path) -> None:
    write_script(ring, tmp_path)
    done = subprocess.run([sys.executable, "-I", "-c", ALONE], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "generator.pt").is_file()


def test_a_mistake_is_not_left_out_of_methods_that_were_changed_on_the_way() -> None:
    changed = (Intervention(2, "change", {"feature_matching": 0.5}),)
    with pytest.raises(CannotExport, match="feature_matching changed on the way: forgetting to detach"):
        script(with_record(trained(0, mistake="not_detached"), interventions=changed))


def test_the_script_goes_on_for_as_long_as_the_run_did(ring: TrainedRun) -> None:
    begun, to_go_on = (ring.experiment.changed(max_steps=steps) for steps in (2, 5))
    later = with_record(ring, initial_experiment=begun, experiment=to_go_on)
    assert "\nSTEPS = 5\n" in script(later)
    assert "\nSTEPS = 7\n" in script(with_record(later, iteration=7))


def test_only_of_a_run_on_the_cpu_it_promises_the_same_losses(ring: TrainedRun) -> None:
    assert "Its losses are those of the run" in script(ring)
    moved = with_record(ring, interventions=(Intervention(2, MOVED),))
    for elsewhere in (script(replace(ring, device="cuda")), script(moved)):
        assert "Its losses are those of the run" not in elsewhere
        assert "on another device" in elsewhere


def test_the_scripts_of_all_presets_have_every_name_that_they_use(ring: TrainedRun, tmp_path: Path) -> None:
    for name, preset in PRESETS.items():
        generator = replace(ring.generator, experiment=preset.experiment)
        record = untrained(preset.experiment)
        text = script(replace(ring, generator=generator, record=record))
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F82,PLE", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_script_of_a_fork_says_that_it_begins_elsewhere() -> None:
    run = Run(Experiment.of(**TINY))
    run.step()
    forked = run.fork(lr_g=1e-4)
    asked = forked.record()
    forked.obey()
    taken = trained_run(asked.result(timeout=0))
    assert taken.iteration == 1
    assert "because this script starts from untrained networks" in script(taken)
    assert "Goes on from iteration 1" in script(taken)


def check_losses(taken: TrainedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script comes to the losses and to the generator of the run, bit for bit; in this process, which has torch."""
    write_script(taken, tmp_path)
    assert "ganlab" not in (tmp_path / "train.py").read_text()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["train.py", "--steps", str(taken.iteration)])
    runpy.run_path("train.py", run_name="__main__")
    with (tmp_path / "losses.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == taken.iteration
    _, *names = rows[0]
    for name in names:
        theirs = np.array([float(row[name]) for row in rows], np.float32)
        np.testing.assert_array_equal(theirs, taken.history[:, taken.scalars.index(name)], name)
    weights = torch.load(tmp_path / "generator.pt")
    assert all(torch.equal(weights[name], ours) for name, ours in taken.generator.network.state_dict().items())


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"unroll_steps": 2, "feature_matching": 1.0}, "unroll_steps"),
        ({"mistake": "mixed_batches", "d_norm": "batch", "unroll_steps": 2}, "mixed batches"),
        ({"mistake": "two_activations", "consensus_weight": 1.0, "n_critic": 2}, "LeakyReLU"),
    ],
)
def test_what_it_can_not_express_is_named(values: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotExport, match=said):
        script(trained(0, **values))
