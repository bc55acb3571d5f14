"""An autoencoder as the discriminator: it calls generated what it reconstructs badly (EBGAN, BEGAN)."""

from __future__ import annotations

import math

from torch import Tensor, nn

from ganlab.experiment.choices import Activation, Norm
from ganlab.game.energies import energy
from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.layers import activation, normalisation


class Autoencoder(Discriminator):
    """An encoder and a decoder, and how badly they reconstruct what they are given.

    x (batch, *shape) -> minus the energies (batch,): none is above 0, and the best reconstruction scores highest.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__(encoder, decoder)

    def forward(self, x: Tensor) -> Tensor:
        return self.respond(x)[0]

    def features(self, x: Tensor) -> Tensor:
        """The codes, (batch, code)."""
        encoder, _ = self
        codes: Tensor = encoder(x)
        return codes

    def respond(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Minus the energies (batch,), and the codes (batch, code)."""
        codes, (_, decoder) = self.features(x), self
        return -energy(x, decoder(codes)), codes


class AutoencoderDiscriminator(Autoencoder):
    """Dense layers down to a code and up again (Zhao et al. 2017, section 2.3)."""

    def __init__(self, shape: tuple[int, ...], depth: int, width: int, code: int, act: Activation, norm: Norm):
        inputs = math.prod(shape)
        ends: list[nn.Module] = [nn.Tanh(), nn.Unflatten(1, shape)] if len(shape) == 3 else []
        encoder = nn.Sequential(nn.Flatten(), *hidden(inputs, depth, width, act, norm), nn.Linear(width, code))
        decoder = nn.Sequential(*hidden(code, depth, width, act, norm), nn.Linear(width, inputs), *ends)
        super().__init__(encoder, decoder)


def hidden(inputs: int, depth: int, width: int, act: Activation, norm: Norm) -> list[nn.Module]:
    """`depth` dense layers of this width, normalised but for the first."""
    layers: list[nn.Module] = [nn.Linear(inputs, width), activation(act)]
    for _ in range(depth - 1):
        layers += [nn.Linear(width, width), *normalisation(norm, width), activation(act)]
    return layers


ARCHITECTURE = Architecture(
    title="Autoencoder",
    reference="Zhao et al. 2017, Energy-based Generative Adversarial Networks, section 2.3",
    intuition="It learns to reconstruct real samples, so a sample that it reconstructs badly is probably not real.",
    discriminator=Player(
        AutoencoderDiscriminator,
        lambda e, shape: (shape, e.d_depth, e.d_width, e.d_code, e.d_activation, e.d_norm),
        blocks=(Autoencoder,),
    ),
)
