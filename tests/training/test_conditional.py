"""Conditional GANs and InfoGAN in training: a class asked for is a class made, and a code given can be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from ganlab import data
from ganlab.data import Sampler
from ganlab.experiment import DEFAULTS, Experiment
from ganlab.experiment.choices import CLASSES, CONDITIONS
from ganlab.experiment.codes import input_dim, parts
from ganlab.latent import draw_latents
from ganlab.networks import parameter_count
from ganlab.networks.conditioning import category_information, dial_information
from ganlab.runs.record import untrained
from ganlab.runs.replay import replay
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import load_trainer, save
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import VIEWS, Probes, ViewSettings

SMALL = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}
DIGITS = {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}
KINDS = [
    {"condition": "concat", "gp_weight": 1.0, "n_critic": 2},
    {"condition": "projection", "spectral_norm": True, "loss": "hinge", "ema_decay": 0.9, "top_k": 0.5},
    {"condition": "auxiliary", "unroll_steps": 1, "feature_matching": 0.1, "info_categories": 3},
    {"info_categories": 3, "info_continuous": 2, "loss": "relativistic", "history_weight": 0.1, "instance_noise": 0.1},
    DIGITS | {"condition": "concat", "info_continuous": 1, "augment": "adaptive", "d_norm": "batch"},
    DIGITS | {"condition": "projection", "generator": "stylegan", "discriminator": "cnn", "d_minibatch": "stddev"},
]


def trained(iterations: int, **values: object) -> Trainer:
    trainer = build_trainer(Experiment.of(**{**SMALL, **values}))
    for _ in range(iterations):
        trainer.step()
    return trainer


def obedience(trainer: Trainer) -> float:
    """The share of generated points that lie nearest the mode that they were asked to lie at."""
    classes = torch.arange(400) % 8
    inputs = draw_latents(400, trainer.experiment, torch.Generator().manual_seed(1), classes)
    with torch.no_grad():
        points = trainer.generator(inputs).double()
    return float((torch.cdist(points, torch.tensor(trainer.spec.centres)).argmin(1) == classes).double().mean())


@pytest.mark.parametrize("condition", [name for name in CONDITIONS if name != "none"])
def test_a_class_asked_for_is_a_class_made(condition: str) -> None:
    values = {"condition": condition, "g_width": 64, "d_width": 64, "batch_size": 128}
    assert obedience(trained(0, **values)) < 0.3
    assert obedience(trained(300, **values)) > 0.9


def test_infogans_bound_rises_until_the_codes_can_be_read_off_the_samples() -> None:
    trainer = trained(0, info_categories=4, info_continuous=1, g_width=64, d_width=64, batch_size=128)
    e = trainer.experiment
    inputs = draw_latents(500, e, torch.Generator().manual_seed(1))
    bounds = []
    for _ in range(2):
        with torch.no_grad():
            logits, means = trainer.discriminator.codes(trainer.discriminator.features(trainer.generator(inputs)))
        asked = parts(inputs, e)
        bounds.append(
            (category_information(logits, asked.category).item(), dial_information(means, asked.dials).item())
        )
        for _ in range(300):
            trainer.step()
    assert bounds[0][0] < 0.1 and bounds[1][0] > 1.2  # of log 4 = 1.39
    assert bounds[1][1] > bounds[0][1] + 0.08  # of 1/6, all the variance of U[-1, 1] explained, halved


@pytest.mark.parametrize("values", KINDS)
def test_resumes_and_replays_to_the_same_bits(values: dict, tmp_path: Path) -> None:
    unbroken = trained(5, **values)
    resumed = load_trainer(save(unbroken, tmp_path / "run.safetensors"))
    assert type(resumed) is type(unbroken)
    for trainer in (unbroken, resumed):
        for _ in range(5):
            trainer.step()
    again = replay(untrained(unbroken.experiment), 10)
    for other in (resumed, again):
        assert torch.equal(other.g.theta, unbroken.g.theta)
        assert torch.equal(other.d.theta, unbroken.d.theta)


@pytest.mark.parametrize("values", KINDS)
def test_being_watched_changes_nothing_and_every_view_is_there(values: dict) -> None:
    watched, alone = trained(0, **values), trained(0, **values)
    probes = Probes(watched, History())
    for _ in range(4):
        answers = probes.answer(VIEWS)
        watched.step()
        alone.step()
    assert torch.equal(watched.g.theta, alone.g.theta) and torch.equal(watched.d.theta, alone.d.theta)
    assert {"histograms", "interpolation", "cosine", "commentary"} <= set(answers)


def test_half_steps_move_one_player() -> None:
    trainer = trained(0, condition="projection", info_continuous=1)
    for step, moved, still in ((trainer.step_d, trainer.d, trainer.g), (trainer.step_g, trainer.g, trainer.d)):
        before = moved.theta.clone(), still.theta.clone()
        step()
        assert not torch.equal(moved.theta, before[0]) and torch.equal(still.theta, before[1])
    rows = torch.from_numpy(trainer.drain()[0])
    assert rows.isnan().tolist() == [[False] * 5 + [True] * 2, [True] * 5 + [False] * 2]


@pytest.mark.parametrize("name", CLASSES)
def test_labelled_batches_are_those_without_labels_and_their_classes_are_right(name: str) -> None:
    experiment = DEFAULTS.changed(data=name)
    if not data.is_here(experiment):
        known = data.published(experiment)
        assert known is not None and len(known.labels) == CLASSES[name]
        return
    dataset = data.load(experiment)
    plain, labelled = Sampler(dataset, 3), Sampler(dataset, 3)
    assert len(dataset.spec.labels) == CLASSES[name]
    for n in (5, 400):
        x, y = labelled.next_labelled(n)
        assert torch.equal(x, plain.next(n))
        assert y.shape == (n,) and 0 <= int(y.min()) <= int(y.max()) < CLASSES[name]
    if dataset.spec.centres is not None and name != "two_gaussians" and name != "mixture_1d":
        nearest = torch.cdist(x.double(), torch.tensor(dataset.spec.centres)).argmin(1)
        assert (nearest == y).double().mean() > 0.99
    labelled.load_state_dict(plain.state_dict())
    assert torch.equal(labelled.next_labelled(7)[0], plain.next(7))


def test_images_are_shown_with_a_row_for_each_class_whose_columns_share_their_noise() -> None:
    trainer = trained(3, **DIGITS, condition="projection")
    view = Probes(trainer, History()).answer(["samples"])["samples"]
    assert (view["rows"], view["columns"], view["labels"]) == (10, 10, tuple("0123456789"))
    inputs = torch.cat([torch.zeros(10, 4), torch.eye(10)], dim=1)
    probes = Probes(trainer, History())
    inputs[:, :4] = probes._inputs.latents[7, :4]
    pixels = (trainer.generator.eval()(inputs)[:, 0].detach().numpy() + 1) * 127.5
    np.testing.assert_allclose(view["pixels"][7::10][..., 0], pixels, atol=0.51)


def test_points_say_which_class_or_code_they_were_made_from() -> None:
    for values, kinds in (({"condition": "concat"}, 8), ({"info_categories": 3}, 3)):
        trainer = trained(1, **values)
        probes = Probes(trainer, History())
        plane = probes.answer(["plane"])["plane"]
        assert plane["groups"].shape == (len(plane["fake"]),)
        assert set(plane["groups"].tolist()) == set(range(kinds))
        assert len(plane["labels"]) == (8 if "condition" in values else 0)
    assert Probes(trained(1), History()).answer(["plane"])["plane"]["groups"] is None


def test_a_d_that_is_told_classes_shows_the_score_of_the_class_that_suits_each_place_best() -> None:
    trainer = trained(5, condition="projection")
    plane = Probes(trainer, History()).answer(["plane", "plane.arrows"])["plane"]
    corner = torch.full((8, 2), -plane["extent"])
    best = torch.sigmoid(trainer.discriminator.eval()(corner, torch.eye(8))).max()
    assert plane["surface"][0, 0] == pytest.approx(best.item(), rel=1e-5)
    x = torch.from_numpy(plane["arrows_from"][:1]).requires_grad_()
    y = torch.eye(8)[plane["groups"][:1].astype(int)]
    pull = torch.autograd.grad(trainer.loss.g(trainer.discriminator(x, y)), x)[0]
    np.testing.assert_allclose(plane["arrows"][:1], -pull.numpy(), rtol=1e-3, atol=1e-7)


def test_the_interpolation_keeps_its_class_and_codes() -> None:
    trainer = trained(2, condition="concat", info_continuous=1)
    seen = []
    trainer.generator.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0]))
    Probes(trainer, History()).answer(["interpolation"])
    asked = parts(seen[0], trainer.experiment)
    assert (asked.y == asked.y[0]).all() and (asked.dials == asked.dials[0]).all()
    assert (asked.noise[1:] != asked.noise[:-1]).any(1).all()


def test_what_can_be_told_from_samples_is_kept_for_every_iteration_looked_at() -> None:
    values = {"condition": "auxiliary", "info_categories": 3, "info_continuous": 2, "g_width": 64, "d_width": 64}
    trainer = trained(0, **values, batch_size=128)
    probes = Probes(trainer, History())
    before = probes.answer(["naming"])["naming"]
    assert set(before) == {"x", "class_real", "class_fake", "obeyed", "category", "dials"}
    for _ in range(300):
        trainer.step()
    after = probes.answer(["naming"])["naming"]
    assert after["x"].tolist() == [0, 300]
    for name in ("class_real", "class_fake", "obeyed", "category"):
        assert after[name][0] == before[name][0] < after[name][1] - 0.2
    real, y = probes._inputs.real, probes._inputs.real_classes.argmax(1)
    D = trainer.discriminator.eval()
    share = (D.class_logits(D.features(real)).argmax(1) == y).float().mean()
    assert after["class_real"][1] == pytest.approx(share.item())
    assert "naming" not in Probes(trained(0, **DIGITS, condition="concat"), History()).answer(VIEWS)


def test_codes_are_shown_as_they_were_dialled_from_noise_that_stays() -> None:
    trainer = trained(2, **DIGITS, info_categories=3, info_continuous=2)
    probes, seen = Probes(trainer, History()), []
    trainer.generator.register_forward_hook(lambda _, inputs, __: seen.append(parts(inputs[0], trainer.experiment)))
    probes.book.settings = ViewSettings(category=2, dials=(0.5, -1.0, 0.0, 0.0), turned=1)
    view = probes.answer(["codes"])["codes"]
    assert (view["rows"], view["columns"], view["pixels"].shape) == (4, 8, (32, 8, 8, 1))
    category, dials, noise = seen[0].category.argmax(1), seen[0].dials, seen[0].noise
    assert category.tolist() == [2] * 8 + [0] * 8 + [1] * 8 + [2] * 8
    assert torch.equal(dials[:8], torch.tensor([[0.5, -1.0]] * 8))
    assert torch.equal(noise[:8], probes._inputs.latents[:8, :4])
    assert (noise[8:] == noise[0]).all() and (dials[8:, 0] == 0.5).all()
    torch.testing.assert_close(dials[8:16, 1], torch.linspace(-1, 1, 8))
    points = Probes(trained(1, info_continuous=1), History()).answer(["codes"])["codes"]["points"]
    assert points.shape == (200, 2)


def test_a_condition_adds_only_what_it_needs() -> None:
    plain, projection = trained(0), trained(0, condition="projection")
    assert input_dim(projection.experiment) == 4 + 8
    assert parameter_count(projection.discriminator) == parameter_count(plain.discriminator) + 8 * 16
    assert parameter_count(projection.generator) == parameter_count(plain.generator) + 8 * 16
