"""How large the networks of an Experiment are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import torch
from torch import nn

from ganlab import data, networks
from ganlab.experiment import Experiment
from ganlab.training.discriminator_input import seen_shape


@lru_cache(maxsize=256)
def parameter_counts(experiment: Experiment) -> Mapping[str, int]:
    """Returns how many parameters the generator has, and the "discriminator", which in a VAE is the encoder."""
    shape, rng = data.shape_of(experiment), torch.Generator()
    if experiment.model == "vae":
        partner: nn.Module = networks.build_encoder(experiment, shape, rng)
    else:
        partner = networks.build_discriminator(experiment, seen_shape(experiment, shape), rng)
    generator = networks.build_generator(experiment, shape, rng)
    return {
        "generator": networks.parameter_count(generator),
        "discriminator": networks.parameter_count(partner),
    }
