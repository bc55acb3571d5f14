"""What is shown of data that are points: the plane or the line with everything on it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.data import density_1d
from ganlab.experiment.codes import class_count
from ganlab.views.inputs import Moment, generate

SURFACE = 64  # D's scores are shown on a grid of this many cells a side
ARROWS = 160
WARP = 15  # lines of the bent grid
BINS = 160


def plane(moment: Moment) -> dict[str, Any]:
    """Real and generated points, D's scores over the plane, where G's loss pulls its points, and G as a bent grid.

    A D that judges packs is asked about copies of each point, one that is told classes about the class that suits
    each best: see `Judge`. `groups` says of each generated point which class, or which code, was asked for.
    """
    trainer = moment.trainer
    spec, loss = trainer.spec, trainer.loss
    axis = torch.linspace(-spec.extent, spec.extent, SURFACE, device=trainer.device)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    with torch.no_grad():
        surface = loss.score(moment.judge(torch.stack([x.flatten(), y.flatten()], 1))).view(SURFACE, SURFACE)
    return clouds(moment) | {
        "surface": as_array(surface),
        "level": moment.boundary,
        "arrows_from": as_array(moment.fake[:ARROWS]),
        "arrows": as_array(pull(moment, moment.fake[:ARROWS], moment.inputs.asked.y[:ARROWS])),
    }


def clouds(moment: Moment) -> dict[str, Any]:
    """Real and generated points, and G as a bent grid."""
    spec = moment.trainer.spec
    return {
        "extent": spec.extent,
        "units": units(moment),
        "real": as_array(moment.inputs.real),
        "fake": as_array(moment.fake),
        "groups": groups(moment),
        "labels": spec.labels if class_count(moment.trainer.experiment) else (),
        "warp": as_array(bent_grid(moment)),
        "centres": None if spec.centres is None else spec.centres.astype(np.float32),
    }


def units(moment: Moment) -> dict[str, Any] | None:
    """How a person's own numbers became coordinates; None where the coordinates are all there is."""
    units = moment.trainer.spec.units
    return None if units is None else asdict(units)


def groups(moment: Moment) -> np.ndarray | None:
    """The class, or else the categorical code, that each generated point was made from, (n,); None without either."""
    y, category = moment.inputs.asked.y, moment.inputs.asked.category
    if not y.shape[1] and not category.shape[1]:
        return None
    return as_array((y if y.shape[1] else category)[: len(moment.fake)].argmax(1).to(torch.uint8))


def pull(moment: Moment, fake: Tensor, y: Tensor) -> Tensor:
    """Minus the gradient of the game's loss for G at each generated point, (n, dimension); without G's other terms.

    The mean over the batch is undone, so an arrow does not depend on how many are drawn. Of D's packs, all the
    copies of a point move together.
    """
    loss = moment.trainer.loss
    fake = fake.detach().requires_grad_()
    real_logits = moment.responses[0][0][: len(fake)] if loss.uses_real else None
    value = loss.g(moment.judge(fake, y), real_logits) * len(fake)
    return -torch.autograd.grad(value, fake)[0]


def bent_grid(moment: Moment) -> Tensor:
    """Where G puts a square grid of latents, (k, k, 2): two coordinates vary, the others are 0.

    With a latent of one dimension the grid is a line, (k, 1, 2). Class and codes are those of the first sample.
    """
    e = moment.trainer.experiment
    reach = 2.0 if e.latent_distribution == "normal" else 1.0
    axis = torch.linspace(-reach, reach, WARP, device=moment.trainer.device)
    columns = axis if e.latent_dim > 1 else axis[:1]
    latents = moment.inputs.latents[0].repeat(WARP, len(columns), 1)
    latents[..., : e.latent_dim] = 0
    latents[..., 0] = axis[:, None]
    if e.latent_dim > 1:
        latents[..., 1] = columns[None, :]
    return generate(moment.generator, latents.flatten(0, 1)).view(WARP, len(columns), 2)


def line(moment: Moment) -> dict[str, Any]:
    """The density of the data, the density of the samples, and D's score, over one axis."""
    trainer, shown = moment.trainer, densities(moment)
    with torch.no_grad():
        score = trainer.loss.score(moment.judge(torch.from_numpy(shown["x"]).to(trainer.device)[:, None]))
    return shown | {"score": as_array(score), "boundary": moment.boundary}


def densities(moment: Moment) -> dict[str, Any]:
    """The density of the data and that of the samples, over one axis."""
    extent = moment.trainer.spec.extent
    edges = np.linspace(-extent, extent, BINS + 1)
    x = (edges[1:] + edges[:-1]) / 2
    counts = np.histogram(as_array(moment.samples)[:, 0], edges)[0]
    return {
        "units": units(moment),
        "x": x.astype(np.float32),
        "data": density_1d(moment.trainer.dataset, x).astype(np.float32),
        "samples": _smooth(counts / len(moment.samples) / (edges[1] - edges[0])).astype(np.float32),
    }


def _smooth(histogram: np.ndarray) -> np.ndarray:
    """The histogram without its counting noise: a Gaussian of 1.5 bins, far narrower than any mode here."""
    reach = np.arange(-5, 6)
    kernel = np.exp(-0.5 * (reach / 1.5) ** 2)
    return np.convolve(histogram, kernel / kernel.sum(), mode="same")


def as_array(tensor: Tensor) -> np.ndarray:
    """The tensor's numbers, without its graph and on the CPU."""
    return tensor.detach().cpu().numpy()
