"""Questions about how the generator stretches and folds: its Jacobian."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import torch
from pydantic import Field

from ganlab.latent.sensitivity import jacobian, log_volume, stretches
from ganlab.training.trainer import Trainer
from ganlab.views.questions.question import Latent, Question, as_latents

MOST_DIRECTIONS = 16
AT_A_TIME = 8  # latents: each is copied once for every dimension


class Jacobian(Question):
    """The singular values of dG/dz at a latent, and the latent directions that change the sample most."""

    ask: Literal["jacobian"]
    latent: Latent

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        z = as_latents([self.latent], trainer)
        with self.at_rest(trainer) as generator:
            _, values, directions = torch.linalg.svd(jacobian(generator, z)[0], full_matrices=False)
        return {
            "values": values.cpu().numpy(),
            "vectors": directions[:MOST_DIRECTIONS].cpu().numpy(),
            "log_volume": float(log_volume(values[None])),
        }


class Folding(Question):
    """At each latent, the largest singular value and the logarithm of the volume's magnification."""

    ask: Literal["folding"]
    latents: Annotated[list[Latent], Field(min_length=1, max_length=64)]

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        z = as_latents(self.latents, trainer)
        with self.at_rest(trainer) as generator:
            values = torch.cat([stretches(generator, some) for some in torch.split(z, AT_A_TIME)])
        return {"largest": values[:, 0].cpu().numpy(), "log_volume": log_volume(values).cpu().numpy()}
