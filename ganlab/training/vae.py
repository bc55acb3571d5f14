"""Trains a variational autoencoder: a generator, with an encoder in the discriminator's place."""

from __future__ import annotations

import torch
from torch import nn

from ganlab.game.elbo import gaussian_kl, gaussian_nll, reparameterised
from ganlab.networks import Encoder, build_encoder
from ganlab.training.history import VAE_SCALARS
from ganlab.training.optimizers import descend
from ganlab.training.parameters import Parameters
from ganlab.training.trainer import Measurements, Trainer


class VAETrainer(Trainer):
    """Trains a generator as the decoder of a VAE (Kingma and Welling 2014), with an encoder built like a discriminator.

    The encoder is the player "d": its optimiser and learning rate are those of the Experiment's discriminator.
    """

    scalars = VAE_SCALARS
    partner = "encoder"
    encoder: Encoder

    def _build_partner(self, init: torch.Generator) -> nn.Module:
        e, shape = self.experiment, self.spec.shape
        self.encoder = build_encoder(e, shape, init, self.chance["networks"]).to(self.device)
        return self.encoder

    def iterate(self) -> Measurements:
        """One iteration of Algorithm 1 (Kingma and Welling 2014): both networks descend the same loss."""
        return self._update("encoder", "decoder")

    def _iterate_d(self) -> Measurements:
        """One update of the encoder alone."""
        return self._update("encoder")

    def _iterate_g(self) -> Measurements:
        """One update of the decoder alone."""
        return self._update("decoder")

    def _update(self, *players: str) -> Measurements:
        """Raise the evidence lower bound of a batch."""
        e = self.experiment
        x = self._real()
        mean, log_variance = self.encoder(x)
        z = reparameterised(mean, log_variance, self.chance["latents"])
        reconstruction = gaussian_nll(x, self.generator(z), e.decoder_std).mean()
        kl = gaussian_kl(mean, log_variance).mean()
        to_encoder, to_decoder = Parameters.gradients(reconstruction + e.kl_weight * kl, self.d, self.g)
        measured = {
            "reconstruction": reconstruction,
            "kl": kl,
            "grad_norm_encoder": torch.linalg.vector_norm(to_encoder),
            "grad_norm_decoder": torch.linalg.vector_norm(to_decoder),
        }
        if "encoder" in players:
            descend(self.optimizer_d, e, "d", to_encoder)
        if "decoder" in players:
            self._descend_g(to_decoder)
        return measured
