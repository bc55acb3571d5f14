"""The losses of famous mistakes, written as those that are right are, so that they can be read, run and exported alike.

As in `losses`, `real` and `fake` are D's raw outputs on a batch of real and of generated samples, of shape (batch,).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.experiment.choices import Mistake
from ganlab.game.losses import LOSSES, Loss, wasserstein_g


def wrong_sign_d(real: Tensor, fake: Tensor) -> Tensor:
    """Cross-entropy with a plus where a minus belongs: D is rewarded for calling generated samples real."""
    return -F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()


def ones_for_both_d(real: Tensor, fake: Tensor) -> Tensor:
    """Cross-entropy with the label 1 for real and for generated samples."""
    return -F.logsigmoid(real).mean() - F.logsigmoid(fake).mean()


def towards_zeros_g(fake: Tensor, _: Tensor | None = None) -> Tensor:
    """Make D call generated samples generated."""
    return -F.logsigmoid(-fake).mean()


def sigmoid_critic_d(real: Tensor, fake: Tensor) -> Tensor:
    """A Wasserstein loss of D's sigmoid outputs."""
    return -torch.sigmoid(real).mean() + torch.sigmoid(fake).mean()


def sigmoid_critic_g(fake: Tensor, _: Tensor | None = None) -> Tensor:
    """Raise the sigmoid of D's output."""
    return -torch.sigmoid(fake).mean()


def real_scores_lowered_d(real: Tensor, fake: Tensor) -> Tensor:
    """A Wasserstein loss with a plus before the real samples' term: D is rewarded for low scores of all samples."""
    return torch.sigmoid(real).mean() + torch.sigmoid(fake).mean()


_CRITIC_G = r"L_G = -\mathbb{E}_z[D(G(z))], \quad D(x) = \sigma(a(x))"
_TWICE = r"D(x) = \sigma(\sigma(a(x)))"  # a(x) is what D's last layer says
_UNKNOWN: Mapping[str, Any] = {"equilibrium_d": None, "equilibrium_g": None}

# What each mistake changes about the loss that was chosen. Those that are not named here leave it as it is.
MISTAKEN: Mapping[Mistake, Mapping[str, Any]] = {
    "wrong_sign": {
        "d": wrong_sign_d,
        "options_d": {},
        "formula_d": r"L_D = -\mathbb{E}_x[\log D(x)] + \mathbb{E}_z[\log(1 - D(G(z)))]",
        "intuition": "The second sign of D's loss is wrong: D is paid for calling generated samples real.",
        **_UNKNOWN,
    },
    "ones_for_both": {
        "d": ones_for_both_d,
        "g": towards_zeros_g,
        "options_d": {},
        "options_g": {},
        "uses_real": False,
        "formula_d": r"L_D = -\mathbb{E}_x[\log D(x)] - \mathbb{E}_z[\log D(G(z))]",
        "formula_g": r"L_G = -\mathbb{E}_z[\log(1 - D(G(z)))]",
        "intuition": "D's label is 1 for real and for generated samples, and G's is 0: both are wrong.",
        **_UNKNOWN,
    },
    "sigmoid_critic": {
        "d": sigmoid_critic_d,
        "g": sigmoid_critic_g,
        "options_d": {},
        "options_g": {},
        "uses_real": False,
        "formula_d": r"L_D = \mathbb{E}_z[D(G(z))] - \mathbb{E}_x[D(x)]",
        "formula_g": _CRITIC_G,
        "intuition": "The Wasserstein loss with a sigmoid at D's end: nothing limits D's slope.",
        **_UNKNOWN,
    },
    "real_scores_lowered": {
        "d": real_scores_lowered_d,
        "g": sigmoid_critic_g,
        "options_d": {},
        "options_g": {},
        "uses_real": False,
        "formula_d": r"L_D = \mathbb{E}_x[D(x)] + \mathbb{E}_z[D(G(z))]",
        "formula_g": _CRITIC_G,
        "intuition": "The first sign of D's loss is wrong: D is paid for low scores of all samples, real ones too.",
        **_UNKNOWN,
    },
    "dense_as_given": {
        "g": wasserstein_g,
        "options_g": {},
        "uses_real": False,
        "formula_g": r"L_G = -\mathbb{E}_z[\sigma(a(G(z)))]",
        "intuition": "D ends in a sigmoid, and its loss applies another one. G's loss is minus the mean of D's "
        "output, as for a critic.",
        **_UNKNOWN,
    },
}
_ENDS_IN_A_SIGMOID: tuple[Mistake, ...] = ("sigmoid_twice", "dense_as_given")


def loss_of(e: Experiment) -> Loss:
    """The loss that this Experiment trains with: the one that was chosen, or what its mistake makes of that."""
    return mistaken(LOSSES[e.loss], e.mistake)


def mistaken(loss: Loss, mistake: Mistake) -> Loss:
    """What a mistake makes of a loss; most mistakes leave it as it is."""
    changed = replace(loss, **MISTAKEN[mistake]) if mistake in MISTAKEN else loss
    if mistake in _ENDS_IN_A_SIGMOID:
        changed = replace(changed, formula_d=rf"{changed.formula_d}, \quad {_TWICE}")
    return changed
