"""The fixed inputs that every probe of a run shares: latents, real samples, and the networks in eval mode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import torch
from torch import Tensor, nn

from ganlab.augmentation import copies
from ganlab.data import Sampler
from ganlab.experiment import is_images
from ganlab.latent import draw_latents
from ganlab.training import rng
from ganlab.training.trainer import Trainer

Response = tuple[Tensor, Tensor]
POINTS = 512  # enough to see a distribution's shape, few enough to send five times a second
PICTURES = 128  # D and G work on each of them five times a second
COVERAGE_SAMPLES = 2500  # as in VEEGAN's and PacGAN's protocols


class Inputs:
    """What the probes of one trainer put in, drawn once."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.images = is_images(trainer.experiment)
        self._rng = rng.generator(trainer.experiment.seed, "probes", trainer.device)

    @cached_property
    def latents(self) -> Tensor:
        """(2500 for points, 128 for images; latent_dim): the first few are the ones shown."""
        count = PICTURES if self.images else COVERAGE_SAMPLES
        return draw_latents(count, self.trainer.experiment, self._rng)

    @cached_property
    def real(self) -> Tensor:
        """(512 points or 128 images, *shape) real samples."""
        seed = rng.stream_seed(self.trainer.experiment.seed, "probes")
        count = PICTURES if self.images else POINTS
        return Sampler(self.trainer.dataset, seed).next(count).to(self.trainer.device)


class Judge:
    """D as a function of single samples, (n, *shape) -> logits (n,).

    Where D judges packs, a sample is judged as a pack of copies of itself: the only pack that is about this sample
    alone. D never sees such packs in training unless G has collapsed, so its scores of them lean to "generated".
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer

    def __call__(self, x: Tensor) -> Tensor:
        return self.respond(x)[0]

    def respond(self, x: Tensor) -> Response:
        """Logits (n,) and features (n, ...)."""
        packing = self._trainer.experiment.packing
        response: Response = self._trainer.discriminator.respond(copies(x, packing) if packing > 1 else x)
        return response


class Moment:
    """What the networks answer to the fixed inputs at one step; each answer is worked out once, when first wanted."""

    def __init__(self, inputs: Inputs, generator: nn.Module, judge: Judge) -> None:
        self.inputs = inputs
        self.trainer = inputs.trainer
        self.generator = generator
        self.judge = judge

    @cached_property
    def samples(self) -> Tensor:
        """G of every latent, (2500 points or 128 images, *shape)."""
        return generate(self.generator, self.inputs.latents)

    @property
    def fake(self) -> Tensor:
        """As many samples as there are real ones."""
        return self.samples[: len(self.inputs.real)]

    @cached_property
    def responses(self) -> tuple[Response, Response]:
        """D's logits and features of the real samples, and of as many generated ones."""
        with torch.no_grad():
            return self.judge.respond(self.inputs.real), self.judge.respond(self.fake)

    @property
    def boundary(self) -> float:
        """The score at which D is undecided; halfway between its means where only differences count."""
        loss = self.trainer.loss
        if loss.boundary is not None:
            return loss.boundary
        real, fake = (float(loss.score(logits).mean()) for logits, _ in self.responses)
        return (real + fake) / 2


@contextmanager
def moment(inputs: Inputs) -> Iterator[Moment]:
    """All networks in eval mode; back as they were afterwards."""
    networks = inputs.trainer.networks.values()
    for network in networks:
        network.eval()
    try:
        yield Moment(inputs, inputs.trainer.shown, Judge(inputs.trainer))
    finally:
        for network in networks:
            network.train()


@torch.no_grad()
def generate(generator: nn.Module, latents: Tensor) -> Tensor:
    """G(z) for each latent, (n, *shape)."""
    samples: Tensor = generator(latents)
    return samples
