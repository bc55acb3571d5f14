"""D beside D*, and the arrows of several losses, against other computations of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from scipy.stats import multivariate_normal

from ganlab.data.points import circle_of
from ganlab.experiment import Experiment
from ganlab.experiment.loss import ENERGY_LOSSES
from ganlab.game.losses import LOSSES
from ganlab.latent import draw_latents
from ganlab.training import rng
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes, cards_of
from ganlab.views.optimal_d import WITH_AN_OPTIMUM, why_not

SMALL: dict[str, Any] = {"data": "blobs", "g_width": 16, "d_width": 16, "batch_size": 64, "latent_dim": 2}


def probed(iterations: int = 20, **values: Any) -> tuple[Trainer, Probes]:
    trainer = Trainer(Experiment.of(**(SMALL | values)))
    for _ in range(iterations):
        trainer.step()
    trainer.generator.eval()
    trainer.discriminator.eval()
    return trainer, Probes(trainer, History())


@pytest.mark.parametrize("loss", ["non_saturating", "least_squares"])
def test_d_star_is_what_counting_neighbours_gives_and_the_error_is_the_mean_of_what_is_drawn(loss: str) -> None:
    trainer, probes = probed(loss=loss, label_smoothing=0.1, ema_decay=0.99)
    told = probes.answer(["optimal_d"])["optimal_d"]
    x = told["points"].astype(np.float64)
    assert (told["why"], told["real"], len(x)) == (None, 512, 1024)
    latents = draw_latents(8000, trainer.experiment, rng.generator(0, "optimal_d"))
    samples = trainer.generator(latents).detach().numpy().astype(np.float64)  # not the average of its weights
    radius = np.sort(cdist(x, samples), axis=1)[:, 29]
    p_g = 29 / 8000 / (np.pi * radius**2)
    p = np.mean([multivariate_normal(c, 0.15**2).pdf(x) for c in circle_of(3, 1.0, np.pi / 2)], axis=0)
    best = 0.9 * p / (p + p_g)
    np.testing.assert_allclose(told["optimum"], best, atol=1e-5)
    logits = trainer.discriminator(torch.from_numpy(told["points"])).detach()
    score = (torch.sigmoid(logits) if loss == "non_saturating" else logits).numpy()
    np.testing.assert_allclose(told["score"], score, atol=1e-6)
    assert told["error"] == pytest.approx(np.abs(score - best).mean(), abs=1e-5)
    assert 0 < told["floor"] < told["error"]


@pytest.mark.parametrize("loss", LOSSES)
def test_d_star_is_shown_only_where_d_aims_at_it(loss: str) -> None:
    e = Experiment.of(loss=loss, discriminator="autoencoder" if loss in ENERGY_LOSSES else "mlp")
    assert (why_not(e) is None) == (loss in WITH_AN_OPTIMUM)
    told = probed(1, loss=loss, discriminator=e.discriminator)[1].answer(["optimal_d"])["optimal_d"]
    assert ("optimum" in told) == (loss in WITH_AN_OPTIMUM)
    assert told["why"] is None or "no probability" in told["why"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"condition": "concat", "data": "ring"}, "class"),
        ({"packing": 2}, "packs of 2"),
        ({"instance_noise": 0.1}, "noise"),
        ({"mistake": "not_detached"}, "mistake"),
        ({"loss": "wasserstein"}, "critic"),
    ],
)
def test_where_d_sees_something_else_it_says_so(values: dict[str, Any], said: str) -> None:
    assert said in str(why_not(Experiment.of(**values)))


@pytest.mark.parametrize("loss", LOSSES)
def test_arrows_point_down_each_loss_that_they_are_named_after(loss: str) -> None:
    """Against central differences of the loss of one sample, in float64."""
    network = "autoencoder" if loss in ENERGY_LOSSES else "mlp"
    trainer, probes = probed(2, loss=loss, discriminator=network, d_activation="tanh", ema_decay=0.99)
    told = probes.answer(["pulls"])["pulls"]
    named = {
        "Saturating (minimax)": lambda logit: torch.log(1 - torch.sigmoid(logit)),
        "Non-saturating": lambda logit: -torch.log(torch.sigmoid(logit)),
        "D's output alone": lambda logit: -logit,
    }
    real = trainer.discriminator.double().eval()(probes._inputs.real.double()).detach()
    assert told["names"][0] == f"{LOSSES[loss].label}, in use"
    expected = [lambda logit, i: trainer.loss.g(logit, real[i : i + 1] if trainer.loss.uses_real else None)]
    expected += [lambda logit, i, f=named[name]: f(logit).mean() for name in told["names"][1:]]
    fakes = trainer.generator(probes._inputs.latents[:80]).detach().numpy()
    np.testing.assert_allclose(told["from"], fakes, atol=1e-6)
    for field, value in enumerate(expected):
        assert told["means"][field] == pytest.approx(np.linalg.norm(told["arrows"][field], axis=1).mean(), rel=1e-5)
        for i in range(3):
            for axis in (0, 1):
                step = torch.zeros(1, 2, dtype=torch.float64)
                step[0, axis] = 1e-6
                x = torch.from_numpy(told["from"][i : i + 1]).double()
                with torch.no_grad():
                    ends = [value(trainer.discriminator(x + side * step), i) for side in (1, -1)]
                slope = float(ends[0] - ends[1]) / 2e-6
                assert told["arrows"][field, i, axis] == pytest.approx(-slope, rel=1e-3, abs=1e-6)


def test_a_saturating_gradient_vanishes_where_d_is_sure_and_the_others_do_not() -> None:
    trainer, probes = probed(0)
    for _ in range(300):
        trainer.step_d()  # G stands still, so D becomes sure
    told = probes.answer(["pulls"])["pulls"]
    in_use, saturating, output = told["means"]
    assert saturating < 0.1 * in_use < 0.2 * output


def test_the_cards_of_the_model_page_are_those_of_points_in_the_plane() -> None:
    assert cards_of(Experiment.of(data="ring"), "model") == ("plane", "optimal_d", "pulls", "model")
    assert "optimal_d" not in cards_of(Experiment.of(data="mixture_1d"), "model")
    assert "pulls" not in cards_of(Experiment.of(model="vae"), "model")
