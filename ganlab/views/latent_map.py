"""Which latents go to which mode: the plane of a 2-D latent, coloured by where G puts each of its points."""

from __future__ import annotations

import numpy as np
import torch

from ganlab.experiment import Experiment
from ganlab.metrics.modes import mode_of
from ganlab.views.inputs import Moment, as_array, generate
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View

SIDE = 72  # latents a side
NOWHERE = 255  # no mode is near


def _applies(e: Experiment) -> bool:
    """Whether all latents can be shown at once, and their samples told apart."""
    return e.latent_dim == 2 and e.data in ("ring", "grid")


def latent_map(now: Moment, _: Logbook) -> Answer:
    """The mode of G(z) for each z of a square grid, (side, side) from the top left; class and codes are the first's.

    `NOWHERE` marks latents whose sample is within 3 standard deviations of no mode.
    """
    e, spec = now.trainer.experiment, now.trainer.spec
    assert spec.centres is not None
    assert spec.sigma is not None
    reach = 3.0 if e.latent_distribution == "normal" else 1.0
    axis = torch.linspace(-reach, reach, SIDE, device=now.trainer.device)
    y, x = torch.meshgrid(axis.flip(0), axis, indexing="ij")
    latents = now.inputs.latents[:1].repeat(SIDE * SIDE, 1)
    latents[:, 0], latents[:, 1] = x.flatten(), y.flatten()
    modes = mode_of(as_array(generate(now.generator, latents)), spec.centres, spec.sigma)
    return {
        "reach": reach,
        "normal": e.latent_distribution == "normal",
        "modes": np.where(modes < 0, NOWHERE, modes).astype(np.uint8).reshape(SIDE, SIDE),
        "centres": spec.centres.astype(np.float32),
    }


VIEW = View("latent_map", _applies, latent_map, pages=frozenset({"collapse"}), place=10)
