"""What all questions have in common, and samples as they are answered."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from ganlab.experiment import Experiment
from ganlab.experiment.codes import one_hot, widths
from ganlab.latent.drawing import draw_noise
from ganlab.latent.given import given
from ganlab.latent.truncation import MEAN_OF, truncated
from ganlab.training import rng
from ganlab.training.trainer import Trainer
from ganlab.views.images import pixels
from ganlab.views.inputs import Inputs, generate, moment

MOST_LATENTS = 400  # in one question
MOST_SAMPLES = 1600  # in one answer
MOST_VALUES = 6_000_000  # of samples in one answer: 400 images of 64x64 in colour
CHUNK = 64  # samples generated together: more would only take memory

Latent = Annotated[list[Annotated[float, Field(ge=-1e3, le=1e3)]], Field(min_length=1, max_length=4096)]
Truncation = Annotated[float, Field(ge=0, le=2)]


class Codes(BaseModel):
    """What G is given beside noise: the numbers of a class and of a category, and dials on [-1, 1] (0 if left out)."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    y: Annotated[int, Field(ge=0, lt=1000)] = 0
    category: Annotated[int, Field(ge=0, lt=1000)] = 0
    dials: tuple[Annotated[float, Field(ge=-3, le=3)], ...] = ()

    def block(self, trainer: Trainer) -> Tensor:
        """Returns the codes as G takes them, (1, input_dim - latent_dim).

        Raises:
            ValueError: this run has no such class, category or dial.
        """
        _, classes, categories, dials = widths(trainer.experiment)
        found = [torch.zeros(1, 0)]
        for name, number, width in (("class", self.y, classes), ("category", self.category, categories)):
            if width and number >= width:
                raise ValueError(f"This run has {width} values of its {name}, counted from 0; there is no {number}.")
            if width:
                found.append(one_hot(torch.tensor([number]), width))
        if len(self.dials) > dials:
            raise ValueError(f"This run has {dials} dials, not {len(self.dials)}.")
        found.append(torch.tensor([[*self.dials, *[0.0] * (dials - len(self.dials))]]))
        return torch.cat(found, dim=1).to(trainer.device)


class Question(BaseModel):
    """Something that may be asked of a generator: validated, and answered with arrays, numbers and text.

    Attributes:
        codes: what a conditional generator is given; in every question, a latent is its noise alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    codes: Codes = Codes()

    def prepare(self, experiment: Experiment) -> None:
        """Compute, away from the training thread, what needs no network of the run.

        Raises:
            ValueError: these data can't be asked this; the message says why.
        """

    @abstractmethod
    def answer(self, trainer: Trainer) -> dict[str, Any]:
        """Returns the answer as plain data.

        Raises:
            ValueError: the question does not suit this run; the message says why.
        """

    @contextmanager
    def at_rest(self, trainer: Trainer, truncation: float = 1.0) -> Iterator[nn.Module]:
        """The shown generator in eval mode, a function of noise (n, latent_dim) alone, truncated if asked for."""
        codes = self.codes.block(trainer)
        draws = torch.empty(0)
        if truncation != 1:
            draws = torch.cat([latents_of_run(MEAN_OF, trainer), codes.expand(MEAN_OF, -1)], dim=1)
        with moment(Inputs(trainer)) as now, truncated(now.generator, truncation, draws), given(now.generator, codes):
            yield now.generator


def as_latents(values: list[list[float]], trainer: Trainer) -> Tensor:
    """Latents (n, latent_dim) on the trainer's device.

    Raises:
        ValueError: they have another length than this generator's.
    """
    dim = trainer.experiment.latent_dim
    if wrong := next((latent for latent in values if len(latent) != dim), None):
        raise ValueError(f"A latent of this run has {dim} numbers; here is one with {len(wrong)}.")
    return torch.tensor(values, device=trainer.device)


def latents_of_run(n: int, trainer: Trainer) -> Tensor:
    """n latents, the same each time, (n, latent_dim)."""
    return draw_noise(n, trainer.experiment, rng.generator(trainer.experiment.seed, "probes", trainer.device))


def samples_of(generator: nn.Module, latents: Tensor, trainer: Trainer) -> Tensor:
    """Returns G's sample of each latent, (n, *shape).

    Raises:
        ValueError: they would be too many.
    """
    most = min(MOST_SAMPLES, max(1, MOST_VALUES // math.prod(trainer.spec.shape)))
    if len(latents) > most:
        raise ValueError(f"One answer holds at most {most} samples of this size, not {len(latents)}.")
    return torch.cat([generate(generator, some) for some in torch.split(latents, CHUNK)])


def as_shown(samples: Tensor, rows: int = 1) -> dict[str, Any]:
    """Samples as they are sent: points (n, dimension), or images as a mosaic in bytes."""
    if samples.dim() == 2:
        return {"points": samples.detach().cpu().numpy()}
    images = pixels(samples)
    _, height, width, channels = images.shape
    size = {"height": height, "width": width, "channels": channels}
    return {"rows": rows, "columns": len(images) // rows, **size, "pixels": images}
