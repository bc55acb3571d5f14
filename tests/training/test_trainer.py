"""The algorithm against a loop as any tutorial writes it, and what must never change its numbers."""

import copy
import os
import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F

from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.choices import OPTIMIZERS
from ganlab.latent import draw_latents
from ganlab.training import rng
from ganlab.training.discriminator_input import instance_noise
from ganlab.training.history import SCALARS
from ganlab.training.optimizers import build_optimizer, schedule_factor
from ganlab.training.trainer import Trainer

SMALL = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}


def trained(experiment: Experiment, iterations: int) -> Trainer:
    trainer = Trainer(experiment)
    for _ in range(iterations):
        trainer.step()
    return trainer


def weights(trainer: Trainer) -> torch.Tensor:
    return torch.cat([trainer.g.theta, trainer.d.theta])


@pytest.mark.parametrize("n_critic", [1, 3])
@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_agrees_with_a_tutorials_loop(n_critic: int, gamma: float) -> None:
    """Same weights after ten iterations as zero_grad / backward / step on modules, with R1 written out."""
    experiment = Experiment.of(**SMALL, n_critic=n_critic, r1_weight=gamma)
    ours = Trainer(experiment)
    G, D = copy.deepcopy(ours.generator), copy.deepcopy(ours.discriminator)
    options = {"lr": experiment.lr_g, "betas": (0.5, 0.999)}
    adam_g, adam_d = torch.optim.Adam(G.parameters(), **options), torch.optim.Adam(D.parameters(), **options)
    sampler, latents = copy.deepcopy(ours.sampler), rng.generator(experiment.seed, "latents")

    for _ in range(10):
        for _ in range(n_critic):
            real, fake = sampler.next(32), G(draw_latents(32, experiment, latents))
            adam_d.zero_grad()
            x = real.clone().requires_grad_()
            slope = torch.autograd.grad(D(x).sum(), x, create_graph=True)[0]
            real_loss = F.binary_cross_entropy_with_logits(D(real), torch.ones(32))
            fake_loss = F.binary_cross_entropy_with_logits(D(fake.detach()), torch.zeros(32))
            (real_loss + fake_loss + gamma / 2 * slope.pow(2).sum(1).mean()).backward()
            adam_d.step()
        adam_g.zero_grad()
        F.binary_cross_entropy_with_logits(D(fake), torch.ones(32)).backward()
        adam_g.step()
        ours.step()

    for mine, theirs in ((ours.generator, G), (ours.discriminator, D)):
        for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"loss": "wasserstein", "gp_weight": 10.0, "n_critic": 2, "optimizer_d": "rmsprop"},
        {"loss": "relativistic", "r1_weight": 1.0, "r2_weight": 1.0, "ema_decay": 0.99, "spectral_norm": True},
        {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_norm": "batch", "instance_noise": 0.1},
        {"packing": 2, "dragan_weight": 1.0, "zero_gp_weight": 1.0, "d_minibatch": "stddev", "top_k": 0.5},
        {"lecam_weight": 0.1, "history_weight": 0.1, "unroll_steps": 2, "clip_norm_g": 0.1, "clip_value_d": 0.01},
        {"consensus_weight": 0.1, "history_weight": 0.1, "d_minibatch": "discrimination", "loss": "symmetric"},
        {"data": "digits", "augment": "adaptive", "feature_matching": 1.0, "cosine_weight": 1.0},
    ],
)
def test_same_experiment_same_bits_whatever_else_happens(values: dict) -> None:
    experiment = Experiment.of(**{**SMALL, **values})
    alone = trained(experiment, 12)

    torch.manual_seed(123)
    crowded, other = Trainer(experiment), Trainer(Experiment.of(**SMALL, seed=9))
    for _ in range(12):
        torch.rand(3)
        other.step()
        crowded.step()
    assert torch.equal(weights(alone), weights(crowded))
    assert not torch.equal(weights(alone), weights(trained(experiment.changed(seed=1), 12)))


def test_training_leaves_the_global_source_of_chance_alone() -> None:
    before = torch.get_rng_state()
    trained(Experiment.of(**SMALL, gp_weight=1.0, dragan_weight=1.0, instance_noise=0.1, spectral_norm=True), 3)
    trained(Experiment.of(**SMALL, data="digits", augment="adaptive", d_minibatch="discrimination"), 3)
    assert torch.equal(before, torch.get_rng_state())


def test_half_steps_move_one_player_and_are_marked_in_the_history() -> None:
    trainer = Trainer(Experiment.of(**SMALL))
    g, d = trainer.g.theta.clone(), trainer.d.theta.clone()
    trainer.step_d()
    assert torch.equal(trainer.g.theta, g)
    assert not torch.equal(trainer.d.theta, d)
    d = trainer.d.theta.clone()
    trainer.step_g()
    assert torch.equal(trainer.d.theta, d)
    assert not torch.equal(trainer.g.theta, g)
    rows = torch.from_numpy(trainer.drain()[0])
    assert rows.isnan().tolist() == [[False] * 5 + [True] * 2, [True] * 5 + [False] * 2]
    assert trainer.iteration == 2


def test_drained_scalars_are_all_there_however_rarely_they_are_read() -> None:
    trainer = trained(Experiment.of(**SMALL), 600)
    rows = torch.cat([torch.from_numpy(block) for block in trainer.drain()])
    assert rows.shape == (600, len(SCALARS))
    assert trainer.drain() == []


def test_a_live_change_acts_from_the_next_step_on() -> None:
    plain, changed = trained(Experiment.of(**SMALL), 5), trained(Experiment.of(**SMALL), 5)
    changed.change(lr_g=0.0123, beta1_g=0.9, n_critic=2, loss="hinge", r1_weight=3.0)
    assert torch.equal(weights(plain), weights(changed))
    assert changed.optimizer_g.param_groups[0]["lr"] == 0.0123
    assert changed.optimizer_g.param_groups[0]["betas"] == (0.9, 0.999)
    before = changed.sampler.drawn
    changed.step()
    assert changed.sampler.drawn - before == 2 * 32
    plain.step()
    assert not torch.equal(weights(plain), weights(changed))


@pytest.mark.parametrize(("values", "says"), [({"g_width": 3}, "g_width"), ({"lr_g": -1}, "lr_g"), ({"x": 1}, '"x"')])
def test_a_change_that_cannot_be_is_refused_and_nothing_moves(values: dict, says: str) -> None:
    trainer = Trainer(Experiment.of(**SMALL))
    with pytest.raises(ExperimentError, match=says):
        trainer.change(**values)
    assert trainer.experiment == Experiment.of(**SMALL)


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [("linear", (1, 0.75, 0, 0)), ("cosine", (1, 0.853553, 0, 0)), ("exponential", (1, 10**-0.25, 0.1, 0.01))],
)
def test_schedules(schedule: str, factors: tuple[float, ...]) -> None:
    """The generator's rate after 0, 25, 100 and 200 of 100 iterations; the discriminator's stays."""
    trainer = Trainer(Experiment.of(**SMALL, schedule_g=schedule, schedule_steps_g=100, lr_g=0.01))
    for iteration, factor in zip((0, 25, 100, 200), factors, strict=True):
        trainer.iteration = iteration
        trainer.step()
        assert trainer.optimizer_g.param_groups[0]["lr"] == pytest.approx(0.01 * factor, abs=1e-8)
        assert trainer.optimizer_d.param_groups[0]["lr"] == 1e-3


def test_late_linear_waits_for_the_second_half() -> None:
    e = Experiment.of(schedule_d="late_linear", schedule_steps_d=100)
    assert [schedule_factor(e, "d", iteration) for iteration in (0, 50, 75, 100, 200)] == [1, 1, 0.5, 0, 0]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_weight_decay_adds_a_share_of_each_weight_to_its_gradient(optimizer: str) -> None:
    e = Experiment.of(**SMALL, optimizer_d=optimizer, weight_decay_d=0.3)
    trainer, plain = Trainer(e), Trainer(e.changed(weight_decay_d=0.0))
    theta, gradient = plain.d.theta.clone(), torch.randn(plain.d.theta.shape)
    trainer.d.theta.grad, plain.d.theta.grad = gradient.clone(), gradient + 0.3 * theta
    for each in (trainer, plain):
        each.optimizer_d.step()
    torch.testing.assert_close(trainer.d.theta, plain.d.theta)
    assert not torch.equal(trainer.d.theta, theta)


def test_adam_in_one_call_is_torchs_to_the_bit() -> None:
    e = Experiment.of(**SMALL, weight_decay_g=0.01)
    theta = torch.randn(999)
    theirs = theta.clone()
    ours = build_optimizer(e, "g", theta)
    torchs = torch.optim.Adam([theirs], lr=e.lr_g, betas=(e.beta1_g, e.beta2_g), weight_decay=0.01, fused=True)
    for step in range(20):
        for each in (ours, torchs):
            each.param_groups[0]["lr"] = 0.01 / (1 + step)
        theta.grad = torch.randn(999)
        theirs.grad = theta.grad.clone()
        ours.step()
        torchs.step()
    assert torch.equal(theta, theirs)
    assert all(torch.equal(value, torchs.state[theirs][name]) for name, value in ours.state[theta].items())


def test_instance_noise_fades_and_reaches_d_only() -> None:
    experiment = Experiment.of(**SMALL, instance_noise=0.5, instance_noise_steps=100)
    assert [instance_noise(experiment, iteration) for iteration in (0, 50, 100, 500)] == [0.5, 0.25, 0.0, 0.0]
    trainer, plain = Trainer(experiment), Trainer(Experiment.of(**SMALL))
    x = torch.zeros(2000, 2)
    assert float(trainer._seen(x).std()) == pytest.approx(0.5, rel=0.05)
    assert torch.equal(plain._seen(x), x)
    z = torch.zeros(3, 4)
    assert torch.equal(trainer.generator(z), plain.generator(z))


def test_ema_averages_weights_and_buffers() -> None:
    trainer = Trainer(Experiment.of(**SMALL, ema_decay=0.9, g_norm="batch"))
    assert trainer.shown is trainer.ema
    expected = {name: value.clone() for name, value in trainer.generator.state_dict().items()}
    for t in range(200):
        trainer.step()
        decay = min(0.9, (1 + t) / (10 + t))
        for name, value in trainer.generator.state_dict().items():
            if value.is_floating_point():
                expected[name] = decay * expected[name] + (1 - decay) * value
    for name, value in trainer.shown.state_dict().items():
        if value.is_floating_point():
            torch.testing.assert_close(value, expected[name], rtol=1e-3, atol=1e-5)


def test_weight_clipping_bounds_every_weight_of_d() -> None:
    trainer = trained(Experiment.of(**SMALL, loss="wasserstein", weight_clip=0.05), 3)
    assert trainer.d.theta.abs().max() <= 0.05
    assert trainer.g.theta.abs().max() > 0.05


COUNTS_PAGES = """
import resource
from ganlab.experiment import Experiment
from ganlab.training.trainer import Trainer
trainer = Trainer(Experiment.of(data="shapes", generator="dcgan", discriminator="dcgan", threads=1))
for _ in range(10):
    trainer.step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    trainer.step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' C libraries keep what they like")
def test_steps_on_images_live_on_the_memory_of_those_before() -> None:
    """In a process of its own: without `keep_freed_memory` five steps ask the system for more than 5,000 pages."""
    asked = subprocess.run([sys.executable, "-c", COUNTS_PAGES], capture_output=True, text=True, check=True)
    assert int(asked.stdout) < 2500


def test_a_device_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ExperimentError, match=r'Device \(device\) is "cuda", but this machine has only: .*cpu'):
        Trainer(Experiment.of(device="cuda"))


def test_threads_follow_from_the_experiment() -> None:
    wide = {"data": "shapes", "generator": "dcgan", "discriminator": "dcgan"}
    assert Trainer(Experiment.of(**SMALL)).threads == 1
    assert Trainer(Experiment.of(**wide)).threads == min(os.cpu_count() or 1, 8)
    assert Trainer(Experiment.of(**wide, threads=1)).threads == 1


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
def test_trains_on_the_gpu() -> None:
    trainer = trained(Experiment.of(**SMALL, device="cuda", gp_weight=1.0, instance_noise=0.1, ema_decay=0.9), 20)
    assert trainer.g.theta.device.type == "cuda"
    assert torch.cat([torch.from_numpy(rows) for rows in trainer.drain()]).isfinite().all()
