"""The fixed inputs that every probe of a run shares: latents, real samples, and the networks in eval mode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ganlab.data import Sampler
from ganlab.experiment import is_images
from ganlab.experiment.codes import GeneratorInput, class_count, one_hot, parts, row_per_class
from ganlab.game.augmentation import copies
from ganlab.latent import draw_latents
from ganlab.metrics.distances import energy_difference, mean_of_distances
from ganlab.metrics.modes import Coverage, mode_coverage
from ganlab.networks.conditional import ConditionalDiscriminator
from ganlab.training import rng
from ganlab.training.trainer import Trainer

Response = tuple[Tensor, Tensor]
POINTS = 512  # enough to see a distribution's shape, few enough to send five times a second
PICTURES = 128  # D and G work on each of them five times a second
WALL = {100: 4, 64: 6, 32: 8, 28: 8, 16: 8, 8: 10}  # samples a side, by image size
COVERAGE_SAMPLES = 2500  # as in VEEGAN's and PacGAN's protocols


class Inputs:
    """The inputs that the probes of one trainer use, drawn once."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.images = is_images(trainer.experiment)
        self._rng = rng.generator(trainer.experiment.seed, "probes", trainer.device)

    @cached_property
    def latents(self) -> Tensor:
        """(2500 for points, 128 for images; input_dim): the first few are the ones shown, by class if there are any."""
        e = self.trainer.experiment
        latents = draw_latents(PICTURES if self.images else COVERAGE_SAMPLES, e, self._rng)
        return row_per_class(latents, e, self.wall[1]) if self.images and class_count(e) else latents

    @cached_property
    def asked(self) -> GeneratorInput:
        """Returns the parts of the latents: noise, class and codes."""
        return parts(self.latents, self.trainer.experiment)

    @property
    def wall(self) -> tuple[int, int]:
        """Rows and columns in which images are shown: a square, or a row for each class."""
        side = WALL[self.trainer.spec.shape[-1]]
        return class_count(self.trainer.experiment) or side, side

    @property
    def real(self) -> Tensor:
        """(512 points or 128 images, *shape) real samples."""
        return self._labelled[0]

    @cached_property
    def flat_real(self) -> NDArray[np.float32]:
        """The real samples as rows of numbers, (512 or 128, features)."""
        return as_array(self.real.flatten(1))

    @cached_property
    def among_real(self) -> float:
        """How far real samples lie from each other on average."""
        return mean_of_distances(self.flat_real)

    @property
    def real_classes(self) -> Tensor:
        """Returns the classes of the real samples, one-hot, (512 or 128, classes)."""
        return self._labelled[1]

    @cached_property
    def _labelled(self) -> tuple[Tensor, Tensor]:
        e, device = self.trainer.experiment, self.trainer.device
        sampler = Sampler(self.trainer.dataset, rng.stream_seed(e.seed, "probes"))
        count, classes = PICTURES if self.images else POINTS, class_count(e)
        if not classes:
            return sampler.next(count).to(device), torch.empty(count, 0, device=device)
        x, y = sampler.next_labelled(count)
        return x.to(device), one_hot(y, classes).to(device)


class Judge:
    """D as a function of single samples, (n, *shape), and of classes where it is told of them -> logits (n,).

    Without classes, such a D judges each sample in the class that suits it best.

    Where D judges packs, a sample is judged as a pack of copies of itself: the only pack that is about this sample
    alone. D never sees such packs in training unless G has collapsed, so its scores of them lean to "generated".
    """

    def __init__(self, trainer: Trainer) -> None:
        e = trainer.experiment
        self._trainer = trainer
        self._classes = class_count(e) if e.condition in ("concat", "projection") else 0

    def __call__(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        if y is None and self._classes:
            classes = torch.eye(self._classes, device=x.device)
            return torch.stack([self.respond(x, y.expand(len(x), -1))[0] for y in classes]).amax(0)
        return self.respond(x, y)[0]

    def respond(self, x: Tensor, y: Tensor | None = None) -> Response:
        """Logits (n,) and features (n, ...)."""
        D, packing = self._trainer.discriminator, self._trainer.experiment.packing
        if isinstance(D, ConditionalDiscriminator):
            return D.respond(x, y)
        return D.respond(copies(x, packing) if packing > 1 else x)


class Moment:
    """What the networks answer to the fixed inputs at one step; each answer is worked out once, when first wanted."""

    def __init__(self, inputs: Inputs, generator: nn.Module, judge: Judge) -> None:
        self.inputs = inputs
        self.trainer = inputs.trainer
        self.generator = generator
        self.judge = judge

    @cached_property
    def samples(self) -> Tensor:
        """Returns G's sample of every latent, (2500 points or 128 images, *shape)."""
        rest = self.inputs.latents[len(self.fake) :]
        return torch.cat([self.fake, generate(self.generator, rest)]) if len(rest) else self.fake

    @cached_property
    def fake(self) -> Tensor:
        """Returns the first samples, as many as there are real ones: all that most views need."""
        return generate(self.generator, self.inputs.latents[: len(self.inputs.real)])

    @cached_property
    def responses(self) -> tuple[Response, Response]:
        """D's logits and features of the real samples, and of as many generated ones."""
        with torch.no_grad():
            of_real = self.judge.respond(self.inputs.real, self.inputs.real_classes)
            return of_real, self.judge.respond(self.fake, self.inputs.asked.y[: len(self.fake)])

    @property
    def units(self) -> dict[str, Any] | None:
        """How a person's own numbers became coordinates; None where the coordinates are all there is."""
        units = self.trainer.spec.units
        return None if units is None else asdict(units)

    @cached_property
    def coverage(self) -> Coverage | None:
        """How the samples cover the data's known modes; None where none are known."""
        spec = self.trainer.spec
        if spec.centres is None or spec.sigma is None:
            return None
        return mode_coverage(as_array(self.samples), spec.centres, spec.sigma)

    @cached_property
    def difference(self) -> float:
        """How unlike the samples and the data are: 0 if alike; NaN where a sample is no finite number."""
        inputs = self.inputs
        return energy_difference(inputs.flat_real, as_array(self.fake.flatten(1)), inputs.among_real)

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
    """Put all networks in eval mode for the block, and restore their modes afterwards."""
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


def as_array(tensor: Tensor) -> np.ndarray:
    """The tensor's numbers, without its graph and on the CPU."""
    return tensor.detach().cpu().numpy()
