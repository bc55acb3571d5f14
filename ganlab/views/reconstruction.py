"""What a VAE's encoder and decoder make of real samples."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.training.vae import VAETrainer
from ganlab.views.inputs import Moment, generate


def reconstructed(now: Moment, real: Tensor) -> Tensor:
    """The shown decoder's samples (n, *shape) of the encoder's mean latents of real ones."""
    trainer = now.trainer
    assert isinstance(trainer, VAETrainer)
    with torch.no_grad():
        mean, _ = trainer.encoder(real)
    return generate(now.generator, mean)
