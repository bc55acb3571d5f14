"""A generator after training: the network in eval mode, its inputs and its samples."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from ganlab.data import Units
from ganlab.experiment import Experiment, ExperimentError, is_images
from ganlab.latent import draw_latents
from ganlab.networks import build_generator
from ganlab.training.build import build_trainer
from ganlab.training.tensor_file import DamagedFileError, read_tensors

WEIGHTS_FORMAT = "ganlab-weights-1"


@dataclass(frozen=True)
class TrainedGenerator:
    """A trained generator on the CPU, in eval mode: the moving average where the run kept one.

    Attributes:
        network: inputs (n, input_dim) -> samples (n, *shape); images lie in [-1, 1], points are unbounded. An input is
            noise z, and in conditional runs a class and codes beside it: see `ganlab.experiment.codes`.
        experiment: what it was trained by.
        shape: of one sample, (1,), (2,) or (channels, height, width).
        units: in which its samples are given, where the data were a person's own points; None for what the network
            itself gives.
    """

    network: nn.Module
    experiment: Experiment
    shape: tuple[int, ...]
    units: Units | None = None

    @property
    def makes_images(self) -> bool:
        """Whether its samples are images, rather than points."""
        return is_images(self.experiment)

    def latents(self, n: int, seed: int = 0, label: int | None = None) -> Tensor:
        """n inputs drawn as in training, (n, input_dim), all of this class if one is named; the same for a seed."""
        classes = None if label is None else torch.full((n,), label)
        return draw_latents(n, self.experiment, torch.Generator().manual_seed(seed), classes)

    @torch.no_grad()
    def __call__(self, z: Tensor) -> Tensor:
        """The samples that these latents become, in the units of the data that were handed in."""
        samples = self.untransformed(z)
        return samples if self.units is None else self.units.restored(samples)

    @torch.no_grad()
    def untransformed(self, z: Tensor) -> Tensor:
        """The samples as the network gives them and D saw them."""
        samples: Tensor = self.network(z)
        return samples

    def distance(self, a: Tensor, b: Tensor) -> float:
        """The largest difference between samples, measured as the network gives them."""
        return float(((a - b).abs() if self.units is None else self.units.distance(a, b)).max())

    def sample(self, n: int, seed: int = 0, label: int | None = None) -> Tensor:
        """n samples, (n, *shape), of this class if one is named; the same seed gives the same ones."""
        return self(self.latents(n, seed, label))


def load_generator(path: Path | str) -> TrainedGenerator:
    """The generator whose weights GanLab exported to this file, or to generator.safetensors in this folder.

    Raises:
        ExperimentError: there is no such file, or it was not written by the weights export.
    """
    path = Path(path)
    path = path / "generator.safetensors" if path.is_dir() else path
    try:
        tensors, metadata = read_tensors(path)
    except DamagedFileError as error:
        raise ExperimentError(f"{path} can't be read as weights: {error}.") from None
    if metadata.get("format") != WEIGHTS_FORMAT:
        raise ExperimentError(f"{path} does not hold weights that GanLab exported: choose a generator.safetensors.")
    experiment = Experiment.from_json(metadata["experiment"])
    shape = tuple(int(side) for side in metadata["shape"].split("x"))
    network = blank_network(experiment, shape)
    network.load_state_dict(tensors)
    told = json.loads(metadata.get("units", "null"))
    units = told and Units(**{name: tuple(values) for name, values in told.items()})
    return TrainedGenerator(network.eval().requires_grad_(False), experiment, shape, units)


def blank_network(experiment: Experiment, shape: tuple[int, ...]) -> nn.Module:
    """The experiment's generator before any training, on the CPU."""
    if experiment.mistake != "none":  # some mistakes rebuild the network
        return build_trainer(experiment.changed(device="cpu", precision="float32")).shown
    return build_generator(experiment, shape, torch.Generator())
