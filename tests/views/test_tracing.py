"""A step under the recorder: the same bits as without it, small enough to send, with the numbers of the step."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.experiment.choices import MISTAKES
from ganlab.experiment.codes import parts
from ganlab.experiment.loss import ENERGY_LOSSES
from ganlab.game.elbo import reparameterised
from ganlab.game.losses import LOSSES
from ganlab.game.penalties import PENALTIES, r1
from ganlab.game.shares import share_d, share_g
from ganlab.live.frames import encode
from ganlab.networks.conditioning import class_loss
from ganlab.presets import DEFAULT, PRESETS
from ganlab.presets.clinic import CASES
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import state_of
from ganlab.training.conditional import ConditionalTrainer, naming_loss
from ganlab.training.trainer import Trainer
from ganlab.training.vae import VAETrainer
from ganlab.views.tracing.trace import trace_step

SMALL = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}
DIGITS = {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}
MOST_BYTES = 60_000


def energies(loss: str) -> dict[str, str]:
    return {"discriminator": "autoencoder"} if loss in ENERGY_LOSSES else {}


EACH_LOSS = [{"loss": loss, **energies(loss)} for loss in LOSSES]
EACH_PENALTY = [{name: True if name == "spectral_norm" else 0.1} for name in PENALTIES]
EACH_KIND: list[dict[str, Any]] = [
    {"n_critic": 3, "ema_decay": 0.9},
    {"n_critic": 20, "consensus_weight": 0.1},
    {"top_k": 0.5, "feature_matching": 0.5, "cosine_weight": 0.5},
    {"unroll_steps": 2, "packing": 2, "d_minibatch": "discrimination"},
    {"data": "mixture_1d", "latent_dim": 1},
    {"condition": "concat"},
    {"condition": "auxiliary", "n_critic": 2},
    {"condition": "projection"},
    {"info_categories": 8, "info_continuous": 2},
    {"model": "vae", "ema_decay": 0.9, "n_critic": 2},
    PRESETS["dirac-r1"].experiment.model_dump(),
    DIGITS | {"augment": "adaptive", "g_norm": "batch", "d_norm": "batch", "ema_decay": 0.9},
    DIGITS | {"generator": "stylegan", "discriminator": "cnn", "dropout": 0.3},
    DIGITS | {"model": "vae", "discriminator": "cnn", "g_norm": "batch"},
]
IN_THE_CLINIC = {case.broken.mistake: case.broken.model_dump() for case in CASES.values()}
EACH_MISTAKE = [IN_THE_CLINIC.get(mistake, {"mistake": mistake}) for mistake in MISTAKES if mistake != "none"]


def bits(trainer: Trainer) -> dict[str, torch.Tensor]:
    return state_of(trainer)[0]


def pair(values: dict[str, Any], steps: int = 2) -> tuple[Trainer, Trainer]:
    """Two trainers in the same state."""
    twins = tuple(build_trainer(Experiment.of(**(SMALL | values))) for _ in range(2))
    for trainer in twins:
        for _ in range(steps):
            trainer.step()
    return twins[0], twins[1]


@pytest.mark.parametrize("values", [*EACH_LOSS, *EACH_PENALTY, *EACH_KIND, *EACH_MISTAKE], ids=str)
def test_a_traced_step_is_a_step_to_the_same_bits_and_its_answer_is_small(values: dict[str, Any]) -> None:
    traced, plain = pair(values)
    tracing = sys.gettrace()
    happened = trace_step(traced)
    plain.step()
    assert happened["iteration"] == traced.iteration == plain.iteration
    mine, theirs = bits(traced), bits(plain)
    assert mine.keys() == theirs.keys()
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(traced.drain(), plain.drain(), strict=True))
    assert len(encode(happened)) <= MOST_BYTES
    keys = [step["key"] for step in happened["steps"]]
    assert {"step_d", "step_g"} <= set(keys)
    ends = [step["lines"] for step in happened["steps"]]
    assert [start for start, _ in ends] == [0, *(end for _, end in ends[:-1])]  # no line is told twice, none skipped
    assert sys.gettrace() is tracing  # a debugger's, or the coverage's, is put back


@pytest.mark.parametrize("values", EACH_LOSS, ids=str)
def test_shares_are_what_the_formula_gives_and_their_mean_is_the_loss(values: dict[str, Any]) -> None:
    traced, _ = pair(values | {"batch_size": 16})  # all samples are followed
    happened = trace_step(traced)
    names = {"log": math.log, "exp": math.exp, "max": max}
    loss = traced.loss
    for key, formula, whole in (
        ("loss_d", share_d(loss.name), "loss_d"),
        ("loss_g", share_g(loss.name), "loss_g"),
    ):
        shares = next(step for step in happened["steps"] if step["key"] == key)["shares"]
        assert shares["formula"] == formula
        for real, fake, value in zip(shares["real"], shares["fake"], shares["value"], strict=True):
            given = names | shares["options"] | {"real": float(real), "fake": float(fake)}
            assert eval(formula.replace("^", "**"), given) == pytest.approx(value, abs=1e-4)
        recorded = float(traced.drain()[-1][-1][traced.scalars.index(whole)]) if key == "loss_d" else None
        if recorded is not None:
            assert shares["value"].mean() == pytest.approx(recorded, abs=1e-5)


def test_a_loss_with_a_mistake_is_given_no_formula_of_the_right_one() -> None:
    traced, _ = pair({"mistake": "wrong_sign"})
    step = next(step for step in trace_step(traced)["steps"] if step["key"] == "loss_d")
    assert step["shares"]["formula"] == ""


def test_what_became_of_the_followed_samples_is_what_g_makes_of_their_latents_before_and_after() -> None:
    traced, plain = pair({})
    z = torch.randn(32, 4, generator=clone_of(plain.chance["latents"]))
    with torch.no_grad():
        before = plain.generator(z)
    samples = trace_step(traced)["samples"]
    plain.step()
    with torch.no_grad():
        after = plain.generator(z)
    np.testing.assert_array_equal(samples["z"], z[:16].numpy())
    np.testing.assert_allclose(samples["fake"], before[:16].numpy(), rtol=1e-6)
    np.testing.assert_allclose(samples["after"], after[:16].numpy(), rtol=1e-6)
    x = before.clone().requires_grad_()
    loss = plain.loss.g(plain.discriminator(x), None)  # D is as it was when G's gradient was taken
    slope = torch.autograd.grad(loss, x)[0][:16].numpy()
    np.testing.assert_allclose(samples["slope"], slope, rtol=1e-4, atol=1e-8)
    np.testing.assert_allclose(samples["asked"], -traced.experiment.lr_g * slope, rtol=1e-4, atol=1e-11)


def clone_of(chance: torch.Generator) -> torch.Generator:
    return torch.Generator().set_state(chance.get_state())


def test_captions_hold_the_numbers_of_the_step() -> None:
    traced, plain = pair({"ema_decay": 0.9, "r1_weight": 0.1})
    said = {step["key"]: step["said"].values for step in trace_step(traced)["steps"]}
    before = plain.d.theta.clone(), plain.g.theta.clone()
    plain.step()
    row = dict(zip(plain.scalars, plain.drain()[-1][-1], strict=True))
    moved = [
        float((now - then).norm() / then.norm())
        for now, then in zip((plain.d.theta, plain.g.theta), before, strict=True)
    ]
    assert said["loss_d"]["loss"] == pytest.approx(row["loss_d"])
    assert said["loss_g"]["loss"] == pytest.approx(row["loss_g"])
    assert said["penalty"]["penalty"] == pytest.approx(row["penalty"])
    assert said["scores_d"] == pytest.approx({"real": row["score_real"], "fake": row["score_fake"]})
    assert said["gradient_d"] == pytest.approx({"count": len(plain.d.theta), "norm": row["grad_norm_d"]})
    assert said["gradient_g"] == pytest.approx({"count": len(plain.g.theta), "norm": row["grad_norm_g"]})
    assert said["step_d"]["moved"] == pytest.approx(moved[0], rel=1e-4)
    assert said["step_g"]["moved"] == pytest.approx(moved[1], rel=1e-4)
    assert said["ema"]["weight"] == pytest.approx(1 - min(0.9, 3 / 12))


def test_every_recorded_line_is_one_of_the_source_that_is_sent_with_it() -> None:
    traced = build_trainer(DEFAULT.experiment)
    happened = trace_step(traced)
    for line in happened["lines"]:
        assert line["line"] < len(happened["functions"][line["f"]]["source"].splitlines())
    lines = {
        (happened["functions"][line["f"]]["source"].splitlines()[line["line"]].strip(), name)
        for line in happened["lines"]
        for name in line["names"]
        if line["event"] == "line"
    }
    assert ("real, fake = self._real(), self.generator(self._latents())", "fake") in lines
    assert ("norm = self._descend_g(self.g.gradient(self._with_history(objective)))", "norm") in lines


@pytest.mark.parametrize("values", [{"n_critic": 3}, {"loss": "wasserstein", "gp_weight": 10.0, "optimizer_g": "sgd"}])
def test_captions_tell_what_d_said_before_and_after_its_update(values: dict[str, Any]) -> None:
    traced, plain = pair(values)
    said = said_of(traced)
    with torch.no_grad():  # G stands still until the end: the samples of the last update are those of this latent batch
        plain_z = clone_of(plain.chance["latents"])
        z = [torch.randn(32, 4, generator=plain_z) for _ in range(values.get("n_critic", 1))][-1]
        fake = plain.generator(z)
    plain.step()
    with torch.no_grad():
        assert said["scores_g"]["now"] == pytest.approx(float(plain.discriminator(fake).mean()), rel=1e-4)
    row = dict(zip(plain.scalars, plain.drain()[-1][-1], strict=True))
    if plain.loss.name == "wasserstein":  # its score is D's output itself
        assert said["scores_g"]["before"] == pytest.approx(row["score_fake"], rel=1e-4)
        assert said["loss_g"]["loss"] == pytest.approx(-said["scores_g"]["now"], rel=1e-4)
        assert said["penalty"]["penalty"] == pytest.approx(row["penalty"], rel=1e-4)


def test_captions_of_a_joint_step_hold_both_gradients() -> None:
    traced, plain = pair({"consensus_weight": 0.1, "r1_weight": 0.5})
    said = said_of(traced)
    real, fake = plain._real(), plain.generator(plain._latents())
    logits = plain.discriminator(real), plain.discriminator(fake)
    penalty = 0.25 * r1(plain.discriminator, real)
    d = plain.d.differentiable_gradient(plain.loss.d(*logits) + penalty)
    g = plain.g.differentiable_gradient(plain.loss.g(logits[1], logits[0]))
    assert said["penalty"]["penalty"] == pytest.approx(penalty.item(), rel=1e-4)
    assert said["both"] == pytest.approx({"d": d.norm().item(), "g": g.norm().item()}, rel=1e-4)


def test_captions_of_a_conditional_step_hold_what_naming_costs() -> None:
    traced, plain = pair({"condition": "auxiliary"})
    assert isinstance(plain, ConditionalTrainer)
    said = said_of(traced)
    real, inputs = plain._batch()
    fake, asked = plain.generator(inputs), parts(inputs, plain.experiment)
    of_real, of_fake = (plain.discriminator.respond(x, asked.y)[1] for x in (real, fake))
    naming = naming_loss(plain.experiment, plain.discriminator, of_fake, asked)
    named = class_loss(plain.discriminator.class_logits(of_real), asked.y)
    assert said["naming_d"]["naming"] == pytest.approx((naming + named).item(), rel=1e-4)
    plain = pair({"condition": "auxiliary"})[0]
    plain.step()  # the same samples, and D after its update
    after = naming_loss(plain.experiment, plain.discriminator, plain.discriminator.respond(fake, asked.y)[1], asked)
    assert said["naming_g"]["naming"] == pytest.approx(after.item(), rel=1e-4)


def test_captions_of_a_vae_hold_its_two_terms_and_one_gradient() -> None:
    traced, plain = pair({"model": "vae"})
    assert isinstance(plain, VAETrainer)
    said = said_of(traced)
    mean, log_variance = plain.encoder(plain._real())
    z = reparameterised(mean, log_variance, plain.chance["latents"])
    assert said["encode"]["mean"] == pytest.approx(float(mean.mean()), rel=1e-4)
    assert said["noise"]["norm"] == pytest.approx(float(z.norm()), rel=1e-4)
    plain = pair({"model": "vae"})[0]
    plain.step()
    row = dict(zip(plain.scalars, plain.drain()[-1][-1], strict=True))
    assert said["reconstruction"]["value"] == pytest.approx(row["reconstruction"], rel=1e-4)
    assert said["kl"]["value"] == pytest.approx(row["kl"], rel=1e-4)
    norms = {"d": row["grad_norm_encoder"], "g": row["grad_norm_decoder"]}
    assert said["slopes"] == pytest.approx(norms, rel=1e-4)


def said_of(trainer: Trainer) -> dict[str, Any]:
    return {step["key"]: step["said"].values for step in trace_step(trainer)["steps"]}


@pytest.mark.parametrize(
    ("values", "d", "g", "cut", "locked"),
    [
        ({}, "∇ (L_D)", "∇ (L_G)", True, True),
        ({"r1_weight": 0.1}, "∇ (L_D + penalty)", "∇ (L_G)", True, True),
        ({"consensus_weight": 0.1}, "∇ (L_D + γ/2 · ‖v‖²)", "∇ (L_G + γ/2 · ‖v‖²)", False, False),
        ({"mistake": "not_detached"}, "∇ (L_D)", "∇ (L_G + what D's loss left behind)", False, True),
    ],
)
def test_a_step_says_only_what_is_so(values: dict[str, Any], d: str, g: str, cut: bool, locked: bool) -> None:
    steps = {step["key"]: step for step in trace_step(pair(values)[0])["steps"]}
    assert (steps["gradient_d"]["formula"], steps["gradient_g"]["formula"]) == (d, g)
    assert (".detach()" in steps["fake"]["said"], "locked" in steps["gradient_g"]["said"]) == (cut, locked)
