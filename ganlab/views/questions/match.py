"""The question for the latent whose sample is most like a real one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from ganlab.training.adam import Adam
from ganlab.training.trainer import Trainer
from ganlab.views.inputs import Inputs, generate
from ganlab.views.questions.question import CHUNK, Latent, Question, as_latents, as_shown, latents_of_run

TRIED = 512
STEPS = 16  # of descent in one answer: training goes on between two of them
RATE = 0.05


class Match(Question):
    """The nearest sample to a real one: the best of many latents, or a given latent improved by gradient descent.

    Distance is the mean squared difference of the values (Creswell and Bharath 2018; Zhu et al. 2016, section 3.1).
    """

    ask: Literal["match"]
    real: Annotated[int, Field(ge=0, lt=512)]
    latent: Latent | None = None

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        all_real = Inputs(trainer).real
        if self.real >= len(all_real):
            raise ValueError(f"There are {len(all_real)} real samples to choose from.")
        target = all_real[self.real]
        with self.at_rest(trainer) as generator:
            if self.latent is None:
                latent = _best(generator, latents_of_run(TRIED, trainer), target)
            else:
                latent = _improved(generator, as_latents([self.latent], trainer), target)
            sample = generate(generator, latent)
        error = float((sample[0] - target).square().mean())
        return {**as_shown(sample), "latents": latent.cpu().numpy(), "error": error}


def _best(generator: nn.Module, latents: Tensor, target: Tensor) -> Tensor:
    """The latent (1, latent_dim) of these whose sample is nearest."""
    samples = torch.cat([generate(generator, some) for some in torch.split(latents, CHUNK)])
    return latents[(samples - target).square().flatten(1).mean(dim=1).argmin()][None]


def _improved(generator: nn.Module, latent: Tensor, target: Tensor) -> Tensor:
    """The latent after some steps of Adam, or as it was if they led nowhere better."""
    z = latent.clone().requires_grad_()
    optimizer = Adam([z], lr=RATE)
    best, least = latent, float("inf")
    for _ in range(STEPS):
        error = (generator(z)[0] - target).square().mean()
        if (now := float(error.detach())) < least:
            best, least = z.detach().clone(), now
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    return best
