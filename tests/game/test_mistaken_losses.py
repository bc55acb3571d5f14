"""The formulas, the source and the reference lines beside a run that makes a mistake are those that run."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.experiment.choices import MISTAKES
from ganlab.game.losses import LOSSES, Loss, source
from ganlab.game.mistaken_losses import MISTAKEN, loss_of
from ganlab.runs.snapshot import game_of
from ganlab.training.build import build_trainer
from ganlab.training.methods import in_use
from ganlab.training.mistakes import mistake_of

Formula = Callable[[Tensor, Tensor], Tensor]
mistakes = pytest.mark.parametrize("mistake", [name for name in MISTAKES if name != "none"])


def log(x: Tensor) -> Tensor:
    return x.log().mean()


# What the formulas say, read by hand; D is the sigmoid of the logits.
READ: dict[str, tuple[Formula | None, Formula | None]] = {
    "wrong_sign": (lambda r, f: -log(r) + log(1 - f), None),
    "ones_for_both": (lambda r, f: -log(r) - log(f), lambda _, f: -log(1 - f)),
    "sigmoid_critic": (lambda r, f: f.mean() - r.mean(), lambda _, f: -f.mean()),
    "real_scores_lowered": (lambda r, f: r.mean() + f.mean(), lambda _, f: -f.mean()),
}


@pytest.mark.parametrize("name", READ)
def test_a_mistaken_loss_is_what_its_formula_says(name: str) -> None:
    real, fake = torch.randn(2, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    loss = loss_of(Experiment.of(mistake=name))
    of_d, of_g = READ[name]
    r, f = real.sigmoid(), fake.sigmoid()
    if of_d is not None:
        assert math.isclose(loss.d(real, fake), of_d(r, f))
    if of_g is not None:
        assert math.isclose(loss.g(fake, real), of_g(r, f))


@mistakes
def test_a_run_trains_with_the_loss_that_is_shown(mistake: str) -> None:
    e = Experiment.of(mistake=mistake, g_width=8, d_width=8)
    trainer, shown = build_trainer(e), loss_of(e)
    assert trainer.loss == shown
    trainer.change(loss="least_squares")
    assert trainer.loss == loss_of(trainer.experiment)
    right = LOSSES[e.loss]
    for function, formula in (("d", "formula_d"), ("g", "formula_g")):
        if getattr(shown, function) is not getattr(right, function):
            assert getattr(shown, formula) != getattr(right, formula)
            assert getattr(shown, function).__name__ in source(shown)


@mistakes
def test_what_makes_the_mistake_is_in_the_losses_in_the_methods_or_shown_beside_them(mistake: str) -> None:
    e = Experiment.of(mistake=mistake, gp_weight=0.1)
    right = e.changed(mistake="none")
    assert loss_of(e) != loss_of(right) or in_use(e) != in_use(right) or mistake_of(e)


def test_reference_lines_are_drawn_only_where_they_hold() -> None:
    right = game_of(Experiment())["loss"]
    assert (right["equilibrium_d"], right["equilibrium_g"]) == (math.log(4), math.log(2))
    for mistake in MISTAKEN:
        said = game_of(Experiment.of(mistake=mistake))["loss"]
        assert said["equilibrium_d"] is said["equilibrium_g"] is None, mistake


def test_with_a_sigmoid_too_many_the_reference_is_still_the_best_of_a_d_that_can_not_tell() -> None:
    """D says 1/2 at least, and 1/2 is the best answer to samples that are alike."""
    loss: Loss = loss_of(Experiment.of(mistake="sigmoid_twice"))
    logits = torch.linspace(-20, 20, 401, dtype=torch.float64).sigmoid()  # what D's second sigmoid is given
    losses = torch.stack([loss.d(logit[None], logit[None]) for logit in logits])
    assert losses.min() == pytest.approx(loss.equilibrium_d, abs=1e-6)
    assert loss.g(logits[losses.argmin()][None], None) == pytest.approx(loss.equilibrium_g, abs=1e-6)
    least = loss.d(torch.ones(1), torch.zeros(1))
    assert least == pytest.approx(1.006, abs=1e-3), "where samples differ, it can fall below log 4"
