"""What the training step does with each method, against the same written out by hand."""

import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from ganlab.experiment import DEFAULTS, Experiment, knob
from ganlab.experiment.choices import MINIBATCHES
from ganlab.experiment.discriminator import AUGMENTS
from ganlab.experiment.loss import ENERGY_LOSSES
from ganlab.game.augmentation import AUGMENTATIONS
from ganlab.game.losses import LOSSES
from ganlab.game.notes import source
from ganlab.game.penalties import PENALTIES
from ganlab.training.discriminator_input import AugmentationProbability, DiscriminatorInput
from ganlab.training.memory import LECAM_DECAY, Anchors, HistoricalAverage
from ganlab.training.methods import METHODS, in_use
from ganlab.training.optimizers import clip_gradient_
from ganlab.training.trainer import Trainer

SMALL = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}
DIGITS = {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}
LOGIT_LOSSES = [name for name in LOSSES if name not in ENERGY_LOSSES]  # the others go with an autoencoder alone


def drained(trainer: Trainer) -> np.ndarray:
    return np.concatenate(trainer.drain())


# Notes


def test_every_method_has_a_field_a_note_and_its_source() -> None:
    names = {key.split(":")[0] for key in METHODS}
    assert names <= set(Experiment.model_fields)
    assert {f"d_minibatch:{name}" for name in MINIBATCHES} - set(METHODS) == {"d_minibatch:none"}
    assert {f"augment:{name}" for name in AUGMENTS} - set(METHODS) == {"augment:none"}
    for key, note in METHODS.items():
        assert note.label and note.formula and note.reference and note.intuition.endswith("."), key
        assert source(note).count("def ") >= len(note.functions)


def test_no_method_is_in_use_by_default_and_each_is_when_it_is_on() -> None:
    assert in_use(DEFAULTS) == []
    assert in_use(Experiment(augment="always")) == []  # of points it means nothing
    assert in_use(Experiment(data="digits", augment="always")) == [METHODS["augment:always"]]
    assert in_use(Experiment(top_k=0.5, packing=2)) == [METHODS["top_k"], METHODS["packing"]]
    assert in_use(Experiment(spectral_norm=True)) == [PENALTIES["spectral_norm"]]
    assert all(knob(key.split(":")[0]) for key in METHODS)


# Each method in a step


@pytest.mark.parametrize(
    "values",
    [
        {"zero_gp_weight": 1.0},
        {"dragan_weight": 1.0},
        {"lecam_weight": 1.0},
        {"history_weight": 1.0},
        {"consensus_weight": 0.1},
        {"feature_matching": 1.0, "adversarial_weight": 0.0},
        {"cosine_weight": 1.0, "cosine_of": "outputs"},
        {"cosine_weight": 1.0, "cosine_of": "centred"},
        {"cosine_weight": 1.0, "cosine_of": "features"},
        {"top_k": 0.5},
        {"packing": 2},
        {"packing": 4, "batch_size": 4},  # a single pack
        {"unroll_steps": 2},
        {"clip_norm_g": 0.01, "clip_norm_d": 0.01},
        {"clip_value_g": 0.001, "clip_value_d": 0.001},
        {"d_minibatch": "stddev"},
        {"d_minibatch": "discrimination"},
        {"augment": "always", "data": "digits"},
    ],
)
@pytest.mark.parametrize("loss", LOGIT_LOSSES)
def test_every_method_changes_the_steps_and_keeps_them_finite(values: dict, loss: str) -> None:
    base = {**SMALL, "loss": loss, "data": values.get("data", "ring")}
    plain, changed = Trainer(Experiment.of(**base)), Trainer(Experiment.of(**{**base, **values}))
    for _ in range(8):
        plain.step()
        changed.step()
    assert np.isfinite(drained(changed)).all()
    assert not torch.equal(plain.g.theta, changed.g.theta)


@pytest.mark.parametrize(
    "values",
    [
        {"packing": 2, "d_minibatch": "stddev", "r1_weight": 1.0, "lecam_weight": 0.1, "unroll_steps": 1},
        {"packing": 3, "d_minibatch": "discrimination", "gp_weight": 1.0, "feature_matching": 1.0, "batch_size": 30},
        {"augment": "adaptive", "packing": 2, "consensus_weight": 0.01, "d_norm": "batch", "r1_weight": 1.0},
        {"augment": "always", "cosine_weight": 1.0, "spectral_norm": True, "unroll_steps": 2, "top_k": 0.3},
    ],
)
def test_methods_work_together_on_images(values: dict) -> None:
    trainer = Trainer(Experiment.of(**{**SMALL, **DIGITS, **values}))
    for _ in range(4):
        trainer.step()
    trainer.step_d()
    trainer.step_g()
    assert np.isfinite(drained(trainer)[:4]).all()


def test_consensus_is_the_simultaneous_step_down_both_regularised_losses() -> None:
    """Plain gradient descent, so that a step is the gradient; that of the regulariser by central differences."""
    e = Experiment.of(
        data="ring", g_width=3, d_width=3, g_depth=1, d_depth=1, latent_dim=2, batch_size=8, g_activation="tanh",
        d_activation="tanh", optimizer_g="sgd", optimizer_d="sgd", lr_g=0.1, lr_d=0.2, consensus_weight=0.7,
    )  # fmt: skip
    ours = Trainer(e)
    G, D = copy.deepcopy(ours.generator).double(), copy.deepcopy(ours.discriminator).double()
    twin = copy.deepcopy(ours)
    real, z = twin._real().double(), twin._latents().double()
    weights = [*G.parameters(), *D.parameters()]
    of_g = len(list(G.parameters()))

    def gradients() -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        fake = G(z)
        loss_g = -F.logsigmoid(D(fake)).mean()
        loss_d = -F.logsigmoid(D(real)).mean() - F.logsigmoid(-D(fake)).mean()
        return (
            list(torch.autograd.grad(loss_g, list(G.parameters()), retain_graph=True)),
            list(torch.autograd.grad(loss_d, list(D.parameters()))),
        )

    def unrest() -> float:
        return sum(float(part.square().sum()) for parts in gradients() for part in parts) / 2

    by_g, by_d = gradients()
    expected = []
    for i, (weight, own) in enumerate(zip(weights, [*by_g, *by_d], strict=True)):
        pull = torch.zeros_like(weight)
        for index in np.ndindex(*weight.shape):
            unrests = []
            for move in (1e-6, -2e-6):
                weight.data[index] += move
                unrests.append(unrest())
            weight.data[index] += 1e-6
            up, down = unrests
            pull[index] = (up - down) / 2e-6
        expected.append(weight.detach() - (0.1 if i < of_g else 0.2) * (own + 0.7 * pull))
    ours.step()
    for mine, theirs in zip([*ours.generator.parameters(), *ours.discriminator.parameters()], expected, strict=True):
        torch.testing.assert_close(mine.detach().double(), theirs, rtol=1e-4, atol=1e-6)


def test_feature_matching_alone_is_gs_whole_objective() -> None:
    e = Experiment.of(**SMALL, feature_matching=2.0, adversarial_weight=0.0, optimizer_g="sgd", lr_g=0.1)
    trainer = Trainer(e)
    twin = copy.deepcopy(trainer)
    trainer.step_g()
    G, D = twin.generator, twin.discriminator
    real, fake = twin._real(), G(twin._latents())
    hidden = torch.nn.Sequential(*list(D)[:-2])
    gap = hidden(fake).mean(0) - hidden(real).mean(0)
    slopes = torch.autograd.grad(2.0 * gap.square().sum(), list(G.parameters()))
    for now, before, slope in zip(trainer.generator.parameters(), G.parameters(), slopes, strict=True):
        torch.testing.assert_close(now, before - 0.1 * slope)


def test_what_g_adds_to_its_loss_is_not_in_the_curve_of_the_game() -> None:
    plain, changed = (Trainer(Experiment.of(**SMALL, cosine_weight=weight)) for weight in (0.0, 5.0))
    plain.step(), changed.step()
    assert drained(plain)[0, 5] == drained(changed)[0, 5]
    assert not torch.equal(plain.g.theta, changed.g.theta)


def test_packs_are_what_d_sees_and_its_penalties_too() -> None:
    trainer = Trainer(Experiment.of(**SMALL, packing=4, r1_weight=1.0))
    assert trainer.discriminator[0].in_features == 8
    seen = trainer.seen(trainer._real(), trainer.experiment, 0)
    assert seen.shape == (8, 8)
    trainer.step()


# Clipping


@pytest.mark.parametrize(
    ("max_norm", "max_value", "expected"),
    [(1, 0, (0.6, -0.8)), (10, 0, (3, -4)), (0, 3.5, (3, -3.5)), (1, 0.7, (0.6, -0.7))],
)
def test_clipping_a_gradient(max_norm: float, max_value: float, expected: tuple[float, float]) -> None:
    gradient = torch.tensor([3.0, -4.0])
    clip_gradient_(gradient, gradient.norm(), max_norm, max_value)
    torch.testing.assert_close(gradient, torch.tensor(expected, dtype=torch.float32))


def test_a_gradient_of_zero_survives_clipping() -> None:
    gradient = torch.zeros(3)
    clip_gradient_(gradient, gradient.norm(), 1.0, 0.0)
    assert not gradient.any()


def test_clipping_shortens_the_step_and_the_record_shows_the_norm_before() -> None:
    values = {**SMALL, "optimizer_g": "sgd", "optimizer_d": "sgd", "lr_g": 1.0, "lr_d": 1.0}
    plain = Trainer(Experiment.of(**values))
    clipped = Trainer(Experiment.of(**values, clip_norm_g=1e-3, clip_norm_d=1e-2))
    before = clipped.g.theta.clone(), clipped.d.theta.clone()
    plain.step_d(), clipped.step_d()
    plain.step_g(), clipped.step_g()
    assert (clipped.g.theta - before[0]).norm().item() == pytest.approx(1e-3, rel=1e-3)
    assert (clipped.d.theta - before[1]).norm().item() == pytest.approx(1e-2, rel=1e-3)
    assert drained(plain)[0, 4] == drained(clipped)[0, 4] > 1e-2


# Memory


def test_lecams_anchors_are_a_mean_at_first_and_then_a_moving_average() -> None:
    anchors = Anchors(torch.device("cpu"))
    seen = np.random.default_rng(0).standard_normal((300, 2)).astype(np.float32)
    expected = np.zeros(2)
    for t, (real, fake) in enumerate(seen, start=1):
        averages = anchors.follow(torch.tensor([real, real]), torch.tensor([fake]))
        expected += max(1 / t, 1 - LECAM_DECAY) * (np.array([real, fake]) - expected)
        if t == 50:
            np.testing.assert_allclose(expected, seen[:50].mean(0), atol=1e-6)
    np.testing.assert_allclose([float(x) for x in averages], expected, atol=1e-5)


def test_the_historical_average_is_the_mean_of_all_weights_so_far() -> None:
    average, path = HistoricalAverage(), torch.randn(40, 7, generator=torch.Generator().manual_seed(0))
    for theta in path:
        mean = average.follow(theta)
    torch.testing.assert_close(mean, path.mean(0))


def test_historical_averaging_holds_both_players_back() -> None:
    free, held = (Trainer(Experiment.of(**SMALL, history_weight=weight)) for weight in (0.0, 10.0))
    starts = {role: getattr(free, role).theta.clone() for role in ("g", "d")}
    for _ in range(100):
        free.step()
        held.step()
    for role, start in starts.items():
        assert (getattr(held, role).theta - start).norm() < 0.5 * (getattr(free, role).theta - start).norm()
    assert drained(held)[50:, 1].min() > 0  # the penalty's curve shows D's share


# Adaptive augmentation


def adapted(signs: list[float], **values: object) -> list[float]:
    """The probability after each verdict: all real samples on this side of undecided."""
    e = Experiment.of(data="digits", augment="adaptive", **values)
    probability = AugmentationProbability(torch.device("cpu"))
    path = []
    for sign in signs:
        probability.adapt(e, LOSSES[e.loss], torch.full((5,), 0.5 + sign), torch.full((5,), 0.5))
        path.append(float(probability.value))
    return path


@pytest.mark.parametrize("loss", ["least_squares", "wasserstein", "relativistic"])
def test_the_probability_follows_the_sign_of_ds_verdict_after_every_fourth_update(loss: str) -> None:
    up = adapted([1.0] * 8, loss=loss, augment_steps=100)
    assert up == pytest.approx([0, 0, 0, 0.04, 0.04, 0.04, 0.04, 0.08])
    there_and_back = adapted([1.0] * 8 + [-1.0] * 12, loss=loss, augment_steps=100)
    assert there_and_back[-1] == 0.0
    assert there_and_back[11] == pytest.approx(0.04)
    assert max(adapted([1.0] * 40, loss=loss, augment_steps=10)) == 1.0


def test_the_target_is_the_mean_sign_over_four_updates() -> None:
    verdicts = [1.0, 1.0, 1.0, -1.0]  # 0.5 on average
    assert adapted(verdicts, augment_target=0.4, loss="hinge", augment_steps=8)[-1] == pytest.approx(0.5)
    assert adapted(verdicts, augment_target=0.6, loss="least_squares", augment_steps=8)[-1] == 0.0


def test_an_image_is_as_it_was_while_the_probability_is_zero() -> None:
    chance = {name: torch.Generator().manual_seed(0) for name in ("noise", "augmentation")}
    x = torch.randn(6, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    seen = DiscriminatorInput(chance, torch.device("cpu"))
    adaptive = Experiment.of(data="digits", augment="adaptive")
    assert torch.equal(seen(x, adaptive, 0), x)
    seen.probability.state["p"].fill_(1.0)
    assert not torch.equal(seen(x, adaptive, 0), x)
    none = dict.fromkeys(AUGMENTATIONS, False)
    assert torch.equal(seen(x, Experiment.of(data="digits", augment="always", **none), 0), x)
    assert torch.equal(seen(x[:, 0, 0, :2], Experiment.of(augment="always"), 0), x[:, 0, 0, :2])  # points stay points
