"""What is shown of a VAE: there is no D to ask, but an encoder that says which latent a real sample has."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.game.elbo import least_nll
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.training.vae import VAETrainer
from ganlab.views import images, points
from ganlab.views.inputs import Moment, generate


def reconstructed(moment: Moment, real: Tensor) -> Tensor:
    """The shown decoder's samples (n, *shape) of the encoder's mean latents of real ones."""
    trainer = moment.trainer
    assert isinstance(trainer, VAETrainer)
    with torch.no_grad():
        mean, _ = trainer.encoder(real)
    return generate(moment.generator, mean)


def plane(moment: Moment) -> dict[str, Any]:
    """Real and generated points, G as a bent grid, and the reconstruction of each real point."""
    again = reconstructed(moment, moment.inputs.real)
    return points.clouds(moment) | {"reconstructed": points.as_array(again)}


def line(moment: Moment) -> dict[str, Any]:
    """The densities of the data and of the samples, over one axis."""
    return points.densities(moment)


def samples(moment: Moment) -> dict[str, Any]:
    """A wall of samples, always of the same latents, and a row of real images over a row of their reconstructions."""
    view = images.samples(moment)
    columns = view["real_columns"]
    again = reconstructed(moment, moment.inputs.real[:columns])
    return view | {
        "real_pixels": view["real_pixels"][:columns],
        "real_rows": 1,
        "reconstructed_pixels": images.pixels(again),
        "reconstructed_rows": 1,
        "reconstructed_columns": columns,
    }


def curves(trainer: Trainer, history: History) -> dict[str, dict[str, Any]]:
    """The two terms of the loss, their weighted sum, and the gradients' norms, over time."""
    x, mean, low, high = history.thinned()
    e = trainer.experiment
    column = dict(zip(history.scalars, mean.T, strict=True))
    bands = {
        f"{name}_{end}": values[:, history.scalars.index(name)]
        for name in ("reconstruction", "kl")
        for end, values in (("lo", low), ("hi", high))
    }
    return {
        "losses": {
            "x": x,
            "reconstruction": column["reconstruction"],
            "kl": column["kl"],
            "loss": (column["reconstruction"] + np.float32(e.kl_weight) * column["kl"]).astype(np.float32),
            "floor": least_nll(int(np.prod(trainer.spec.shape)), e.decoder_std),
            **bands,
        },
        "gradients": {"x": x, "d": column["grad_norm_encoder"], "g": column["grad_norm_decoder"]},
    }
