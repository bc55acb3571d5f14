"""Each mistake of the clinic is measurably worse than what puts it right, and the true Trainer knows of none.

One seed each: in how many seeds what the clinic says is seen, `python -m benchmarks.claims` measures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganlab.data import Sampler
from ganlab.experiment import Experiment, knob
from ganlab.experiment.choices import MISTAKES
from ganlab.game.penalties import gradient_penalty
from ganlab.metrics.distances import sliced_wasserstein
from ganlab.presets import PRESETS
from ganlab.presets.clinic import CASES, case_of
from ganlab.presets.walkthroughs import WALKTHROUGHS
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import load_trainer, save, state_of
from ganlab.training.clinic import wrong_and_right
from ganlab.training.mistakes import MISTAKEN, gradient_penalty_with_one_weight
from ganlab.training.trainer import Trainer

REFERENCE = 1500  # samples on either side of a distance
LATELY = 50  # iterations over which a scalar is averaged
SMALL = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4, "d_norm": "batch", "gp_weight": 0.1}


@dataclass(frozen=True)
class Outcome:
    """What a run has come to: samples (n, features) and, of its last iterations, the mean scalars."""

    trainer: Trainer
    fake: Tensor
    distance: float  # sliced Wasserstein, to fresh real samples
    d_loss: float
    score_real: float
    score_fake: float
    gradient_g: float


def outcome(experiment: Experiment, iterations: int) -> Outcome:
    trainer = build_trainer(experiment)
    for _ in range(iterations):
        trainer.step()
    d_loss, _, score_real, score_fake, _, _, gradient_g = np.concatenate(trainer.drain())[-LATELY:].mean(axis=0)
    trainer.shown.eval()
    z = torch.randn(REFERENCE, experiment.latent_dim, generator=torch.Generator().manual_seed(7))
    with torch.no_grad():
        fake = trainer.shown(z).flatten(1)
    real = Sampler(trainer.dataset, seed=99).next(REFERENCE).flatten(1)
    distance = sliced_wasserstein(real.double().numpy(), fake.double().numpy())
    return Outcome(trainer, fake, distance, d_loss, score_real, score_fake, gradient_g)


def broken_and_fixed(name: str, iterations: int = 300) -> tuple[Outcome, Outcome]:
    case = CASES[name]
    return outcome(case.broken, iterations), outcome(case.fixed(case.broken), iterations)


# Each mistake against its fix


def test_a_sigmoid_too_many_leaves_g_without_a_gradient() -> None:
    broken, fixed = broken_and_fixed("clinic-sigmoid-twice", 400)
    assert broken.gradient_g < fixed.gradient_g / 50
    assert broken.distance > 2 * fixed.distance
    with torch.no_grad():
        logits = broken.trainer.discriminator(torch.cat([broken.fake, -broken.fake]).view(-1, 1, 8, 8))
    assert logits.min() >= 0, "D(x) is never below one half"


def test_a_relu_before_the_leaky_one_kills_units_and_gradients() -> None:
    broken, fixed = broken_and_fixed("clinic-two-activations", 600)
    assert broken.gradient_g < fixed.gradient_g / 3
    assert dead_units(broken) > 0.1
    assert dead_units(fixed) == 0


def dead_units(of: Outcome) -> float:
    """The share of D's hidden units that pass on no gradient, whichever real or generated sample D is shown."""
    x = torch.cat([of.trainer.sampler.next(500), of.fake[:500]])
    shares = []
    for layer in of.trainer.discriminator:
        x = layer(x)
        if isinstance(layer, nn.Sequential | nn.LeakyReLU):
            shares.append((x == 0).all(dim=0).float().mean().item())
    return sum(shares) / len(shares)


def test_batch_norm_on_the_output_leaves_the_range_of_images() -> None:
    broken, fixed = broken_and_fixed("clinic-output-batch-norm")
    assert broken.fake.abs().max() > 1.5
    assert fixed.fake.abs().max() <= 1
    assert broken.distance > 2 * fixed.distance
    z = torch.randn(8, broken.trainer.experiment.latent_dim, generator=torch.Generator().manual_seed(1))
    broken.trainer.generator.train()
    with torch.no_grad():
        among_others, alone = broken.trainer.generator(z)[:4], broken.trainer.generator(z[:4])
    assert (among_others - alone).abs().max() > 0.1, "a sample depends on the others of its batch"


def test_a_wrong_sign_pays_d_without_end() -> None:
    broken, fixed = broken_and_fixed("clinic-wrong-sign")
    assert broken.d_loss < -100 < 0 < fixed.d_loss
    assert broken.gradient_g < 1e-6
    assert broken.score_fake > 0.99
    assert broken.distance > 4 * fixed.distance


def test_ones_for_both_teach_d_to_say_yes_and_g_to_run() -> None:
    broken, fixed = broken_and_fixed("clinic-ones-for-both")
    assert min(broken.score_real, broken.score_fake) > 0.99
    assert fixed.score_fake < 0.6
    assert broken.d_loss < 0.01
    assert broken.distance > 2 * fixed.distance


def test_what_d_leaves_behind_takes_gs_gradient_away() -> None:
    broken, fixed = broken_and_fixed("clinic-not-detached", 400)
    assert broken.score_real - broken.score_fake > 0.3 > fixed.score_real - fixed.score_fake
    assert broken.distance > 3 * fixed.distance


def test_without_a_step_of_d_between_the_two_gradients_cancel() -> None:
    """In the minimax game grad L_D + grad L_G = 0 for G."""
    broken = build_trainer(CASES["clinic-not-detached"].broken.changed(lr_d=1e-7, r1_weight=0.0))
    true = Trainer(broken.experiment)
    before = broken.g.theta.clone()
    for trainer in (broken, true):
        trainer.step()
    assert broken.drain()[0][0, 6] < 1e-4 * true.drain()[0][0, 6]
    assert not torch.equal(true.g.theta, before)


def test_noise_as_large_as_the_image_costs_weights_and_says_little_with_each_number() -> None:
    broken, fixed = broken_and_fixed("clinic-noise-as-large-as-the-image")
    assert broken.trainer.g.theta.numel() > 1.5 * fixed.trainer.g.theta.numel()
    assert broken.trainer.experiment.latent_dim == broken.fake[0].numel()
    assert effect_of_a_number(broken) < effect_of_a_number(fixed) / 3
    assert broken.distance > fixed.distance, "and the images are no better for it"


def effect_of_a_number(of: Outcome) -> float:
    """How much a sample changes (root mean square of pixels) when one number of z grows by 1."""
    z = torch.randn(64, of.trainer.experiment.latent_dim, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        changes = [of.trainer.shown(z + one) - of.trainer.shown(z) for one in torch.eye(z.shape[1])[:16]]
    return torch.stack(changes).square().mean().sqrt().item()


def test_images_from_0_to_1_turn_black_to_grey() -> None:
    broken, fixed = broken_and_fixed("clinic-unit-range")
    black = Sampler(fixed.trainer.dataset, seed=99).next(REFERENCE).flatten(1).amax(dim=0) <= -0.99
    assert broken.fake[:, black].mean() > -0.2
    assert fixed.fake[:, black].mean() < -0.9
    assert broken.fake[:, black].std() > 2 * fixed.fake[:, black].std(), "nor is the grey even"
    assert broken.distance > 3 * fixed.distance


def test_mixed_batches_make_d_right_and_its_advice_wrong() -> None:
    broken, fixed = broken_and_fixed("clinic-mixed-batches", 400)
    assert broken.score_real - broken.score_fake > 0.95
    assert fixed.score_real - fixed.score_fake < 0.6
    assert broken.distance > 1.5 * fixed.distance


def test_a_slow_d_lets_g_run_away() -> None:
    broken, fixed = broken_and_fixed("clinic-rates-apart", 400)
    assert broken.distance > 3 * fixed.distance
    assert broken.fake.abs().max() > 2.5, "outside the plane that is drawn"


def test_one_weight_a_batch_makes_the_penalty_a_matter_of_chance() -> None:
    trained = outcome(CASES["clinic-one-weight-per-batch"].broken.changed(mistake="none"), 150).trainer
    real, spread, mean = trained.sampler.next(128), {}, {}
    with torch.no_grad():
        fake = trained.generator(trained._latents())
    for penalty in (gradient_penalty, gradient_penalty_with_one_weight):
        rng = torch.Generator().manual_seed(0)
        values = torch.stack([penalty(trained.discriminator, real, fake, rng).detach() for _ in range(200)])
        spread[penalty], mean[penalty] = values.std().item(), values.mean().item()
    assert spread[gradient_penalty_with_one_weight] > 1.7 * spread[gradient_penalty]
    assert mean[gradient_penalty_with_one_weight] == pytest.approx(mean[gradient_penalty], rel=0.1)


def test_one_weight_a_batch_reaches_the_trainer_and_leaves_the_other_penalties() -> None:
    """With a D of slope s everywhere both penalties are the same; R1 is still added."""
    experiment = Experiment.of(**(SMALL | {"d_norm": "none"}), r1_weight=2.0, mistake="one_weight_per_batch")
    broken, true = build_trainer(experiment), Trainer(experiment)
    for trainer in (broken, true):
        trainer.discriminator = nn.Sequential(nn.Linear(2, 1), nn.Flatten(0))  # type: ignore[assignment]
        with torch.no_grad():
            trainer.discriminator[0].weight.copy_(torch.tensor([[3.0, 4.0]]))
    x = torch.randn(32, 2)
    for trainer in (broken, true):
        penalty = trainer._penalty(trainer.discriminator, x, -x, x[:, 0], x[:, 0])
        assert penalty.item() == pytest.approx(0.1 * (5 - 1) ** 2 + 2.0 / 2 * 5**2)
    assert broken.experiment == experiment


# What all of them have in common


def test_without_a_mistake_it_is_the_plain_trainer() -> None:
    built, plain = build_trainer(Experiment.of(**SMALL)), Trainer(Experiment.of(**SMALL))
    assert type(built) is Trainer
    for trainer in (built, plain):
        for _ in range(5):
            trainer.step()
    assert torch.equal(built.g.theta, plain.g.theta)
    assert torch.equal(built.d.theta, plain.d.theta)


@pytest.mark.parametrize("mistake", [name for name in MISTAKES if name != "none"])
def test_a_broken_run_is_repeatable_resumes_to_the_same_bits_and_is_not_the_true_one(
    mistake: str, tmp_path: Path
) -> None:
    experiment = Experiment.of(**SMALL, mistake=mistake, ema_decay=0.9, n_critic=2)
    once, twice, true = build_trainer(experiment), build_trainer(experiment), Trainer(experiment)
    for trainer in (once, twice, true):
        for half_step in (trainer.step, trainer.step_d, trainer.step_g, trainer.step, trainer.step):
            half_step()
    resumed = load_trainer(save(once, tmp_path / "run.safetensors"))
    assert type(resumed) is type(once) is MISTAKEN[experiment.mistake]
    for trainer in (once, twice, resumed, true):
        trainer.change(lr_g=5e-4)
        for _ in range(3):
            trainer.step()
    mine = state_of(once)[0]
    for other in (twice, resumed):
        theirs = state_of(other)[0]
        assert mine.keys() == theirs.keys()
        assert all(torch.equal(mine[name], theirs[name]) for name in mine)
    assert not torch.equal(once.d.theta, true.d.theta)
    assert once.sampler.drawn == true.sampler.drawn, "it still does n_critic updates of D"


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_each_case_is_a_preset_told_in_full(case) -> None:
    assert PRESETS[case.name].experiment == case.broken
    assert PRESETS[case.name].title == f"Clinic: {case.title}"
    for sentence in (case.wrong, case.watch, case.why, case.fix, case.seen_in):
        assert sentence.endswith(".")
    fixed = case.fixed(case.broken)
    assert fixed.mistake == "none"
    assert case.has(case.broken)
    assert not case.has(fixed)
    assert fixed.differences(case.broken).keys() == case.changes.keys()
    wrong, right = wrong_and_right(case)
    assert wrong != right
    assert case_of(case.broken, case.name) is case_of(fixed, case.name) is case
    assert case_of(fixed, None) is None


def test_every_mistake_has_a_case_or_a_walkthrough_and_is_hidden_from_runs_without_one() -> None:
    of_the_walkthroughs = {step.experiment.mistake for walk in WALKTHROUGHS for step in walk.steps}
    assert {case.broken.mistake for case in CASES.values()} | of_the_walkthroughs == set(MISTAKES)
    assert not knob("mistake").applies(Experiment())
    assert knob("mistake").applies(Experiment(mistake="wrong_sign"))
    assert math.isclose(CASES["clinic-rates-apart"].broken.lr_g / CASES["clinic-rates-apart"].broken.lr_d, 100)
